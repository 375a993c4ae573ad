package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
)

// FlowChecker posts a test to hotels' flows, for people who set one up.
type FlowChecker struct {
	db        *postgres.DB
	directory *directory.Directory
	client    *n8n.Client
	clock     clock.Clock
}

// NewFlowChecker makes a checker that posts through client.
func NewFlowChecker(db *postgres.DB, dir *directory.Directory, client *n8n.Client, c clock.Clock) *FlowChecker {
	return &FlowChecker{db: db, directory: dir, client: client, clock: c}
}

// FlowCheck is what came of a test.
type FlowCheck struct {
	IsOK   bool
	Status int // of the flow's answer; 0 when none came
	Took   time.Duration
	Code   string // stable: what to mend; empty when there is nothing
	Text   string // the same for people
}

// checkTime is how long somebody waits in front of a screen at most.
const checkTime = 15 * time.Second

const (
	unsetSays = "Nenhum fluxo está configurado: informe o endereço do webhook do n8n."
	testSays  = "O fluxo respondeu, mas o endereço é o de teste do n8n (/webhook-test/), que só funciona por dois minutos após um clique. Use o endereço de produção (/webhook/)."
)

// Check posts a signed event "test", in which nothing of a guest is. A flow that was ill and answers
// is tried at once with what waits for it.
func (c *FlowChecker) Check(ctx context.Context, tenant id.Tenant) (FlowCheck, error) {
	hotel, err := c.directory.Hotel(ctx, tenant)
	if err != nil {
		return FlowCheck{}, err
	}
	if hotel.Bot.URL == "" {
		return FlowCheck{Code: "unset", Text: unsetSays}, nil
	}
	out := c.post(ctx, hotel)
	if !out.IsOK {
		return out, nil
	}
	return out, c.db.InTx(ctx, tenant, func(tx *postgres.Tx) error { return tx.TryFlowNow(ctx) })
}

func (c *FlowChecker) post(ctx context.Context, hotel *directory.Hotel) FlowCheck {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	now, delivery := c.clock.Now(), uuid.NewString()
	err := c.client.Post(ctx, n8n.Request{
		URL: hotel.Bot.URL, Secret: hotel.BotSecret, DeliveryID: delivery, Event: n8n.EventTest, At: now,
		Body: testBody(hotel.Slug, delivery, now),
	})
	out := FlowCheck{IsOK: err == nil, Status: 200, Took: c.clock.Now().Sub(now)}
	var failed *n8n.PostError
	switch {
	case errors.As(err, &failed):
		out.Status, out.Code, out.Text = failed.Status, failed.Code(), failed.Reason()
	case strings.Contains(hotel.Bot.URL, "/webhook-test/"):
		out.Code, out.Text = "test_url", testSays
	}
	return out
}

func testBody(slug, delivery string, now time.Time) []byte {
	body, err := json.Marshal(map[string]any{
		"event": n8n.EventTest, "deliveryId": delivery, "tenantSlug": slug, "channel": "whatsapp", "at": now.UTC(),
	})
	if err != nil {
		panic(fmt.Sprintf("encode test: %v", err)) // texts and a time
	}
	return body
}
