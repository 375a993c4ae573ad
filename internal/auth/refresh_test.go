package auth_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestRefresh tells how refresh tokens follow each other; the rules are those of
// postgres.DB.SystemRotate.
func TestRefresh(t *testing.T) {
	t.Parallel()
	for name, story := range map[string]func(w *world, first auth.Tokens){
		"each gives the next, and all of them one log-in": func(w *world, first auth.Tokens) {
			second := w.refresh(first.Refresh)
			third := w.refresh(second.Refresh)
			if a, c := w.in(first.Access, nil), w.in(third.Access, nil); a.Session != c.Session || third.Refresh == second.Refresh {
				w.t.Error("another log-in, or the same token")
			}
		},
		"a dashboard that keeps the first may go on with it": func(w *world, first auth.Tokens) {
			for range 3 {
				w.in(w.refresh(first.Refresh).Access, nil)
				w.clock.Advance(2 * time.Hour)
			}
		},
		"two tabs ask at once and both go on": func(w *world, first auth.Tokens) {
			one, other := w.refresh(first.Refresh), w.refresh(first.Refresh)
			w.clock.Advance(time.Hour)
			w.refresh(one.Refresh)
			w.in(w.refresh(other.Refresh).Access, nil)
		},
		"a token whose successor was used ends everything": func(w *world, first auth.Tokens) {
			second := w.refresh(first.Refresh)
			third := w.refresh(second.Refresh)
			w.in(third.Access, nil)
			w.refused(first.Refresh, postgres.ErrTokenReplayed)
			w.refused(third.Refresh, postgres.ErrNoSession)
			w.clock.Advance(3 * time.Second)
			w.in(third.Access, auth.ErrToken)
		},
		"a successor that was replaced ends everything": func(w *world, first auth.Tokens) {
			stolen := w.refresh(first.Refresh)
			w.clock.Advance(time.Hour)
			own := w.refresh(first.Refresh)
			w.refused(stolen.Refresh, postgres.ErrTokenReplayed)
			w.refused(own.Refresh, postgres.ErrNoSession)
		},
		"it lasts for a week": func(w *world, first auth.Tokens) {
			w.clock.Advance(7*24*time.Hour - time.Second)
			w.refresh(first.Refresh)
			w.clock.Advance(time.Second)
			w.refused(first.Refresh, postgres.ErrNoSession)
		},
		"never at a suspended hotel": func(w *world, first auth.Tokens) {
			w.exec("UPDATE tenant SET status = 'SUSPENDED'")
			w.directory.ForgetAll()
			w.refused(first.Refresh, tenant.ErrSuspended)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			story(w, w.login(w.user(pgtest.Tenant(t, w.db).ID)))
		})
	}
}

// TestRefreshWhileTheDatabaseIsAway: a dashboard that is told that its log-in has ended
// sends its user away.
func TestRefreshWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	w := setup(t)
	tokens := w.login(w.user(pgtest.Tenant(t, w.db).ID))
	away, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.auth.Refresh(away, tokens.Refresh); err == nil || errors.Is(err, postgres.ErrNoSession) {
		t.Errorf("got %v, which says that the log-in has ended", err)
	}
	w.refresh(tokens.Refresh)
}

// TestRefreshTokensAreKeptAsHashes: who reads the database cannot log in with it.
func TestRefreshTokensAreKeptAsHashes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	tokens := w.login(w.user(pgtest.Tenant(t, w.db).ID))
	conn := pgtest.Owner(t, w.db)
	var kept []byte
	if err := conn.QueryRow(t.Context(), "SELECT hash FROM refresh_token").Scan(&kept); err != nil {
		t.Fatal(err)
	}
	if string(kept) != string(hash(tokens.Refresh)) {
		t.Error("something else than the hash is kept")
	}
	if _, err := w.auth.Refresh(t.Context(), string(kept)); !errors.Is(err, postgres.ErrNoSession) {
		t.Errorf("the hash opens: %v", err)
	}
}
