package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// EscalationFilter says which escalations a list shows. Zero fields do not filter.
type EscalationFilter struct {
	Scope  user.Scope // of the conversations that the reader may see
	State  escalation.State
	Unit   string
	Limit  int
	Offset int
}

// Escalated is an escalation with its conversation.
type Escalated struct {
	escalation.Escalation
	Card conversation.Card
}

// escalationFrom joins the conversation only for readers who do not see all: else the
// indexes of escalation alone answer.
func escalationFrom(s user.Scope) string {
	if s.All {
		return "escalation e"
	}
	return "escalation e JOIN conversation c ON c.tenant_id = e.tenant_id AND c.id = e.conversation_id"
}

func escalationsWhere(tenant id.Tenant, f EscalationFilter) where {
	w := where{args: pgx.NamedArgs{"tenant": tenant}}
	w.add("e.tenant_id = @tenant", "", nil)
	w.escalationScope(f.Scope)
	if f.State != "" {
		w.add("e.state = @state", "state", f.State)
	}
	if f.Unit != "" {
		w.add("e.unit = @unit", "unit", f.Unit)
	}
	return w
}

// escalationScope is conversation.VisibleTo in SQL, over the joined conversation.
func (w *where) escalationScope(s user.Scope) {
	if s.All {
		return
	}
	any := []string{"false"}
	if s.Opportunities {
		any = append(any, "c.is_opportunity")
	}
	if s.Unit != "" {
		any = append(any, "c.unit = @scope_unit")
		w.args["scope_unit"] = s.Unit
	}
	if !s.AssignedTo.IsZero() {
		any = append(any, "c.assigned_to = @scope_user")
		w.args["scope_user"] = s.AssignedTo
	}
	w.add("("+strings.Join(any, " OR ")+")", "", nil)
}

// Escalations returns a page, newest first, and how many there are in all, counted up
// to 10,000. Indexes: escalation_newest, escalation_by_state, escalation_by_unit.
func (db *DB) Escalations(ctx context.Context, tenant id.Tenant, f EscalationFilter) ([]Escalated, int, error) {
	list, count := escalationStatements(tenant, f)
	p := pinned{db.app, tenant, pinTenant}
	ids, err := collect(pgx.RowTo[uuid.UUID])(p.Query(ctx, list.text, list.args))
	if err != nil {
		return nil, 0, wrap(err, "list escalations", nil)
	}
	page, err := db.withCards(ctx, tenant, ids)
	if err != nil || f.Offset == 0 && len(ids) < f.Limit {
		return page, len(ids), err
	}
	var total int
	err = p.QueryRow(ctx, count.text, count.args).Scan(&total)
	return page, total, wrap(err, "count escalations", nil)
}

func escalationStatements(tenant id.Tenant, f EscalationFilter) (list, count statement) {
	w, from := escalationsWhere(tenant, f), escalationFrom(f.Scope)
	return statement{text: fmt.Sprintf("SELECT e.id FROM %s WHERE %s ORDER BY e.created_at DESC, e.id DESC LIMIT %d OFFSET %d", from, w.text(), f.Limit, f.Offset), args: w.args},
		statement{text: fmt.Sprintf("SELECT count(*) FROM (SELECT FROM %s WHERE %s LIMIT %d) counted", from, w.text(), countLimit), args: w.args}
}

// withCards loads escalations with their conversations. One whose conversation was
// deleted a moment ago is gone, too.
func (db *DB) withCards(ctx context.Context, tenant id.Tenant, ids []uuid.UUID) ([]Escalated, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	escalations, err := db.escalationsOf(ctx, tenant, ids)
	if err != nil {
		return nil, err
	}
	conversations := make([]uuid.UUID, 0, len(escalations))
	for _, e := range escalations {
		conversations = append(conversations, e.ConversationID.UUID)
	}
	rows, err := db.reads(tenant).CardsGet(ctx, sqlc.CardsGetParams{TenantID: tenant, Ids: conversations})
	if err != nil {
		return nil, wrap(err, "load conversations", nil)
	}
	cards, err := cardNouns(rows)
	if err != nil {
		return nil, err
	}
	byID := make(map[id.Conversation]conversation.Card, len(cards))
	for _, c := range cards {
		byID[c.ID] = c
	}
	out := make([]Escalated, 0, len(escalations))
	for _, e := range escalations {
		if card, ok := byID[e.ConversationID]; ok {
			out = append(out, Escalated{e, card})
		}
	}
	return out, nil
}

// EscalationCount is how many escalations there are of one kind.
type EscalationCount struct {
	State  escalation.State
	Reason escalation.Reason
	Unit   string
	Count  int
}

// EscalationCounts counts what a reader may see. Index: escalation_newest alone, for
// those who see all.
func (db *DB) EscalationCounts(ctx context.Context, tenant id.Tenant, s user.Scope) ([]EscalationCount, error) {
	w := escalationsWhere(tenant, EscalationFilter{Scope: s})
	p := pinned{db.app, tenant, pinTenant}
	counts, err := collect(pgx.RowToStructByPos[EscalationCount])(p.Query(ctx, fmt.Sprintf(
		"SELECT e.state, e.reason, e.unit, count(*) FROM %s WHERE %s GROUP BY e.state, e.reason, e.unit", escalationFrom(s), w.text()), w.args))
	return counts, wrap(err, "count escalations", nil)
}

// collect reads all rows of a query that was just asked.
func collect[T any](read pgx.RowToFunc[T]) func(pgx.Rows, error) ([]T, error) {
	return func(rows pgx.Rows, err error) ([]T, error) {
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, read)
	}
}
