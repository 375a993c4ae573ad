package app

import (
	"context"
	"time"
)

const (
	// indexBatches is how many batches of messages are made findable at once; a batch is
	// what was stored at once, at most 500 messages.
	indexBatches = 50
	// indexIdle is how soon a message can be found when nothing else is to be done.
	indexIdle = time.Second
	// indexRest is how many times as long as it worked the indexer rests: it takes a
	// twentieth of one processor at most, some 600 messages a second. At a peak, finding
	// messages can wait and storing them cannot.
	indexRest = 19
)

// indexMessages makes messages findable until ctx ends.
func (a *App) indexMessages(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		began := a.opts.Clock.Now()
		if _, err := a.DB.SystemIndexMessages(ctx, indexBatches); err != nil && ctx.Err() == nil {
			a.log.Warn("messages cannot be made findable; it is tried again", "err", err)
		}
		timer.Reset(max(indexIdle, indexRest*a.opts.Clock.Now().Sub(began)))
	}
}
