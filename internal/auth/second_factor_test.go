package auth_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// codeOf is what an authenticator app shows for a secret.
func codeOf(secret string, at time.Time) string {
	key, err := base32.StdEncoding.DecodeString(secret)
	if err != nil {
		panic(err)
	}
	mac := hmac.New(sha1.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Unix()/30)))
	sum := mac.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[sum[19]&15:])&0x7fffffff%1000000)
}

// enrolled is somebody with a second factor, who has come in with it.
type enrolled struct {
	*world
	user   user.User
	in     auth.Principal
	secret string
	codes  []string
}

func (w *world) enrol() enrolled {
	w.t.Helper()
	e := enrolled{world: w, user: w.user(pgtest.Tenant(w.t, w.db).ID)}
	e.in = w.in(w.login(e.user).Access, nil)
	begun, err := w.auth.BeginSecondFactor(w.t.Context(), e.in, password)
	if err != nil {
		w.t.Fatal(err)
	}
	e.secret = begun.Secret
	w.login(e.user) // begun is not confirmed: nobody is asked for it
	if e.codes, err = w.auth.ConfirmSecondFactor(w.t.Context(), e.in, codeOf(e.secret, w.clock.Now())); err != nil {
		w.t.Fatal(err)
	}
	return e
}

// enter tries to come in with a code.
func (e enrolled) enter(code string, want error) {
	e.t.Helper()
	_, tokens, err := e.auth.Enter(e.t.Context(), auth.Attempt{Email: e.user.Email, Password: password, Code: code})
	if !errors.Is(err, want) || (err == nil) != (tokens.Access != "") {
		e.t.Errorf("with %q: %v, want %v", code, err, want)
	}
}

func TestSecondFactor(t *testing.T) {
	t.Parallel()
	w := setup(t)
	e := w.enrol()
	e.enter("", auth.ErrCodeMissing)
	e.enter(codeOf(e.secret, w.clock.Now()), auth.ErrCodeWrong) // it was used to confirm
	for _, wrong := range []string{"000000", "12345", "abcdef", "AAAA-BBBB-CCCC-DDDD", codeOf(e.secret, w.clock.Now().Add(-time.Hour))} {
		e.enter(wrong, auth.ErrCodeWrong)
	}
	w.clock.Advance(30 * time.Second)
	code := codeOf(e.secret, w.clock.Now())
	e.enter(code[:3]+" "+code[3:], nil)
	e.enter(code, auth.ErrCodeWrong)
	w.clock.Advance(30 * time.Second)
	e.enter(code, auth.ErrCodeWrong) // near enough, and used
	w.clock.Advance(10 * time.Minute)
	e.enter(codeOf(e.secret, w.clock.Now().Add(30*time.Second)), nil)
	e.enter(codeOf(e.secret, w.clock.Now()), auth.ErrCodeWrong) // older than the newest that was used
	if _, _, err := w.auth.Enter(t.Context(), auth.Attempt{Email: e.user.Email, Password: "wrong", Code: e.codes[0]}); !errors.Is(err, auth.ErrCredentials) {
		t.Errorf("a wrong password with a good code: %v", err)
	}
	e.enter(e.codes[0], nil) // it was not used up by the wrong password
	e.enter(e.codes[0], auth.ErrCodeWrong)
	if on, left, err := w.auth.SecondFactor(t.Context(), e.in); !on || left != 9 || err != nil {
		t.Errorf("%v, %d left, %v", on, left, err)
	}
	w.audited(e.user, "TOTP_ENABLED", "LOGIN_FAILED", "LOGIN")
}

// TestSecretIsSealed: the secret opens only at its own account.
func TestSecretIsSealed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	e, other := w.enrol(), w.enrol()
	factor, err := w.db.SystemSecondFactor(t.Context(), e.user.ID)
	if err != nil || factor.Secret == "" || factor.Secret == e.secret {
		t.Fatalf("stored: %q, %v", factor.Secret, err)
	}
	w.exec("UPDATE second_factor SET secret = $1 WHERE account_id = $2", factor.Secret, other.user.ID)
	w.clock.Advance(time.Minute)
	if _, _, err := w.auth.Enter(t.Context(), auth.Attempt{Email: other.user.Email, Password: password, Code: codeOf(e.secret, w.clock.Now())}); err == nil || errors.Is(err, auth.ErrCodeWrong) {
		t.Errorf("a secret that was moved: %v, want a failure of ours", err)
	}
}

// TestGuessesAreCounted: each wrong code is counted, before it is looked at.
func TestGuessesAreCounted(t *testing.T) {
	t.Parallel()
	w := setup(t)
	e := w.enrol()
	w.clock.Advance(time.Minute)
	stop := errors.New("enough")
	counted := 0
	guess := func(_ context.Context, who id.User) (func(), error) {
		if counted == 2 || who != e.user.ID {
			return nil, stop
		}
		counted++
		return func() { counted-- }, nil
	}
	try := func(password, code string) error {
		_, _, err := w.auth.Enter(t.Context(), auth.Attempt{Email: e.user.Email, Password: password, Code: code, Guess: guess})
		return err
	}
	for _, c := range []struct {
		password, code string
		want           error
		counted        int
	}{
		{"wrong password", "000000", auth.ErrCredentials, 0},
		{password, "", auth.ErrCodeMissing, 0},
		{password, codeOf(e.secret, w.clock.Now()), nil, 0},
		{password, "000000", auth.ErrCodeWrong, 1},
		{password, "000001", auth.ErrCodeWrong, 2},
		{password, e.codes[0], stop, 2},
	} {
		if err := try(c.password, c.code); !errors.Is(err, c.want) || counted != c.counted {
			t.Errorf("%q: %v with %d counted, want %v with %d", c.code, err, counted, c.want, c.counted)
		}
	}
}

func TestEndSecondFactor(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ctx := t.Context()
	e := w.enrol()
	if _, err := w.auth.BeginSecondFactor(ctx, e.in, password); !errors.Is(err, postgres.ErrSecondFactorOn) {
		t.Errorf("begin a second one: %v", err)
	}
	if _, err := w.auth.ConfirmSecondFactor(ctx, e.in, "000000"); !errors.Is(err, postgres.ErrSecondFactorOn) {
		t.Errorf("confirm again: %v", err)
	}
	w.clock.Advance(time.Minute)
	fresh, err := w.auth.NewRecoveryCodes(ctx, e.in, codeOf(e.secret, w.clock.Now()))
	if err != nil || slices.Contains(fresh, e.codes[0]) {
		t.Errorf("new codes: %v", err)
	}
	e.enter(e.codes[0], auth.ErrCodeWrong)
	for _, c := range []struct {
		password, code string
		want           error
	}{{"wrong password", "", auth.ErrWrongPassword}, {"", "000000", auth.ErrCodeWrong}, {password, "000000", auth.ErrCodeWrong}, {"", fresh[0], nil}} {
		if err := w.auth.EndSecondFactor(ctx, e.in, c.password, c.code); !errors.Is(err, c.want) {
			t.Errorf("end with %q and %q: %v", c.password, c.code, err)
		}
	}
	e.enter("", nil)
	if err := w.auth.EndSecondFactor(ctx, e.in, password, ""); !errors.Is(err, postgres.ErrNoSecondFactor) {
		t.Errorf("end it twice: %v", err)
	}
	if _, err := w.auth.NewRecoveryCodes(ctx, e.in, "000000"); !errors.Is(err, postgres.ErrNoSecondFactor) {
		t.Errorf("codes without a factor: %v", err)
	}
	if _, err := w.auth.BeginSecondFactor(ctx, e.in, "wrong password"); !errors.Is(err, auth.ErrWrongPassword) {
		t.Errorf("begin without the password: %v", err)
	}
	w.audited(e.user, "TOTP_DISABLED", "TOTP_CODES_REPLACED")
}
