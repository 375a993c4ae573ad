package socketio

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/realtime/socketio/engineio"
)

const (
	publishTimeout = 5 * time.Second
	// maxUnpublished bounds what waits for a broker that does not answer.
	maxUnpublished = 8 << 20
)

type kind string

const (
	kindEmit       kind = "emit"
	kindDisconnect kind = "disconnect"
	kindMove       kind = "move"
)

// envelope is one broadcast on its way to the other instances. Events travel
// without offset: every instance numbers its own log.
type envelope struct {
	Origin      string          `json:"origin"`
	Namespace   string          `json:"ns"`
	Kind        kind            `json:"kind"`
	Everyone    bool            `json:"everyone,omitempty"`
	Rooms       []string        `json:"rooms,omitempty"`
	Except      []string        `json:"except,omitempty"`
	Array       json.RawMessage `json:"array,omitempty"`
	Attachments [][]byte        `json:"attachments,omitempty"`
	Join        []string        `json:"join,omitempty"`
	Leave       []string        `json:"leave,omitempty"`
	Reason      string          `json:"reason,omitempty"`
}

// link joins a server with the other instances. What it publishes keeps its
// order and never holds up the emitter: a goroutine that exists only while
// there is something to publish waits for the broker.
type link struct {
	server *Server
	broker Broker
	origin string
	stop   func()
	ctx    context.Context // lives as long as the link
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu      sync.Mutex
	queue   [][]byte
	queued  int // bytes
	sending bool
	closed  bool
}

func newLink(s *Server, broker Broker) *link {
	ctx, cancel := context.WithCancel(context.Background())
	l := &link{server: s, broker: broker, origin: engineio.NewID(), ctx: ctx, cancel: cancel}
	l.stop = broker.Subscribe(l.receive)
	return l
}

func (l *link) publish(e envelope) {
	e.Origin = l.origin
	message, err := json.Marshal(e)
	if err != nil {
		l.server.opts.Logger.Error("broadcast cannot be encoded", "err", err)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	if l.queued > maxUnpublished {
		l.server.opts.Logger.Warn("broker does not keep up, broadcast dropped", "queued_bytes", l.queued)
		return
	}
	l.queue = append(l.queue, message)
	l.queued += len(message)
	if !l.sending {
		l.sending = true
		l.work.Go(l.send)
	}
}

func (l *link) send() {
	for {
		l.mu.Lock()
		batch := l.queue
		l.queue, l.queued = nil, 0
		l.sending = len(batch) > 0
		l.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		for _, message := range batch {
			l.sendOne(message)
		}
	}
}

func (l *link) sendOne(message []byte) {
	ctx, cancel := context.WithTimeout(l.ctx, publishTimeout)
	defer cancel()
	if err := l.broker.Publish(ctx, message); err != nil {
		l.server.opts.Logger.Warn("broadcast not published", "err", err)
	}
}

func (l *link) receive(message []byte) {
	var e envelope
	if err := json.Unmarshal(message, &e); err != nil {
		l.server.opts.Logger.Warn("broadcast from the broker not understood", "err", err)
		return
	}
	ns := l.server.namespaces[e.Namespace]
	if ns == nil || e.Origin == l.origin {
		return
	}
	to := audience{everyone: e.Everyone, rooms: e.Rooms, except: e.Except}
	switch {
	case e.Kind == kindEmit && len(e.Array) > len("[]"):
		ns.emit(to, e.Array, e.Attachments)
	case e.Kind == kindDisconnect:
		ns.disconnect(to, e.Reason)
	case e.Kind == kindMove:
		ns.moveSockets(to, e.Join, e.Leave)
	}
}

// close publishes what is queued, for as long as ctx allows, and leaves.
func (l *link) close(ctx context.Context) {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	stop := context.AfterFunc(ctx, l.cancel)
	defer stop()
	l.work.Wait()
	l.cancel()
	l.stop()
}
