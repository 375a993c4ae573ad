package postgres

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
	"github.com/botreserva/botreserva/internal/stale"
)

// AccountRow is a user with the hash of the password, as only log-in needs it.
type AccountRow struct {
	user.User
	PasswordHash string
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

// Colleague finds an active user of a tenant, or user.ErrNotFound.
func (tx *Tx) Colleague(ctx context.Context, userID id.User) (user.User, error) {
	r, err := tx.q.AccountActive(ctx, sqlc.AccountActiveParams{TenantID: tx.tenant, ID: userID})
	if err != nil {
		return user.User{}, wrap(err, "find colleague", user.ErrNotFound)
	}
	return user.User{
		ID: r.ID, TenantID: r.TenantID, Email: r.Email, Name: r.Name, Role: user.Role(r.Role),
		Status: user.Status(r.Status), Unit: r.Unit, AvatarURL: r.AvatarUrl,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, LastLogin: zeroIfNull(r.LastLogin),
	}, nil
}

// Refusals of log-ins.
var (
	ErrNoSession     = fault.New(fault.Unauthorized, "session_ended", "This log-in has ended. Log in again.")
	ErrTokenReplayed = fault.New(fault.Unauthorized, "refresh_token_reused",
		"This refresh token was used before. For safety the log-in has been ended; log in again.")
)

// SystemOpenSession starts a log-in with its first refresh token.
func (db *DB) SystemOpenSession(ctx context.Context, session id.Session, account id.User, tokenHash []byte, now, expires time.Time) error {
	return db.inSystemTx(ctx, func(q *sqlc.Queries) error {
		err := q.SystemSessionInsert(ctx, sqlc.SystemSessionInsertParams{ID: session, AccountID: account, ExpiresAt: expires})
		if err != nil {
			return wrap(err, "store session", nil)
		}
		err = q.SystemRefreshTokenInsert(ctx, sqlc.SystemRefreshTokenInsertParams{Hash: tokenHash, SessionID: session, IssuedAt: now})
		if err != nil {
			return wrap(err, "store refresh token", nil)
		}
		err = q.SystemAccountLoggedIn(ctx, sqlc.SystemAccountLoggedInParams{ID: account, LastLogin: &now})
		return wrap(err, "note log-in", nil)
	})
}

// SystemRotate gives the next refresh token of a log-in and returns whose log-in it
// is. A stolen token is found out when the thief and the owner both go on: using a
// token whose successor was used already, or a successor that was replaced, ends
// the whole log-in (ErrTokenReplayed). Using a token again whose successor nobody
// used is allowed, because the original's dashboards never keep the successor; within
// grace two successors may live side by side, because two tabs may ask at once.
func (db *DB) SystemRotate(ctx context.Context, oldHash, newHash []byte, now time.Time, grace time.Duration) (id.User, id.Session, error) {
	var account id.User
	var session id.Session
	var refusal error
	err := db.inSystemTx(ctx, func(q *sqlc.Queries) error {
		t, err := q.SystemRefreshTokenForUpdate(ctx, oldHash)
		if err != nil {
			return wrap(err, "find refresh token", ErrNoSession)
		}
		account, session = t.AccountID, t.SessionID
		if t.RevokedAt != nil || !now.Before(t.ExpiresAt) {
			return ErrNoSession
		}
		if t.ReplacedAt != nil || t.ChildUsed {
			refusal = ErrTokenReplayed // committed: the log-in must stay ended
			err := q.SystemSessionRevoke(ctx, sqlc.SystemSessionRevokeParams{ID: session, RevokedAt: &now})
			return wrap(err, "end session", nil)
		}
		return wrap(succeed(ctx, q, t, oldHash, newHash, now, grace), "rotate refresh token", nil)
	})
	if err == nil && refusal != nil {
		db.outdated(stale.Session(session))
		err = refusal
	}
	return account, session, err
}

func succeed(ctx context.Context, q *sqlc.Queries, t sqlc.SystemRefreshTokenForUpdateRow, oldHash, newHash []byte, now time.Time, grace time.Duration) error {
	if t.UsedAt == nil {
		if err := q.SystemRefreshTokenUse(ctx, sqlc.SystemRefreshTokenUseParams{Hash: oldHash, UsedAt: &now}); err != nil {
			return err
		}
	} else if now.Sub(*t.UsedAt) > grace {
		err := q.SystemRefreshTokenReplaceChildren(ctx, sqlc.SystemRefreshTokenReplaceChildrenParams{ParentHash: oldHash, ReplacedAt: &now})
		if err != nil {
			return err
		}
	}
	return q.SystemRefreshTokenInsert(ctx, sqlc.SystemRefreshTokenInsertParams{
		Hash: newHash, SessionID: t.SessionID, ParentHash: oldHash, IssuedAt: now,
	})
}

// SystemEndSession ends one log-in; ended ones stay ended.
func (db *DB) SystemEndSession(ctx context.Context, session id.Session, now time.Time) error {
	err := db.systemQueries().SystemSessionRevoke(ctx, sqlc.SystemSessionRevokeParams{ID: session, RevokedAt: &now})
	if err == nil {
		db.outdated(stale.Session(session))
	}
	return wrap(err, "end session", nil)
}

// SystemSessionIsLive reports whether a log-in has neither ended nor expired.
func (db *DB) SystemSessionIsLive(ctx context.Context, session id.Session, now time.Time) (bool, error) {
	live, err := db.systemQueries().SystemSessionIsLive(ctx, sqlc.SystemSessionIsLiveParams{ID: session, Now: now})
	return live, wrap(err, "check session", nil)
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
		PasswordHash: r.PasswordHash,
	}
}
