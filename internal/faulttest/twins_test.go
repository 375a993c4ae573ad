package faulttest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/redisbus/redistest"
)

// twins are two of the program on one database and one Redis, behind one address.
type twins struct {
	*world
	redis *redistest.Server
	more  []string // of their environment
	ports [2]int
	runs  [2]*process
}

func newTwins(t *testing.T, b burst, more ...string) *twins {
	t.Helper()
	tw := &twins{redis: redistest.Start(t), ports: [2]int{freePort(t), freePort(t)}, more: more}
	tw.world = newWorldBehind(t, newCluster(t).url(), b, newFront(t, tw.at(0), tw.at(1)))
	tw.addHotel()
	return tw
}

func (tw *twins) at(i int) string { return "http://127.0.0.1:" + strconv.Itoa(tw.ports[i]) }

// env is the environment of one of them; its secrets are in the folder that they share.
func (tw *twins) env(i int) []string {
	return tw.world.env(append([]string{"PORT=" + strconv.Itoa(tw.ports[i]), "REDIS_URL=" + tw.redis.URL()}, tw.more...)...)
}

// start starts one of them.
func (tw *twins) start(i int, arguments ...string) {
	tw.t.Helper()
	tw.runs[i] = serve(tw.t, tw.env(i), arguments...)
}

// newFront passes requests on to instances in turn, and to the next when one does not
// answer, as a proxy in front of them does.
func newFront(t *testing.T, instances ...string) string {
	t.Helper()
	client := &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	var turn atomic.Uint64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		first := turn.Add(1)
		for i := range uint64(len(instances)) {
			if pass(r.Context(), client, instances[(first+i)%uint64(len(instances))], w, r, body) == nil {
				return
			}
		}
		w.WriteHeader(http.StatusBadGateway)
	}))
	t.Cleanup(func() { server.Close(); client.CloseIdleConnections() })
	return server.URL
}

func pass(ctx context.Context, client *http.Client, instance string, w http.ResponseWriter, r *http.Request, body []byte) error {
	on, err := http.NewRequestWithContext(ctx, r.Method, instance+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	on.Header = r.Header.Clone()
	answer, err := client.Do(on)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	w.WriteHeader(answer.StatusCode)
	_, err = w.Write(text)
	return err
}

// call makes a request of somebody with a token to one instance.
func (w *world) call(instance, method, path, token string, in any) (status int, out map[string]any) {
	w.t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		w.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(within(w.t), method, instance+path, bytes.NewReader(text))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := w.flow.client.Do(request)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	_ = json.NewDecoder(answer.Body).Decode(&out) // not every answer is an object
	return answer.StatusCode, out
}

// logIn returns the token of a log-in at one instance.
func (w *world) logIn(instance string, l login) string {
	w.t.Helper()
	status, out := w.call(instance, http.MethodPost, "/auth/login", "", map[string]string{"email": l.email, "password": l.password})
	token, _ := out["accessToken"].(string)
	if status != http.StatusOK || token == "" {
		w.t.Fatalf("log in: %d", status)
	}
	return token
}

// addUser adds a colleague by the command line.
func (w *world) addUser(env []string, name string) login {
	w.t.Helper()
	l := login{name + "@hotel.example", "senha-de-" + name}
	_, said, code := run(w.t, env, "user", "add", "--tenant", "hotel", "--email", l.email, "--name", name, "--role", "TENANT_ADMIN", "--password", l.password)
	if code != 0 {
		w.t.Fatalf("user add: exit code %d\n%s", code, said)
	}
	return l
}

// TestTwins: two instances are one product. What one takes in, the screens at the other
// show; a limit is counted at both; who is suspended at one is out at the other.
func TestTwins(t *testing.T) {
	t.Parallel()
	tw := newTwins(t, few, "RATE_LIMIT_API=12/1h")
	tw.start(0)
	tw.start(1)
	tw.refuseWithoutRedis()
	token := tw.logIn(tw.at(0), tw.admin)
	here, there := openScreen(t, tw.at(0), token), openScreen(t, tw.at(1), token)

	tw.begin()
	tw.settle()
	tw.check()
	for _, s := range []*screen{here, there} {
		s.awaitMessages(tw.burst.messages() + tw.burst.answers())
	}
	tw.shareLimit()
	tw.suspend(here, there, token)
	if out, said, code := run(t, tw.env(0), "doctor"); !strings.Contains(out, "ok     Redis\n") || !strings.Contains(out, "instances at work: 2") {
		t.Errorf("doctor (exit code %d) says\n%s%s", code, out, said)
	}
}

// refuseWithoutRedis: an instance that cannot share must not start beside those that do.
func (tw *twins) refuseWithoutRedis() {
	tw.t.Helper()
	p := launch(tw.t, tw.world.env("PORT="+strconv.Itoa(freePort(tw.t))), "serve")
	if code := p.wait(tw.t); code == 0 || !strings.Contains(p.log.String(), "another instance already works on this database") {
		tw.t.Errorf("an instance without Redis ended with %d and said\n%s", code, p.log)
	}
}

// shareLimit: twelve calls are twelve calls, wherever they are made.
func (tw *twins) shareLimit() {
	tw.t.Helper()
	token := tw.logIn(tw.at(1), tw.addUser(tw.env(0), "lia"))
	for i := range 12 {
		if status, out := tw.call(tw.at(i%2), http.MethodGet, "/auth/me", token, nil); status != http.StatusOK {
			tw.t.Fatalf("call %d: %d %v", i+1, status, out)
		}
	}
	for i := range 2 {
		if status, _ := tw.call(tw.at(i), http.MethodGet, "/auth/me", token, nil); status != http.StatusTooManyRequests {
			tw.t.Errorf("call 13 at instance %d: %d", i, status)
		}
	}
}

// suspend: the command line, a third process, suspends the hotel.
func (tw *twins) suspend(here, there *screen, token string) {
	tw.t.Helper()
	if _, said, code := run(tw.t, tw.env(1), "tenant", "suspend", "--slug", "hotel"); code != 0 {
		tw.t.Fatalf("tenant suspend: %s", said)
	}
	begun := time.Now()
	here.awaitEnd()
	there.awaitEnd()
	took := time.Since(begun)
	tw.t.Logf("screens at both were out %d ms after the suspension", took.Milliseconds())
	if took > 5*time.Second {
		tw.t.Errorf("screens were out only after %s", took)
	}
	for i := range 2 {
		if status, _ := tw.call(tw.at(i), http.MethodGet, "/auth/me", token, nil); status != http.StatusForbidden {
			tw.t.Errorf("instance %d still answers %d to a suspended hotel", i, status)
		}
	}
}

// TestTwins_one_is_killed: the other goes on with everything, also with what the dead one
// had begun.
func TestTwins_one_is_killed(t *testing.T) {
	t.Parallel()
	tw := newTwins(t, usual)
	tw.flow.takes = 20 * time.Millisecond // so that some always are under way
	tw.start(0)
	tw.start(1)
	tw.begin()
	await(t, "a part of the burst", func() bool {
		return tw.flow.count() >= tw.burst.messages()/3 && tw.answered() >= tw.burst.answers()/4
	})
	tw.runs[0].kill()
	killed := time.Now()
	conn := connect(t, tw.url)
	var orphans int
	await(t, "the lanes of the dead to be taken up", func() bool {
		err := conn.QueryRow(within(t), `SELECT count(*) FROM lane WHERE lease IS NOT NULL AND left(lease::text, 8) NOT IN
			(SELECT lpad(to_hex(objid::bigint), 8, '0') FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted)`).Scan(&orphans)
		if err != nil {
			t.Fatal(err)
		}
		return orphans == 0
	})
	took := time.Since(killed)
	t.Logf("what the dead one had begun was taken up %d ms after its end", took.Milliseconds())
	if took > 15*time.Second { // the aim is five; this is for a busy machine
		t.Errorf("taken up only after %s", took)
	}
	tw.settle()
	tw.check()
	t.Logf("%d of %d messages were handed over more than once, under the same id", tw.flow.repeats(), tw.burst.messages())
}

// TestTwins_without_Redis_for_a_while: hotels notice nothing but that screens are told to
// fetch anew.
func TestTwins_without_Redis_for_a_while(t *testing.T) {
	t.Parallel()
	tw := newTwins(t, burst{chatty: 20, perChatty: 2, quiet: 10, perOne: 8})
	tw.start(0)
	tw.start(1)
	token := tw.logIn(tw.at(0), tw.admin)
	s := openScreen(t, tw.at(1), token)
	tw.begin()
	await(t, "a part of the burst", func() bool { return tw.flow.count() >= tw.burst.messages()/4 })
	tw.redis.Kill()
	tw.settle()
	tw.check()
	for i := range 2 {
		status, health := tw.call(tw.at(i), http.MethodGet, "/api/health", "", nil)
		if status != http.StatusOK || health["redis"] != "error" || health["status"] != "degraded" {
			t.Errorf("without Redis instance %d says %d %v", i, status, health)
		}
		tw.logIn(tw.at(i), tw.admin) // goes on
	}
	greeted := s.count("sync:hello")
	tw.redis.Restart()
	await(t, "screens to be told to fetch anew", func() bool { return s.count("sync:hello") > greeted })
	for i := range 2 {
		await(t, "health to be good again", func() bool {
			_, health := tw.call(tw.at(i), http.MethodGet, "/api/health", "", nil)
			return health["redis"] == "ok" && health["status"] == "healthy"
		})
	}
	heard := s.count("message:new")
	if _, err := tw.guest(0).Says(within(t), "ainda está aí?"); err != nil {
		t.Fatal(err)
	}
	await(t, "the screen to hear again", func() bool { return s.count("message:new") > heard })
}

// TestTwins_api_and_worker: one answers requests and the other works; flows wait no longer
// than with one process.
func TestTwins_api_and_worker(t *testing.T) {
	t.Parallel()
	tw := newTwins(t, few)
	tw.start(0, "--role", "worker")
	tw.start(1, "--role", "api")
	token := tw.logIn(tw.at(1), tw.admin)
	s := openScreen(t, tw.at(1), token)
	if status, _ := tw.call(tw.at(0), http.MethodGet, "/auth/me", token, nil); status != http.StatusNotFound {
		t.Errorf("the worker answers %d", status)
	}
	if status, health := tw.call(tw.at(0), http.MethodGet, "/api/health", "", nil); status != http.StatusOK || health["redis"] != "ok" {
		t.Errorf("the worker says of itself %d %v", status, health)
	}
	tw.front = tw.at(1)
	tw.flow.apiURL = tw.at(1)
	tw.begin()
	tw.settle()
	tw.check()
	s.awaitMessages(tw.burst.messages() + tw.burst.answers())
	begun, want := time.Now(), tw.flow.count()+1
	if _, err := tw.guest(few.chatty).Says(within(t), "mais uma"); err != nil {
		t.Fatal(err)
	}
	tw.flow.awaitCount(t, want)
	t.Logf("a lone message took %d ms to the flow, through two processes", time.Since(begun).Milliseconds())
	tw.sendAndWait()
}

// sendAndWait: a flow's send-text answers with Meta's id although another process sends.
func (tw *twins) sendAndWait() {
	tw.t.Helper()
	begun := time.Now()
	status, answer, err := tw.flow.post(turn{tw.burst.phone(few.chatty), "Olá", "one"})
	if err != nil || status != http.StatusOK || !strings.Contains(answer, "wamid.") {
		tw.t.Errorf("send-text: %d %v %s", status, err, answer)
	}
	tw.t.Logf("send-text took %d ms through two processes", time.Since(begun).Milliseconds())
}
