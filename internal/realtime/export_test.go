package realtime

import "context"

// Sweep looks for changes as the watch does every few seconds.
func (s *Server) Sweep(ctx context.Context) { s.sweep(ctx, false) }
