package httpapi_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/jackc/pgx/v5"
	"golang.org/x/crypto/bcrypt"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/availability"
	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/click"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/fanout"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/guestbook"
	"github.com/botreserva/botreserva/internal/httpapi"
	"github.com/botreserva/botreserva/internal/inbox"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/mail"
	"github.com/botreserva/botreserva/internal/merging"
	"github.com/botreserva/botreserva/internal/mirror"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/privacy"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/ratelimit"
	"github.com/botreserva/botreserva/internal/reports"
	"github.com/botreserva/botreserva/internal/sealed"
	"github.com/botreserva/botreserva/internal/staff"
	"github.com/botreserva/botreserva/internal/stale"
	"github.com/botreserva/botreserva/internal/transfer"
	"github.com/botreserva/botreserva/internal/usage"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const (
	// patience bounds every wait: far more than any of it takes.
	patience       = 30 * time.Second
	accessSecret   = "access-secret-of-the-tests-0123456789"
	refreshSecret  = "refresh-secret-of-the-tests-012345678"
	platformSecret = "app-secret-of-the-platform"
	platformVerify = "verify-token-of-the-platform"
	password       = "correct horse battery"
)

// passwordHash is of password, made cheaply: the cost is in the hash.
var passwordHash = func() string {
	hash, err := cheapHash(password)
	if err != nil {
		panic(err)
	}
	return hash
}()

func cheapHash(password string) (string, error) {
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	return string(hash), err
}

// world is the whole HTTP door over a database of its own. Lanes are worked only
// after work was called.
type world struct {
	t         testing.TB
	db        *postgres.DB
	clock     *clock.Frozen
	box       *sealed.Box
	directory *directory.Directory
	auth      *auth.Service
	receiver  *inbox.Receiver
	deliverer *outbox.Deliverer
	handler   http.Handler
	store     blob.Store
	files     *filing.Cabinet
	links     *filing.Links
	clicks    *click.Links
	meta      *meta
	logs      *logBuffer
	document  *document
	owner     *owner
	counts    bool // requests, by limits of the test

	mu      sync.Mutex
	runners []*lane.Runner
	letters []mail.Message
}

// tenantless is the tenant of the super admin.
var tenantless id.Tenant

type change func(*httpapi.Deps)

func setup(tb testing.TB, changes ...change) *world {
	tb.Helper()
	return setupAt(tb, pgtest.DB(tb), changes...)
}

func setupAt(tb testing.TB, db *postgres.DB, changes ...change) *world {
	tb.Helper()
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		tb.Fatal(err)
	}
	w := &world{
		t: tb, db: db, clock: clock.NewFrozen(time.Now().UTC().Truncate(time.Millisecond)), box: box,
		logs: &logBuffer{}, meta: newMeta(tb), document: newDocument(tb), store: &blob.Memory{},
	}
	w.owner = &owner{conn: pgtest.Owner(tb, db)}
	log := logtest.LoggerTo(w.logs)
	w.directory = directory.New(db, box, w.clock)
	if w.auth, err = auth.New(db, w.directory, w.clock, accessSecret, refreshSecret); err != nil {
		tb.Fatal(err)
	}
	w.auth.Box, w.auth.HashPassword = box, cheapHash
	w.auth.Letters = auth.NewLetters(w.post, "https://app.example.com", log)
	client := whatsapp.NewClient(whatsapp.Options{BaseURL: w.meta.url, Version: "v25.0", Logger: log})
	w.receiver = inbox.NewReceiver(db, w.directory, platformSecret, log)
	w.deliverer = outbox.NewDeliverer(db, w.directory, client, clock.System{}, log, outbox.SettleAfter)
	if w.links, err = filing.NewLinks("https://api.example.com/api/media", w.clock, strings.Repeat("5a", 32)); err != nil {
		tb.Fatal(err)
	}
	w.files = filing.New(db, w.store, w.clock, log)
	signer, err := privacy.NewSigner(strings.Repeat("5a", 32))
	if err != nil {
		tb.Fatal(err)
	}
	deps := httpapi.Deps{
		DB: db, Directory: w.directory, Auth: w.auth, Receiver: w.receiver, Sender: outbox.NewSender(db, w.directory, w.clock),
		Deliverer: w.deliverer, Desk: desk.New(db, w.directory, w.clock), Guests: guestbook.New(db, w.directory, w.clock), Merger: merging.New(db, w.clock), Reports: reports.New(db, w.directory, w.clock), WhatsApp: client, Clock: w.clock, Log: log,
		Limiter: ratelimit.NewMemory(w.clock, 0), ClientIP: httpapi.ClientIP(nil),
		Staff:   staff.New(db, w.auth, w.clock),
		Origins: []string{"https://app.example.com"}, PlatformVerifyToken: platformVerify, Version: "test", Environment: "test",
		Files: w.files, Links: w.links, Outside: filing.NewCollector(w.files, egress.NewClient(egress.Options{AllowPrivate: true})),
		Privacy: privacy.New(db, w.files, signer, w.clock, log),
	}
	deps.Sender.Files = transfer.NewGiver(db, client, w.files, w.clock, log)
	if w.clicks, err = click.New("https://api.example.com/api/n8n/track-click", w.clock, strings.Repeat("5a", 32)); err != nil {
		tb.Fatal(err)
	}
	deps.Clicks = w.clicks
	deps.Availability = availability.New(db, w.directory, box, egress.NewClient(egress.Options{AllowPrivate: true}), w.clock)
	deps.Availability.AllowPrivate = true
	w.deliverer.Files = deps.Sender.Files
	w.settings(&deps, client)
	for _, c := range changes {
		c(&deps)
	}
	w.handler, w.counts = httpapi.New(deps), deps.Limits.API.Count > 0 && deps.Limiter != ratelimit.Limiter(brokenLimiter{})
	tb.Cleanup(func() {
		w.receiver.Close()
		client.CloseIdleConnections()
	})
	db.OnCommit(postgres.Hooks{Wake: w.wake, Outdate: w.outdate})
	return w
}

// settings adds those who change hotels and count what they use.
func (w *world) settings(deps *httpapi.Deps, client *whatsapp.Client) {
	deps.ClientAddr = httpapi.ClientAddr(nil)
	deps.Provision = provision.New(w.db, w.box, w.clock)
	deps.Provision.HashPassword = func(string) (string, error) { return passwordHash, nil }
	deps.Provision.Claim = w.receiver.Claim
	deps.Meter = usage.New(w.db, w.clock, deps.Log)
	deps.Sender.Meter = deps.Meter
	deps.WebhookURL = func(slug string) string { return "https://api.example.com/webhooks/whatsapp?tenant=" + slug }
	deps.LoginURL = func(slug string) string { return "https://" + slug + ".example.com" }
	deps.Subscriptions = fanout.New(w.db, w.directory, w.box, n8n.NewClient(egress.NewClient(egress.Options{Timeout: time.Second})), w.clock)
	deps.FlowChecker = inbox.NewFlowChecker(w.db, w.directory, n8n.NewClient(egress.NewClient(egress.Options{Timeout: time.Second})), w.clock)
	deps.Mirror = mirror.New(w.db, w.directory, client, w.clock, deps.Log)
	deps.Checker = &provision.Checker{Meta: client, WebhookURL: deps.WebhookURL, Provision: deps.Provision}
}

// outdate tells those who remember.
func (w *world) outdate(notices []stale.Notice) {
	for _, n := range notices {
		w.directory.Forget(n)
		w.db.ForgetSubscribers(n)
		w.auth.Forget(n)
	}
}

// post keeps the letters that would be sent.
func (w *world) post(_ context.Context, m mail.Message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.letters = append(w.letters, m)
	return nil
}

// work starts to process what is received and to deliver what is sent, until the
// test ends.
func (w *world) work() {
	w.t.Helper()
	log := logtest.LoggerTo(w.logs)
	processor := inbox.NewProcessor(w.db, w.directory, w.clock, log)
	runners := []*lane.Runner{
		{Kind: lane.Inbox, Source: w.db, Work: processor.Work, Together: true, MaxLanes: 64, PerTenant: 2, Concurrency: 4, Poll: 100 * time.Millisecond, Log: log},
		{Kind: lane.Deliver, Source: w.db, Work: w.deliverer.Work, MaxLanes: 32, PerTenant: 4, Concurrency: 8, Poll: 100 * time.Millisecond, Log: log},
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, r := range runners {
		running.Go(func() { r.Run(ctx) })
	}
	w.t.Cleanup(func() {
		stop()
		running.Wait()
	})
	w.mu.Lock()
	w.runners = runners
	w.mu.Unlock()
}

func (w *world) wake(kind lane.Kind, t id.Tenant) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.runners {
		if r.Kind == kind {
			r.Wake(t)
		}
	}
}

// hotel is a tenant with secrets that the test knows.
type hotel struct {
	pgtest.Hotel
	key       string
	appSecret string
}

// hotel makes a tenant with an app of its own. With an empty app secret the
// platform's app speaks for it.
func (w *world) hotel(options ...func(*postgres.TenantRow)) hotel {
	w.t.Helper()
	h := hotel{appSecret: "app-secret-" + id.NewTenant().String()}
	h.Hotel = pgtest.Tenant(w.t, w.db, append([]func(*postgres.TenantRow){func(row *postgres.TenantRow) {
		row.AppSecret = w.box.Seal(h.appSecret, row.ID.String())
		row.VerifyToken = w.box.Seal("verify-"+row.Slug, row.ID.String())
	}}, options...)...)
	secret := "br_secret_of_" + h.Slug
	sum := sha256.Sum256([]byte(secret))
	w.exec("UPDATE api_key SET hash = $1 WHERE tenant_id = $2", sum[:], h.ID)
	w.exec("UPDATE whatsapp_number SET access_token = $1 WHERE tenant_id = $2",
		w.box.Seal("meta-token-"+h.Slug, h.ID.String()), h.ID)
	w.exec("UPDATE account SET password_hash = $1 WHERE id = $2", passwordHash, h.Admin.ID)
	h.key = h.Slug + ":" + secret
	return h
}

func suspended(row *postgres.TenantRow) { row.Status = tenant.Suspended }

// user makes somebody who can log in with password.
func (w *world) user(t id.Tenant, role user.Role, unit string) user.User {
	w.t.Helper()
	return pgtest.User(w.t, w.db, t, role, unit, func(row *postgres.AccountRow) { row.PasswordHash = passwordHash })
}

// token makes an access token for a user, as the original made it unless edited.
func (w *world) token(u user.User, edits ...func(jwt.MapClaims)) string {
	w.t.Helper()
	c := jwt.MapClaims{
		"userId": u.ID.String(), "role": string(u.Role), "tenantId": nil, "jti": id.NewSession().String(),
		"iat": w.clock.Now().Unix(), "exp": w.clock.Now().Add(time.Hour).Unix(),
	}
	if !u.TenantID.IsZero() {
		c["tenantId"] = u.TenantID.String()
	}
	for _, edit := range edits {
		edit(c)
	}
	return sign(w.t, jwt.SigningMethodHS256, []byte(accessSecret), c)
}

func sign(tb testing.TB, method jwt.SigningMethod, key any, c jwt.Claims) string {
	tb.Helper()
	text, err := jwt.NewWithClaims(method, c).SignedString(key)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// on returns the same world for a sub-test, whose failures are its own.
func (w *world) on(tb testing.TB) *world {
	tb.Helper()
	return &world{
		t: tb, db: w.db, clock: w.clock, box: w.box, directory: w.directory, auth: w.auth, receiver: w.receiver,
		deliverer: w.deliverer, handler: w.handler, store: w.store, files: w.files, links: w.links, clicks: w.clicks, meta: w.meta, logs: w.logs, document: w.document, owner: w.owner, counts: w.counts,
	}
}

// owner is a connection that row-level security does not bind, shared by all sub-tests:
// to make one for each question would take longer than the question.
type owner struct {
	mu   sync.Mutex
	conn *pgx.Conn
}

func (o *owner) do(tb testing.TB, sql string, ask func(ctx context.Context, conn *pgx.Conn) error) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := ask(ctx, o.conn); err != nil {
		tb.Fatalf("%s: %v", sql, err)
	}
}

// count asks the database, as its owner, for a number.
func (w *world) count(sql string, args ...any) int {
	w.t.Helper()
	var n int
	w.owner.do(w.t, sql, func(ctx context.Context, conn *pgx.Conn) error { return conn.QueryRow(ctx, sql, args...).Scan(&n) })
	return n
}

// exec changes rows as the owner.
func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	w.owner.do(w.t, sql, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, sql, args...)
		return err
	})
}

// eventually waits until a count is as wanted.
func (w *world) eventually(want int, sql string, args ...any) {
	w.t.Helper()
	conn := pgtest.Owner(w.t, w.db)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for n := -1; ; {
		if err := conn.QueryRow(ctx, sql, args...).Scan(&n); err != nil {
			w.t.Fatalf("%s: %v (last %d, want %d)", sql, err, n, want)
		}
		if n == want {
			_ = conn.Close(ctx)
			return
		}
		<-tick.C
	}
}

// cutOff makes the database unreachable for as long as the test runs.
func (w *world) cutOff() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cfg := pgtest.Owner(w.t, w.db).Config().Copy()
	name := cfg.Database
	cfg.Database = "postgres"
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, sql := range []string{
		"ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS false",
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'",
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			w.t.Fatalf("%s: %v", sql, err)
		}
	}
	_ = conn.Close(ctx)
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
