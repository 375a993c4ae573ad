package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// CardCounts says how many conversations lists have that show one filter's in different
// ways.
type CardCounts struct {
	ByState                  map[conversation.State]int // the active ones, and the closed
	Mine, Unassigned, Unread int                        // of the active ones
}

type activeTally struct {
	State                           string
	Count, Mine, Unassigned, Unread int
}

// CardCounts counts the conversations that a filter lets through: the active ones one by
// one, by conversation_live, the closed ones as far as their list is counted. States,
// assignee and search of the filter do not count.
func (db *DB) CardCounts(ctx context.Context, tenant id.Tenant, f CardFilter, me id.User) (CardCounts, error) {
	out := CardCounts{ByState: map[conversation.State]int{}}
	f.States, f.AssignedTo, f.Unassigned, f.Unread, f.Search, f.After = nil, id.User{}, false, false, "", nil
	w, err := db.narrowed(ctx, tenant, f)
	if err != nil {
		return out, err
	}
	if err := db.countActive(ctx, tenant, w, me, &out); err != nil {
		return out, err
	}
	f.States = []conversation.State{conversation.Closed}
	closed, err := db.narrowed(ctx, tenant, f)
	if err != nil {
		return out, err
	}
	out.ByState[conversation.Closed], err = db.countCards(ctx, tenant, closed, f)
	return out, err
}

func (db *DB) countActive(ctx context.Context, tenant id.Tenant, w where, me id.User, out *CardCounts) error {
	from := "conversation v"
	if len(w.sources) > 0 {
		from = w.sources[0] // a tag has one
	}
	w.bind("me", me)
	rows, err := pinned{db.app, tenant, pinTenant}.Query(ctx, fmt.Sprintf(`
		SELECT v.state, count(*), count(*) FILTER (WHERE v.assigned_to = @me), count(*) FILTER (WHERE v.assigned_to IS NULL),
			count(*) FILTER (WHERE v.unread > 0)
		FROM %s WHERE %s AND %s GROUP BY v.state`, from, w.text(), whatGoesOn), w.args)
	if err != nil {
		return wrap(err, "count active conversations", nil)
	}
	tallies, err := pgx.CollectRows(rows, pgx.RowToStructByPos[activeTally])
	for _, t := range tallies {
		out.ByState[conversation.State(t.State)] = t.Count
		out.Mine += t.Mine
		out.Unassigned += t.Unassigned
		out.Unread += t.Unread
	}
	return wrap(err, "count active conversations", nil)
}
