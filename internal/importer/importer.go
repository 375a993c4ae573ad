// Package importer moves hotels over from the system that we replace. It reads rows with
// postgres/original, says what becomes of each, and writes them by batches that may be
// written again. importer.go walks through the hotels, hotel.go makes one, walk.go takes
// a table over, people.go, talk.go, message.go and records.go translate rows, report.go
// says what became of them. It knows no SQL.
package importer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/original"
	"github.com/botreserva/botreserva/internal/sealed"
)

// Importer copies from one database into another.
type Importer struct {
	DB     *postgres.DB
	Source *original.Source
	Box    *sealed.Box // seals what the hotels keep secret
	Clock  clock.Clock

	LegacyKey    string // with which the original sealed: 64 hexadecimal digits
	AllowPrivate bool   // flows may live at private addresses
	// Files keeps what messages show; nil leaves files where they are.
	Files *filing.Cabinet
	// MediaFrom is the folder in which the original kept files; may be nil.
	MediaFrom fs.FS
	// Progress is told after every batch; may be nil.
	Progress func(Progress)
}

// Options says what to copy.
type Options struct {
	Slugs  []string // only these hotels, and nothing of the platform; empty: everything
	DryRun bool     // write nothing that stays
}

// Progress is how far one table of one hotel is.
type Progress struct {
	Slug, Table string // no slug: the platform's rows
	Done, Total int
}

// ErrUnknownHotel is returned when one that was asked for is not in the source.
var ErrUnknownHotel = errors.New("the original has no such hotel")

// Run copies, and reports what became of every row; also, as far as it came, when it
// fails.
func (im *Importer) Run(ctx context.Context, o Options) (r Report, err error) {
	r.DryRun = o.DryRun
	rows, err := im.Source.Tenants(ctx)
	if err != nil {
		return r, err
	}
	hotels, err := chosen(rows, o.Slugs)
	if err != nil {
		return r, err
	}
	err = im.DB.SystemImport(ctx, o.DryRun, func(to *postgres.Import) error {
		if len(o.Slugs) == 0 {
			m := im.moving(to, "")
			r.Platform = m.report
			if err := m.platform(ctx); err != nil {
				return err
			}
		}
		for _, h := range hotels {
			m := im.moving(to, h.Slug)
			m.dry = o.DryRun
			r.Hotels = append(r.Hotels, m.report)
			if err := m.hotel(ctx, h); err != nil && !m.refused(err) {
				return fmt.Errorf("hotel %s: %w", h.Slug, err)
			}
		}
		return nil
	})
	r.Complete = err == nil && r.matches()
	return r, err
}

// refused notes why a hotel cannot be imported at all, which keeps no other from it.
func (m *moving) refused(err error) bool {
	var reason skipped
	var refusal *fault.Fault
	switch {
	case errors.As(err, &reason):
		m.report.Refused = string(reason)
	case errors.As(err, &refusal) && refusal.Unwrap() == nil:
		m.report.Refused = refusal.Text
	default:
		return false
	}
	return true
}

// chosen picks hotels. One whose row cannot be read at all is an error: nothing of it
// could be moved.
func chosen(rows []original.Row, slugs []string) (hotels []original.Tenant, err error) {
	for _, row := range rows {
		var h original.Tenant
		if err := decode(row.JSON, &h); err != nil {
			return nil, fmt.Errorf("read hotel %s: %w", row.Key, err)
		}
		if len(slugs) == 0 || slices.Contains(slugs, h.Slug) {
			hotels = append(hotels, h)
		}
	}
	for _, slug := range slugs {
		if !slices.ContainsFunc(hotels, func(h original.Tenant) bool { return h.Slug == slug }) {
			return nil, fmt.Errorf("%w: %s", ErrUnknownHotel, slug)
		}
	}
	return hotels, nil
}
