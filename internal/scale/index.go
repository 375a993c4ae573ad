package scale

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// indexers is how many connections read words at the same time.
const indexers = 2

// makeFindable does at once what the product does in the background: it indexes what
// messages say, and counts what is closed.
func (f *filler) makeFindable(ctx context.Context) error {
	started := time.Now()
	work, working := errgroup.WithContext(ctx)
	for part := range indexers {
		work.Go(func() error { return f.indexPart(working, part) })
	}
	if err := work.Wait(); err != nil {
		return err
	}
	f.Progress(fmt.Sprintf("%.1f s: messages can be searched", time.Since(started).Seconds()))
	for _, sql := range []string{
		"DELETE FROM message_unindexed",
		`INSERT INTO message_search_since SELECT tenant_id, min(timestamp) FROM message GROUP BY tenant_id ON CONFLICT DO NOTHING`,
		"DELETE FROM conversation_shelf_move", "DELETE FROM conversation_shelf",
		`INSERT INTO conversation_shelf
			SELECT tenant_id, state, priority, unit, coalesce(assigned_to, '00000000-0000-0000-0000-000000000000'), is_opportunity, count(*)
			FROM conversation WHERE state IN ('CLOSED', 'ARCHIVED') GROUP BY 1, 2, 3, 4, 5, 6`,
	} {
		if err := f.exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// indexPart indexes the messages of every second hotel, on a connection of its own.
func (f *filler) indexPart(ctx context.Context, part int) error {
	conn, err := pgx.ConnectConfig(ctx, f.conn.Config().Copy())
	if err != nil {
		return fmt.Errorf("connect to index messages: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "SET synchronous_commit = off"); err != nil {
		return fmt.Errorf("set up to index messages: %w", err)
	}
	for i, h := range f.platform.hotels {
		if i%indexers != part {
			continue
		}
		_, err := conn.Exec(ctx, `INSERT INTO message_search (tenant_id, message_id, conversation_id, timestamp, stems)
			SELECT s.tenant_id, s.id, s.conversation_id, s.timestamp, s.stems
			FROM (SELECT m.tenant_id, m.id, m.conversation_id, m.timestamp, message_stems(m.content) AS stems FROM message m
				WHERE m.tenant_id = $1) s WHERE s.stems <> '' ON CONFLICT DO NOTHING`, h.id)
		if err != nil {
			return fmt.Errorf("index messages: %w", err)
		}
	}
	return nil
}
