package desk

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Note is what somebody leaves for colleagues in a conversation. The guest never sees it, and no
// flow is told of it.
type Note struct {
	Text     string
	Mentions []id.User // colleagues whom it calls
	ClientID string    // the same note left twice with it is one
}

// Note leaves a note. It returns user.ErrNotFound for a mention of nobody.
func (d *Desk) Note(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation, n Note) (message.Message, error) {
	if n.Text = strings.TrimSpace(n.Text); n.Text == "" || utf8.RuneCountInString(n.Text) > maxNote {
		return message.Message{}, fault.ErrInvalid.With(fault.Detail{Path: "text", Message: "A note has 1 to 2,000 characters."})
	}
	if len(n.ClientID) > 200 {
		return message.Message{}, outbox.ErrClientID
	}
	var m message.Message
	err := d.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		card, err := tx.LockCard(ctx, c)
		if err == nil && !card.VisibleTo(by.Scope()) {
			err = conversation.ErrNotFound
		}
		if err != nil {
			return err
		}
		m, err = d.leaveNote(ctx, tx, by, card, n)
		return err
	})
	return m, err
}

func (d *Desk) leaveNote(ctx context.Context, tx *postgres.Tx, by user.User, card conversation.Card, n Note) (message.Message, error) {
	now := d.clock.Now()
	m := n.line(by, card, now)
	if n.ClientID != "" {
		before, err := tx.MessageByClientID(ctx, m.ClientID)
		if err == nil && (before.ConversationID != card.ID || before.Kind != message.Notice || before.Content != n.Text) {
			err = outbox.ErrReused
		}
		if !errors.Is(err, postgres.ErrNoMessage) {
			return before, err
		}
	}
	for _, colleague := range n.Mentions {
		if _, err := tx.Colleague(ctx, colleague); err != nil {
			return m, err
		}
	}
	if err := writeLine(ctx, tx, card, m, now); err != nil {
		return m, err
	}
	return m, tx.Audit(ctx, postgres.Entry{Actor: by.ID.String(), Action: "ADD_NOTE", Entity: "conversation", EntityID: card.ID.String(), At: now})
}

func (n Note) line(by user.User, card conversation.Card, now time.Time) message.Message {
	m := lineBy(by, card, n.Text, message.WhatHappened{Type: message.NoteLeft, Mentions: n.Mentions}, now)
	if n.ClientID != "" {
		m.ClientID = by.ID.String() + ":" + n.ClientID
	}
	return m
}
