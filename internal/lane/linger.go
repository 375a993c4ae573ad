package lane

import (
	"context"
	"time"
)

// Grace is how long a call to somebody else may still take once we are stopping. It is
// shorter than the time that container platforms give a process to end (30 s).
const Grace = 10 * time.Second

// Linger returns a context for a call that is about to begin and should not be cut off
// half-way: it ends Grace after ctx, with the values of ctx. A call that is cut off has
// an end that nobody knows, and costs either a wait or a repeat.
func Linger(ctx context.Context) (context.Context, context.CancelFunc) {
	lingering, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(Grace, cancel)
		context.AfterFunc(lingering, func() { timer.Stop() })
	})
	return lingering, func() { stop(); cancel() }
}
