package apptest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// TestGuestSendsFiles: what a guest sends is fetched from Meta, shown under an address of
// ours that needs no log-in, and screens hear when it is there.
func TestGuestSendsFiles(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	ana := hotel.Admin()
	screen := ana.Screen(apptest.WebSocket)
	guest := hotel.Guest("Marina")
	data := []byte("%PDF-1.7\nvoucher of Marina's")
	mediaID, err := w.Sim.UploadMedia(hotel.Account.PhoneNumberID, "application/pdf", "voucher.pdf", data)
	if err != nil {
		t.Fatal(err)
	}
	guest.Sends(simulator.Inbound{Type: "document", MediaID: mediaID, Caption: "Segue o voucher"})
	heard := screen.Hears("message:updated", func(e apptest.Event) bool { return e.Text("message.metadata.mediaUrl") != "" })
	listed := ana.Messages(heard.Text("conversationId"))
	if len(listed) != 1 {
		t.Fatalf("listed %v", listed)
	}
	address, _ := listed[0]["mediaUrl"].(string)
	if !strings.Contains(address, "&s=") {
		t.Fatalf("the message shows %v", listed[0])
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+address[strings.Index(address, "/api/media/"):], nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if got, err := io.ReadAll(response.Body); err != nil || string(got) != string(data) || response.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("fetched %q, %v: %v", got, response.Header, err)
	}
}
