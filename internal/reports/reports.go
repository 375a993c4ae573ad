// Package reports answers what managers ask: how much there was to do, how fast guests
// were answered, what the bot managed alone. It chooses the stretch of time and the unit
// that somebody may look at, and puts the database's sums together. The formulas are in
// docs/adr/0017-reports.md, the counting in postgres/queries/report.sql.
package reports

import (
	"context"
	"slices"

	"golang.org/x/sync/singleflight"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/figures"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Service answers.
type Service struct {
	db        *postgres.DB
	directory *directory.Directory
	clock     clock.Clock
	counting  singleflight.Group
}

// New makes a service.
func New(db *postgres.DB, dir *directory.Directory, c clock.Clock) *Service {
	return &Service{db: db, directory: dir, clock: c}
}

// Question is what somebody asks about.
type Question struct {
	Period     figures.Period
	Start, End string // as typed; may be empty
	Unit       string // as typed; may be empty
}

// Refusals.
var (
	ErrUnitForbidden = fault.New(fault.Forbidden, "unit_forbidden", "You lead another unit. Ask for your own, or leave the unit out.")
	errUnitUnknown   = fault.ErrInvalid.With(fault.Detail{Path: "hotelUnit", Message: "The hotel has no unit of this name."})
)

// Frame returns what a question is about. Whoever leads one unit is told about that
// one; asking for another is refused.
func (s *Service) Frame(ctx context.Context, tenant id.Tenant, by user.User, q Question) (figures.Frame, error) {
	hotel, err := s.directory.Hotel(ctx, tenant)
	if err != nil {
		return figures.Frame{}, err
	}
	f, err := figures.Window(q.Period, q.Start, q.End, s.now(), hotel.Location())
	if err != nil {
		return f, err
	}
	f.Hours = hotel.Hours
	if q.Unit != "" {
		unit, ok := hotel.Unit(q.Unit)
		if !ok {
			return f, errUnitUnknown
		}
		f.Unit = unit
	}
	scope := by.Scope()
	if scope.All {
		return f, nil
	}
	if scope.Unit == "" || f.Unit != "" && f.Unit != scope.Unit {
		return f, ErrUnitForbidden
	}
	f.Unit = scope.Unit
	return f, nil
}

// Overview sums a frame up.
func (s *Service) Overview(ctx context.Context, tenant id.Tenant, f figures.Frame) (figures.Overview, error) {
	return together(ctx, s, "overview", tenant, f, func(ctx context.Context) (out figures.Overview, err error) {
		out.Frame = f
		if out.Outcomes, err = s.db.ReportOutcomes(ctx, tenant, f); err != nil {
			return out, err
		}
		out.Active, out.Team, out.Previous, err = s.db.ReportTeam(ctx, tenant, f)
		return out, err
	})
}

// Attendants says who did how much.
func (s *Service) Attendants(ctx context.Context, tenant id.Tenant, f figures.Frame) ([]figures.Attendant, error) {
	return together(ctx, s, "attendants", tenant, f, func(ctx context.Context) ([]figures.Attendant, error) {
		return s.db.ReportAttendants(ctx, tenant, f)
	})
}

// Hours counts beginnings by weekday and hour.
func (s *Service) Hours(ctx context.Context, tenant id.Tenant, f figures.Frame) (figures.Clockwork, error) {
	return together(ctx, s, "hours", tenant, f, func(ctx context.Context) (figures.Clockwork, error) {
		slots, err := s.db.ReportSlots(ctx, tenant, f, figures.Grain(f.Hours))
		return figures.ClockworkOf(f.Hours, slots), err
	})
}

// OutsideHours lists conversations that began while nobody was at the desk, and says how
// many there are.
func (s *Service) OutsideHours(ctx context.Context, tenant id.Tenant, f figures.Frame, limit, offset int) ([]conversation.Card, int, error) {
	hours, err := s.Hours(ctx, tenant, f)
	if err != nil {
		return nil, 0, err
	}
	total := hours.Total - hours.Inside
	if offset >= total {
		return nil, total, nil
	}
	cards, err := s.db.ReportOutsideHours(ctx, tenant, f, min(limit, total-offset), offset)
	return cards, total, err
}

// Units compares the hotel's units: those it has, and those that conversations name.
func (s *Service) Units(ctx context.Context, tenant id.Tenant, f figures.Frame) ([]figures.Unit, error) {
	counted, err := together(ctx, s, "units", tenant, f, func(ctx context.Context) ([]figures.Unit, error) {
		return s.db.ReportUnits(ctx, tenant, f)
	})
	if err != nil {
		return nil, err
	}
	hotel, err := s.directory.Hotel(ctx, tenant)
	if err != nil {
		return nil, err
	}
	units := slices.Clone(counted) // others may have the same
	told := map[string]bool{}
	for _, u := range units {
		told[u.Name] = true
	}
	for _, name := range hotel.Units {
		if !told[name] && (f.Unit == "" || f.Unit == name) {
			units = append(units, figures.Unit{Name: name})
		}
	}
	return units, nil
}

// Timeline tells a frame day by day, without gaps.
func (s *Service) Timeline(ctx context.Context, tenant id.Tenant, f figures.Frame) ([]figures.Day, error) {
	known, err := together(ctx, s, "days", tenant, f, func(ctx context.Context) (map[string]figures.Day, error) {
		return s.db.ReportDays(ctx, tenant, f)
	})
	if err != nil {
		return nil, err
	}
	dates := f.Dates()
	out := make([]figures.Day, 0, len(dates))
	for _, date := range dates {
		day := known[date]
		day.Date = date
		out = append(out, day)
	}
	return out, nil
}

// Bot says what the bot did, and why it called for people.
func (s *Service) Bot(ctx context.Context, tenant id.Tenant, f figures.Frame) (figures.Outcomes, []figures.Reason, error) {
	outcomes, err := together(ctx, s, "outcomes", tenant, f, func(ctx context.Context) (figures.Outcomes, error) {
		return s.db.ReportOutcomes(ctx, tenant, f)
	})
	if err != nil {
		return outcomes, nil, err
	}
	reasons, err := s.db.ReportReasons(ctx, tenant, f)
	return outcomes, reasons, err
}
