// Package httpapi is the door for HTTP: it decodes, asks who is there, calls an
// activity or the database, and writes the answer. It decides nothing about hotels.
// Start with routes.go, the whole surface in one table; problem.go turns refusals
// into answers.
package httpapi

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/cors"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/availability"
	"github.com/botreserva/botreserva/internal/click"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/template"
	"github.com/botreserva/botreserva/internal/fanout"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/guestbook"
	"github.com/botreserva/botreserva/internal/inbox"
	"github.com/botreserva/botreserva/internal/merging"
	"github.com/botreserva/botreserva/internal/mirror"
	"github.com/botreserva/botreserva/internal/obs"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/privacy"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/ratelimit"
	"github.com/botreserva/botreserva/internal/reports"
	"github.com/botreserva/botreserva/internal/staff"
	"github.com/botreserva/botreserva/internal/usage"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Deps is everything that the handlers call.
type Deps struct {
	// Draining, if set, tells whether this instance is about to stop.
	Draining func() bool
	// Counted, if set, is told of each answer: the pattern of its address, or "" of one that is not ours.
	Counted             func(method, route string, status int, took time.Duration)
	DB                  *postgres.DB
	Directory           *directory.Directory
	Auth                *auth.Service
	Receiver            *inbox.Receiver
	Sender              *outbox.Sender
	Deliverer           *outbox.Deliverer
	Desk                *desk.Desk
	Reports             *reports.Service
	Staff               *staff.Staff
	Guests              *guestbook.Book
	Privacy             *privacy.Officer
	Merger              *merging.Merger
	WhatsApp            *whatsapp.Client
	Clock               clock.Clock
	Log                 *slog.Logger
	Limiter             ratelimit.Limiter
	Limits              Limits
	ClientIP            func(*http.Request) string
	IsHTTPS             func(*http.Request) bool // nil: never
	Origins             []string                 // of dashboards served from elsewhere
	PublicURL, MediaURL string                   // where we, and files, are reached
	Files               *filing.Cabinet
	Links               *filing.Links
	Outside             *filing.Collector // fetches pictures that flows name
	Availability        *availability.Service
	Clicks              *click.Links
	ClientAddr          func(*http.Request) netip.Addr
	Provision           *provision.Provisioner
	Checker             *provision.Checker
	Mirror              *mirror.Keeper
	Subscriptions       *fanout.Subscriptions
	FlowChecker         *inbox.FlowChecker
	Meter               *usage.Meter
	WebhookURL          func(slug string) string // where Meta posts what concerns a hotel
	LoginURL            func(slug string) string // where a hotel's people log in
	PlatformVerifyToken string
	Version             string
	Environment         string
	Sockets             http.Handler                // at /socket.io/
	Site                fs.FS                       // the built dashboard; nil: none
	Redis               func(context.Context) error // asks whether it is there; nil: there is none
}

type server struct {
	deps    Deps
	started time.Time
	pages   string // the policy of our own pages
}

// New returns the whole HTTP surface.
func New(d Deps) http.Handler {
	s, router := newServer(d)
	router.Get("/webhooks/whatsapp", s.verifyWhatsApp)
	router.Post("/webhooks/whatsapp", s.receiveWhatsApp)
	for _, path := range []string{"/api/docs", "/api/docs/docs.css", "/api/docs/docs.mjs"} {
		router.Method(http.MethodGet, path, s.docs())
	}
	if d.Sockets != nil {
		router.Handle("/socket.io/*", d.Sockets)
	}
	s.site(router)
	api := humachi.New(router, apiConfig(d.Version))
	s.mount(api, routes)
	s.document(router, api.OpenAPI())
	for _, path := range []string{"/instances/{slug}/token/{key}/{call}", "/instances/{slug}/token/{key}/{call}/{ending}"} {
		router.Post(path, s.zapi(router))
	}
	return router
}

// NewForWorker returns what a process answers that only works in the background: how it is.
func NewForWorker(d Deps) http.Handler {
	s, router := newServer(d)
	var health []route
	for _, r := range routes {
		if slices.Contains(strings.Split(r.path, "/"), "health") {
			health = append(health, r)
		}
	}
	s.mount(humachi.New(router, apiConfig(d.Version)), health)
	return router
}

func newServer(d Deps) (*server, chi.Router) {
	s := &server{deps: d, started: d.Clock.Now(), pages: pagePolicy(d.PublicURL, d.MediaURL)}
	router := chi.NewRouter()
	router.Use(s.identifyRequest, s.recover, s.securityHeaders, cors.Handler(corsOptions(d.Origins)), headAsGet)
	router.NotFound(s.noRoute(http.StatusNotFound, "Route not found", "route_not_found"))
	router.MethodNotAllowed(s.wrongMethod(router))
	return s, router
}

func apiConfig(version string) huma.Config {
	c := huma.DefaultConfig("Bot Reserva", version)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", "" // our own: docs.go
	c.Formats = map[string]huma.Format{"application/json": storableJSON, "json": storableJSON}
	c.CreateHooks = nil // no $schema in answers
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.AllowAdditionalPropertiesByDefault = true // unknown keys are ignored
	return c
}

// schemaName names a type in the document. What is sent has names of its own there: a product
// that a guest asks about is none that the hotel shows.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.PkgPath() == reflect.TypeFor[content.Text]().PkgPath() {
		return "Sent" + name
	}
	if t.PkgPath() == reflect.TypeFor[template.Form]().PkgPath() {
		return "Template" + name
	}
	return name
}

// refuse turns an error of a handler into the answer.
func (s *server) refuse(ctx context.Context, op huma.Operation, err error) error {
	p := problemOf(err, obs.RequestID(ctx))
	if callerOf(ctx).hotel != nil {
		p = p.forFlow()
	}
	logFailure(ctx, s.deps.Log, p, op.Method, op.Path, err)
	if p.Retry > 0 || p.status == http.StatusServiceUnavailable {
		return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {retryAfter(p)}})
	}
	return p
}
