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
	// Of numbers whose account Meta restricted: when one message was last let try, and
	// whether one got through since.
	tried map[string]time.Time
	works map[string]bool
}

func newPauses() pauses {
	return pauses{mu: &sync.Mutex{}, until: map[string]time.Time{}, tried: map[string]time.Time{}, works: map[string]bool{}}
}

// probeEvery is how often a number of a restricted account tries one message: restrictions
// end without Meta telling so.
const probeEvery = 5 * time.Minute

// restricted returns how long a message of a restricted account waits; 0 lets it try.
func (p pauses) restricted(number string, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.works[number] {
		return 0
	}
	if last, ok := p.tried[number]; ok && now.Sub(last) < probeEvery {
		return last.Add(probeEvery).Sub(now)
	}
	p.tried[number] = now
	return 0
}

// unrestricted forgets what was tried while the account was restricted.
func (p pauses) unrestricted(number string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.tried, number)
	delete(p.works, number)
}

// gotThrough notes that a message of a restricted account was taken, and reports whether that
// is news.
func (p pauses) gotThrough(number string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, waiting := p.tried[number]
	isNews := waiting && !p.works[number]
	if waiting {
		p.works[number] = true
	}
	return isNews
}

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
