package faulttest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/n8n"
)

// flow stands in for a hotel's n8n: it notes what it is handed, and answers some guests
// through the API, as a flow does that tries again until it is answered.
type flow struct {
	t       *testing.T
	address string // stays the same while it goes down and up
	apiURL  string
	client  *http.Client
	ctx     context.Context //nolint:containedctx // the flow's own life
	work    sync.WaitGroup
	server  *http.Server // nil while down

	mu      sync.Mutex
	key     string
	secret  string
	status  int                 // answered to everything; 0: works
	takes   time.Duration       // before an answer
	refused int                 // posts answered with status
	arrived map[string]int      // by delivery id
	heard   map[string][]string // by guest: texts in the order of their first arrival
	answers map[string]chan turn
	chatty  func(phone string) bool
	last    time.Time // of the last first arrival
	changed chan struct{}
	wrong   []string
}

// turn is one answer that the flow owes a guest.
type turn struct{ phone, text, key string }

func newFlow(t *testing.T, apiURL string, chatty func(phone string) bool) *flow {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	f := &flow{
		t: t, apiURL: apiURL, ctx: ctx, chatty: chatty, address: "127.0.0.1:0",
		client:  &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		arrived: map[string]int{}, heard: map[string][]string{}, answers: map[string]chan turn{}, changed: make(chan struct{}),
	}
	f.up()
	t.Cleanup(func() {
		f.down()
		cancel()
		f.work.Wait()
		f.client.CloseIdleConnections()
	})
	return f
}

func (f *flow) url() string { return "http://" + f.address + "/webhook/hotel" }

// up listens where it listened before.
func (f *flow) up() {
	f.t.Helper()
	l, err := net.Listen("tcp", f.address)
	if err != nil {
		f.t.Fatalf("start the flow: %v", err)
	}
	f.address = l.Addr().String()
	server := &http.Server{Handler: f, ReadHeaderTimeout: patience}
	f.server = server
	f.work.Go(func() { _ = server.Serve(l) })
}

// down refuses connections, and cuts those that are open.
func (f *flow) down() {
	if f.server != nil {
		_ = f.server.Close()
		f.server = nil
	}
}

// answerWith makes the flow answer everything with a status; 0 lets it work again.
func (f *flow) answerWith(status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status, f.refused = status, 0
}

func (f *flow) refusals() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.refused
}

// ServeHTTP implements http.Handler: the webhook node.
func (f *flow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // cut off
	}
	w.WriteHeader(f.receive(r.Header, body))
	f.pause(r.Context())
}

// pause is how long a flow works before it answers.
func (f *flow) pause(ctx context.Context) {
	f.mu.Lock()
	timer := time.NewTimer(f.takes)
	f.mu.Unlock()
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (f *flow) receive(header http.Header, body []byte) (status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.status != 0 {
		f.refused++
		return f.status
	}
	if err := n8n.VerifySignature(f.secret, header.Get(n8n.HeaderSignature), body, time.Now(), time.Minute); err != nil {
		f.wrong = append(f.wrong, "a post to the flow: "+err.Error())
	}
	var said struct{ Phone, ChatInput, DeliveryID string }
	if err := json.Unmarshal(body, &said); err != nil || said.Phone == "" || said.DeliveryID != header.Get(n8n.HeaderDelivery) {
		f.wrong = append(f.wrong, fmt.Sprintf("a post to the flow cannot be read: %v", err))
	}
	f.take(said.Phone, said.ChatInput, said.DeliveryID)
	return http.StatusOK
}

// take notes an arrival. A repeated one is answered again under the same key, as by a
// flow that remembers nothing.
func (f *flow) take(phone, text, delivery string) {
	f.arrived[delivery]++
	if f.arrived[delivery] == 1 {
		f.heard[phone] = append(f.heard[phone], text)
		f.last = time.Now()
		close(f.changed)
		f.changed = make(chan struct{})
	}
	if !f.chatty(phone) {
		return
	}
	turns := f.answers[phone]
	if turns == nil {
		turns = make(chan turn, 1000)
		f.answers[phone] = turns
		f.work.Go(func() { f.answer(turns) })
	}
	turns <- turn{phone, "Resposta: " + text, delivery}
}

// answer answers one guest, in order.
func (f *flow) answer(turns <-chan turn) {
	for {
		select {
		case <-f.ctx.Done():
			return
		case t := <-turns:
			if err := f.say(t); err != nil && f.ctx.Err() == nil {
				f.mu.Lock()
				f.wrong = append(f.wrong, err.Error())
				f.mu.Unlock()
			}
		}
	}
}

// say sends until it is told that the message is taken.
func (f *flow) say(t turn) error {
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		status, answer, err := f.post(t)
		switch {
		case err != nil, status == http.StatusServiceUnavailable, status == http.StatusBadGateway: // a proxy says 502 of one that died
		case status == http.StatusOK, status == http.StatusAccepted:
			return nil
		default:
			return fmt.Errorf("send-text answered %d: %s", status, answer)
		}
		select {
		case <-f.ctx.Done():
			return errors.New("stopped")
		case <-again.C:
		}
	}
}

func (f *flow) post(t turn) (status int, answer string, err error) {
	body, err := json.Marshal(map[string]string{"phone": t.phone, "message": t.text})
	if err != nil {
		return 0, "", err
	}
	request, err := http.NewRequestWithContext(f.ctx, http.MethodPost, f.apiURL+"/api/n8n/send-text", bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	f.mu.Lock()
	request.Header.Set("X-Api-Key", f.key)
	f.mu.Unlock()
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", t.key)
	response, err := f.client.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(text), nil
}

// count is how many different messages were handed over so far.
func (f *flow) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.arrived)
}

// posts is how many posts it took, repeated ones included.
func (f *flow) posts() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, times := range f.arrived {
		n += times
	}
	return n
}

// repeats is how many posts brought a message that had been brought before.
func (f *flow) repeats() int {
	return f.posts() - f.count()
}

// awaitCount waits until so many different messages were handed over, and returns when
// the last of them came.
func (f *flow) awaitCount(t *testing.T, want int) time.Time {
	t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		f.mu.Lock()
		have, last, changed := len(f.arrived), f.last, f.changed
		f.mu.Unlock()
		if have >= want {
			return last
		}
		select {
		case <-changed:
		case <-timeout.C:
			t.Fatalf("the flow got %d messages in %s, want %d", have, patience, want)
		}
	}
}

// transcript is what the flow heard, by guest.
func (f *flow) transcript() map[string][]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := map[string][]string{}
	for phone, texts := range f.heard {
		out[strings.TrimPrefix(phone, "+")] = slices.Clone(texts)
	}
	return out
}

func (f *flow) complaints() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen := map[string]bool{}
	for _, w := range f.wrong {
		seen[w] = true
	}
	return slices.Sorted(maps.Keys(seen))
}
