package realtime

import (
	"context"
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
		epoch, seq := s.seqs.next(e.TenantID)
		if s.main.Audible(tenantRoom(e.TenantID)) { // else nobody of this hotel is looking
			s.publish(e, epoch, seq)
		}
	}
}

func (s *Server) publish(e event.Event, epoch string, seq int64) {
	rooms := []string{tenantRoom(e.TenantID)} // of what everybody at the hotel may know
	if e.Card != nil {
		rooms = roomsFor(e.TenantID, e.Card.Conversation)
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

// sequences number the events of each tenant since the instance started: no row of
// the database is locked for it.
type sequences struct {
	epoch string
	mu    *sync.Mutex
	last  map[id.Tenant]int64
}

func newSequences(start time.Time) sequences {
	return sequences{epoch: strconv.FormatInt(start.UnixMilli(), 36), mu: &sync.Mutex{}, last: map[id.Tenant]int64{}}
}

func (s sequences) next(t id.Tenant) (epoch string, seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last[t]++
	return s.epoch, s.last[t]
}

func (s sequences) now(t id.Tenant) (epoch string, seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.epoch, s.last[t]
}
