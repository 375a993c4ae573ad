package postgres

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
	"github.com/botreserva/botreserva/internal/stale"
)

// Reset is a letter with which a forgotten password is replaced.
type Reset struct {
	Hash                 []byte // of the token in it
	Account              user.User
	CreatedAt, ExpiresAt time.Time
}

// ErrResetUnknown is returned for a token that is wrong, too old or used.
var ErrResetUnknown = fault.New(fault.Invalid, "reset_token_invalid", "This link is no longer good. Ask for a new one.")

// SystemInsertReset stores a letter, unless its account got most since then: it reports
// whether it was stored.
func (db *DB) SystemInsertReset(ctx context.Context, r Reset, since time.Time, most int, e Entry) (stored bool, err error) {
	err = db.inSystemTx(ctx, func(q *sqlc.Queries) error {
		n, err := q.SystemPasswordResetInsert(ctx, sqlc.SystemPasswordResetInsertParams{
			Hash: r.Hash, AccountID: r.Account.ID, CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, Since: since, Most: int64(most),
		})
		if stored = n > 0; err != nil || !stored {
			return wrap(err, "store letter", nil)
		}
		return insertAudit(ctx, q, r.Account.TenantID, e)
	})
	return stored, err
}

// SystemAccountOfReset finds the active account of a letter that is still good, or
// ErrResetUnknown.
func (db *DB) SystemAccountOfReset(ctx context.Context, hash []byte, now time.Time) (user.User, error) {
	r, err := db.systemQueries().SystemPasswordResetAccount(ctx, sqlc.SystemPasswordResetAccountParams{Hash: hash, Now: now})
	return accountNoun(r).User, wrap(err, "find letter", ErrResetUnknown)
}

// SystemUseReset gives the account of a letter another password, once, and ends all of
// its log-ins and other letters. It returns ErrResetUnknown when the letter is no longer
// good.
func (db *DB) SystemUseReset(ctx context.Context, hash []byte, of user.User, passwordHash string, e Entry) error {
	return db.changing(ctx, stale.User(of.ID), func(q *sqlc.Queries) error {
		if _, err := q.SystemPasswordResetUse(ctx, sqlc.SystemPasswordResetUseParams{Hash: hash, UsedAt: &e.At}); err != nil {
			return wrap(err, "use letter", ErrResetUnknown)
		}
		_, err := q.SystemAccountSetPassword(ctx, sqlc.SystemAccountSetPasswordParams{ID: of.ID, PasswordHash: passwordHash, UpdatedAt: e.At})
		if err != nil {
			return wrap(err, "set password", user.ErrNotFound)
		}
		err = q.SystemPasswordResetsEnd(ctx, sqlc.SystemPasswordResetsEndParams{AccountID: of.ID, UsedAt: &e.At})
		if err != nil {
			return wrap(err, "end letters", nil)
		}
		return insertAudit(ctx, q, of.TenantID, e)
	})
}
