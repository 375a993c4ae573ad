package postgres

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Load fills a database that has the schema of a backup and no instance: everything or
// nothing. Its own rows, such as migrations made, go. Foreign keys are checked as ever;
// triggers are not run, since what they would note is in the backup.
type Load struct {
	conn   *pgx.Conn
	tx     pgx.Tx
	schema BackupSchema
	forced []string // tables whose policies bind their owner, too
}

// BeginLoad begins. The schema must be that of the database.
func BeginLoad(ctx context.Context, url string, schema BackupSchema) (*Load, error) {
	conn, err := connectOwner(ctx, url)
	if err != nil {
		return nil, err
	}
	l := &Load{conn: conn, schema: schema}
	if err := l.begin(ctx); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return l, nil
}

func (l *Load) begin(ctx context.Context) (err error) {
	if l.tx, err = l.conn.Begin(ctx); err != nil {
		return wrap(err, "begin restore", nil)
	}
	if l.forced, err = column[string](ctx, l.tx, "SELECT quote_ident(c.relname) "+ourTables+" AND c.relforcerowsecurity"); err != nil {
		return err
	}
	if err := l.each(ctx, l.forced, "NO FORCE ROW LEVEL SECURITY"); err != nil {
		return err
	}
	names := make([]string, len(l.schema.Tables))
	for i, t := range l.schema.Tables {
		names[i] = tableName(t)
	}
	if err := l.each(ctx, names, "DISABLE TRIGGER USER"); err != nil {
		return err
	}
	if err := l.exec(ctx, "TRUNCATE "+strings.Join(names, ", ")); err != nil {
		return err
	}
	for _, day := range l.schema.Days {
		if err := l.exec(ctx, "SELECT public.make_delivery_partition($1::text::date)", day); err != nil {
			return err
		}
	}
	return nil
}

// each alters tables. The owner may write past the policies of a table unless they are forced.
func (l *Load) each(ctx context.Context, tables []string, alter string) error {
	for _, t := range tables {
		if err := l.exec(ctx, "ALTER TABLE "+t+" "+alter); err != nil {
			return err
		}
	}
	return nil
}

func (l *Load) exec(ctx context.Context, sql string, args ...any) error {
	_, err := l.tx.Exec(ctx, sql, args...)
	return wrap(err, "prepare the database", nil)
}

// Fill writes the rows of a table, in PostgreSQL's binary format.
func (l *Load) Fill(ctx context.Context, t BackupTable, from io.Reader) error {
	_, err := l.conn.PgConn().CopyFrom(ctx, from, "COPY "+tableName(t)+" ("+columnList(t)+") FROM STDIN (FORMAT binary)")
	return wrap(err, "fill table "+t.Name, nil)
}

// Copy writes the rows that a table has now.
func (l *Load) Copy(ctx context.Context, t BackupTable, w io.Writer) error {
	return copyOut(ctx, l.tx, t, w)
}

// Commit keeps what was filled in, behind the policies and triggers that were there before.
func (l *Load) Commit(ctx context.Context) error {
	for _, s := range l.schema.Sequences {
		name := pgx.Identifier{"public", s.Name}.Sanitize()
		if err := l.exec(ctx, "SELECT setval($1::text::regclass, $2, $3)", name, s.Last, s.Called); err != nil {
			return err
		}
	}
	for _, t := range l.schema.Tables {
		if err := l.exec(ctx, "ALTER TABLE "+tableName(t)+" ENABLE TRIGGER USER"); err != nil {
			return err
		}
	}
	if err := l.each(ctx, l.forced, "FORCE ROW LEVEL SECURITY"); err != nil {
		return err
	}
	if err := l.tx.Commit(ctx); err != nil {
		return wrap(err, "commit restore", nil)
	}
	_, err := l.conn.Exec(ctx, "ANALYZE")
	return wrap(err, "look at the restored rows", nil)
}

// Close gives up what was not committed.
func (l *Load) Close(ctx context.Context) error { return l.conn.Close(ctx) }
