package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"
)

// BackupTable is a table with the columns that are stored; what the database computes itself
// is left out.
type BackupTable struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// BackupSequence is where a sequence of numbers stands.
type BackupSequence struct {
	Name   string `json:"name"`
	Last   int64  `json:"last"`
	Called bool   `json:"called"`
}

// BackupSchema is what a database looks like around its rows.
type BackupSchema struct {
	Migrations []int64          `json:"migrations"` // those that were applied
	Tables     []BackupTable    `json:"tables"`     // what a table refers to stands before it
	Sequences  []BackupSequence `json:"sequences"`
	Days       []string         `json:"days"` // that have a partition of deliveries
}

// BackupMedia is a file that the rows speak of.
type BackupMedia struct {
	Key    string `json:"key"`
	Size   int64  `json:"size"`
	SHA256 []byte `json:"sha256"`
}

// Snapshot is the whole database at one moment, for a backup. It is read as the role that
// sees all tenants; a table of which that role would not see everything is refused.
type Snapshot struct {
	BackupSchema
	conn *pgx.Conn
	tx   pgx.Tx
}

// TakeSnapshot connects to the database and holds still what it sees. Close it: until then
// nothing that is deleted meanwhile can be cleaned up, and no migration goes on.
func TakeSnapshot(ctx context.Context, url string) (*Snapshot, error) {
	conn, err := connectOwner(ctx, url)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{conn: conn}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return s, nil
}

// connectOwner connects without the limits of sessions that answer people.
func connectOwner(ctx context.Context, url string) (*pgx.Conn, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read DATABASE_URL: %w", err)
	}
	for name, value := range map[string]string{
		"application_name": "botreserva_backup", "statement_timeout": "0", "lock_timeout": "0",
		"idle_in_transaction_session_timeout": "0", "idle_session_timeout": "0",
	} {
		cfg.RuntimeParams[name] = value
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("reach the database (is it running, and is DATABASE_URL right?): %w", err)
	}
	return conn, nil
}

func (s *Snapshot) begin(ctx context.Context) (err error) {
	s.tx, err = s.conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return wrap(err, "begin snapshot", nil)
	}
	if s.BackupSchema, err = readSchema(ctx, s.tx); err != nil {
		return err
	}
	hidden, err := column[string](ctx, s.tx, hiddenTables)
	if err != nil {
		return err
	}
	if len(hidden) > 0 {
		return fmt.Errorf("%s does not see all rows of %s: a backup would lack them", systemRole, strings.Join(hidden, ", "))
	}
	// The sequences were read after the snapshot was taken: they stand at what it holds, or further.
	_, err = s.tx.Exec(ctx, "SET LOCAL ROLE "+systemRole)
	return wrap(err, "see all tenants", nil)
}

// Copy writes the rows of a table in PostgreSQL's binary format.
func (s *Snapshot) Copy(ctx context.Context, t BackupTable, w io.Writer) error {
	return copyOut(ctx, s.tx, t, w)
}

// Media calls fn with every file of every hotel, the same content one after the other.
func (s *Snapshot) Media(ctx context.Context, fn func(BackupMedia) error) error {
	rows, err := s.tx.Query(ctx, "SELECT key, size, sha256 FROM public.media ORDER BY sha256, key")
	if err != nil {
		return wrap(err, "list files", nil)
	}
	defer rows.Close()
	for rows.Next() {
		var m BackupMedia
		if err := rows.Scan(&m.Key, &m.Size, &m.SHA256); err != nil {
			return wrap(err, "list files", nil)
		}
		if err := fn(m); err != nil {
			return err
		}
	}
	return wrap(rows.Err(), "list files", nil)
}

// Close lets the database go on.
func (s *Snapshot) Close(ctx context.Context) error { return s.conn.Close(ctx) }

// copyOut selects, because a table of partitions cannot be copied itself.
func copyOut(ctx context.Context, tx pgx.Tx, t BackupTable, w io.Writer) error {
	_, err := tx.Conn().PgConn().CopyTo(ctx, w, "COPY (SELECT "+columnList(t)+" FROM "+tableName(t)+") TO STDOUT (FORMAT binary)")
	return wrap(err, "read table "+t.Name, nil)
}

func tableName(t BackupTable) string { return pgx.Identifier{"public", t.Name}.Sanitize() }

func columnList(t BackupTable) string {
	quoted := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		quoted[i] = pgx.Identifier{c}.Sanitize()
	}
	return strings.Join(quoted, ", ")
}
