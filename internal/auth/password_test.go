package auth_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// audited checks that the audit log has entries about somebody.
func (w *world) audited(u user.User, actions ...string) {
	w.t.Helper()
	conn := pgtest.Owner(w.t, w.db)
	rows, err := conn.Query(w.t.Context(), "SELECT DISTINCT action FROM audit_entry WHERE tenant_id = $1 AND entity = 'user' AND entity_id = $2", u.TenantID, u.ID.String())
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var action string
		if err := rows.Scan(&action); err != nil {
			w.t.Fatal(err)
		}
		found = append(found, action)
	}
	for _, want := range actions {
		if !slices.Contains(found, want) {
			w.t.Errorf("no %s among %v", want, found)
		}
	}
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ctx := t.Context()
	ana := w.user(pgtest.Tenant(t, w.db).ID)
	tablet, phone := w.login(ana), w.login(ana)
	old := w.sign(accessSecret, ana, time.Hour) // of the original, without a session
	here := w.in(tablet.Access, nil)
	w.in(phone.Access, nil)
	w.in(old, nil)
	for given, want := range map[[2]string]error{
		{"wrong password", "another horse"}: auth.ErrWrongPassword, {password, "short"}: auth.ErrPassword, {"", "another horse"}: auth.ErrWrongPassword,
	} {
		if err := w.auth.ChangePassword(ctx, here, given[0], given[1]); !errors.Is(err, want) {
			t.Errorf("%v: %v, want %v", given, err, want)
		}
	}
	w.in(phone.Access, nil)
	if err := w.auth.ChangePassword(ctx, here, password, "another horse"); err != nil {
		t.Fatal(err)
	}
	w.in(tablet.Access, nil) // the one from which it was done goes on
	w.refresh(tablet.Refresh)
	w.in(phone.Access, auth.ErrToken)
	w.refused(phone.Refresh, postgres.ErrNoSession)
	w.in(old, auth.ErrToken)
	if _, _, err := w.auth.Login(ctx, ana.Email, password, ""); !errors.Is(err, auth.ErrCredentials) {
		t.Errorf("the old password: %v", err)
	}
	if _, _, err := w.auth.Login(ctx, ana.Email, "another horse", ""); err != nil {
		t.Errorf("the new password: %v", err)
	}
	w.audited(ana, "CHANGE_PASSWORD", "LOGIN", "LOGIN_FAILED")
}

// TestLogoutOfTheOriginalsToken: it counts until the token expires by itself.
func TestLogoutOfTheOriginalsToken(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ana := w.user(pgtest.Tenant(t, w.db).ID)
	one, other := w.sign(accessSecret, ana, time.Hour), w.sign(accessSecret, ana, 2*time.Hour)
	p := w.in(one, nil)
	w.in(other, nil)
	for range 2 {
		if err := w.auth.Logout(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	w.in(one, auth.ErrToken)
	w.in(other, nil)
	if err := w.db.SystemPurge(t.Context(), w.clock.Now().Add(20*time.Hour)); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(10 * time.Second)
	w.in(one, auth.ErrToken)
	w.audited(ana, "LOGOUT")
}

func TestOwnSessions(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ctx := t.Context()
	ana, bia := w.user(pgtest.Tenant(t, w.db).ID), w.user(pgtest.Tenant(t, w.db).ID)
	tablet, phone, stranger := w.login(ana), w.login(ana), w.login(bia)
	p, q := w.in(tablet.Access, nil), w.in(phone.Access, nil)
	list, err := w.auth.Sessions(ctx, p)
	if err != nil || len(list) != 2 {
		t.Fatalf("%d log-ins, %v", len(list), err)
	}
	for _, none := range []id.Session{w.in(stranger.Access, nil).Session, id.NewSession(), {}} {
		if err := w.auth.EndSession(ctx, p, none); !errors.Is(err, postgres.ErrSessionUnknown) {
			t.Errorf("end %s: %v", none, err)
		}
	}
	w.in(stranger.Access, nil)
	if err := w.auth.EndSession(ctx, p, q.Session); err != nil {
		t.Fatal(err)
	}
	w.in(phone.Access, auth.ErrToken)
	w.refused(phone.Refresh, postgres.ErrNoSession)
	w.in(tablet.Access, nil)
	if list, _ := w.auth.Sessions(ctx, p); len(list) != 1 || list[0].ID != p.Session {
		t.Errorf("left: %+v", list)
	}
	w.audited(ana, "SESSION_ENDED")
}

func TestSaveProfile(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ana := w.user(pgtest.Tenant(t, w.db).ID)
	tokens := w.login(ana)
	p := w.in(tokens.Access, nil)
	name, picture := " Ana Maria ", "https://example.com/ana.png"
	saved, err := w.auth.SaveProfile(t.Context(), p, auth.Profile{Name: &name, AvatarURL: &picture})
	if err != nil || saved.Name != "Ana Maria" || saved.AvatarURL != picture || saved.Role != ana.Role {
		t.Errorf("%+v, %v", saved, err)
	}
	if now := w.in(tokens.Access, nil).User; now.Name != "Ana Maria" {
		t.Errorf("still %q", now.Name)
	}
	bad := "javascript:alert(1)"
	if _, err := w.auth.SaveProfile(t.Context(), p, auth.Profile{AvatarURL: &bad}); !errors.Is(err, user.ErrAvatar) {
		t.Errorf("a script as picture: %v", err)
	}
	w.audited(ana, "UPDATE_USER")
}
