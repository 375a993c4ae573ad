package apptest_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/lane"
)

// One hotel is flooded, and its flow has stopped answering. A guest of another hotel
// is heard after a few batches of the flood, not after all of it.
func TestFloodOfAnotherHotel(t *testing.T) {
	t.Parallel()
	const deliveries, each = 5, 1000
	w := apptest.Start(t)
	flooded, quiet := w.Hotel("lotado"), w.Hotel("tranquilo")
	flooded.Flow.Hangs()
	screen := quiet.Admin().Screen(apptest.WebSocket)
	guest := quiet.Guest("Marina")
	for d := range deliveries {
		items := make([]any, each)
		for i := range items {
			n := d*each + i
			items[i] = apptest.TextMessage(fmt.Sprintf("wamid.flood%d", n), fmt.Sprintf("55119%08d", 70_000_000+n), "Promoção?", w.Now())
		}
		if a := w.Delivers(apptest.Change{Hotel: flooded, Messages: items}); a.Status != http.StatusOK {
			t.Fatalf("the webhook got %d %s", a.Status, a.Raw)
		}
	}
	before := flooded.Queued(lane.Inbox)
	guest.Writes("Tem alguém?")
	screen.HearsMessage("Tem alguém?")
	atScreen := flooded.Queued(lane.Inbox)
	quiet.Flow.Hears("Tem alguém?")
	atFlow := flooded.Queued(lane.Inbox)
	t.Logf("of %d messages %d were queued when the guest wrote, %d when the screen heard, %d when the flow did", deliveries*each, before, atScreen, atFlow)
	if before < deliveries*each/4 {
		t.Fatalf("only %d messages of the flood were left: the test proves nothing", before)
	}
	if before-atFlow > before/6 {
		t.Errorf("the guest waited for %d of %d messages of another hotel", before-atFlow, before)
	}
}
