package apptest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/provision"
)

// ownFlow is a flow that subscribes, or that answers the post itself.
type ownFlow struct {
	*httptest.Server
	t *testing.T

	mu     sync.Mutex
	secret string
	says   func() string
	posts  []apptest.Post
}

func startFlow(t *testing.T, w *apptest.World) *ownFlow {
	t.Helper()
	f := &ownFlow{t: t, says: func() string { return `{"message":"Workflow was started"}` }}
	f.Server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		f.mu.Lock()
		if err := n8n.VerifySignature(f.secret, r.Header.Get(n8n.HeaderSignature), body, w.Now(), time.Minute); f.secret != "" && err != nil {
			t.Errorf("a post is not signed as it should: %v", err)
		}
		p := apptest.Post{DeliveryID: r.Header.Get(n8n.HeaderDelivery)}
		_ = json.Unmarshal(body, &p.Body)
		f.posts = append(f.posts, p)
		says := f.says
		f.mu.Unlock()
		_, _ = io.WriteString(out, says())
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *ownFlow) heard() []apptest.Post {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]apptest.Post(nil), f.posts...)
}

func (f *ownFlow) answers(says func() string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.says = says
}

// subscribes does what the trigger node does when its workflow is published.
func (f *ownFlow) subscribes(w *apptest.World, hotel *apptest.Hotel) {
	f.t.Helper()
	text, _ := json.Marshal(map[string]any{"url": f.URL, "events": []string{"message.received"}, "options": map[string]any{"onlyUnlocked": true, "answers": true}})
	request, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, w.URL+"/api/n8n/webhooks", bytes.NewReader(text))
	if err != nil {
		f.t.Fatal(err)
	}
	request.Header.Set("X-API-Key", hotel.APIKey)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var made struct{ Secret string }
	if err := json.NewDecoder(response.Body).Decode(&made); err != nil || made.Secret == "" {
		f.t.Fatalf("subscribing: %d, %v", response.StatusCode, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.secret = made.Secret
}

// TestSubscribedFlow: a flow that subscribed in order to answer is the hotel's bot: it hears guests
// in turns, once, and is heard; while the settings name an address, that one is handed over to alone.
func TestSubscribedFlow(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul", func(p *provision.Hotel) { p.BotURL = "" })
	quiet := 1
	hotel.Set(provision.Change{QuietSeconds: &quiet})
	flow := startFlow(t, w)
	flow.subscribes(w, hotel)
	guest := hotel.Guest("Marina")
	guest.WritesAndIsTaken("Boa tarde.")
	guest.WritesAndIsTaken("Tem quarto para sábado?")
	apptest.Eventually(t, "the flow has the turn", func() bool { return len(flow.heard()) > 0 })
	turn := flow.heard()[0]
	got := []any{turn.Value("event"), turn.Value("chatInput"), turn.Value("ball.state"), turn.Value("sessionId") == turn.Value("conversation.id"), turn.Body["body"]}
	if want := []any{n8n.EventTurn, "Boa tarde.\nTem quarto para sábado?", "BOT", true, nil}; !cmp.Equal(got, want) {
		t.Errorf("the flow gets %v, want %v: %v", got, want, turn.Body)
	}
	if a := hotel.Bot.Answers(turn, "Temos, sim."); a.Status != http.StatusOK {
		t.Errorf("the flow answers: %d %s", a.Status, a.Raw)
	}
	guest.Sees("Temos, sim.")

	url := hotel.Flow.URL()
	hotel.Set(provision.Change{BotURL: &url})
	guest.Writes("E domingo?")
	hotel.Flow.AwaitPosts(1)
	apptest.Eventually(t, "nothing waits", func() bool { return hotel.Queued(lane.Tell)+hotel.Queued(lane.Handoff) == 0 })
	if n := len(flow.heard()); n != 1 {
		t.Errorf("the flow that subscribed got %d posts, want 1", n)
	}
}

// answering is a hotel whose flow answers guests in the answer to the post.
func answering(t *testing.T, w *apptest.World) (*apptest.Hotel, *ownFlow) {
	t.Helper()
	hotel, flow, isOn := w.Hotel("mar-azul"), startFlow(t, w), true
	hotel.Set(provision.Change{BotURL: &flow.URL, AnswersAtOnce: &isOn})
	return hotel, flow
}

// TestAnswerInResponse: what the flow answers the post with is what the guest gets, in order; that
// a workflow was started is not.
func TestAnswerInResponse(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel, flow := answering(t, w)
	guest := hotel.Guest("Marina")
	guest.Writes("oi")
	apptest.Eventually(t, "the flow has it", func() bool { return len(flow.heard()) == 1 })
	flow.answers(func() string { return `{"output":"Temos, sim."}` })
	guest.Writes("tem quarto?")
	guest.Sees("Temos, sim.")
	flow.answers(func() string { return `[{"messages":["Com vista para o mar.",{"text":"Ou para o jardim."}]}]` })
	guest.Writes("qual?")
	guest.Sees("Ou para o jardim.")
	if want := []string{"Temos, sim.", "Com vista para o mar.", "Ou para o jardim."}; !cmp.Equal(guest.Shown(), want) {
		t.Errorf("the guest sees %q, want %q", guest.Shown(), want)
	}
}

// TestAnswerInResponseTooLate: a person took over while the flow was thinking.
func TestAnswerInResponseTooLate(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel, flow := answering(t, w)
	free := make(chan struct{})
	flow.answers(func() string {
		<-free
		return `{"output":"Temos, sim."}`
	})
	guest, admin := hotel.Guest("Marina"), hotel.Admin()
	guest.Writes("tem quarto?")
	apptest.Eventually(t, "the flow has it", func() bool { return len(flow.heard()) == 1 })
	c, _ := admin.Conversations()[0]["id"].(string)
	admin.Answers(c, "Aqui é a Ana.", "")
	guest.Sees("Aqui é a Ana.")
	close(free)
	apptest.Eventually(t, "nothing waits", func() bool { return hotel.Queued(lane.Handoff)+hotel.Queued(lane.Deliver) == 0 })
	if want := []string{"Aqui é a Ana."}; !cmp.Equal(guest.Shown(), want) {
		t.Errorf("the guest sees %q, want %q", guest.Shown(), want)
	}
}
