package engineio

// IsPolled tells whether a poll is waiting.
func (s *Session) IsPolled() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.poll != nil
}

// IsPosting tells whether a body is being taken.
func (s *Session) IsPosting() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posting
}

// Queued is the number of bytes that wait for the client.
func (s *Session) Queued() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queued
}
