package conversation

import (
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Holder is who has the ball: from whom the guest is to hear next.
type Holder string

// The holders. They follow from the lock and the state, and are stored nowhere:
//
//	          escalated                answered, taken
//	HeldByBot ─────────▶ HeldByNobody ────────────────▶ HeldByPerson
//	    ▲ ▲                   │  closed, handed back         │ ▲
//	    │ └───────────────────┘                              │ │ answered, taken
//	    └────────────────────────────────────────────────────┘ └── HeldByBot
const (
	HeldByBot    Holder = "BOT"
	HeldByPerson Holder = "HUMAN"
	HeldByNobody Holder = "WAITING" // the bot is silent, and nobody has taken it yet
)

// Ball is how often a conversation went from one holder to another, and when it last did.
type Ball struct {
	Version int64
	Since   time.Time
}

// HandBack is the last time that the bot was given a guest back.
type HandBack struct {
	By   string    `json:"by"` // the person's name, or System
	Note string    `json:"note,omitempty"`
	At   time.Time `json:"at"`
	Turn int64     `json:"turn"` // the last one before: the next hand-over tells of it
}

// MaxNote is how long a note to the bot may be, in characters.
const MaxNote = 2000

// ErrNote refuses notes to the bot that are too long.
var ErrNote = fault.New(fault.Invalid, "note_too_long", "A note to the bot has at most 2000 characters.")

// Holder returns who has the ball. A lock that a person did not ask for (an escalation, an answer
// on the hotel's phone) waits for one as long as the conversation is open.
func (c Conversation) Holder() Holder {
	switch {
	case !c.Lock.Locked:
		return HeldByBot
	case c.Lock.By == System && (c.State == Open || c.State == BotHandling):
		return HeldByNobody
	default:
		return HeldByPerson
	}
}

// BallSince returns since when the conversation's holder has it. Those from before balls were
// counted say it by their lock, or by when they began.
func (c Conversation) BallSince() time.Time {
	switch {
	case !c.Ball.Since.IsZero():
		return c.Ball.Since
	case c.Lock.Locked:
		return c.Lock.At
	default:
		return c.CreatedAt
	}
}

// passed returns the conversation with its ball counted on, if it has another holder than before.
func (c Conversation) passed(before Holder, now time.Time) Conversation {
	if c.Holder() != before {
		c.Ball = Ball{Version: c.Ball.Version + 1, Since: now}
	}
	return c
}

// HandsBackAt returns when the bot gets the guest back by itself: after nobody has said anything
// for as long as the hotel waits. It is zero when that is not to happen: the hotel does not want
// it, or nobody has taken the conversation yet, and the guest would wait for a person in vain.
func (c Card) HandsBackAt() time.Time {
	if c.HandBackAfter <= 0 || c.Holder() != HeldByPerson {
		return time.Time{}
	}
	last := c.LastMessageAt
	for _, t := range []time.Time{c.Ball.Since, c.Lock.At} {
		if t.After(last) {
			last = t
		}
	}
	return last.Add(c.HandBackAfter)
}

// GiveBack returns the conversation handed back to the bot with a note for it.
func (c Conversation) GiveBack(by, note string, now time.Time) Conversation {
	if c.Lock.Locked {
		c.HandBack = &HandBack{By: by, Note: note, At: now, Turn: c.Turn}
	}
	return c.Unlock(now)
}

// ToldOf returns the hand-back that a turn tells the bot of: the one just before it.
func (c Conversation) ToldOf(turn int64) *HandBack {
	if c.HandBack == nil || c.HandBack.Turn+1 != turn {
		return nil
	}
	return c.HandBack
}
