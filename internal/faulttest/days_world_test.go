package faulttest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/app"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// stay is some days of several hotels.
type stay struct {
	t        *testing.T
	script   *script
	db       *cluster
	clock    *daysClock
	sim      *simulator.Simulator
	meta     *httptest.Server
	port     int
	dataDir  string
	client   *http.Client
	numbers  []line
	inns     []*inn
	flow     *daysFlow
	desk     *desk
	program  *process
	wamids   map[string]string // of what guests said, by its text
	recovery []time.Duration
	stride   time.Duration // in which time is skipped
	losing   []string      // faults that lose answers
	ended    []simulator.Fault
}

// inn is a hotel.
type inn struct {
	slug           string
	apiKey, secret string // of its flow
}

// line is a hotel's number at Meta.
type line struct {
	inn *inn
	id  string
}

const innPassword = "senha-dos-dez-dias"

func newStay(t *testing.T, s *script, numbersOf []int) *stay {
	t.Helper()
	w := &stay{
		t: t, script: s, db: newCluster(t), port: freePort(t), dataDir: reachableDir(t), wamids: map[string]string{}, stride: longStride,
		client: &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	t.Cleanup(w.client.CloseIdleConnections)
	w.clock = newDaysClock(t, w.db.url())
	w.startMeta()
	w.flow = newDaysFlow(w)
	w.desk = newDesk(w)
	w.addHotels(numbersOf)
	w.program = w.start()
	return w
}

func (w *stay) apiURL() string { return "http://127.0.0.1:" + strconv.Itoa(w.port) }

// soonSent is after what time the first status usually comes.
const soonSent = 15 * time.Millisecond

// startMeta starts a Meta with its real limits.
func (w *stay) startMeta() {
	k := simulator.DefaultKnobs()
	k.Latency = 3 * time.Millisecond
	k.Statuses = simulator.AutoStatuses{Sent: soonSent, Delivered: 30 * time.Millisecond}
	w.sim = simulator.New(simulator.Options{
		Seed: w.script.seed, Knobs: &k, Bounds: simulator.Bounds{Transcript: 5000}, Webhooks: simulator.Webhooks{Concurrency: 8},
	})
	w.clock.follow(w.sim)
	w.meta = httptest.NewServer(w.sim.Handler())
	w.t.Cleanup(func() {
		if err := w.sim.Close(within(w.t)); err != nil {
			w.t.Error(err)
		}
		w.meta.Close()
	})
}

func (w *stay) variables() map[string]string {
	v := map[string]string{
		"PATH": os.Getenv("PATH"), "HOME": os.Getenv("HOME"), "POSTGRES_BIN": os.Getenv("POSTGRES_BIN"),
		"PORT": strconv.Itoa(w.port), "DATA_DIR": w.dataDir, "DATABASE_URL": w.db.url(), "LOG_LEVEL": "warn",
		"WHATSAPP_API_URL": w.meta.URL, "ALLOW_PRIVATE_URLS": "true", daysChild: w.clock.file.Name(),
	}
	for _, name := range []string{"LOGIN", "WEBHOOK", "N8N", "API", "MEDIA", "CREATE"} {
		v["RATE_LIMIT_"+name] = "off"
	}
	return v
}

// addHotels makes hotels with as many numbers each as wished, as the command line would,
// but by the clock of the run.
func (w *stay) addHotels(numbersOf []int) {
	w.t.Helper()
	if err := postgres.Migrate(within(w.t), w.db.url()); err != nil {
		w.t.Fatal(err)
	}
	db, err := postgres.Open(within(w.t), w.db.url(), 4)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	opts, err := daysOptions(w.variables())
	if err != nil {
		w.t.Fatal(err)
	}
	opts.Clock = w.clock
	product, err := app.New(opts, db)
	if err != nil {
		w.t.Fatal(err)
	}
	for i, n := range numbersOf {
		w.addHotel(product.Provisioner, i, n)
	}
}

func (w *stay) addHotel(p *provision.Provisioner, index, numbers int) {
	w.t.Helper()
	h := &inn{slug: fmt.Sprintf("pousada-%d", index)}
	first := w.addNumber(h, index)
	made, err := p.AddTenant(within(w.t), provision.Hotel{
		Slug: h.slug, Name: "Pousada " + strconv.Itoa(index), Email: "gerencia@" + h.slug + ".example", Units: []string{"Centro"},
		PhoneNumberID: first.PhoneNumberID, Display: first.DisplayNumber, WABAID: first.WABAID, AccessToken: first.AccessToken,
		AppSecret: first.AppSecret, BotURL: w.flow.url(h.slug), AdminPassword: innPassword,
	})
	if err != nil {
		w.t.Fatalf("add hotel: %v", err)
	}
	h.apiKey, h.secret = made.APIKey, made.BotSecret
	w.inns = append(w.inns, h)
	for range numbers - 1 {
		a := w.addNumber(h, index)
		_, err := p.AddNumber(within(w.t), provision.System, made.Tenant.ID, provision.Change{
			PhoneNumberID: &a.PhoneNumberID, AccessToken: &a.AccessToken, WABAID: &a.WABAID, Display: &a.DisplayNumber,
		})
		if err != nil {
			w.t.Fatalf("add number: %v", err)
		}
	}
}

func (w *stay) addNumber(h *inn, index int) simulator.Account {
	w.t.Helper()
	n := len(w.numbers)
	a, err := w.sim.AddAccount(simulator.Account{
		PhoneNumberID: strconv.Itoa(401200000000500 + n), WABAID: strconv.Itoa(301200000000500 + index),
		DisplayNumber: fmt.Sprintf("5512389605%02d", n), Name: h.slug, AccessToken: "token-of-" + h.slug,
		AppSecret: "app-secret-of-" + h.slug, WebhookURL: w.apiURL() + "/webhooks/whatsapp?tenant=" + h.slug,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.numbers = append(w.numbers, line{h, a.PhoneNumberID})
	return a
}

// start starts the program: this test binary, as the product with the clock of the run.
func (w *stay) start() *process {
	w.t.Helper()
	self, err := os.Executable()
	if err != nil {
		w.t.Fatal(err)
	}
	var env []string
	for name, value := range w.variables() {
		env = append(env, name+"="+value)
	}
	p := launchOf(w.t, self, env)
	await(w.t, "the program to answer", func() bool {
		if !p.isAlive() {
			w.t.Fatalf("the program ended instead of serving: %v\n%s", p.err, p.log)
		}
		return w.isHealthy()
	})
	return p
}

func (w *stay) isHealthy() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.apiURL()+"/api/health", nil)
	if err != nil {
		return false
	}
	response, err := w.client.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

func (w *stay) guest(v int) *simulator.Guest {
	g := w.script.visitors[v]
	return w.sim.Guest(w.numbers[g.number].id, g.phone)
}

// tasks counts what people and flows have begun and not ended.
type tasks struct {
	mu   sync.Mutex
	open int
	done int
}

func (t *tasks) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open++
}

func (t *tasks) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open--
	t.done++
}

func (t *tasks) count() (open, done int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.open, t.done
}
