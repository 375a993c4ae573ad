package message

import (
	"encoding/json"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// Scheduled is what somebody at the hotel wants to say to a guest later. At its time it
// becomes a message, or fails with the reason.
type Scheduled struct {
	ID             id.Scheduled
	ConversationID id.Conversation
	Content        json.RawMessage // see package content
	ReplyTo        string
	ClientID       string
	MadeBy         id.User // zero: the platform's operator
	SendAt         time.Time
	State          ScheduledState
	Failure        *Failure
	MessageID      id.Message // once it is SENT
	CreatedAt      time.Time
	SettledAt      time.Time
}

// ScheduledState is what became of a scheduled message.
type ScheduledState string

// The states. All but the first are final.
const (
	StillScheduled ScheduledState = "SCHEDULED"
	ScheduleSent   ScheduledState = "SENT"      // it is a message now, with a status of its own
	ScheduleFailed ScheduledState = "FAILED"    // it could not be sent at its time
	ScheduleEnded  ScheduledState = "CANCELLED" // somebody thought better of it
)

// Limits of scheduling.
const (
	MaxScheduleAhead = 90 * 24 * time.Hour
	MaxScheduled     = 50 // in one conversation at a time
)

// Refusals of scheduling.
var (
	ErrNoScheduled  = fault.New(fault.NotFound, "scheduled_not_found", "There is no such scheduled message.")
	ErrScheduleTime = fault.New(fault.Invalid, "send_at_invalid", "A message can be scheduled for a time in the next 90 days.")
	ErrScheduleFull = fault.New(fault.Conflict, "too_many_scheduled", "At most 50 messages can wait in one conversation. Cancel one first.")
	ErrScheduleGone = fault.New(fault.Conflict, "scheduled_settled", "The message was sent or has failed already, and cannot be cancelled any more.")
	ErrScheduleReac = fault.New(fault.Unprocessable, "reaction_not_scheduled", "Reactions cannot be scheduled. Send it now.")
)

// CheckSchedule refuses times that are past or too far.
func CheckSchedule(at, now time.Time) error {
	if !at.After(now) || at.After(now.Add(MaxScheduleAhead)) {
		return ErrScheduleTime.With(fault.Detail{Path: "sendAt", Code: ErrScheduleTime.Code, Message: ErrScheduleTime.Text})
	}
	return nil
}
