package httpapi_test

import (
	"maps"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/user"
)

func aReservation(more map[string]any) map[string]any {
	body := map[string]any{
		"checkIn": "2026-12-20", "checkOut": "2026-12-23", "adults": 2, "children": 1, "hotelUnit": "ilhabela", "room": " Suíte mar ",
		"valueCents": 245_000, "outcome": "OPEN",
	}
	maps.Copy(body, more)
	return body
}

// TestReservation: a request is kept beside what else is noted of the conversation, makes an
// opportunity of it, and stays one when it is decided.
func TestReservation(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	c := w.chat(h)
	at := "/api/conversations/" + c.card.ID.String()
	ana := as(w.token(h.Admin))
	w.do(http.MethodPatch, at, map[string]any{"metadata": map[string]any{"followupSent": true}}, ana).want(http.StatusOK)
	saved := w.do(http.MethodPut, at+"/reservation", aReservation(nil), ana).want(http.StatusOK).json()
	if saved["isOpportunity"] != true {
		t.Error("no opportunity")
	}
	got := saved["metadata"].(map[string]any)
	reservation := got["reservation"].(map[string]any)
	delete(reservation, "savedAt")
	want := map[string]any{"followupSent": true, "reservation": map[string]any{
		"checkIn": "2026-12-20", "checkOut": "2026-12-23", "adults": 2.0, "children": 1.0, "hotelUnit": "Ilhabela", "room": "Suíte mar",
		"valueCents": 245_000.0, "outcome": "OPEN", "reason": "", "savedBy": h.Admin.ID.String(),
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	w.do(http.MethodPut, at+"/reservation", aReservation(map[string]any{"outcome": "LOST"}), ana).want(http.StatusBadRequest, "validation_error")
	lost := w.do(http.MethodPut, at+"/reservation", aReservation(map[string]any{"outcome": "LOST", "reason": "Preço"}), ana).want(http.StatusOK).json()
	if lost["isOpportunity"] != true || lost["metadata"].(map[string]any)["reservation"].(map[string]any)["outcome"] != "LOST" {
		t.Errorf("lost: %v", lost["metadata"])
	}
	kept := w.do(http.MethodPatch, at, map[string]any{"metadata": map[string]any{"a": 1}}, ana).want(http.StatusOK).json()["metadata"].(map[string]any)
	if kept["a"] != 1.0 || kept["reservation"] == nil {
		t.Errorf("after metadata was replaced: %v", kept)
	}
	for name, change := range map[string]map[string]any{
		"out before in": {"checkOut": "2026-12-20"}, "no day": {"checkIn": "20/12/2026"}, "nobody": {"adults": 0}, "too many": {"adults": 100},
		"less than nothing": {"valueCents": -1}, "another word": {"outcome": "MAYBE"}, "no unit of ours": {"hotelUnit": "Atlântida"},
	} {
		if r := w.do(http.MethodPut, at+"/reservation", aReservation(change), ana); r.status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, r.status)
		}
	}
	elsewhere := as(w.token(w.user(h.ID, user.Attendant, "Ilhabela")))
	w.do(http.MethodPut, at+"/reservation", aReservation(nil), elsewhere).want(http.StatusNotFound, "conversation_not_found")
	if n := w.count("SELECT count(*) FROM audit_entry WHERE action = 'SAVE_RESERVATION' AND tenant_id = $1", h.ID); n != 2 {
		t.Errorf("%d audit entries", n)
	}
}
