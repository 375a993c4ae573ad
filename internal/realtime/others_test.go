package realtime_test

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/realtime"
	"github.com/botreserva/botreserva/internal/redisbus"
	"github.com/botreserva/botreserva/internal/redisbus/redistest"
)

// two makes two instances on one database and one Redis.
func two(t *testing.T) (a, b *world, redis *redistest.Server) {
	t.Helper()
	redis = redistest.Start(t)
	a = setup(t, through(t, redis))
	return a, setupOn(t, a.db, through(t, redis)), redis
}

// through connects an instance to the others, and waits until it hears them.
func through(t *testing.T, redis *redistest.Server) func(*realtime.Options) {
	t.Helper()
	return func(o *realtime.Options) {
		bus, err := redisbus.Open(redisbus.Options{URL: redis.URL(), Namespace: "test", Clock: clock.System{}, Log: logtest.Logger()})
		if err != nil {
			t.Fatal(err)
		}
		o.Others = &listening{Bus: bus, t: t}
	}
}

// listening listens as soon as the server hears something: events are its last topic.
type listening struct {
	*redisbus.Bus
	t *testing.T
}

func (l *listening) Hear(topic string, receive func([]byte), missed func()) (stop func()) {
	if topic != "events" {
		return l.Bus.Hear(topic, receive, missed)
	}
	there := make(chan struct{})
	var once sync.Once
	stop = l.Bus.Hear(topic, receive, func() { missed(); once.Do(func() { close(there) }) })
	ctx, end := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() { l.Listen(ctx) })
	l.t.Cleanup(func() {
		end()
		work.Wait()
		closing, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = l.Close(closing)
	})
	select {
	case <-there:
	case <-time.After(patience):
		l.t.Error("does not hear the others")
	}
	return stop
}

// TestOthersHear: what happens at one instance is heard at the other as it is here, each
// screen by its rights, numbered by the instance that tells.
func TestOthersHear(t *testing.T) {
	t.Parallel()
	a, b, _ := two(t)
	h := pgtest.Tenant(t, a.db)
	card := pgtest.Conversation(t, a.db, h, pgtest.OfUnit("Camburi"))
	ana := pgtest.User(t, a.db, h.ID, user.Attendant, "Camburi")
	here, start := a.openWith(h.Admin, time.Hour)
	there, startThere := b.openWith(ana, time.Hour)
	elsewhere := b.open(pgtest.User(t, a.db, h.ID, user.Attendant, "Ilhabela"))
	if start.Epoch == startThere.Epoch {
		t.Error("two instances share an epoch")
	}
	a.updated(h.ID, card)
	b.updated(h.ID, card)
	a.updated(h.ID, card)
	for of, s := range map[*screen]hello{here: start, there: startThere} {
		for want := s.Seq + 1; want <= s.Seq+3; want++ {
			var got hello
			of.next("conversation:updated").into(t, &got)
			if got.Seq != want || got.Epoch != s.Epoch {
				t.Errorf("numbered %+v, want %d of %s", got, want, s.Epoch)
			}
		}
	}
	if _, later := b.openWith(h.Admin, time.Hour); later.Seq != 3 {
		t.Errorf("a newcomer there is greeted with %+v", later)
	}
	after := card
	after.Unit = "Ilhabela"
	there.join(card)
	a.updated(h.ID, after, card)
	there.next("conversation:removed")
	elsewhere.next("conversation:updated")
	a.updated(h.ID, after)
	elsewhere.next("conversation:updated")
	if got := there.names(); got != "" {
		t.Errorf("who lost sight of it heard %s", got)
	}
}

// TestOthersType: who writes at one instance is seen writing at the other, once, by those
// who follow the conversation.
func TestOthersType(t *testing.T) {
	t.Parallel()
	a, b, _ := two(t)
	h := pgtest.Tenant(t, a.db)
	card := pgtest.Conversation(t, a.db, h)
	writes, follows, ignores := a.open(h.Admin), b.open(h.Admin), b.open(h.Admin)
	writes.join(card)
	follows.join(card)
	writes.emit("conversation:typing", map[string]any{"conversationId": card.ID.String(), "isTyping": true})
	var news struct {
		UserID   string
		IsTyping bool
	}
	follows.next("conversation:typing").into(t, &news)
	if news.UserID != h.Admin.ID.String() || !news.IsTyping {
		t.Errorf("heard %+v", news)
	}
	follows.next("user:typing")
	if got := follows.names() + writes.names() + ignores.names(); got != "" {
		t.Errorf("heard besides: %s", got)
	}
}

// TestMissed: when instances could not hear each other for a while, every screen is told
// to fetch anew, and who comes back is not led to believe that nothing is missing.
func TestMissed(t *testing.T) {
	t.Parallel()
	a, b, redis := two(t)
	h := pgtest.Tenant(t, a.db)
	card := pgtest.Conversation(t, a.db, h)
	here, start := a.openWith(h.Admin, time.Hour)
	there, startThere := b.openWith(h.Admin, time.Hour)
	lost, answer := b.dial(map[string]string{"token": b.token(h.Admin, time.Hour)}, nil)
	var known struct{ PID string }
	if err := json.Unmarshal([]byte(strings.TrimPrefix(answer, "40")), &known); err != nil || known.PID == "" {
		t.Fatalf("let in with %q: %v", answer, err)
	}
	lost.next("sync:hello")
	_ = lost.conn.CloseNow()
	b.awaitConnections(1)

	redis.Kill()
	a.updated(h.ID, card) // the other cannot hear of it
	here.next("conversation:updated")
	redis.Restart()
	for s, before := range map[*screen]hello{here: start, there: startThere} {
		var again hello
		s.next("sync:hello").into(t, &again)
		if again.Epoch == before.Epoch || again.Epoch == "" {
			t.Errorf("greeted anew with %+v after %+v", again, before)
		}
	}
	if _, answer := b.dial(map[string]string{"token": b.token(h.Admin, time.Hour), "pid": known.PID}, nil); strings.Contains(answer, known.PID) {
		t.Errorf("recovered although events may be missing: %q", answer)
	}
	for { // the news of the loss may come more than once; then everything is as before
		a.updated(h.ID, card)
		for len(there.seen) == 0 {
			there.keep(there.packet())
		}
		e := there.seen[0]
		there.seen = there.seen[1:]
		if e.name == "conversation:updated" {
			return
		}
	}
}

// TestEventsTravelWhole: whatever an event carries arrives at other instances, also what
// somebody adds to it later.
func TestEventsTravelWhole(t *testing.T) {
	t.Parallel()
	var sent event.Event
	fill(t, reflect.ValueOf(&sent).Elem(), "Event")
	text, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	var got event.Event
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sent, got); diff != "" {
		t.Errorf("(-sent +received) %s", diff)
	}
	var none event.Event
	if text, err = json.Marshal(event.Event{}); err == nil {
		err = json.Unmarshal(text, &none)
	}
	if diff := cmp.Diff(event.Event{}, none); err != nil || diff != "" {
		t.Errorf("an empty event: %v (-sent +received) %s", err, diff)
	}
}

// fill gives every field a value that is not its zero.
func fill(t *testing.T, v reflect.Value, at string) {
	t.Helper()
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 11, 23, 12, 0, 0, 123_456_000, time.UTC)))
		return
	case json.RawMessage:
		v.Set(reflect.ValueOf(json.RawMessage(`{"a":1}`)))
		return
	case uuid.UUID:
		v.Set(reflect.ValueOf(uuid.MustParse("0193a1b2-0000-7000-8000-000000000001")))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), at)
	case reflect.Struct:
		for i := range v.NumField() {
			if name := at + "." + v.Type().Field(i).Name; !v.Field(i).CanSet() {
				t.Errorf("%s cannot travel: it is not exported", name)
			} else {
				fill(t, v.Field(i), name)
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i), at)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0), at)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, key, at)
		fill(t, value, at)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString("+5512988887777")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(7)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(1.5)
	default:
		t.Errorf("%s: no value is known for %s", at, v.Type())
	}
}
