package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
)

const (
	// whatGoesOn is the condition for which there is conversation_live.
	whatGoesOn = "v.state IN ('BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING')"
	// shelf is the relation of what is closed or archived, counted by its sorts.
	shelf = `(SELECT tenant_id, state, priority, unit, assigned_to, is_opportunity, conversations FROM conversation_shelf WHERE tenant_id = @tenant
		UNION ALL SELECT tenant_id, state, priority, unit, assigned_to, is_opportunity, conversations FROM conversation_shelf_move WHERE tenant_id = @tenant)`
)

// countCards counts a list. What goes on is counted one by one,
// the rest is counted on the shelf; only conditions that the shelf does not know make
// the count stop at a limit.
func (db *DB) countCards(ctx context.Context, tenant id.Tenant, w where, f CardFilter) (int, error) {
	if w.counted != nil {
		return *w.counted, nil
	}
	if w.counting != nil {
		w = *w.counting
	}
	sql := fmt.Sprintf("SELECT count(*) FROM (SELECT FROM conversation v WHERE %s LIMIT %d) counted", w.text(), countLimit)
	switch {
	case len(w.sources) > 0:
		sql = "SELECT count(*) FROM (" + w.places() + ") counted"
	case len(w.others) == 0:
		sql = countBySorts(w, f)
	}
	var total int
	err := pinned{db.app, tenant, pinTenant}.QueryRow(ctx, sql, w.args).Scan(&total)
	return total, wrap(err, "count conversations", nil)
}

func countBySorts(w where, f CardFilter) string {
	sorts := strings.Join(w.sorts, " AND ")
	var parts []string
	if len(f.States) == 0 || slices.ContainsFunc(f.States, conversation.State.IsActive) {
		parts = append(parts, fmt.Sprintf("(SELECT count(*) FROM conversation v WHERE %s AND %s)", sorts, whatGoesOn))
	}
	if len(f.States) == 0 || slices.ContainsFunc(f.States, isShelved) {
		parts = append(parts, fmt.Sprintf("(SELECT coalesce(sum(v.conversations), 0)::bigint FROM %s v WHERE %s)", shelf, sorts))
	}
	return "SELECT " + strings.Join(parts, " + ")
}

func isShelved(s conversation.State) bool { return !s.IsActive() }

// CardStats counts the conversations that somebody may see.
type CardStats struct {
	Total         int
	ByState       map[conversation.State]int
	ByPriority    map[conversation.Priority]int
	Unassigned    int // of the active ones
	Unread        int // messages
	Opportunities int
	FirstReply    time.Duration // on average, of conversations begun since
}

type cardTally struct {
	State, Priority                          string
	Count, Unassigned, Unread, Opportunities int
}

// CardStats counts what a scope shows. How soon guests were answered is judged by the
// conversations begun since a time that are not waiting for somebody.
func (db *DB) CardStats(ctx context.Context, tenant id.Tenant, scope user.Scope, since time.Time) (CardStats, error) {
	w := whereOf(tenant, CardFilter{Scope: scope})
	p := pinned{db.app, tenant, pinTenant}
	rows, err := p.Query(ctx, fmt.Sprintf(`
		SELECT v.state, v.priority, count(*) FILTER (WHERE %[2]s), count(*) FILTER (WHERE v.assigned_to IS NULL), sum(v.unread),
			count(*) FILTER (WHERE v.is_opportunity AND %[2]s)
		FROM conversation v WHERE %[1]s AND (%[2]s OR v.unread > 0) GROUP BY v.state, v.priority
		UNION ALL
		SELECT v.state, v.priority, sum(v.conversations)::bigint, 0, 0, coalesce(sum(v.conversations) FILTER (WHERE v.is_opportunity), 0)::bigint
		FROM %[3]s v WHERE %[1]s GROUP BY v.state, v.priority`, w.text(), whatGoesOn, shelf), w.args)
	if err != nil {
		return CardStats{}, wrap(err, "count conversations", nil)
	}
	tallies, err := pgx.CollectRows(rows, pgx.RowToStructByPos[cardTally])
	if err != nil {
		return CardStats{}, wrap(err, "count conversations", nil)
	}
	stats := statsOf(tallies)
	w.add("v.last_message_at >= @since", "since", since)
	var seconds float64
	err = p.QueryRow(ctx, `SELECT coalesce(avg(extract(epoch FROM v.first_reply_at - v.created_at)), 0)::float8
		FROM conversation v WHERE `+w.text()+` AND v.created_at >= @since AND v.state <> 'OPEN' AND v.first_reply_at > v.created_at`, w.args).Scan(&seconds)
	stats.FirstReply = time.Duration(seconds * float64(time.Second))
	return stats, wrap(err, "average first replies", nil)
}

func statsOf(tallies []cardTally) CardStats {
	out := CardStats{ByState: map[conversation.State]int{}, ByPriority: map[conversation.Priority]int{}}
	for _, t := range tallies {
		state := conversation.State(t.State)
		out.Total += t.Count
		out.ByState[state] += t.Count
		out.ByPriority[conversation.Priority(t.Priority)] += t.Count
		out.Unread += t.Unread
		out.Opportunities += t.Opportunities
		if state.IsActive() && state != conversation.BotHandling {
			out.Unassigned += t.Unassigned
		}
	}
	return out
}

// SystemShelve puts together what was moved on the shelf since the last time.
func (db *DB) SystemShelve(ctx context.Context) error {
	for {
		n, err := db.systemQueries().SystemShelve(ctx)
		if err != nil || n == 0 {
			return wrap(err, "put together what was shelved", nil)
		}
	}
}
