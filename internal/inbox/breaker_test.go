package inbox

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
)

// ward is a hotel whose flow answers what a test says, and several processes that hand over to it.
type ward struct {
	t     *testing.T
	db    *postgres.DB
	hotel pgtest.Hotel
	clock *clock.Frozen
	ours  []*Handoff

	mu     sync.Mutex
	status int    // what the flow answers
	chokes string // on what it answers 500 whatever else it does
	busy   int    // posts under way
	most   int    // at a time
	posts  []string
	told   []event.Name
}

func newWard(t *testing.T, processes int) *ward {
	t.Helper()
	w := &ward{t: t, db: pgtest.DB(t), clock: clock.NewFrozen(time.Now()), status: http.StatusOK}
	flow := httptest.NewServer(http.HandlerFunc(w.answer))
	t.Cleanup(flow.Close)
	w.hotel = pgtest.Tenant(t, w.db, func(row *postgres.TenantRow) { row.Bot.URL = flow.URL })
	w.db.OnCommit(postgres.Hooks{Publish: func(_ context.Context, events []event.Event) {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, e := range events {
			w.told = append(w.told, e.Name)
		}
	}})
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	for range processes {
		h := NewHandoff(w.db, directory.New(w.db, box, w.clock), n8n.NewClient(flow.Client()), w.clock, logtest.Logger())
		t.Cleanup(h.Close)
		w.ours = append(w.ours, h)
	}
	return w
}

func (w *ward) answer(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	w.busy++
	w.most = max(w.most, w.busy)
	w.posts = append(w.posts, r.Header.Get(n8n.HeaderDelivery))
	status := w.status
	if r.Header.Get(n8n.HeaderDelivery) == w.chokes {
		status = http.StatusInternalServerError
	}
	w.mu.Unlock()
	rw.WriteHeader(status)
	w.mu.Lock()
	w.busy--
	w.mu.Unlock()
}

// answers sets what the flow answers from now on, and returns what it got so far.
func (w *ward) answers(status int) (got []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status, got, w.posts, w.most = status, w.posts, nil, 0
	return got
}

// say has as many guests say something.
func (w *ward) say(guests int) {
	w.t.Helper()
	for range guests {
		w.goOn(pgtest.Conversation(w.t, w.db, w.hotel))
	}
}

// goOn has a guest say something more, and returns the message's id.
func (w *ward) goOn(card conversation.Card) string {
	w.t.Helper()
	m := pgtest.Message(w.t, w.db, w.hotel.ID, card)
	pgtest.InTx(w.t, w.db, w.hotel.ID, func(tx *postgres.Tx) error {
		tx.Enqueue(lane.Handoff, lane.Handover{MessageID: m.ID}.In(card.ID, m.NumberID))
		return nil
	})
	return m.ID.String()
}

// work has process n hand over what is ready until nothing is.
func (w *ward) work(n int) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		lanes, err := w.db.ClaimLanes(ctx, w.hotel.ID, lane.Handoff, 64)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(lanes) == 0 {
			return
		}
		w.ours[n].Work(ctx, lanes)
	}
	w.t.Fatal("it does not end")
}

// later lets time pass for the product and its lanes.
func (w *ward) later(d time.Duration) {
	w.t.Helper()
	w.clock.Advance(d)
	pgtest.Exec(w.t, w.db, "UPDATE lane SET ready_at = ready_at - make_interval(secs => $1)", d.Seconds())
}

func (w *ward) health() tenant.Health {
	w.t.Helper()
	h, err := w.db.FlowHealth(w.t.Context(), w.hotel.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

// TestIllFlowIsLeftAlone: 40 guests wait for a flow that is down for six hours, and of two
// processes neither hammers it. Everything that waited is handed over once when it is well.
func TestIllFlowIsLeftAlone(t *testing.T) {
	t.Parallel()
	const guests, each = 40, 3
	w := newWard(t, 2)
	w.answers(http.StatusNotFound)
	said := map[string][]string{}
	for range guests {
		card := pgtest.Conversation(t, w.db, w.hotel)
		for range each {
			said[card.ID.String()] = append(said[card.ID.String()], w.goOn(card))
		}
	}
	w.work(0)
	if h := w.health(); !h.IsIll() || h.Problem.Code != "not_published" || h.IsTold {
		t.Fatalf("after many failures: %+v", h)
	}
	if got := len(w.answers(http.StatusServiceUnavailable)); got > illAfter+inFlight {
		t.Errorf("%d posts before the flow was left alone", got)
	}
	for minute := range 6 * 60 {
		w.later(time.Minute)
		w.work(minute % 2)
	}
	tries := w.answers(http.StatusOK)
	if len(tries) < 300 || len(tries) > 400 {
		t.Errorf("%d tries in six hours, want about one a minute", len(tries))
	}
	byMessage := map[string]int{}
	for _, p := range tries {
		byMessage[p]++
	}
	if len(byMessage) != guests {
		t.Errorf("%d of %d guests' messages tried", len(byMessage), guests)
	}
	w.later(time.Minute)
	w.work(1)
	w.work(0)
	got := w.answers(http.StatusOK)
	if len(got) != guests*each {
		t.Errorf("%d posts of %d messages", len(got), guests*each)
	}
	for guest, want := range said {
		heard := slices.DeleteFunc(slices.Clone(got), func(p string) bool { return !slices.Contains(want, p) })
		if !slices.Equal(heard, want) {
			t.Errorf("of %s the flow heard %v, want %v", guest, heard, want)
		}
	}
	if got := fmt.Sprint(w.told); got != "[flow:ill flow:recovered]" {
		t.Errorf("managers were told %s", got)
	}
	if h := w.health(); h.IsIll() {
		t.Errorf("well again: %+v", h)
	}
}

// TestShortIllness: nobody is told of a restart of n8n.
func TestShortIllness(t *testing.T) {
	t.Parallel()
	w := newWard(t, 1)
	w.answers(http.StatusBadGateway)
	w.say(8)
	w.work(0)
	w.later(2 * time.Second)
	w.work(0)
	w.answers(http.StatusOK)
	w.later(5 * time.Second)
	w.work(0)
	if got := len(w.answers(http.StatusOK)); got != 8 || len(w.told) != 0 || w.health().IsIll() {
		t.Errorf("%d of 8 messages handed over, told %v, %+v", got, w.told, w.health())
	}
}

// TestOneMessageChokesTheFlow: a message to which the flow answers 500 makes no other guest wait
// for long.
func TestOneMessageChokesTheFlow(t *testing.T) {
	t.Parallel()
	w := newWard(t, 1)
	w.answers(http.StatusInternalServerError)
	w.say(1)
	for range 10 {
		w.work(0)
		w.later(time.Minute)
	}
	if !w.health().IsIll() {
		t.Fatal("the flow is not ill")
	}
	w.work(0)
	w.chokes = w.answers(http.StatusOK)[0]
	w.say(1)
	w.work(0)
	w.later(freshWait)
	w.work(0)
	if w.health().IsIll() {
		t.Error("another guest's message does not try the flow soon")
	}
}

// freshWait is within what something new waits for at most.
const freshWait = 10 * time.Second

// TestSlowFlowIsNotIll: no answer in time is unknown, and never a failure.
func TestSlowFlowIsNotIll(t *testing.T) {
	t.Parallel()
	w := newWard(t, 1)
	h := w.ours[0]
	for range 3 * illAfter {
		h.watch(t.Context(), w.hotel.ID, &n8n.PostError{Outcome: n8n.Unknown}, 30*time.Second)
	}
	h.WriteCounts(t.Context())
	counts, err := w.db.FlowCounts(t.Context(), w.hotel.ID, w.clock.Now().Add(-time.Hour))
	if err != nil || counts.Unknowns != 3*illAfter || counts.Failures != 0 || w.health().IsIll() {
		t.Errorf("%+v, %+v, %v", counts, w.health(), err)
	}
}

// TestRecoveryIsGentle: a flow that has just come back gets one post at a time first, then more.
func TestRecoveryIsGentle(t *testing.T) {
	t.Parallel()
	s := newSlots(1)
	var order []int
	var mu sync.Mutex
	var all sync.WaitGroup
	if !s.acquire(t.Context()) {
		t.Fatal("no slot")
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if s.acquire(ended) {
		t.Error("two slots of one")
	}
	for n := range inFlight {
		all.Go(func() {
			if s.acquire(t.Context()) {
				mu.Lock()
				order = append(order, n)
				mu.Unlock()
				s.grow(inFlight)
				s.release()
			}
		})
	}
	s.release()
	all.Wait()
	if len(order) != inFlight || s.limit != inFlight || s.busy != 0 {
		t.Errorf("%v, limit %d, busy %d", order, s.limit, s.busy)
	}
}

// TestNewProcessAsks: a process that starts while a flow is ill does not try it out by itself.
func TestNewProcessAsks(t *testing.T) {
	t.Parallel()
	w := newWard(t, 2)
	w.answers(http.StatusServiceUnavailable)
	w.say(10)
	w.work(0)
	w.answers(http.StatusServiceUnavailable)
	w.say(10)
	w.work(1)
	if got := w.answers(http.StatusOK); len(got) > 1 {
		t.Errorf("%d posts of the second process", len(got))
	}
}
