package postgres

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
	"github.com/botreserva/botreserva/internal/stale"
)

// AccountRow is a user with the hash of the password, as only log-in needs it.
type AccountRow struct {
	user.User
	PasswordHash string
	// SessionEpoch counts how often all log-ins were ended at once: those of an older
	// epoch are over.
	SessionEpoch int64
}

// SystemInsertAccount stores a user, or returns user.ErrEmailTaken.
func (db *DB) SystemInsertAccount(ctx context.Context, a AccountRow) error {
	return insertAccount(ctx, db.systemQueries(), a)
}

func insertAccount(ctx context.Context, q *sqlc.Queries, a AccountRow) error {
	err := q.SystemAccountInsert(ctx, sqlc.SystemAccountInsertParams{
		ID: a.ID, TenantID: a.TenantID, Email: a.Email, PasswordHash: a.PasswordHash,
		Name: a.Name, Role: string(a.Role), Unit: a.Unit,
	})
	return wrap(err, "store user", nil)
}

// SystemAccountByEmail finds who logs in, or user.ErrNotFound.
func (db *DB) SystemAccountByEmail(ctx context.Context, email string) (AccountRow, error) {
	r, err := db.systemQueries().SystemAccountByEmail(ctx, email)
	return accountNoun(r), wrap(err, "find user by e-mail", user.ErrNotFound)
}

// SystemAccount finds a user by id, or user.ErrNotFound.
func (db *DB) SystemAccount(ctx context.Context, userID id.User) (AccountRow, error) {
	r, err := db.systemQueries().SystemAccountByID(ctx, userID)
	return accountNoun(r), wrap(err, "find user", user.ErrNotFound)
}

// SystemSaveProfile changes a person's own name and picture.
func (db *DB) SystemSaveProfile(ctx context.Context, u user.User, e Entry) (user.User, error) {
	var saved user.User
	err := db.changing(ctx, stale.User(u.ID), func(q *sqlc.Queries) error {
		r, err := q.SystemAccountSaveProfile(ctx, sqlc.SystemAccountSaveProfileParams{
			ID: u.ID, Name: u.Name, AvatarUrl: u.AvatarURL, UpdatedAt: e.At,
		})
		if err != nil {
			return wrap(err, "save profile", user.ErrNotFound)
		}
		saved = accountNoun(r).User
		return insertAudit(ctx, q, u.TenantID, e)
	})
	return saved, err
}

// SystemChangePassword gives an account another password and ends all of its log-ins
// but one, and what letters there are to replace a forgotten password.
func (db *DB) SystemChangePassword(ctx context.Context, u user.User, hash string, keep id.Session, e Entry) error {
	return db.changing(ctx, stale.User(u.ID), func(q *sqlc.Queries) error {
		epoch, err := q.SystemAccountSetPassword(ctx, sqlc.SystemAccountSetPasswordParams{ID: u.ID, PasswordHash: hash, UpdatedAt: e.At})
		if err != nil {
			return wrap(err, "set password", user.ErrNotFound)
		}
		err = q.SystemSessionKeep(ctx, sqlc.SystemSessionKeepParams{ID: keep, AccountID: u.ID, Epoch: epoch})
		if err != nil {
			return wrap(err, "keep session", nil)
		}
		err = q.SystemPasswordResetsEnd(ctx, sqlc.SystemPasswordResetsEndParams{AccountID: u.ID, UsedAt: &e.At})
		if err != nil {
			return wrap(err, "end letters", nil)
		}
		return insertAudit(ctx, q, u.TenantID, e)
	})
}

// SystemNote writes an audit entry about an account outside of any other change. For the
// zero user it does as much work and writes nothing, so that the time tells nobody
// whether there is an account. It does not wait for the disk.
func (db *DB) SystemNote(ctx context.Context, u user.User, e Entry) error {
	return db.inSystemTx(ctx, func(q *sqlc.Queries) error {
		if err := q.SystemDoNotWait(ctx); err != nil {
			return wrap(err, "relax commit", nil)
		}
		if u.ID.IsZero() {
			_, err := q.SystemTokenIsEnded(ctx, nil)
			return wrap(err, "write nothing", nil)
		}
		return insertAudit(ctx, q, u.TenantID, e)
	})
}

// SystemAPIKeyHashes returns the hashes of the keys with which the flow of the
// tenant of that slug may call us now.
func (db *DB) SystemAPIKeyHashes(ctx context.Context, slug string, now time.Time) ([][]byte, error) {
	hashes, err := db.systemQueries().SystemAPIKeysOfSlug(ctx, sqlc.SystemAPIKeysOfSlugParams{Slug: slug, Now: now})
	return hashes, wrap(err, "find api keys", nil)
}

// RotateAPIKey stores a new key; the ones before it work until overlapEnds at most.
// The zero time ends them at once.
func (tx *Tx) RotateAPIKey(ctx context.Context, hash []byte, overlapEnds time.Time) error {
	return rotateAPIKey(ctx, tx.q, tx.tenant, hash, overlapEnds)
}

func rotateAPIKey(ctx context.Context, q *sqlc.Queries, tenant id.Tenant, hash []byte, overlapEnds time.Time) error {
	if err := q.APIKeysExpire(ctx, sqlc.APIKeysExpireParams{TenantID: tenant, ExpiresAt: &overlapEnds}); err != nil {
		return wrap(err, "expire api keys", nil)
	}
	err := q.APIKeyInsert(ctx, sqlc.APIKeyInsertParams{TenantID: tenant, ID: id.NewAPIKey(), Hash: hash})
	return wrap(err, "store api key", nil)
}

// APIKey is what people may know of a key.
type APIKey struct {
	ID        id.APIKey
	Name      string
	CreatedAt time.Time
	ExpiresAt time.Time // zero: never
}

// APIKeys lists the keys with which a tenant's flow may call us now, the newest first.
func (db *DB) APIKeys(ctx context.Context, tenantID id.Tenant, now time.Time) ([]APIKey, error) {
	rows, err := db.reads(tenantID).APIKeyList(ctx, sqlc.APIKeyListParams{TenantID: tenantID, Now: now})
	out := make([]APIKey, 0, len(rows))
	for _, r := range rows {
		out = append(out, APIKey{ID: r.ID, Name: r.Name, CreatedAt: r.CreatedAt, ExpiresAt: zeroIfNull(r.ExpiresAt)})
	}
	return out, wrap(err, "list api keys", nil)
}

func accountNoun(r sqlc.Account) AccountRow {
	return AccountRow{
		User: user.User{
			ID: r.ID, TenantID: r.TenantID, Email: r.Email, Name: r.Name, Role: user.Role(r.Role),
			Status: user.Status(r.Status), Unit: r.Unit, AvatarURL: r.AvatarUrl,
			CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, LastLogin: zeroIfNull(r.LastLogin),
		},
		PasswordHash: r.PasswordHash, SessionEpoch: r.SessionEpoch,
	}
}
