package auth_test

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/mail"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// postman delivers letters until the test ends, and hands them to the test.
func (w *world) postman() chan mail.Message {
	w.t.Helper()
	box := make(chan mail.Message, 10)
	w.auth.Letters = auth.NewLetters(func(_ context.Context, m mail.Message) error { box <- m; return nil }, "https://app.example.com/", logtest.Logger())
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { w.auth.SendLetters(ctx); close(ended) }()
	w.t.Cleanup(func() { stop(); <-ended })
	return box
}

func (w *world) forgot(email string) {
	w.t.Helper()
	if err := w.auth.Forgot(w.t.Context(), email); err != nil {
		w.t.Errorf("%s: %v", email, err)
	}
}

// await takes the next letter.
func await(t *testing.T, box chan mail.Message) mail.Message {
	t.Helper()
	select {
	case m := <-box:
		return m
	case <-time.After(30 * time.Second):
		t.Fatal("no letter came")
		return mail.Message{}
	}
}

var link = regexp.MustCompile(`https://app\.example\.com/reset-password\?token=(\S+)`)

// tokenIn returns the token of a letter's link.
func tokenIn(t *testing.T, m mail.Message) string {
	t.Helper()
	found := link.FindStringSubmatch(m.Text)
	if found == nil {
		t.Fatalf("no link in %q", m.Text)
	}
	token, err := url.QueryUnescape(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestForgottenPassword(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ctx := t.Context()
	box := w.postman()
	ana := w.user(pgtest.Tenant(t, w.db).ID)
	tablet := w.login(ana)
	w.in(tablet.Access, nil)
	w.forgot(" " + strings.ToUpper(ana.Email))
	first := await(t, box)
	if first.To != ana.Email || !strings.Contains(first.Text, ana.Name) || strings.Contains(first.Subject, "\n") {
		t.Errorf("letter: %+v", first)
	}
	w.forgot(ana.Email)
	one, two := tokenIn(t, first), tokenIn(t, await(t, box))
	for _, c := range []struct {
		token, password string
		want            error
	}{
		{"", "another horse", postgres.ErrResetUnknown},
		{"guess", "another horse", postgres.ErrResetUnknown},
		{one, "short", auth.ErrPassword},
		{one, "another horse", nil},
		{one, "a third horse", postgres.ErrResetUnknown},
		{two, "a third horse", postgres.ErrResetUnknown},
	} {
		if err := w.auth.ResetPassword(ctx, c.token, c.password); !errors.Is(err, c.want) {
			t.Errorf("%q: %v, want %v", c.token, err, c.want)
		}
	}
	w.in(tablet.Access, auth.ErrToken)
	w.refused(tablet.Refresh, postgres.ErrNoSession)
	if _, _, err := w.auth.Login(ctx, ana.Email, "another horse", ""); err != nil {
		t.Errorf("the new password: %v", err)
	}
	w.audited(ana, "FORGOT_PASSWORD", "RESET_PASSWORD")
}

func TestLettersGrowOld(t *testing.T) {
	t.Parallel()
	w := setup(t)
	box := w.postman()
	ana := w.user(pgtest.Tenant(t, w.db).ID)
	w.forgot(ana.Email)
	token := tokenIn(t, await(t, box))
	w.clock.Advance(time.Hour)
	if err := w.auth.ResetPassword(t.Context(), token, "another horse"); !errors.Is(err, postgres.ErrResetUnknown) {
		t.Errorf("after an hour: %v", err)
	}
	w.forgot(ana.Email)
	token = tokenIn(t, await(t, box))
	w.exec("UPDATE account SET status = 'INACTIVE' WHERE id = $1", ana.ID)
	if err := w.auth.ResetPassword(t.Context(), token, "another horse"); !errors.Is(err, postgres.ErrResetUnknown) {
		t.Errorf("of somebody suspended: %v", err)
	}
	w.login(w.user(ana.TenantID))
}

// TestNoLetter: neither strangers, nor the suspended, nor whoever got enough are written
// to, and nobody who asks can tell.
func TestNoLetter(t *testing.T) {
	t.Parallel()
	w := setup(t)
	box := w.postman()
	h := pgtest.Tenant(t, w.db)
	ana, gone, last := w.user(h.ID), w.user(h.ID), w.user(h.ID)
	w.exec("UPDATE account SET status = 'INACTIVE' WHERE id = $1", gone.ID)
	w.forgot("nobody@example.com")
	w.forgot(gone.Email)
	for range 5 {
		w.forgot(ana.Email)
	}
	w.forgot(last.Email)
	var to []string
	for m := await(t, box); ; m = await(t, box) {
		to = append(to, m.To)
		if m.To == last.Email {
			break
		}
	}
	if want := []string{ana.Email, ana.Email, ana.Email, last.Email}; strings.Join(to, " ") != strings.Join(want, " ") {
		t.Errorf("letters to %v, want %v", to, want)
	}
}

func TestForgottenWithoutMail(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ana := w.user(pgtest.Tenant(t, w.db).ID)
	for _, email := range []string{ana.Email, "nobody@example.com", ""} {
		if err := w.auth.Forgot(t.Context(), email); !errors.Is(err, auth.ErrMailOff) {
			t.Errorf("%q: %v", email, err)
		}
	}
	w.auth.Letters = auth.NewLetters(nil, "https://app.example.com", logtest.Logger()) // nobody takes them away
	var err error
	for range 1000 {
		if err = w.auth.Forgot(t.Context(), ana.Email); err != nil {
			break
		}
	}
	if !errors.Is(err, fault.ErrUnavailable) {
		t.Errorf("the queue has no end: %v", err)
	}
}
