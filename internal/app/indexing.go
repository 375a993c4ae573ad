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
	// indexRest is how many times as long as it worked the indexer rests while there is
	// more: at a peak, finding messages can wait and storing them cannot.
	indexRest = 9
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
		batches, err := a.DB.SystemIndexMessages(ctx, indexBatches)
		if err != nil && ctx.Err() == nil {
			a.log.Warn("messages cannot be made findable; it is tried again", "err", err)
		}
		rest := indexIdle
		if batches == indexBatches {
			rest = indexRest * a.opts.Clock.Now().Sub(began)
		}
		timer.Reset(rest)
	}
}
