package socketio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/botreserva/botreserva/internal/realtime/socketio/engineio"
)

// Reasons given to OnDisconnect, beside those of engineio and the text given
// to Broadcast.Disconnect.
const (
	ReasonClientDisconnect = "client namespace disconnect"
	ReasonServerDisconnect = "server namespace disconnect"
	ReasonTooManyPending   = "too many pending events"
	ReasonConnectTimeout   = "connect timeout"
)

var (
	// ErrDisconnected is returned when the client is gone before its answer.
	ErrDisconnected = errors.New("socket is disconnected")
	// ErrReservedEvent is returned for event names that clients keep for themselves.
	ErrReservedEvent = errors.New("reserved event name")
)

// maxHeld is how many bytes may wait for the end of OnConnect. It is no less
// than what the recovery log can hold.
const maxHeld = 2 * maxLogBytes

// Handler acts on an event. Handlers of one connection run one after the
// other, in the order of the events, and do not hold up its heartbeat. An
// event that had arrived when the connection ended is still handled; ctx is
// cancelled then.
type Handler func(ctx context.Context, args Args, ack Ack)

// Ack answers an event. It is never nil, does nothing when the client asked
// for no answer, and counts only once.
type Ack func(args ...any)

// Socket is one client in one namespace. Methods are safe for concurrent use.
type Socket struct {
	id        string
	pid       string // secret of recovery; empty when that is off
	data      any
	recovered bool
	ns        *Namespace
	conn      *conn
	ctx       context.Context // lives as long as the socket
	cancel    context.CancelFunc

	// Guarded by ns.mu.
	rooms    map[string]struct{}
	held     []engineio.Frame
	heldSize int // bytes
	since    uint64
	admitted bool
	gone     bool

	mu           sync.Mutex
	handlers     map[string]Handler
	onDisconnect []func(reason string)
	acks         map[uint64]chan Args
	nextAck      uint64
}

func newSocket(c *conn, ns *Namespace) *Socket {
	ctx, cancel := context.WithCancel(context.Background())
	return &Socket{id: engineio.NewID(), ns: ns, conn: c, ctx: ctx, cancel: cancel}
}

// ID names the socket. A recovered socket has the ID of the one it takes up.
func (s *Socket) ID() string { return s.id }

// Data is what Options.Authenticate returned.
func (s *Socket) Data() any { return s.data }

// Recovered tells whether the socket takes up one that was lost: it is in the
// same rooms, and its client gets what it missed.
func (s *Socket) Recovered() bool { return s.recovered }

// Namespace is where the socket is connected.
func (s *Socket) Namespace() *Namespace { return s.ns }

// Handshake is what the client showed, without its auth.
func (s *Socket) Handshake() Handshake { return s.conn.handshake(s.ns.name, nil) }

// Context is cancelled when the socket is disconnected, by either side.
func (s *Socket) Context() context.Context { return s.ctx }

// On sets the handler of an event, replacing an earlier one. Events without a
// handler are ignored and not acknowledged.
func (s *Socket) On(event string, h Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.handlers == nil {
		s.handlers = make(map[string]Handler)
	}
	s.handlers[event] = h
}

// OnDisconnect adds a function that runs once when the socket is disconnected,
// after the handlers of all events that had arrived. Inside OnConnect only.
func (s *Socket) OnDisconnect(f func(reason string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onDisconnect = append(s.onDisconnect, f)
}

// Join adds the socket to rooms. Only the server can do that; a client has no
// way to. It does nothing once the socket is disconnected.
func (s *Socket) Join(rooms ...string) {
	s.ns.mu.Lock()
	defer s.ns.mu.Unlock()
	s.join(rooms)
}

// join is Join for callers that hold ns.mu.
func (s *Socket) join(rooms []string) {
	if s.gone {
		return
	}
	if s.rooms == nil {
		s.rooms = make(map[string]struct{}, len(rooms))
	}
	for _, room := range rooms {
		s.rooms[room] = struct{}{}
		s.ns.join(s, room)
	}
}

// Leave removes the socket from rooms.
func (s *Socket) Leave(rooms ...string) {
	s.ns.mu.Lock()
	defer s.ns.mu.Unlock()
	s.part(rooms)
}

// part is Leave for callers that hold ns.mu.
func (s *Socket) part(rooms []string) {
	if s.gone {
		return // its rooms are remembered for recovery
	}
	for _, room := range rooms {
		delete(s.rooms, room)
		s.ns.part(s, room)
	}
}

// Rooms are the rooms the socket is in, sorted.
func (s *Socket) Rooms() []string {
	s.ns.mu.Lock()
	defer s.ns.mu.Unlock()
	rooms := make([]string, 0, len(s.rooms))
	for room := range s.rooms {
		rooms = append(rooms, room)
	}
	slices.Sort(rooms)
	return rooms
}

// To addresses the other sockets of rooms, on all instances.
func (s *Socket) To(rooms ...string) Broadcast { return s.ns.To(rooms...).Except(s.id) }

// Emit sends an event to this client. It does not wait for it. The only errors
// are those of encoding args, and ErrReservedEvent.
func (s *Socket) Emit(event string, args ...any) error {
	array, attachments, err := encodeEvent(event, args)
	if err != nil {
		return err
	}
	s.ns.emit(audience{rooms: []string{s.id}}, array, attachments)
	return nil
}

// EmitWithAck sends an event and waits for the client's answer. Beside the
// errors of Emit it returns ErrDisconnected and ctx's. It may be used in
// handlers but not in OnConnect. What it sends is not recovered.
func (s *Socket) EmitWithAck(ctx context.Context, event string, args ...any) (Args, error) {
	array, attachments, err := encodeEvent(event, args)
	if err != nil {
		return Args{}, err
	}
	id, answer := s.expectAck()
	defer s.forgetAck(id)
	s.send(eventFrames(s.ns.name, &id, array, attachments))
	select {
	case args := <-answer:
		return args, nil
	case <-s.ctx.Done():
		return Args{}, ErrDisconnected
	case <-ctx.Done():
		return Args{}, fmt.Errorf("wait for acknowledgement: %w", ctx.Err())
	}
}

func encodeEvent(event string, args []any) ([]byte, [][]byte, error) {
	if reserved(event) {
		return nil, nil, fmt.Errorf("%w: %s", ErrReservedEvent, event)
	}
	return encodeArgs(append([]any{event}, args...))
}

// Disconnect takes the client out of the namespace and tells it so, after what
// was emitted before. A client does not come back from that by itself. With
// closeTransport its connection is closed too.
func (s *Socket) Disconnect(closeTransport bool) {
	s.disconnect(ReasonServerDisconnect, closeTransport)
}

func (s *Socket) disconnect(reason string, closeTransport bool) {
	if s.ns.leave(s, false) {
		s.conn.session.Send(engineio.Packet(encode(typeDisconnect, 0, s.ns.name, nil, nil)))
		s.end(reason)
		s.conn.detach(s)
	}
	if closeTransport {
		s.conn.session.Close(engineio.ReasonForcedClose)
	}
}

// end tells everybody who waits that the socket is no more.
func (s *Socket) end(reason string) {
	s.cancel()
	s.mu.Lock()
	callbacks := s.onDisconnect
	s.onDisconnect = nil
	s.mu.Unlock()
	if len(callbacks) == 0 {
		return
	}
	s.conn.conclude(func() {
		for _, f := range callbacks {
			f(reason)
		}
	})
}

// deliver queues frames for the client. The caller holds ns.mu.
func (s *Socket) deliver(frames []engineio.Frame) {
	if s.admitted {
		s.conn.session.Send(frames...)
		return
	}
	s.hold(frames)
}

// hold keeps frames until admit. The caller holds ns.mu.
func (s *Socket) hold(frames []engineio.Frame) {
	s.held = append(s.held, frames...)
	for _, f := range frames {
		s.heldSize += f.Size()
	}
	if s.heldSize > maxHeld {
		s.conn.session.Close(engineio.ReasonSlowConsumer)
	}
}

func (s *Socket) send(frames []engineio.Frame) {
	s.ns.mu.Lock()
	defer s.ns.mu.Unlock()
	if !s.gone {
		s.deliver(frames)
	}
}

func (s *Socket) handler(event string) Handler {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.handlers[event]
}

// ack makes the answer to a packet.
func (s *Socket) ack(p *packet) Ack {
	if !p.hasID {
		return func(...any) {}
	}
	id := p.id
	var used atomic.Bool
	return func(args ...any) {
		if used.Swap(true) {
			return
		}
		array, attachments, err := encodeArgs(args)
		if err != nil {
			s.ns.server.opts.Logger.Error("acknowledgement cannot be encoded", "err", err)
			return
		}
		s.send(ackFrames(s.ns.name, id, array, attachments))
	}
}

func (s *Socket) expectAck() (uint64, <-chan Args) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.acks == nil {
		s.acks = make(map[uint64]chan Args)
	}
	id := s.nextAck
	s.nextAck++
	answer := make(chan Args, 1)
	s.acks[id] = answer
	return id, answer
}

func (s *Socket) forgetAck(id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.acks, id)
}

// acknowledged hands a client's answer to who waits for it, if anybody does.
func (s *Socket) acknowledged(id uint64, args Args) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if answer := s.acks[id]; answer != nil {
		answer <- args
		delete(s.acks, id)
	}
}

// connectPacket tells a client its id.
func connectPacket(namespace, id, pid string) []byte {
	data, _ := json.Marshal(struct { // cannot fail: strings
		SID string `json:"sid"`
		PID string `json:"pid,omitempty"`
	}{id, pid})
	return encode(typeConnect, 0, namespace, nil, data)
}
