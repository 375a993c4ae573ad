package inbox

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
)

// TestSlowFlowsHoldNobodyUp: the flows of 500 hotels have taken a message and do not answer. A
// guest of one more hotel is handed over at once.
func TestSlowFlowsHoldNobodyUp(t *testing.T) {
	t.Parallel()
	const hotels = 500
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var hanging atomic.Int64
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hanging.Add(1); <-ctx.Done() }))
	heard := make(chan struct{}, 1)
	quick := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard <- struct{}{} }))
	t.Cleanup(quick.Close)
	db := pgtest.DB(t)
	waits := func(url string) pgtest.Hotel {
		hotel := pgtest.Tenant(t, db, func(row *postgres.TenantRow) { row.Bot.URL = url })
		card := pgtest.Conversation(t, db, hotel)
		m := pgtest.Message(t, db, hotel.ID, card)
		pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
			tx.Enqueue(lane.Handoff, lane.Handover{MessageID: m.ID}.In(card.ID, m.NumberID))
			return nil
		})
		return hotel
	}
	for range hotels {
		waits(slow.URL)
	}
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	h := NewHandoff(db, directory.New(db, box, clock.System{}), n8n.NewClient(&http.Client{Transport: &http.Transport{}}), clock.System{}, logtest.Logger())
	runner := &lane.Runner{
		Kind: lane.Handoff, Source: db, Work: h.Work, Together: true,
		MaxLanes: 64, PerTenant: 4, Concurrency: FlowsAtOnce, Poll: time.Second, Log: logtest.Logger(),
	}
	stopped := make(chan struct{})
	go func() { defer close(stopped); runner.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-stopped; h.Close(); slow.Close() })
	for hanging.Load() < hotels {
		select {
		case <-ctx.Done():
			t.Fatalf("only %d of %d slow flows got their message", hanging.Load(), hotels)
		case <-time.After(20 * time.Millisecond):
		}
	}
	hotel := waits(quick.URL)
	began := time.Now()
	runner.Wake(hotel.ID)
	select {
	case <-heard:
		t.Logf("handed over after %s", time.Since(began))
	case <-time.After(10 * time.Second):
		t.Fatal("a guest waits for other hotels' flows")
	}
}
