package inbox

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/outbox"
)

// AnswerTime is how long a flow may take that answers guests in the answer to the post. n8n's
// cloud ends a call after 100 seconds.
const AnswerTime = 100 * time.Second

// postTime is longer than a post with recording its end may take. With less left of a lease none
// is begun: somebody else might take the lane and post the same.
func (h *Handoff) postTime(hotel *directory.Hotel) time.Duration {
	if h.answersAtOnce(hotel) {
		return AnswerTime + 15*time.Second
	}
	return postTime
}

func (h *Handoff) answersAtOnce(hotel *directory.Hotel) bool {
	return hotel.Bot.AnswersAtOnce && h.Patient != nil && h.Speaker != nil
}

// ask posts, and sends the guest what the flow answers if the hotel wants that.
func (h *Handoff) ask(ctx context.Context, hotel *directory.Hotel, out n8n.Handover, r n8n.Request) error {
	if !h.answersAtOnce(hotel) {
		return h.client.Post(ctx, r)
	}
	answer, err := h.Patient.Ask(ctx, r)
	if err != nil {
		return err
	}
	return h.answer(ctx, hotel, out, n8n.Answers(answer))
}

// answer sends the guest what the flow said, as an answer to this hand-over: once, however often
// the hand-over is repeated. What is refused is the flow's bad luck, as when it calls us; only when
// nobody knows whether it was kept is the hand-over repeated, under the same names.
func (h *Handoff) answer(ctx context.Context, hotel *directory.Hotel, out n8n.Handover, texts []string) error {
	address := string(out.Card.Contact.Phone)
	if address == "" {
		address = out.Card.Contact.BSUID
	}
	for i, text := range texts {
		_, err := h.Speaker.Send(ctx, hotel.ID, outbox.Request{
			Phone: address, Sender: message.Bot, Content: content.Fit(content.Text{Body: text}), TurnToken: out.Card.TurnOf(out.Turn).Token(),
			ClientID: "answer/" + out.DeliveryID + "/" + strconv.Itoa(i),
		})
		var refused *fault.Fault
		switch {
		case err == nil:
		case errors.As(err, &refused) && refused.Kind != fault.Unavailable:
			h.log.InfoContext(ctx, "answer of a flow refused", "tenant_id", hotel.ID, "conversation_id", out.Card.ID, "code", refused.Code)
			return nil // what follows would be refused too
		default:
			return err
		}
	}
	return nil
}
