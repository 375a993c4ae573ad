package postgres

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// SecondFactor is an account's second factor. Unconfirmed, it asks nothing of anybody.
type SecondFactor struct {
	Secret    string // sealed
	LastStep  int64  // of the newest code that was used
	Confirmed time.Time
	CodesLeft int
}

// Refusals of second factors.
var (
	ErrNoSecondFactor = fault.New(fault.Conflict, "totp_off", "Your account has no second factor. Begin with POST /auth/totp.")
	ErrSecondFactorOn = fault.New(fault.Conflict, "totp_on", "Your account has a second factor already. Switch it off before you set up another.")
)

// SystemSecondFactor returns an account's second factor, or ErrNoSecondFactor.
func (db *DB) SystemSecondFactor(ctx context.Context, of id.User) (SecondFactor, error) {
	r, err := db.systemQueries().SystemSecondFactor(ctx, of)
	return SecondFactor{
		Secret: r.Secret, LastStep: r.LastStep, Confirmed: zeroIfNull(r.ConfirmedAt), CodesLeft: int(r.CodesLeft),
	}, wrap(err, "find second factor", ErrNoSecondFactor)
}

// SystemBeginSecondFactor stores a secret that is to be confirmed, instead of one that
// was begun before.
func (db *DB) SystemBeginSecondFactor(ctx context.Context, of id.User, secret string, now time.Time) error {
	n, err := db.systemQueries().SystemSecondFactorBegin(ctx, sqlc.SystemSecondFactorBeginParams{AccountID: of, Secret: secret, CreatedAt: now})
	if err == nil && n == 0 {
		return ErrSecondFactorOn
	}
	return wrap(err, "begin second factor", nil)
}

// SystemConfirmSecondFactor switches the second factor on whose code, of a step, was
// right, with recovery codes.
func (db *DB) SystemConfirmSecondFactor(ctx context.Context, of user.User, secret string, step int64, codes [][]byte, e Entry) error {
	return db.inSystemTx(ctx, func(q *sqlc.Queries) error {
		n, err := q.SystemSecondFactorConfirm(ctx, sqlc.SystemSecondFactorConfirmParams{
			AccountID: of.ID, Secret: secret, LastStep: step, ConfirmedAt: &e.At,
		})
		if err == nil && n == 0 {
			return ErrSecondFactorOn
		}
		if err != nil {
			return wrap(err, "confirm second factor", nil)
		}
		return replaceCodes(ctx, q, of, codes, e)
	})
}

// SystemReplaceRecoveryCodes makes all earlier ones worthless.
func (db *DB) SystemReplaceRecoveryCodes(ctx context.Context, of user.User, codes [][]byte, e Entry) error {
	return db.inSystemTx(ctx, func(q *sqlc.Queries) error { return replaceCodes(ctx, q, of, codes, e) })
}

func replaceCodes(ctx context.Context, q *sqlc.Queries, of user.User, codes [][]byte, e Entry) error {
	if err := q.SystemRecoveryCodesDelete(ctx, of.ID); err != nil {
		return wrap(err, "delete recovery codes", nil)
	}
	if err := q.SystemRecoveryCodeInsert(ctx, sqlc.SystemRecoveryCodeInsertParams{AccountID: of.ID, Hashes: codes}); err != nil {
		return wrap(err, "store recovery codes", nil)
	}
	return insertAudit(ctx, q, of.TenantID, e)
}

// SystemTakeStep uses up the code of a step in time, and reports whether it was still
// good.
func (db *DB) SystemTakeStep(ctx context.Context, of id.User, step int64) (bool, error) {
	n, err := db.systemQueries().SystemSecondFactorStep(ctx, sqlc.SystemSecondFactorStepParams{AccountID: of, Step: step})
	return n > 0, wrap(err, "use code", nil)
}

// SystemTakeRecoveryCode uses up a recovery code, and reports whether it was still good.
func (db *DB) SystemTakeRecoveryCode(ctx context.Context, of id.User, hash []byte, now time.Time) (bool, error) {
	n, err := db.systemQueries().SystemRecoveryCodeUse(ctx, sqlc.SystemRecoveryCodeUseParams{AccountID: of, Hash: hash, UsedAt: &now})
	return n > 0, wrap(err, "use recovery code", nil)
}

// SystemEndSecondFactor switches it off, or returns ErrNoSecondFactor.
func (db *DB) SystemEndSecondFactor(ctx context.Context, of user.User, e Entry) error {
	return db.inSystemTx(ctx, func(q *sqlc.Queries) error {
		n, err := q.SystemSecondFactorDelete(ctx, of.ID)
		if err == nil && n == 0 {
			return ErrNoSecondFactor
		}
		if err != nil {
			return wrap(err, "delete second factor", nil)
		}
		if err := q.SystemRecoveryCodesDelete(ctx, of.ID); err != nil {
			return wrap(err, "delete recovery codes", nil)
		}
		return insertAudit(ctx, q, of.TenantID, e)
	})
}
