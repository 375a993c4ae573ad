package inbox

import (
	"context"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
)

// A flow that got a message before its file was here gets the message once more with it: the
// item waits in the lane of the file (transfer.Owing), and comes back to that of the
// conversation when the file is here.

// owes returns which of the messages that the flow has just got lacked their files.
func owes(said ...postgres.Spoken) []message.Message {
	var out []message.Message
	for _, s := range said {
		if isAwaited(s.Message) {
			out = append(out, s.Message)
		}
	}
	return out
}

// fileDelivery names the follow-up of a message: the message's own name is that of the first post.
func fileDelivery(m id.Message) string {
	return uuid.NewSHA1(m.UUID, []byte(n8n.EventFile)).String()
}

// fileOf returns the first file in a lane that is told of by itself.
func fileOf(l *lane.Lane) (item lane.Item, w lane.Handover, ok bool) {
	for _, item := range l.Items {
		if w, err := lane.ReadHandover(item); err == nil && w.HasFile {
			return item, w, true
		}
	}
	return item, w, false
}

// laneOfFile hands a file over between turns. What the guest says meanwhile is still gathered:
// only this item leaves the lane. No turn is under way, so none has been tried.
func (h *Handoff) laneOfFile(ctx context.Context, hotel *directory.Hotel, state *flowState, l *lane.Lane, item lane.Item, w lane.Handover, spoken map[id.Message]postgres.Spoken) result {
	done := lane.Outcome{Lane: l, Done: []lane.Item{item}}
	said, known := spoken[w.MessageID]
	switch {
	case !known || !h.isWanted(hotel, said, w):
		return result{outcome: done}
	case hotel.Bot.Paused:
		return result{outcome: l.Hold(0, pauseLook)}
	case ctx.Err() != nil || l.Left() < postTime:
		return result{outcome: l.Hold(0, 0)}
	}
	attempts := l.Attempts + 1
	failed := h.post(ctx, hotel, said, w, attempts)
	unknown, cameBack := h.note(state, w.MessageID, failed)
	r := result{outcome: done, isUp: cameBack}
	if failed == nil {
		return r
	}
	if delay, again := failed.Next(attempts, unknown); again {
		h.log.InfoContext(ctx, "file waits", "tenant_id", hotel.ID, "message_id", w.MessageID, "attempt", attempts, "delay", delay, "err", failed)
		r.outcome = l.Retry(0, delay)
		return r
	}
	h.log.WarnContext(ctx, "file given up", "tenant_id", hotel.ID, "message_id", w.MessageID, "attempt", attempts, "err", failed)
	r.buried = []grave{{item, "bot_" + failed.Outcome.String(), failed.Reason()}}
	return r
}

// isWanted reports whether the flow is to get a message, or the file of one, still.
func (h *Handoff) isWanted(hotel *directory.Hotel, said postgres.Spoken, w lane.Handover) bool {
	return h.isForBot(hotel, said) && (!w.HasFile || said.Message.Metadata.MediaURL != "")
}
