package faulttest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/postgres/embedded"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// The hotel's number at the simulated Meta.
const (
	phoneNumberID = "401200000000077"
	wabaID        = "301200000000077"
	accessToken   = "token-of-the-fault-hotel"
	appSecret     = "app-secret-of-the-fault-hotel"
)

// world is a hotel, its guests, a simulated Meta, a flow, and the program's settings.
type world struct {
	t       *testing.T
	sim     *simulator.Simulator
	meta    *httptest.Server
	flow    *flow
	dataDir string
	url     string // DATABASE_URL; empty: the program brings its own PostgreSQL
	port    int
	front   string // address in front of several processes; empty: there is one
	burst   burst
	admin   login
	cut     int // answers that were cut off before Meta heard of them
}

// login is how somebody logs in.
type login struct{ email, password string }

// newWorld makes everything but the program and its database's content.
func newWorld(t *testing.T, databaseURL string, b burst) *world {
	t.Helper()
	return newWorldBehind(t, databaseURL, b, "")
}

// newWorldBehind is newWorld for several processes that are reached at one address.
func newWorldBehind(t *testing.T, databaseURL string, b burst, front string) *world {
	t.Helper()
	w := &world{t: t, url: databaseURL, dataDir: reachableDir(t), port: freePort(t), burst: b, front: front}
	w.sim = simulator.New(simulator.Options{
		Knobs:  knobs(),
		Bounds: simulator.Bounds{Deliveries: 100_000},
		// Meta's steps are minutes; the number of attempts does not matter here.
		Webhooks: simulator.Webhooks{Concurrency: 8, Retry: []time.Duration{
			50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, 250 * time.Millisecond,
		}},
	})
	w.meta = httptest.NewServer(w.sim.Handler())
	w.flow = newFlow(t, w.apiURL(), b.isChatty)
	t.Cleanup(func() {
		if err := w.sim.Close(within(t)); err != nil {
			t.Error(err)
		}
		w.meta.Close()
	})
	_, err := w.sim.AddAccount(simulator.Account{
		PhoneNumberID: phoneNumberID, WABAID: wabaID, DisplayNumber: "551238960077", Name: "Hotel",
		AccessToken: accessToken, AppSecret: appSecret, WebhookURL: w.apiURL() + "/webhooks/whatsapp?tenant=hotel",
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// knobs are Meta's behaviour without its limits, which are not what fails here.
func knobs() *simulator.Knobs {
	k := simulator.LoadKnobs()
	k.Latency = 5 * time.Millisecond
	k.Statuses = simulator.AutoStatuses{Sent: 20 * time.Millisecond, Delivered: 30 * time.Millisecond}
	return &k
}

func (w *world) apiURL() string {
	if w.front != "" {
		return w.front
	}
	return "http://127.0.0.1:" + strconv.Itoa(w.port)
}

// env is the program's whole environment.
func (w *world) env(more ...string) []string {
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "POSTGRES_BIN=" + os.Getenv("POSTGRES_BIN"),
		"PORT=" + strconv.Itoa(w.port), "DATA_DIR=" + w.dataDir, "DATABASE_URL=" + w.url,
		"WHATSAPP_API_URL=" + w.meta.URL, "ALLOW_PRIVATE_URLS=true", "RATE_LIMIT_N8N=off",
	}, more...)
}

// serve starts the program.
func (w *world) serve() *process {
	w.t.Helper()
	return serve(w.t, w.env())
}

// addHotel adds the hotel by the command line, which also tells the flow its secrets.
func (w *world) addHotel() {
	w.t.Helper()
	out, errOut, code := run(w.t, w.env(), "tenant", "add", "--slug", "hotel", "--name", "Hotel", "--email", "gerencia@hotel.example",
		"--phone-number-id", phoneNumberID, "--waba-id", wabaID, "--access-token", accessToken, "--app-secret", appSecret,
		"--n8n-url", w.flow.url())
	if code != 0 {
		w.t.Fatalf("tenant add: exit code %d\n%s", code, errOut)
	}
	var made struct {
		APIKey, BotSecret string
		Admin             struct{ Email, Password string }
	}
	if err := json.Unmarshal([]byte(out), &made); err != nil || made.APIKey == "" {
		w.t.Fatalf("tenant add printed %q: %v", out, err)
	}
	w.flow.mu.Lock()
	defer w.flow.mu.Unlock()
	w.flow.key, w.flow.secret = made.APIKey, made.BotSecret
	w.admin = login{made.Admin.Email, made.Admin.Password}
}

// databaseURL is where the database is, also when the program brought it.
func (w *world) databaseURL() string {
	w.t.Helper()
	if w.url != "" {
		return w.url
	}
	url, err := embedded.Attach(w.dataDir)
	if err != nil {
		w.t.Fatalf("find the private PostgreSQL: %v", err)
	}
	return url("botreserva")
}

// freePort returns a port on which nobody listens, below those that systems give to
// outgoing connections: the program must find it free again after each restart.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := 20_000 + rand.IntN(12_000)
		l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", fmt.Sprintf(":%d", port))
		if err == nil {
			_ = l.Close()
			return port
		}
	}
	t.Fatal("found no free port")
	return 0
}
