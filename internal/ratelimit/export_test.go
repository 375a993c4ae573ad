package ratelimit

// Len counts the keys that are held, loaded or not.
func (m *Memory) Len() int {
	n := 0
	for i := range m.shards {
		m.shards[i].mu.Lock()
		n += len(m.shards[i].until)
		m.shards[i].mu.Unlock()
	}
	return n
}

const SweepEvery = sweepEvery
