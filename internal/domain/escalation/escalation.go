// Package escalation is the record of a bot asking for a person: why, for which
// unit, and how it ended. The act of taking over is in package desk.
package escalation

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// ErrNotFound is returned for an escalation that is not there, or not the caller's to
// see.
var ErrNotFound = fault.New(fault.NotFound, "escalation_not_found", "There is no such escalation.")

// Reason is why the bot asks for a person.
type Reason string

// The reasons; names are the contract's.
const (
	UserRequested    Reason = "USER_REQUESTED"
	AIUnable         Reason = "AI_UNABLE"
	ComplexQuery     Reason = "COMPLEX_QUERY"
	Complaint        Reason = "COMPLAINT"
	SalesOpportunity Reason = "SALES_OPPORTUNITY"
	Urgency          Reason = "URGENCY"
	Other            Reason = "OTHER"
)

var byName = map[string]Reason{
	string(UserRequested): UserRequested, string(AIUnable): AIUnable, string(ComplexQuery): ComplexQuery,
	string(Complaint): Complaint, string(SalesOpportunity): SalesOpportunity, string(Urgency): Urgency,
	string(Other): Other,
	// Names that the original's customer documentation taught.
	"AI_LIMIT_REACHED": AIUnable, "COMPLEX_ISSUE": ComplexQuery, "URGENT": Urgency,
}

// ParseReason reads a reason liberally: flows write what they like, and an
// escalation must never fail because of it. Unknown names are Other.
func ParseReason(text string) Reason {
	if r, ok := byName[strings.ToUpper(strings.TrimSpace(text))]; ok {
		return r
	}
	return Other
}

// State is how far an escalation got.
type State string

// The states.
const (
	Pending    State = "PENDING"
	InProgress State = "IN_PROGRESS"
	Resolved   State = "RESOLVED"
	Cancelled  State = "CANCELLED"
)

// States lists every state.
var States = []State{Pending, InProgress, Resolved, Cancelled}

// IsOpen reports whether somebody still has to do something.
func (s State) IsOpen() bool { return s == Pending || s == InProgress }

// Escalation is one request for a person.
type Escalation struct {
	ID             id.Escalation
	ConversationID id.Conversation
	Reason         Reason
	ReasonDetail   string
	Unit           string
	AIContext      json.RawMessage
	State          State
	AttendedBy     id.User
	AttendedAt     time.Time
	CreatedAt      time.Time
	ResolvedAt     time.Time
	Notes          string // how it ended, in the words of whoever ended it
}

// MaxNotes is how long the notes may be, in characters.
const MaxNotes = 2000

// To returns the escalation moved to a state by somebody of the hotel; by is zero for
// the platform's operator. Who first attended to it stays, whoever ends it.
func (e Escalation) To(s State, by id.User, now time.Time) Escalation {
	e.State = s
	switch {
	case s == Pending:
		e.AttendedBy, e.AttendedAt = id.User{}, time.Time{}
	case e.AttendedAt.IsZero() && s != Cancelled:
		e.AttendedBy, e.AttendedAt = by, now
	}
	if s.IsOpen() {
		e.ResolvedAt = time.Time{}
	} else if e.ResolvedAt.IsZero() {
		e.ResolvedAt = now
	}
	return e
}
