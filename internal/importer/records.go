package importer

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/original"
)

// tags moves labels and what they are on.
func (m *moving) tags(ctx context.Context) error {
	err := walk(ctx, m, original.Tags, postgres.ImportTags, func(t original.Tag) (postgres.ImportRow, error) {
		return m.row(t.ID, map[string]any{"name": t.Name, "color": t.Color, "created_at": or(t.CreatedAt, m.now)})
	})
	if err != nil {
		return err
	}
	return walk(ctx, m, original.ConversationTags, postgres.ImportConversationTags, func(t original.ConversationTag) (postgres.ImportRow, error) {
		talk, errTalk := uuid.Parse(t.A)
		tag, errTag := uuid.Parse(t.B)
		if errTalk != nil || errTag != nil {
			return postgres.ImportRow{}, errID
		}
		return postgres.ImportRow{Key: talk.String() + "/" + tag.String(), Columns: map[string]any{
			"tenant_id": m.of.ID, "conversation_id": talk, "tag_id": tag,
		}}, nil
	})
}

func (m *moving) escalations(ctx context.Context) error {
	return walk(ctx, m, original.Escalations, postgres.ImportEscalations, func(e original.Escalation) (postgres.ImportRow, error) {
		talk := ref(e.ConversationID)
		if talk == nil {
			return postgres.ImportRow{}, skipped("its conversation is not there")
		}
		reason := escalation.ParseReason(e.Reason)
		if string(reason) != e.Reason {
			m.changed("reason of an escalation has another name")
		}
		return m.row(e.ID, map[string]any{
			"conversation_id": talk, "reason": reason, "reason_detail": e.ReasonDetail, "unit": m.unit(e.HotelUnit),
			"ai_context": orNull(object(e.AIContext)), "state": e.Status, "attended_by": m.person(e.AttendedByID),
			"attended_at": at(e.AttendedAt), "created_at": or(e.CreatedAt, m.now), "resolved_at": at(e.ResolvedAt),
		})
	})
}

func (m *moving) quickReplies(ctx context.Context) error {
	return walk(ctx, m, original.QuickReplies, postgres.ImportQuickReplies, func(q original.QuickReply) (postgres.ImportRow, error) {
		return m.row(q.ID, map[string]any{
			"title": q.Title, "shortcut": q.Shortcut, "content": q.Content, "category": q.Category, "position": q.Order,
			"is_active": q.IsActive, "created_by": m.person(q.CreatedByID), "created_at": or(q.CreatedAt, m.now), "updated_at": or(q.UpdatedAt, m.now),
		})
	})
}

// usage moves what was counted of months that are over. The running one is counted from
// the messages themselves.
func (m *moving) usage(ctx context.Context) error {
	return walk(ctx, m, original.UsageTracking, postgres.ImportUsage, func(u original.Usage) (postgres.ImportRow, error) {
		month := tenant.MonthOf(u.Period.Time)
		if end := month.AddDate(0, 1, 0); end.After(m.now) {
			return postgres.ImportRow{}, skipped("the month is not over: it is counted anew")
		}
		return m.row(u.ID, map[string]any{
			"period": month, "messages": u.MessagesCount, "conversations": u.ConversationsCount, "active_users": u.ActiveUsers,
			"counted_to": month.AddDate(0, 1, 0), "created_at": or(u.CreatedAt, m.now), "updated_at": or(u.UpdatedAt, m.now),
		})
	})
}

// audit moves who did what, without the secrets and words that the original noted with
// it.
func (m *moving) audit(ctx context.Context) error {
	to := postgres.ImportAudit
	if m.of.ID.IsZero() {
		to = postgres.ImportPlatformAudit
	}
	return walk(ctx, m, original.AuditLogs, to, func(a original.AuditLog) (postgres.ImportRow, error) {
		actor := strings.ToLower(a.UserID)
		if actor == "" {
			actor = "system"
		}
		return m.row(a.ID, map[string]any{
			"actor": actor, "action": a.Action, "entity": a.Entity, "entity_id": a.EntityID, "created_at": or(a.CreatedAt, m.now),
			"before": m.harmless(a.OldData), "after": m.harmless(a.NewData), "detail": m.harmless(a.Metadata),
		})
	})
}
