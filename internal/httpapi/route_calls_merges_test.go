package httpapi_test

import (
	"maps"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/merging"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func init() { maps.Copy(calls, mergeCalls) }

// aMerge makes one of two guests, and returns the merge's id.
func aMerge(c chat) string {
	c.w.t.Helper()
	a, b := pgtest.Contact(c.w.t, c.w.db, c.hotel.ID), pgtest.Contact(c.w.t, c.w.db, c.hotel.ID)
	done, err := merging.New(c.w.db, clock.System{}).Merge(c.w.t.Context(), c.hotel.ID, c.hotel.Admin, a.ID, b.ID)
	if err != nil {
		c.w.t.Fatal(err)
	}
	return done.ID.String()
}

var mergeCalls = map[string]call{
	"GET /api/contacts/duplicates": {query: func(chat) string { return "?limit=5" }},
	"GET /api/contacts/merges":     {query: func(chat) string { return "?limit=5" }},
	"POST /api/contacts/{id}/merge": {names: byThing, missing: "contact_not_found", id: lonelyGuest, body: func(c chat) map[string]any {
		return map[string]any{"otherId": lonelyGuest(c)}
	}},
	"POST /api/contacts/merges/{id}/undo": {names: byThing, missing: "merge_not_found", id: aMerge},
}
