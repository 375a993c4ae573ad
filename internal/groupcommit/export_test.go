package groupcommit

import "runtime"

// WaitFor returns once n callers wait for the next commit.
func (c *Committer[T]) WaitFor(n int) {
	for {
		c.mu.Lock()
		waiting := len(c.waiting)
		c.mu.Unlock()
		if waiting >= n {
			return
		}
		runtime.Gosched()
	}
}
