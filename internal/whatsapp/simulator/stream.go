package simulator

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Pace of the stream: changes within streamPause travel together, streamBeat keeps an idle connection open.
const (
	streamPause = 40 * time.Millisecond
	streamBeat  = 15 * time.Second
	streamMost  = 200 // guests per account and event; what is over goes into the next event
)

// serveStream tells the phone page by server-sent events which guests changed: each event is a list of View. The
// first one lists those who were active last.
func (s *Simulator) serveStream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	seen := map[string]int64{}
	for {
		changed := s.changed.wait()
		guests, more := s.changedGuests(seen)
		if err := writeEvent(w, guests); err != nil {
			return
		}
		if more {
			continue
		}
		if !s.awaitStream(r.Context(), changed) {
			return
		}
	}
}

// awaitStream waits for a change or the next beat, and then a little so that a burst becomes one event.
func (s *Simulator) awaitStream(ctx context.Context, changed <-chan struct{}) bool {
	beat := time.NewTimer(streamBeat)
	defer beat.Stop()
	select {
	case <-changed:
	case <-beat.C:
	case <-ctx.Done():
		return false
	case <-s.ctx.Done():
		return false
	}
	return s.pause(ctx, streamPause)
}

// changedGuests lists guests changed since the last call with the same memory, and whether there are more.
func (s *Simulator) changedGuests(seen map[string]int64) (out []View, more bool) {
	for _, a := range s.allAccounts() {
		id := a.info.Load().PhoneNumberID
		a.mu.Lock()
		views, upTo := a.nextViews(seen[id], streamMost)
		more = more || upTo < a.rev
		a.mu.Unlock()
		out, seen[id] = append(out, views...), upTo
	}
	return out, more
}

// nextViews lists guests changed after rev, and up to which revision that is all. Of too many it takes those that
// changed first, so that the next call goes on there; at the very beginning, the most recent. The caller holds a.mu.
func (a *account) nextViews(rev int64, limit int) (views []View, upTo int64) {
	if rev == 0 {
		return a.viewsAfter(0, limit), a.rev
	}
	var changed []*guest // the latest first
	for el := a.recent.Front(); el != nil; el = el.Next() {
		g, _ := el.Value.(*guest)
		if g.rev <= rev {
			break
		}
		changed = append(changed, g)
	}
	upTo = a.rev
	if over := len(changed) - limit; over > 0 {
		changed = changed[over:]
		upTo = changed[0].rev
	}
	for _, g := range changed {
		views = append(views, a.view(g))
	}
	return views, upTo
}

func writeEvent(w http.ResponseWriter, guests []View) error {
	if len(guests) == 0 {
		_, err := fmt.Fprint(w, ": beat\n\n")
		if err != nil {
			return fmt.Errorf("write beat: %w", err)
		}
	} else {
		data, err := json.Marshal(guests)
		if err != nil {
			return fmt.Errorf("encode event: %w", err)
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", data); err != nil {
			return fmt.Errorf("write event: %w", err)
		}
	}
	if err := http.NewResponseController(w).Flush(); err != nil {
		return fmt.Errorf("flush event: %w", err)
	}
	return nil
}
