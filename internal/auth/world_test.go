package auth_test

import (
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/crypto/bcrypt"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
	"github.com/botreserva/botreserva/internal/stale"
)

const (
	accessSecret  = "signs access tokens in tests"
	refreshSecret = "signs refresh tokens in tests"
	password      = "correct horse battery"
)

// passwordHash is cheap: the cost is in the hash.
var passwordHash = func() string {
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		panic(err)
	}
	return string(hash)
}()

// world is the service over a database of its own, with a clock that the test moves.
type world struct {
	t         *testing.T
	db        *postgres.DB
	clock     *clock.Frozen
	directory *directory.Directory
	auth      *auth.Service
}

func setup(t *testing.T) *world {
	t.Helper()
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: pgtest.DB(t), clock: clock.NewFrozen(time.Now().UTC().Truncate(time.Second))}
	w.directory = directory.New(w.db, box, w.clock)
	if w.auth, err = auth.New(w.db, w.directory, w.clock, accessSecret, refreshSecret); err != nil {
		t.Fatal(err)
	}
	w.auth.Box = box
	w.auth.HashPassword = func(password string) (string, error) {
		hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
		return string(hash), err
	}
	w.db.OnCommit(postgres.Hooks{Outdate: func(notices []stale.Notice) {
		for _, n := range notices {
			w.auth.Forget(n)
		}
	}})
	return w
}

// user makes an attendant of a hotel who can log in with password.
func (w *world) user(t id.Tenant) user.User {
	w.t.Helper()
	return pgtest.User(w.t, w.db, t, user.Attendant, "", func(row *postgres.AccountRow) { row.PasswordHash = passwordHash })
}

func (w *world) login(u user.User) auth.Tokens {
	w.t.Helper()
	_, tokens, err := w.auth.Login(w.t.Context(), u.Email, password, "")
	if err != nil {
		w.t.Fatalf("log in: %v", err)
	}
	return tokens
}

func (w *world) refresh(token string) auth.Tokens {
	w.t.Helper()
	tokens, err := w.auth.Refresh(w.t.Context(), token)
	if err != nil {
		w.t.Fatalf("refresh: %v", err)
	}
	return tokens
}

// in checks what an access token is answered with; nil: its user is let in.
func (w *world) in(token string, want error) auth.Principal {
	w.t.Helper()
	p, err := w.auth.Authenticate(w.t.Context(), token)
	if !errors.Is(err, want) {
		w.t.Errorf("authenticate: %v, want %v", err, want)
	}
	return p
}

func (w *world) refused(token string, want error) {
	w.t.Helper()
	if tokens, err := w.auth.Refresh(w.t.Context(), token); !errors.Is(err, want) || tokens != (auth.Tokens{}) {
		w.t.Errorf("refresh: %v, want %v and no tokens", err, want)
	}
}

// sign makes a token as the original did: it knew neither sessions nor purposes.
func (w *world) sign(secret string, u user.User, life time.Duration) string {
	w.t.Helper()
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"userId": u.ID.String(), "role": string(u.Role), "tenantId": u.TenantID.String(),
		"iat": w.clock.Now().Unix(), "exp": w.clock.Now().Add(life).Unix(),
	}).SignedString([]byte(secret))
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	pgtest.Exec(w.t, w.db, sql, args...)
}

func hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
