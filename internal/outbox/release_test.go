package outbox

import (
	"context"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// A status may settle a message while the worker that sent it still holds the lane: the
// status cannot wake a leased lane, so the worker must not put it to sleep.
func TestRelease_of_a_message_that_a_status_settled_meanwhile(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status message.Status
		ready  bool
	}{
		"nothing is known": {message.Unknown, false},
		"a status came":    {message.Delivered, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			db := pgtest.DB(t)
			hotel := pgtest.Tenant(t, db)
			card := pgtest.Conversation(t, db, hotel)
			m := pgtest.Message(t, db, hotel.ID, card, pgtest.FromBot)
			pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
				tx.Enqueue(lane.Deliver, lane.New{Key: card.ID.String(), NumberID: m.NumberID, Payload: deliveryPayload(m.ID)})
				return nil
			})
			lanes, err := db.ClaimLanes(ctx, hotel.ID, lane.Deliver, 1)
			if err != nil || len(lanes) != 1 {
				t.Fatalf("claimed %d lanes: %v", len(lanes), err)
			}
			pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
				m.Status = test.status
				if err := tx.SaveStatuses(ctx, m); err != nil {
					return err
				}
				return tx.WakeLane(ctx, lane.Deliver, card.ID.String())
			})
			pgtest.InTx(t, db, hotel.ID, func(tx *postgres.Tx) error {
				return releaseOnce(ctx, tx, lanes[0].Hold(0, SettleAfter))
			})
			tenants, err := db.LaneTenants(ctx, lane.Deliver)
			if err != nil {
				t.Fatal(err)
			}
			if ready := len(tenants) == 1; ready != test.ready {
				t.Errorf("ready: %v, want %v", ready, test.ready)
			}
		})
	}
}
