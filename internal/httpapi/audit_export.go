package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/sheet"
)

// auditHeader names the columns for the people at the hotel.
var auditHeader = []string{"Data", "Quem", "Ação", "Objeto", "Id do objeto", "Detalhes", "Antes", "Depois", "IP", "Requisição", "Id"}

const (
	maxAuditExport = 10_000 // entries; dates narrow it
	auditBatch     = 1_000
)

// auditFile is the log as a table.
type auditFile struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Truncated   string `header:"X-Export-Truncated"`
	Body        []byte
}

// exportAudit writes the newest entries that the filters let through, and notes that
// somebody took them.
func (s *server) exportAudit(ctx context.Context, c caller, in *AuditFilter) (*auditFile, error) {
	f, zone, err := s.auditFilter(ctx, c, *in)
	if err != nil {
		return nil, err
	}
	table, isCut, err := s.auditTable(ctx, c, f, zone)
	if err != nil {
		return nil, err
	}
	if err := s.deps.Desk.NoteAuditExport(ctx, c.tenant, c.User, desk.AuditExport{Action: f.Action, Entity: f.Entity, Actor: f.Actor, Rows: len(table.Rows)}); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := sheet.WriteCSV(&out, table); err != nil {
		return nil, err
	}
	file := &auditFile{
		ContentType: sheet.ContentType, Body: out.Bytes(),
		Disposition: `attachment; filename="auditoria-` + s.deps.Clock.Now().In(zone).Format(time.DateOnly) + `.csv"`,
	}
	if isCut {
		file.Truncated = "true"
	}
	return file, nil
}

// auditTable reads in batches, each from where the last one ended.
func (s *server) auditTable(ctx context.Context, c caller, f postgres.AuditFilter, zone *time.Location) (sheet.Table, bool, error) {
	table := sheet.Table{Header: auditHeader}
	for f.Limit = auditBatch; ; {
		rows, _, err := s.auditEntries(ctx, c, f)
		if err != nil {
			return table, false, err
		}
		names, err := s.namesIn(ctx, c, rows)
		if err != nil {
			return table, false, err
		}
		for _, r := range rows {
			if len(table.Rows) == maxAuditExport {
				return table, true, nil
			}
			log := auditLogOf(r, names)
			who := log.Actor
			if log.User != nil && log.User.Name != "" {
				who = log.User.Name
			}
			table.Rows = append(table.Rows, []any{
				r.CreatedAt.In(zone), who, r.Action, r.Entity, r.EntityID, asText(r.Detail), asText(r.Before), asText(r.After), r.IP, r.RequestID, r.ID.String(),
			})
		}
		if len(rows) < auditBatch {
			return table, false, nil
		}
		f.Before = &rows[len(rows)-1]
	}
}

func asText(raw json.RawMessage) any {
	if len(raw) == 0 {
		return nil
	}
	return string(raw)
}

// auditExport adds the route with what the document says of the file.
func auditExport(s *server, api huma.API, op huma.Operation) {
	op.Responses = map[string]*huma.Response{"200": {
		Description: "A table with at most 10,000 rows; X-Export-Truncated says that there are more",
		Content:     map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	to((*server).exportAudit)(s, api, op)
}
