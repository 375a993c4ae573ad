package realtime

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/wire"
)

// Publish tells screens about committed events, each socket once, however many of
// the rooms it is in. It does not block.
func (s *Server) Publish(_ context.Context, events []event.Event) {
	for _, e := range events {
		s.tellOthers(e)
		s.publishHere(e.TenantID, func() (event.Event, error) { return e, nil })
	}
}

// publishHere numbers an event of this or another instance and tells the screens of this
// one. The events of a tenant reach them in the order of their numbers: a screen that has
// got one has got those before it.
func (s *Server) publishHere(t id.Tenant, read func() (event.Event, error)) {
	turn := &s.turns[t.UUID[len(t.UUID)-1]%byte(len(s.turns))]
	turn.Lock()
	defer turn.Unlock()
	epoch, seq := s.seqs.next(t)
	if !s.main.Audible(tenantRoom(t)) {
		return // nobody of this hotel is looking
	}
	e, err := read()
	if err != nil {
		s.opts.Log.Error("event of another instance cannot be read", "tenant_id", t, "err", err)
		return
	}
	s.publish(e, epoch, seq)
}

func (s *Server) publish(e event.Event, epoch string, seq int64) {
	rooms := []string{tenantRoom(e.TenantID)} // of what everybody at the hotel may know
	if e.Card != nil {
		rooms = roomsFor(e.TenantID, e.Card.Conversation)
	}
	if e.News != nil || e.Flow != nil {
		rooms = []string{managersRoom(e.TenantID)}
	}
	if e.Before != nil {
		s.farewell(e, rooms)
	}
	if e.Name == event.ConversationDeleted {
		defer s.main.In(conversationRoom(e.Card.ID)).SocketsLeave(conversationRoom(e.Card.ID))
	}
	if err := s.main.To(rooms...).Emit(string(e.Name), wire.EventOf(e, epoch, seq, s.opts.Links)); err != nil {
		s.opts.Log.Error("event cannot be sent", "event", e.Name, "tenant_id", e.TenantID, "err", err)
	}
}

// farewell tells those who could see a conversation and no longer may that it is
// gone, without telling them anything new about it.
func (s *Server) farewell(e event.Event, now []string) {
	c := e.Card.ID
	for _, socket := range s.main.In(conversationRoom(c)).Local() {
		if l, ok := socket.Data().(*listener); ok && !e.Card.VisibleTo(l.User.Scope()) {
			socket.Leave(conversationRoom(c))
		}
	}
	before := roomsFor(e.TenantID, e.Before.Conversation)
	if lost := without(before, now); len(lost) > 0 {
		_ = s.main.To(lost...).Except(now...).Emit("conversation:removed", map[string]string{"conversationId": c.String()})
	}
}

func without(rooms, others []string) []string {
	return slices.DeleteFunc(slices.Clone(rooms), func(r string) bool { return slices.Contains(others, r) })
}

// sequences number the events of each tenant that pass through this instance, its own
// and those of others: no row of the database is locked for it. See ADR 5.
type sequences struct {
	start string // of every epoch: this process and no other
	mu    sync.Mutex
	epoch string
	era   int
	last  map[id.Tenant]int64
}

func newSequences(start time.Time) *sequences {
	s := &sequences{start: strconv.FormatInt(start.UnixMilli(), 36) + "-" + rand.Text()[:6]}
	s.renew()
	return s
}

// renew begins another epoch: what screens know of the numbers says nothing any more.
func (s *sequences) renew() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch, s.last = s.start+"-"+strconv.Itoa(s.era), map[id.Tenant]int64{}
	s.era++
}

func (s *sequences) next(t id.Tenant) (epoch string, seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last[t]++
	return s.epoch, s.last[t]
}

func (s *sequences) now(t id.Tenant) (epoch string, seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.epoch, s.last[t]
}
