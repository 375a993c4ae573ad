// Package subscription says what programs outside can be told about: the names of what
// happens at a hotel's desk, who wants to hear of it, and under which conditions. How it is
// stored is package postgres' business; telling is package fanout's. Start with Subscription;
// which happening an event of ours is, is decided in happening.go.
package subscription

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// Name is what subscribers call a happening.
type Name string

// The happenings.
const (
	MessageReceived     Name = "message.received" // a guest wrote
	MessageSent         Name = "message.sent"     // the bot or a person wrote
	MessageUpdated      Name = "message.updated"  // reacted to, edited, taken back, or its file arrived
	MessageStatus       Name = "message.status"   // sent, delivered, read, failed
	ButtonClicked       Name = "button.clicked"   // a button or a row of a list; message.received comes too
	ConversationOpened  Name = "conversation.opened"
	ConversationClosed  Name = "conversation.closed"
	ConversationUpdated Name = "conversation.updated"
	EscalationCreated   Name = "escalation.created"
	EscalationClosed    Name = "escalation.closed"
	BotLocked           Name = "bot.locked" // a person has taken over
	BotUnlocked         Name = "bot.unlocked"
	Ping                Name = "ping" // a test; nobody subscribes to it
)

// Names lists what can be subscribed to.
var Names = []Name{
	MessageReceived, MessageSent, MessageUpdated, MessageStatus, ButtonClicked, ConversationOpened, ConversationClosed,
	ConversationUpdated, EscalationCreated, EscalationClosed, BotLocked, BotUnlocked,
}

// Max is how many subscriptions a hotel may have.
const Max = 20

// LogSize is how many deliveries of a subscription are remembered, and LogTime how long.
const (
	LogSize = 200
	LogTime = 7 * 24 * time.Hour
)

// PauseAfter is how long nothing may have arrived before a subscription is paused. It is
// never removed by us: n8n does not notice and would stay deaf.
const PauseAfter = 24 * time.Hour

// Overlap is how long the secret before the last rotation still signs too.
const Overlap = 24 * time.Hour

// Refusals of this noun.
var (
	ErrNotFound   = fault.New(fault.NotFound, "subscription_not_found", "There is no such subscription.")
	ErrNoDelivery = fault.New(fault.NotFound, "delivery_not_found", "There is no such delivery, or it is too long ago.")
	ErrTooMany    = fault.New(fault.Conflict, "too_many_subscriptions", "A hotel may have 20 subscriptions. Delete one that nobody uses.")
	ErrPaused     = fault.New(fault.Conflict, "subscription_paused", "This subscription is paused. Resume it first, then send again.")
)

// Subscription is one address that is told what happens.
type Subscription struct {
	ID          id.Subscription
	URL         string
	Events      []Name
	Options     Options
	Description string
	CreatedAt   time.Time
	UpdatedAt   time.Time

	PausedAt     time.Time // zero while it is told
	PausedByUs   bool      // because nothing arrived for long
	FailingSince time.Time // zero when the last delivery arrived
	Failures     int       // deliveries in a row that did not arrive
	LastError    string    // of the last failure, for people
}

// Options say under which conditions a subscriber wants to hear.
type Options struct {
	// Units limits to conversations of these hotel units.
	Units []string `json:"hotelUnits,omitempty"`
	// Statuses limits message.status.
	Statuses []message.Status `json:"statuses,omitempty"`
	// OnlyUnlocked leaves out what guests say while a person holds the conversation or the
	// bot is paused, and what no bot answers (reactions): for flows that answer.
	OnlyUnlocked bool `json:"onlyUnlocked,omitempty"`
	// Answers makes the subscriber the hotel's bot: guests are handed over to it, in turns and with
	// their files, instead of being told of with message.received.
	Answers bool `json:"answers,omitempty"`
}

// Answering returns which of a hotel's subscriptions, the oldest first, answers guests: the newest
// of those that want to and are not paused.
func Answering(all []Subscription) (Subscription, bool) {
	for _, s := range slices.Backward(all) {
		if s.Options.Answers && !s.IsPaused() {
			return s, true
		}
	}
	return Subscription{}, false
}

const (
	maxDescription = 200
	maxUnits       = 50
	maxUnit        = 100
)

// statuses are those that message.status tells of.
var statuses = []message.Status{message.Sent, message.Delivered, message.Read, message.Played, message.Failed}

// Checked returns the subscription as it is stored, or everything that is wrong with it. The
// URL is checked by whoever knows where requests may go.
func (s Subscription) Checked() (Subscription, error) {
	var wrong []fault.Detail
	want := func(ok bool, path, text string) {
		if !ok {
			wrong = append(wrong, fault.Detail{Path: path, Message: text})
		}
	}
	s.Description = strings.TrimSpace(s.Description)
	want(utf8.RuneCountInString(s.Description) <= maxDescription, "description", "A description has at most 200 characters.")
	slices.Sort(s.Events)
	s.Events = slices.Compact(s.Events)
	want(len(s.Events) > 0, "events", "Name at least one event.")
	for _, e := range s.Events {
		want(slices.Contains(Names, e), "events", fmt.Sprintf("There is no event %.40q. Events are: %s.", string(e), namesText()))
	}
	if s.Options.Answers {
		want(slices.Contains(s.Events, MessageReceived), "options.answers", "A flow that answers guests needs the event message.received.")
		want(len(s.Options.Units) == 0, "options.hotelUnits", "A flow that answers guests hears all of them: leave hotelUnits out, or answers.")
	}
	want(len(s.Options.Units) <= maxUnits, "options.hotelUnits", "Name at most 50 units.")
	for _, u := range s.Options.Units {
		want(u != "" && utf8.RuneCountInString(u) <= maxUnit, "options.hotelUnits", "A unit has 1 to 100 characters.")
	}
	for i, v := range s.Options.Statuses {
		s.Options.Statuses[i] = message.Status(strings.ToUpper(string(v)))
		want(slices.Contains(statuses, s.Options.Statuses[i]), "options.statuses", "Statuses are SENT, DELIVERED, READ, PLAYED and FAILED.")
	}
	if len(wrong) > 0 {
		return s, ErrInvalid.With(wrong...)
	}
	return s, nil
}

// ErrInvalid is returned for a subscription with wrong fields.
var ErrInvalid = fault.New(fault.Invalid, "validation_failed", "Something about this subscription is wrong: details names the fields.")

func namesText() string {
	texts := make([]string, len(Names))
	for i, n := range Names {
		texts[i] = string(n)
	}
	return strings.Join(texts, ", ")
}

// IsPaused reports whether nothing is told at present.
func (s Subscription) IsPaused() bool { return !s.PausedAt.IsZero() }

// Wants reports whether a subscriber is to hear of a happening in a conversation.
func (s Subscription) Wants(h Happening, c conversation.Conversation) bool {
	if s.IsPaused() || !slices.Contains(s.Events, h.Name) {
		return false
	}
	if len(s.Options.Units) > 0 && !slices.Contains(s.Options.Units, c.Unit) {
		return false
	}
	switch h.Name {
	case MessageStatus:
		return len(s.Options.Statuses) == 0 || slices.Contains(s.Options.Statuses, h.Status)
	case MessageReceived, ButtonClicked:
		if s.Options.Answers && h.Name == MessageReceived {
			return false // handed over
		}
		return !s.Options.OnlyUnlocked || h.WakesBot && !c.Lock.Locked
	default:
		return true
	}
}

// Succeeded returns the subscription after a delivery arrived.
func (s Subscription) Succeeded() Subscription {
	s.FailingSince, s.Failures, s.LastError = time.Time{}, 0, ""
	return s
}

// Failed returns the subscription after a delivery did not arrive, paused if that has gone on
// for too long.
func (s Subscription) Failed(reason string, now time.Time) Subscription {
	if s.FailingSince.IsZero() {
		s.FailingSince = now
	}
	s.Failures++
	s.LastError = reason
	if !s.IsPaused() && now.Sub(s.FailingSince) >= PauseAfter {
		s.PausedAt, s.PausedByUs = now, true
	}
	return s
}

// Resumed returns the subscription as one that is told again, with a clean slate.
func (s Subscription) Resumed() Subscription {
	s.PausedAt, s.PausedByUs = time.Time{}, false
	return s.Succeeded()
}

// Attempt is the end of one delivery so far, as the log of a subscription shows it: nothing
// that a guest said is in it.
type Attempt struct {
	ID             id.Subscribed
	Event          Name
	ConversationID id.Conversation
	State          State
	Attempts       int
	HTTPStatus     int           // of the last answer; 0 when none came
	Took           time.Duration // of the last attempt
	Answer         string        // how the last answer began, when it was a refusal
	Reason         string        // for people; empty when it arrived
	Ref            Ref           // what was told of
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// State is how far a delivery got.
type State string

// The states.
const (
	Arrived  State = "delivered"
	Retrying State = "retrying"
	GivenUp  State = "failed"
	Skipped  State = "skipped" // the subscription was paused, or its condition no longer held
)
