package availability

import (
	"context"
	"unicode/utf8"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/stay"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/postgres"
)

// The kinds of sources.
const (
	None  = "none"
	Table = "table"
	HTTP  = "http"
)

// Settings say where a hotel's free rooms are known.
type Settings struct {
	Kind      string
	URL       string
	HasSecret bool
	CompanyID string
}

// Change changes them; nil fields stay.
type Change struct{ Kind, URL, Secret, CompanyID *string }

// Settings returns a hotel's.
func (s *Service) Settings(ctx context.Context, tenantID id.Tenant) (Settings, error) {
	source, err := s.db.AvailabilitySource(ctx, tenantID)
	return Settings{source.Kind, source.URL, source.Secret != "", source.CompanyID}, err
}

// Configure changes a hotel's settings. An address that may not be asked is refused.
func (s *Service) Configure(ctx context.Context, tenantID id.Tenant, by user.User, c Change) error {
	source, err := s.db.AvailabilitySource(ctx, tenantID)
	if err != nil {
		return err
	}
	before := source
	set(&source.Kind, c.Kind)
	set(&source.URL, c.URL)
	set(&source.CompanyID, c.CompanyID)
	if c.Secret != nil {
		source.Secret = ""
		if *c.Secret != "" {
			source.Secret = s.box.Seal(*c.Secret, tenantID.String())
		}
	}
	if utf8.RuneCountInString(source.CompanyID) > 100 {
		return wrong("companyId", "too_long", "Use at most 100 characters.")
	}
	if source.Kind == HTTP || source.URL != "" {
		if err := egress.CheckURL(source.URL, s.AllowPrivate); err != nil {
			return wrong("url", "not_a_url", "Check the address: "+err.Error()+".")
		}
	}
	source.UpdatedAt = s.clock.Now()
	return s.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error {
		if err := tx.SaveAvailabilitySource(ctx, source); err != nil {
			return err
		}
		return tx.Audit(ctx, postgres.Entry{
			Actor: by.ID.String(), Action: "UPDATE_AVAILABILITY", Entity: "tenant", EntityID: tenantID.String(),
			Before: told(before), After: told(source), At: source.UpdatedAt,
		})
	})
}

func set(field, to *string) {
	if to != nil {
		*field = *to
	}
}

// told is what the audit log says of settings.
func told(s postgres.AvailabilitySource) map[string]any {
	return map[string]any{"kind": s.Kind, "url": s.URL, "companyId": s.CompanyID, "hasSecret": s.Secret != ""}
}

func wrong(path, code, message string) error {
	return fault.ErrInvalid.With(fault.Detail{Path: path, Code: code, Message: message})
}

// Tariffs returns a hotel's table.
func (s *Service) Tariffs(ctx context.Context, tenantID id.Tenant) ([]stay.Tariff, error) {
	return s.db.Tariffs(ctx, tenantID)
}

// ReplaceTariffs puts a table in the place of the hotel's, or refuses it as a whole.
func (s *Service) ReplaceTariffs(ctx context.Context, tenantID id.Tenant, by user.User, tariffs []stay.Tariff) error {
	hotel, err := s.directory.Hotel(ctx, tenantID)
	if err != nil {
		return err
	}
	tariffs, err = checked(hotel.Tenant, tariffs)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error {
		if err := tx.ReplaceTariffs(ctx, tariffs); err != nil {
			return err
		}
		return tx.Audit(ctx, postgres.Entry{
			Actor: by.ID.String(), Action: "REPLACE_TARIFFS", Entity: "tenant", EntityID: tenantID.String(),
			After: map[string]any{"tariffs": len(tariffs)}, At: s.clock.Now(),
		})
	})
}

// told at once of a table that is wrong everywhere.
const maxWrong = 50

// checked returns a table with the units as the hotel spells them.
func checked(hotel tenant.Tenant, tariffs []stay.Tariff) ([]stay.Tariff, error) {
	if len(tariffs) > stay.MaxTariffs {
		return nil, wrong("tariffs", "too_many", "A table has at most 2000 lines. Join seasons that cost the same.")
	}
	var details []fault.Detail
	out := make([]stay.Tariff, 0, len(tariffs))
	for i, t := range tariffs {
		unit, known := hotel.Unit(t.Unit)
		if !known {
			details = append(details, fault.Detail{Path: stay.Line(i) + ".unit", Code: ErrUnit.Code, Message: ErrUnit.Text})
		}
		t.Unit = unit
		details = append(details, t.Check(stay.Line(i))...)
		out = append(out, t)
		if len(details) >= maxWrong {
			break
		}
	}
	if len(details) > 0 {
		return nil, fault.ErrInvalid.With(details...)
	}
	return out, nil
}
