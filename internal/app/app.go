// Package app puts the product together and runs it: database.go finds or starts
// PostgreSQL, app.go calls the constructors, run.go starts and stops everything in
// order, cli*.go are the commands. Nothing is decided here about hotels.
package app

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/backup"
	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/click"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/config"
	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/fanout"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/guestbook"
	"github.com/botreserva/botreserva/internal/httpapi"
	"github.com/botreserva/botreserva/internal/inbox"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/mail"
	"github.com/botreserva/botreserva/internal/merging"
	"github.com/botreserva/botreserva/internal/metrics"
	"github.com/botreserva/botreserva/internal/mirror"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/privacy"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/ratelimit"
	"github.com/botreserva/botreserva/internal/realtime"
	"github.com/botreserva/botreserva/internal/redisbus"
	"github.com/botreserva/botreserva/internal/reports"
	"github.com/botreserva/botreserva/internal/sealed"
	"github.com/botreserva/botreserva/internal/staff"
	"github.com/botreserva/botreserva/internal/stale"
	"github.com/botreserva/botreserva/internal/transcribe"
	"github.com/botreserva/botreserva/internal/transfer"
	"github.com/botreserva/botreserva/internal/usage"
	"github.com/botreserva/botreserva/internal/whatsapp"
	"github.com/botreserva/botreserva/web"
)

// version is set by the linker.
var version = "dev"

// Options is what differs between a process and a test.
type Options struct {
	Config config.Config
	Log    *slog.Logger
	Clock  clock.Clock
	// SettleAfter is how long a message with an unknown outcome waits for a status;
	// zero means outbox.SettleAfter.
	SettleAfter time.Duration
	// MetaTimeout is how long a call to Meta may take; zero means 30 seconds.
	MetaTimeout time.Duration
	// LanePoll is how often lanes are looked at when nobody wakes their runner; zero means
	// every second.
	LanePoll time.Duration
	// HashPassword prepares passwords for storage; nil means auth.HashPassword.
	HashPassword func(password string) (string, error)
	// Roles says what this process does.
	Roles Roles
	// Backup is what makes a backup every night; nil: nobody does.
	Backup *backup.Nightly
}

// Roles says what a process does: answer requests, work lanes, or both.
type Roles struct{ API, Worker bool }

// App is the product, put together and not yet running.
type App struct {
	Provisioner *provision.Provisioner
	Handler     http.Handler
	DB          *postgres.DB
	Receiver    *inbox.Receiver
	Metrics     *metrics.Metrics

	opts          Options
	directory     *directory.Directory
	log           *slog.Logger
	runners       []*lane.Runner
	processor     *inbox.Processor
	handoff       *inbox.Handoff
	flowChecker   *inbox.FlowChecker
	sockets       *realtime.Server
	meta          *whatsapp.Client
	store         blob.Store   // of files; nil for commands that do not serve
	folder        *blob.Folder // nil unless files are kept in one
	bucket        *blob.S3     // nil unless files are kept in one
	files         *filing.Cabinet
	links         *filing.Links
	auth          *auth.Service
	mail          *mail.Sender // nil: nobody is written to
	stale         stale.Board
	bus           *redisbus.Bus // to other instances; nil when there cannot be any
	wakes         wakes
	meter         *usage.Meter
	sender        *outbox.Sender
	desk          *desk.Desk
	privacy       *privacy.Officer
	mirror        *mirror.Keeper
	checker       *provision.Checker
	subscriptions *fanout.Subscriptions
	draining      atomic.Bool
}

// New puts the product together over an open, migrated database.
func New(opts Options, db *postgres.DB) (*App, error) {
	cfg := opts.Config
	box, err := sealed.NewBox(cfg.EncryptionKeys()...)
	if err != nil {
		return nil, fmt.Errorf("read ENCRYPTION_KEY: %w", err)
	}
	signer, err := privacy.NewSigner(cfg.EncryptionKeys()...)
	if err != nil {
		return nil, fmt.Errorf("read ENCRYPTION_KEY: %w", err)
	}
	clicks, err := click.New(cfg.PublicURL+"/api/n8n/track-click", opts.Clock, cfg.EncryptionKeys()...)
	if err != nil {
		return nil, fmt.Errorf("read ENCRYPTION_KEY: %w", err)
	}
	dir := directory.New(db, box, opts.Clock)
	authService, err := auth.New(db, dir, opts.Clock, cfg.JWTSecret.Reveal(), cfg.JWTRefreshSecret.Reveal())
	if err != nil {
		return nil, fmt.Errorf("prepare log-in: %w", err)
	}
	authService.Box = box
	a := &App{opts: opts, log: opts.Log, DB: db, Metrics: metrics.New(version), directory: dir, auth: authService}
	if err := a.openMail(); err != nil {
		return nil, err
	}
	if a.bus, err = openBus(cfg, db, opts.Clock, opts.Log); err != nil {
		return nil, err
	}
	a.Receiver = inbox.NewReceiver(db, dir, cfg.WhatsAppAppSecret.Reveal(), opts.Log)
	a.Receiver.PreviousSecret, a.Receiver.Now = cfg.WhatsAppOldSecret.Reveal(), opts.Clock.Now
	a.Provisioner = provision.New(db, box, opts.Clock)
	a.Provisioner.AllowPrivate = cfg.AllowPrivateURLs
	if opts.HashPassword != nil {
		authService.HashPassword, a.Provisioner.HashPassword = opts.HashPassword, opts.HashPassword
	}
	a.Provisioner.Claim = a.Receiver.Claim
	a.meta = whatsapp.NewClient(whatsapp.Options{
		BaseURL: cfg.WhatsAppAPIURL, Version: cfg.WhatsAppAPIVersion, Timeout: opts.MetaTimeout, Logger: opts.Log,
	})
	if err := a.openFiles(); err != nil {
		return nil, err
	}
	deliverer := a.workers(dir, box)
	clientIP := httpapi.ClientIP(prefixes(cfg.TrustedProxies))
	a.sockets = realtime.New(a.socketOptions(realtime.Options{
		Auth: authService, DB: db, Directory: dir, Clock: opts.Clock, Log: opts.Log,
		CheckOrigin: originCheck(cfg), ClientIP: clientIP, Links: a.links.Of,
	}))
	if a.store != nil {
		a.Provisioner.DiscardFile = a.store.Delete
	}
	a.meter = usage.New(db, opts.Clock, opts.Log)
	a.privacy = privacy.New(db, a.files, signer, opts.Clock, opts.Log)
	sender := outbox.NewSender(db, dir, opts.Clock)
	sender.Meter, a.sender, a.handoff.Speaker = a.meter, sender, sender
	a.desk = desk.New(db, dir, opts.Clock)
	a.mirror = mirror.New(db, dir, a.meta, opts.Clock, opts.Log)
	a.mirror.Version = cfg.WhatsAppAPIVersion
	if a.files != nil {
		giver := transfer.NewGiver(db, a.meta, a.files, opts.Clock, opts.Log)
		sender.Files, deliverer.Files, a.mirror.Examples = giver, giver, giver
	}
	a.checker = &provision.Checker{
		Meta: a.meta, WebhookURL: a.webhookURL, PlatformApp: cfg.WhatsAppAppSecret.IsSet(), Provision: a.Provisioner, Now: opts.Clock.Now,
	}
	door := httpapi.New
	if opts.Roles.Worker && !opts.Roles.API {
		door = httpapi.NewForWorker
	}
	a.count(deliverer)
	a.Handler = door(httpapi.Deps{
		Counted: a.Metrics.Request, Draining: a.draining.Load,
		DB: db, Directory: dir, Auth: authService, Receiver: a.Receiver, Sender: sender,
		Provision: a.Provisioner, Meter: a.meter, ClientAddr: httpapi.ClientAddr(prefixes(cfg.TrustedProxies)),
		WebhookURL: a.webhookURL, LoginURL: a.loginURL, Staff: staff.New(db, authService, opts.Clock),
		Checker:   a.checker,
		Deliverer: deliverer, Desk: a.desk, Guests: guestbook.New(db, dir, opts.Clock), Merger: merging.New(db, opts.Clock), Reports: reports.New(db, dir, opts.Clock), WhatsApp: a.meta, Clock: opts.Clock, Log: opts.Log,
		Limiter: a.limiter(), Limits: limits(cfg), ClientIP: clientIP, Origins: cfg.FrontendOrigins,
		IsHTTPS: httpapi.IsHTTPS(prefixes(cfg.TrustedProxies)), PublicURL: cfg.PublicURL, MediaURL: cfg.MediaBaseURL,
		PlatformVerifyToken: cfg.WhatsAppVerifyToken.Reveal(), Version: version, Environment: string(cfg.Environment),
		Sockets: a.sockets, Site: web.Site(), Redis: a.pingRedis(), Files: a.files, Links: a.links, Outside: filing.NewCollector(a.files, a.outside()), Availability: a.availability(dir, box), Clicks: clicks,
		Privacy: a.privacy, Mirror: a.mirror, Subscriptions: a.subscriptions, FlowChecker: a.flowChecker,
	})
	for _, forget := range []func(stale.Notice){dir.Forget, db.ForgetSubscribers, authService.Forget, a.sockets.Outdated} {
		a.stale.Read(forget)
	}
	a.wireOthers(deliverer.Settled)
	db.OnCommit(postgres.Hooks{Publish: a.publish, Outdate: a.outdate, Wake: a.wake})
	return a, nil
}

// webhookURL is where Meta posts what concerns a hotel's numbers.
func (a *App) webhookURL(slug string) string {
	return a.opts.Config.PublicURL + "/webhooks/whatsapp?tenant=" + slug
}

// loginURL is where a hotel's people log in: an address of their own, where names have
// that.
func (a *App) loginURL(slug string) string {
	cfg := a.opts.Config
	host, _, err := net.SplitHostPort(cfg.BaseDomain)
	if err != nil {
		host = cfg.BaseDomain
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil || host == "localhost" || host == "" {
		return cfg.PublicURL
	}
	return "https://" + slug + "." + cfg.BaseDomain
}

// workers makes the lanes' runners.
func (a *App) workers(dir *directory.Directory, box *sealed.Box) *outbox.Deliverer {
	opts := a.opts
	settle, poll := cmp.Or(opts.SettleAfter, outbox.SettleAfter), cmp.Or(opts.LanePoll, time.Second)
	a.processor = inbox.NewProcessor(a.DB, dir, opts.Clock, opts.Log)
	flows := n8n.NewClient(egress.NewClient(egress.Options{AllowPrivate: opts.Config.AllowPrivateURLs, Timeout: 30 * time.Second}))
	a.handoff = inbox.NewHandoff(a.DB, dir, flows, opts.Clock, opts.Log)
	a.flowChecker = inbox.NewFlowChecker(a.DB, dir, flows, opts.Clock)
	a.handoff.Links = a.links.Of
	a.handoff.Patient = n8n.NewClient(egress.NewClient(egress.Options{AllowPrivate: opts.Config.AllowPrivateURLs, Timeout: inbox.AnswerTime}))
	teller := fanout.NewTeller(a.DB, dir, box, flows, opts.Clock, opts.Log)
	teller.Links = a.links.Of
	a.subscriptions = fanout.New(a.DB, dir, box, flows, opts.Clock)
	a.subscriptions.AllowPrivate = opts.Config.AllowPrivateURLs
	engines := egress.NewClient(egress.Options{AllowPrivate: opts.Config.AllowPrivateURLs, Timeout: transcribe.Limit})
	listener := transfer.NewListener(a.DB, dir, a.files, engines, opts.Log)
	deliverer := outbox.NewDeliverer(a.DB, dir, a.meta, opts.Clock, opts.Log, settle)
	if a.bus != nil {
		deliverer.Settled.Carry = func(m id.Message) { a.bus.Tell(topicSettled, []byte(m.String())) }
	}
	a.runners = []*lane.Runner{
		{
			Kind: lane.Inbox, Source: a.DB, Work: a.processor.Work, Together: true,
			MaxLanes: 128, PerTenant: 1, Concurrency: 4, Pace: 60 * time.Millisecond, Poll: poll, Log: opts.Log,
		},
		{
			Kind: lane.Handoff, Source: a.DB, Work: a.handoff.Work, Together: true,
			MaxLanes: 64, PerTenant: 4, Concurrency: inbox.FlowsAtOnce, Pace: 40 * time.Millisecond, Poll: poll, Log: opts.Log,
		},
		{
			Kind: lane.Deliver, Source: a.DB, Work: deliverer.Work,
			MaxLanes: 32, PerTenant: 16, Concurrency: 64, Poll: poll, Log: opts.Log,
		},
		{ // many: a subscriber may take 30 s to answer, and posts wait without costing anything
			Kind: lane.Tell, Source: a.DB, Work: teller.Work,
			MaxLanes: 32, PerTenant: 32, Concurrency: 4096, Poll: poll, Log: opts.Log,
		},
		{ // many, as an engine may take 20 s; few of a hotel
			Kind: lane.Listen, Source: a.DB, Work: listener.Work,
			MaxLanes: 8, PerTenant: 4, Concurrency: 512, Poll: poll, Log: opts.Log,
		},
		{ // few at a time: what waits for a slot holds a lease
			Kind: lane.Media, Source: a.DB, Work: transfer.NewFetcher(a.DB, dir, a.meta, a.files, opts.Clock, opts.Log).Work,
			MaxLanes: 4, PerTenant: 4, Concurrency: 16, Poll: poll, Log: opts.Log,
		},
	}
	return deliverer
}

func (a *App) outdate(notices []stale.Notice) { a.stale.Post(notices...) }

func (a *App) publish(ctx context.Context, events []event.Event) { a.sockets.Publish(ctx, events) }

// limiter counts with the other instances, or alone when there are none.
func (a *App) limiter() ratelimit.Limiter {
	alone := ratelimit.NewMemory(a.opts.Clock, 0)
	if a.bus == nil {
		return alone
	}
	return ratelimit.NewShared(a.bus, alone)
}

// pingRedis is nil when the settings name no Redis.
func (a *App) pingRedis() func(context.Context) error {
	if a.bus == nil {
		return nil
	}
	return a.bus.Ping
}

func prefixes(networks config.Networks) []netip.Prefix { return networks }

func limits(cfg config.Config) httpapi.Limits {
	policy := func(name string, l config.Limit) ratelimit.Policy {
		return ratelimit.Policy{Name: name, Count: l.Count, Window: l.Window}
	}
	return httpapi.Limits{
		Login: policy("login", cfg.RateLimitLogin), API: policy("api", cfg.RateLimitAPI),
		Create: policy("create", cfg.RateLimitCreate), N8N: policy("n8n", cfg.RateLimitN8N),
		Webhook: policy("webhook", cfg.RateLimitWebhook), Media: policy("media", cfg.RateLimitMedia),
	}
}

// originCheck lets browsers connect sockets from our own address and from the
// dashboards that are allowed; programs send no Origin.
func originCheck(cfg config.Config) func(*http.Request) bool {
	return func(r *http.Request) bool {
		origin := r.Header.Get("Origin")
		if origin == "" || origin == cfg.PublicURL || origin == "http://"+r.Host || origin == "https://"+r.Host {
			return true
		}
		for _, allowed := range cfg.FrontendOrigins {
			if origin == allowed {
				return true
			}
		}
		return false
	}
}
