package inbox

import (
	"context"
	"errors"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

// historySource marks the closed conversation that holds what was said before the number
// came to us: one of each guest.
const historySource = "history"

// histories stores what guests and the hotel said before. It is silent: no event, nothing
// unread, no window, no bot, and no conversation is opened for it.
func (a *application) histories(ctx context.Context, all []history) error {
	for _, h := range all {
		if err := a.history(ctx, h); err != nil {
			return err
		}
	}
	return nil
}

func (a *application) history(ctx context.Context, h history) error {
	fresh, better, err := a.unknownPast(ctx, h)
	if err != nil {
		return err
	}
	if err := a.completePast(ctx, better); err != nil || len(fresh) == 0 {
		return err
	}
	guests, err := a.guests(ctx, fresh[:1])
	if err != nil {
		return err
	}
	t, err := a.historyOf(ctx, guests[0])
	if err != nil {
		return err
	}
	var stored []message.Message
	for i, m := range fresh {
		past := message.Message{
			ID: id.NewMessage(), ConversationID: t.ID, ContactID: t.ContactID, NumberID: h.number, WAMID: m.WAMID,
			Direction: message.Inbound, Sender: message.Guest, Kind: m.Kind, Content: m.Content, Metadata: m.Metadata,
			Status: message.Read, Timestamp: m.At, CreatedAt: a.now,
		}
		if fresh[i].ours {
			past.Direction, past.Sender, past.Status = message.Outbound, message.Person, m.status
		}
		t.Conversation, t.NumberID = t.Show(past.Preview()), h.number
		stored = append(stored, past)
	}
	if t.isNew {
		if err := a.tx.InsertConversations(ctx, t.Conversation); err != nil {
			return err
		}
	}
	if err := a.tx.InsertMessages(ctx, a.now, stored...); err != nil {
		return err
	}
	return a.tx.SaveConversations(ctx, t.Conversation)
}

// unknownPast returns what is not stored yet, and what may say more than what is: a file for
// which the history had only a placeholder.
func (a *application) unknownPast(ctx context.Context, h history) (fresh, better []received, err error) {
	var keys []postgres.Received
	for _, m := range h.Messages {
		keys = append(keys, postgres.Received{Number: h.number, WAMID: m.WAMID})
	}
	known, err := a.tx.KnownMessages(ctx, keys)
	if err != nil {
		return nil, nil, err
	}
	seen := map[postgres.Received]bool{}
	for i, m := range h.Messages {
		one := received{Inbound: m.Inbound, number: h.number, ours: m.Direction == message.Outbound, status: m.Status}
		switch {
		case known[keys[i]].IsStored && m.Kind.HasMedia():
			better = append(better, one)
		case !known[keys[i]].IsStored && !seen[keys[i]]:
			seen[keys[i]] = true
			fresh = append(fresh, one)
		}
	}
	return fresh, better, nil
}

func (a *application) completePast(ctx context.Context, better []received) error {
	for _, m := range better {
		named, err := a.tx.MessagesNamed(ctx, m.key())
		if err != nil {
			return err
		}
		stored, ok := named[m.key()]
		if !ok || stored.Kind != message.Unsupported || stored.Metadata.ImportedFrom == "" {
			continue
		}
		stored.Kind, stored.Content, stored.Metadata = m.Kind, m.Content, m.Metadata
		if err := a.tx.SaveWords(ctx, stored); err != nil {
			return err
		}
	}
	return nil
}

// historyOf returns the locked conversation of a guest's history, or a new one.
func (a *application) historyOf(ctx context.Context, guest contact.Contact) (*talk, error) {
	known, err := a.tx.HistoryConversation(ctx, guest.ID)
	if errors.Is(err, conversation.ErrNotFound) {
		c := conversation.Begin(guest.ID, historySource, "", a.now).To(conversation.Closed, a.now)
		return &talk{isNew: true, Card: conversation.Card{Conversation: c, Contact: guest}}, nil
	}
	if err != nil {
		return nil, err
	}
	card, err := a.tx.LockCard(ctx, known)
	return &talk{Card: card}, err
}
