package desk

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

const (
	// unheardEvery is how often it is looked for guests whom a bot did not hear.
	unheardEvery = 5 * time.Second
	// unheardAtOnce is how many are given to people before it is looked again.
	unheardAtOnce = 100
)

// GiveUnheard gives guests to people whose bot neither took what they said nor answered for as
// long as their hotels wait, until ctx ends. Every instance may do it.
func (d *Desk) GiveUnheard(ctx context.Context, log *slog.Logger) {
	clock.Every(ctx, unheardEvery, func() {
		if err := d.GiveUnheardDue(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "guests whom a bot did not hear are given to people later", "err", err)
		}
	})
}

// GiveUnheardDue gives those to people who are due now.
func (d *Desk) GiveUnheardDue(ctx context.Context) error {
	return d.eachDue(ctx, unheardAtOnce, d.db.SystemUnheard, d.giveUnheard)
}

// giveUnheard looks again under the lock of the conversation: somebody may have taken it, or
// another instance was faster.
func (d *Desk) giveUnheard(ctx context.Context, tx *postgres.Tx, hotel *directory.Hotel, c id.Conversation) error {
	card, err := tx.LockCard(ctx, c)
	if err != nil {
		return err
	}
	last := card.LastMessage
	if card.Lock.Locked || !card.State.IsActive() || last == nil || last.Direction != string(message.Inbound) {
		return nil
	}
	before, now := card, d.clock.Now()
	card.Conversation = card.Escalate(now)
	text := fmt.Sprintf("O robô não recebeu a mensagem nem respondeu em %d min: a conversa foi aberta para a equipe.", int(hotel.Bot.NoReply/time.Minute))
	line := lineOf(card, text, message.WhatHappened{Type: message.BotUnheard}, now)
	if err := writeLine(ctx, tx, card, line, now); err != nil {
		return err
	}
	_, err = d.announce(ctx, tx, Call{Reason: escalation.AIUnable, Detail: text, Unit: card.Unit, Priority: card.Priority}, before, card, now)
	return err
}
