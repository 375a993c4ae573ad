package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

// loose is a text that flows may write as a number or a boolean too.
type loose string

// Schema implements huma.SchemaProvider: anything goes, UnmarshalJSON decides.
func (loose) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Description: "text or number"} }

// UnmarshalJSON implements json.Unmarshaler. Objects and lists are read as empty: the
// field is then missing.
func (l *loose) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*l = loose(text)
		return nil
	}
	if c := data[0]; c != '{' && c != '[' && string(data) != "null" {
		*l = loose(data)
	}
	return nil
}

// awaitMeta is how long a flow's send waits for Meta's answer, because flows use the
// id that Meta gives.
const awaitMeta = 10 * time.Second

type botSendInput struct {
	IdempotencyKey string `header:"Idempotency-Key"`
	Body           struct {
		Phone       loose `json:"phone,omitempty"`
		Message     loose `json:"message,omitempty"`
		DelayTyping loose `json:"delayTyping,omitempty"`
	}
}

// botSent answers a flow. botReservaResponse repeats the ids where the original had
// them.
type botSent struct {
	Status int
	Body   botSentBody
}

type botSentBody struct {
	Success   bool           `json:"success"`
	MessageID *string        `json:"messageId" doc:"Meta's id; null while Meta has not answered"`
	ID        string         `json:"id" doc:"Our id"`
	State     message.Status `json:"status"`
	Duplicate bool           `json:"duplicate,omitempty"`
	Response  botIDs         `json:"botReservaResponse"`
}

type botIDs struct {
	MessageID *string `json:"messageId"`
	ID        string  `json:"id"`
}

// botSendText sends a text as the bot. 200 with Meta's id, or 202 when Meta takes
// longer than 10 seconds; 409 ia_locked while a person holds the conversation.
func (s *server) botSendText(ctx context.Context, c caller, in *botSendInput) (*botSent, error) {
	if in.Body.Phone == "" {
		return nil, wrongField("phone", "Say to whom: phone is missing.")
	}
	q, err := s.deps.Sender.Send(ctx, c.tenant, outbox.Request{
		Phone: string(in.Body.Phone), Sender: message.Bot, Content: content.Text{Body: cut(string(in.Body.Message), 4096)},
		ClientID: in.IdempotencyKey,
	})
	if err != nil {
		return nil, err
	}
	m, err := s.deps.Deliverer.Await(ctx, c.tenant, q.Message.ID, awaitMeta)
	if err != nil {
		return nil, err
	}
	if m.Status == message.Failed {
		return nil, notDelivered(m)
	}
	out := botSentBody{Success: true, ID: m.ID.String(), State: m.Status, Duplicate: q.Duplicate}
	if m.WAMID != "" {
		out.MessageID = &m.WAMID
	}
	out.Response = botIDs{out.MessageID, out.ID}
	status := http.StatusOK
	if !m.Status.IsFinal() {
		status = http.StatusAccepted
	}
	return &botSent{status, out}, nil
}

func cut(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit])
	}
	return text
}

// notDelivered tells a flow why Meta did not take its message.
func notDelivered(m message.Message) error {
	switch {
	case m.Failure == nil:
		return &problem{status: http.StatusUnprocessableEntity, Err: "WhatsApp: not delivered", Message: "WhatsApp: not delivered", Code: "delivery_failed"}
	case m.Failure.Details == conversation.ErrIALocked.Code:
		return conversation.ErrIALocked
	case m.Failure.Details == conversation.ErrWindowClosed.Code || m.Failure.Code == 131047:
		return conversation.ErrWindowClosed
	}
	text := "WhatsApp: " + m.Failure.Message
	return &problem{status: http.StatusUnprocessableEntity, Err: text, Message: text, Code: "delivery_failed"}
}

type botEscalateInput struct {
	Body struct {
		Phone              loose `json:"phone,omitempty"`
		ContactPhoneNumber loose `json:"contactPhoneNumber,omitempty"`
		Reason             loose `json:"reason,omitempty"`
		ReasonDetail       loose `json:"reasonDetail,omitempty"`
		HotelUnit          loose `json:"hotelUnit,omitempty"`
		Priority           loose `json:"priority,omitempty"`
		MessageHistory     any   `json:"messageHistory,omitempty"`
		AIContext          any   `json:"aiContext,omitempty"`
	}
}

type escalated struct {
	Success      bool              `json:"success"`
	Escalation   wire.Escalation   `json:"escalation"`
	Conversation wire.Conversation `json:"conversation"`
	Contact      wire.Contact      `json:"contact"`
}

// maxContext bounds what a flow may tell about its dialogue, in bytes of JSON.
const maxContext = 64 << 10

func (s *server) botEscalate(ctx context.Context, c caller, in *botEscalateInput) (*reply[escalated], error) {
	b := in.Body
	phone := string(b.Phone)
	if phone == "" {
		phone = string(b.ContactPhoneNumber)
	}
	if phone == "" {
		return nil, wrongField("phone", "Say for whom: phone is missing.")
	}
	about, err := contextOf(b.AIContext, b.MessageHistory)
	if err != nil {
		return nil, err
	}
	a, err := s.deps.Desk.Escalate(ctx, c.tenant, desk.Call{
		Phone: phone, Reason: escalation.ParseReason(string(b.Reason)), Detail: cut(string(b.ReasonDetail), 2000),
		Unit: cut(string(b.HotelUnit), 100), Priority: priorityOf(string(b.Priority)), AIContext: about,
		History: historyOf(b.MessageHistory),
	})
	if err != nil {
		return nil, err
	}
	return answer(escalated{
		Success: true, Escalation: wire.EscalationOf(c.tenant, a.Escalation, nil),
		Conversation: wire.ConversationOf(c.tenant, a.Card), Contact: wire.ContactOf(a.Card.Contact),
	}), nil
}

// contextOf keeps what the bot knows: an object stays one, a text becomes a summary,
// and the history is kept beside it.
func contextOf(about, history any) (json.RawMessage, error) {
	if about == nil && history == nil {
		return nil, nil
	}
	out := map[string]any{}
	switch v := about.(type) {
	case map[string]any:
		out = v
	case nil:
	default:
		out["summary"] = v
	}
	if history != nil {
		out["messageHistory"] = history
	}
	text, err := json.Marshal(out)
	if err != nil || len(text) > maxContext {
		return nil, wrongField("aiContext", "aiContext and messageHistory may have at most 64 KB together.")
	}
	return text, nil
}

// priorityOf reads liberally: a call for help is urgent unless it says otherwise.
func priorityOf(text string) conversation.Priority {
	for _, known := range conversation.Priorities {
		if strings.EqualFold(string(known), strings.TrimSpace(text)) {
			return known
		}
	}
	return conversation.High
}

type botLockInput struct {
	Phone       string `query:"phone"`
	PhoneNumber string `query:"phoneNumber"`
}

type botLock struct {
	Locked         bool   `json:"locked"`
	ConversationID string `json:"conversationId,omitempty"`
}

func (s *server) botCheckLock(ctx context.Context, c caller, in *botLockInput) (*reply[botLock], error) {
	phone := in.Phone
	if phone == "" {
		phone = in.PhoneNumber
	}
	locked, conversationID, err := s.deps.Desk.IsLocked(ctx, c.tenant, phone)
	if err != nil {
		return nil, err
	}
	out := botLock{Locked: locked}
	if !conversationID.IsZero() {
		out.ConversationID = conversationID.String()
	}
	return answer(out), nil
}

type botReadInput struct {
	Body struct {
		MessageID         loose `json:"messageId,omitempty"`
		WhatsAppMessageID loose `json:"whatsappMessageId,omitempty"`
		ExternalMessageID loose `json:"externalMessageId,omitempty"`
	}
}

type botRead struct {
	Success bool   `json:"success"`
	Message string `json:"message,omitempty"`
}

// botMarkRead shows the guest the blue ticks. The message may be named by Meta's id
// or by ours. What Meta answers is told, but is no error: a flow must not stop for it.
func (s *server) botMarkRead(ctx context.Context, c caller, in *botReadInput) (*reply[botRead], error) {
	named := string(in.Body.MessageID)
	for _, other := range []loose{in.Body.ExternalMessageID, in.Body.WhatsAppMessageID} {
		if named == "" {
			named = string(other)
		}
	}
	m, err := s.messageNamed(ctx, c.tenant, named)
	if err != nil {
		return nil, err
	}
	if !s.showRead(ctx, c.hotel, m) {
		return answer(botRead{Message: "WhatsApp did not take it."}), nil
	}
	return answer(botRead{Success: true}), nil
}

func (s *server) messageNamed(ctx context.Context, tenantID id.Tenant, named string) (message.Message, error) {
	if ours, err := id.ParseMessage(named); err == nil {
		return s.deps.DB.Message(ctx, tenantID, ours)
	}
	if named == "" || len(named) > 512 {
		return message.Message{}, postgres.ErrNoMessage
	}
	return s.deps.DB.MessageByWAMID(ctx, tenantID, named)
}
