package realtime

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/stale"
)

// recheckEvery is how soon a socket's right to be there is looked at again when no
// notice says so at once.
const recheckEvery = 4 * time.Second

// watch looks at the sockets of this instance: one goroutine, from the first socket
// until the server is shut down.
type watch struct {
	begin sync.Once
	stop  context.CancelFunc
	ctx   context.Context //nolint:containedctx // the watch's own life
	ended sync.WaitGroup
	news  chan struct{}

	mu      sync.Mutex
	notices []stale.Notice
}

func newWatch() *watch {
	ctx, stop := context.WithCancel(context.Background())
	return &watch{ctx: ctx, stop: stop, news: make(chan struct{}, 1)}
}

// Outdated has the sockets of those whom a notice concerns looked at now.
func (s *Server) Outdated(n stale.Notice) {
	s.watch.mu.Lock()
	s.watch.notices = append(s.watch.notices, n)
	s.watch.mu.Unlock()
	select {
	case s.watch.news <- struct{}{}:
	default: // it will look anyway
	}
}

func (s *Server) beginWatch() {
	s.watch.begin.Do(func() { s.watch.ended.Go(s.keepWatch) })
}

func (s *Server) endWatch() {
	s.watch.begin.Do(func() {}) // from now on it cannot begin
	s.watch.stop()
	s.watch.ended.Wait()
}

func (s *Server) keepWatch() {
	every := time.NewTicker(s.opts.RecheckEvery)
	defer every.Stop()
	for {
		select {
		case <-s.watch.ctx.Done():
			return
		case <-every.C:
			s.recheck(s.watch.ctx, stale.Everything())
		case <-s.watch.news:
			s.watch.mu.Lock()
			notices := s.watch.notices
			s.watch.notices = nil
			s.watch.mu.Unlock()
			s.recheck(s.watch.ctx, notices...)
		}
	}
}

// recheck ends the connections of those whose token has expired, who may no longer work,
// or who see something else now: their rooms are those of the beginning.
func (s *Server) recheck(ctx context.Context, notices ...stale.Notice) {
	for _, socket := range s.main.Everyone().Local() {
		l, ok := socket.Data().(*listener)
		if !ok || ctx.Err() != nil {
			continue
		}
		concerns := func(n stale.Notice) bool { return n.Concerns(l.tenant, l.User.ID, l.Session) }
		if slices.ContainsFunc(notices, concerns) && !s.mayStay(ctx, l) {
			socket.Disconnect(true)
		}
	}
}

// mayStay believes in doubt that somebody may stay: a database that is away must not
// empty the dashboards.
func (s *Server) mayStay(ctx context.Context, l *listener) bool {
	p, err := s.opts.Auth.Authenticate(ctx, l.token)
	if err != nil {
		return !isRefusal(err)
	}
	return p.User.Scope() == l.User.Scope()
}
