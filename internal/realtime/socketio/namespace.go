package socketio

import (
	"sync"

	"github.com/botreserva/botreserva/internal/realtime/socketio/engineio"
)

// Namespace holds the sockets of one namespace on this instance, and their
// rooms. Everything about who gets an event is decided under its one lock:
// membership, the number of the event, its place in the recovery log and its
// place in every client's queue. So a client that comes back gets exactly what
// it missed, and all clients see events in the same order.
//
// Locks are taken in the order conn, Namespace, Engine.IO session.
type Namespace struct {
	name   string
	server *Server

	mu       sync.Mutex
	sockets  map[string]*Socket
	rooms    map[string]map[*Socket]struct{}
	recovery *recovery // nil when recovery is off
}

func newNamespace(s *Server, name string) *Namespace {
	ns := &Namespace{
		name:    name,
		server:  s,
		sockets: make(map[string]*Socket),
		rooms:   make(map[string]map[*Socket]struct{}),
	}
	if s.opts.RecoveryWindow > 0 {
		ns.recovery = newRecovery(s.opts.RecoveryWindow, s.opts.Now)
	}
	return ns
}

// Name is the namespace's name, "/" for the main one.
func (ns *Namespace) Name() string { return ns.name }

// Socket returns a connected socket of this instance, nil if there is none.
func (ns *Namespace) Socket(id string) *Socket {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	return ns.sockets[id]
}

// audience tells who gets something. Rooms and except hold names of rooms and
// ids of sockets alike.
type audience struct {
	everyone bool
	rooms    []string
	except   []string
}

// includes tells whether a socket with this id in these rooms is meant.
func (a audience) includes(id string, rooms map[string]struct{}) bool {
	within := func(names []string) bool {
		for _, name := range names {
			if _, in := rooms[name]; in || name == id {
				return true
			}
		}
		return false
	}
	return (a.everyone || within(a.rooms)) && !within(a.except)
}

// each calls f once for every socket of the audience. The caller holds mu.
func (ns *Namespace) each(a audience, f func(*Socket)) {
	if !a.everyone && len(a.rooms) == 1 && len(a.except) == 0 {
		ns.members(a.rooms[0], f)
		return
	}
	seen := make(map[*Socket]struct{})
	for _, name := range a.except {
		ns.members(name, func(s *Socket) { seen[s] = struct{}{} })
	}
	once := func(s *Socket) {
		if _, done := seen[s]; !done {
			seen[s] = struct{}{}
			f(s)
		}
	}
	if a.everyone {
		for _, s := range ns.sockets {
			once(s)
		}
		return
	}
	for _, name := range a.rooms {
		ns.members(name, once)
	}
}

// members calls f for the sockets of a room, or for the socket of that id.
func (ns *Namespace) members(name string, f func(*Socket)) {
	for s := range ns.rooms[name] {
		f(s)
	}
	if s := ns.sockets[name]; s != nil {
		f(s)
	}
}

// emit gives an event, encoded once, to the audience on this instance.
func (ns *Namespace) emit(to audience, array []byte, attachments [][]byte) {
	out := eventFrames(ns.name, nil, array, attachments)

	ns.mu.Lock()
	defer ns.mu.Unlock()
	if ns.recovery != nil {
		out[0] = engineio.Packet(appendArg(out[0].Encoded(), ns.recovery.nextOffset()))
		ns.recovery.record(to, out)
	}
	ns.each(to, func(s *Socket) { s.deliver(out) })
}

// appendArg adds a last argument to an encoded, non-empty array.
func appendArg(encoded []byte, arg string) []byte {
	encoded = append(encoded[:len(encoded)-1], `,"`...)
	encoded = append(encoded, arg...)
	return append(encoded, `"]`...)
}

// enter registers a socket that passed authentication. Until admit, what it is
// sent is held back. It returns the socket of the same client that this one
// replaces, if the server had not yet noticed that its connection is lost.
func (ns *Namespace) enter(s *Socket, claim claim) (replaced *Socket) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if ns.recovery != nil {
		replaced = ns.claimed(claim)
		if replaced != nil {
			ns.remove(replaced, true)
		}
		ns.recovery.restore(s, claim, ns.server.opts.SamePrincipal)
	}
	ns.sockets[s.id] = s
	for room := range s.rooms {
		ns.join(s, room)
	}
	return replaced
}

// claimed is the connected socket whose secret a client shows.
func (ns *Namespace) claimed(claim claim) *Socket {
	if s := ns.sockets[claim.socketID()]; s != nil && s.pid == claim.PID {
		return s
	}
	return nil
}

// admit tells the client that it is connected and lets go what was held back.
func (ns *Namespace) admit(s *Socket) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if s.gone {
		return
	}
	s.admitted = true
	s.conn.session.Send(engineio.Packet(connectPacket(ns.name, s.id, s.pid)))
	s.conn.session.Send(s.held...)
	s.held = nil
}

// leave takes a socket out of everything. It returns false if that has
// happened before. A resumable one is remembered for recovery.
func (ns *Namespace) leave(s *Socket, resumable bool) bool {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	return ns.remove(s, resumable)
}

func (ns *Namespace) remove(s *Socket, resumable bool) bool {
	if s.gone {
		return false
	}
	s.gone = true
	s.held = nil
	if ns.sockets[s.id] == s {
		delete(ns.sockets, s.id)
	}
	for room := range s.rooms {
		ns.part(s, room)
	}
	if resumable && s.admitted && ns.recovery != nil {
		ns.recovery.remember(s)
	}
	return true
}

func (ns *Namespace) join(s *Socket, room string) {
	if ns.rooms[room] == nil {
		ns.rooms[room] = make(map[*Socket]struct{})
	}
	ns.rooms[room][s] = struct{}{}
}

func (ns *Namespace) part(s *Socket, room string) {
	delete(ns.rooms[room], s)
	if len(ns.rooms[room]) == 0 {
		delete(ns.rooms, room)
	}
}
