package staff_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
	"github.com/botreserva/botreserva/internal/staff"
	"github.com/botreserva/botreserva/internal/stale"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const password = "correct horse battery"

// world is the staff of one hotel, whose manager changes it.
type world struct {
	t     *testing.T
	db    *postgres.DB
	auth  *auth.Service
	staff *staff.Staff
	hotel pgtest.Hotel
}

func setup(t *testing.T) *world {
	t.Helper()
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: pgtest.DB(t)}
	now := clock.NewFrozen(time.Now().UTC().Truncate(time.Second))
	if w.auth, err = auth.New(w.db, directory.New(w.db, box, now), now, "access", "refresh"); err != nil {
		t.Fatal(err)
	}
	w.auth.HashPassword = func(password string) (string, error) {
		hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
		return string(hash), err
	}
	w.db.OnCommit(postgres.Hooks{Outdate: func(notices []stale.Notice) {
		for _, n := range notices {
			w.auth.Forget(n)
		}
	}})
	w.staff, w.hotel = staff.New(w.db, w.auth, now), pgtest.Tenant(t, w.db)
	return w
}

// newcomer is somebody who can be added.
func newcomer() staff.Newcomer {
	return staff.Newcomer{
		Email: id.NewUser().String() + "@example.com", Name: "Bia", Password: password, Role: user.Attendant, Unit: "ilha bela",
	}
}

// add adds somebody to the hotel.
func (w *world) add(edits ...func(*staff.Newcomer)) user.User {
	w.t.Helper()
	n := newcomer()
	for _, edit := range edits {
		edit(&n)
	}
	u, err := w.staff.Add(w.t.Context(), w.hotel.ID, w.hotel.Admin, n)
	if err != nil {
		w.t.Fatalf("add: %v", err)
	}
	return u
}

func as(role user.Role) func(*staff.Newcomer) {
	return func(n *staff.Newcomer) { n.Role = role }
}

// change changes somebody, and checks how that ends.
func (w *world) change(by user.User, who id.User, c staff.Changes, want error) user.User {
	w.t.Helper()
	u, err := w.staff.Change(w.t.Context(), w.hotel.ID, by, who, c)
	if !errors.Is(err, want) {
		w.t.Errorf("change: %v, want %v", err, want)
	}
	return u
}

// login checks whether somebody comes in, and returns their token.
func (w *world) login(u user.User, password string, want error) string {
	w.t.Helper()
	_, tokens, err := w.auth.Login(w.t.Context(), u.Email, password, "")
	if !errors.Is(err, want) {
		w.t.Errorf("log in: %v, want %v", err, want)
	}
	return tokens.Access
}

// in checks whether a token still opens.
func (w *world) in(token string, want error) {
	w.t.Helper()
	if _, err := w.auth.Authenticate(w.t.Context(), token); !errors.Is(err, want) {
		w.t.Errorf("authenticate: %v, want %v", err, want)
	}
}

func (w *world) count(sql string, args ...any) int {
	w.t.Helper()
	var n int
	if err := pgtest.Owner(w.t, w.db).QueryRow(w.t.Context(), sql, args...).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func ptr[T any](v T) *T { return &v }
