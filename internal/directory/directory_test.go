package directory_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
	"github.com/botreserva/botreserva/internal/stale"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// world is a directory over a database of its own, with a clock that the test moves.
type world struct {
	t         *testing.T
	db        *postgres.DB
	box       *sealed.Box
	clock     *clock.Frozen
	directory *directory.Directory
}

func setup(t *testing.T) *world {
	t.Helper()
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: pgtest.DB(t), box: box, clock: clock.NewFrozen(time.Now())}
	w.directory = directory.New(w.db, box, w.clock)
	return w
}

// hotel makes a tenant with secrets, two numbers and a token for the first.
func (w *world) hotel() pgtest.Hotel {
	w.t.Helper()
	h := pgtest.Tenant(w.t, w.db, func(row *postgres.TenantRow) {
		row.AppSecret = w.box.Seal("app "+row.Slug, row.ID.String())
		row.VerifyToken = w.box.Seal("verify "+row.Slug, row.ID.String())
		row.BotSecret = w.box.Seal("bot "+row.Slug, row.ID.String())
	})
	w.exec("UPDATE whatsapp_number SET access_token = $1 WHERE tenant_id = $2", w.box.Seal("token "+h.Slug, h.ID.String()), h.ID)
	return h
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	pgtest.Exec(w.t, w.db, sql, args...)
}

func (w *world) name(h pgtest.Hotel) string {
	w.t.Helper()
	found, err := w.directory.BySlug(w.t.Context(), h.Slug)
	if err != nil {
		w.t.Fatal(err)
	}
	return found.Name
}

// everyWay asks for a hotel in every way that there is.
func (w *world) everyWay(h pgtest.Hotel) map[string]error {
	w.t.Helper()
	ctx := w.t.Context()
	found := map[string]error{}
	_, found["by id"] = w.directory.Hotel(ctx, h.ID)
	_, found["by slug"] = w.directory.BySlug(ctx, h.Slug)
	_, found["by number"] = w.directory.ByNumber(ctx, h.Number.PhoneNumberID)
	return found
}

func TestFindsAHotelWithItsSecretsOpen(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := w.hotel(), w.hotel()
	second := pgtest.Number(t, w.db, h.ID)
	found, err := w.directory.ByNumber(t.Context(), second.PhoneNumberID)
	if err != nil {
		t.Fatal(err)
	}
	if found.ID != h.ID || found.AppSecret != "app "+h.Slug || found.VerifyToken != "verify "+h.Slug || found.BotSecret != "bot "+h.Slug {
		t.Errorf("found %s", found.Slug)
	}
	for name, want := range map[string]look{
		"the first":        first(found.Line(id.Number{})).as(h.Number.ID),
		"by id":            first(found.Line(second.ID)).as(second.ID),
		"by Meta's id":     first(found.LineOf(h.Number.PhoneNumberID)).as(h.Number.ID),
		"another hotel's":  first(found.Line(other.Number.ID)).as(id.Number{}),
		"another hotel's,": first(found.LineOf(other.Number.PhoneNumberID)).as(id.Number{}),
	} {
		if want.ok == want.is.IsZero() || want.line.ID != want.is {
			t.Errorf("%s: %v %v", name, want.line.ID, want.ok)
		}
	}
	if l, _ := found.LineOf(h.Number.PhoneNumberID); l.AccessToken != "token "+h.Slug {
		t.Error("the access token is not open")
	}
	if _, ok := (&directory.Hotel{}).Line(id.Number{}); ok {
		t.Error("a hotel without numbers has one")
	}
}

// look is what a look-up of a number gave, beside what it should have.
type look struct {
	line directory.Line
	ok   bool
	is   id.Number
}

func first(l directory.Line, ok bool) look { return look{line: l, ok: ok} }

func (f look) as(is id.Number) look {
	f.is = is
	return f
}

// TestRemembers: an answer is believed for two seconds, or until ForgetAll.
func TestRemembers(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	before := w.name(h)
	w.exec("UPDATE tenant SET name = 'New' WHERE id = $1", h.ID)
	w.clock.Advance(2*time.Second - time.Nanosecond)
	if got := w.name(h); got != before {
		t.Errorf("asked again too soon: %q", got)
	}
	w.clock.Advance(time.Nanosecond)
	if got := w.name(h); got != "New" {
		t.Errorf("still %q after two seconds", got)
	}
	w.exec("UPDATE tenant SET name = 'Newer' WHERE id = $1", h.ID)
	w.directory.ForgetAll()
	if got := w.name(h); got != "Newer" {
		t.Errorf("still %q after ForgetAll", got)
	}
}

// TestForget: a notice about a hotel ends what is remembered of it, and that somebody was
// nobody; other hotels stay remembered.
func TestForget(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := w.hotel(), w.hotel()
	w.name(h)
	before := w.name(other)
	if _, err := w.directory.ByNumber(t.Context(), "777"); !errors.Is(err, tenant.ErrUnknown) {
		t.Fatalf("got %v", err)
	}
	w.exec("UPDATE tenant SET name = 'New'")
	w.exec("UPDATE whatsapp_number SET phone_number_id = '777' WHERE id = $1", h.Number.ID)
	w.directory.Forget(stale.User(id.NewUser()))
	w.directory.Forget(stale.Tenant(h.ID))
	if got := w.name(h); got != "New" {
		t.Errorf("still %q after a notice", got)
	}
	if got := w.name(other); got != before {
		t.Errorf("another hotel is asked for again: %q", got)
	}
	if found, err := w.directory.ByNumber(t.Context(), "777"); err != nil || found.ID != h.ID {
		t.Errorf("its new number is not found: %v", err)
	}
	w.directory.Forget(stale.Everything())
	if got := w.name(other); got != "New" {
		t.Errorf("still %q after a notice about everything", got)
	}
}

// TestRemembersNobody: that a number is nobody's is believed as long, and no longer.
func TestRemembersNobody(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for range 2 {
		if _, err := w.directory.ByNumber(t.Context(), "777"); !errors.Is(err, tenant.ErrUnknown) {
			t.Fatalf("got %v", err)
		}
	}
	h := w.hotel()
	w.exec("UPDATE whatsapp_number SET phone_number_id = '777' WHERE id = $1", h.Number.ID)
	if _, err := w.directory.ByNumber(t.Context(), "777"); !errors.Is(err, tenant.ErrUnknown) {
		t.Errorf("asked again too soon: %v", err)
	}
	w.clock.Advance(2 * time.Second)
	if found, err := w.directory.ByNumber(t.Context(), "777"); err != nil || found.ID != h.ID {
		t.Errorf("not found after two seconds: %v", err)
	}
}

// TestKeysThatCannotBe: what strangers send as a number or a slug is neither looked up
// nor remembered.
func TestKeysThatCannotBe(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.exec("ALTER TABLE tenant RENAME TO elsewhere")
	w.exec("ALTER TABLE whatsapp_number RENAME TO elsewhere_too")
	for _, key := range []string{"", strings.Repeat("1", 65), strings.Repeat("1", 4<<20), "1\x00", "\xff"} {
		if _, err := w.directory.ByNumber(t.Context(), key); !errors.Is(err, tenant.ErrUnknown) {
			t.Errorf("number %.20q: %v", key, err)
		}
		if _, err := w.directory.BySlug(t.Context(), key); !errors.Is(err, tenant.ErrUnknown) {
			t.Errorf("slug %.20q: %v", key, err)
		}
	}
	if _, err := w.directory.ByNumber(t.Context(), "1"); err == nil || errors.Is(err, tenant.ErrUnknown) {
		t.Errorf("the database was not asked: %v", err)
	}
}

// TestFailuresAreNotRemembered: a failure of the database is no answer.
func TestFailuresAreNotRemembered(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	for _, table := range []string{"tenant", "whatsapp_number"} {
		w.directory.ForgetAll()
		w.exec("ALTER TABLE " + table + " RENAME TO elsewhere")
		for way, err := range w.everyWay(h) {
			if err == nil || errors.Is(err, tenant.ErrUnknown) {
				t.Errorf("%s without %s: %v", way, table, err)
			}
		}
		w.exec("ALTER TABLE elsewhere RENAME TO " + table)
		for way, err := range w.everyWay(h) {
			if err != nil {
				t.Errorf("%s: %v", way, err)
			}
		}
	}
}

// TestSecretsOfAnotherPlace: a sealed secret that was damaged or copied from another
// hotel does not open, and the error says nothing of it.
func TestSecretsOfAnotherPlace(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := w.hotel(), w.hotel()
	for column, value := range map[string]string{
		"app_secret": w.box.Seal("stolen", other.ID.String()), "bot_secret": "plain text", "verify_token": "v1.00000000.AAAA",
	} {
		w.exec("UPDATE tenant SET "+column+" = $1 WHERE id = $2", value, h.ID)
		w.directory.ForgetAll()
		for way, err := range w.everyWay(h) {
			if !errors.Is(err, sealed.ErrOpen) || strings.Contains(fmt.Sprint(err), value) {
				t.Errorf("%s, %s: %v", column, way, err)
			}
		}
		w.exec("UPDATE tenant SET "+column+" = '' WHERE id = $1", h.ID)
	}
	w.exec("UPDATE whatsapp_number SET access_token = $1 WHERE tenant_id = $2", w.box.Seal("stolen", other.ID.String()), h.ID)
	w.directory.ForgetAll()
	if _, err := w.directory.Hotel(t.Context(), h.ID); !errors.Is(err, sealed.ErrOpen) {
		t.Errorf("another hotel's access token: %v", err)
	}
}

// TestManyAtOnce asks and forgets from everywhere: for the race detector.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				if found, err := w.directory.ByNumber(t.Context(), h.Number.PhoneNumberID); err != nil || found.ID != h.ID {
					t.Errorf("got %v", err)
				}
				w.directory.ForgetAll()
			}
		})
	}
	all.Wait()
}
