package inbox

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
)

// A lane may wait long for its turn at a slow flow. When its lease is about to end
// nothing is posted under it any more: whoever takes the lane then would post the same.
func TestNothingIsPostedAtTheEndOfALease(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var posts atomic.Int64
	flow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { posts.Add(1) }))
	t.Cleanup(flow.Close)
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db, func(row *postgres.TenantRow) { row.Bot.URL = flow.URL })
	card := pgtest.Conversation(t, db, hotel)
	m := pgtest.Message(t, db, hotel.ID, card)
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
		tx.Enqueue(lane.Handoff, lane.Handover{MessageID: m.ID}.In(card.ID, m.NumberID))
		return nil
	})
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	h := NewHandoff(db, directory.New(db, box, clock.System{}), n8n.NewClient(flow.Client()), clock.System{}, logtest.Logger())
	t.Cleanup(h.Close)

	late := claim(ctx, t, db, hotel.ID, lane.Handoff)
	late[0].Expires = time.Now().Add(postTime - time.Second)
	h.Work(ctx, late)
	if n := posts.Load(); n != 0 {
		t.Fatalf("%d posts at the end of the lease", n)
	}
	h.Work(ctx, claim(ctx, t, db, hotel.ID, lane.Handoff))
	if n := posts.Load(); n != 1 {
		t.Errorf("%d posts under a fresh lease, want 1", n)
	}
}

// TestHandoffShowsFiles: a flow gets an address that it can fetch.
func TestHandoffShowsFiles(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	bodies := make(chan string, 1)
	flow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		bodies <- string(text)
	}))
	t.Cleanup(flow.Close)
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db, func(row *postgres.TenantRow) { row.Bot.URL = flow.URL })
	m := pgtest.Message(t, db, hotel.ID, pgtest.Conversation(t, db, hotel), func(m *message.Message) {
		m.Kind, m.Metadata = message.Image, message.Metadata{MediaURL: "/api/media/x/a.jpg"}
	})
	pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
		tx.Enqueue(lane.Handoff, lane.Handover{MessageID: m.ID}.In(m.ConversationID, m.NumberID))
		return nil
	})
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	h := NewHandoff(db, directory.New(db, box, clock.System{}), n8n.NewClient(flow.Client()), clock.System{}, logtest.Logger())
	h.Links = func(_ id.Tenant, stored string) string { return "https://files.example.com" + stored + "?signed" }
	t.Cleanup(h.Close)
	h.Work(ctx, claim(ctx, t, db, hotel.ID, lane.Handoff))
	select {
	case body := <-bodies:
		if !strings.Contains(body, `"url":"https://files.example.com/api/media/x/a.jpg?signed"`) {
			t.Errorf("the flow got %s", body)
		}
	default:
		t.Error("the flow got nothing")
	}
}
