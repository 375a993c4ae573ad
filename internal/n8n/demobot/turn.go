package demobot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

// turn does for one message what a flow does: looks whether it may speak, marks the message read, answers, and calls a
// person where one is needed. It stops at the first call that fails for good.
func (b *Bot) turn(ctx context.Context, d delivery) {
	log := b.opts.Logger.With(
		slog.String("comp", "demobot"), slog.String("tenant", d.slug),
		slog.String("delivery_id", d.id), slog.String("conversation_id", d.said.ConversationID),
	)
	err := b.speak(ctx, d)
	switch {
	case errors.Is(err, errLocked):
		b.forget(d.guest()) // a person took over: when the guest comes back, the talk begins anew
		log.Info("stayed silent: a person holds the conversation")
	case err != nil && ctx.Err() == nil:
		log.Warn("message not answered", slog.Any("err", err))
	case err == nil:
		log.Info("message answered")
	}
}

func (b *Bot) speak(ctx context.Context, d delivery) error {
	api := b.apiFor(d)
	if err := api.checkLock(ctx, d.said.Phone); err != nil {
		return fmt.Errorf("check lock: %w", err)
	}
	if err := api.markRead(ctx, d.said.MessageID); err != nil {
		// Blue ticks are a courtesy: the guest still gets an answer.
		b.opts.Logger.Info("message not marked as read", slog.String("comp", "demobot"), slog.String("delivery_id", d.id), slog.Any("err", err))
	}
	r := b.remembered(d.guest()).hear(heard{
		kind: d.said.Type, text: d.said.Text.Message, isNew: d.said.IsNew,
		name: d.said.ContactName, hotel: b.opts.HotelName(d.slug),
	})
	if err := api.sendText(ctx, d.said.Phone, r.says); err != nil {
		return fmt.Errorf("send text: %w", err)
	}
	if r.call == nil {
		b.remember(d.guest(), r.next)
		return nil
	}
	unit := firstOf(d.said.HotelUnit, named(d.said.Text.Message, b.opts.Units(d.slug)))
	if err := api.escalate(ctx, d.said.Phone, unit, *r.call); err != nil {
		return fmt.Errorf("escalate: %w", err)
	}
	b.forget(d.guest())
	return nil
}

// named finds the unit that a text speaks of; empty if it speaks of none.
func named(text string, units []string) string {
	said := plain(text)
	for _, unit := range units {
		if has(said, plain(unit)) {
			return unit
		}
	}
	return ""
}

func (b *Bot) remembered(guest string) talk {
	b.mu.Lock()
	defer b.mu.Unlock()
	t, _ := b.talks.get(guest)
	return t
}

func (b *Bot) remember(guest string, t talk) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.talks.put(guest, t)
}

func (b *Bot) forget(guest string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.talks.drop(guest)
}
