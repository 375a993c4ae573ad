package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
)

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
	State, Priority                                  string
	Count, Unassigned, UnreadMessages, Opportunities int
}

// CardStats counts what a scope shows. How soon guests were answered is judged by the
// conversations begun since a time that are not waiting for somebody.
func (db *DB) CardStats(ctx context.Context, tenant id.Tenant, scope user.Scope, since time.Time) (CardStats, error) {
	w := whereOf(tenant, CardFilter{Scope: scope})
	p := pinned{db.app, tenant, pinTenant}
	rows, err := p.Query(ctx, `SELECT state, priority, count(*), count(*) FILTER (WHERE assigned_to IS NULL), sum(unread), count(*) FILTER (WHERE is_opportunity)
		FROM conversation WHERE `+w.text()+` GROUP BY state, priority`, w.args)
	if err != nil {
		return CardStats{}, wrap(err, "count conversations", nil)
	}
	tallies, err := pgx.CollectRows(rows, pgx.RowToStructByPos[cardTally])
	if err != nil {
		return CardStats{}, wrap(err, "count conversations", nil)
	}
	stats := statsOf(tallies)
	w.add("last_message_at >= @since", "since", since)
	var seconds float64
	err = p.QueryRow(ctx, `SELECT coalesce(avg(extract(epoch FROM first_reply_at - created_at)), 0)::float8
		FROM conversation WHERE `+w.text()+` AND created_at >= @since AND state <> 'OPEN' AND first_reply_at > created_at`, w.args).Scan(&seconds)
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
		out.Unread += t.UnreadMessages
		out.Opportunities += t.Opportunities
		if state.IsActive() && state != conversation.BotHandling {
			out.Unassigned += t.Unassigned
		}
	}
	return out
}
