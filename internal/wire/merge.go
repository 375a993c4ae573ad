package wire

import (
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// Duplicate is two guests who may be one. contact came later than other.
type Duplicate struct {
	Contact ContactRow `json:"contact"`
	Other   ContactRow `json:"other"`
	Reasons []string   `json:"reasons" nullable:"false" enum:"EMAIL,PHONE,NAME"`
}

// DuplicateOf writes two guests of a tenant.
func DuplicateOf(tenant id.Tenant, guest, other contact.Record, reasons []contact.Reason) Duplicate {
	out := Duplicate{Contact: ContactRowOf(tenant, guest), Other: ContactRowOf(tenant, other), Reasons: make([]string, 0, len(reasons))}
	for _, r := range reasons {
		out.Reasons = append(out.Reasons, string(r))
	}
	return out
}

// Merge is the record of two guests who were made one. Names are kept until the merge is
// final.
type Merge struct {
	ID                   string  `json:"id"`
	Survivor             Party   `json:"survivor"`
	Absorbed             Party   `json:"absorbed"`
	Conversations        int     `json:"conversations" doc:"That came from the absorbed contact; 0 once the merge is final or undone"`
	ClosedConversationID *string `json:"closedConversationId" doc:"Closed because the contact has another one that goes on"`
	MergedBy             string  `json:"mergedBy"`
	MergedAt             Time    `json:"mergedAt"`
	UndoUntil            Time    `json:"undoUntil"`
	CanUndo              bool    `json:"canUndo"`
	UndoneBy             *string `json:"undoneBy"`
	UndoneAt             *Time   `json:"undoneAt"`
}

// Party is a guest of a merge.
type Party struct {
	ID   string  `json:"id"`
	Name *string `json:"name"`
}

// MergeOf writes a merge, with what is kept of it.
func MergeOf(m contact.Merge, survivor, absorbed string, conversations int, closed id.Conversation, now time.Time) Merge {
	out := Merge{
		ID: m.ID.String(), Survivor: Party{m.Survivor.String(), orNull(survivor)}, Absorbed: Party{m.Absorbed.String(), orNull(absorbed)},
		Conversations: conversations, MergedBy: m.By, MergedAt: At(m.At), UndoUntil: At(m.UndoUntil()), CanUndo: m.CanBeUndone(now),
		UndoneBy: orNull(m.UndoneBy), UndoneAt: atOrNull(m.UndoneAt),
	}
	if !closed.IsZero() {
		text := closed.String()
		out.ClosedConversationID = &text
	}
	return out
}
