package inbox

import (
	"context"
	"slices"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

// change notes reactions, edits and revocations, and shows them in messages that are here.
// The others show them when they come. Nothing of it wakes the bot
// (which may be told of reactions), opens a conversation or
// the window, or counts as unread.
func (a *application) change(ctx context.Context, changes []postgres.Changed) error {
	if len(changes) == 0 {
		return nil
	}
	if err := a.tx.KeepChanges(ctx, false, changes...); err != nil {
		return err
	}
	var targets []postgres.Received
	for _, c := range changes {
		if !slices.Contains(targets, c.Target()) {
			targets = append(targets, c.Target())
		}
	}
	if err := a.showChanges(ctx, targets); err != nil {
		return err
	}
	return a.tellOfReactions(ctx, changes)
}

// showChanges brings messages up to date with everything that is known to have been done to
// them.
func (a *application) showChanges(ctx context.Context, targets []postgres.Received) error {
	named, err := a.tx.MessagesNamed(ctx, targets...)
	if err != nil || len(named) == 0 {
		return err
	}
	var talks []id.Conversation
	var ids []id.Message
	for _, m := range named {
		talks, ids = append(talks, m.ConversationID), append(ids, m.ID)
	}
	cards, err := a.tx.LockCards(ctx, talks...)
	if err != nil {
		return err
	}
	messages, err := a.tx.LockMessages(ctx, ids...)
	if err != nil {
		return err
	}
	known, err := a.tx.ChangesOf(ctx, targets...)
	if err != nil {
		return err
	}
	return a.saveChanges(ctx, cards, messages, known)
}

func (a *application) saveChanges(ctx context.Context, cards []conversation.Card, messages []message.Message, known map[postgres.Received][]message.Change) error {
	byID := map[id.Conversation]*conversation.Card{}
	for i := range cards {
		byID[cards[i].ID] = &cards[i]
	}
	var originals []postgres.Changed
	var saved []conversation.Conversation
	var takenBack []id.Message
	for i, m := range messages {
		changes := known[postgres.Received{Number: m.NumberID, WAMID: m.WAMID}]
		after := m.With(changes...)
		isOriginal := func(c message.Change) bool { return c.Kind == message.Original }
		if !after.Metadata.EditedAt.IsZero() && !slices.ContainsFunc(changes, isOriginal) {
			originals = append(originals, originalOf(m))
		}
		if after.Metadata.MediaID != m.Metadata.MediaID {
			a.fetch(after)
		}
		if after.IsRevoked() && m.Metadata.MediaURL != "" {
			takenBack = append(takenBack, m.ID)
		}
		card := byID[m.ConversationID]
		if after.IsRevoked() && after.Direction == message.Inbound && after.Status != message.Read {
			after.Status = message.Read
			card.Conversation = card.MarkRead(1)
		}
		if last := card.LastMessage; last != nil && last.ID == m.ID {
			preview := after.Preview()
			card.LastMessage = &preview
		}
		messages[i] = after
	}
	for _, c := range cards {
		saved = append(saved, c.Conversation)
	}
	if err := a.tx.KeepChanges(ctx, true, originals...); err != nil {
		return err
	}
	if err := a.tx.SaveWords(ctx, messages...); err != nil {
		return err
	}
	if err := a.tx.ChangesApplied(ctx, messages...); err != nil {
		return err
	}
	if err := a.tx.TakeBackMedia(ctx, a.now, takenBack...); err != nil {
		return err
	}
	for i := range messages {
		a.tx.Emit(event.Event{Name: event.MessageUpdated, Card: byID[messages[i].ConversationID], Message: &messages[i]})
	}
	return a.tx.SaveConversations(ctx, saved...)
}
