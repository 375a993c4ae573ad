package lane_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/botreserva/botreserva/internal/lane"
)

func TestLinger_ends_some_time_after_its_parent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		parent, stop := context.WithCancel(t.Context())
		ctx, done := lane.Linger(parent)
		defer done()
		stop()
		time.Sleep(lane.Grace - time.Second) //nolint:forbidigo // the bubble's clock, which takes no time
		synctest.Wait()
		if ctx.Err() != nil {
			t.Errorf("ended within the grace: %v", ctx.Err())
		}
		time.Sleep(2 * time.Second) //nolint:forbidigo // as above
		synctest.Wait()
		if ctx.Err() == nil {
			t.Error("outlives the grace")
		}
	})
}

func TestLinger_ends_when_the_call_is_done(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		parent, stop := context.WithCancel(t.Context())
		ctx, done := lane.Linger(parent)
		stop()
		synctest.Wait()
		done()
		synctest.Wait()
		if ctx.Err() == nil {
			t.Error("still there after the call")
		}
	})
}
