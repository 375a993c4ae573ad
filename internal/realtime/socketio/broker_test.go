package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/botreserva/botreserva/internal/realtime/socketio"
)

// two instances on one broker, with a client of room "r" on each.
func two(t *testing.T, broker socketio.Broker, changes ...change) (a, b *world) {
	t.Helper()
	changes = append(changes, func(o *socketio.Options) { o.Broker = broker })
	return setup(t, changes...), setup(t, changes...)
}

func TestTwoInstances(t *testing.T) {
	t.Parallel()
	reasons := make(chan string, 2)
	a, b := two(t, &socketio.MemoryBroker{}, onConnect(func(s *socketio.Socket) {
		s.Join("r")
		s.OnDisconnect(func(r string) { reasons <- r })
	}))
	ca, sa, _ := a.connect()
	cb, sb, _ := b.connect()

	for i := range 50 {
		emit(t, a.server.To("r"), fmt.Sprint(i))
	}
	for i := range 50 {
		ca.want(fmt.Sprintf(`42["event","%d"]`, i))
		cb.want(fmt.Sprintf(`42["event","%d"]`, i))
	}

	emit(t, b.server.To("r").Except(sa.ID()), "not a")
	cb.want(`42["event","not a"]`)
	emit(t, b.server.To(sa.ID()), "only a")
	ca.want(`42["event","only a"]`)
	emit(t, sa.To("r"), "from a socket")
	cb.want(`42["event","from a socket"]`)
	emit(t, a.server.Everyone(), map[string]any{"deep": socketio.Binary{1, 2}})
	for _, c := range []*client{ca, cb} {
		c.want(`451-["event",{"deep":{"_placeholder":true,"num":0}}]`)
		c.wantBinary(1, 2)
	}

	a.server.To("r").SocketsJoin("other")
	emit(t, a.server.To("other"), "moved")
	ca.want(`42["event","moved"]`)
	cb.want(`42["event","moved"]`)
	a.server.To("r").SocketsLeave("other")
	emit(t, a.server.To("other"), "gone")
	ca.wantNothing()
	cb.wantNothing()

	a.server.In(sb.ID()).Disconnect("revoked")
	cb.want("41")
	cb.wantClose()
	if r := await(t, reasons, "OnDisconnect"); r != "revoked" {
		t.Errorf("reason %q", r)
	}
	ca.wantNothing()
}

func TestInstancesKeepNamespacesApart(t *testing.T) {
	t.Parallel()
	a, b := two(t, &socketio.MemoryBroker{}, func(o *socketio.Options) { o.Namespaces = []string{"/other"} })
	cb, _, _ := b.connect()
	emit(t, a.server.Of("/other").Everyone(), "not here")
	emit(t, a.server.Of("/").Everyone(), "here")
	cb.want(`42["event","here"]`)
	if a.server.Of("/unknown") != nil {
		t.Error("unknown namespace found")
	}
}

// stuckBroker fails, and then holds every publication until it is released.
type stuckBroker struct {
	socketio.MemoryBroker
	release chan struct{}
	once    sync.Once
}

func (b *stuckBroker) Publish(ctx context.Context, message []byte) error {
	failed := false
	b.once.Do(func() { failed = true })
	if failed {
		return errors.New("no connection")
	}
	select {
	case <-b.release:
		return b.MemoryBroker.Publish(ctx, message)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestStuckBrokerHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	broker := &stuckBroker{release: make(chan struct{})}
	a, b := two(t, broker)
	ca, _, _ := a.connect()
	cb, _, _ := b.connect()
	emit(t, a.server.Everyone(), "lost")
	emit(t, a.server.Everyone(), "late")
	ca.want(`42["event","lost"]`, `42["event","late"]`)
	close(broker.release)
	cb.want(`42["event","late"]`)
	if !a.logs.contains("broadcast not published") {
		t.Error("the loss is not in the log")
	}
}

func TestShutdownPublishesWhatIsQueued(t *testing.T) {
	t.Parallel()
	a, b := two(t, &socketio.MemoryBroker{})
	cb, _, _ := b.connect()
	for i := range 20 {
		emit(t, a.server.Everyone(), fmt.Sprint(i))
	}
	if err := a.server.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		cb.want(fmt.Sprintf(`42["event","%d"]`, i))
	}
	emit(t, b.server.Everyone(), "to an instance that left")
	cb.want(`42["event","to an instance that left"]`)
}

func TestForeignMessagesOnTheBroker(t *testing.T) {
	t.Parallel()
	broker := &socketio.MemoryBroker{}
	a, _ := two(t, broker)
	c, _, _ := a.connect()
	for _, m := range []string{
		"", "{", "[]", `{"ns":"/"}`, `{"ns":"/x","kind":"emit","everyone":true,"array":["x"]}`,
		`{"ns":"/","kind":"emit","everyone":true,"array":[]}`, `{"ns":"/","kind":"other","everyone":true}`,
		`{"ns":"/","kind":"emit","array":["nobody"]}`,
	} {
		if err := broker.Publish(context.Background(), []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
	c.wantNothing()
}
