package fanout_test

import (
	"context"
	"encoding/json"
	"io"
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
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/fanout"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
	"github.com/botreserva/botreserva/internal/stale"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// world is a hotel's database with those who tell.
type world struct {
	t      *testing.T
	db     *postgres.DB
	hotel  pgtest.Hotel
	subs   *fanout.Subscriptions
	teller *fanout.Teller
	wake   func(lane.Kind, id.Tenant)
	mu     sync.Mutex
}

func setup(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, db: pgtest.DB(t)}
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	w.hotel = pgtest.Tenant(t, w.db)
	dir := directory.New(w.db, box, clock.System{})
	client := n8n.NewClient(&http.Client{Timeout: 30 * time.Second})
	w.subs = fanout.New(w.db, dir, box, client, clock.System{})
	w.subs.AllowPrivate = true
	w.teller = fanout.NewTeller(w.db, dir, box, client, clock.System{}, logtest.Logger())
	w.db.OnCommit(postgres.Hooks{
		Outdate: func(ns []stale.Notice) {
			for _, n := range ns {
				w.db.ForgetSubscribers(n)
			}
		},
		Wake: func(kind lane.Kind, tenant id.Tenant) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.wake != nil {
				w.wake(kind, tenant)
			}
		},
	})
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) subscribe(url string, options subscription.Options, events ...subscription.Name) (subscription.Subscription, string) {
	w.t.Helper()
	made, secret, err := w.subs.Create(w.t.Context(), w.hotel.ID, "bot", subscription.Subscription{URL: url, Events: events, Options: options})
	w.must(err)
	return made, secret
}

// writes has a guest write in a conversation.
func (w *world) writes(hotel pgtest.Hotel, card conversation.Card, text string) message.Message {
	w.t.Helper()
	m := pgtest.Message(w.t, w.db, hotel.ID, card, func(m *message.Message) { m.Content = text })
	pgtest.InTx(w.t, w.db, hotel.ID, func(tx *postgres.Tx) error {
		tx.Emit(event.Event{Name: event.MessageNew, Card: &card, Message: &m})
		return nil
	})
	return m
}

// work tells everything that is ready, once.
func (w *world) work() {
	w.t.Helper()
	lanes, err := w.db.ClaimLanes(w.t.Context(), w.hotel.ID, lane.Tell, 100)
	w.must(err)
	for _, l := range lanes {
		w.teller.Work(w.t.Context(), []*lane.Lane{l})
	}
}

// ready makes everything that waits for a retry ready.
func (w *world) ready() {
	pgtest.InTx(w.t, w.db, w.hotel.ID, func(tx *postgres.Tx) error { return tx.WakeAllLanes(context.Background(), lane.Tell) })
}

func (w *world) queued() (n int) {
	w.t.Helper()
	w.must(pgtest.Owner(w.t, w.db).QueryRow(w.t.Context(), "SELECT count(*) FROM lane_item WHERE kind = 'tell'").Scan(&n))
	return n
}

func (w *world) logOf(s subscription.Subscription) []subscription.Attempt {
	w.t.Helper()
	log, _, err := w.db.SubscriptionLog(w.t.Context(), w.hotel.ID, s.ID, 100, 0)
	w.must(err)
	return log
}

// receiver is a program that is told.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []post
	answer func(n int) (status int, text string)
}

type post struct {
	header http.Header
	body   []byte
	json   map[string]any
}

func newReceiver(t *testing.T, answer func(n int) (int, string)) *receiver {
	t.Helper()
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		p := post{header: request.Header}
		p.body, _ = io.ReadAll(request.Body)
		_ = json.Unmarshal(p.body, &p.json)
		r.mu.Lock()
		r.got = append(r.got, p)
		n := len(r.got)
		r.mu.Unlock()
		if r.answer == nil {
			return
		}
		status, text := r.answer(n)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) posts() []post {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

// TestNobodyIsTold: a hotel without subscriptions stores nothing for it.
func TestNobodyIsTold(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.writes(w.hotel, pgtest.Conversation(t, w.db, w.hotel), "Oi")
	if n := w.queued(); n != 0 {
		t.Errorf("%d items are stored for nobody", n)
	}
}

// TestTold: each thing once, in order, signed with the secret that was shown, and noted without
// a word of the guest's.
func TestTold(t *testing.T) {
	t.Parallel()
	w, r := setup(t), newReceiver(t, nil)
	s, secret := w.subscribe(r.URL, subscription.Options{}, subscription.MessageReceived)
	other, _ := w.subscribe(r.URL, subscription.Options{}, subscription.BotLocked)
	card := pgtest.Conversation(t, w.db, w.hotel)
	first := w.writes(w.hotel, card, "Tem vaga em dezembro?")
	w.writes(w.hotel, card, "Somos quatro")
	w.work()
	got := r.posts()
	if len(got) != 2 || got[0].json["chatInput"] != "Tem vaga em dezembro?" || got[1].json["chatInput"] != "Somos quatro" {
		t.Fatalf("told %d things: %v", len(got), got)
	}
	p := got[0]
	if p.json["event"] != "message.received" || p.json["messageId"] != first.ID.String() || p.json["sessionId"] != card.ID.String() ||
		p.json["conversation"] == nil || p.json["body"] != nil || p.header.Get(n8n.HeaderEvent) != "message.received" {
		t.Errorf("told %s with %v", p.body, p.header)
	}
	w.must(n8n.VerifySignature(secret, p.header.Get(n8n.HeaderSignature), p.body, time.Now(), time.Minute))
	log := w.logOf(s)
	if len(log) != 2 || log[1].State != subscription.Arrived || log[1].Attempts != 1 || log[1].HTTPStatus != 200 ||
		log[1].ID.String() != p.header.Get(n8n.HeaderDelivery) {
		t.Errorf("noted %+v", log)
	}
	if len(w.logOf(other)) != 0 || w.queued() != 0 {
		t.Error("somebody was told what they did not ask for, or something is left")
	}
	if found := pgtest.Traces(t, w.db, "Somos quatro"); slices.ContainsFunc(found, func(at string) bool { return strings.HasPrefix(at, "subscription") }) {
		t.Errorf("a guest's words are in %v", found)
	}
}

// TestToldAgain: what does not arrive is told again under the same delivery id, with the rest
// of the conversation behind it, and the log keeps nothing that the answer repeats.
func TestToldAgain(t *testing.T) {
	t.Parallel()
	w := setup(t)
	r := newReceiver(t, func(n int) (int, string) {
		if n == 1 {
			return 500, `{"message":"cannot handle: Tem vaga em dezembro?"}`
		}
		return 200, ""
	})
	s, _ := w.subscribe(r.URL, subscription.Options{}, subscription.MessageReceived)
	card := pgtest.Conversation(t, w.db, w.hotel)
	w.writes(w.hotel, card, "Tem vaga em dezembro?")
	w.writes(w.hotel, card, "Alô?")
	w.work()
	log := w.logOf(s)
	if len(r.posts()) != 1 || len(log) != 1 || log[0].State != subscription.Retrying || log[0].HTTPStatus != 500 ||
		strings.Contains(log[0].Answer, "vaga") || !strings.Contains(log[0].Answer, "cannot handle") {
		t.Fatalf("after a failure: %d posts, log %+v", len(r.posts()), log)
	}
	row, err := w.db.Subscription(t.Context(), w.hotel.ID, s.ID)
	w.must(err)
	if row.FailingSince.IsZero() || row.IsPaused() || row.LastError == "" {
		t.Errorf("failing is not shown: %+v", row.Subscription)
	}
	w.ready()
	w.work()
	got := r.posts()
	if len(got) != 3 || got[0].header.Get(n8n.HeaderDelivery) != got[1].header.Get(n8n.HeaderDelivery) || got[2].json["chatInput"] != "Alô?" {
		t.Fatalf("told again: %d posts", len(got))
	}
	if log = w.logOf(s); log[1].State != subscription.Arrived || log[1].Attempts != 2 {
		t.Errorf("log %+v", log)
	}
	row, err = w.db.Subscription(t.Context(), w.hotel.ID, s.ID)
	w.must(err)
	if !row.FailingSince.IsZero() {
		t.Error("it still counts as failing")
	}
	w.must(w.subs.Replay(t.Context(), w.hotel.ID, "bot", s.ID, log[1].ID))
	w.work()
	if got = r.posts(); len(got) != 4 || got[3].header.Get(n8n.HeaderDelivery) != got[0].header.Get(n8n.HeaderDelivery) {
		t.Errorf("the replay was told as %d posts", len(got))
	}
}

// TestPausedNotDeleted: after a day without success a subscription is paused and stays; what
// happens meanwhile is not kept; resumed, it is told again.
func TestPausedNotDeleted(t *testing.T) {
	t.Parallel()
	w := setup(t)
	down := true
	r := newReceiver(t, func(int) (int, string) {
		if down {
			return 404, "not registered"
		}
		return 200, ""
	})
	s, _ := w.subscribe(r.URL, subscription.Options{}, subscription.MessageReceived)
	pgtest.Exec(t, w.db, "UPDATE subscription SET failing_since = now() - interval '25 hours', failures = 40 WHERE id = $1", s.ID)
	card := pgtest.Conversation(t, w.db, w.hotel)
	w.writes(w.hotel, card, "Oi")
	w.work()
	row, err := w.db.Subscription(t.Context(), w.hotel.ID, s.ID)
	w.must(err)
	if !row.PausedByUs || !row.IsPaused() {
		t.Fatalf("not paused: %+v", row.Subscription)
	}
	w.ready()
	w.work() // what waited is passed over
	queued := w.queued()
	w.writes(w.hotel, card, "Alguém?")
	if n := w.queued(); queued != 0 || n != 0 {
		t.Errorf("a paused subscription keeps %d and then %d items", queued, n)
	}
	down = false
	no := false
	_, err = w.subs.Change(t.Context(), w.hotel.ID, "bot", s.ID, fanout.Change{Paused: &no})
	w.must(err)
	w.writes(w.hotel, card, "De novo")
	w.work()
	if got := r.posts(); len(got) != 2 || got[1].json["chatInput"] != "De novo" {
		t.Errorf("resumed: %d posts", len(got))
	}
}

// TestOnlyUnlocked: what waited to be told while a person took over is not for the bot any more.
func TestOnlyUnlocked(t *testing.T) {
	t.Parallel()
	w, r := setup(t), newReceiver(t, nil)
	s, _ := w.subscribe(r.URL, subscription.Options{OnlyUnlocked: true}, subscription.MessageReceived, subscription.BotLocked)
	card := pgtest.Conversation(t, w.db, w.hotel)
	w.writes(w.hotel, card, "Oi")
	pgtest.InTx(t, w.db, w.hotel.ID, func(tx *postgres.Tx) error {
		held, err := tx.LockCard(t.Context(), card.ID)
		if err != nil {
			return err
		}
		held.Conversation = held.LockFor(conversation.System, time.Now())
		tx.Emit(event.Event{Name: event.ConversationUpdated, Card: &held})
		return tx.SaveConversations(t.Context(), held.Conversation)
	})
	w.work()
	if got := r.posts(); len(got) != 1 || got[0].json["event"] != "bot.locked" || got[0].json["iaLocked"] != true {
		t.Errorf("told %d things", len(got))
	}
	if log := w.logOf(s); len(log) != 2 || log[1].State != subscription.Skipped || log[1].Reason == "" {
		t.Errorf("log %+v", log)
	}
}

// TestSlowSubscriberDelaysNobody: one that never answers, with more to tell than it has slots,
// holds up neither the other subscriber of its hotel nor another hotel.
func TestSlowSubscriberDelaysNobody(t *testing.T) {
	t.Parallel()
	w := setup(t)
	hang := make(chan struct{})
	slow := newReceiver(t, func(int) (int, string) { <-hang; return 200, "" })
	quick := newReceiver(t, nil)
	w.subscribe(slow.URL, subscription.Options{}, subscription.MessageReceived)
	w.subscribe(quick.URL, subscription.Options{}, subscription.MessageReceived)
	const talks = 40 // more than a hotel's slots
	ctx, stop := context.WithCancel(t.Context())
	runner := &lane.Runner{
		Kind: lane.Tell, Source: w.db, Work: w.teller.Work, MaxLanes: 32, PerTenant: 32, Concurrency: 4096, Poll: 100 * time.Millisecond, Log: logtest.Logger(),
	}
	w.mu.Lock()
	w.wake = func(kind lane.Kind, tenant id.Tenant) {
		if kind == lane.Tell {
			runner.Wake(tenant)
		}
	}
	w.mu.Unlock()
	ended := make(chan struct{})
	go func() { runner.Run(ctx); close(ended) }()
	t.Cleanup(func() { close(hang); stop(); <-ended }) // before the servers and the database close
	for range talks {
		w.writes(w.hotel, pgtest.Conversation(t, w.db, w.hotel), "Oi")
	}
	deadline := time.After(25 * time.Second) // the slow one answers after 30 s at the earliest
	for len(quick.posts()) < talks {
		select {
		case <-deadline:
			t.Fatalf("the quick subscriber got %d of %d while the slow one held %d", len(quick.posts()), talks, len(slow.posts()))
		case <-time.After(50 * time.Millisecond):
		}
	}
	if n := len(slow.posts()); n == 0 || n > 4 {
		t.Errorf("the slow subscriber was posted to %d times at once, want up to 4", n)
	}
}

// TestRotatedSecret: for a day both secrets sign.
func TestRotatedSecret(t *testing.T) {
	t.Parallel()
	w, r := setup(t), newReceiver(t, nil)
	s, before := w.subscribe(r.URL, subscription.Options{}, subscription.MessageReceived)
	_, after, err := w.subs.Rotate(t.Context(), w.hotel.ID, "bot", s.ID)
	w.must(err)
	a, err := w.subs.Test(t.Context(), w.hotel.ID, s.ID)
	w.must(err)
	p := r.posts()[0]
	if a.State != subscription.Arrived || before == after || p.json["event"] != "ping" {
		t.Fatalf("the test ended %+v", a)
	}
	for _, secret := range []string{before, after} {
		w.must(n8n.VerifySignature(secret, p.header.Get(n8n.HeaderSignature), p.body, time.Now(), time.Minute))
	}
	pgtest.Exec(t, w.db, "UPDATE subscription SET old_secret_until = now() - interval '1 second'")
	_, err = w.subs.Test(t.Context(), w.hotel.ID, s.ID)
	w.must(err)
	p = r.posts()[1]
	if n8n.VerifySignature(before, p.header.Get(n8n.HeaderSignature), p.body, time.Now(), time.Minute) == nil {
		t.Error("the old secret still signs after its day")
	}
}

// TestDeletedSubscription: what was to be told goes with it.
func TestDeletedSubscription(t *testing.T) {
	t.Parallel()
	w, r := setup(t), newReceiver(t, nil)
	s, _ := w.subscribe(r.URL, subscription.Options{}, subscription.MessageReceived)
	w.writes(w.hotel, pgtest.Conversation(t, w.db, w.hotel), "Oi")
	w.must(w.subs.Delete(t.Context(), w.hotel.ID, "bot", s.ID))
	w.work()
	if n := w.queued(); n != 0 || len(r.posts()) != 0 {
		t.Errorf("%d items and %d posts are left", n, len(r.posts()))
	}
}

// TestTwentyAndNoMore holds the limit.
func TestTwentyAndNoMore(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for range subscription.Max {
		w.subscribe("https://example.com/x", subscription.Options{}, subscription.BotLocked)
	}
	_, _, err := w.subs.Create(t.Context(), w.hotel.ID, "bot", subscription.Subscription{URL: "https://example.com/x", Events: subscription.Names})
	if err == nil || !strings.Contains(err.Error(), "20") {
		t.Errorf("one too many: %v", err)
	}
	w.subs.AllowPrivate = false
	for _, url := range []string{"http://127.0.0.1/x", "ftp://example.com", "", "http://169.254.169.254/latest"} {
		if _, _, err := w.subs.Create(t.Context(), w.hotel.ID, "bot", subscription.Subscription{URL: url, Events: subscription.Names}); err == nil {
			t.Errorf("%q is taken", url)
		}
	}
}
