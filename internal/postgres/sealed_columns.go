package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// sealedColumn is a column that holds sealed values. The statements are put together
// from these constants, because a table's name is no parameter.
type sealedColumn struct {
	table, column string
	key           string // a text that names the row
	is            string // that $2 is that text, so that the primary key serves it
	context       string // what the value is bound to: see sealed.Box.Seal
}

// sealedColumns lists all of them: a column that is missing here would keep its old key
// for ever. A test holds it against the migrations, where such columns say so.
var sealedColumns = []sealedColumn{
	{"tenant", "verify_token", "id::text", "id = $2::uuid", "id::text"},
	{"tenant", "app_secret", "id::text", "id = $2::uuid", "id::text"},
	{"tenant", "previous_app_secret", "id::text", "id = $2::uuid", "id::text"},
	{"tenant", "bot_secret", "id::text", "id = $2::uuid", "id::text"},
	{"tenant", "transcription_key", "id::text", "id = $2::uuid", "id::text"},
	{"second_factor", "secret", "account_id::text", "account_id = $2::uuid", "'second factor of ' || account_id"},
	{"subscription", "secret", "tenant_id || '/' || id", "(tenant_id, id) = (split_part($2, '/', 1)::uuid, split_part($2, '/', 2)::uuid)", "tenant_id::text"},
	{"subscription", "old_secret", "tenant_id || '/' || id", "(tenant_id, id) = (split_part($2, '/', 1)::uuid, split_part($2, '/', 2)::uuid)", "tenant_id::text"},
	{"availability_source", "secret", "tenant_id::text", "tenant_id = $2::uuid", "tenant_id::text"},
	{"whatsapp_number", "access_token", "tenant_id || '/' || id", "(tenant_id, id) = (split_part($2, '/', 1)::uuid, split_part($2, '/', 2)::uuid)", "tenant_id::text"},
}

func (c sealedColumn) name() string { return c.table + "." + c.column }

// SealedColumns names every column that holds sealed values, as table.column.
func SealedColumns() []string {
	names := make([]string, 0, len(sealedColumns))
	for _, c := range sealedColumns {
		names = append(names, c.name())
	}
	return names
}

// SealedValue is one sealed value and where it stands.
type SealedValue struct {
	Column  string // one of SealedColumns
	Key     string // names the row; grows along a list
	Context string
	Value   string
}

func columnNamed(name string) (sealedColumn, error) {
	for _, c := range sealedColumns {
		if c.name() == name {
			return c, nil
		}
	}
	return sealedColumn{}, fmt.Errorf("no sealed column %s", name)
}

// SystemSealedValues lists the values of a column, those after a key.
func (db *DB) SystemSealedValues(ctx context.Context, column, after string, limit int) ([]SealedValue, error) {
	c, err := columnNamed(column)
	if err != nil {
		return nil, err
	}
	rows, err := db.system.Query(ctx, fmt.Sprintf("SELECT $1::text, %[1]s, %[2]s, %[3]s FROM %[4]s WHERE %[3]s <> '' AND %[1]s > $2 ORDER BY %[1]s LIMIT $3",
		c.key, c.context, c.column, c.table), column, after, limit)
	if err != nil {
		return nil, wrap(err, "list sealed values", nil)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[SealedValue])
	return found, wrap(err, "list sealed values", nil)
}

// SystemReseal puts a value in the place of another, and reports whether that was still
// there.
func (db *DB) SystemReseal(ctx context.Context, v SealedValue, value string) (bool, error) {
	c, err := columnNamed(v.Column)
	if err != nil {
		return false, err
	}
	tag, err := db.system.Exec(ctx, fmt.Sprintf("UPDATE %[1]s SET %[2]s = $1 WHERE %[3]s AND %[2]s = $3", c.table, c.column, c.is),
		value, v.Key, v.Value)
	return tag.RowsAffected() > 0, wrap(err, "reseal value", nil)
}
