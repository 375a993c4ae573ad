package desk

import (
	"context"
	"errors"
	"log/slog"
	"time"
	"unicode/utf8"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
)

// ErrTaken is returned to whoever would take a conversation that somebody else has just taken.
var ErrTaken = fault.New(fault.Conflict, "conversation_taken", "Somebody else has just taken this conversation. Look who it is before you take it from them.")

// Claim takes a conversation, from the bot or from whoever left it waiting, and gives it to the one
// who takes it. Unless the ball is still where they saw it (Ball.Version), whoever has it keeps it.
func (d *Desk) Claim(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation, version int64) (conversation.Card, error) {
	return d.do(ctx, tenant, by, c, "TAKE_CONVERSATION", func(ctx context.Context, tx *postgres.Tx, c *conversation.Card, now time.Time) error {
		if c.Ball.Version != version && c.Holder() == conversation.HeldByPerson && !holds(by, *c) {
			return ErrTaken
		}
		c.Conversation = c.LockFor(by.ID.String(), now)
		if staff(by).IsZero() {
			return nil // whoever runs the platform is nobody's colleague
		}
		return assign(by.ID)(ctx, tx, c, now)
	})
}

// TakeOver takes a conversation from the bot.
func (d *Desk) TakeOver(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation) (conversation.Card, error) {
	return d.do(ctx, tenant, by, c, "TAKE_CONVERSATION", func(_ context.Context, _ *postgres.Tx, c *conversation.Card, now time.Time) error {
		c.Conversation = c.LockFor(by.ID.String(), now)
		return nil
	})
}

// HandBack gives a conversation back to the bot. The note tells the bot, with the next hand-over,
// and colleagues, in the conversation, what was agreed; it may be empty.
func (d *Desk) HandBack(ctx context.Context, tenant id.Tenant, by user.User, c id.Conversation, note string) (conversation.Card, error) {
	if utf8.RuneCountInString(note) > conversation.MaxNote {
		return conversation.Card{}, conversation.ErrNote
	}
	return d.do(ctx, tenant, by, c, "RELEASE_CONVERSATION", handBack(by, note))
}

func handBack(by user.User, note string) act {
	return func(ctx context.Context, tx *postgres.Tx, c *conversation.Card, now time.Time) error {
		wasLocked := c.Lock.Locked
		c.Conversation = c.GiveBack(by.Name, note, now)
		if !wasLocked || note == "" {
			return nil
		}
		return writeLine(ctx, tx, *c, lineBy(by, *c, "Devolvida ao robô por "+by.Name, message.WhatHappened{Type: message.HandedBack, Note: note}, now), now)
	}
}

const (
	// idleEvery is how often it is looked for conversations that go back to the bot by themselves.
	idleEvery = 2 * time.Second
	// idleAtOnce is how many go back before it is looked again.
	idleAtOnce = 100
)

// HandBackIdle gives conversations back to bots in which nobody has said anything for as long as
// their hotels wait, until ctx ends. Every instance may do it.
func (d *Desk) HandBackIdle(ctx context.Context, log *slog.Logger) {
	clock.Every(ctx, idleEvery, func() {
		if err := d.HandBackDue(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "idle conversations go back to bots later", "err", err)
		}
	})
}

// HandBackDue gives back what is due now.
func (d *Desk) HandBackDue(ctx context.Context) error {
	return d.eachDue(ctx, idleAtOnce, d.db.SystemHandBackDue, d.handBackIdle)
}

// eachDue does something with each conversation that is listed, in a transaction of its own, until
// fewer than most are.
func (d *Desk) eachDue(ctx context.Context, most int,
	list func(ctx context.Context, now time.Time, most int) ([]postgres.Held, error),
	do func(ctx context.Context, tx *postgres.Tx, hotel *directory.Hotel, c id.Conversation) error,
) error {
	for {
		due, err := list(ctx, d.clock.Now(), most)
		if err != nil {
			return err
		}
		var failed []error
		for _, h := range due {
			hotel, err := d.directory.Hotel(ctx, h.Tenant)
			if err == nil {
				err = d.db.InTx(ctx, h.Tenant, func(tx *postgres.Tx) error { return do(ctx, tx, hotel, h.ID) })
			}
			if err != nil && !errors.Is(err, conversation.ErrNotFound) {
				failed = append(failed, err)
			}
		}
		if len(failed) > 0 || len(due) < most {
			return errors.Join(failed...)
		}
	}
}

// handBackIdle looks again under the lock of the conversation: somebody may have written, or
// another instance was faster.
func (d *Desk) handBackIdle(ctx context.Context, tx *postgres.Tx, hotel *directory.Hotel, c id.Conversation) error {
	card, err := tx.LockCard(ctx, c)
	if err != nil {
		return err
	}
	before, now := card, d.clock.Now()
	if due := card.HandsBackAt(); due.IsZero() || now.Before(due) {
		return nil
	}
	const text = "Devolvida ao robô automaticamente: ninguém escreveu no tempo combinado."
	card.Conversation = card.GiveBack(conversation.System, text, now)
	if err := writeLine(ctx, tx, card, lineOf(card, text, message.WhatHappened{Type: message.HandedBack}, now), now); err != nil {
		return err
	}
	// A guest whose last words nobody answered would wait for ever: the bot gets them.
	if last := card.LastMessage; last != nil && last.Direction == string(message.Inbound) && !hotel.Bot.ForwardWhileLocked {
		if !hotel.Bot.Turns() {
			card.Turn++
		}
		tx.Enqueue(lane.Handoff, lane.Handover{MessageID: last.ID, Turn: card.Turn}.In(card.ID, card.NumberID))
	}
	if err := tx.SaveConversations(ctx, card.Conversation); err != nil {
		return err
	}
	tx.Emit(event.Event{Name: event.ConversationUpdated, Card: &card, Before: &before})
	if err := followUp(ctx, tx, user.User{}, before, card, now); err != nil {
		return err
	}
	was, is := difference(before, card)
	return tx.Audit(ctx, postgres.Entry{
		Actor: conversation.System, Action: "RELEASE_CONVERSATION", Entity: "conversation", EntityID: card.ID.String(), Before: was, After: is, At: now,
	})
}
