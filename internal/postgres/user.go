package postgres

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// Colleague finds an active user of a tenant, or user.ErrNotFound. Until the transaction
// ends nobody suspends or removes them.
func (tx *Tx) Colleague(ctx context.Context, userID id.User) (user.User, error) {
	r, err := tx.q.AccountActive(ctx, sqlc.AccountActiveParams{TenantID: tx.tenant, ID: userID})
	return userNoun(sqlc.UserForUpdateRow(r)), wrap(err, "find colleague", user.ErrNotFound)
}

func userNoun(r sqlc.UserForUpdateRow) user.User {
	return user.User{
		ID: r.ID, TenantID: r.TenantID, Email: r.Email, Name: r.Name, Role: user.Role(r.Role),
		Status: user.Status(r.Status), Unit: r.Unit, AvatarURL: r.AvatarUrl,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, LastLogin: zeroIfNull(r.LastLogin),
	}
}

// LockTeam makes all who change the tenant's team wait for each other, and returns the
// tenant as it is then. Lock it before anybody of the team.
func (tx *Tx) LockTeam(ctx context.Context) (tenant.Tenant, error) {
	r, err := tx.q.SystemTeamLock(ctx, tx.tenant)
	return tenantNoun(r).Tenant, wrap(err, "lock team", tenant.ErrUnknown)
}

// Team counts the active people of the tenant and those of them who manage it, without
// one of them.
func (tx *Tx) Team(ctx context.Context, without id.User) (active, managers int, err error) {
	r, err := tx.q.TeamCount(ctx, sqlc.TeamCountParams{TenantID: tx.tenant, Without: without})
	return int(r.Active), int(r.Managers), wrap(err, "count team", nil)
}

// LockUser finds somebody of the tenant, active or not, to change them, or
// user.ErrNotFound.
func (tx *Tx) LockUser(ctx context.Context, userID id.User) (user.User, error) {
	r, err := tx.q.UserForUpdate(ctx, sqlc.UserForUpdateParams{TenantID: tx.tenant, ID: userID})
	return userNoun(r), wrap(err, "lock user", user.ErrNotFound)
}

// HasEmail reports whether somebody else of the tenant logs in with an e-mail address.
func (tx *Tx) HasEmail(ctx context.Context, email string, without id.User) (bool, error) {
	has, err := tx.q.UserHasEmail(ctx, sqlc.UserHasEmailParams{TenantID: tx.tenant, Email: email, Without: without})
	return has, wrap(err, "look for e-mail", nil)
}

// InsertUser adds somebody to the tenant, or returns user.ErrEmailTaken.
func (tx *Tx) InsertUser(ctx context.Context, u user.User, passwordHash string) error {
	err := tx.q.UserInsert(ctx, sqlc.UserInsertParams{
		TenantID: tx.tenant, ID: u.ID, Email: u.Email, PasswordHash: passwordHash, Name: u.Name, Role: string(u.Role),
		Status: string(u.Status), Unit: u.Unit, AvatarUrl: u.AvatarURL, CreatedAt: u.CreatedAt,
	})
	return wrap(err, "store user", nil)
}

// SaveUser writes everything about somebody that managers may change, or returns
// user.ErrEmailTaken.
func (tx *Tx) SaveUser(ctx context.Context, u user.User) error {
	err := tx.q.UserSave(ctx, sqlc.UserSaveParams{
		TenantID: tx.tenant, ID: u.ID, Email: u.Email, Name: u.Name, Role: string(u.Role), Status: string(u.Status),
		Unit: u.Unit, AvatarUrl: u.AvatarURL, UpdatedAt: u.UpdatedAt,
	})
	return wrap(err, "save user", nil)
}

// SetPassword gives somebody another password.
func (tx *Tx) SetPassword(ctx context.Context, userID id.User, hash string) error {
	err := tx.q.UserSetPassword(ctx, sqlc.UserSetPasswordParams{TenantID: tx.tenant, ID: userID, PasswordHash: hash})
	return wrap(err, "set password", nil)
}

// EndSessions ends all log-ins of somebody.
func (tx *Tx) EndSessions(ctx context.Context, userID id.User) error {
	return wrap(tx.q.UserEndSessions(ctx, sqlc.UserEndSessionsParams{TenantID: tx.tenant, ID: userID}), "end sessions", nil)
}

// RemoveUser takes somebody off the team. What they wrote keeps their name.
func (tx *Tx) RemoveUser(ctx context.Context, userID id.User, now time.Time) error {
	return wrap(tx.q.UserRemove(ctx, sqlc.UserRemoveParams{TenantID: tx.tenant, ID: userID, DeletedAt: &now}), "remove user", nil)
}

// ActiveConversationsOf counts the conversations that somebody is answering.
func (tx *Tx) ActiveConversationsOf(ctx context.Context, userID id.User) (int, error) {
	n, err := tx.q.UserActiveConversations(ctx, sqlc.UserActiveConversationsParams{TenantID: tx.tenant, AssignedTo: userID})
	return int(n), wrap(err, "count conversations of user", nil)
}
