package pgtest_test

import (
	"context"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestDatabasesAreApart(t *testing.T) {
	t.Parallel()
	begun := time.Now()
	one := pgtest.DB(t)
	t.Logf("first use: %s", time.Since(begun))
	begun = time.Now()
	other := pgtest.DB(t)
	t.Logf("clone: %s", time.Since(begun))
	hotel := pgtest.Tenant(t, one)
	if _, err := one.SystemTenantByID(context.Background(), hotel.ID); err != nil {
		t.Error(err)
	}
	if tenants, err := other.SystemTenants(context.Background()); err != nil || len(tenants) > 0 {
		t.Errorf("the other database knows %d tenants (%v)", len(tenants), err)
	}
}

func TestConversationOptions(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	ana := pgtest.User(t, db, hotel.ID, user.Attendant, "Camburi")
	c := pgtest.Conversation(t, db, hotel, pgtest.InState(conversation.InProgress), pgtest.OfUnit("Camburi"),
		pgtest.AssignedTo(ana.ID), pgtest.LockedBy(ana.ID.String()), pgtest.AsOpportunity())
	if c.State != conversation.InProgress || c.Unit != "Camburi" || c.Assignee == nil || c.Assignee.ID != ana.ID ||
		c.Lock.By != ana.ID.String() || !c.IsOpportunity {
		t.Errorf("got %+v", c)
	}
	if m := pgtest.Message(t, db, hotel.ID, c, pgtest.FromBot); m.WAMID != "" {
		t.Errorf("a message that waits has the id %q", m.WAMID)
	}
}
