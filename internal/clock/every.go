package clock

import (
	"context"
	"time"
)

// Every calls what after each d of the machine's time, one call after the other, until ctx
// ends. Calls that would overlap are left out.
func Every(ctx context.Context, d time.Duration, what func()) {
	every := time.NewTicker(d)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
			what()
		}
	}
}
