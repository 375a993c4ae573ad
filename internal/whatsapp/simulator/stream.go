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
	streamMost  = 200 // guests per account and event
)

// serveStream tells the phone page by server-sent events which guests changed: each event is a list of View. The
// first one lists everybody.
func (s *Simulator) serveStream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	seen := map[string]int64{}
	for {
		changed := s.changed.wait()
		if err := writeEvent(w, s.changedGuests(seen)); err != nil {
			return
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

// changedGuests lists guests changed since the last call with the same memory.
func (s *Simulator) changedGuests(seen map[string]int64) []View {
	out := []View{}
	for _, a := range s.allAccounts() {
		id := a.info.Load().PhoneNumberID
		a.mu.Lock()
		out = append(out, a.viewsAfter(seen[id], streamMost)...)
		seen[id] = a.rev
		a.mu.Unlock()
	}
	return out
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
