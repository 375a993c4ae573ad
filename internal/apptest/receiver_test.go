package apptest_test

import (
	"context"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/apptest"
)

// Our webhook receiver keeps everything that Meta's pages demand of one.
func TestReceiverConforms(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("asks two hundred questions")
	}
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	hotel.Account.WebhookURL += "?tenant=" + hotel.Slug // the address that knows the hotel's own verify token
	if _, err := w.Sim.AddAccount(hotel.Account); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	checks, err := w.Sim.CheckReceiver(ctx, hotel.Account.PhoneNumberID)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		switch {
		case !c.Passed && c.Must:
			t.Errorf("%s: %s", c.Name, c.Detail)
		case !c.Passed: // how fast it is depends on the machine
			t.Logf("advice: %s: %s", c.Name, c.Detail)
		}
	}
}
