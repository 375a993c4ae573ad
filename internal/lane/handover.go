package lane

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
)

// Handover is what an item of a Handoff lane carries: ids, not data.
type Handover struct {
	MessageID id.Message `json:"messageId"`
	IsNew     bool       `json:"isNew,omitempty"`    // the message opened the conversation
	Turn      int64      `json:"turn,omitempty"`     // which hand-over this is; 0: that is settled when it is made
	HasFile   bool       `json:"hasFile,omitempty"`  // only to tell that the message's file is here now
	ReactedAt time.Time  `json:"reactedAt,omitzero"` // only to tell that the guest reacted to the message
}

// IsApart reports whether this is told by itself, and is no part of what the guest says.
func (h Handover) IsApart() bool { return h.HasFile || !h.ReactedAt.IsZero() }

// In returns the item for the lane of a conversation.
func (h Handover) In(c id.Conversation, number id.Number) New {
	return New{Key: c.String(), NumberID: number, Payload: h.Encode()}
}

// Encode writes what ReadHandover reads.
func (h Handover) Encode() []byte {
	text, err := json.Marshal(h)
	if err != nil {
		panic(fmt.Sprintf("encode hand-over: %v", err)) // ids and booleans
	}
	return text
}

// ReadHandover reads an item of a Handoff lane.
func ReadHandover(item Item) (Handover, error) {
	var h Handover
	if err := json.Unmarshal(item.Payload, &h); err != nil {
		return h, fmt.Errorf("decode hand-over: %w", err)
	}
	return h, nil
}
