package pgtest

import (
	"crypto/sha256"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Hotel is a tenant with what every tenant has from its first day.
type Hotel struct {
	tenant.Tenant
	Number  tenant.Number
	Admin   user.User
	KeyHash [32]byte // the hash of its flow's key
}

// sequence makes names, addresses and numbers that no other row of the process has.
var sequence atomic.Int64

// Tenant makes an active hotel with one number and one administrator. Options change
// the row before it is stored.
func Tenant(tb testing.TB, db *postgres.DB, options ...func(*postgres.TenantRow)) Hotel {
	tb.Helper()
	n := sequence.Add(1)
	row := postgres.TenantRow{
		Tenant: tenant.Tenant{
			ID: id.NewTenant(), Slug: fmt.Sprintf("hotel-%d", n), Name: fmt.Sprintf("Hotel %d", n),
			Email: fmt.Sprintf("hotel-%d@example.com", n), Status: tenant.Active, Plan: "BASIC",
			Units: []string{"Ilhabela", "Camburi"}, TimeZone: "America/Sao_Paulo",
		},
	}
	for _, option := range options {
		option(&row)
	}
	number, admin := newNumber(row.ID), newAccount(row.ID, user.TenantAdmin, "")
	key := sha256.Sum256([]byte(row.Slug))
	err := db.SystemInsertTenant(within(tb), postgres.NewTenant{
		TenantRow: row, Admin: admin, KeyHash: key[:], Numbers: []postgres.NumberRow{number},
	})
	if err != nil {
		tb.Fatalf("make tenant: %v", err)
	}
	return Hotel{Tenant: row.Tenant, Number: number.Number, Admin: admin.User, KeyHash: key}
}

// Number gives a tenant one more WhatsApp number.
func Number(tb testing.TB, db *postgres.DB, tenantID id.Tenant) tenant.Number {
	tb.Helper()
	row := newNumber(tenantID)
	err := db.SystemChangeTenant(within(tb), tenantID, func(tx *postgres.TenantTx) error { return tx.InsertNumber(within(tb), row) })
	if err != nil {
		tb.Fatalf("make number: %v", err)
	}
	return row.Number
}

func newNumber(tenantID id.Tenant) postgres.NumberRow {
	n := sequence.Add(1)
	return postgres.NumberRow{
		TenantID: tenantID,
		Number: tenant.Number{
			ID: id.NewNumber(), PhoneNumberID: fmt.Sprintf("10600%010d", n), WABAID: fmt.Sprintf("20700%010d", n),
			Display: fmt.Sprintf("+55 12 3%07d", n),
		},
	}
}

// User makes somebody of a tenant who may not log in with any password, unless an
// option sets the hash of one. The super admin's tenant is the zero one.
func User(tb testing.TB, db *postgres.DB, tenantID id.Tenant, role user.Role, unit string, options ...func(*postgres.AccountRow)) user.User {
	tb.Helper()
	row := newAccount(tenantID, role, unit)
	for _, option := range options {
		option(&row)
	}
	if err := db.SystemInsertAccount(within(tb), row); err != nil {
		tb.Fatalf("make user: %v", err)
	}
	return row.User
}

func newAccount(tenantID id.Tenant, role user.Role, unit string) postgres.AccountRow {
	n := sequence.Add(1)
	return postgres.AccountRow{
		User: user.User{
			ID: id.NewUser(), TenantID: tenantID, Email: fmt.Sprintf("user-%d@example.com", n),
			Name: fmt.Sprintf("User %d", n), Role: role, Status: user.Active, Unit: unit,
		},
		PasswordHash: "no password has this hash",
	}
}
