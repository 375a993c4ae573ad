package socketio

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/realtime/socketio/engineio"
)

const (
	// maxLogBytes bounds what the log of one namespace keeps, however many
	// events its window has seen. Who missed more starts afresh.
	maxLogBytes = 8 << 20
	// maxLost bounds how many lost sockets are remembered.
	maxLost = 20_000
)

// recovery is the memory of one namespace: the events of the last while and
// the sockets that were lost in it. The namespace's lock guards it.
//
// It is an optimisation of one instance. A client that is not recovered, since
// it waited too long, missed too much or came to another instance, is told so
// (its socket.recovered is false) and has to fetch its state.
type recovery struct {
	window time.Duration
	now    func() time.Time
	epoch  string // tells our offsets from those of another instance

	records []record
	first   uint64 // number of records[0]
	bytes   int

	lost  map[string]*lostSocket // by pid
	order []*lostSocket          // oldest first
}

// record is one event that was sent.
type record struct {
	at     time.Time
	to     audience
	frames []engineio.Frame
	bytes  int
}

// lostSocket is what comes back with a recovered one.
type lostSocket struct {
	id, pid string
	at      time.Time
	data    any
	rooms   map[string]struct{}
	since   uint64 // the first event it can have got
}

// claim is what a client that was connected before adds to its auth.
type claim struct {
	PID    string `json:"pid"`
	Offset string `json:"offset"` // of the last event it got; may be missing or stale
}

func parseClaim(auth json.RawMessage) claim {
	var c claim
	if json.Unmarshal(auth, &c) != nil {
		return claim{} // somebody else's pid or offset, of another type
	}
	return c
}

// socketID is the first part of a pid; the rest is the secret.
func (c claim) socketID() string {
	id, _, _ := strings.Cut(c.PID, ".")
	return id
}

func newRecovery(window time.Duration, now func() time.Time) *recovery {
	return &recovery{
		window: window,
		now:    now,
		epoch:  engineio.NewID()[:6],
		lost:   make(map[string]*lostSocket),
	}
}

func (r *recovery) next() uint64 { return r.first + uint64(len(r.records)) }

// nextOffset names the event that the next call of record stores.
func (r *recovery) nextOffset() string {
	return r.epoch + strconv.FormatUint(r.next(), 36)
}

func (r *recovery) record(to audience, frames []engineio.Frame) {
	rec := record{at: r.now(), to: to, frames: frames}
	for _, f := range frames {
		rec.bytes += f.Size()
	}
	r.records = append(r.records, rec)
	r.bytes += rec.bytes
	for len(r.records) > 0 && (r.bytes > maxLogBytes || rec.at.Sub(r.records[0].at) > r.window) {
		r.bytes -= r.records[0].bytes
		r.records[0] = record{}
		r.records = r.records[1:]
		r.first++
	}
}

func (r *recovery) remember(s *Socket) {
	l := &lostSocket{id: s.id, pid: s.pid, at: r.now(), data: s.data, rooms: s.rooms, since: s.since}
	r.lost[l.pid] = l
	r.order = append(r.order, l)
	r.forget()
}

// ForgetLost makes every client that comes back start afresh: for when events may have
// been missed that it would not get.
func (ns *Namespace) ForgetLost() {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if ns.recovery != nil {
		clear(ns.recovery.lost)
		ns.recovery.order = nil
	}
}

// forget drops lost sockets whose time is over.
func (r *recovery) forget() {
	now := r.now()
	for len(r.order) > 0 {
		oldest := r.order[0]
		if len(r.order) <= maxLost && now.Sub(oldest.at) <= r.window {
			return
		}
		if r.lost[oldest.pid] == oldest {
			delete(r.lost, oldest.pid)
		}
		r.order[0] = nil
		r.order = r.order[1:]
	}
}

// restore makes s the socket that the client claims to have been, with the
// events it missed held for it, or else a new one.
func (r *recovery) restore(s *Socket, c claim, same func(before, now any) bool) {
	r.forget()
	s.pid = s.id + "." + engineio.NewID()
	s.since = r.next()
	l := r.lost[c.PID]
	if l == nil {
		return
	}
	delete(r.lost, c.PID)
	from, ok := r.from(l, c.Offset)
	if !ok || !same(l.data, s.data) {
		return
	}
	s.recovered = true
	s.id, s.pid, s.rooms, s.since = l.id, l.pid, l.rooms, from
	for _, rec := range r.records[from-r.first:] {
		if rec.to.includes(s.id, s.rooms) {
			s.held = append(s.held, rec.frames...)
		}
	}
}

// from is the first event that a lost socket missed. A client that has got no
// event has no offset. One that was not recovered keeps the offset of its
// session before, which may be older than this one. And a client takes every
// last argument that is a string for an offset, also that of EmitWithAck: what
// is not ours says nothing about what it got.
func (r *recovery) from(l *lostSocket, offset string) (uint64, bool) {
	from := l.since
	if offset != "" {
		number, ours := strings.CutPrefix(offset, r.epoch)
		n, err := strconv.ParseUint(number, 36, 64)
		if !ours || err != nil || n >= r.next() {
			return 0, false
		}
		from = max(from, n+1)
	}
	return from, from >= r.first
}
