package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
	"github.com/botreserva/botreserva/internal/stale"
)

// Refusals of log-ins.
var (
	ErrNoSession     = fault.New(fault.Unauthorized, "session_ended", "This log-in has ended. Log in again.")
	ErrTokenReplayed = fault.New(fault.Unauthorized, "refresh_token_reused",
		"This refresh token was used before. For safety the log-in has been ended; log in again.")
	ErrSessionUnknown = fault.New(fault.NotFound, "session_not_found", "You have no such log-in, or it has ended already.")
)

// Session is one log-in of an account.
type Session struct {
	ID        id.Session
	Account   id.User
	Epoch     int64
	CreatedAt time.Time
	UsedAt    time.Time // to within a few minutes
	ExpiresAt time.Time
	IP        string
	Device    string
}

// changing is inSystemTx for what others remember of a person or a log-in: they are told
// after the commit.
func (db *DB) changing(ctx context.Context, n stale.Notice, fn func(q *sqlc.Queries) error) error {
	err := db.inSystemTx(ctx, fn)
	if err == nil {
		db.outdated(n)
	}
	return err
}

// SystemOpenSession starts a log-in with its first refresh token.
func (db *DB) SystemOpenSession(ctx context.Context, s Session, of user.User, tokenHash []byte, e Entry) error {
	return db.inSystemTx(ctx, func(q *sqlc.Queries) error {
		err := q.SystemSessionInsert(ctx, sqlc.SystemSessionInsertParams{
			ID: s.ID, AccountID: of.ID, Epoch: s.Epoch, CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt, Ip: s.IP, Device: s.Device,
		})
		if err != nil {
			return wrap(err, "store session", nil)
		}
		err = q.SystemRefreshTokenInsert(ctx, sqlc.SystemRefreshTokenInsertParams{Hash: tokenHash, SessionID: s.ID, IssuedAt: s.CreatedAt})
		if err != nil {
			return wrap(err, "store refresh token", nil)
		}
		err = q.SystemAccountLoggedIn(ctx, sqlc.SystemAccountLoggedInParams{ID: of.ID, LastLogin: &s.CreatedAt})
		if err != nil {
			return wrap(err, "note log-in", nil)
		}
		return insertAudit(ctx, q, of.TenantID, e)
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
		if t.RevokedAt != nil || !now.Before(t.ExpiresAt) || t.IsOver {
			return ErrNoSession
		}
		if t.ReplacedAt != nil || t.ChildUsed {
			refusal = ErrTokenReplayed // committed: the log-in must stay ended
			_, err := q.SystemSessionRevoke(ctx, sqlc.SystemSessionRevokeParams{ID: session, AccountID: account, RevokedAt: &now})
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

// SystemEndSession ends one log-in of a person for good, or returns ErrSessionUnknown
// when they have none such that goes on.
func (db *DB) SystemEndSession(ctx context.Context, session id.Session, of user.User, e Entry) error {
	return db.changing(ctx, stale.Session(session), func(q *sqlc.Queries) error {
		n, err := q.SystemSessionRevoke(ctx, sqlc.SystemSessionRevokeParams{ID: session, AccountID: of.ID, RevokedAt: &e.At})
		if err != nil {
			return wrap(err, "end session", nil)
		}
		if n == 0 {
			return ErrSessionUnknown
		}
		return insertAudit(ctx, q, of.TenantID, e)
	})
}

// SystemEndToken refuses an access token without a session until it expires by itself.
func (db *DB) SystemEndToken(ctx context.Context, hash []byte, expires time.Time, of user.User, e Entry) error {
	return db.changing(ctx, stale.User(of.ID), func(q *sqlc.Queries) error {
		n, err := q.SystemTokenEnd(ctx, sqlc.SystemTokenEndParams{Hash: hash, ExpiresAt: expires})
		if err != nil || n == 0 {
			return wrap(err, "end token", nil)
		}
		return insertAudit(ctx, q, of.TenantID, e)
	})
}

// SystemTokenIsEnded reports whether an access token without a session was ended.
func (db *DB) SystemTokenIsEnded(ctx context.Context, hash []byte) (bool, error) {
	ended, err := db.systemQueries().SystemTokenIsEnded(ctx, hash)
	return ended, wrap(err, "check token", nil)
}

// usedEvery is how exactly the last use of a log-in is known.
const usedEvery = 5 * time.Minute

// SystemSessionIsLive reports whether a log-in of an account goes on: it was neither
// ended nor has it expired. It notes that the log-in is used.
func (db *DB) SystemSessionIsLive(ctx context.Context, session id.Session, of id.User, now time.Time) (bool, error) {
	q := db.systemQueries()
	used, err := q.SystemSessionState(ctx, sqlc.SystemSessionStateParams{ID: session, AccountID: of, Now: now})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err == nil && (used == nil || now.Sub(*used) >= usedEvery) {
		err = q.SystemSessionUsed(ctx, sqlc.SystemSessionUsedParams{ID: session, UsedAt: &now})
	}
	return err == nil, wrap(err, "check session", nil)
}

// SystemSessions lists a person's log-ins that go on, the newest first.
func (db *DB) SystemSessions(ctx context.Context, of id.User, now time.Time) ([]Session, error) {
	rows, err := db.systemQueries().SystemSessionList(ctx, sqlc.SystemSessionListParams{AccountID: of, Now: now})
	out := make([]Session, 0, len(rows))
	for _, r := range rows {
		out = append(out, Session{
			ID: r.ID, Account: r.AccountID, Epoch: r.Epoch, CreatedAt: r.CreatedAt, UsedAt: zeroIfNull(r.UsedAt),
			ExpiresAt: r.ExpiresAt, IP: r.Ip, Device: r.Device,
		})
	}
	return out, wrap(err, "list sessions", nil)
}
