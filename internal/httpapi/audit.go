package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

type listAuditInput struct {
	AuditFilter
	Page  int `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit int `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// AuditFilter narrows lists and exports of the audit log. Exported for huma: see
// ConversationPath.
type AuditFilter struct {
	Action    string `query:"action" maxLength:"100"`
	Entity    string `query:"entity" maxLength:"100"`
	UserID    string `query:"userId" maxLength:"36" doc:"A user's id, bot or system"`
	StartDate string `query:"startDate" maxLength:"40" doc:"A day of the hotel's, or a time"`
	EndDate   string `query:"endDate" maxLength:"40" doc:"A day of the hotel's, included, or a time"`
}

// deepest is how far the log of the whole platform is paged through: each hotel's log is
// read that far.
const deepest = 10_000

func (s *server) listAudit(ctx context.Context, c caller, in *listAuditInput) (*reply[flatList[wire.AuditLog]], error) {
	f, _, err := s.auditFilter(ctx, c, in.AuditFilter)
	if err != nil {
		return nil, err
	}
	f.Limit, f.Offset = in.Limit, (in.Page-1)*in.Limit
	if c.tenant.IsZero() && f.Offset+f.Limit > deepest {
		return nil, wrongField("page", "The log of the whole platform shows 10,000 entries. Narrow the dates, or name a hotel as X-Tenant-Slug.")
	}
	rows, total, err := s.auditEntries(ctx, c, f)
	if err != nil {
		return nil, err
	}
	names, err := s.namesIn(ctx, c, rows)
	if err != nil {
		return nil, err
	}
	out := flatList[wire.AuditLog]{Data: make([]wire.AuditLog, 0, len(rows)), Total: total, Page: in.Page, Limit: in.Limit, Pages: (total + in.Limit - 1) / in.Limit}
	for _, r := range rows {
		out.Data = append(out.Data, auditLogOf(r, names))
	}
	return answer(out), nil
}

// auditEntries asks for a hotel's log, or, when a super admin names none, for all.
func (s *server) auditEntries(ctx context.Context, c caller, f postgres.AuditFilter) ([]postgres.AuditRow, int, error) {
	if c.tenant.IsZero() {
		return s.deps.DB.SystemAuditEntries(ctx, f)
	}
	return s.deps.DB.AuditEntries(ctx, c.tenant, f)
}

// namesIn loads the names of the users who did what rows say.
func (s *server) namesIn(ctx context.Context, c caller, rows []postgres.AuditRow) (map[uuid.UUID]string, error) {
	var ids []uuid.UUID
	for _, r := range rows {
		if actor, err := uuid.Parse(r.Actor); err == nil {
			ids = append(ids, actor)
		}
	}
	if c.tenant.IsZero() {
		return s.deps.DB.SystemNames(ctx, ids)
	}
	return s.deps.DB.Names(ctx, c.tenant, ids)
}

func (s *server) auditFilter(ctx context.Context, c caller, in AuditFilter) (postgres.AuditFilter, *time.Location, error) {
	f := postgres.AuditFilter{Action: in.Action, Entity: in.Entity, Actor: in.UserID}
	zone, err := s.zoneOf(ctx, c)
	if err != nil {
		return f, zone, err
	}
	if f.From, f.Until, err = spanOf(in.StartDate, in.EndDate, zone); err != nil {
		return f, zone, err
	}
	if _, err := uuid.Parse(in.UserID); err == nil || in.UserID == "" || in.UserID == "bot" || in.UserID == "system" {
		return f, zone, nil
	}
	return f, zone, wrongField("userId", "Use the id of a user, bot or system.")
}

// zoneOf is whose days a caller means: the hotel's, or those of the world for the
// platform.
func (s *server) zoneOf(ctx context.Context, c caller) (*time.Location, error) {
	if c.tenant.IsZero() {
		return time.UTC, nil
	}
	hotel, err := s.deps.Directory.Hotel(ctx, c.tenant)
	if err != nil {
		return time.UTC, err
	}
	return hotel.Location(), nil
}

func auditLogOf(r postgres.AuditRow, names map[uuid.UUID]string) wire.AuditLog {
	out := wire.AuditLog{
		ID: r.ID.String(), TenantID: tenantOrNull(r.TenantID), Actor: r.Actor, Action: r.Action, Entity: r.Entity,
		EntityID: textOrNull(r.EntityID), Metadata: wire.RawOrNull(r.Detail), IP: textOrNull(r.IP),
		RequestID: textOrNull(r.RequestID), CreatedAt: wire.At(r.CreatedAt),
	}
	out.UserID, out.User = wire.ByUser(r.Actor, names)
	return out
}

// tenantOrNull writes whose something is; nobody's is null.
func tenantOrNull(t id.Tenant) *string {
	if t.IsZero() {
		return nil
	}
	text := t.String()
	return &text
}

// AuditPath names an entry in the path. Exported for huma: see ConversationPath.
type AuditPath struct {
	ID string `path:"id"`
}

func (s *server) getAudit(ctx context.Context, c caller, in *AuditPath) (*reply[wire.AuditLogInFull], error) {
	entry, err := parseID(in.ID, postgres.ErrNoEntry)
	if err != nil {
		return nil, err
	}
	var row postgres.AuditRow
	if c.tenant.IsZero() {
		row, err = s.deps.DB.SystemAuditEntry(ctx, entry)
	} else {
		row, err = s.deps.DB.AuditEntry(ctx, c.tenant, entry)
	}
	if err != nil {
		return nil, err
	}
	names, err := s.namesIn(ctx, c, []postgres.AuditRow{row})
	if err != nil {
		return nil, err
	}
	return answer(wire.AuditLogInFull{AuditLog: auditLogOf(row, names), OldData: wire.RawOrNull(row.Before), NewData: wire.RawOrNull(row.After)}), nil
}
