package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
)

// maxNames bounds how many people of a team are named; no hotel has so many.
const maxNames = 2_000

// TeamNames returns who is and was in a tenant's team, by name: who left wrote messages.
func (db *DB) TeamNames(ctx context.Context, tenant id.Tenant) ([]user.User, error) {
	rows, err := pinned{db.app, tenant, pinTenant}.Query(ctx,
		`SELECT id, name, role, status, unit, avatar_url FROM account WHERE tenant_id = @tenant ORDER BY lower(name), id LIMIT @most`,
		pgx.NamedArgs{"tenant": tenant, "most": maxNames})
	if err != nil {
		return nil, wrap(err, "list names", nil)
	}
	people, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u user.User, err error) {
		return u, row.Scan(&u.ID, &u.Name, &u.Role, &u.Status, &u.Unit, &u.AvatarURL)
	})
	return people, wrap(err, "list names", nil)
}
