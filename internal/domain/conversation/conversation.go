// Package conversation says how a conversation between a guest and a hotel
// behaves: who answers (bot or person), when Meta's 24-hour window is open, and
// how its state moves. Nothing here stores anything. Start with Route.
package conversation

import (
	"encoding/json"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// State is where a conversation stands; the names are the contract's.
type State string

// The states. All but Closed and Archived are active; a contact has at most one
// active conversation.
const (
	BotHandling State = "BOT_HANDLING"
	Open        State = "OPEN"        // nobody has taken it yet
	InProgress  State = "IN_PROGRESS" // somebody at the hotel works on it
	Waiting     State = "WAITING"     // it is the guest's turn
	Closed      State = "CLOSED"
	Archived    State = "ARCHIVED"
)

// States lists every state.
var States = []State{BotHandling, Open, InProgress, Waiting, Closed, Archived}

// Active lists the states of a conversation that goes on.
var Active = []State{BotHandling, Open, InProgress, Waiting}

// IsActive reports whether the conversation goes on.
func (s State) IsActive() bool { return s != Closed && s != Archived }

// Priority is how urgent a conversation is.
type Priority string

// The priorities.
const (
	Low    Priority = "LOW"
	Medium Priority = "MEDIUM"
	High   Priority = "HIGH"
	Urgent Priority = "URGENT"
)

// Priorities lists every priority.
var Priorities = []Priority{Low, Medium, High, Urgent}

// Conversation is one exchange between a guest and a hotel.
type Conversation struct {
	ID            id.Conversation
	ContactID     id.Contact
	NumberID      id.Number // the hotel's number that the guest wrote to last
	AssignedTo    id.User
	State         State
	Priority      Priority
	Source        string
	Unit          string // the hotel unit, as the tenant spells it; may be empty
	Lock          Lock
	IsOpportunity bool
	OpportunityAt time.Time
	Unread        int
	LastMessageAt time.Time
	LastInboundAt time.Time // by the provider's clock: opens the window
	LastMessage   *Preview
	CreatedAt     time.Time
	ClosedAt      time.Time
	FirstReplyAt  time.Time // when anybody first answered the guest
	FirstHumanAt  time.Time // when a person did
	EscalatedAt   time.Time // when the bot first called for a person
	Metadata      json.RawMessage
	Ball          Ball
	Turn          int64     // the last hand-over to the bot
	TurnUntil     int64     // the last item of the lane that belongs to it; only read
	HandBack      *HandBack // nil if the bot was never given the guest back
	Revision      int64     // grows with every change; of two states the higher one is newer
}

// Preview is the last message as lists show it. Sender is a message.Sender.
type Preview struct {
	ID        id.Message `json:"id"`
	Content   string     `json:"content"`
	Direction string     `json:"direction"`
	Type      string     `json:"type"`
	Timestamp time.Time  `json:"timestamp"`
	Sender    string     `json:"sender,omitempty"`
	SentBy    id.User    `json:"sentBy,omitzero"` // the person
}

// System is the name under which the product itself locks a conversation.
const System = "system"

// Lock keeps the bot silent while a person holds the conversation.
type Lock struct {
	Locked bool
	At     time.Time
	By     string // a user's id, or System
}

// Window is how long after a guest's message the hotel may write freely
// (Meta, "customer service window").
const Window = 24 * time.Hour

// windowMargin is how long before the end of the window nothing new is taken that needs it:
// what is on the way then would be refused by Meta, whose clock counts.
const windowMargin = 2 * time.Minute

// Refusals of this noun.
var (
	ErrNotFound     = fault.New(fault.NotFound, "conversation_not_found", "There is no such conversation.")
	ErrWindowClosed = fault.New(fault.Unprocessable, "window_closed",
		"More than 24 hours have passed since the guest's last message. WhatsApp allows only an approved template now.")
	ErrIALocked = fault.New(fault.Conflict, "ia_locked",
		"A person holds this conversation: the bot must stay silent until it is handed back.")
	ErrBotPaused = fault.New(fault.Conflict, "bot_paused",
		"The hotel has paused its bot: nothing that the bot says is sent until somebody resumes it in the settings.")
	ErrClosed = fault.New(fault.Conflict, "conversation_closed",
		"This conversation is closed. The guest's next message opens a new one.")
)

// Begin returns a new conversation with a guest.
func Begin(guest id.Contact, source, unit string, now time.Time) Conversation {
	return Conversation{
		ID: id.NewConversation(), ContactID: guest, State: Open, Priority: Medium,
		Source: source, Unit: unit, CreatedAt: now, Ball: Ball{Since: now}, Revision: 1,
	}
}

// MarkOpportunity returns the conversation noted as a possible sale, or no longer.
func (c Conversation) MarkOpportunity(is bool, now time.Time) Conversation {
	switch {
	case is && !c.IsOpportunity:
		c.OpportunityAt = now
	case !is:
		c.OpportunityAt = time.Time{}
	}
	c.IsOpportunity = is
	return c
}

// MarkRead returns the conversation after n of the guest's messages were read.
func (c Conversation) MarkRead(n int) Conversation {
	c.Unread = max(0, c.Unread-n)
	return c
}

// WindowEnds returns when the 24-hour window closes; zero if the guest never wrote.
func (c Conversation) WindowEnds() time.Time {
	if c.LastInboundAt.IsZero() {
		return time.Time{}
	}
	return c.LastInboundAt.Add(Window)
}

// WithinWindow reports whether free text may be sent at now.
func (c Conversation) WithinWindow(now time.Time) bool {
	return !c.LastInboundAt.IsZero() && now.Before(c.WindowEnds())
}

// WindowCloses returns until when the hotel may begin to say something that needs the window.
func (c Conversation) WindowCloses() time.Time {
	if c.LastInboundAt.IsZero() {
		return time.Time{}
	}
	return c.WindowEnds().Add(-windowMargin)
}

// TakesText reports whether the hotel may begin to say something that needs the window. What
// was taken in time is delivered as long as WithinWindow.
func (c Conversation) TakesText(now time.Time) bool {
	return !c.LastInboundAt.IsZero() && now.Before(c.WindowCloses())
}

// OpenSince returns since when a guest must have written so that their window takes text at now.
func OpenSince(now time.Time) time.Time { return now.Add(windowMargin - Window) }

// LockFor returns the conversation held by a person (or by System on behalf of
// one). A lock that is already there keeps its holder and its time.
func (c Conversation) LockFor(by string, now time.Time) Conversation {
	before := c.Holder()
	if !c.Lock.Locked {
		c.Lock = Lock{Locked: true, At: now, By: by}
	}
	return c.passed(before, now)
}

// Unlock returns the conversation handed back to the bot.
func (c Conversation) Unlock(now time.Time) Conversation {
	before := c.Holder()
	c.Lock = Lock{}
	return c.passed(before, now)
}

// To returns the conversation moved to a state. Closing and archiving set the
// time of closing and hand the conversation back to the bot.
func (c Conversation) To(s State, now time.Time) Conversation {
	before := c.Holder()
	c.State = s
	if s.IsActive() {
		c.ClosedAt = time.Time{}
		return c.passed(before, now)
	}
	if c.ClosedAt.IsZero() {
		c.ClosedAt = now
	}
	c.Lock = Lock{}
	return c.passed(before, now)
}

// Assign returns the conversation given to a user; an open one is now in progress.
func (c Conversation) Assign(to id.User, now time.Time) Conversation {
	before := c.Holder()
	c.AssignedTo = to
	if c.State == Open || c.State == BotHandling {
		c.State = InProgress
	}
	return c.passed(before, now)
}

// Unassign returns the conversation given back to everybody.
func (c Conversation) Unassign(now time.Time) Conversation {
	before := c.Holder()
	c.AssignedTo = id.User{}
	if c.State.IsActive() {
		c.State = Open
	}
	return c.passed(before, now)
}

// Escalate returns the conversation held for a person. One that somebody already
// works on stays with them.
func (c Conversation) Escalate(now time.Time) Conversation {
	before := c.Holder()
	if c.State != InProgress {
		c.State = Open
	}
	if c.EscalatedAt.IsZero() {
		c.EscalatedAt = now
	}
	if !c.Lock.Locked {
		c.Lock = Lock{Locked: true, At: now, By: System}
	}
	return c.passed(before, now)
}

// Answered returns the conversation after the hotel said something at a time: the bot,
// or a person. Only the first time of each counts.
func (c Conversation) Answered(byPerson bool, at time.Time) Conversation {
	if c.FirstReplyAt.IsZero() {
		c.FirstReplyAt = at
	}
	if byPerson && c.FirstHumanAt.IsZero() {
		c.FirstHumanAt = at
	}
	return c
}

// PersonSpoke returns the conversation after somebody at the hotel answered: they
// hold it, so the bot is silent, and work on it is in progress.
func (c Conversation) PersonSpoke(who id.User, now time.Time) Conversation {
	before, version := c.Holder(), c.Ball
	c = c.To(InProgress, now).LockFor(who.String(), now)
	c.Ball = version
	return c.passed(before, now)
}

// GuestWrote returns the conversation after a guest's message with the given
// time: it counts as unread, opens the window and ends the hotel's waiting.
func (c Conversation) GuestWrote(at time.Time) Conversation {
	before := c.Holder()
	c.Unread++
	if at.After(c.LastInboundAt) {
		c.LastInboundAt = at
	}
	if c.State == Waiting {
		c.State = Open
		if !c.AssignedTo.IsZero() {
			c.State = InProgress
		}
	}
	return c.passed(before, at)
}

// Show returns the conversation with p as its last message, unless a newer one
// is already shown: messages may arrive out of order.
func (c Conversation) Show(p Preview) Conversation {
	if c.LastMessage == nil || !p.Timestamp.Before(c.LastMessage.Timestamp) {
		c.LastMessage = &p
	}
	if p.Timestamp.After(c.LastMessageAt) {
		c.LastMessageAt = p.Timestamp
	}
	return c
}
