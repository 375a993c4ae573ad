package inbox

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
)

// handed is a post as a flow sees it.
type handed struct {
	Delivery string
	Messages []string
}

// TestDiedInATurn: we die after a flow has taken a turn and before that is written down. The flow
// gets the same turn under the same id once more, whatever the guest has said since, and then the
// rest.
func TestDiedInATurn(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	var mu sync.Mutex
	var posts []handed
	dies := func() {}
	flow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		p := readHanded(t, r)
		mu.Lock()
		defer mu.Unlock()
		posts = append(posts, p)
		dies()
	}))
	t.Cleanup(flow.Close)
	hotel := pgtest.Tenant(t, db, func(row *postgres.TenantRow) { row.Bot.URL = flow.URL })
	pgtest.Exec(t, db, "UPDATE tenant SET bot_quiet_seconds = 4 WHERE id = $1", hotel.ID)
	card := pgtest.Conversation(t, db, hotel)
	says := func(text string) {
		m := pgtest.Message(t, db, hotel.ID, card, func(m *message.Message) { m.Content = text })
		pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
			tx.Enqueue(lane.Handoff, lane.Handover{MessageID: m.ID}.In(card.ID, m.NumberID))
			return nil
		})
	}
	work := func() {
		h := handoffTo(t, db, flow.Client())
		h.Work(t.Context(), claim(t.Context(), t, db, hotel.ID, lane.Handoff))
	}
	says("um")
	says("dois")
	dies = func() { // the leases of the dead are taken: nothing of it is written down
		if _, err := db.SystemFreeLanes(context.Background()); err != nil {
			t.Error(err)
		}
	}
	work()
	dies = func() {}
	says("três")
	work()
	work()
	mu.Lock()
	defer mu.Unlock()
	if len(posts) != 3 {
		t.Fatalf("%d posts: %+v", len(posts), posts)
	}
	if diff := cmp.Diff(posts[0], posts[1]); diff != "" || !cmp.Equal(posts[1].Messages, []string{"um", "dois"}) {
		t.Errorf("the turn that was taken is repeated as %+v", posts[1])
	}
	if !cmp.Equal(posts[2].Messages, []string{"três"}) || posts[2].Delivery == posts[0].Delivery {
		t.Errorf("then comes %+v", posts[2])
	}
}

// TestSlowAnswers: a flow that takes longer to answer than we wait has the message: it gets each
// once more under its id, in order, and none a third time.
func TestSlowAnswers(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	var mu sync.Mutex
	var posts []handed
	enough := make(chan struct{})
	flow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		p := readHanded(t, r)
		mu.Lock()
		posts = append(posts, p)
		mu.Unlock()
		if r.Header.Get(n8n.HeaderAttempt) == "1" {
			<-enough
		}
	}))
	t.Cleanup(flow.Close)
	t.Cleanup(func() { close(enough) })
	hotel := pgtest.Tenant(t, db, func(row *postgres.TenantRow) { row.Bot.URL = flow.URL })
	card := pgtest.Conversation(t, db, hotel)
	var want []string
	for range 3 {
		m := pgtest.Message(t, db, hotel.ID, card)
		pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
			tx.Enqueue(lane.Handoff, lane.Handover{MessageID: m.ID}.In(card.ID, m.NumberID))
			return nil
		})
		want = append(want, m.ID.String(), m.ID.String())
	}
	impatient := *flow.Client()
	impatient.Timeout = 300 * time.Millisecond
	h := handoffTo(t, db, &impatient)
	for range want {
		pgtest.Exec(t, db, "UPDATE lane SET ready_at = now() WHERE lease IS NULL")
		if lanes, err := db.ClaimLanes(t.Context(), hotel.ID, lane.Handoff, 1); err == nil && len(lanes) > 0 {
			h.Work(t.Context(), lanes)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	var got []string
	for _, p := range posts {
		got = append(got, p.Delivery)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	letters, err := db.DeadLetters(t.Context(), hotel.ID, lane.Handoff, 10)
	if err != nil || len(letters) != 0 {
		t.Errorf("given up: %v, %v", letters, err)
	}
}

func readHanded(t *testing.T, r *http.Request) handed {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	var said struct {
		Messages []struct{ ChatInput string }
	}
	if err := json.Unmarshal(body, &said); err != nil {
		t.Error(err)
	}
	p := handed{Delivery: r.Header.Get(n8n.HeaderDelivery)}
	for _, m := range said.Messages {
		p.Messages = append(p.Messages, m.ChatInput)
	}
	return p
}

func handoffTo(t *testing.T, db *postgres.DB, client *http.Client) *Handoff {
	t.Helper()
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	later := clock.NewFrozen(time.Now().Add(time.Minute)) // nobody is still writing
	h := NewHandoff(db, directory.New(db, box, later), n8n.NewClient(client), later, logtest.Logger())
	t.Cleanup(h.Close)
	return h
}
