package apptest_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// Ana asks with buttons; Marina sees them on her phone and presses one, and Ana reads her
// answer.
func TestButtonsReachTheGuestAndComeBack(t *testing.T) {
	t.Parallel()
	h := hold(t)
	sent := h.ana.Post("/api/messages/buttons", map[string]any{
		"conversationId": h.id, "headerText": "Sua reserva", "bodyText": "Confirma a chegada em 12/12?", "footerText": "Hotel Mar Azul",
		"buttons": []any{map[string]any{"id": "sim:8841", "title": "Sim"}, map[string]any{"id": "nao:8841", "title": "Não"}},
	})
	if sent.Status != http.StatusCreated || sent.Text("type") != "INTERACTIVE" || sent.Text("metadata.interactiveType") != "buttons" {
		t.Fatalf("send: %d %s", sent.Status, sent.Raw)
	}
	seen := h.guest.Sees("Confirma a chegada em 12/12?")
	want := []simulator.Choice{
		{Kind: simulator.ChoiceReply, ID: "sim:8841", Title: "Sim"}, {Kind: simulator.ChoiceReply, ID: "nao:8841", Title: "Não"},
	}
	if diff := cmp.Diff(want, seen.Choices); diff != "" {
		t.Error(diff)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	wamid, err := h.guest.Tap(ctx, seen.ID, "Sim")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.guest.Await(ctx, simulator.Taken(wamid)); err != nil {
		t.Fatal(err)
	}
	h.w.LaterUntil(time.Second, "Ana reads the answer", func() bool {
		all := h.ana.Messages(h.id)
		last := all[len(all)-1]
		return last["content"] == "Sim" && last["direction"] == "INBOUND"
	})
}
