package guestbook

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// MaxExport is how many guests one export holds.
const MaxExport = 10_000

// part is how many guests of an export are read at once.
const part = 500

// Export is a list of guests that somebody takes out of the house.
type Export struct {
	IsCut  bool // there are more guests than MaxExport
	Zone   *time.Location
	book   *Book
	tenant id.Tenant
	guests []id.Contact
}

// Export notes that somebody takes guests away, and returns them to be read in parts:
// neither all of them nor a connection are held while somebody's line is slow.
func (b *Book) Export(ctx context.Context, tenant id.Tenant, by user.User, search contact.Search, format string) (*Export, error) {
	hotel, err := b.directory.Hotel(ctx, tenant)
	if err != nil {
		return nil, err
	}
	e := &Export{book: b, tenant: tenant, Zone: hotel.Location()}
	if e.guests, err = b.db.ContactIDs(ctx, tenant, search, MaxExport+1); err != nil {
		return nil, err
	}
	if e.IsCut = len(e.guests) > MaxExport; e.IsCut {
		e.guests = e.guests[:MaxExport]
	}
	err = b.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
		return tx.Audit(ctx, postgres.Entry{
			Actor: by.ID.String(), Action: "EXPORT_CONTACTS", Entity: "contact", At: b.clock.Now(),
			Detail: map[string]any{"count": len(e.guests), "format": format, "searched": !search.IsEmpty()},
		})
	})
	return e, err
}

// Each calls do with every guest of the export that is still there.
func (e *Export) Each(ctx context.Context, do func(contact.Record) error) error {
	for rest := e.guests; len(rest) > 0; {
		n := min(part, len(rest))
		records, err := e.book.db.ContactsByID(ctx, e.tenant, rest[:n]...)
		if err != nil {
			return err
		}
		for _, r := range records {
			if err := do(r); err != nil {
				return err
			}
		}
		rest = rest[n:]
	}
	return nil
}
