package n8n

import (
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// EventTurn names what a flow gets that hears guests in turns.
const EventTurn = "message.turn"

// Turn is what a guest said without a pause, with what a flow needs to answer it without asking.
type Turn struct {
	Handover   // of the last message
	Messages   []message.Message
	Before     []message.Message // oldest first
	Escalation *escalation.Escalation
}

// turnPayload is a payload as of the last message, whose words are those of all.
type turnPayload struct {
	payload
	Messages   []said     `json:"messages"`
	History    []line     `json:"history"`
	Escalation *callForUs `json:"escalation"`
}

// said is one message of a turn.
type said struct {
	MessageID          string `json:"messageId"`
	ExternalMessageID  string `json:"externalMessageId"`
	Type               string `json:"type"`
	Timestamp          int64  `json:"timestamp"`
	TimestampMillis    int64  `json:"momment"` //nolint:misspell // Z-API spells it so
	ReferenceMessageID string `json:"referenceMessageId,omitempty"`
	ChatInput          string `json:"chatInput"`

	content
}

// line is something that was said before, as language models take it.
type line struct {
	Role    string    `json:"role"` // user: the guest; assistant: the hotel
	By      string    `json:"by"`   // guest, bot or person
	Content string    `json:"content"`
	At      time.Time `json:"at"`
}

// callForUs is a call for a person that nobody has answered.
type callForUs struct {
	ID        string            `json:"id"`
	Reason    escalation.Reason `json:"reason"`
	Detail    string            `json:"reasonDetail,omitempty"`
	CreatedAt time.Time         `json:"createdAt"`
}

// TurnBody writes the JSON that a flow gets of a turn: that of its last message, with the words of all of them.
func TurnBody(t Turn) ([]byte, error) {
	p, err := payloadOf(t.Handover)
	if err != nil {
		return nil, err
	}
	p.Event = EventTurn
	out := turnPayload{payload: p, Messages: []said{}, History: []line{}}
	words := make([]string, 0, len(t.Messages))
	for _, m := range t.Messages {
		s := saidOf(m)
		out.Messages, words = append(out.Messages, s), append(words, s.ChatInput)
	}
	out.ChatInput = strings.Join(words, "\n")
	if p.kind == "text" {
		out.Text = &text{out.ChatInput} // where flows of the original look
	}
	for _, m := range t.Before {
		if m.Kind != message.Reaction && m.Kind != message.Notice && !m.IsRevoked() {
			out.History = append(out.History, lineOf(m))
		}
	}
	if e := t.Escalation; e != nil {
		out.Escalation = &callForUs{e.ID.String(), e.Reason, e.ReasonDetail, e.CreatedAt.UTC()}
	}
	out.dress(t.Style)
	return written(out, t.Style, t.Facts)
}

func saidOf(m message.Message) said {
	c := contentOf(m)
	s := said{
		MessageID: m.ID.String(), ExternalMessageID: m.WAMID, Type: c.kind, ChatInput: c.spoken,
		Timestamp: m.Timestamp.Unix(), TimestampMillis: m.Timestamp.UnixMilli(), content: c,
	}
	if quoted := m.Metadata.Context; quoted != nil {
		s.ReferenceMessageID = quoted.WAMID
	}
	return s
}

func lineOf(m message.Message) line {
	l := line{Role: "user", By: "guest", Content: contentOf(m).spoken, At: m.Timestamp.UTC()}
	if m.Direction == message.Outbound {
		l.Role, l.By, l.Content = "assistant", strings.ToLower(string(m.Sender)), m.Content
	}
	return l
}
