package postgres_test

import (
	"context"
	"maps"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

func init() { maps.Copy(attempts, contactAttempts) }

// contactAttempts has the rows of the methods on guests.
var contactAttempts = map[string]attempt{
	"DB.Contacts": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		all, n, err := db.Contacts(ctx, as, postgres.ContactFilter{Limit: 100})
		if err != nil {
			return nil, err
		}
		found, m, err := db.Contacts(ctx, as, postgres.ContactFilter{Search: contact.SearchFor(string(of.Card.Contact.Phone)), Limit: 100})
		return []any{all, n, found, m}, err
	}},
	"DB.ContactIDs": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, _ furnished) (any, error) {
		all, err := db.ContactIDs(ctx, as, contact.Search{}, 100)
		if err != nil {
			return nil, err
		}
		found, err := db.ContactIDs(ctx, as, contact.SearchFor("guest"), 100)
		return []any{all, found}, err
	}},
	"DB.Contact": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.Contact(ctx, as, of.Card.ContactID)
	}},
	"DB.ContactsByID": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.ContactsByID(ctx, as, of.Card.ContactID, of.Closed.ContactID)
	}},
	"DB.ContactByPhone": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		return db.ContactByPhone(ctx, as, of.Card.Contact.Phone)
	}},
	"DB.ContactTotals": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		totals, err := db.ContactTotals(ctx, as)
		if as == of.ID {
			return of.Card.ContactID, err // numbers are no trace: TestTotalsAreOfOneHotel compares them
		}
		return totals, err
	}},
	"DB.ContactTalks": {read: func(ctx context.Context, db *postgres.DB, as id.Tenant, of furnished) (any, error) {
		talks, n, err := db.ContactTalks(ctx, as, of.Card.ContactID, user.Scope{All: true}, 100, 0)
		return []any{talks, n}, err
	}},
	"Tx.ContactIsSeen": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		seen, err := tx.ContactIsSeen(ctx, of.Card.ContactID, user.Scope{Unit: of.Card.Unit})
		if !seen {
			return nil, err
		}
		return of.Card.ContactID, err
	}},
	"Tx.LockContacts": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return tx.LockContacts(ctx, of.Card.ContactID)
	}},
	"Tx.AddContacts": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.AddContacts(ctx, time.Now(), of.Card.Contact))
	}},
	"Tx.EditContacts": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		c := of.Card.Contact
		c.Email = "mallory@example.com"
		return nothing(tx.EditContacts(ctx, time.Now(), c))
	}},
	"Tx.DeleteContact": {inTx: func(ctx context.Context, tx *postgres.Tx, of furnished) (any, error) {
		return nothing(tx.DeleteContact(ctx, of.Lonely.ID))
	}},
}
