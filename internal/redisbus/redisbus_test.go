package redisbus_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/redisbus"
	"github.com/botreserva/botreserva/internal/redisbus/redistest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) { os.Exit(logtest.Verdict(code)) }))
}

// patience bounds every wait; nothing takes so long unless it is broken.
const patience = 20 * time.Second

// instance is a bus that hears one topic.
type instance struct {
	*redisbus.Bus
	t     *testing.T
	heard chan string // "missed", or a message
	logs  *logBuffer
}

const topic = "news"

// connect makes an instance that listens until the test ends.
func connect(t *testing.T, url, namespace string) *instance {
	t.Helper()
	i := &instance{t: t, heard: make(chan string, 10_000), logs: &logBuffer{}}
	bus, err := redisbus.Open(redisbus.Options{
		URL: url, Namespace: namespace, Clock: clock.System{}, Log: logtest.LoggerTo(i.logs),
	})
	if err != nil {
		t.Fatal(err)
	}
	i.Bus = bus
	bus.Hear(topic, func(m []byte) { i.heard <- string(m) }, func() { i.heard <- "missed" })
	ctx, stop := context.WithCancel(context.Background())
	var listening sync.WaitGroup
	listening.Go(func() { bus.Listen(ctx) })
	t.Cleanup(func() {
		stop()
		listening.Wait()
		ended, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if err := bus.Close(ended); err != nil {
			t.Error(err)
		}
	})
	return i
}

func (i *instance) next() string {
	i.t.Helper()
	select {
	case m := <-i.heard:
		return m
	case <-time.After(patience):
		i.t.Fatalf("nothing heard\n%s", i.logs)
		return ""
	}
}

func (i *instance) want(messages ...string) {
	i.t.Helper()
	for _, want := range messages {
		if got := i.next(); got != want {
			i.t.Fatalf("heard %q, want %q", got, want)
		}
	}
}

// hears skips what comes before a message and returns how often "missed" was among it.
func (i *instance) hears(message string) (missed int) {
	i.t.Helper()
	for {
		switch i.next() {
		case message:
			return missed
		case "missed":
			missed++
		}
	}
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestTell: every other instance hears a message, in order and once; the teller does not,
// nor does whoever has another database.
func TestTell(t *testing.T) {
	t.Parallel()
	url := redistest.Start(t).URL()
	a, b, c, stranger := connect(t, url, "one"), connect(t, url, "one"), connect(t, url, "one"), connect(t, url, "two")
	for _, i := range []*instance{a, b, c, stranger} {
		i.want("missed")
	}
	for n := range 500 {
		a.Tell(topic, fmt.Append(nil, n))
	}
	a.Tell("something else", []byte("unheard"))
	for n := range 500 {
		b.want(fmt.Sprint(n))
		c.want(fmt.Sprint(n))
	}
	b.Tell(topic, []byte("an answer"))
	a.want("an answer")
	c.want("an answer")
	stranger.Tell(topic, []byte("of strangers"))
	a.Tell(topic, []byte("last"))
	b.want("last")
	c.want("last")
	if len(stranger.heard) > 0 || len(a.heard) > 0 {
		t.Errorf("the stranger heard %d messages, the teller %d", len(stranger.heard), len(a.heard))
	}
}

// TestRestart: telling holds nobody up while Redis is away; hearers learn that they may
// have missed something, and then hear again.
func TestRestart(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	a, b := connect(t, server.URL(), "one"), connect(t, server.URL(), "one")
	a.want("missed")
	b.want("missed")
	server.Kill()
	begun := time.Now()
	for n := range 1000 {
		a.Tell(topic, fmt.Append(nil, n))
	}
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("telling a thousand times took %s", took)
	}
	server.Restart()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for len(a.heard) == 0 || len(b.heard) == 0 {
		<-again.C
	}
	a.Tell(topic, []byte("after"))
	if b.hears("after") == 0 {
		t.Error("the hearer was not told that it had missed something")
	}
	logs := a.logs.String()
	if n := strings.Count(logs, "redis does not answer"); n != 1 {
		t.Errorf("the outage is %d times in the log:\n%s", n, logs)
	}
	if !strings.Contains(logs, "redis answers again") {
		t.Errorf("the end of the outage is not in the log:\n%s", logs)
	}
}

// TestLoss: a teller that could not reach Redis says so, although the hearers could.
func TestLoss(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	a, b := connect(t, server.URL(), "one"), connect(t, server.URL(), "one")
	a.want("missed")
	b.want("missed")
	a.Tell(topic, make([]byte, 9<<20)) // more than may wait
	if a.Dropped() != 1 {
		t.Errorf("%d messages dropped, want 1", a.Dropped())
	}
	a.Tell(topic, []byte("small"))
	b.want("missed", "small")
}

// TestFrozen: a Redis that is there and does not answer costs the first caller a moment,
// and the others nothing.
func TestFrozen(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	a := connect(t, server.URL(), "one")
	a.want("missed")
	eval := func() ([]int64, error) {
		return a.Eval(t.Context(), "return {tonumber(ARGV[1]), redis.call('INCR', KEYS[1])}", "count", 7)
	}
	if got, err := eval(); err != nil || fmt.Sprint(got) != "[7 1]" {
		t.Fatalf("got %v, %v", got, err)
	}
	server.Freeze()
	if _, err := eval(); err == nil {
		t.Error("a frozen Redis answered")
	}
	begun := time.Now()
	for range 1000 {
		if _, err := eval(); err == nil {
			t.Error("a frozen Redis answered")
		}
	}
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("asking a thousand times took %s", took)
	}
	server.Thaw()
	limit := time.After(patience)
	for {
		got, err := eval()
		if err == nil && got[1] >= 2 {
			return
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-limit:
			t.Fatalf("still %v", err)
		}
	}
}

// TestClose: what was told before the end is sent.
func TestClose(t *testing.T) {
	t.Parallel()
	url := redistest.Start(t).URL()
	b := connect(t, url, "one")
	b.want("missed")
	a, err := redisbus.Open(redisbus.Options{URL: url, Namespace: "one", Clock: clock.System{}, Log: logtest.Logger()})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 300 {
		a.Tell(topic, fmt.Append(nil, n))
	}
	if err := a.Close(t.Context()); err != nil {
		t.Error(err)
	}
	a.Tell(topic, []byte("too late"))
	for n := range 300 {
		b.want(fmt.Sprint(n))
	}
}

// TestAway: an instance starts without Redis, and what waits for it does not hold the end
// up.
func TestAway(t *testing.T) {
	t.Parallel()
	a := connect(t, "unix:///nowhere/at/all", "one")
	if err := a.Ping(t.Context()); err == nil {
		t.Error("nobody answered a ping")
	}
	if _, err := a.Eval(t.Context(), "return {1}", "key"); !errors.Is(err, redisbus.ErrAway) {
		t.Errorf("got %v", err)
	}
	a.Tell(topic, []byte("into the void"))
}

// TestNonsense: an address that is none is refused without showing it.
func TestNonsense(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "redis", "http://secret@host", "redis://:secret@host:port", "redis://host/secret name", "redis://%zz:secret@host"} {
		_, err := redisbus.Open(redisbus.Options{URL: url, Clock: clock.System{}, Log: logtest.Logger()})
		if err == nil {
			t.Errorf("%q is accepted", url)
		} else if strings.Contains(err.Error(), ":secret") {
			t.Errorf("the password of %q is in %q", url, err)
		}
	}
}
