// Package availability answers which rooms of a hotel are free, and for how much: from the
// hotel's own table (table.go), or from an address that the hotel names (http.go). Which of
// them is a setting (settings.go). Nothing is scraped: who has no such address fills the
// table, from a CSV file too (sheet.go). What a stay is, and how a table is summed up, is
// domain/stay. Start with Search.
package availability

import (
	"context"
	"net/http"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/stay"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/sealed"
)

// Refusals.
var (
	ErrNoSource = fault.New(fault.Unprocessable, "availability_not_configured",
		"The hotel has not said where its free rooms are known. Its administrators choose a table or an address in the settings.")
	ErrAway = fault.New(fault.Unavailable, "availability_unreachable",
		"The system that knows the hotel's free rooms does not answer. Try again in a moment.")
	ErrAnswer = fault.New(fault.Unprocessable, "availability_unreadable",
		"The system that knows the hotel's free rooms answered something else. See what it has to answer in the API's documentation.")
	ErrUnit = fault.New(fault.Invalid, "unit_unknown", "The hotel has no unit of this name. Use one of its settings.")
)

// Connector knows which rooms are free.
type Connector interface {
	// Rooms returns the rooms of a unit, free for a stay or not, and why none is, for
	// guests. It returns ErrAway or ErrAnswer.
	Rooms(ctx context.Context, q stay.Query) (rooms []stay.Room, reason string, err error)
}

// Service answers for all hotels.
type Service struct {
	db        *postgres.DB
	directory *directory.Directory
	box       *sealed.Box
	client    *http.Client
	clock     clock.Clock
	// AllowPrivate lets hotels name addresses of our own network.
	AllowPrivate bool
}

// New makes a service. The client judges where hotels' addresses lead: see egress.NewClient.
func New(db *postgres.DB, dir *directory.Directory, box *sealed.Box, client *http.Client, c clock.Clock) *Service {
	return &Service{db: db, directory: dir, box: box, client: client, clock: c}
}

// Found is an answer.
type Found struct {
	Query     stay.Query // with the unit as the hotel spells it
	CompanyID string
	Rooms     []stay.Room
	Reason    string // why none is free
	At        time.Time
}

// Search returns which rooms are free. It returns ErrUnit, ErrNoSource, ErrAway, ErrAnswer
// and what stay.Query.Check says.
func (s *Service) Search(ctx context.Context, tenantID id.Tenant, q stay.Query) (Found, error) {
	hotel, err := s.directory.Hotel(ctx, tenantID)
	if err != nil {
		return Found{}, err
	}
	unit, known := hotel.Unit(q.Unit)
	if !known {
		return Found{}, ErrUnit.With(fault.Detail{Path: "unidade", Code: ErrUnit.Code, Message: ErrUnit.Text})
	}
	q.Unit = unit
	now := s.clock.Now()
	if err := q.Check(now); err != nil {
		return Found{}, err
	}
	source, err := s.db.AvailabilitySource(ctx, tenantID)
	if err != nil {
		return Found{}, err
	}
	connector, err := s.connector(tenantID, source)
	if err != nil {
		return Found{}, err
	}
	found := Found{Query: q, CompanyID: source.CompanyID, At: now}
	if found.CompanyID == "" {
		found.CompanyID = hotel.Slug
	}
	found.Rooms, found.Reason, err = connector.Rooms(ctx, q)
	return found, err
}

// connector makes the one that a hotel chose.
func (s *Service) connector(tenantID id.Tenant, source postgres.AvailabilitySource) (Connector, error) {
	switch source.Kind {
	case Table:
		return table{s.db, tenantID}, nil
	case HTTP:
		secret := ""
		if source.Secret != "" {
			var err error
			if secret, err = s.box.Open(source.Secret, tenantID.String()); err != nil {
				return nil, err
			}
		}
		return remote{s.client, source.URL, secret}, nil
	default:
		return nil, ErrNoSource
	}
}

// table is the hotel's own.
type table struct {
	db     *postgres.DB
	tenant id.Tenant
}

// Rooms implements Connector.
func (t table) Rooms(ctx context.Context, q stay.Query) ([]stay.Room, string, error) {
	tariffs, err := t.db.TariffsOf(ctx, t.tenant, q.Unit)
	if err != nil {
		return nil, "", err
	}
	rooms, reason := stay.Rooms(q, tariffs)
	return rooms, reason, nil
}
