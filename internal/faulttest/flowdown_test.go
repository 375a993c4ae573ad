package faulttest

import (
	"net/http"
	"testing"
	"time"
)

// TestFlowDown: the hotel's flow refuses connections, then is not published (404), then
// is unwell (500), and then is back.
func TestFlowDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, newCluster(t).url(), usual)
	w.addHotel()
	w.serve()
	w.begin()
	await(t, "a part of the burst", func() bool { return w.flow.count() >= w.burst.messages()/5 })
	w.flow.down()
	await(t, "all webhooks to be taken without the flow", func() bool { return w.taken() >= w.burst.messages() })
	for _, status := range []int{http.StatusNotFound, http.StatusInternalServerError} {
		w.flow.answerWith(status)
		if w.flow.server == nil {
			w.flow.up()
		}
		await(t, "posts to be refused", func() bool { return w.flow.refusals() >= 20 })
	}
	before := w.flow.count()
	w.flow.answerWith(0)
	back := time.Now()
	last := w.flow.awaitCount(t, w.burst.messages())
	t.Logf("%d waiting messages were handed over within %d ms after the flow was back", w.burst.messages()-before, last.Sub(back).Milliseconds())
	if last.Sub(back) > 30*time.Second {
		t.Errorf("the last waiting message came %s after the flow was back", last.Sub(back))
	}
	w.settle()
	w.check()
}
