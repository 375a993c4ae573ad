package provision_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/inbox"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/sealed"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// platformSecret signs webhooks for hotels that have no app of their own.
const platformSecret = "secret of the platform's app"

// world is a provisioner with those who use what it makes, over a database of its own.
type world struct {
	t         *testing.T
	db        *postgres.DB
	clock     *clock.Frozen
	provision *provision.Provisioner
	directory *directory.Directory
	auth      *auth.Service
	receiver  *inbox.Receiver
}

func setup(t *testing.T) *world {
	t.Helper()
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: pgtest.DB(t), clock: clock.NewFrozen(time.Now().UTC())}
	w.directory = directory.New(w.db, box, w.clock)
	if w.auth, err = auth.New(w.db, w.directory, w.clock, "access", "refresh"); err != nil {
		t.Fatal(err)
	}
	w.receiver = inbox.NewReceiver(w.db, w.directory, platformSecret, logtest.Logger())
	t.Cleanup(w.receiver.Close)
	w.provision = provision.New(w.db, box, w.clock)
	w.provision.Claim = w.receiver.Claim
	w.provision.HashPassword = cheaply
	return w
}

// cheaply hashes as auth.HashPassword does, at a price for tests.
func cheaply(password string) (string, error) {
	if len(password) < 8 || len(password) > 72 {
		return "", auth.ErrPassword
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	return string(hash), err
}

// grand is a hotel with everything.
func grand() provision.Hotel {
	return provision.Hotel{
		Slug: "grand", Name: "Grand Hotel", Email: "grand@example.com", Units: []string{"Ilhabela", "Campos do Jordão"},
		PhoneNumberID: "106540352242922", Display: "+55 12 3000-0000", WABAID: "102290129340398",
		AccessToken: "PLANTED-access-token", AppSecret: "PLANTED-app-secret", VerifyToken: "PLANTED-verify-token",
		BotURL: "https://flows.example.com/webhook/bot", AdminName: "Ana", AdminEmail: "ana@example.com", AdminPassword: "PLANTED-password",
	}
}

func (w *world) add(h provision.Hotel) provision.Created {
	w.t.Helper()
	made, err := w.provision.AddTenant(w.t.Context(), h)
	if err != nil {
		w.t.Fatalf("add hotel: %v", err)
	}
	return made
}

// count asks the database, as its owner, for a number.
func (w *world) count(sql string, args ...any) int {
	w.t.Helper()
	conn := pgtest.Owner(w.t, w.db)
	defer func() { _ = conn.Close(context.WithoutCancel(w.t.Context())) }()
	var n int
	if err := conn.QueryRow(w.t.Context(), sql, args...).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func (w *world) refused(what string, err, want error) {
	w.t.Helper()
	if !errors.Is(err, want) {
		w.t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func ptr[T any](v T) *T { return &v }
