package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// guestsRecalled is how many guests of a hotel have their phone back after a restart, the most recent ones.
const guestsRecalled = 200

// recall gives the guests of earlier runs their phones back. The desk remembers them, the
// simulated WhatsApp does not: without this it would refuse every answer to them, as outside
// the 24 hours.
func (d *demo) recall(ctx context.Context, a *App, h demoHotel, hotel id.Tenant) error {
	page, err := a.DB.Cards(ctx, hotel, postgres.CardFilter{Scope: user.Scope{All: true}, Limit: guestsRecalled})
	if err != nil {
		return err
	}
	for _, c := range slices.Backward(page.Cards) { // the latest comes last, so that it stands on top
		guest := d.sim.Guest(h.phoneNumberID, cmp.Or(c.Contact.WAID, string(c.Contact.Phone)))
		if err := guest.Set(simulator.GuestSettings{Name: c.Contact.Name}); err != nil {
			continue // known by a business-scoped id only, without a number to type on
		}
		if err := guest.Wrote(c.LastInboundAt); err != nil {
			return fmt.Errorf("open the window of a guest: %w", err)
		}
	}
	return nil
}
