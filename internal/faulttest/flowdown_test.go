package faulttest

import (
	"net/http"
	"testing"
	"time"
)

// TestFlowDown: the hotel's flow refuses connections, then is not published (404), then
// is unwell (500), and then is back. It is left alone meanwhile, until somebody who has mended
// something says where it is.
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
		w.tryFlow()
		await(t, "a post to be refused", func() bool { return w.flow.refusals() > 0 })
	}
	if n := w.flow.refusals(); n > 10 {
		t.Errorf("%d posts to a flow that is ill", n)
	}
	before := w.flow.count()
	w.flow.answerWith(0)
	w.tryFlow()
	back := time.Now()
	last := w.flow.awaitCount(t, w.burst.messages())
	t.Logf("%d waiting messages were handed over within %d ms after the flow was back", w.burst.messages()-before, last.Sub(back).Milliseconds())
	if last.Sub(back) > 30*time.Second {
		t.Errorf("the last waiting message came %s after the flow was back", last.Sub(back))
	}
	w.settle()
	w.check()
}

// tryFlow says once more where the flow is.
func (w *world) tryFlow() {
	w.t.Helper()
	if _, said, code := run(w.t, w.env(), "tenant", "set", "--slug", "hotel", "--n8n-url", w.flow.url()); code != 0 {
		w.t.Fatalf("tenant set: exit code %d\n%s", code, said)
	}
}
