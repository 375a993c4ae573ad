package apptest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/n8n"
)

// clockMoves is more than tests move the clock by while a post is on its way.
const clockMoves = 24 * time.Hour

// flows is the n8n of all hotels of a world: /webhook/{slug}.
type flows struct {
	t      testing.TB
	now    func() time.Time
	server *httptest.Server
	ended  chan struct{} // the test is over: whoever hangs answers
	mu     sync.Mutex
	bySlug map[string]*Flow
}

// Flow is what a hotel's flow heard. It takes everything unless it is told to do
// otherwise.
type Flow struct {
	all    *flows
	slug   string
	secret string
	news   bell

	mu      sync.Mutex
	posts   []Post
	heard   []Post
	known   map[string]int // accepted posts by delivery id
	respond func(Post) int
}

// Post is one POST that a flow got.
type Post struct {
	DeliveryID string
	Attempt    int
	Body       map[string]any // as it came: the payload, and once more under "body"
	Status     int            // what the flow answered; 0: it hung up
}

// Text is what the guest said.
func (p Post) Text() string { return p.Value("text.message") }

// Value returns a text of the payload by its path, such as "contact.name".
func (p Post) Value(path string) string {
	text, _ := at(p.Body, path).(string)
	return text
}

func (w *World) startFlows() {
	w.flows = &flows{t: w.t, now: w.clock.Now, bySlug: map[string]*Flow{}, ended: make(chan struct{})}
	w.flows.server = httptest.NewServer(w.flows)
	w.t.Cleanup(w.flows.server.Close)
}

func (f *flows) of(slug string) *Flow {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.bySlug[slug] == nil {
		f.bySlug[slug] = &Flow{all: f, slug: slug, known: map[string]int{}}
	}
	return f.bySlug[slug]
}

// ServeHTTP implements http.Handler.
func (f *flows) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	flow := f.of(strings.TrimPrefix(r.URL.Path, "/webhook/"))
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the product went away
	}
	signature := r.Header.Get(n8n.HeaderSignature)
	if err := n8n.VerifySignature(flow.secret, signature, body, f.now(), clockMoves); err != nil {
		f.t.Errorf("the flow of %s got a post that is not signed as it should: %v", flow.slug, err)
	}
	p := Post{DeliveryID: r.Header.Get(n8n.HeaderDelivery)}
	if err := json.Unmarshal(body, &p.Body); err != nil {
		f.t.Errorf("the flow of %s got no JSON: %v", flow.slug, err)
	}
	p.Attempt, _ = strconv.Atoi(r.Header.Get(n8n.HeaderAttempt))
	if flow.take(&p); p.Status == 0 {
		panic(http.ErrAbortHandler) // hangs up
	}
	w.WriteHeader(p.Status)
}

// take decides what to answer and remembers the post.
func (f *Flow) take(p *Post) {
	f.mu.Lock()
	respond := f.respond
	f.mu.Unlock()
	p.Status = http.StatusOK
	if respond != nil {
		p.Status = respond(*p)
	}
	f.mu.Lock()
	f.posts = append(f.posts, *p)
	if p.Status/100 == 2 {
		if f.known[p.DeliveryID]++; f.known[p.DeliveryID] == 1 {
			f.heard = append(f.heard, *p)
		}
	}
	f.mu.Unlock()
	f.news.ring()
}

// URL is where the hotel's messages are posted.
func (f *Flow) URL() string { return f.all.server.URL + "/webhook/" + f.slug }

// Responds sets what the flow answers from now on: an HTTP status, or 0 to hang up.
// nil takes everything.
func (f *Flow) Responds(respond func(Post) int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.respond = respond
}

// Hangs lets the flow answer nothing until the returned function is called, at the
// latest when the test ends.
func (f *Flow) Hangs() (answer func()) {
	free := make(chan struct{})
	f.Responds(func(Post) int {
		select {
		case <-free:
		case <-f.all.ended:
		}
		return http.StatusOK
	})
	return sync.OnceFunc(func() { close(free) })
}

// Posts lists every POST, repeats included.
func (f *Flow) Posts() []Post {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Post(nil), f.posts...)
}

// Heard lists what the flow took, in order. It fails the test if something was given
// to it again after it had taken it.
func (f *Flow) Heard() []Post {
	f.all.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for delivery, times := range f.known {
		if times > 1 {
			f.all.t.Errorf("the flow of %s got delivery %s %d times after taking it", f.slug, delivery, times)
		}
	}
	return append([]Post(nil), f.heard...)
}

// Texts lists what guests said to the flow, in order.
func (f *Flow) Texts() []string {
	f.all.t.Helper()
	var out []string
	for _, p := range f.Heard() {
		out = append(out, p.Text())
	}
	return out
}

// Hears waits until the flow took a guest's text.
func (f *Flow) Hears(text string) Post {
	f.all.t.Helper()
	var found Post
	f.news.await(f.all.t, "the flow of "+f.slug+" hears "+strconv.Quote(text), func() bool {
		for _, p := range f.Heard() {
			if p.Text() == text {
				found = p
				return true
			}
		}
		return false
	})
	return found
}

// AwaitPosts waits until there were that many posts.
func (f *Flow) AwaitPosts(n int) []Post {
	f.all.t.Helper()
	f.news.await(f.all.t, "the flow of "+f.slug+" gets "+strconv.Itoa(n)+" posts", func() bool { return len(f.Posts()) >= n })
	return f.Posts()
}
