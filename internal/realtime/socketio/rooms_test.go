package socketio_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/realtime/socketio"
)

func TestRooms(t *testing.T) {
	t.Parallel()
	w := setup(t)
	a, as, _ := w.connect()
	b, bs, _ := w.connect()
	c, cs, _ := w.connect()
	as.Join("tenant:1", "unit:1", "user:a")
	bs.Join("tenant:1")
	cs.Join("tenant:2")
	clients := map[string]*client{"a": a, "b": b, "c": c}

	check := func(name string, emit func() error, receivers ...string) {
		t.Helper()
		if err := emit(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, r := range receivers {
			clients[r].want(`42["event","` + name + `"]`)
		}
		for _, cl := range clients { // no one else, and nothing twice
			cl.wantNothing()
		}
	}
	emit := func(b socketio.Broadcast, name string) func() error {
		return func() error { return b.Emit("event", name) }
	}

	check("one room", emit(w.server.To("tenant:1"), "one room"), "a", "b")
	check("union", emit(w.server.To("tenant:1", "unit:1").To("user:a"), "union"), "a", "b")
	check("in", emit(w.server.In("tenant:2"), "in"), "c")
	check("except id", emit(w.server.To("tenant:1").Except(as.ID()), "except id"), "b")
	check("except room", emit(w.server.Everyone().Except("tenant:1"), "except room"), "c")
	check("everyone", emit(w.server.Everyone(), "everyone"), "a", "b", "c")
	check("socket id", emit(w.server.To(bs.ID()), "socket id"), "b")
	check("from a socket", emit(as.To("tenant:1"), "from a socket"), "b")
	check("empty room", emit(w.server.To("nobody"), "empty room"))
	check("no room is nobody", emit(w.server.To(), "no room is nobody"))
	check("direct", func() error { return cs.Emit("event", "direct") }, "c")

	as.Leave("unit:1", "never joined")
	check("left", emit(w.server.To("unit:1"), "left"))
	if diff := cmp.Diff([]string{"tenant:1", "user:a"}, as.Rooms()); diff != "" {
		t.Errorf("rooms (-want +got):\n%s", diff)
	}
	w.server.To("tenant:1").SocketsJoin("new")
	check("sockets join", emit(w.server.To("new"), "sockets join"), "a", "b")
	w.server.To("new").SocketsLeave("new")
	check("sockets leave", emit(w.server.To("new"), "sockets leave"))
	if n := len(w.server.To("tenant:1").Local()); n != 2 {
		t.Errorf("%d local sockets, want 2", n)
	}
}

func TestBroadcastIsAValue(t *testing.T) {
	t.Parallel()
	w := setup(t)
	a, as, _ := w.connect()
	as.Join("a")
	base := w.server.To("a")
	_ = base.Except("a")
	_ = base.To("b")
	if err := base.Emit("event"); err != nil {
		t.Fatal(err)
	}
	a.want(`42["event"]`)
}

func TestEmitErrors(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c, s, _ := w.connect()
	if err := s.Emit("disconnect"); !errors.Is(err, socketio.ErrReservedEvent) {
		t.Errorf("reserved name: %v", err)
	}
	if err := w.server.Everyone().Emit("event", func() {}); err == nil {
		t.Error("a function was encoded")
	}
	c.wantNothing()
}

func TestClientsCannotJoinRooms(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c, s, _ := w.connect()
	c.send(`42["join","tenant:1"]`, `42["join-tenant",{"tenantSlug":"x"}]`, `42["subscribe","tenant:1"]`)
	c.wantNothing()
	if rooms := s.Rooms(); len(rooms) != 0 {
		t.Errorf("client is in %v", rooms)
	}
}

func TestRoomsEndWithTheSocket(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c, s, _ := w.connect()
	s.Join("room")
	_ = c.conn.CloseNow()
	await(t, s.Context().Done(), "disconnect")
	s.Join("late")
	if got := w.server.To("room", "late", s.ID()).Local(); len(got) != 0 {
		t.Errorf("rooms still hold %d sockets", len(got))
	}
	if w.server.Socket(s.ID()) != nil {
		t.Error("the socket is still found")
	}
	w.eventually("no connection is left", func() bool { return w.server.Connections() == 0 })
}

// A client that has been told that it is connected is in the rooms that
// OnConnect joined, and gets what was sent to them since, after its CONNECT.
func TestNothingIsMissedWhileConnecting(t *testing.T) {
	t.Parallel()
	joined, proceed := make(chan struct{}), make(chan struct{})
	w := setup(t, onConnect(func(s *socketio.Socket) {
		s.Join("tenant:1")
		close(joined)
		<-proceed
	}))
	c := w.open()
	c.send("40", `42["message","early"]`)
	await(t, joined, "OnConnect")
	if err := w.server.To("tenant:1").Emit("event", "meanwhile"); err != nil {
		t.Fatal(err)
	}
	close(proceed)
	c.wantConnect("40")
	c.want(`42["event","meanwhile"]`, `42["message-back","early"]`)
}

func TestDisconnectByServer(t *testing.T) {
	t.Parallel()
	t.Run("socket", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		c, s, _ := w.connect()
		if err := s.Emit("bye"); err != nil {
			t.Fatal(err)
		}
		s.Disconnect(false)
		s.Disconnect(false)
		c.want(`42["bye"]`, "41")
		c.send("40")
		c.wantConnect("40")
	})
	t.Run("socket and transport", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		c, s, _ := w.connect()
		s.Disconnect(true)
		c.want("41")
		c.wantClose()
	})
	t.Run("room, with a reason", func(t *testing.T) {
		t.Parallel()
		reasons := make(chan string, 2)
		w := setup(t, onConnect(func(s *socketio.Socket) { s.OnDisconnect(func(r string) { reasons <- r }) }))
		a, as, _ := w.connect()
		b, _, _ := w.connect()
		as.Join("user:a")
		w.server.In("user:a").Disconnect("token expired")
		a.want("41")
		a.wantClose()
		if r := await(t, reasons, "OnDisconnect"); r != "token expired" {
			t.Errorf("reason %q", r)
		}
		b.wantNothing()
	})
	t.Run("while connecting", func(t *testing.T) {
		t.Parallel()
		w := setup(t, onConnect(func(s *socketio.Socket) { s.Disconnect(true) }))
		c := w.open()
		c.send("40")
		c.want("41")
		c.wantClose()
	})
}
