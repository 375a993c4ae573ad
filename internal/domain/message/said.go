package message

import (
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
)

// Spoken is what is kept of the call by which a flow said a message.
type Spoken struct {
	Hash  string     `json:"hash,omitempty"`   // of what was called, on the first message
	First id.Message `json:"first,omitzero"`   // the first message of the same call, on the others
	After id.Message `json:"after,omitzero"`   // the message before, of the same call
	Pause int        `json:"pauseMs,omitzero"` // after that was sent, or after the call

	// Of what is said slowly, which newer words of the guest and people overtake.
	IsPaced bool       `json:"isPaced,omitempty"`
	Heard   id.Message `json:"heard,omitzero"` // the guest's last message then
	Ball    int64      `json:"ball,omitzero"`  // how often the conversation had been passed on
}

// Wait is the pause as a duration.
func (s Spoken) Wait() time.Duration { return time.Duration(s.Pause) * time.Millisecond }
