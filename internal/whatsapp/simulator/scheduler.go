package simulator

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// scheduler runs small functions at a time of the simulator's clock, one after the other in order of time. Functions
// must not block.
type scheduler struct {
	now func() time.Time

	mu     sync.Mutex
	anchor time.Time     // real time of the last change of speed
	offset time.Duration // the simulator's time minus the real one, at the anchor
	speed  float64       // seconds of the simulator per real second
	queue  timedHeap
	seq    uint64
	busy   int // functions taken from the queue and not yet finished
	wake   chan struct{}
}

type timed struct {
	at  time.Time
	seq uint64
	run func()
}

type timedHeap []timed

func (h timedHeap) Len() int { return len(h) }
func (h timedHeap) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].seq < h[j].seq
	}
	return h[i].at.Before(h[j].at)
}
func (h timedHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *timedHeap) Push(x any) {
	if t, ok := x.(timed); ok {
		*h = append(*h, t)
	}
}

func (h *timedHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = timed{}
	*h = old[:len(old)-1]
	return last
}

func newScheduler(now func() time.Time) *scheduler {
	return &scheduler{now: now, anchor: now(), speed: 1, wake: make(chan struct{}, 1)}
}

// time is the simulator's clock: the given one plus everything that was advanced.
func (s *scheduler) time() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.present()
}

// present is time for those who hold s.mu.
func (s *scheduler) present() time.Time {
	outside := s.now()
	if s.speed == 1 {
		return outside.Add(s.offset)
	}
	return s.anchor.Add(s.offset + time.Duration(float64(outside.Sub(s.anchor))*s.speed))
}

// maxSpeed bounds the clock's speed.
const maxSpeed = 100_000

// SetSpeed lets the simulator's clock run that many times as fast as the real one, from now on.
func (s *Simulator) SetSpeed(speed float64) {
	c := s.clock
	c.mu.Lock()
	present := c.present()
	c.anchor, c.speed = c.now(), speed
	c.offset = present.Sub(c.anchor)
	c.mu.Unlock()
	c.poke()
}

func (s *scheduler) advance(d time.Duration) {
	s.mu.Lock()
	s.offset += d
	s.mu.Unlock()
	s.poke()
}

func (s *scheduler) after(d time.Duration, run func()) {
	s.mu.Lock()
	s.seq++
	heap.Push(&s.queue, timed{at: s.present().Add(d), seq: s.seq, run: run})
	s.mu.Unlock()
	s.poke()
}

func (s *scheduler) waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue) + s.busy
}

func (s *scheduler) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run works until ctx ends; what is still scheduled then never happens.
func (s *scheduler) run(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Reset(s.runDue())
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-timer.C:
		}
	}
}

// runDue runs what is due and returns how long nothing else will be.
func (s *scheduler) runDue() time.Duration {
	for {
		s.mu.Lock()
		if len(s.queue) == 0 {
			s.mu.Unlock()
			return time.Hour
		}
		if wait := s.queue[0].at.Sub(s.present()); wait > 0 {
			wait = max(time.Duration(float64(wait)/s.speed), 1)
			s.mu.Unlock()
			return wait
		}
		due := s.queue[0]
		heap.Pop(&s.queue)
		s.busy++
		s.mu.Unlock()
		due.run()
		s.mu.Lock()
		s.busy--
		s.mu.Unlock()
	}
}
