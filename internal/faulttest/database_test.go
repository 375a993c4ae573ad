package faulttest

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestDatabaseCrash: PostgreSQL goes away in the middle of a burst and comes back
// seconds later. The program goes on by itself.
func TestDatabaseCrash(t *testing.T) {
	t.Parallel()
	db := newCluster(t)
	w := newWorld(t, db.url(), usual)
	w.addHotel()
	p := w.serve()
	w.begin()
	await(t, "a part of the burst", func() bool {
		return w.taken() >= w.burst.messages()/4 && w.flow.count() > 0 && w.answered() > 0
	})
	db.crash()
	failures := w.sim.Counters().WebhookFailures
	await(t, "webhooks to be refused", func() bool { return w.sim.Counters().WebhookFailures >= failures+500 })
	if got := healthOf(t, w); got != http.StatusServiceUnavailable {
		t.Errorf("/api/health answers %d without a database, want 503", got)
	}
	handed := w.flow.posts()
	db.start()
	back := time.Now()
	await(t, "a message to be processed again", func() bool { return w.flow.posts() > handed })
	t.Logf("processing again %d ms after the database was back", time.Since(back).Milliseconds())
	w.settle()
	w.check()
	if !p.isAlive() {
		t.Error("the program ended")
	}
	for status, n := range w.webhookAnswers() {
		if status != http.StatusOK && status != http.StatusServiceUnavailable {
			t.Errorf("%d webhooks were answered with %d", n, status)
		}
	}
	if w.webhookAnswers()[http.StatusServiceUnavailable] == 0 {
		t.Error("no webhook was answered with 503: the crash missed the burst")
	}
	w.refuseSecond(p)
}

// webhookAnswers counts the answers to Meta's webhooks by status.
func (w *world) webhookAnswers() map[int]int {
	answers := map[int]int{}
	for _, d := range w.sim.Deliveries() {
		answers[d.Status]++
	}
	return answers
}

// refuseSecond starts a second program on the same database, in vain.
func (w *world) refuseSecond(first *process) {
	w.t.Helper()
	env := w.env("PORT=0", "DATA_DIR="+w.dataDir)
	second := launch(w.t, env, "serve")
	if code := second.wait(w.t); code == 0 {
		w.t.Error("a second program on the same database ended with 0")
	}
	if said := second.log.String(); !strings.Contains(said, "another instance already works on this database") {
		w.t.Errorf("a second program on the same database said:\n%s", said)
	}
	if !first.isAlive() {
		w.t.Error("the first program ended")
	}
}

func healthOf(t *testing.T, w *world) int {
	t.Helper()
	request, err := http.NewRequestWithContext(within(t), http.MethodGet, w.apiURL()+"/api/health", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := w.flow.client.Do(request)
	if err != nil {
		t.Fatalf("ask for health: %v", err)
	}
	defer response.Body.Close()
	return response.StatusCode
}
