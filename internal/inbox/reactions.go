package inbox

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
)

// tellOfReactions queues what guests put on messages for a flow that wants to hear of it. A
// reaction is no message: it opens nothing and is no turn.
func (a *application) tellOfReactions(ctx context.Context, changes []postgres.Changed) error {
	if !a.hotel.Bot.GetsReactions {
		return nil
	}
	at := map[postgres.Received]time.Time{}
	for _, c := range changes {
		if c.Kind == message.Reacting && c.By == message.Inbound && c.At.After(at[c.Target()]) {
			at[c.Target()] = c.At
		}
	}
	if len(at) == 0 {
		return nil
	}
	targets := make([]postgres.Received, 0, len(at))
	for target := range at {
		targets = append(targets, target)
	}
	named, err := a.tx.MessagesNamed(ctx, targets...)
	if err != nil {
		return err
	}
	for target, m := range named {
		w := lane.Handover{MessageID: m.ID, ReactedAt: at[target]}
		a.tx.Enqueue(lane.Handoff, w.In(m.ConversationID, m.NumberID))
	}
	return nil
}

// reactionOf returns what the guest has on a message.
func reactionOf(m message.Message) (message.Reacted, bool) {
	for _, r := range m.Metadata.Reactions {
		if r.By == message.Guest {
			return r, true
		}
	}
	return message.Reacted{}, false
}

// isNews reports whether a reaction of that time is what the guest has on the message, or took
// back; else there is a later one, which is told of by itself.
func isNews(m message.Message, at time.Time) bool {
	r, ok := reactionOf(m)
	return !ok || r.At.Equal(at)
}

// reactionTo is the reaction as a message: of the guest, under the ids of the message that it is on.
func reactionTo(m message.Message, at time.Time) message.Message {
	r, _ := reactionOf(m)
	return message.Message{
		ID: m.ID, ConversationID: m.ConversationID, ContactID: m.ContactID, NumberID: m.NumberID, WAMID: m.WAMID,
		Direction: message.Inbound, Sender: message.Guest, Kind: message.Reaction, Timestamp: at,
		Metadata: message.Metadata{Reaction: &message.ReactionTo{WAMID: m.WAMID, Emoji: r.Emoji, IsToHotel: m.Direction == message.Outbound}},
	}
}
