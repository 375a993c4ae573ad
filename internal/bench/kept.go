package main

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// kept compares what is in the database with what was sent: each message once, in
// the order in which its guest wrote, and no webhook forgotten.
func (s *stage) kept(ctx context.Context, w *wave) (faults, error) {
	t := newTally(w, func(int) bool { return true })
	rows, err := s.database.Query(ctx, `SELECT wamid FROM message WHERE direction = 'INBOUND' AND wamid LIKE $1
		ORDER BY tenant_id, conversation_id, timestamp, id`, wamidPrefix+strconv.Itoa(w.number)+".%")
	if err != nil {
		return faults{}, fmt.Errorf("read what is kept: %w", err)
	}
	defer rows.Close()
	now := time.Now()
	for rows.Next() {
		var wamid string
		if err := rows.Scan(&wamid); err != nil {
			return faults{}, fmt.Errorf("read what is kept: %w", err)
		}
		t.find([]byte(wamid), []byte(wamidPrefix), now)
	}
	if err := rows.Err(); err != nil {
		return faults{}, fmt.Errorf("read what is kept: %w", err)
	}
	f := t.faults()
	deliveries, err := s.count(ctx, "SELECT count(*) FROM webhook_delivery WHERE fate = 'QUEUED'")
	if err != nil {
		return f, err
	}
	f.Lost += max(0, s.accepted-deliveries)
	f.Doubled += max(0, deliveries-s.accepted)
	given, err := s.count(ctx, "SELECT count(*) FROM dead_letter")
	f.Lost += given
	return f, err
}

func (s *stage) count(ctx context.Context, sql string) (int, error) {
	var n int
	if err := s.database.QueryRow(ctx, sql).Scan(&n); err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	return n, nil
}

// awaitEmptyLanes waits until the product has noted the end of all its work.
func (s *stage) awaitEmptyLanes(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		left, err := s.count(ctx, "SELECT count(*) FROM lane WHERE depth > 0 OR lease IS NOT NULL")
		if err != nil {
			return fmt.Errorf("wait for the lanes to be empty: %w", err)
		}
		if left == 0 {
			return nil
		}
		if err := until(ctx, time.Now().Add(50*time.Millisecond)); err != nil {
			return fmt.Errorf("%d lanes still hold work: %w", left, err)
		}
	}
}
