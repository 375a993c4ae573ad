package auth_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/stale"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := pgtest.Tenant(t, w.db), pgtest.Tenant(t, w.db)
	closed := pgtest.Tenant(t, w.db, func(row *postgres.TenantRow) { row.Status = tenant.Suspended })
	ana, gone, out := w.user(h.ID), w.user(h.ID), w.user(closed.ID)
	w.exec("UPDATE account SET status = 'INACTIVE' WHERE id = $1", gone.ID)
	super := pgtest.User(t, w.db, id.Tenant{}, user.SuperAdmin, "", func(row *postgres.AccountRow) { row.PasswordHash = passwordHash })
	for name, c := range map[string]struct {
		email, password, slug string
		want                  error
	}{
		"good":                       {ana.Email, password, "", nil},
		"through the hotel's door":   {ana.Email, password, h.Slug, nil},
		"in capitals, with blanks":   {" " + strings.ToUpper(ana.Email) + " ", password, "", nil},
		"super admin":                {super.Email, password, "", nil},
		"super admin, any door":      {super.Email, password, other.Slug, nil},
		"wrong password":             {ana.Email, "correct horse batterY", "", auth.ErrCredentials},
		"empty password":             {ana.Email, "", "", auth.ErrCredentials},
		"through another's door":     {ana.Email, password, other.Slug, auth.ErrCredentials},
		"through nobody's door":      {ana.Email, password, "nobody", auth.ErrCredentials},
		"inactive":                   {gone.Email, password, "", auth.ErrCredentials},
		"suspended hotel":            {out.Email, password, "", tenant.ErrSuspended},
		"suspended hotel, wrong one": {out.Email, "wrong", "", auth.ErrCredentials},
	} {
		_, tokens, err := w.auth.Login(t.Context(), c.email, c.password, c.slug)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if (tokens != auth.Tokens{}) != (c.want == nil) {
			t.Errorf("%s: tokens %v", name, tokens != auth.Tokens{})
		}
	}
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ana := w.user(pgtest.Tenant(t, w.db).ID)
	tokens := w.login(ana)
	p := w.in(tokens.Access, nil)
	if p.User.ID != ana.ID || p.Session.IsZero() || !p.Expires.Equal(w.clock.Now().Add(8*time.Hour)) {
		t.Errorf("got %+v", p)
	}
	w.in(tokens.Refresh, auth.ErrToken)
	w.refused(tokens.Access, postgres.ErrNoSession)
	w.clock.Advance(8*time.Hour - time.Second)
	w.in(tokens.Access, nil)
	w.clock.Advance(time.Second)
	w.in(tokens.Access, auth.ErrToken)
}

// TestTokensOfTheOriginal: whoever was logged in when the product was replaced stays
// logged in. Their refresh tokens cannot be rotated: they log in again.
func TestTokensOfTheOriginal(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ana := w.user(pgtest.Tenant(t, w.db).ID)
	p := w.in(w.sign(accessSecret, ana, time.Hour), nil)
	if p.User.ID != ana.ID || !p.Session.IsZero() {
		t.Errorf("got %+v", p)
	}
	w.in(w.sign(refreshSecret, ana, time.Hour), auth.ErrToken)
	w.in(w.sign(accessSecret, ana, -time.Second), auth.ErrToken)
	w.refused(w.sign(refreshSecret, ana, time.Hour), postgres.ErrNoSession)
	if err := w.auth.Logout(t.Context(), p); err != nil {
		t.Errorf("log out: %v", err)
	}
}

// TestChangesCountWithinSeconds: what the token says of a user is not believed.
func TestChangesCountWithinSeconds(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := pgtest.Tenant(t, w.db)
	ana, bia, caio := w.user(h.ID), w.user(h.ID), w.user(h.ID)
	tokens, of := w.login(ana), map[user.User]string{}
	for _, u := range []user.User{bia, caio} {
		of[u] = w.login(u).Access
		w.in(of[u], nil)
	}
	w.in(tokens.Access, nil)
	w.exec("UPDATE account SET status = 'INACTIVE' WHERE id = $1", ana.ID)
	w.exec("UPDATE account SET role = 'SALES', unit = 'Camburi' WHERE id = $1", bia.ID)
	w.clock.Advance(3 * time.Second)
	w.in(tokens.Access, auth.ErrToken)
	w.refused(tokens.Refresh, postgres.ErrNoSession)
	if p := w.in(of[bia], nil); p.User.Role != user.Sales || p.User.Unit != "Camburi" {
		t.Errorf("still %s of %q", p.User.Role, p.User.Unit)
	}
	w.exec("UPDATE tenant SET status = 'SUSPENDED' WHERE id = $1", h.ID)
	w.clock.Advance(5 * time.Second)
	w.in(of[caio], tenant.ErrSuspended)
	w.exec("UPDATE tenant SET status = 'TRIAL' WHERE id = $1", h.ID)
	w.exec("UPDATE account SET status = 'ACTIVE' WHERE id = $1", ana.ID)
	w.clock.Advance(5 * time.Second)
	w.in(of[caio], nil)
	w.in(tokens.Access, nil)
}

// TestForget: a notice about somebody ends what is remembered of them, and of nobody else.
func TestForget(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := pgtest.Tenant(t, w.db)
	ana, bia, caio := w.user(h.ID), w.user(h.ID), w.user(pgtest.Tenant(t, w.db).ID)
	of := map[user.User]string{}
	for _, u := range []user.User{ana, bia, caio} {
		of[u] = w.login(u).Access
		w.in(of[u], nil)
	}
	second := w.login(ana).Access
	session := w.in(second, nil).Session
	w.exec("UPDATE account SET status = 'INACTIVE'")
	w.auth.Forget(stale.Session(session))
	w.in(second, auth.ErrToken)
	w.in(of[ana], nil)
	w.auth.Forget(stale.User(ana.ID))
	w.in(of[ana], auth.ErrToken)
	w.in(of[bia], nil)
	w.auth.Forget(stale.Tenant(h.ID))
	w.in(of[bia], auth.ErrToken)
	w.in(of[caio], nil)
	w.auth.Forget(stale.Everything())
	w.in(of[caio], auth.ErrToken)
}

// TestDatabaseDown: that nothing can be found out says nothing about a user.
func TestDatabaseDown(t *testing.T) {
	t.Parallel()
	w := setup(t)
	tokens := w.login(w.user(pgtest.Tenant(t, w.db).ID))
	w.in(tokens.Access, nil)
	w.exec("ALTER TABLE account RENAME TO elsewhere")
	w.in(tokens.Access, nil) // seen a moment ago
	w.clock.Advance(3 * time.Second)
	_, err := w.auth.Authenticate(t.Context(), tokens.Access)
	if err == nil || errors.Is(err, auth.ErrToken) {
		t.Errorf("got %v, want a failure of ours", err)
	}
	w.exec("ALTER TABLE elsewhere RENAME TO account")
	w.in(tokens.Access, nil) // the failure is not remembered
}

func TestLogout(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ana := w.user(pgtest.Tenant(t, w.db).ID)
	tablet, phone := w.login(ana), w.login(ana)
	if err := w.auth.Logout(t.Context(), w.in(tablet.Access, nil)); err != nil {
		t.Fatal(err)
	}
	w.in(tablet.Access, auth.ErrToken)
	w.refused(tablet.Refresh, postgres.ErrNoSession)
	w.in(phone.Access, nil) // the other log-in goes on
	w.refresh(phone.Refresh)
}

func TestBadTokens(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ana := w.user(pgtest.Tenant(t, w.db).ID)
	tokens := w.login(ana)
	c := jwt.MapClaims{"userId": ana.ID.String(), "exp": w.clock.Now().Add(time.Hour).Unix()}
	none, err := jwt.NewWithClaims(jwt.SigningMethodNone, c).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	larger, err := jwt.NewWithClaims(jwt.SigningMethodHS512, c).SignedString([]byte(accessSecret))
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{
		"", "x", "..", none, larger, w.sign("guess", ana, time.Hour), tokens.Access[:len(tokens.Access)-2],
		tokens.Access + strings.Repeat("a", 5000), w.sign(accessSecret, user.User{}, time.Hour),
	} {
		w.in(bad, auth.ErrToken)
		w.refused(bad, postgres.ErrNoSession)
	}
}

func TestSecretsMustDiffer(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{{"", ""}, {"a", ""}, {"", "b"}, {"same", "same"}} {
		if _, err := auth.New(nil, nil, nil, pair[0], pair[1]); err == nil {
			t.Errorf("%q and %q are taken", pair[0], pair[1])
		}
	}
}

func TestHashPassword(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "1234567", strings.Repeat("a", 73), strings.Repeat("é", 37)} {
		if hash, err := auth.HashPassword(bad); !errors.Is(err, auth.ErrPassword) || hash != "" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
