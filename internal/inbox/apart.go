package inbox

import (
	"context"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Late files and reactions are told by themselves: they stand in the lane of the conversation
// among what the guest says, and are no part of a turn.

// apartIn returns the first item of a lane that is told by itself.
func apartIn(l *lane.Lane) (item lane.Item, w lane.Handover, ok bool) {
	for _, item := range l.Items {
		if w, err := lane.ReadHandover(item); err == nil && w.IsApart() {
			return item, w, true
		}
	}
	return item, w, false
}

// apartDelivery names what is told by itself: the message's own name is that of the first post.
// WhatsApp tells the time of reactions in seconds, so what it is counts too.
func apartDelivery(event string, w lane.Handover, m message.Message) string {
	name := event
	if m.Metadata.Reaction != nil {
		name += w.ReactedAt.UTC().String() + m.Metadata.Reaction.Emoji
	}
	return uuid.NewSHA1(w.MessageID.UUID, []byte(name)).String()
}

// laneApart hands over between turns what is no part of them. What the guest says meanwhile is still gathered:
// only this item leaves the lane. No turn is under way, so none has been tried.
func (h *Handoff) laneApart(ctx context.Context, hotel *directory.Hotel, state *flowState, l *lane.Lane, item lane.Item, w lane.Handover, spoken map[id.Message]postgres.Spoken) result {
	done := lane.Outcome{Lane: l, Done: []lane.Item{item}}
	said, known := spoken[w.MessageID]
	switch {
	case !known || !h.isWanted(hotel, said, w):
		return result{outcome: done}
	case hotel.Bot.Paused:
		return result{outcome: l.Hold(0, pauseLook)}
	case ctx.Err() != nil || l.Left() < h.postTime(hotel):
		return result{outcome: l.Hold(0, 0)}
	}
	if wait := h.fileWait(hotel, said, item, w); wait > 0 {
		return result{outcome: l.Hold(0, wait)}
	}
	attempts := l.Attempts + 1
	failed := h.post(ctx, hotel, said, w, attempts)
	unknown, cameBack := h.note(state, w.MessageID, failed)
	r := result{outcome: done, isUp: cameBack}
	if failed == nil {
		return r
	}
	if delay, again := failed.Next(attempts, unknown); again {
		h.log.InfoContext(ctx, "file or reaction waits", "tenant_id", hotel.ID, "message_id", w.MessageID, "attempt", attempts, "delay", delay, "err", failed)
		r.outcome = l.Retry(0, delay)
		return r
	}
	h.log.WarnContext(ctx, "file or reaction given up", "tenant_id", hotel.ID, "message_id", w.MessageID, "attempt", attempts, "err", failed)
	r.buried = []grave{{item, "bot_" + failed.Outcome.String(), failed.Reason()}}
	return r
}

// isWanted reports whether the flow is to get a message still, or what is told of one.
func (h *Handoff) isWanted(hotel *directory.Hotel, said postgres.Spoken, w lane.Handover) bool {
	switch {
	case w.HasFile:
		return h.isForBot(hotel, said) && said.Message.Metadata.MediaURL != ""
	case !w.ReactedAt.IsZero():
		now := h.clock.Now()
		return hotel.Bot.GetsReactions && said.Card.State.IsActive() && isNews(said.Message, w.ReactedAt) && said.Card.Route(conversation.Facts{
			HasBot: hotel.HasFlow(), IsBarred: hotel.MayWork(now) != nil, ForwardWhileLocked: hotel.Bot.ForwardWhileLocked,
			WakesBot: !said.Message.IsRevoked(), SentAt: w.ReactedAt, Now: now,
		}) == conversation.ByBot
	default:
		return h.isForBot(hotel, said)
	}
}
