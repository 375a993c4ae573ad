package scale_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/scale"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// small is a life of two thousand conversations.
var small = scale.Options{Scale: 0.002, Hotels: 12, Seed: 7, Until: time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)}

// fill fills a new database.
func fill(t *testing.T, o scale.Options) *pgx.Conn {
	t.Helper()
	conn := pgtest.Owner(t, pgtest.DB(t))
	if err := scale.Fill(t.Context(), conn, o); err != nil {
		t.Fatal(err)
	}
	return conn
}

func ask[T any](t *testing.T, conn *pgx.Conn, sql string, args ...any) T {
	t.Helper()
	var answer T
	if err := conn.QueryRow(context.Background(), sql, args...).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return answer
}

// fingerprint changes with every row that is made up.
const fingerprint = `SELECT md5(string_agg(row, '|' ORDER BY row)) FROM (
	SELECT t.id || t.slug AS row FROM tenant t UNION ALL SELECT a.id || a.email || a.role FROM account a UNION ALL
	SELECT c::text FROM conversation c UNION ALL SELECT m::text FROM message m UNION ALL SELECT g::text FROM contact g UNION ALL
	SELECT e::text FROM escalation e UNION ALL SELECT t::text FROM conversation_tag t UNION ALL SELECT a::text FROM audit_entry a) rows`

// TestTheSameEveryTime: with foreign keys and indexes in place nothing is refused; put
// aside, the rows are the same, and everything is back afterwards.
func TestTheSameEveryTime(t *testing.T) {
	t.Parallel()
	checked := small
	checked.Checked = true
	slow, quick := fill(t, checked), fill(t, small)
	if a, b := ask[string](t, slow, fingerprint), ask[string](t, quick, fingerprint); a != b {
		t.Error("other rows when indexes and foreign keys are put aside")
	}
	const structure = `SELECT string_agg(row, E'\n' ORDER BY row) FROM (
		SELECT indexdef AS row FROM pg_indexes WHERE schemaname = 'public' UNION ALL
		SELECT format('%s %s %s', tgrelid::regclass, tgtype, tgenabled) FROM pg_trigger) parts`
	if a, b := ask[string](t, slow, structure), ask[string](t, quick, structure); a != b {
		t.Errorf("an index or a trigger did not come back:\n%s\n--\n%s", a, b)
	}
	other := small
	other.Seed++
	if a, b := ask[string](t, quick, fingerprint), ask[string](t, fill(t, other), fingerprint); a == b {
		t.Error("another seed made the same rows")
	}
}

// TestGoesOn: what was interrupted is finished, and what is done stays.
func TestGoesOn(t *testing.T) {
	t.Parallel()
	conn := pgtest.Owner(t, pgtest.DB(t))
	interrupted, stop := context.WithCancel(t.Context())
	first := small
	steps := 0
	first.Progress = func(string) {
		if steps++; steps == 5 {
			stop()
		}
	}
	if err := scale.Fill(interrupted, conn, first); !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	again, err := pgx.ConnectConfig(t.Context(), conn.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Close(context.Background()) })
	if n := ask[int](t, again, "SELECT count(*) FROM scale.span"); n == 0 || n == 24 {
		t.Fatalf("%d spans were stored before the interruption", n)
	}
	for range 2 {
		if err := scale.Fill(t.Context(), again, small); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := ask[string](t, again, fingerprint), ask[string](t, fill(t, small), fingerprint); a != b {
		t.Error("other rows after an interruption")
	}
	other := small
	other.Seed++
	if err := scale.Fill(t.Context(), again, other); !errors.Is(err, scale.ErrOther) {
		t.Errorf("other options on a full database: %v", err)
	}
	o, done, err := scale.Done(t.Context(), again)
	if err != nil || !done || o.Scale != small.Scale || !o.Until.Equal(small.Until) {
		t.Errorf("Done = %+v, %v, %v", o, done, err)
	}
}

// TestLikeLife: what is made up has the variety that measurements need.
func TestLikeLife(t *testing.T) {
	t.Parallel()
	o := small
	o.Scale = 0.01
	conn := fill(t, o)
	for what, c := range map[string]struct {
		sql      string
		from, to int
	}{
		"conversations":             {"SELECT count(*) FROM conversation", 10_000, 10_012},
		"messages":                  {"SELECT count(*) FROM message", 90_000, 110_000},
		"share of the largest":      {"SELECT 100 * max(n) / sum(n) FROM (SELECT count(*) AS n FROM conversation GROUP BY tenant_id) c", 20, 45},
		"states":                    {"SELECT count(DISTINCT state) FROM conversation", 6, 6},
		"called for a person, %":    {"SELECT 100 * count(escalated_at) / count(*) FROM conversation", 20, 50},
		"answered by a person, %":   {"SELECT 100 * count(first_human_at) / count(*) FROM conversation", 20, 50},
		"opportunities, %":          {"SELECT 100 * count(opportunity_at) / count(*) FROM conversation", 8, 16},
		"contacts":                  {"SELECT count(*) FROM contact", 10_000, 10_012},
		"reserva, %":                {"SELECT 100 * count(*) / (SELECT count(*) FROM message) FROM message WHERE content ILIKE '%reserva%'", 4, 30},
		"violoncelo":                {"SELECT count(*) FROM message WHERE content LIKE '%violoncelo%'", 1, 60},
		"inauguração":               {"SELECT count(*) FROM message WHERE content LIKE '%inauguração%'", 1, 500},
		"inauguração of today":      {"SELECT count(*) FROM message WHERE content LIKE '%inauguração%' AND timestamp > '2025-06-01'", 0, 0},
		"by night, %":               {"SELECT 100 * count(*) FILTER (WHERE extract(hour FROM created_at AT TIME ZONE 'America/Sao_Paulo') < 6) / count(*) FROM conversation", 0, 8},
		"months":                    {"SELECT count(DISTINCT date_trunc('month', created_at)) FROM conversation", 24, 25},
		"messages of the future":    {"SELECT count(*) FROM message WHERE timestamp > '2026-11-23 15:00Z'", 0, 0},
		"ended before they began":   {"SELECT count(*) FROM conversation WHERE closed_at < last_message_at OR first_human_at < first_reply_at OR first_reply_at < created_at", 0, 0},
		"unread but none unread":    {"SELECT count(*) FROM conversation c WHERE unread <> (SELECT count(*) FROM message m WHERE m.conversation_id = c.id AND direction = 'INBOUND' AND status <> 'READ')", 0, 0},
		"neighbours of another one": {"SELECT 100 * count(*) FILTER (WHERE other) / count(*) FROM (SELECT conversation_id <> lag(conversation_id) OVER (ORDER BY ctid) AS other FROM message) m", 10, 100},
	} {
		if n := ask[int](t, conn, "SELECT ("+c.sql+")::int"); n < c.from || n > c.to {
			t.Errorf("%s: %d, want %d to %d", what, n, c.from, c.to)
		}
	}
}

func TestHotels(t *testing.T) {
	t.Parallel()
	hotels, err := scale.Hotels(small)
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range hotels {
		if len(h.Units) == 0 || len(h.People) < 5 || h.People[0].Role != "TENANT_ADMIN" || i > 0 && h.Conversations > hotels[i-1].Conversations {
			t.Errorf("%+v", h)
		}
	}
	for _, bad := range []scale.Options{{}, {Scale: -1, Until: small.Until}, {Scale: 11, Until: small.Until}, {Scale: 1}} {
		if _, err := scale.Hotels(bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}
