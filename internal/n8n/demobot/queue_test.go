package demobot

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

func newLogger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// Many messages of many guests at once: each guest's are answered in order, and nobody waits for another.
func TestOrderPerGuest(t *testing.T) {
	t.Parallel()
	const guests, messages = 8, 20
	var mu sync.Mutex
	order := map[string][]string{}
	b, _ := start(t, func(c called) (int, map[string]string, string) {
		if c.path == textPath {
			mu.Lock()
			defer mu.Unlock()
			delivery, _, _ := strings.Cut(c.idempotency, "-text")
			guest, number, _ := strings.Cut(delivery, ".")
			order[guest] = append(order[guest], number)
		}
		return 0, nil, ""
	}, nil)
	var all sync.WaitGroup
	for g := range guests {
		all.Go(func() {
			for m := range messages {
				says(t, b, fmt.Sprintf("g%d.%02d", g, m), fmt.Sprintf("c-%d", g), "piscina")
			}
		})
	}
	all.Wait()
	b.finish(t)
	for g := range guests {
		got := order[fmt.Sprintf("g%d", g)]
		if len(got) != messages || !slices.IsSorted(got) {
			t.Errorf("guest %d: %v", g, got)
		}
	}
}

// A guest whose message is stuck does not hold up another.
func TestGuestsDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	b, p := start(t, func(c called) (int, map[string]string, string) {
		if strings.HasPrefix(c.idempotency, "stuck") {
			<-release
		}
		return 0, nil, ""
	}, nil)
	says(t, b, "stuck", "c-1", "oi")
	p.until(t, readPath, lockPath)
	says(t, b, "free", "c-2", "oi")
	if c := p.until(t, textPath, lockPath, readPath); c.idempotency != "free-text" {
		t.Errorf("got %+v", c)
	}
	close(release)
	if c := p.until(t, textPath); c.idempotency != "stuck-text" {
		t.Errorf("got %+v", c)
	}
}

func TestRepeatedDeliveriesAreAnsweredOnce(t *testing.T) {
	t.Parallel()
	b, p := start(t, nil, nil)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() { says(t, b, "d-1", "c-1", "oi") })
	}
	all.Wait()
	b.finish(t)
	says(t, b, "d-1", "c-1", "oi")
	b.finish(t)
	if n := p.drain()[textPath]; n != 1 {
		t.Errorf("answered %d times", n)
	}
	// The same id of another hotel is another delivery.
	if w := post(b, "outra", "d-1", `{"phone":"5511987654321","type":"text"}`); w.Code != http.StatusOK {
		t.Fatal(w.Code)
	}
	b.finish(t)
	if n := p.drain()[textPath]; n != 1 {
		t.Errorf("another hotel's delivery was answered %d times", n)
	}
}

func TestFullQueuesRefuseAndTakeTheRepeat(t *testing.T) {
	t.Parallel()
	for name, bounds := range map[string]Bounds{"per guest": {PerGuest: 2}, "in all": {Waiting: 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			release := make(chan struct{})
			entered := make(chan struct{}, 10)
			b, p := start(t, func(c called) (int, map[string]string, string) {
				if c.path == textPath {
					entered <- struct{}{}
					<-release
				}
				return 0, nil, ""
			}, func(o *Options) { o.Bounds = bounds })
			says(t, b, "d-1", "c-1", "oi")
			<-entered // the first is at work, two more may wait
			says(t, b, "d-2", "c-1", "oi")
			says(t, b, "d-3", "c-1", "oi")
			w := post(b, "pousada", "d-4", `{"phone":"1","conversationId":"c-1"}`)
			if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
				t.Errorf("got %d, %v", w.Code, w.Header())
			}
			close(release)
			b.finish(t)
			says(t, b, "d-4", "c-1", "oi") // refused before, so it is new
			b.finish(t)
			if n := p.drain()[textPath]; n != 4 {
				t.Errorf("%d answers, want 4", n)
			}
		})
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	b, p := start(t, func(c called) (int, map[string]string, string) {
		if c.path == textPath {
			<-release
		}
		return 0, nil, ""
	}, nil)
	for i := range 5 {
		says(t, b, fmt.Sprint(i), "c-1", "oi")
	}
	p.until(t, readPath, lockPath)
	b.Close() // does not wait for an API that does not answer
	b.finish(t)
	close(release)
	if w := post(b, "pousada", "late", `{"phone":"1"}`); w.Code != http.StatusServiceUnavailable {
		t.Errorf("after Close: %d", w.Code)
	}
	b.Close() // a second time is harmless
}

func TestRecent(t *testing.T) {
	t.Parallel()
	r := newRecent[string, int](2)
	r.put("a", 1)
	r.put("b", 2)
	r.get("a")
	r.put("c", 3) // b is the longest unused
	r.put("a", 4)
	_, hasB := r.get("b")
	a, hasA := r.get("a")
	if c, hasC := r.get("c"); hasB || !hasA || a != 4 || !hasC || c != 3 || len(r.entries) != 2 || r.order.Len() != 2 {
		t.Errorf("a %d %v, b %v, c %d %v", a, hasA, hasB, c, hasC)
	}
	r.drop("a")
	r.drop("a")
	if _, has := r.get("a"); has || r.order.Len() != 1 {
		t.Error("dropped and still there")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	b, p := start(t, nil, func(o *Options) { o.Bounds = Bounds{Talks: 3, Deliveries: 5} })
	for i := range 20 {
		says(t, b, fmt.Sprintf("d-%d", i), fmt.Sprintf("c-%d", i), "oi")
		b.finish(t)
	}
	p.drain()
	if len(b.talks.entries) != 3 || len(b.seen.entries) != 5 {
		t.Errorf("%d talks and %d deliveries are kept", len(b.talks.entries), len(b.seen.entries))
	}
}
