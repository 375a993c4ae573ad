package importer

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/original"
)

const (
	batch         = 500
	batchMessages = 100 // some hold whole files
)

// moving is one hotel on its way, or the platform's rows.
type moving struct {
	*Importer
	to     *postgres.Import
	report *HotelReport
	now    time.Time

	there  string        // the hotel's id as the source writes it
	of     tenant.Tenant // zero for the platform
	line   id.Number
	isLine bool            // the number is there
	people map[string]bool // who has been imported

	dry    bool
	folder map[string]string    // the hotel's files in the original's folder, by name
	shows  []postgres.ImportRow // which messages of the batch show which files
}

func (im *Importer) moving(to *postgres.Import, slug string) *moving {
	return &moving{Importer: im, to: to, now: im.Clock.Now(), people: map[string]bool{}, report: &HotelReport{
		Slug: slug, Tables: map[string]*TableReport{}, Odd: []OddRow{}, Warnings: []string{}, Changed: map[string]int{},
	}}
}

// tenant returns whose rows are moved, in the form of the source and in ours.
func (m *moving) tenant() (there *string, here *id.Tenant) {
	if m.of.ID.IsZero() {
		return nil, nil
	}
	return &m.there, &m.of.ID
}

// changed counts a row that does not stay as it was.
func (m *moving) changed(what string) { m.report.Changed[what]++ }

// skipped is why a row cannot be moved.
type skipped string

// Error implements error.
func (s skipped) Error() string { return string(s) }

// walk takes a table over: each row through translate, batch by batch.
func walk[T any](ctx context.Context, m *moving, from original.Table, to postgres.ImportTable, translate func(T) (postgres.ImportRow, error)) error {
	there, _ := m.tenant()
	total, err := m.Source.Count(ctx, from, there)
	if err != nil {
		return err
	}
	count := m.report.table(from.Name())
	count.Source = total
	limit := batch
	if from.Name() == original.Messages.Name() {
		limit = batchMessages
	}
	for after := ""; ; {
		page, err := m.Source.Page(ctx, from, there, after, limit)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := write(ctx, m, from, to, page, translate); err != nil {
			return err
		}
		after = page[len(page)-1].Key
		if m.Progress != nil {
			m.Progress(Progress{m.of.Slug, from.Name(), count.Imported + count.Skipped, total})
		}
	}
}

func write[T any](ctx context.Context, m *moving, from original.Table, to postgres.ImportTable, page []original.Row, translate func(T) (postgres.ImportRow, error)) error {
	rows := make([]postgres.ImportRow, 0, len(page))
	for _, there := range page {
		var v T
		if err := decode(there.JSON, &v); err != nil {
			m.report.skip(from.Name(), there.Key, "a value cannot be read")
			continue
		}
		row, err := translate(v)
		if reason := skipped(""); errors.As(err, &reason) {
			m.report.skip(from.Name(), there.Key, string(reason))
			continue
		}
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	_, here := m.tenant()
	missed, err := m.to.Write(ctx, to, here, rows)
	if err != nil {
		return err
	}
	lost := map[string]bool{}
	for _, n := range missed {
		lost[n.Key] = true
		m.report.skip(from.Name(), n.Key, n.Reason)
	}
	// A file of a message that was skipped shows nowhere.
	if _, err := m.to.Write(ctx, postgres.ImportMessageMedia, here, m.shows); err != nil {
		return err
	}
	m.shows = nil
	m.report.table(from.Name()).Imported += len(rows) - len(missed)
	if from.Name() == original.Users.Name() {
		for _, r := range rows {
			m.people[r.Key] = !lost[r.Key]
		}
	}
	return nil
}

func decode(text []byte, into any) error { return json.Unmarshal(text, into) }

const errID skipped = "its id is no UUID"

// row begins a row of the hotel's with the id that it has.
func (m *moving) row(text string, columns map[string]any) (postgres.ImportRow, error) {
	own, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return postgres.ImportRow{}, errID
	}
	columns["id"] = own
	if !m.of.ID.IsZero() {
		columns["tenant_id"] = m.of.ID
	}
	return postgres.ImportRow{Key: own.String(), Columns: columns}, nil
}

// ref returns the id of another row, nil if there is none.
func ref(text string) any {
	other, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return nil
	}
	return other
}

// person returns the id of somebody who has been imported into this hotel, else nil.
func (m *moving) person(text string) any {
	other, err := uuid.Parse(text)
	if err != nil || !m.people[other.String()] {
		return nil
	}
	return other
}

// unit returns the hotel's spelling of a unit.
func (m *moving) unit(text string) string {
	known, ok := m.of.Unit(text)
	if !ok && text != "" {
		m.changed("unit unknown, left out")
	}
	return known
}

// at returns a moment, or nil for none.
func at(t original.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Time
}

// or is a moment, or another when there is none.
func or(t original.Time, otherwise time.Time) time.Time {
	if t.IsZero() {
		return otherwise
	}
	return t.Time
}

// object returns a JSON object as it is, anything else under a name, and nil for nothing.
func object(text json.RawMessage) map[string]json.RawMessage {
	var o map[string]json.RawMessage
	if err := json.Unmarshal(text, &o); err == nil || len(text) == 0 {
		return o
	}
	return map[string]json.RawMessage{"original": text}
}

// orNull keeps empty objects out of the database.
func orNull(o map[string]json.RawMessage) any {
	if len(o) == 0 {
		return nil
	}
	return o
}
