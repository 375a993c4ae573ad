package apptest_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWritingInAClosedConversation: it opens again and its writer holds it, unless the
// guest has a newer one by now.
func TestWritingInAClosedConversation(t *testing.T) {
	t.Parallel()
	h := hold(t)
	closes := func() {
		t.Helper()
		if a := h.ana.Post("/api/conversations/"+h.id+"/close", nil); a.Status != http.StatusOK || a.At("iaLocked") != false {
			t.Fatalf("close: %d %s", a.Status, a.Raw)
		}
	}
	closes()
	h.answers(t, h.id, "Esqueci de dizer: o café é até as dez")
	h.guest.Sees("Esqueci de dizer: o café é até as dez")
	if a := h.ana.Get("/api/conversations/" + h.id); a.Text("status") != "IN_PROGRESS" || a.At("iaLocked") != true || a.At("closedAt") != nil {
		t.Errorf("opened again: %s", a.Raw)
	}
	if a := h.hotel.Bot.Says(h.guest.Phone, "Olá!"); a.Status != http.StatusConflict {
		t.Errorf("the bot speaks meanwhile: %d %s", a.Status, a.Raw)
	}
	closes()
	h.guest.Writes("Mais uma coisa")
	h.hotel.Flow.Hears("Mais uma coisa")
	for what, a := range map[string]int{
		"written in":   h.ana.Answers(h.id, "Pois não?", "").Status,
		"opened again": h.ana.Patch("/api/conversations/"+h.id, map[string]string{"status": "OPEN"}).Status,
	} {
		if a != http.StatusConflict {
			t.Errorf("beside a newer conversation it is %s: %d", what, a)
		}
	}
	if diff := cmp.Diff([]string{"Esqueci de dizer: o café é até as dez"}, h.guest.Shown()); diff != "" {
		t.Errorf("on the phone: %s", diff)
	}
}
