package inbox

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
)

const (
	// turnWait is how long a guest's first message waits at most for the others.
	turnWait = 20 * time.Second
	// turnMost is how many messages a turn has at most. A claim of a lane brings as many.
	turnMost = 10
	// fragment is up to how many characters a message without an end seems to go on.
	fragment = 12
)

// turnDue returns when what a guest has said so far is a turn: once they were silent for long
// enough, and a little longer where more seems to follow. Who taps a button has finished.
func turnDue(bot tenant.Bot, said []message.Message) time.Time {
	first, last := said[0].CreatedAt, said[len(said)-1]
	if len(said) >= turnMost || last.Metadata.Button != nil || last.Metadata.List != nil {
		return first
	}
	quiet := bot.Quiet
	if goesOn(last) {
		quiet = min(quiet*3/2, tenant.MaxQuiet)
	}
	due := last.CreatedAt.Add(quiet)
	if most := first.Add(turnWait); most.Before(due) {
		due = most
	}
	return due
}

// goesOn reports whether more seems to follow: a file without a word, or a few letters without an
// end.
func goesOn(m message.Message) bool {
	if m.Kind.HasMedia() {
		return m.Metadata.Caption == ""
	}
	text := strings.TrimSpace(m.Content)
	end, _ := utf8.DecodeLastRuneInString(text)
	return m.Kind == message.Text && utf8.RuneCountInString(text) <= fragment && (unicode.IsLetter(end) || end == ',')
}

// turn is what a guest said without a pause.
type turn struct {
	items []lane.Item // also those that the bot is not to hear of, on the way
	said  []postgres.Spoken
	isNew bool
}

// turnOf returns the turn at the head of a lane. One that was begun before has the items that it
// had then, whatever the guest has said since. Late files and reactions are no part of it.
func (h *Handoff) turnOf(hotel *directory.Hotel, l *lane.Lane, spoken map[id.Message]postgres.Spoken) (t turn, isBegun bool) {
	for _, item := range l.Items {
		w, err := lane.ReadHandover(item)
		if w.IsApart() {
			continue
		}
		said, known := spoken[w.MessageID]
		if known && len(t.items) == 0 {
			isBegun = item.ID <= said.Card.TurnUntil
		}
		if known && isBegun && item.ID > said.Card.TurnUntil {
			break
		}
		t.items = append(t.items, item)
		if err == nil && known && h.isForBot(hotel, said) {
			t.said, t.isNew = append(t.said, said), t.isNew || w.IsNew
		}
	}
	return t, isBegun
}

// laneOfTurns hands over the next turn of a conversation, if it is due. What the guest says while
// it is under way is the next one.
func (h *Handoff) laneOfTurns(ctx context.Context, hotel *directory.Hotel, state *flowState, l *lane.Lane, spoken map[id.Message]postgres.Spoken) result {
	r := result{outcome: l.Finished()}
	t, isBegun := h.turnOf(hotel, l, spoken)
	if item, w, ok := apartIn(l); ok && !isBegun {
		return h.laneApart(ctx, hotel, state, l, item, w, spoken)
	}
	done := lane.Outcome{Lane: l, Done: t.items}
	switch {
	case len(t.said) == 0: // deleted meanwhile, or a person took over
		r.outcome = done
		return r
	case hotel.Bot.Paused:
		r.outcome = l.Hold(0, pauseLook)
		return r
	case ctx.Err() != nil || l.Left() < h.postTime(hotel):
		r.outcome = l.Hold(0, 0)
		return r
	}
	now := h.clock.Now()
	if wait := max(turnDue(hotel.Bot, messagesOf(t.said)).Sub(now), filesWait(hotel.Bot, t.said, now)); !isBegun && wait > 0 {
		r.outcome = l.Hold(0, wait)
		return r
	}
	if isBots, err := h.stopsLoop(ctx, state, hotel.ID, t.said[len(t.said)-1]); err != nil || isBots {
		r.outcome = l.Hold(0, time.Second) // it is looked at again: a person has the conversation then
		return r
	}
	number, waiting, err := h.begin(ctx, hotel, t, isBegun)
	if err != nil {
		h.log.WarnContext(ctx, "turn is begun later", "tenant_id", hotel.ID, "err", err)
		r.outcome = l.Hold(0, time.Second)
		return r
	}
	attempts := l.Attempts + 1
	failed := h.postTurn(ctx, hotel, t, number, waiting, attempts)
	unknown, cameBack := h.note(state, t.said[0].Message.ID, failed)
	r.isUp = cameBack
	if failed == nil {
		r.outcome, r.owed = done, owes(t.said...)
		return r
	}
	if delay, again := failed.Next(attempts, unknown); again {
		h.log.InfoContext(ctx, "turn waits", "tenant_id", hotel.ID, "conversation_id", l.Key, "attempt", attempts, "delay", delay, "err", failed)
		r.outcome = l.Retry(0, delay)
		return r
	}
	h.log.WarnContext(ctx, "turn given up", "tenant_id", hotel.ID, "conversation_id", l.Key, "attempt", attempts, "err", failed)
	r.outcome = done
	if failed.Outcome == n8n.Unknown { // then it is believed to have arrived
		r.owed = owes(t.said...)
	}
	for _, item := range t.items {
		r.buried = append(r.buried, grave{item, "bot_" + failed.Outcome.String(), failed.Reason()})
	}
	return r
}

func messagesOf(said []postgres.Spoken) []message.Message {
	out := make([]message.Message, 0, len(said))
	for _, s := range said {
		out = append(out, s.Message)
	}
	return out
}

// begin numbers a turn and notes what belongs to it, so that after a restart the same is posted
// under the same id. It also returns the call for a person that is open, if there is one.
func (h *Handoff) begin(ctx context.Context, hotel *directory.Hotel, t turn, isBegun bool) (number int64, waiting *escalation.Escalation, err error) {
	card := t.said[0].Card
	number = card.Turn
	if isBegun && card.EscalatedAt.IsZero() {
		return number, nil, nil
	}
	err = h.db.InTx(ctx, hotel.ID, func(tx *postgres.Tx) error {
		waiting = nil
		if !isBegun {
			var err error
			if number, err = tx.BeginTurn(ctx, card.ID, t.items[len(t.items)-1].ID, hotel.Bot.ForwardWhileLocked); err != nil {
				return err
			}
		}
		if card.EscalatedAt.IsZero() {
			return nil
		}
		e, err := tx.PendingEscalation(ctx, card.ID)
		if errors.Is(err, escalation.ErrNotFound) {
			return nil
		}
		waiting = &e
		return err
	})
	return number, waiting, err
}

// deliveryOf names a turn by what was said in it, so that it has the same name when it is
// replayed.
func deliveryOf(t turn) string {
	var all []byte
	for _, s := range t.said {
		all = append(all, s.Message.ID.UUID[:]...)
	}
	return uuid.NewSHA1(uuid.NameSpaceOID, all).String()
}

func (h *Handoff) postTurn(ctx context.Context, hotel *directory.Hotel, t turn, number int64, waiting *escalation.Escalation, attempt int) *n8n.PostError {
	ctx, done := lane.Linger(ctx)
	defer done()
	last := t.said[len(t.said)-1]
	out := n8n.Turn{Messages: messagesOf(t.said), Escalation: waiting}
	var err error
	if out.Before, err = h.before(ctx, hotel, t.said[0].Message); err != nil {
		return &n8n.PostError{Outcome: n8n.Refused} // the database is away: nothing was posted
	}
	for i := range out.Messages {
		h.link(hotel, &out.Messages[i])
	}
	line, _ := hotel.Line(last.Message.NumberID)
	out.Handover = n8n.Handover{
		DeliveryID: deliveryOf(t), TenantSlug: hotel.Slug, Number: line.Number, Card: last.Card, Turn: number,
		Message: out.Messages[len(out.Messages)-1], IsNew: t.isNew, IsRetry: attempt > 1, Now: h.clock.Now(),
	}
	if out.Press, err = h.pressOf(ctx, hotel, last.Message); err != nil {
		return &n8n.PostError{Outcome: n8n.Refused}
	}
	h.layOut(hotel, &out.Handover)
	body, err := n8n.TurnBody(out)
	if err != nil {
		return &n8n.PostError{Outcome: n8n.Rejected}
	}
	return h.send(ctx, hotel, out.Handover, n8n.Request{Event: n8n.EventTurn, DeliveryID: out.DeliveryID, Body: body, Attempt: attempt})
}

// before returns what was said before a message, oldest first.
func (h *Handoff) before(ctx context.Context, hotel *directory.Hotel, m message.Message) ([]message.Message, error) {
	if hotel.Bot.History == 0 {
		return nil, nil
	}
	said, _, err := h.db.MessagesBefore(ctx, hotel.ID, m.ConversationID, m, hotel.Bot.History)
	slices.Reverse(said)
	return said, err
}
