// Package privacy serves the rights that guests have over their data (LGPD): taking
// away everything that is kept of one of them (export.go), and having it erased with a
// signed report (erase.go, signer.go). It also removes by itself what is older than a
// hotel wants to keep (retention.go). What a hotel writes about guests is package
// guestbook's business; where bytes of files lie is filing's.
package privacy

import (
	"context"
	"crypto/ed25519"
	"log/slog"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Officer does what the law lets guests ask of a hotel.
type Officer struct {
	db     *postgres.DB
	files  *filing.Cabinet
	signer *Signer
	clock  clock.Clock
	log    *slog.Logger
}

// New makes an officer.
func New(db *postgres.DB, files *filing.Cabinet, s *Signer, c clock.Clock, log *slog.Logger) *Officer {
	return &Officer{db: db, files: files, signer: s, clock: c, log: log}
}

// PublicKeys are those with which reports were signed, the one in use first.
func (o *Officer) PublicKeys() []ed25519.PublicKey { return o.signer.PublicKeys() }

// note writes an audit entry about a guest: ids and numbers only, for the entry outlives
// the guest's data.
func (o *Officer) note(ctx context.Context, tx *postgres.Tx, by user.User, action string, guest id.Contact, detail any) error {
	return tx.Audit(ctx, postgres.Entry{
		Actor: by.ID.String(), Action: action, Entity: "contact", EntityID: guest.String(), Detail: detail, At: o.clock.Now(),
	})
}
