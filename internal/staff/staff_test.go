package staff_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/staff"
)

func TestAdd(t *testing.T) {
	t.Parallel()
	w := setup(t)
	bia := w.add(func(n *staff.Newcomer) { n.Name, n.AvatarURL = " Bia ", "https://example.com/b.png" })
	if bia.Name != "Bia" || bia.Unit != "Ilhabela" || bia.Status != user.Active || bia.TenantID != w.hotel.ID {
		t.Errorf("added %+v", bia)
	}
	w.in(w.login(bia, password, nil), nil)
	if n := w.count("SELECT count(*) FROM audit_entry WHERE action = 'CREATE_USER' AND entity_id = $1 AND actor = $2 AND after->>'email' = $3 AND before IS NULL",
		bia.ID.String(), w.hotel.Admin.ID.String(), bia.Email); n != 1 {
		t.Errorf("%d audit entries", n)
	}
	if n := w.count("SELECT count(*) FROM audit_entry WHERE audit_entry::text LIKE '%' || $1 || '%' OR audit_entry::text LIKE '%$2a$%'", password); n != 0 {
		t.Errorf("%d audit entries hold a password or its hash", n)
	}
}

func TestAddRefusals(t *testing.T) {
	t.Parallel()
	w := setup(t)
	theirs := pgtest.User(t, w.db, pgtest.Tenant(t, w.db).ID, user.Attendant, "")
	super := user.User{ID: id.NewUser(), Role: user.SuperAdmin}
	head := pgtest.User(t, w.db, w.hotel.ID, user.Head, "")
	for name, c := range map[string]struct {
		by   user.User
		edit func(*staff.Newcomer)
		want error
	}{
		"a super admin":              {w.hotel.Admin, as(user.SuperAdmin), staff.ErrGrant},
		"a super admin, by one":      {super, as(user.SuperAdmin), user.ErrBadRole},
		"no role of ours":            {w.hotel.Admin, as("OWNER"), user.ErrBadRole},
		"by a head":                  {head, as(user.Attendant), staff.ErrGrant},
		"an attendant of nowhere":    {w.hotel.Admin, func(n *staff.Newcomer) { n.Unit = "" }, user.ErrUnitRequired},
		"an attendant of Paraty":     {w.hotel.Admin, func(n *staff.Newcomer) { n.Unit = "Paraty" }, user.ErrUnit},
		"no name":                    {w.hotel.Admin, func(n *staff.Newcomer) { n.Name = " " }, user.ErrName},
		"no e-mail":                  {w.hotel.Admin, func(n *staff.Newcomer) { n.Email = "bia" }, user.ErrEmail},
		"a colleague's e-mail":       {w.hotel.Admin, func(n *staff.Newcomer) { n.Email = strings.ToUpper(head.Email) }, staff.ErrEmailOurs},
		"another hotel's e-mail":     {w.hotel.Admin, func(n *staff.Newcomer) { n.Email = theirs.Email }, user.ErrEmailTaken},
		"a script as picture":        {w.hotel.Admin, func(n *staff.Newcomer) { n.AvatarURL = "javascript:alert(1)" }, user.ErrAvatar},
		"a password that is short":   {w.hotel.Admin, func(n *staff.Newcomer) { n.Password = "1234567" }, auth.ErrPassword},
		"a password beyond 72 bytes": {w.hotel.Admin, func(n *staff.Newcomer) { n.Password = strings.Repeat("é", 37) }, auth.ErrPassword},
	} {
		n := newcomer()
		c.edit(&n)
		if _, err := w.staff.Add(t.Context(), w.hotel.ID, c.by, n); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if n := w.count("SELECT count(*) FROM account WHERE tenant_id = $1", w.hotel.ID); n != 2 {
		t.Errorf("%d people, want the 2 who were there", n)
	}
}

// TestPlanLimit: however many are added at once, no more get in than the plan allows.
func TestPlanLimit(t *testing.T) {
	t.Parallel()
	w := setup(t)
	pgtest.Exec(t, w.db, "UPDATE tenant SET max_users = 3 WHERE id = $1", w.hotel.ID)
	var all errgroup.Group
	var refused [6]error
	for i := range refused {
		all.Go(func() error {
			_, refused[i] = w.staff.Add(context.WithoutCancel(t.Context()), w.hotel.ID, w.hotel.Admin, newcomer())
			return nil
		})
	}
	_ = all.Wait()
	in := 0
	for _, err := range refused {
		if err == nil {
			in++
		} else if !errors.Is(err, tenant.ErrPlanLimit) {
			t.Error(err)
		}
	}
	if in != 2 {
		t.Errorf("%d got in beside the manager, want 2", in)
	}
	pgtest.Exec(t, w.db, "UPDATE account SET status = 'INACTIVE' WHERE tenant_id = $1 AND role = 'ATTENDANT'", w.hotel.ID)
	w.add()
	var gone [2]id.User
	members, _, err := w.db.Users(t.Context(), w.hotel.ID, postgres.UserFilter{Status: user.Inactive, Limit: 10})
	if err != nil || len(members) != 2 {
		t.Fatal(err, len(members))
	}
	gone[0], gone[1] = members[0].ID, members[1].ID
	w.change(w.hotel.Admin, gone[0], staff.Changes{Status: ptr(user.Active)}, nil)
	w.change(w.hotel.Admin, gone[1], staff.Changes{Status: ptr(user.Active)}, tenant.ErrPlanLimit)
	w.change(w.hotel.Admin, gone[1], staff.Changes{Name: ptr("Still here")}, nil) // nobody comes in by that
	w.change(w.hotel.Admin, gone[0], staff.Changes{Email: ptr("new@example.com")}, nil)
}

// TestLastManager: two managers who demote each other at once do not both succeed.
func TestLastManager(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ana := w.hotel.Admin
	bia := w.add(as(user.TenantAdmin))
	for _, who := range []user.User{ana, bia} {
		w.change(who, who.ID, staff.Changes{Role: ptr(user.Head)}, staff.ErrSelf)
		w.change(who, who.ID, staff.Changes{Status: ptr(user.Inactive)}, staff.ErrSelf)
		if err := w.staff.Remove(t.Context(), w.hotel.ID, who, who.ID); !errors.Is(err, staff.ErrSelf) {
			t.Errorf("remove oneself: %v", err)
		}
	}
	var both errgroup.Group
	var ends [2]error
	for i, pair := range [][2]user.User{{ana, bia}, {bia, ana}} {
		both.Go(func() error {
			_, ends[i] = w.staff.Change(context.WithoutCancel(t.Context()), w.hotel.ID, pair[0], pair[1].ID, staff.Changes{Role: ptr(user.Head)})
			return nil
		})
	}
	_ = both.Wait()
	if (ends[0] == nil) == (ends[1] == nil) || !errors.Is(errors.Join(ends[0], ends[1]), staff.ErrLastManager) {
		t.Errorf("both ends: %v, %v", ends[0], ends[1])
	}
	if n := w.count("SELECT count(*) FROM account WHERE tenant_id = $1 AND role = 'TENANT_ADMIN' AND status = 'ACTIVE'", w.hotel.ID); n != 1 {
		t.Errorf("%d managers are left", n)
	}
	super := user.User{ID: id.NewUser(), Role: user.SuperAdmin}
	members, _, err := w.db.Users(t.Context(), w.hotel.ID, postgres.UserFilter{Role: user.TenantAdmin, Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	w.change(super, members[0].ID, staff.Changes{Status: ptr(user.Inactive)}, staff.ErrLastManager)
	if err := w.staff.Remove(t.Context(), w.hotel.ID, super, members[0].ID); !errors.Is(err, staff.ErrLastManager) {
		t.Errorf("remove the last manager: %v", err)
	}
}

func TestChange(t *testing.T) {
	t.Parallel()
	w := setup(t)
	bia := w.add()
	token := w.login(bia, password, nil)
	w.in(token, nil)
	u := w.change(w.hotel.Admin, bia.ID, staff.Changes{
		Name: ptr("Beatriz"), Email: ptr("beatriz@example.com"), Unit: ptr("CAMBURI"), AvatarURL: ptr("https://example.com/b.png"),
	}, nil)
	if u.Name != "Beatriz" || u.Email != "beatriz@example.com" || u.Unit != "Camburi" || u.Role != user.Attendant {
		t.Errorf("now %+v", u)
	}
	w.in(token, nil) // nothing of that ends a log-in
	w.change(w.hotel.Admin, bia.ID, staff.Changes{Unit: ptr("")}, user.ErrUnitRequired)
	w.change(w.hotel.Admin, bia.ID, staff.Changes{Unit: ptr("Paraty")}, user.ErrUnit)
	w.change(w.hotel.Admin, bia.ID, staff.Changes{Role: ptr(user.SuperAdmin)}, staff.ErrGrant)
	w.change(w.hotel.Admin, bia.ID, staff.Changes{Email: ptr(w.hotel.Admin.Email)}, staff.ErrEmailOurs)
	w.change(w.hotel.Admin, bia.ID, staff.Changes{Role: ptr(user.Head), Unit: ptr("")}, nil)
	w.change(w.hotel.Admin, bia.ID, staff.Changes{Role: ptr(user.Attendant)}, user.ErrUnitRequired)
	w.change(w.hotel.Admin, id.NewUser(), staff.Changes{Name: ptr("x")}, user.ErrNotFound)
	w.change(w.hotel.Admin, pgtest.Tenant(t, w.db).Admin.ID, staff.Changes{Name: ptr("x")}, user.ErrNotFound)
	entries := w.count("SELECT count(*) FROM audit_entry")
	w.change(w.hotel.Admin, bia.ID, staff.Changes{Name: ptr("Beatriz")}, nil)
	if n := w.count("SELECT count(*) FROM audit_entry"); n != entries {
		t.Error("a change of nothing was audited")
	}
	if n := w.count(`SELECT count(*) FROM audit_entry WHERE action = 'UPDATE_USER' AND before->>'name' = 'Bia' AND after->>'name' = 'Beatriz'
		AND after->>'hotelUnit' = 'Camburi' AND NOT after ? 'role'`); n != 1 {
		t.Errorf("%d entries say what changed", n)
	}
}

func TestPasswordByManager(t *testing.T) {
	t.Parallel()
	w := setup(t)
	bia := w.add()
	token := w.login(bia, password, nil)
	w.change(w.hotel.Admin, bia.ID, staff.Changes{Password: ptr("short")}, auth.ErrPassword)
	w.change(w.hotel.Admin, w.hotel.Admin.ID, staff.Changes{Password: ptr("another horse")}, staff.ErrOwnPassword)
	w.in(token, nil)
	w.change(w.hotel.Admin, bia.ID, staff.Changes{Password: ptr("another horse")}, nil)
	w.in(token, auth.ErrToken)
	w.login(bia, password, auth.ErrCredentials)
	w.login(bia, "another horse", nil)
	if n := w.count("SELECT count(*) FROM audit_entry WHERE action = 'UPDATE_USER' AND after->>'password' = 'changed' AND after::text NOT LIKE '%horse%'"); n != 1 {
		t.Errorf("%d entries say that the password changed", n)
	}
}

// TestSuspend: a suspended person is out at once, and has to log in anew afterwards.
func TestSuspend(t *testing.T) {
	t.Parallel()
	w := setup(t)
	bia := w.add()
	token := w.login(bia, password, nil)
	w.in(token, nil)
	w.change(w.hotel.Admin, bia.ID, staff.Changes{Status: ptr(user.Inactive)}, nil)
	w.in(token, auth.ErrToken)
	w.login(bia, password, auth.ErrCredentials)
	w.change(w.hotel.Admin, bia.ID, staff.Changes{Status: ptr(user.Active)}, nil)
	w.in(token, auth.ErrToken)
	w.in(w.login(bia, password, nil), nil)
}

// TestRemove: who is removed leaves what they wrote, and their e-mail for somebody else.
func TestRemove(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ctx := t.Context()
	bia := w.add()
	token := w.login(bia, password, nil)
	w.in(token, nil)
	chat := pgtest.Conversation(t, w.db, w.hotel, pgtest.AssignedTo(bia.ID), pgtest.InState(conversation.InProgress))
	closed := pgtest.Conversation(t, w.db, w.hotel, pgtest.AssignedTo(bia.ID), pgtest.InState(conversation.Closed))
	for _, by := range []user.User{w.hotel.Admin, {ID: id.NewUser(), Role: user.SuperAdmin}} {
		if err := w.staff.Remove(ctx, w.hotel.ID, by, bia.ID); !errors.Is(err, staff.ErrAtWork) {
			t.Errorf("while at work: %v", err)
		}
	}
	pgtest.Exec(t, w.db, "UPDATE conversation SET assigned_to = NULL WHERE id = $1", chat.ID)
	if err := w.staff.Remove(ctx, pgtest.Tenant(t, w.db).ID, w.hotel.Admin, bia.ID); !errors.Is(err, user.ErrNotFound) {
		t.Errorf("from another hotel: %v", err)
	}
	if err := w.staff.Remove(ctx, w.hotel.ID, w.hotel.Admin, bia.ID); err != nil {
		t.Fatal(err)
	}
	w.in(token, auth.ErrToken)
	w.login(bia, password, auth.ErrCredentials)
	if card, err := w.db.Card(ctx, w.hotel.ID, closed.ID); err != nil || card.Assignee == nil || card.Assignee.Name != "Bia" {
		t.Errorf("who closed it is forgotten: %+v, %v", card.Assignee, err)
	}
	if err := w.staff.Remove(ctx, w.hotel.ID, w.hotel.Admin, bia.ID); !errors.Is(err, user.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	w.change(w.hotel.Admin, bia.ID, staff.Changes{Status: ptr(user.Active)}, user.ErrNotFound)
	again := w.add(func(n *staff.Newcomer) { n.Email = bia.Email })
	if members, n, err := w.db.Users(ctx, w.hotel.ID, postgres.UserFilter{Search: "bia", Limit: 10}); err != nil || n != 1 || members[0].ID != again.ID {
		t.Errorf("the list holds %+v, %v", members, err)
	}
}

// TestAssignWhileRemoving: nobody is left with a conversation who is no longer there,
// whichever comes first.
func TestAssignWhileRemoving(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for range 8 {
		bia := w.add()
		chat := pgtest.Conversation(t, w.db, w.hotel, pgtest.InState(conversation.InProgress))
		ctx := context.WithoutCancel(t.Context())
		var both errgroup.Group
		both.Go(func() error { _ = w.staff.Remove(ctx, w.hotel.ID, w.hotel.Admin, bia.ID); return nil })
		both.Go(func() error {
			err := w.db.InTx(ctx, w.hotel.ID, func(tx *postgres.Tx) error {
				card, err := tx.LockCard(ctx, chat.ID)
				if err != nil {
					return err
				}
				if _, err := tx.Colleague(ctx, bia.ID); err != nil {
					return err
				}
				return tx.SaveConversations(ctx, card.Conversation.Assign(bia.ID, time.Now()))
			})
			if errors.Is(err, user.ErrNotFound) {
				return nil
			}
			return err
		})
		if err := both.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	if n := w.count("SELECT count(*) FROM conversation c JOIN account a ON a.id = c.assigned_to WHERE a.deleted_at IS NOT NULL"); n != 0 {
		t.Errorf("%d conversations belong to somebody who was removed", n)
	}
}
