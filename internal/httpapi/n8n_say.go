package httpapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/outbox"
)

// awaitMeta is how long a flow's send waits for Meta's answer, because flows use the
// id that Meta gives.
const awaitMeta = 10 * time.Second

// BotTo says to whom a flow speaks; every send-* has it. Exported for huma.
type BotTo struct {
	Phone       loose `json:"phone,omitempty" doc:"The guest's number in any form"`
	PhoneNumber loose `json:"phoneNumber,omitempty" doc:"The same as phone"`
	Channel     loose `json:"channel,omitempty" doc:"whatsapp, the only channel"`
	ReplyTo     loose `json:"replyTo,omitempty" doc:"The message that is quoted: our id or WhatsApp's"`
	TurnToken   loose `json:"turnToken,omitempty" doc:"The one of the hand-over that this answers: refused with turn_over when a person took over since or the guest has a newer turn. Or as header X-BotReserva-Turn"`
}

func (t BotTo) to() BotTo { return t }

// phone returns the guest's number as the flow wrote it.
func (t BotTo) phone() (string, error) {
	switch channel := strings.ToLower(strings.TrimSpace(string(t.Channel))); {
	case channel == "messenger" || channel == "instagram":
		return "", errChannel
	case first(t.Phone, t.PhoneNumber) == "":
		return "", missing("phone", "Say to whom: phone is missing.")
	}
	return first(t.Phone, t.PhoneNumber), nil
}

var errChannel = fault.New(fault.Unprocessable, "channel_not_supported", "This hotel's guests are reached by WhatsApp only: leave channel out.")

// missing refuses a call that lacks a field.
func missing(path, sentence string) error {
	return fault.ErrInvalid.With(fault.Detail{Path: path, Code: requiredCode, Message: sentence})
}

// botSays is what a flow wants said, as it words it.
type botSays interface {
	to() BotTo
	// content is what is sent; find reads how the call names a file.
	content(find func(address string) (content.File, error)) (content.Content, error)
	// field is what the call calls a part of the content.
	field(path string) string
}

type botSend[B any] struct {
	IdempotencyKey string `header:"Idempotency-Key"`
	Turn           string `header:"X-BotReserva-Turn" doc:"The same as turnToken in the body"`
	Body           B
}

// botSendAny is the handler of every send-* that sends one message: 200 with Meta's id, or
// 202 when Meta takes longer than 10 seconds; 409 ia_locked while a person holds the
// conversation.
func botSendAny[B botSays](s *server, ctx context.Context, c caller, in *botSend[B]) (*botSent, error) {
	what, err := s.botContent(ctx, c, in.Body)
	if err != nil {
		return nil, err
	}
	to := in.Body.to()
	if to.TurnToken == "" {
		to.TurnToken = loose(in.Turn)
	}
	q, err := s.botSay(ctx, c, to, what, in.IdempotencyKey)
	if err != nil {
		return nil, repointed(err, in.Body.field)
	}
	m, err := s.botAwait(ctx, c, q, awaitMeta)
	if err != nil {
		return nil, err
	}
	return botSentOf(m, q.Duplicate), nil
}

// botContent reads what a flow wants said, cut to what WhatsApp shows.
func (s *server) botContent(ctx context.Context, c caller, says botSays) (content.Content, error) {
	what, err := says.content(func(address string) (content.File, error) { return s.fileAt(ctx, c, address) })
	if err != nil {
		return nil, err
	}
	return content.Fit(what), nil
}

// botSay is the one way by which a flow's words go out: whatever a flow sends passes here,
// and what is to hold for all of it is asked here.
func (s *server) botSay(ctx context.Context, c caller, to BotTo, what content.Content, key string) (outbox.Queued, error) {
	phone, err := to.phone()
	if err != nil {
		return outbox.Queued{}, err
	}
	return s.deps.Sender.Send(ctx, c.tenant, outbox.Request{
		Phone: phone, Sender: message.Bot, Content: what, ReplyTo: string(to.ReplyTo), ClientID: key,
		TurnToken: string(to.TurnToken),
	})
}

// botAwait returns the message once Meta answered, or as it stands after a while.
func (s *server) botAwait(ctx context.Context, c caller, q outbox.Queued, limit time.Duration) (message.Message, error) {
	m, err := s.deps.Deliverer.Await(ctx, c.tenant, q.Message.ID, limit)
	if err == nil && m.Status == message.Failed {
		err = notDelivered(m)
	}
	return m, err
}

// botSent answers a flow. botReservaResponse repeats the ids where the original had
// them, zaapId where Z-API has it.
type botSent struct {
	Status int
	Body   botSentBody
}

type botSentBody struct {
	Success   bool           `json:"success"`
	MessageID *string        `json:"messageId" doc:"Meta's id; null while Meta has not answered"`
	ID        string         `json:"id" doc:"Our id"`
	ZaapID    string         `json:"zaapId" doc:"Our id, where Z-API has one"`
	State     message.Status `json:"status"`
	Duplicate bool           `json:"duplicate,omitempty"`
	Response  botIDs         `json:"botReservaResponse"`
}

type botIDs struct {
	MessageID *string `json:"messageId"`
	ID        string  `json:"id"`
}

func botSentOf(m message.Message, isDuplicate bool) *botSent {
	out := botSentBody{Success: true, ID: m.ID.String(), ZaapID: m.ID.String(), State: m.Status, Duplicate: isDuplicate, MessageID: wamidOf(m)}
	out.Response = botIDs{out.MessageID, out.ID}
	status := http.StatusOK
	if !m.Status.IsFinal() {
		status = http.StatusAccepted
	}
	return &botSent{status, out}
}

func wamidOf(m message.Message) *string {
	if m.WAMID == "" {
		return nil
	}
	return &m.WAMID
}

// notDelivered tells a flow why Meta did not take its message.
func notDelivered(m message.Message) error {
	switch {
	case m.Failure == nil:
		return &problem{status: http.StatusUnprocessableEntity, Err: "WhatsApp: not delivered", Message: "WhatsApp: not delivered", Code: "delivery_failed"}
	case m.Failure.Details == conversation.ErrIALocked.Code:
		return conversation.ErrIALocked
	case m.Failure.Details == conversation.ErrTurnOver.Code:
		return conversation.ErrTurnOver
	case m.Failure.Details == conversation.ErrBotPaused.Code:
		return conversation.ErrBotPaused
	case m.Failure.Details == conversation.ErrWindowClosed.Code || m.Failure.Code == 131047:
		return conversation.ErrWindowClosed
	}
	text := "WhatsApp: " + m.Failure.Message
	return &problem{status: http.StatusUnprocessableEntity, Err: text, Message: text, Code: "delivery_failed"}
}
