package simulator

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// How often the same event comes, and how long a second answer may take to show.
const (
	repeats    = 20
	answerWait = 3 * time.Second
	typical    = 100 // webhooks for the latency
)

// repetition sends one event twenty times at once: each is answered 200, and the guest gets no answer twice.
func (r *checkRun) repetition(a *account) {
	body := r.text("Oi?")
	before := r.answers(a)
	statuses := make([]int, repeats)
	var wg sync.WaitGroup
	for i := range statuses {
		wg.Go(func() {
			statuses[i], _ = r.sim.post(r.address, body, r.sign(body)) // 0 when there was no answer
		})
	}
	wg.Wait()
	accepted := 0
	for _, status := range statuses {
		if status == http.StatusOK {
			accepted++
		}
	}
	r.note(true, accepted == repeats, "the same event twenty times at once is answered 200 each time", "%d of %d", accepted, repeats)
	r.sim.pause(r.ctx, answerWait)
	texts := r.answers(a)[len(before):]
	slices.Sort(texts)
	doubled := len(texts) - len(slices.Compact(slices.Clone(texts)))
	r.note(true, doubled == 0, "an event that came twenty times is answered once", "%d answers, %d doubled", len(texts), doubled)
}

// answers are the texts that the receiver's side sent to the guest of these checks so far.
func (r *checkRun) answers(a *account) []string {
	var out []string
	for _, send := range r.sim.Sends() {
		if send.AccountID == a.info.Load().PhoneNumberID && canonicalPhone(send.To) == canonicalPhone(checkGuest) {
			out = append(out, send.Type+" "+send.Body)
		}
	}
	return out
}

// latency holds the answers against Meta's targets: median 250 ms, fewer than one in a hundred above a second.
func (r *checkRun) latency() {
	r.took = nil
	for range typical {
		if r.ctx.Err() != nil {
			return
		}
		body := r.text("tempo")
		r.post(body, r.sign(body))
	}
	r.judge()
}

func (r *checkRun) judge() {
	if len(r.took) == 0 {
		r.note(true, false, "answers come at all", "none of %d", typical)
		return
	}
	slices.Sort(r.took)
	median, p99 := r.took[len(r.took)/2], r.took[len(r.took)*99/100]
	r.note(false, median <= 250*time.Millisecond, "the median answer takes at most 250 ms", "%v", median.Round(time.Millisecond))
	r.note(false, p99 <= ackLimit, "99 of 100 answers take at most a second", "%v", p99.Round(time.Millisecond))
}
