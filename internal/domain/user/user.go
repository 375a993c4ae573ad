// Package user is a person who logs in: their role, and what they may see.
package user

import (
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// Role is what a user may do; the names are the contract's.
type Role string

// The roles, the mightiest first.
const (
	SuperAdmin  Role = "SUPER_ADMIN"  // runs the platform; belongs to no tenant
	TenantAdmin Role = "TENANT_ADMIN" // manages a hotel
	Head        Role = "HEAD"         // leads a unit, or all of them
	Attendant   Role = "ATTENDANT"    // answers guests of a unit
	Sales       Role = "SALES"        // follows opportunities
)

// Roles lists every role.
var Roles = []Role{SuperAdmin, TenantAdmin, Head, Attendant, Sales}

// Status says whether a user may log in.
type Status string

// The statuses.
const (
	Active   Status = "ACTIVE"
	Inactive Status = "INACTIVE"
)

// User is one person.
type User struct {
	ID        id.User
	TenantID  id.Tenant // zero for SuperAdmin
	Email     string
	Name      string
	Role      Role
	Status    Status
	Unit      string
	AvatarURL string
	CreatedAt time.Time
	UpdatedAt time.Time
	LastLogin time.Time
}

// Refusals of this noun.
var (
	ErrNotFound   = fault.New(fault.NotFound, "user_not_found", "There is no such user, or the user is not active.")
	ErrEmailTaken = fault.New(fault.Conflict, "email_taken", "Somebody already logs in with this e-mail address.")
	ErrBadRole    = fault.New(fault.Invalid, "role_invalid", "Use one of TENANT_ADMIN, HEAD, ATTENDANT, SALES.")
)

// Scope is which conversations a user may see: the union of what its fields
// allow. The zero Scope sees nothing.
type Scope struct {
	All           bool
	Opportunities bool
	Unit          string  // those of this unit
	AssignedTo    id.User // those assigned to this user
}

// Scope returns which conversations of the tenant the user may see.
func (u User) Scope() Scope {
	switch u.Role {
	case SuperAdmin, TenantAdmin:
		return Scope{All: true}
	case Head:
		if u.Unit == "" {
			return Scope{All: true}
		}
		return Scope{Unit: u.Unit, AssignedTo: u.ID}
	case Sales:
		return Scope{Opportunities: true, AssignedTo: u.ID}
	case Attendant:
		return Scope{Unit: u.Unit, AssignedTo: u.ID}
	default:
		return Scope{}
	}
}

// Manages reports whether the user may change how the hotel works.
func (r Role) Manages() bool { return r == SuperAdmin || r == TenantAdmin }

// IsKnown reports whether r is a role at all.
func (r Role) IsKnown() bool {
	for _, known := range Roles {
		if r == known {
			return true
		}
	}
	return false
}
