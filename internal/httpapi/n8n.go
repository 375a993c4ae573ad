package httpapi

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

// BotText is a text. Exported for huma.
type BotText struct {
	BotTo
	BotPace
	Message loose `json:"message,omitempty" doc:"At most 4096 characters; what is beyond is cut off"`
}

func (b BotText) content(func(string) (content.File, error)) (content.Content, error) {
	return content.Text{Body: string(b.Message)}, nil
}

func (BotText) field(path string) string { return renamedPath(path, botTextNames) }

var botTextNames = map[string]string{"body": "message"}

func cut(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit])
	}
	return text
}

type botEscalateInput struct {
	Body struct {
		Phone              loose `json:"phone,omitempty"`
		PhoneNumber        loose `json:"phoneNumber,omitempty"`
		ContactPhone       loose `json:"contactPhone,omitempty"`
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
	phone := first(b.Phone, b.ContactPhoneNumber, b.ContactPhone, b.PhoneNumber)
	if phone == "" {
		return nil, missing("phone", "Say for whom: phone is missing.")
	}
	history := unwrapped(b.MessageHistory)
	about, err := contextOf(unwrapped(b.AIContext), history)
	if err != nil {
		return nil, err
	}
	a, err := s.deps.Desk.Escalate(ctx, c.tenant, desk.Call{
		Phone: phone, Reason: escalation.ParseReason(string(b.Reason)), Detail: cut(string(b.ReasonDetail), 2000),
		Unit: cut(string(b.HotelUnit), 100), Priority: priorityOf(string(b.Priority)), AIContext: about,
		History: historyOf(history),
	})
	if err != nil {
		return nil, err
	}
	return answer(escalated{
		Success: true, Escalation: wire.EscalationOf(c.tenant, a.Escalation, nil),
		Conversation: wire.ConversationOf(c.tenant, a.Card), Contact: wire.ContactOf(a.Card.Contact),
	}), nil
}

// unwrapped takes an object or a list out of a text that holds it as JSON.
func unwrapped(v any) any {
	text, ok := v.(string)
	if !ok {
		return v
	}
	var inner any
	if t := strings.TrimSpace(text); strings.HasPrefix(t, "{") || strings.HasPrefix(t, "[") {
		if json.Unmarshal([]byte(t), &inner) == nil {
			return inner
		}
	}
	return v
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
