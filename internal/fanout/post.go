package fanout

import (
	"context"
	"errors"
	"strings"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/n8n"
)

// posted makes one attempt and returns what the log is to say of it, with the failure if it
// was one.
func posted(ctx context.Context, client *n8n.Client, c clock.Clock, url string, s secrets, body []byte, a subscription.Attempt, attempt int) (subscription.Attempt, *n8n.PostError) {
	ctx, done := lane.Linger(ctx)
	defer done()
	began := c.Now()
	err := client.Post(ctx, n8n.Request{
		URL: url, Secret: s.now, OldSecret: s.before, DeliveryID: a.ID.String(), Body: body, At: began, Attempt: attempt, Event: string(a.Event),
	})
	a.UpdatedAt = c.Now()
	a.Took = a.UpdatedAt.Sub(began)
	if err == nil {
		a.State, a.HTTPStatus = subscription.Arrived, 200
		return a, nil
	}
	var failed *n8n.PostError
	if !errors.As(err, &failed) {
		failed = &n8n.PostError{Outcome: n8n.Refused}
	}
	a.State, a.HTTPStatus, a.Reason = subscription.Retrying, failed.Status, failed.Reason()
	a.Answer = withoutWords(failed.Answer, body)
	return a, failed
}

// minEcho is how long a text must be to be looked for in an answer: "oi" is in many words.
const minEcho = 4

// withoutWords takes out of an answer what it repeats of what it was told: the log keeps
// nothing that a guest said. Every text of the body is looked for, as it is and as JSON writes it.
func withoutWords(answer string, body []byte) string {
	if answer == "" {
		return ""
	}
	for _, text := range textsOf(body) {
		if len(text) < minEcho {
			continue
		}
		answer = strings.ReplaceAll(answer, text, "[…]")
		// An answer is cut after its first bytes: what it repeats may be cut too.
		for cut := len(text) - 1; cut >= minEcho; cut-- {
			if strings.HasSuffix(answer, text[:cut]) {
				answer = strings.TrimSuffix(answer, text[:cut]) + "[…]"
				break
			}
		}
	}
	return answer
}
