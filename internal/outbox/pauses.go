package outbox

import (
	"sync"
	"time"
)

// pauses remembers numbers through which Meta lets nothing pass at the moment
// (expired token, restricted account), so that not every conversation has to find
// out by itself. When a pause ends one message tries, and the others follow if it
// gets through.
type pauses struct {
	mu    *sync.Mutex
	until map[string]time.Time // by phone_number_id
}

func newPauses() pauses { return pauses{mu: &sync.Mutex{}, until: map[string]time.Time{}} }

// left returns how long a number's pause still lasts.
func (p pauses) left(number string, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until[number].Sub(now)
}

func (p pauses) begin(number string, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until[number] = until
}

// end forgets a pause and reports whether there was one.
func (p pauses) end(number string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, paused := p.until[number]
	delete(p.until, number)
	return paused
}
