package n8n

import (
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
)

// ball says who has the ball, in the words of the API's conversations.
type ball struct {
	State       conversation.Holder `json:"state"`
	Version     int64               `json:"version"`
	Since       time.Time           `json:"since"`
	HandsBackAt *time.Time          `json:"handsBackAt"`
}

// handback tells the flow, once, that a person or the hotel's timer gave it the guest back.
type handback struct {
	By   string    `json:"by"`
	Note string    `json:"note"`
	At   time.Time `json:"at"`
}

func ballOf(c conversation.Card) ball {
	return ball{State: c.Holder(), Version: c.Ball.Version, Since: c.Ball.Since.UTC(), HandsBackAt: orNil(c.HandsBackAt())}
}

func handbackOf(h *conversation.HandBack) *handback {
	if h == nil {
		return nil
	}
	return &handback{By: h.By, Note: h.Note, At: h.At.UTC()}
}

func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
