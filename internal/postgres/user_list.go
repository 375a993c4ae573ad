package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// Member is somebody of a tenant's team, with how many conversations are assigned to
// them.
type Member struct {
	user.User
	Conversations int
}

// UserFilter says whom a list shows. Zero fields do not filter.
type UserFilter struct {
	Role   user.Role
	Status user.Status
	Unit   string
	Search string // in names and e-mail addresses
	Limit  int
	Offset int
}

const memberColumns = `id, tenant_id, email, name, role, status, unit, avatar_url, created_at, updated_at, last_login,
	(SELECT count(*) FROM conversation c WHERE c.tenant_id = a.tenant_id AND c.assigned_to = a.id) AS conversations`

// Users returns a page of a tenant's people, the newest first, and how many there are in
// all. Teams are small: the rows come by account_recent, and a search looks at each.
func (db *DB) Users(ctx context.Context, tenant id.Tenant, f UserFilter) ([]Member, int, error) {
	w := where{args: pgx.NamedArgs{"tenant": tenant}}
	w.add("tenant_id = @tenant AND deleted_at IS NULL", "", nil)
	w.users(f)
	p := pinned{db.app, tenant, pinTenant}
	members, err := membersOf(p.Query(ctx, fmt.Sprintf(`SELECT %s FROM account a WHERE %s ORDER BY created_at DESC, id DESC LIMIT %d OFFSET %d`,
		memberColumns, w.text(), f.Limit, f.Offset), w.args))
	if err != nil || f.Offset == 0 && len(members) < f.Limit {
		return members, len(members), wrap(err, "list users", nil)
	}
	var total int
	err = p.QueryRow(ctx, fmt.Sprintf(`SELECT count(*) FROM account WHERE %s`, w.text()), w.args).Scan(&total)
	return members, total, wrap(err, "count users", nil)
}

func (w *where) users(f UserFilter) {
	if f.Role != "" {
		w.add("role = @role", "role", f.Role)
	}
	if f.Status != "" {
		w.add("status = @status", "status", f.Status)
	}
	if f.Unit != "" {
		w.add("unit = @unit", "unit", f.Unit)
	}
	if f.Search != "" {
		w.add("(name ILIKE @search OR email ILIKE @search)", "search", "%"+likeEscaper.Replace(f.Search)+"%")
	}
}

// User returns somebody of a tenant's team, or user.ErrNotFound.
func (db *DB) User(ctx context.Context, tenant id.Tenant, userID id.User) (Member, error) {
	p := pinned{db.app, tenant, pinTenant}
	found, err := membersOf(p.Query(ctx, `SELECT `+memberColumns+` FROM account a
		WHERE tenant_id = @tenant AND id = @id AND deleted_at IS NULL`, pgx.NamedArgs{"tenant": tenant, "id": userID}))
	if err == nil && len(found) == 0 {
		return Member{}, user.ErrNotFound
	}
	if err != nil {
		return Member{}, wrap(err, "find user", nil)
	}
	return found[0], nil
}

func membersOf(rows pgx.Rows, err error) ([]Member, error) {
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Member, error) {
		var r sqlc.UserForUpdateRow
		var conversations int
		err := row.Scan(&r.ID, &r.TenantID, &r.Email, &r.Name, &r.Role, &r.Status, &r.Unit, &r.AvatarUrl,
			&r.CreatedAt, &r.UpdatedAt, &r.LastLogin, &conversations)
		return Member{userNoun(r), conversations}, err
	})
}

// likeEscaper makes the wildcards of LIKE plain characters.
var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
