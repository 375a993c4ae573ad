package scale

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/sync/errgroup"
)

// ErrOther is returned for a database that holds something else already.
var ErrOther = errors.New("the database was filled with other options, or by somebody else: take an empty one")

// Fill stores everything in a migrated database, as its owner. A Fill that was
// interrupted goes on where it was; one that is done returns at once. It puts indexes
// aside while it stores, because a million rows are sorted faster than inserted.
func Fill(ctx context.Context, conn *pgx.Conn, o Options) error {
	o, err := o.withDefaults()
	if err != nil {
		return err
	}
	f := &filler{conn: conn, Options: o}
	done, err := f.begin(ctx)
	if err != nil || done {
		return err
	}
	f.platform = makeUp(o)
	o.Progress(fmt.Sprintf("%d conversations of %d hotels are made up", len(f.platform.talks), len(f.platform.hotels)))
	for _, step := range []func(context.Context) error{f.putAside, f.storeHotels, f.storeSpans, f.makeFindable, f.bringBack, f.finish} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

type filler struct {
	Options
	conn     *pgx.Conn
	platform *platform
}

// bulk are the tables that grow.
var bulk = []string{"contact", "contact_alias", "conversation", "conversation_tag", "escalation", "message", "message_search", "audit_entry"}

// begin makes the notes of what is done, or reads them.
func (f *filler) begin(ctx context.Context) (done bool, err error) {
	key, err := json.Marshal(map[string]any{"scale": f.Scale, "hotels": f.Hotels, "seed": f.Seed, "until": f.Until, "form": 1})
	if err != nil {
		return false, fmt.Errorf("note the options: %w", err)
	}
	for _, sql := range []string{
		"SET synchronous_commit = off", "SET maintenance_work_mem = '1GB'", "SET statement_timeout = 0",
		"CREATE SCHEMA IF NOT EXISTS scale",
		"CREATE TABLE IF NOT EXISTS scale.options (text text NOT NULL, done boolean NOT NULL DEFAULT false)",
		"CREATE TABLE IF NOT EXISTS scale.span (number integer PRIMARY KEY)",
		"CREATE TABLE IF NOT EXISTS scale.put_aside (name text PRIMARY KEY, definition text NOT NULL)",
	} {
		if err := f.exec(ctx, sql); err != nil {
			return false, err
		}
	}
	var was string
	err = f.conn.QueryRow(ctx, "SELECT text, done FROM scale.options").Scan(&was, &done)
	if errors.Is(err, pgx.ErrNoRows) {
		var tenants int
		if err := f.conn.QueryRow(ctx, "SELECT count(*) FROM tenant").Scan(&tenants); err != nil {
			return false, fmt.Errorf("look for hotels: %w", err)
		}
		if tenants > 0 {
			return false, ErrOther
		}
		return false, f.exec(ctx, "INSERT INTO scale.options (text) VALUES ($1)", string(key))
	}
	if err == nil && was != string(key) {
		return false, ErrOther
	}
	return done, err
}

// Done returns the options with which a database was filled, and whether it is
// complete; the zero Options if it was never begun.
func Done(ctx context.Context, conn *pgx.Conn) (Options, bool, error) {
	var there bool
	if err := conn.QueryRow(ctx, "SELECT to_regclass('scale.options') IS NOT NULL").Scan(&there); err != nil || !there {
		return Options{}, false, err
	}
	var text string
	var done bool
	err := conn.QueryRow(ctx, "SELECT text, done FROM scale.options").Scan(&text, &done)
	if errors.Is(err, pgx.ErrNoRows) {
		return Options{}, false, nil
	}
	if err != nil {
		return Options{}, false, fmt.Errorf("read the options: %w", err)
	}
	var o Options
	err = json.Unmarshal([]byte(text), &o)
	return o, done, err
}

func (f *filler) exec(ctx context.Context, sql string, args ...any) error {
	if _, err := f.conn.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("%.60s: %w", sql, err)
	}
	return nil
}

// putAside drops the indexes of the tables that grow, and the checks of foreign keys.
func (f *filler) putAside(ctx context.Context) error {
	if f.Checked {
		return nil
	}
	err := f.exec(ctx, `INSERT INTO scale.put_aside
		SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
		WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY($1)
		  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ON CONFLICT DO NOTHING`, bulk)
	if err != nil {
		return err
	}
	names, err := f.texts(ctx, "SELECT 'DROP INDEX IF EXISTS ' || name FROM scale.put_aside")
	if err != nil {
		return err
	}
	for _, sql := range names {
		if err := f.exec(ctx, sql); err != nil {
			return err
		}
	}
	return f.foreignKeys(ctx, "DISABLE")
}

// foreignKeys switches the checks of foreign keys; other triggers go on.
func (f *filler) foreignKeys(ctx context.Context, how string) error {
	commands, err := f.texts(ctx, `SELECT format('ALTER TABLE %s `+how+` TRIGGER %I', t.tgrelid::regclass, t.tgname) FROM pg_trigger t
		JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgisinternal AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY($1)`, bulk)
	if err != nil {
		return err
	}
	for _, sql := range commands {
		if err := f.exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) texts(ctx context.Context, sql string, args ...any) ([]string, error) {
	rows, err := f.conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("%.60s: %w", sql, err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// storeHotels stores what does not grow.
func (f *filler) storeHotels(ctx context.Context) error {
	hash, err := bcrypt.GenerateFromPassword([]byte(Password), bcrypt.MinCost) // logging in is not what is measured
	if err != nil {
		return fmt.Errorf("hash the password: %w", err)
	}
	return pgx.BeginFunc(ctx, f.conn, func(tx pgx.Tx) error {
		var b pgx.Batch
		for _, h := range f.platform.hotels {
			f.queueHotel(&b, h, string(hash))
		}
		return tx.SendBatch(ctx, &b).Close()
	})
}

func (f *filler) queueHotel(b *pgx.Batch, h *hotel, hash string) {
	since := time.UnixMilli(f.platform.first)
	b.Queue(`INSERT INTO tenant (id, slug, name, email, plan, units, time_zone, created_at) VALUES ($1, $2, $3, $4, 'PRO', $5, $6, $7) ON CONFLICT DO NOTHING`,
		h.id, h.slug, "Pousada "+strings.ToUpper(h.slug), "contato@"+h.slug+".example", h.units, h.zone.String(), since)
	b.Queue(`INSERT INTO whatsapp_number (tenant_id, id, phone_number_id, display) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		h.id, h.number, fmt.Sprint(7_000_000_000_000+h.index), fmt.Sprintf("+55 12 3%03d-0000", h.index))
	for _, someone := range h.people {
		b.Queue(`INSERT INTO account (id, tenant_id, email, password_hash, name, role, unit, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
			someone.id, h.id, someone.email, hash, someone.name, someone.role, someone.unit, since)
	}
	for i, tag := range h.tags {
		b.Queue(`INSERT INTO tag (tenant_id, id, name, color) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, h.id, tag, tagNames[i], tagColors[i])
	}
}

// storeSpans makes one span while it stores the one before.
func (f *filler) storeSpans(ctx context.Context) error {
	stored, err := f.texts(ctx, "SELECT number::text FROM scale.span")
	if err != nil {
		return err
	}
	isStored := map[string]bool{}
	for _, number := range stored {
		isStored[number] = true
	}
	made := make(chan *span)
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() error {
		defer close(made)
		for number := range spans {
			if isStored[fmt.Sprint(number)] {
				continue
			}
			select {
			case made <- f.platform.happen(number):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	work.Go(func() error {
		for s := range made {
			if err := f.storeSpan(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	return work.Wait()
}

func (f *filler) storeSpan(ctx context.Context, s *span) error {
	err := pgx.BeginFunc(ctx, f.conn, func(tx pgx.Tx) error {
		for _, table := range s.tables() {
			if _, err := tx.Conn().PgConn().CopyFrom(ctx, table.reader(), table.copySQL()); err != nil {
				return fmt.Errorf("store %s: %w", table.table, err)
			}
		}
		_, err := tx.Exec(ctx, "INSERT INTO scale.span VALUES ($1)", s.number)
		return err
	})
	if err != nil {
		return fmt.Errorf("span %d: %w", s.number, err)
	}
	f.Progress(fmt.Sprintf("span %d of %d: %d conversations, %d messages", s.number+1, spans, len(s.conversation.ends), len(s.message.ends)))
	return nil
}

// bringBack makes the indexes anew.
func (f *filler) bringBack(ctx context.Context) error {
	if f.Checked {
		return nil
	}
	definitions, err := f.texts(ctx, "SELECT definition FROM scale.put_aside ORDER BY name")
	if err != nil {
		return err
	}
	for _, sql := range definitions {
		sql = strings.Replace(sql, "INDEX ", "INDEX IF NOT EXISTS ", 1)
		started := time.Now()
		if err := f.exec(ctx, sql); err != nil {
			return err
		}
		f.Progress(fmt.Sprintf("%.1f s: %.100s", time.Since(started).Seconds(), sql))
	}
	return f.foreignKeys(ctx, "ENABLE")
}

func (f *filler) finish(ctx context.Context) error {
	if err := f.exec(ctx, "VACUUM (ANALYZE)"); err != nil {
		return err
	}
	return f.exec(ctx, "UPDATE scale.options SET done = true")
}
