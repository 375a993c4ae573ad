package main

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// statement is what one statement cost in the measured runs, for 1,000 messages.
// Times are elapsed times inside PostgreSQL: on a busy machine they hold waiting for
// a processor, so read them against each other.
type statement struct {
	Calls  float64 `json:"calls"`
	Rows   float64 `json:"rows"`
	Millis float64 `json:"ms"`
	Blocks float64 `json:"blocks"`   // 8 kB blocks looked at
	WAL    float64 `json:"walBytes"` // written to the log
	Text   string  `json:"text"`
}

// forStatements lets the server count statements; PostgreSQL's contrib has it.
var forStatements = map[string]string{
	"shared_preload_libraries":         "pg_stat_statements",
	"pg_stat_statements.track":         "all", // also those inside functions
	"pg_stat_statements.track_utility": "on",
	"pg_stat_statements.max":           "1000",
	"compute_query_id":                 "on",
}

func (s *stage) countStatements(ctx context.Context) error {
	for _, sql := range []string{"CREATE EXTENSION IF NOT EXISTS pg_stat_statements", "SELECT pg_stat_statements_reset()"} {
		if _, err := s.database.Exec(ctx, sql); err != nil {
			return fmt.Errorf("count statements (is PostgreSQL's contrib installed?): %w", err)
		}
	}
	return nil
}

// statements returns the dearest statements since countStatements, dearest first.
func (s *stage) statements(ctx context.Context, messages int) ([]statement, error) {
	rows, err := s.database.Query(ctx, `SELECT calls, rows, total_exec_time + total_plan_time, shared_blks_hit + shared_blks_read, wal_bytes::float8, query
		FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%' ORDER BY 3 DESC LIMIT 40`)
	if err != nil {
		return nil, fmt.Errorf("read counted statements: %w", err)
	}
	defer rows.Close()
	var out []statement
	for rows.Next() {
		var st statement
		if err := rows.Scan(&st.Calls, &st.Rows, &st.Millis, &st.Blocks, &st.WAL, &st.Text); err != nil {
			return nil, fmt.Errorf("read counted statements: %w", err)
		}
		share := 1000 / float64(messages)
		for _, v := range []*float64{&st.Calls, &st.Rows, &st.Millis, &st.Blocks, &st.WAL} {
			*v *= share
		}
		st.Text = strings.Join(strings.Fields(st.Text), " ")
		out = append(out, st)
	}
	return out, rows.Err()
}

func printStatements(out io.Writer, all []statement) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(out, "\nfor 1,000 messages\n%8s %8s %8s %8s %8s  statement\n", "ms", "calls", "rows", "blocks", "WAL kB")
	for _, st := range all {
		fmt.Fprintf(out, "%8.1f %8.1f %8.0f %8.0f %8.0f  %s\n", st.Millis, st.Calls, st.Rows, st.Blocks, st.WAL/1024, st.Text[:min(len(st.Text), 130)])
	}
}
