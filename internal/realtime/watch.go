package realtime

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/stale"
)

const (
	// recheckEvery is how soon it is noticed that somebody may no longer be there when no
	// notice says so: the command line beside an instance without Redis, say.
	recheckEvery = 4 * time.Second
	// fully is how many times of those everybody is looked at whether something has
	// changed or not: a trial may have ended.
	fully = 15
)

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
	for round := 1; ; {
		select {
		case <-s.watch.ctx.Done():
			return
		case <-every.C:
			s.sweep(s.watch.ctx, round%fully == 0)
			round++
		case <-s.watch.news:
			s.watch.mu.Lock()
			notices := s.watch.notices
			s.watch.notices = nil
			s.watch.mu.Unlock()
			s.recheck(s.watch.ctx, func(l *listener) bool {
				return slices.ContainsFunc(notices, func(n stale.Notice) bool { return n.Concerns(l.tenant, l.User.ID, l.Session) })
			})
		}
	}
}

// sweep ends the connections whose token has expired and looks for changes that nobody
// told of. All who are connected cost one question; only those about whom the answer is
// another than before are looked at one by one.
func (s *Server) sweep(ctx context.Context, everybody bool) {
	now := s.opts.Clock.Now()
	here := map[postgres.Connected][]*listener{}
	for _, socket := range s.main.Everyone().Local() {
		l, ok := socket.Data().(*listener)
		if !ok {
			continue
		}
		if !now.Before(l.Expires) {
			socket.Disconnect(true)
			continue
		}
		key := postgres.Connected{User: l.User.ID, Session: l.Session}
		here[key] = append(here[key], l)
	}
	concerns := s.changed(ctx, here)
	if everybody {
		concerns = func(*listener) bool { return true }
	}
	s.recheck(ctx, concerns)
}

// changed tells who has another standing than when they were last looked at, and has
// forgotten what is remembered of them. The first look only notes it: they were let in a
// moment ago.
func (s *Server) changed(ctx context.Context, here map[postgres.Connected][]*listener) (concerns func(*listener) bool) {
	people := slices.Collect(maps.Keys(here))
	standings, err := s.opts.DB.SystemStandings(ctx, people)
	if err != nil && ctx.Err() == nil {
		s.opts.Log.Warn("who may stay connected cannot be looked at; it is tried again", "err", err)
	}
	changed := map[*listener]bool{}
	for i, standing := range standings {
		for _, l := range here[people[i]] {
			changed[l] = l.standing != "" && l.standing != standing
			l.standing = standing
			if changed[l] {
				s.opts.Directory.Forget(stale.Tenant(l.User.TenantID))
				s.opts.Auth.Forget(stale.User(l.User.ID))
			}
		}
	}
	return func(l *listener) bool { return changed[l] }
}

// recheck ends the connections of those who may no longer work, or who see something else
// now: their rooms are those of the beginning.
func (s *Server) recheck(ctx context.Context, concerns func(*listener) bool) {
	for _, socket := range s.main.Everyone().Local() {
		l, ok := socket.Data().(*listener)
		if ok && ctx.Err() == nil && concerns(l) && !s.mayStay(ctx, l) {
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
