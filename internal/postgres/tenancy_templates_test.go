package postgres_test

import (
	"context"
	"maps"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/template"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func init() {
	maps.Copy(attempts, templateAttempts)
	maps.Copy(plumbing, map[string]string{
		"DB.SystemAccountsDue": "names the accounts that are to be read; their own tenants' transactions write what was read",
		"DB.SystemNumbersDue":  "names the tenants whose numbers are to be read, see SystemAccountsDue",
	})
}

// templatesOf are of the account that furnishInbound gave a hotel, whose name is its unit's.
func templatesOf(name, marker string) []template.Template {
	return []template.Template{{
		ID: "900", Name: name, Language: "pt_BR", Status: template.Approved, Category: template.Utility, Form: &template.Form{Body: marker},
	}}
}

// furnishTemplates gives a hotel templates that were read of its account.
func furnishTemplates(t *testing.T, db *postgres.DB, h furnished, marker string) {
	t.Helper()
	pgtest.InTx(t, db, h.ID, func(tx *postgres.Tx) error {
		must(t, tx.SaveTemplates(within(t), h.Card.Unit, templatesOf(h.Card.Unit, marker), time.Now().Add(-time.Hour)))
		return tx.AccountSynced(within(t), h.Card.Unit, "", time.Now().Add(-time.Hour))
	})
}

var templateAttempts = map[string]attempt{
	"DB.Templates": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		all, n, err := db.Templates(ctx, as, postgres.TemplateFilter{}, 10, 0)
		return []any{all, n}, err
	}},
	"DB.Template": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.Template(ctx, as, "900")
	}},
	"DB.Accounts": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		return db.Accounts(ctx, as)
	}},
	"Tx.TemplateVariants": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.TemplateVariants(ctx, of.Card.Unit, of.Card.Unit)
	}},
	"Tx.ApprovedTemplates": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.ApprovedTemplates(ctx, of.Card.Unit, 10)
	}},
	"Tx.AccountIsKnown": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		known, err := tx.AccountIsKnown(ctx, of.Card.Unit)
		if !known {
			return nil, err
		}
		return of.Card.ID, err
	}},
	"Tx.WantsNoOffers": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		stopped, err := tx.WantsNoOffers(ctx, of.Card.ContactID)
		if !stopped {
			return nil, err
		}
		return of.Card.ID, err
	}},
	"Tx.SyncTemplates": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.SyncTemplates(ctx, of.Card.Unit, nil, time.Now()))
	}},
	"Tx.SaveTemplates": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.SaveTemplates(ctx, of.Card.Unit, templatesOf(of.Card.Unit, "mallory"), time.Now()))
	}},
	"Tx.ForgetTemplate": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.ForgetTemplate(ctx, of.Card.Unit, of.Card.Unit, ""))
	}},
	"Tx.AccountSynced": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.AccountSynced(ctx, of.Card.Unit, "mallory", time.Now()))
	}},
	"Tx.NumberRead": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.NumberRead(ctx, of.Parked.Number, tenant.Standing{Status: "BANNED", Quality: "RED"}, time.Now()))
	}},
	"Tx.PauseNumber": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.PauseNumber(ctx, of.Parked.Number, message.Failure{Message: "mine"}, time.Now())
	}},
	"Tx.ResumeNumber": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.ResumeNumber(ctx, of.Paused)
	}},
	"Tx.NumberAsked": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.NumberAsked(ctx, of.Parked.Number, time.Now()))
	}},
}
