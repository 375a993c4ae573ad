package inbox

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Two bots that answer each other do so until somebody stops them, at what Meta charges for a
// message. People send many messages at once too (pictures of a trip), but the bot does not
// answer each of them and they not each of its answers.
const (
	loopTime = time.Minute
	loopTurn = 30            // messages of each side in that time
	loopLook = loopTurn / 2  // handed over by this process, from which the database is asked
	loopMost = 10 * loopTurn // messages that are counted
	loopSays = "Possível laço entre dois robôs: 30 mensagens de cada lado em um minuto. O robô do hotel parou; " +
		"devolva a conversa a ele se houver uma pessoa do outro lado."
)

// tempo counts what was handed over of each conversation in this minute and the last.
type tempo struct {
	minute      int64
	now, before map[id.Conversation]int
}

// note counts another message of a conversation and returns how many there were.
func (t *tempo) note(c id.Conversation, at time.Time) int {
	switch minute := at.Unix() / int64(loopTime/time.Second); {
	case t.now == nil || minute > t.minute+1:
		t.minute, t.now, t.before = minute, map[id.Conversation]int{}, nil
	case minute > t.minute:
		t.minute, t.now, t.before = minute, map[id.Conversation]int{}, t.now
	}
	t.now[c]++
	return t.now[c] + t.before[c]
}

// isLoop reports whether the guest of a message seems to be a bot that talks with ours.
func (h *Handoff) isLoop(ctx context.Context, state *flowState, tenant id.Tenant, said postgres.Spoken) (bool, error) {
	h.mu.Lock()
	n := state.tempo.note(said.Card.ID, h.clock.Now())
	h.mu.Unlock()
	if n < loopLook {
		return false, nil
	}
	at := said.Message.Timestamp
	e, err := h.db.ExchangeIn(ctx, tenant, said.Card.ID, at.Add(-loopTime), at, loopMost)
	return e.Heard >= loopTurn && e.Answered >= loopTurn, err
}

// stopsLoop reports whether the guest seemed to be a bot that talks with ours, and a person has
// the conversation now.
func (h *Handoff) stopsLoop(ctx context.Context, state *flowState, tenant id.Tenant, said postgres.Spoken) (bool, error) {
	loop, err := h.isLoop(ctx, state, tenant, said)
	if err == nil && loop {
		err = h.breakLoop(ctx, tenant, said.Card)
	}
	return loop && err == nil, err
}

// breakLoop takes a conversation from the bot and calls for a person.
func (h *Handoff) breakLoop(ctx context.Context, tenant id.Tenant, card conversation.Card) error {
	h.log.WarnContext(ctx, "two bots seem to talk with each other", "tenant_id", tenant, "conversation_id", card.ID)
	address := string(card.Contact.Phone)
	if address == "" {
		address = card.Contact.BSUID
	}
	_, err := desk.New(h.db, h.directory, h.clock).Escalate(ctx, tenant, desk.Call{
		Phone: address, Reason: escalation.AIUnable, Detail: loopSays, Unit: card.Unit, Priority: card.Priority,
	})
	return err
}

// fromOthers leaves out what a number says to itself: whoever answered that would not stop.
func (a *application) fromOthers(all []received) []received {
	return slices.DeleteFunc(all, func(m received) bool {
		line, known := a.hotel.Line(m.number)
		return known && !m.ours && m.From.WAID != "" && contact.Canonical(m.From.WAID) == phoneOf(line)
	})
}

// isColleague reports whether a message is from a number of the hotel's: the bot of one would
// answer the bot of the other.
func (a *application) isColleague(m received) bool {
	return m.From.WAID != "" && slices.ContainsFunc(a.hotel.Lines, func(l directory.Line) bool {
		return phoneOf(l) == contact.Canonical(m.From.WAID)
	})
}

// phoneOf returns a number of the hotel's as guests' numbers are written.
func phoneOf(l directory.Line) contact.Phone {
	return contact.Canonical(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, l.Display))
}
