package faulttest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/n8n"
)

// daysFlow stands in for all hotels' n8n: it notes what it is handed and answers each
// line, one after the other per guest, as the demo bot does; asked for a person it calls
// one. It keys its answers by delivery id, so that what is handed over again is answered
// once.
type daysFlow struct {
	tasks
	w      *stay
	server *httptest.Server
	ctx    context.Context //nolint:containedctx // the flow's own life
	work   sync.WaitGroup

	mu      sync.Mutex
	arrived map[string]int         // posts, by delivery id
	heard   map[string][]string    // texts in the order of their first arrival, by guest's phone
	queues  map[string]chan handed // by guest's phone
	asked   map[string]int         // answers that the product took, by text; how often it said so
	refused map[string]int         // answers that it did not, by code
	wrong   map[string]int
}

// handed is one post.
type handed struct {
	inn                   *inn
	phone, text, delivery string
}

func newDaysFlow(w *stay) *daysFlow {
	ctx, cancel := context.WithCancel(context.Background())
	f := &daysFlow{
		w: w, ctx: ctx, arrived: map[string]int{}, heard: map[string][]string{}, queues: map[string]chan handed{},
		asked: map[string]int{}, refused: map[string]int{}, wrong: map[string]int{},
	}
	f.server = httptest.NewServer(f)
	w.t.Cleanup(func() {
		f.server.Close()
		cancel()
		f.work.Wait()
	})
	return f
}

func (f *daysFlow) url(slug string) string { return f.server.URL + "/webhook/" + slug }

// ServeHTTP implements http.Handler: the webhook node.
func (f *daysFlow) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // cut off
	}
	var said struct{ Phone, ChatInput, DeliveryID string }
	h := f.innOf(strings.TrimPrefix(r.URL.Path, "/webhook/"))
	if h == nil || json.Unmarshal(body, &said) != nil || said.DeliveryID == "" {
		f.complain("a post cannot be read")
		return
	}
	if err := n8n.VerifySignature(h.secret, r.Header.Get(n8n.HeaderSignature), body, f.w.clock.Now(), time.Hour); err != nil {
		f.complain("a post: " + err.Error())
	}
	f.take(handed{h, strings.TrimPrefix(said.Phone, "+"), said.ChatInput, said.DeliveryID})
}

func (f *daysFlow) innOf(slug string) *inn {
	for _, h := range f.w.inns {
		if h.slug == slug {
			return h
		}
	}
	return nil
}

func (f *daysFlow) complain(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wrong[what]++
}

// take notes a post. One that is repeated has its answer under way already.
func (f *daysFlow) take(h handed) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.arrived[h.delivery]++
	if f.arrived[h.delivery] > 1 {
		return
	}
	f.heard[h.phone] = append(f.heard[h.phone], h.text)
	queue := f.queues[h.phone]
	if queue == nil {
		queue = make(chan handed, 10_000)
		f.queues[h.phone] = queue
		f.work.Go(func() { f.serve(queue) })
	}
	f.begin()
	queue <- h
}

func (f *daysFlow) serve(queue <-chan handed) {
	for {
		select {
		case <-f.ctx.Done():
			return
		case h := <-queue:
			f.answer(h)
			f.end()
		}
	}
}

func (f *daysFlow) answer(h handed) {
	f.say(h, "Resposta: "+h.text)
	if !strings.HasSuffix(h.text, callsForPerson) {
		return
	}
	since := f.w.clock.Now()
	status, answer := f.insist(h, "/api/n8n/escalate", "", map[string]string{"phone": h.phone, "reason": "USER_REQUESTED", "hotelUnit": "Centro"})
	var made struct {
		Escalation   struct{ ID string }
		Conversation struct{ ID string }
	}
	if status/100 != 2 || json.Unmarshal(answer, &made) != nil {
		f.complain(fmt.Sprintf("escalate answered %d", status))
		return
	}
	f.w.desk.called(h, since, made.Conversation.ID, made.Escalation.ID)
}

// say sends until the product decides about it.
func (f *daysFlow) say(h handed, text string) {
	status, answer := f.insist(h, "/api/n8n/send-text", h.delivery, map[string]string{"phone": h.phone, "message": text})
	f.mu.Lock()
	defer f.mu.Unlock()
	if status/100 == 2 {
		f.asked[text]++
		return
	}
	var why struct{ Code string }
	_ = json.Unmarshal(answer, &why)
	f.refused[fmt.Sprintf("%d %s", status, why.Code)]++
}

// insist asks until it is answered, also while the program is down.
func (f *daysFlow) insist(h handed, path, key string, body any) (status int, answer []byte) {
	header := http.Header{"X-Api-Key": {h.inn.apiKey}}
	if key != "" {
		header.Set("Idempotency-Key", key)
	}
	return f.w.insist(f.ctx, path, header, body)
}

// insist posts until there is an answer that says something of the request.
func (w *stay) insist(ctx context.Context, path string, header http.Header, body any) (status int, answer []byte) {
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		status, answer, err := w.post(ctx, path, header, body)
		if err == nil && status != http.StatusServiceUnavailable {
			return status, answer
		}
		select {
		case <-ctx.Done():
			return 0, nil
		case <-again.C:
		}
	}
}

func (w *stay) post(ctx context.Context, path string, header http.Header, body any) (status int, answer []byte, err error) {
	encoded, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.apiURL()+path, bytes.NewReader(encoded))
	if err != nil {
		return 0, nil, err
	}
	request.Header = header.Clone()
	request.Header.Set("Content-Type", "application/json")
	response, err := w.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

// posts is how many different messages it was handed.
func (f *daysFlow) posts() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.arrived)
}
