package httpapi_test

import (
	"maps"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func init() { maps.Copy(calls, privacyCalls) }

const namedForErasure = "Guest To Erase"

// erasable makes a guest who can be erased by that name.
func erasable(c chat) string {
	guest := lonelyGuest(c)
	pgtest.Exec(c.w.t, c.w.db, "UPDATE contact SET name = $2 WHERE id = $1", guest, namedForErasure)
	return guest
}

// erasureOf makes a report.
func erasureOf(c chat) string {
	e := postgres.Erasure{
		ID: uuid.Must(uuid.NewV7()), ContactID: id.NewContact(), ErasedBy: c.other.ID, Report: `{"version":1}`,
		Signature: make([]byte, 64), PublicKey: make([]byte, 32), ErasedAt: c.w.clock.Now(),
	}
	pgtest.InTx(c.w.t, c.w.db, c.hotel.ID, func(tx *postgres.Tx) error { return tx.InsertErasure(c.w.t.Context(), e) })
	return e.ID.String()
}

var privacyCalls = map[string]call{
	"GET /api/contacts/{id}/export": {names: byThing, missing: "contact_not_found", id: guestOf},
	"POST /api/contacts/{id}/erase": {names: byThing, missing: "contact_not_found", id: erasable, body: func(chat) map[string]any {
		return map[string]any{"confirm": namedForErasure, "reason": "Pedido do titular"}
	}},
	"GET /api/privacy/erasures":      {},
	"GET /api/privacy/erasures/{id}": {names: byThing, missing: "erasure_not_found", id: erasureOf},
	"GET /api/privacy/key":           {},
}
