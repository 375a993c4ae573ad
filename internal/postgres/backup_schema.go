package postgres

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
)

// ourTables are the tables that hold what the product knows: partitions count with their
// parent, and which migrations were applied is noted elsewhere.
const ourTables = `FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
	AND NOT c.relispartition AND c.relname <> 'goose_db_version'`

// hiddenTables are those of which botreserva_system would not read every row: no right to, no
// policy that lets everything through, or one that holds something back.
const hiddenTables = `SELECT c.relname::text ` + ourTables + `
	AND (NOT has_table_privilege('botreserva_system', c.oid, 'SELECT') OR c.relrowsecurity AND (
	  NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('*', 'r')
	    AND to_regrole('botreserva_system')::oid = ANY (p.polroles) AND pg_get_expr(p.polqual, p.polrelid) = 'true')
	  OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive)))
	ORDER BY 1`

func readSchema(ctx context.Context, tx pgx.Tx) (s BackupSchema, err error) {
	if s.Migrations, err = column[int64](ctx, tx, `SELECT DISTINCT version_id FROM public.goose_db_version
		WHERE is_applied AND version_id > 0 ORDER BY 1`); err != nil {
		return s, err
	}
	if s.Tables, err = readTables(ctx, tx); err != nil {
		return s, err
	}
	if s.Sequences, err = readSequences(ctx, tx); err != nil {
		return s, err
	}
	s.Days, err = column[string](ctx, tx, `SELECT d::text FROM public.delivery_days() AS d ORDER BY 1`)
	return s, err
}

func readTables(ctx context.Context, tx pgx.Tx) ([]BackupTable, error) {
	rows, err := tx.Query(ctx, `SELECT c.relname::text, ARRAY(SELECT a.attname::text FROM pg_attribute a
		WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum) `+ourTables+` ORDER BY 1`)
	if err != nil {
		return nil, wrap(err, "list tables", nil)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowToStructByPos[BackupTable])
	if err != nil {
		return nil, wrap(err, "list tables", nil)
	}
	rows, err = tx.Query(ctx, `SELECT DISTINCT f.relname::text, t.relname::text FROM pg_constraint k
		JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
		WHERE k.contype = 'f' AND f.relnamespace = 'public'::regnamespace AND f.oid <> t.oid`)
	if err != nil {
		return nil, wrap(err, "list references", nil)
	}
	references, err := pgx.CollectRows(rows, pgx.RowToStructByPos[reference])
	if err != nil {
		return nil, wrap(err, "list references", nil)
	}
	return inOrder(tables, references)
}

// reference says that rows of one table refer to rows of another.
type reference struct{ From, To string }

var errCircle = errors.New("tables refer to each other in a circle: no order fills them")

// inOrder puts every table behind those that it refers to.
func inOrder(tables []BackupTable, references []reference) ([]BackupTable, error) {
	var sorted []BackupTable
	waits := func(t BackupTable) bool {
		return slices.ContainsFunc(references, func(r reference) bool {
			return r.From == t.Name && !slices.ContainsFunc(sorted, func(s BackupTable) bool { return s.Name == r.To })
		})
	}
	for len(tables) > 0 {
		i := slices.IndexFunc(tables, func(t BackupTable) bool { return !waits(t) })
		if i < 0 {
			return nil, errCircle
		}
		sorted = append(sorted, tables[i])
		tables = slices.Delete(tables, i, i+1)
	}
	return sorted, nil
}

func readSequences(ctx context.Context, tx pgx.Tx) ([]BackupSequence, error) {
	names, err := column[string](ctx, tx, `SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
		AND relkind = 'S' AND relname <> 'goose_db_version_id_seq' ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	var all []BackupSequence
	for _, name := range names {
		s := BackupSequence{Name: name}
		if err := tx.QueryRow(ctx, "SELECT last_value, is_called FROM "+pgx.Identifier{"public", name}.Sanitize()).Scan(&s.Last, &s.Called); err != nil {
			return nil, wrap(err, "read sequence "+name, nil)
		}
		all = append(all, s)
	}
	return all, nil
}

// column collects the only column of a query.
func column[T any](ctx context.Context, on interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}, sql string, args ...any,
) ([]T, error) {
	rows, err := on.Query(ctx, sql, args...)
	if err != nil {
		return nil, wrap(err, "read the schema", nil)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[T])
	return all, wrap(err, "read the schema", nil)
}
