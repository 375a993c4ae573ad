package postgres_test

import (
	"context"
	"maps"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

func init() {
	maps.Copy(attempts, accountAttempts)
	maps.Copy(plumbing, accountPlumbing)
}

// accountPlumbing says why methods about accounts span tenants.
var accountPlumbing = map[string]string{
	"DB.SystemSaveProfile":          "people change themselves; the super admin has no tenant",
	"DB.SystemChangePassword":       "people change themselves; the super admin has no tenant",
	"DB.SystemNote":                 "a log-in that failed; the e-mail tells the tenant",
	"DB.SystemEndToken":             "log-ins belong to accounts",
	"DB.SystemTokenIsEnded":         "log-ins belong to accounts",
	"DB.SystemSessions":             "log-ins belong to accounts",
	"DB.SystemSecondFactor":         "second factors belong to accounts",
	"DB.SystemBeginSecondFactor":    "second factors belong to accounts",
	"DB.SystemConfirmSecondFactor":  "second factors belong to accounts",
	"DB.SystemReplaceRecoveryCodes": "second factors belong to accounts",
	"DB.SystemTakeStep":             "second factors belong to accounts",
	"DB.SystemTakeRecoveryCode":     "second factors belong to accounts",
	"DB.SystemEndSecondFactor":      "second factors belong to accounts",
	"DB.SystemInsertReset":          "a forgotten password: the e-mail tells the tenant",
	"DB.SystemAccountOfReset":       "a forgotten password: the letter tells the account",
	"DB.SystemUseReset":             "a forgotten password: the letter tells the account",
}

// accountAttempts are the attempts on a hotel's people.
var accountAttempts = map[string]attempt{
	"DB.Users": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		members, _, err := db.Users(ctx, as, postgres.UserFilter{Limit: 100})
		return members, err
	}},
	"DB.TeamNames": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.TeamNames(ctx, as)
	}},
	"DB.User": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.User(ctx, as, of.Ana.ID)
	}},
	"Tx.LockTeam": {inTx: func(ctx context.Context, tx *postgres.Tx, _ furnished) (any, error) {
		return tx.LockTeam(ctx)
	}},
	"Tx.LockUser": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LockUser(ctx, of.Ana.ID)
	}},
	// The owner counts two people, the other tenant its own: only the marker tells.
	"Tx.Team": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		all, _, err := tx.Team(ctx, id.User{})
		if err != nil {
			return nil, err
		}
		others, _, err := tx.Team(ctx, of.Ana.ID)
		return markIf(all != others), err
	}},
	"Tx.HasEmail": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		has, err := tx.HasEmail(ctx, of.Ana.Email, id.User{})
		return markIf(has), err
	}},
	"Tx.ActiveConversationsOf": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		n, err := tx.ActiveConversationsOf(ctx, of.Card.AssignedTo)
		return markIf(n > 0), err
	}},
	"Tx.InsertUser": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		u := of.Ana
		u.ID, u.Email = id.NewUser(), "mallory@example.com"
		return nothing(tx.InsertUser(ctx, u, "hash"))
	}},
	"Tx.SaveUser": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		u := of.Ana
		u.Name, u.Role = "Mallory", user.TenantAdmin
		return nothing(tx.SaveUser(ctx, u))
	}},
	"Tx.SetPassword": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.SetPassword(ctx, of.Ana.ID, "Mallory's"))
	}},
	"Tx.EndSessions": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.EndSessions(ctx, of.Ana.ID))
	}},
	"Tx.RemoveUser": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.RemoveUser(ctx, of.Ana.ID, time.Now()))
	}},
}

// markIf gives a bare yes the marker of the tenant whose rows it is about.
func markIf(yes bool) string {
	if yes {
		return "ALPHA"
	}
	return ""
}
