package simulator

import "time"

// Outlook says whether anything is under way, and when the next of what waits for its time is due: a status, the retry
// of a webhook, a late copy. Whoever lets days pass skips to that time when nothing is under way anywhere; zero means
// that nothing waits. An answer that is held back is not under way: its caller has to give up.
func (s *Simulator) Outlook() (busy bool, next time.Time) {
	busy = s.open.Load() > 0
	for _, a := range s.allAccounts() {
		busy = a.sender.isWorking() || busy
	}
	c := s.clock
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 {
		return busy || c.busy > 0, time.Time{}
	}
	next = c.queue[0].at
	return busy || c.busy > 0 || !next.After(c.present()), next
}

func (d *sender) isWorking() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.running > 0
}
