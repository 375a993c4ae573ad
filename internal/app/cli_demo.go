package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"strings"
	"sync"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/config"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/n8n/demobot"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

type demoCommand struct {
	Host      string `help:"Host on which the simulated WhatsApp and the demo bot listen. They have no password: keep it on loopback." default:"127.0.0.1"`
	Simulator int    `help:"Port of the simulated WhatsApp with the guests' phones; 0 takes a free one." default:"3002"`
	Bot       int    `help:"Port of the demo bot; 0 takes a free one." default:"3003"`
}

// Run starts the simulator, the demo bot and the product, and fills in two hotels.
func (d *demoCommand) Run(c *console) error {
	demo := &demo{console: c, at: d, hotels: demoHotels, keys: map[string]string{}, secrets: map[string]string{}}
	stop, err := demo.startSimulator(d)
	if err != nil {
		return err
	}
	defer stop()
	cfg, log, err := demo.settings()
	if err != nil {
		return err
	}
	demo.log, demo.dataDir = log, cfg.DataDir
	return Serve(c.ctx, Options{Config: cfg, Log: log, Clock: clock.System{}, Roles: Roles{API: true, Worker: true}}, demo.ready)
}

// demo is a running demonstration.
type demo struct {
	*console
	at      *demoCommand
	log     *slog.Logger
	hotels  []demoHotel
	sim     *simulator.Simulator
	simURL  string
	botURL  string
	dataDir string
	mu      sync.Mutex
	keys    map[string]string // of the hotels' flows, by slug
	secrets map[string]string
}

func (d *demo) startSimulator(at *demoCommand) (stop func(), err error) {
	d.sim = simulator.New(simulator.Options{})
	address, _, err := serveBeside(d.ctx, net.JoinHostPort(at.Host, fmt.Sprint(at.Simulator)), d.sim.Handler())
	if err != nil {
		return nil, fmt.Errorf("start the simulated WhatsApp (choose another port with --simulator): %w", err)
	}
	d.simURL = "http://" + address
	return func() { _ = closeSimulator(d.sim) }, nil
}

// settings are those of the environment, with Meta simulated and private addresses
// allowed.
func (d *demo) settings() (config.Config, *slog.Logger, error) {
	d.variables = maps.Clone(d.variables)
	d.variables["WHATSAPP_API_URL"] = d.simURL
	d.variables["ALLOW_PRIVATE_URLS"] = "true"
	if d.variables["LOG_LEVEL"] == "" {
		d.variables["LOG_LEVEL"] = "warn"
	}
	return d.console.settings()
}

// startBot comes after the product, whose port may have been a free one.
func (d *demo) startBot(apiURL string) error {
	bot := demobot.New(demobot.Options{
		APIBase: apiURL, Logger: d.log,
		Keys: d.lookUp(d.keys), Secret: d.lookUp(d.secrets), HotelName: d.nameOf, Units: d.unitsOf,
	})
	address, _, err := serveBeside(d.ctx, net.JoinHostPort(d.at.Host, fmt.Sprint(d.at.Bot)), bot)
	if err != nil {
		return fmt.Errorf("start the demo bot (choose another port with --bot): %w", err)
	}
	d.botURL = "http://" + address
	return nil
}

func (d *demo) lookUp(in map[string]string) func(string) string {
	return func(slug string) string {
		d.mu.Lock()
		defer d.mu.Unlock()
		return in[slug]
	}
}

func (d *demo) nameOf(slug string) string {
	for _, h := range d.hotels {
		if h.slug == slug {
			return h.name
		}
	}
	return ""
}

func (d *demo) unitsOf(slug string) []string {
	for _, h := range d.hotels {
		if h.slug == slug {
			return h.units
		}
	}
	return nil
}

// ready fills the hotels in, once the product answers, and says where everything is.
func (d *demo) ready(ctx context.Context, a *App, address string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("read own address: %w", err)
	}
	apiURL := "http://127.0.0.1:" + port
	if err := d.startBot(apiURL); err != nil {
		return err
	}
	a.Provisioner.HashPassword = hashOnce(a.Provisioner.HashPassword)
	fresh := false
	for _, h := range d.hotels {
		isNew, err := d.open(ctx, a, h, apiURL)
		if err != nil {
			return fmt.Errorf("open the hotel %s: %w", h.slug, err)
		}
		fresh = fresh || isNew
	}
	d.announce(apiURL)
	if !fresh {
		return nil
	}
	if err := d.talk(ctx, apiURL); err != nil && !errors.Is(err, context.Canceled) {
		d.log.Warn("the example conversations are incomplete", "err", err)
	}
	return nil
}

// hashOnce remembers the hash of a password: that of the demonstration opens seven log-ins, and
// hashing is slow on purpose.
func hashOnce(hash func(string) (string, error)) func(string) (string, error) {
	known := map[string]string{}
	return func(password string) (string, error) {
		if h, ok := known[password]; ok {
			return h, nil
		}
		h, err := hash(password)
		if err == nil {
			known[password] = h
		}
		return h, err
	}
}

// sees says in a word which conversations somebody finds in the list.
func sees(u user.User) string {
	if u.Scope().All {
		return "sees every conversation"
	}
	if u.Role == user.Sales {
		return "sees opportunities"
	}
	return "sees " + u.Unit + " and what is assigned"
}

// announce prints the addresses and log-ins.
func (d *demo) announce(apiURL string) {
	var b strings.Builder
	fmt.Fprintf(&b, "\nBot Reserva is ready.\n\n")
	fmt.Fprintf(&b, "  Guests' phones      %s/phone\n", d.simURL)
	fmt.Fprintf(&b, "  API                 %s   documentation: %s/api/docs\n", apiURL, apiURL)
	fmt.Fprintf(&b, "  Simulated WhatsApp  %s   control: %s/simulator/\n\n", d.simURL, d.simURL)
	for _, h := range d.hotels {
		fmt.Fprintf(&b, "  %s (%s)\n", h.name, h.slug)
		for _, u := range h.users() {
			fmt.Fprintf(&b, "    %-26s %-13s password: %s   %s\n", u.Email, u.Role, demoPassword, sees(u))
		}
		fmt.Fprintf(&b, "    X-API-Key of the bot: %s\n", d.lookUp(d.keys)(h.slug))
	}
	fmt.Fprintf(&b, "\n  Commands on this data, such as doctor:\n    DATA_DIR=%q WHATSAPP_API_URL=%s ALLOW_PRIVATE_URLS=true botreserva doctor\n", d.dataDir, d.simURL)
	fmt.Fprintf(&b, "\n  Ctrl-C stops everything; the data stays.\n\n")
	fmt.Fprint(d.out, b.String())
}
