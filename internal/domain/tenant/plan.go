package tenant

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Plan is what a tenant has bought.
type Plan string

// The plans.
const (
	Basic      Plan = "BASIC"
	Pro        Plan = "PRO"
	Enterprise Plan = "ENTERPRISE"
)

// ErrBadPlan refuses plans that there are not.
var ErrBadPlan = fault.New(fault.Invalid, "plan_invalid", "Use BASIC, PRO or ENTERPRISE.")

// ParsePlan reads a plan. The original's dashboard calls PRO "PROFESSIONAL".
func ParsePlan(text string) (Plan, error) {
	switch p := Plan(strings.ToUpper(strings.TrimSpace(text))); p {
	case Basic, Pro, Enterprise:
		return p, nil
	case "PROFESSIONAL":
		return Pro, nil
	default:
		return "", ErrBadPlan
	}
}

// Limits is how much a tenant may use; 0 means as much as it likes.
type Limits struct {
	Users    int // who may log in
	Messages int // that bot and people send in a month
}

// MaxLimit is more than any plan allows.
const MaxLimit = 1_000_000_000

// What tenants get that are made through the API, as the original gave it.
const (
	DefaultUsers    = 10
	DefaultMessages = 10_000
	TrialTime       = 14 * 24 * time.Hour
)

// Refusals of plans.
var (
	// ErrPlanLimit is a conflict and not 402: the state of the hotel forbids it now, the
	// same request is good again next month or with a larger plan, and what the code means
	// does not depend on which limit was reached.
	ErrPlanLimit = fault.New(fault.Conflict, "plan_limit_reached", "The hotel's plan allows no more of this. Ask whoever runs the platform for a larger plan.")
	ErrBadLimit  = fault.New(fault.Invalid, "limit_invalid", "A limit is a whole number from 0, which means no limit, to 1,000,000,000.")
)

// Check refuses limits that are none.
func (l Limits) Check() error {
	if l.Users < 0 || l.Users > MaxLimit || l.Messages < 0 || l.Messages > MaxLimit {
		return ErrBadLimit
	}
	return nil
}

// Usage is what a tenant used in one month of UTC.
type Usage struct {
	ID            uuid.UUID // zero: nothing was counted yet
	Period        time.Time // when the month began
	Messages      int       // of guests, bot and people
	Sent          int       // those of bot and people, which the plan limits
	Conversations int       // begun
	ActiveUsers   int       // who logged in
	Users         int       // who may log in now; only of one month, not of lists
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// WarnShare is the share of a limit from which on the tenant should know.
const WarnShare = 0.8

// Share returns how much of a limit is used: 1 is all of it. Without a limit it is 0.
func Share(used, limit int) float64 {
	if limit == 0 {
		return 0
	}
	return float64(used) / float64(limit)
}

// MonthOf returns when the month of a moment began.
func MonthOf(t time.Time) time.Time {
	year, month, _ := t.UTC().Date()
	return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
}
