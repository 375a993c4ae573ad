package conversation

import "time"

// Answerer is who should answer a guest's message.
type Answerer string

// The answerers.
const (
	ByBot    Answerer = "bot"
	ByPerson Answerer = "person"
	ByNobody Answerer = "nobody" // it needs no answer, or there is no bot
)

// Facts is what Route looks at besides the conversation itself.
type Facts struct {
	HasBot             bool // the tenant has a flow to hand messages to
	IsBarred           bool // the tenant may not use the product
	ForwardWhileLocked bool // the tenant's flow checks the lock by itself
	WakesBot           bool // the kind of message calls for an answer
	SentAt             time.Time
	Now                time.Time
}

// Route decides who answers a guest's message. A message older than the 24-hour
// window (Meta may deliver up to seven days late) is nobody's: a bot's free text
// would be refused.
func (c Conversation) Route(f Facts) Answerer {
	if c.Lock.Locked && !f.ForwardWhileLocked {
		return ByPerson
	}
	if !f.HasBot || f.IsBarred || !f.WakesBot || f.Now.Sub(f.SentAt) >= Window {
		return ByNobody
	}
	return ByBot
}
