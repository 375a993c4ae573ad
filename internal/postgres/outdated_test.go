package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/stale"
)

// TestOutdated: whatever changes what processes remember says so, after the commit; what
// fails says nothing.
func TestOutdated(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	h := pgtest.Tenant(t, db)
	ana := pgtest.User(t, db, h.ID, user.Attendant, "")
	session, now := id.NewSession(), time.Now()
	must(t, db.SystemOpenSession(ctx, postgres.Session{ID: session, CreatedAt: now, ExpiresAt: now.Add(time.Hour)}, ana, []byte("hash"), about(ana, now)))
	save := func(tx *postgres.TenantTx) error { return tx.Save(ctx) }
	told := record(db, func() {})
	stop := errors.New("stop")
	for name, c := range map[string]struct {
		do    func() error
		want  []stale.Notice
		fails bool
	}{
		"a transaction": {do: func() error {
			return db.InTx(ctx, h.ID, func(tx *postgres.Tx) error { tx.Outdate(stale.User(ana.ID)); return nil })
		}, want: []stale.Notice{stale.User(ana.ID)}},
		"one that is undone": {do: func() error {
			return db.InTx(ctx, h.ID, func(tx *postgres.Tx) error { tx.Outdate(stale.User(ana.ID)); return stop })
		}, fails: true},
		"a hotel":                 {do: func() error { return db.SystemChangeTenant(ctx, h.ID, save) }, want: []stale.Notice{stale.Tenant(h.ID)}},
		"a hotel without a row":   {do: func() error { return db.SystemChangeTenant(ctx, id.NewTenant(), save) }, fails: true},
		"a log-in":                {do: func() error { return db.SystemEndSession(ctx, session, ana, about(ana, now)) }, want: []stale.Notice{stale.Session(session)}},
		"a log-in that has ended": {do: func() error { return db.SystemEndSession(ctx, id.NewSession(), ana, about(ana, now)) }, fails: true},
		"a password":              {do: func() error { return db.SystemChangePassword(ctx, ana, "hash", session, about(ana, now)) }, want: []stale.Notice{stale.User(ana.ID)}},
		"a token":                 {do: func() error { return db.SystemEndToken(ctx, []byte("token"), now, ana, about(ana, now)) }, want: []stale.Notice{stale.User(ana.ID)}},
		"a profile":               {do: func() error { _, err := db.SystemSaveProfile(ctx, ana, about(ana, now)); return err }, want: []stale.Notice{stale.User(ana.ID)}},
		"nothing": {do: func() error {
			return db.InTx(context.WithoutCancel(ctx), h.ID, func(*postgres.Tx) error { return nil })
		}},
	} {
		told.stale = nil
		if err := c.do(); (err != nil) != c.fails {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, told.stale); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
