package httpapi

import (
	"context"
	"errors"
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
	IdempotencyKey string `header:"Idempotency-Key" doc:"The same key sends once, however often the call is made"`
	Turn           string `header:"X-BotReserva-Turn" doc:"The same as turnToken in the body"`
	Body           B
}

// botSendAny is the handler of every send-* but the carousel's: 200 with Meta's id, or 202
// when Meta takes longer than 10 seconds; 409 ia_locked while a person holds the conversation.
func botSendAny[B botSays](s *server, ctx context.Context, c caller, in *botSend[B]) (*botSent, error) {
	what, err := s.botContent(ctx, c, in.Body)
	if err != nil {
		return nil, err
	}
	parts := []outbox.Part{{Content: what}}
	if slowly, ok := any(in.Body).(interface{ pace() BotPace }); ok {
		parts = slowly.pace().bubbles(what)
	}
	queued, err := s.botSay(ctx, c, says{to: in.Body.to(), parts: parts, key: in.IdempotencyKey, turn: in.Turn})
	if err != nil {
		return nil, repointed(err, in.Body.field)
	}
	sent, stopped, err := s.botAwaitAll(ctx, c, queued)
	if err != nil {
		return nil, err
	}
	return botSentOf(sent, stopped, queued[0].Duplicate), nil
}

// botContent reads what a flow wants said, cut to what WhatsApp shows.
func (s *server) botContent(ctx context.Context, c caller, says botSays) (content.Content, error) {
	what, err := says.content(func(address string) (content.File, error) { return s.flowFile(ctx, c, address) })
	if err != nil {
		return nil, err
	}
	return content.Fit(what), nil
}

// says is what a flow says by one call.
type says struct {
	to    BotTo
	parts []outbox.Part
	key   string // under which it is said once; may be empty
	turn  string // where the body names none
}

// botSay is the one way by which a flow's words go out: whatever a flow sends passes here,
// and what is to hold for all of it is asked here.
func (s *server) botSay(ctx context.Context, c caller, what says) ([]outbox.Queued, error) {
	phone, err := what.to.phone()
	if err != nil {
		return nil, err
	}
	hash := ""
	if c.hotel.Bot.RepeatGuard {
		hash = c.callHash()
	}
	sent, err := s.deps.Sender.SendAll(ctx, c.tenant, outbox.Request{
		Hash:  hash,
		Phone: phone, Sender: message.Bot, ReplyTo: string(what.to.ReplyTo), ClientID: what.key,
		Content: what.parts[0].Content, Pause: what.parts[0].Pause, More: what.parts[1:],
		TurnToken: first(what.to.TurnToken, loose(what.turn)),
	})
	if errors.Is(err, outbox.ErrMonologue) {
		if failed := s.deps.Desk.StopBot(ctx, c.tenant, phone); failed != nil {
			return nil, failed
		}
	}
	return sent, err
}

// longestAwait bounds how long a call waits, however slowly its messages go out: shorter than
// proxies wait for an answer.
const longestAwait = 50 * time.Second

// botAwaitAll waits until all messages of a call are out, so that what the flow does next comes
// after them. If some are out and the others were stopped, that is no error: stopped says why.
func (s *server) botAwaitAll(ctx context.Context, c caller, queued []outbox.Queued) (sent []message.Message, stopped string, err error) {
	until := time.Now().Add(patienceFor(queued)) //nolint:forbidigo // how long a connection is kept waiting is of the machine's time
	for _, q := range queued {
		m, err := s.deps.Deliverer.Await(ctx, c.tenant, q.Message.ID, max(time.Until(until), time.Millisecond)) //nolint:forbidigo // as above
		if err != nil {
			return nil, "", err
		}
		if m.Status == message.Failed && len(sent) == 0 {
			return nil, "", notDelivered(m)
		}
		if m.Status == message.Failed && stopped == "" {
			stopped = stoppedBy(m)
		}
		sent = append(sent, m)
	}
	return sent, stopped, nil
}

func patienceFor(queued []outbox.Queued) time.Duration {
	patience := awaitMeta
	for i, q := range queued {
		var pause time.Duration
		if i > 0 {
			pause = paceOfMeta
		}
		if said := q.Message.Metadata.Said; said != nil {
			pause = max(pause, said.Wait())
		}
		patience += pause
	}
	return min(patience, longestAwait)
}

// paceOfMeta is how often WhatsApp takes messages for one guest, in the long run.
const paceOfMeta = 6 * time.Second

// stoppedBy is the code of why a message was not sent.
func stoppedBy(m message.Message) string { return problemOf(notDelivered(m), "").Code }

// botSent answers a flow. botReservaResponse repeats the ids where the original had
// them, zaapId where Z-API has it.
type botSent struct {
	Status int
	Body   botSentBody
}

type botSentBody struct {
	Success    bool           `json:"success"`
	MessageID  *string        `json:"messageId" doc:"Meta's id, of the first message; null while Meta has not answered"`
	ID         string         `json:"id" doc:"Our id, of the first message"`
	ZaapID     string         `json:"zaapId" doc:"Our id, where Z-API has one"`
	State      message.Status `json:"status" doc:"Of the last message that was not stopped"`
	Duplicate  bool           `json:"duplicate,omitempty" doc:"Nothing was sent: this is the answer to the same call before"`
	MessageIDs []*string      `json:"messageIds,omitempty" doc:"Meta's ids of all messages, in order, where the text was split"`
	IDs        []string       `json:"ids,omitempty" doc:"Our ids of them"`
	Stopped    string         `json:"stopped,omitempty" doc:"Why the rest was not said: overtaken, ia_locked, part_failed…"`
	Response   botIDs         `json:"botReservaResponse"`
}

type botIDs struct {
	MessageID *string `json:"messageId"`
	ID        string  `json:"id"`
}

func botSentOf(sent []message.Message, stopped string, isDuplicate bool) *botSent {
	m := sent[0]
	out := botSentBody{
		Success: true, ID: m.ID.String(), ZaapID: m.ID.String(), State: stateOf(sent), Duplicate: isDuplicate,
		MessageID: wamidOf(m), Stopped: stopped,
	}
	out.Response = botIDs{out.MessageID, out.ID}
	if len(sent) > 1 {
		out.MessageIDs = wamidsOf(sent)
		for _, m := range sent {
			out.IDs = append(out.IDs, m.ID.String())
		}
	}
	return &botSent{acceptedOr200(out.State), out}
}

// stateOf is how far a call's messages got: the last of them that was not stopped.
func stateOf(sent []message.Message) message.Status {
	state := sent[0].Status
	for _, m := range sent {
		if m.Status != message.Failed {
			state = m.Status
		}
	}
	return state
}

func acceptedOr200(state message.Status) int {
	if state.IsFinal() {
		return http.StatusOK
	}
	return http.StatusAccepted
}

func wamidsOf(sent []message.Message) []*string {
	var all []*string
	for _, m := range sent {
		all = append(all, wamidOf(m))
	}
	return all
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
	case m.Failure.Details == conversation.ErrOvertaken.Code:
		return conversation.ErrOvertaken
	case m.Failure.Details == conversation.ErrBotPaused.Code:
		return conversation.ErrBotPaused
	case m.Failure.Details == conversation.ErrWindowClosed.Code || m.Failure.Code == 131047:
		return conversation.ErrWindowClosed
	}
	text := "WhatsApp: " + m.Failure.Message
	if outbox.IsMetasTrouble(m.Failure) {
		return &problem{status: http.StatusServiceUnavailable, Err: text, Message: text, Code: "whatsapp_unavailable", Retryable: new(true), Retry: retryMeta}
	}
	return &problem{status: http.StatusUnprocessableEntity, Err: text, Message: text, Code: "delivery_failed"}
}

// retryMeta is after how many seconds a flow may try again what Meta had trouble with.
const retryMeta = 15
