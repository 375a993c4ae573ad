package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// CardFilter says which conversations a list shows. Zero fields do not filter.
type CardFilter struct {
	Scope       user.Scope // what the reader may see; the zero Scope sees nothing
	States      []conversation.State
	Priority    conversation.Priority
	AssignedTo  id.User
	Unit        string
	Opportunity *bool
	Search      string // in names and phone numbers
	Limit       int
	Offset      int
}

// countLimit is how far lists are counted: nobody pages through more, and counting
// a million rows for each look at a list would cost more than the list.
const countLimit = 10_000

// Cards returns a page of conversations, newest first, and how many there are in
// all, counted up to 10,000. The statement is put together from the filters that
// are set, so that each combination gets a plan of its own: see
// docs/performance.md for the plans.
func (db *DB) Cards(ctx context.Context, tenant id.Tenant, f CardFilter) ([]conversation.Card, int, error) {
	w := whereOf(tenant, f)
	p := pinned{db.app, tenant, pinTenant}
	rows, err := p.Query(ctx, w.page(f), w.args)
	if err != nil {
		return nil, 0, wrap(err, "list conversations", nil)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[sqlc.ConversationCard])
	if err != nil {
		return nil, 0, wrap(err, "list conversations", nil)
	}
	cards, err := cardNouns(found)
	if err != nil {
		return nil, 0, err
	}
	if f.Offset == 0 && len(cards) < f.Limit {
		return cards, len(cards), nil
	}
	total, err := db.countCards(ctx, p, w)
	return cards, total, err
}

func (db *DB) countCards(ctx context.Context, p pinned, w where) (int, error) {
	from := "conversation"
	if w.needsContact {
		from = "conversation_card"
	}
	var total int
	err := p.QueryRow(ctx, fmt.Sprintf(`SELECT count(*) FROM (SELECT FROM %s WHERE %s LIMIT %d) counted`,
		from, w.text(), countLimit), w.args).Scan(&total)
	return total, wrap(err, "count conversations", nil)
}

// where collects conditions and their arguments. Values only ever travel as
// arguments; the conditions are constants of this file.
type where struct {
	conditions   []string
	args         pgx.NamedArgs
	needsContact bool
}

func whereOf(tenant id.Tenant, f CardFilter) where {
	w := where{args: pgx.NamedArgs{"tenant": tenant}}
	w.add("tenant_id = @tenant", "", nil)
	w.scope(f.Scope)
	w.filter(f)
	return w
}

// page is the statement that fetches one page.
func (w *where) page(f CardFilter) string {
	return fmt.Sprintf(`SELECT * FROM conversation_card WHERE %s ORDER BY last_message_at DESC, id DESC LIMIT %d OFFSET %d`,
		w.text(), f.Limit, f.Offset)
}

func (w *where) text() string { return strings.Join(w.conditions, " AND ") }

func (w *where) add(condition, name string, value any) {
	w.conditions = append(w.conditions, condition)
	if name != "" {
		w.args[name] = value
	}
}

// scope limits the list to what its reader may see: conversation.VisibleTo in SQL.
func (w *where) scope(s user.Scope) {
	if s.All {
		return
	}
	any := []string{"false"}
	if s.Opportunities {
		any = append(any, "is_opportunity")
	}
	if s.Unit != "" {
		any = append(any, "unit = @scope_unit")
		w.args["scope_unit"] = s.Unit
	}
	if !s.AssignedTo.IsZero() {
		any = append(any, "assigned_to = @scope_user")
		w.args["scope_user"] = s.AssignedTo
	}
	w.add("("+strings.Join(any, " OR ")+")", "", nil)
}

func (w *where) filter(f CardFilter) {
	switch len(f.States) {
	case 0:
	case 1: // in the order of conversation_by_state
		w.add("state = @state", "state", f.States[0])
	default:
		w.add("state = ANY(@states)", "states", f.States)
	}
	if f.Priority != "" {
		w.add("priority = @priority", "priority", f.Priority)
	}
	if !f.AssignedTo.IsZero() {
		w.add("assigned_to = @assigned_to", "assigned_to", f.AssignedTo)
	}
	if f.Unit != "" {
		w.add("unit = @unit", "unit", f.Unit)
	}
	if f.Opportunity != nil {
		w.add("is_opportunity = @opportunity", "opportunity", *f.Opportunity)
	}
	if f.Search != "" {
		w.needsContact = true
		pattern := "%" + likeEscaper.Replace(f.Search) + "%"
		w.add("(contact_name ILIKE @search OR phone LIKE @search)", "search", pattern)
	}
}

// likeEscaper makes the wildcards of LIKE plain characters.
var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
