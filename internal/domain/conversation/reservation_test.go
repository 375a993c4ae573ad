package conversation_test

import (
	"encoding/json"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/conversation"
)

func TestReservationCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(r *conversation.Reservation)
		ok     bool
	}{
		"as it should be":          {func(*conversation.Reservation) {}, true},
		"one night":                {func(r *conversation.Reservation) { r.CheckOut = "2026-12-21" }, true},
		"no night":                 {func(r *conversation.Reservation) { r.CheckOut = r.CheckIn }, false},
		"left before arriving":     {func(r *conversation.Reservation) { r.CheckOut = "2026-12-19" }, false},
		"a year":                   {func(r *conversation.Reservation) { r.CheckOut = "2027-12-20" }, true},
		"more than a year":         {func(r *conversation.Reservation) { r.CheckOut = "2027-12-21" }, false},
		"a day that is none":       {func(r *conversation.Reservation) { r.CheckIn = "2026-02-30" }, false},
		"lost without a reason":    {func(r *conversation.Reservation) { r.Outcome = conversation.Lost }, false},
		"lost with a reason":       {func(r *conversation.Reservation) { r.Outcome, r.Reason = conversation.Lost, "Preço" }, true},
		"won, which needs no more": {func(r *conversation.Reservation) { r.Outcome = conversation.Won }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := conversation.Reservation{CheckIn: "2026-12-20", CheckOut: "2026-12-23", Adults: 2, Outcome: conversation.ToBeDecided}
			c.change(&r)
			if err := r.Check(); (err == nil) != c.ok {
				t.Errorf("%+v: %v", r, err)
			}
		})
	}
}

func TestReservationIn(t *testing.T) {
	t.Parallel()
	for metadata, want := range map[string]conversation.Outcome{
		``: "", `null`: "", `{}`: "", `[1]`: "", `{"reservation":7}`: "", `{"reservation":{"outcome":"WON","adults":2}}`: conversation.Won,
	} {
		if got := conversation.ReservationIn(json.RawMessage(metadata)).Outcome; got != want {
			t.Errorf("%s: %q, want %q", metadata, got, want)
		}
	}
}
