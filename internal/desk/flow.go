package desk

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/postgres"
)

// What a bot does to a guest's conversation beyond marking it: holding itself back, leaving notes
// and tags.

// BotLock keeps the bot silent in a guest's conversation, as if a person had been called.
func (d *Desk) BotLock(ctx context.Context, tenant id.Tenant, phone string) (conversation.Card, error) {
	return d.botDoes(ctx, tenant, phone, "LOCK_BOT", func(_ context.Context, _ *postgres.Tx, c *conversation.Card, now time.Time) error {
		c.Conversation = c.LockFor(conversation.System, now)
		return nil
	})
}

// StopBot takes a guest from a bot that repeats itself, and calls for a person.
func (d *Desk) StopBot(ctx context.Context, tenant id.Tenant, phone string) error {
	_, err := d.Escalate(ctx, tenant, Call{
		Phone: phone, Reason: escalation.AIUnable, Priority: conversation.High,
		Detail: "O robô repetiu mensagens sem o hóspede dizer nada: mais de 10 em um minuto. Ele parou nesta conversa; devolva-a quando o fluxo estiver corrigido.",
	})
	return err
}

// BotUnlock gives a guest's conversation back to the bot. While a person holds it, it returns
// conversation.ErrIALocked: what nobody has taken yet may be given back, what somebody works on
// is theirs to hand back.
func (d *Desk) BotUnlock(ctx context.Context, tenant id.Tenant, phone string) (conversation.Card, error) {
	return d.botDoes(ctx, tenant, phone, "UNLOCK_BOT", func(_ context.Context, _ *postgres.Tx, c *conversation.Card, now time.Time) error {
		if c.Holder() == conversation.HeldByPerson || c.Lock.Locked && !c.AssignedTo.IsZero() {
			return conversation.ErrIALocked
		}
		c.Conversation = c.Unlock(now)
		return nil
	})
}

const (
	maxNotes = 50 // of one conversation; the oldest go
	maxNote  = 2000
)

// note is what a bot leaves for people, under "notes" in a conversation's metadata.
type note struct {
	Text string `json:"text"`
	At   string `json:"at"`
	By   string `json:"by"`
}

// BotNote leaves a note for the people at the hotel.
func (d *Desk) BotNote(ctx context.Context, tenant id.Tenant, phone, text string) (conversation.Card, error) {
	if text = strings.TrimSpace(text); text == "" || utf8.RuneCountInString(text) > maxNote {
		return conversation.Card{}, fault.ErrInvalid.With(fault.Detail{Path: "note", Message: "A note has 1 to 2,000 characters."})
	}
	return d.botDoes(ctx, tenant, phone, "ADD_NOTE", func(_ context.Context, _ *postgres.Tx, c *conversation.Card, now time.Time) error {
		notes := append(notesOf(c.Metadata), note{text, now.UTC().Format(isoTime), "bot"})
		c.Metadata = noted(c.Metadata, map[string]any{"notes": notes[max(0, len(notes)-maxNotes):]})
		return nil
	})
}

func notesOf(metadata json.RawMessage) []note {
	var known struct {
		Notes []note `json:"notes"`
	}
	_ = json.Unmarshal(metadata, &known) // notes of another form are nobody's: they are replaced
	return known.Notes
}

// BotTags puts tags on a guest's conversation and takes others off, by their names in any case.
// It returns conversation.ErrNoTag for a name that the hotel does not have.
func (d *Desk) BotTags(ctx context.Context, tenant id.Tenant, phone string, add, remove []string) (conversation.Card, error) {
	known, err := d.db.Tags(ctx, tenant, "")
	if err != nil {
		return conversation.Card{}, err
	}
	byName := map[string]uuid.UUID{}
	for _, t := range known {
		byName[strings.ToLower(t.Name)] = t.ID
	}
	return d.botDoes(ctx, tenant, phone, "TAG_CONVERSATION", func(ctx context.Context, tx *postgres.Tx, c *conversation.Card, now time.Time) error {
		for i, names := range [][]string{add, remove} {
			change := []func(*postgres.Tx, context.Context, id.Conversation, uuid.UUID) error{(*postgres.Tx).AttachTag, (*postgres.Tx).DetachTag}[i]
			for _, name := range names {
				tag, ok := byName[strings.ToLower(strings.TrimSpace(name))]
				if !ok {
					return conversation.ErrNoTag
				}
				if err := withTag(tag, change)(ctx, tx, c, now); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// botDoes makes a change of a bot's in a guest's active conversation: locked, saved, told to
// screens and audited in one transaction. It returns outbox.ErrGuest for nobody, and
// conversation.ErrNotFound for a guest without an active conversation.
func (d *Desk) botDoes(ctx context.Context, tenant id.Tenant, phone, action string, change act) (conversation.Card, error) {
	alias, err := outbox.AliasOf(phone)
	if err != nil {
		return conversation.Card{}, err
	}
	var card conversation.Card
	err = d.db.InTx(ctx, tenant, func(tx *postgres.Tx) (err error) {
		if card, err = activeOf(ctx, tx, alias); err != nil {
			return err
		}
		before, now := card, d.clock.Now()
		if err := change(ctx, tx, &card, now); err != nil {
			return err
		}
		if err := tx.SaveConversations(ctx, card.Conversation); err != nil {
			return err
		}
		after := card
		tx.Emit(
			event.Event{Name: event.ConversationUpdated, Card: &after, Before: &before},
			event.Event{Name: event.ConversationNew, Card: &after}, // whoever sees it only now
		)
		was, is := difference(before, card)
		return tx.Audit(ctx, postgres.Entry{
			Actor: "bot", Action: action, Entity: "conversation", EntityID: card.ID.String(), Before: was, After: is, At: now,
		})
	})
	return card, err
}
