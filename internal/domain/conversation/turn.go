package conversation

import (
	"encoding/base64"
	"encoding/binary"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// Turn names one hand-over to the bot: in which conversation, the how manyeth, and how often the
// ball had been passed by then. Whoever answers with it is refused once the guest said something
// newer or a person took over, even if the bot has the guest again.
type Turn struct {
	Conversation id.Conversation
	Number       int64
	Ball         int64
}

// Refusals of answers to turns.
var (
	ErrTurnOver = fault.New(fault.Conflict, "turn_over",
		"This answers a turn that is over: a person took the conversation over, or the guest has written again. Drop the answer; the next hand-over has everything that was said.")
	ErrOvertaken = fault.New(fault.Conflict, "overtaken",
		"The guest wrote again, or a person took over, before this was said: what had not gone out was dropped.")
	ErrTurnToken = fault.New(fault.Invalid, "turn_token_invalid", "This is no turnToken. Send the one of the hand-over that you answer, or none.")
)

const turnPrefix = "t1."

// Token writes the turn as flows send it back. It is no secret and gives no right: it only takes
// away.
func (t Turn) Token() string {
	raw := t.Conversation.UUID[:]
	raw = binary.AppendVarint(raw[:len(raw):len(raw)], t.Number)
	raw = binary.AppendVarint(raw, t.Ball)
	return turnPrefix + base64.RawURLEncoding.EncodeToString(raw)
}

// ParseTurn reads a token, or returns ErrTurnToken.
func ParseTurn(token string) (Turn, error) {
	text, isOurs := strings.CutPrefix(strings.TrimSpace(token), turnPrefix)
	raw, err := base64.RawURLEncoding.DecodeString(text)
	var t Turn
	if !isOurs || err != nil || len(raw) < len(t.Conversation.UUID) {
		return Turn{}, ErrTurnToken
	}
	copy(t.Conversation.UUID[:], raw)
	raw = raw[len(t.Conversation.UUID):]
	number, n := binary.Varint(raw)
	if n <= 0 {
		return Turn{}, ErrTurnToken
	}
	ball, m := binary.Varint(raw[n:])
	if m <= 0 || n+m != len(raw) || number < 0 || ball < 0 {
		return Turn{}, ErrTurnToken
	}
	t.Number, t.Ball = number, ball
	return t, nil
}

// TurnOf returns a hand-over of the conversation as it is now.
func (c Conversation) TurnOf(number int64) Turn {
	return Turn{Conversation: c.ID, Number: number, Ball: c.Ball.Version}
}

// Admits returns ErrTurnOver if an answer to the turn comes too late.
func (c Conversation) Admits(t Turn) error {
	if t.Conversation != c.ID || t.Number < c.Turn || t.Ball != c.Ball.Version {
		return ErrTurnOver
	}
	return nil
}
