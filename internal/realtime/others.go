package realtime

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// Others is the way to the other instances. Messages come in order and once; missed is
// called when some may have been lost. Nothing of it blocks.
type Others interface {
	Tell(topic string, message []byte)
	Hear(topic string, receive func(message []byte), missed func()) (stop func())
}

// What instances tell each other, by topic.
const (
	topicEvents  = "events"  // a tenant's id, and the event in JSON
	topicSockets = "sockets" // what package socketio says, such as who is typing
)

// broker is package socketio's view of Others.
type broker struct{ others Others }

// Publish implements socketio.Broker.
func (b broker) Publish(_ context.Context, message []byte) error {
	b.others.Tell(topicSockets, message)
	return nil
}

// Subscribe implements socketio.Broker.
func (b broker) Subscribe(receive func(message []byte)) (stop func()) {
	return b.others.Hear(topicSockets, receive, nil) // what it carries is past in a moment
}

const idLen = len("00000000-0000-0000-0000-000000000000")

// tellOthers hands an event over whole: each instance knows by itself who of its screens
// may hear what of it.
func (s *Server) tellOthers(e event.Event) {
	if s.opts.Others == nil {
		return
	}
	text, err := json.Marshal(e)
	if err != nil {
		s.opts.Log.Error("event cannot be told to other instances", "event", e.Name, "tenant_id", e.TenantID, "err", err)
		return
	}
	s.opts.Others.Tell(topicEvents, append([]byte(e.TenantID.String()), text...))
}

func (s *Server) hearOthers() {
	if s.opts.Others != nil {
		s.stopHearing = s.opts.Others.Hear(topicEvents, s.hear, s.missed)
	}
}

// hear publishes an event of another instance here. It is read only if somebody looks.
func (s *Server) hear(message []byte) {
	if len(message) < idLen {
		return
	}
	t, err := uuid.ParseBytes(message[:idLen])
	if err != nil {
		return
	}
	s.publishHere(id.Tenant{UUID: t}, func() (e event.Event, err error) {
		return e, json.Unmarshal(message[idLen:], &e)
	})
}

// missed has every screen fetch anew, those that are connected and those that come back:
// nobody knows what was lost.
func (s *Server) missed() {
	s.seqs.renew()
	s.io.ForgetLost()
	for _, socket := range s.main.Everyone().Local() {
		if l, ok := socket.Data().(*listener); ok {
			s.hello(socket, l)
		}
	}
}
