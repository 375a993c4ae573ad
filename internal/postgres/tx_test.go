package postgres_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/stale"
)

// hooks record what a database says after commits.
type hooks struct {
	mu     sync.Mutex
	events []event.Event
	stale  []stale.Notice
	wakes  []lane.Kind
	of     map[id.Tenant]bool
}

func record(db *postgres.DB, onPublish func()) *hooks {
	h := &hooks{of: map[id.Tenant]bool{}}
	db.OnCommit(postgres.Hooks{
		Publish: func(_ context.Context, events []event.Event) {
			onPublish()
			h.mu.Lock()
			defer h.mu.Unlock()
			h.events = append(h.events, events...)
		},
		Outdate: func(notices []stale.Notice) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.stale = append(h.stale, notices...)
		},
		Wake: func(kind lane.Kind, tenantID id.Tenant) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.wakes = append(h.wakes, kind)
			h.of[tenantID] = true
		},
	})
	return h
}

func (h *hooks) assertSilent(t *testing.T) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.events) > 0 || len(h.wakes) > 0 || len(h.stale) > 0 {
		t.Errorf("%d events were published, %v woken, %v outdated", len(h.events), h.wakes, h.stale)
	}
}

// everything does all that a transaction can do besides reading.
func everything(ctx context.Context, tx *postgres.Tx, m message.Message) error {
	tx.Emit(event.Event{Name: event.MessageNew, TenantID: id.NewTenant(), Message: &m})
	tx.Outdate(stale.Session(id.NewSession()))
	tx.Enqueue(lane.Handoff, lane.New{Key: "one", Payload: []byte("a")}, lane.New{Key: "two", Payload: []byte("b")})
	tx.Enqueue(lane.Handoff, lane.New{Key: "one", Payload: []byte("c")})
	tx.Enqueue(lane.Deliver, lane.New{Key: "one", Payload: []byte("d")})
	if err := tx.Audit(ctx, postgres.Entry{Actor: "bot", Action: "send", Entity: "message", EntityID: m.ID.String(), At: time.Now()}); err != nil {
		return err
	}
	return tx.InsertMessages(ctx, time.Now(), m)
}

func another(m message.Message) message.Message {
	m.ID = id.NewMessage()
	m.WAMID = "wamid." + m.ID.String()
	return m
}

func TestCommit(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	hotel := furnish(t, db, "ALPHA")
	m := another(hotel.In)
	h := record(db, func() {
		if _, err := db.Message(ctx, hotel.ID, m.ID); err != nil {
			t.Errorf("published before the commit: %v", err)
		}
	})
	must(t, db.InTx(ctx, hotel.ID, func(tx *postgres.Tx) error { return everything(ctx, tx, m) }))
	if len(h.events) != 1 || h.events[0].TenantID != hotel.ID || h.events[0].Message.ID != m.ID {
		t.Errorf("published %+v", h.events)
	}
	if len(h.stale) != 1 || h.stale[0].Session.IsZero() {
		t.Errorf("outdated %+v", h.stale)
	}
	woken := map[lane.Kind]int{}
	for _, kind := range h.wakes {
		woken[kind]++
	}
	if want := map[lane.Kind]int{lane.Handoff: 1, lane.Deliver: 1}; !cmp.Equal(want, woken) || len(h.of) != 1 || !h.of[hotel.ID] {
		t.Errorf("woke %v of %v", woken, h.of)
	}
	owner := pgtest.Owner(t, db)
	if n := number(t, owner, "SELECT count(*) FROM audit_entry WHERE entity_id = $1", m.ID.String()); n != 1 {
		t.Errorf("%d audit entries", n)
	}
}

func TestRollback(t *testing.T) {
	t.Parallel()
	stop := errors.New("stop")
	cases := map[string]struct {
		fails func(context.Context, context.CancelFunc, *postgres.Tx, furnished) error
		is    error
	}{
		"an error": {func(context.Context, context.CancelFunc, *postgres.Tx, furnished) error { return stop }, stop},
		"a panic":  {func(context.Context, context.CancelFunc, *postgres.Tx, furnished) error { panic(stop) }, stop},
		"the caller gives up": {func(_ context.Context, giveUp context.CancelFunc, _ *postgres.Tx, _ furnished) error {
			giveUp()
			return nil
		}, context.Canceled},
		"the caller gives up in the middle": {func(ctx context.Context, giveUp context.CancelFunc, tx *postgres.Tx, h furnished) error {
			giveUp()
			_, err := tx.LockCard(ctx, h.Card.ID)
			return err
		}, context.Canceled},
		"a swallowed refusal before items are queued": {func(ctx context.Context, _ context.CancelFunc, tx *postgres.Tx, h furnished) error {
			_ = tx.InsertMessages(ctx, time.Now(), h.In)
			return nil
		}, nil},
		"a lost lease": {func(ctx context.Context, _ context.CancelFunc, tx *postgres.Tx, _ furnished) error {
			return tx.ReleaseLanes(ctx, (&lane.Lane{Kind: lane.Inbox, Key: busyKey}).Finished())
		}, postgres.ErrLeaseLost},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, giveUp := context.WithCancel(within(t))
			defer giveUp()
			db := pgtest.DB(t)
			hotel := furnish(t, db, "ALPHA")
			owner := pgtest.Owner(t, db)
			before := checksum(t, owner, hotel.ID)
			h := record(db, func() {})
			err := survive(func() error {
				return db.InTx(ctx, hotel.ID, func(tx *postgres.Tx) error {
					must(t, everything(ctx, tx, another(hotel.In)))
					return c.fails(ctx, giveUp, tx, hotel)
				})
			})
			if err == nil || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("got %v, want %v", err, c.is)
			}
			h.assertSilent(t)
			if after := checksum(t, owner, hotel.ID); !cmp.Equal(before, after) {
				t.Errorf("something was kept: %s", cmp.Diff(before, after))
			}
			if _, err := db.Card(within(t), hotel.ID, hotel.Card.ID); err != nil {
				t.Errorf("the database is of no use afterwards: %v", err)
			}
		})
	}
}

// TestSwallowedRefusalIsNotACommit returns nil although the database has given the
// transaction up: its answer to COMMIT is then a rollback, not an error.
func TestSwallowedRefusalIsNotACommit(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	hotel := furnish(t, db, "ALPHA")
	h := record(db, func() {})
	err := db.InTx(ctx, hotel.ID, func(tx *postgres.Tx) error {
		tx.Emit(event.Event{Name: event.MessageNew})
		_ = tx.InsertMessages(ctx, time.Now(), hotel.In)
		return nil
	})
	if err == nil {
		t.Error("it counts as committed")
	}
	h.assertSilent(t)
}

// survive turns a panic with an error into that error.
func survive(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = p.(error)
		}
	}()
	return fn()
}

// TestDeadlockIsRetried makes two transactions lock two conversations crosswise: the
// database ends one of them, which must then succeed, and say everything once.
func TestDeadlockIsRetried(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	hotel := furnish(t, db, "ALPHA")
	h := record(db, func() {})
	var both sync.WaitGroup // until each has its first lock
	both.Add(2)
	var mu sync.Mutex
	tries := 0
	run := func(first, second id.Conversation) error {
		mine := 0
		m := another(hotel.In)
		return db.InTx(ctx, hotel.ID, func(tx *postgres.Tx) error {
			mine++
			mu.Lock()
			tries++
			mu.Unlock()
			if _, err := tx.LockCard(ctx, first); err != nil {
				return err
			}
			if mine == 1 {
				both.Done()
				both.Wait()
			}
			// Said by the try that fails too.
			if err := everything(ctx, tx, m); err != nil {
				return err
			}
			_, err := tx.LockCard(ctx, second)
			return err
		})
	}
	ended := make(chan error, 2)
	go func() { ended <- run(hotel.Card.ID, hotel.Closed.ID) }()
	go func() { ended <- run(hotel.Closed.ID, hotel.Card.ID) }()
	for range 2 {
		if err := <-ended; err != nil {
			t.Errorf("a transaction failed: %v", err)
		}
	}
	// One of them has to come back; PostgreSQL may end both when both look at once.
	if tries < 3 || len(h.events) != 2 || len(h.wakes) != 4 {
		t.Errorf("%d tries, %d events, %d wakes; want 3 or more, 2, 4", tries, len(h.events), len(h.wakes))
	}
}

func TestRefusalsAreTranslated(t *testing.T) {
	t.Parallel()
	ctx, db := within(t), pgtest.DB(t)
	a, b := furnish(t, db, "ALPHA"), furnish(t, db, "BRAVO")
	inTx := func(fn func(tx *postgres.Tx) error) error { return db.InTx(ctx, a.ID, fn) }
	row := func(slug, phoneNumberID, email string) error {
		t := postgres.TenantRow{Tenant: tenant.Tenant{ID: id.NewTenant(), Slug: slug, Status: tenant.Active}}
		n := postgres.NumberRow{TenantID: t.ID, Number: tenant.Number{ID: id.NewNumber(), PhoneNumberID: phoneNumberID}}
		admin := postgres.AccountRow{User: user.User{ID: id.NewUser(), TenantID: t.ID, Email: email, Role: user.TenantAdmin}}
		return db.SystemInsertTenant(ctx, postgres.NewTenant{
			TenantRow: t, Admin: admin, KeyHash: []byte{1}, Numbers: []postgres.NumberRow{n},
		})
	}
	cases := map[string]struct {
		got  error
		want error
	}{
		"slug":             {row(a.Slug, "1", "x@example.com"), tenant.ErrSlugTaken},
		"number":           {row("free", a.Number.PhoneNumberID, "x@example.com"), tenant.ErrNumber},
		"e-mail, any case": {row("free", "1", "USER"+a.Ana.Email[4:]), user.ErrEmailTaken},
		"wamid": {inTx(func(tx *postgres.Tx) error {
			m := a.In
			m.ID = id.NewMessage()
			return tx.InsertMessages(ctx, time.Now(), m)
		}), postgres.ErrRepeated},
		"client id": {inTx(func(tx *postgres.Tx) error {
			m := a.Out
			m.ID = id.NewMessage()
			return tx.InsertMessages(ctx, time.Now(), m)
		}), postgres.ErrRepeated},
		"second active conversation": {inTx(func(tx *postgres.Tx) error {
			c := a.Card.Conversation
			c.ID, c.State = id.NewConversation(), conversation.Waiting
			return tx.InsertConversations(ctx, c)
		}), postgres.ErrRepeated},
		"alias": {inTx(func(tx *postgres.Tx) error {
			return tx.InsertAliases(ctx, map[contact.Alias]contact.Contact{{Kind: contact.ByPhone, Value: string(a.Card.Contact.Phone)}: a.Card.Contact})
		}), postgres.ErrRepeated},
		"assignee of another hotel": {inTx(func(tx *postgres.Tx) error {
			return tx.SaveConversations(ctx, a.Card.Assign(b.Ana.ID, time.Now()))
		}), user.ErrNotFound},
		"no such message":      {second(db.Message(ctx, a.ID, id.NewMessage())), postgres.ErrNoMessage},
		"no such conversation": {second(db.Card(ctx, a.ID, id.NewConversation())), conversation.ErrNotFound},
		"no such tenant":       {second(db.SystemTenantBySlug(ctx, "nobody")), tenant.ErrUnknown},
		"no such user":         {second(db.SystemAccountByEmail(ctx, "nobody@example.com")), user.ErrNotFound},
	}
	for name, c := range cases {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: got %v, want %v", name, c.got, c.want)
		}
	}
	if tenants, err := db.SystemTenants(ctx); err != nil || len(tenants) != 2 {
		t.Errorf("a refused tenant was kept: %d (%v)", len(tenants), err)
	}
}

func second[T any](_ T, err error) error { return err }
