package stay_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/stay"
)

func on(text string) time.Time { return stay.ParseDate(text) }

func two() *int { n := 2; return &n }

var table = []stay.Tariff{
	{Room: "Luxo", From: on("01/12/2026"), Until: on("31/12/2026"), Price: 450_00, Vacancies: 3, MaxAdults: two(), Description: "Vista"},
	{Room: "Família", From: on("01/12/2026"), Until: on("31/12/2026"), Price: 700_00, Original: 800_00, Vacancies: 1},
	{Room: "luxo", From: on("24/12/2026"), Until: on("25/12/2026"), Price: 900_50, Vacancies: 1, MaxAdults: two()},
	{Room: "Família", From: on("28/12/2026"), Until: on("28/12/2026")},
}

func TestRooms(t *testing.T) {
	t.Parallel()
	ask := func(in, out string, adults int) stay.Query {
		return stay.Query{In: on(in), Out: on(out), Adults: adults}
	}
	sums := func(rooms []stay.Room) map[string]string {
		out := map[string]string{}
		for _, r := range rooms {
			text := "no"
			if r.Available {
				text = r.Price.String()
			}
			if r.OriginalPrice != nil {
				text += " of " + r.OriginalPrice.String()
			}
			out[r.ID] = text
		}
		return out
	}
	for name, c := range map[string]struct {
		q      stay.Query
		want   map[string]string
		reason bool
	}{
		"two nights":                {ask("10/12/2026", "12/12/2026", 2), map[string]string{"luxo": "900.00", "familia": "1400.00 of 1600.00"}, false},
		"an exception in between":   {ask("23/12/2026", "25/12/2026", 2), map[string]string{"luxo": "1350.50", "familia": "1400.00 of 1600.00"}, false},
		"too many for one":          {ask("10/12/2026", "11/12/2026", 3), map[string]string{"luxo": "no", "familia": "700.00 of 800.00"}, false},
		"closed on one night":       {ask("27/12/2026", "30/12/2026", 3), map[string]string{"luxo": "no", "familia": "no"}, true},
		"the night of departure":    {ask("31/12/2026", "01/01/2027", 2), map[string]string{"luxo": "450.00", "familia": "700.00 of 800.00"}, false},
		"one night without a price": {ask("31/12/2026", "02/01/2027", 2), map[string]string{"luxo": "no", "familia": "no"}, true},
	} {
		rooms, reason := stay.Rooms(c.q, table)
		if diff := cmp.Diff(c.want, sums(rooms)); diff != "" || (reason != "") != c.reason {
			t.Errorf("%s: %q (-want +got):\n%s", name, reason, diff)
		}
	}
	if rooms, reason := stay.Rooms(ask("10/12/2026", "12/12/2026", 1), nil); len(rooms) != 0 || reason == "" {
		t.Errorf("no table: %v %q", rooms, reason)
	}
}

func TestQueryCheck(t *testing.T) {
	t.Parallel()
	today := on("10/12/2026").Add(20 * time.Hour)
	good := stay.Query{In: on("10/12/2026"), Out: on("2026-12-11"), Adults: 1}
	if err := good.Check(today); err != nil {
		t.Error(err)
	}
	for name, edit := range map[string]func(*stay.Query){
		"no arrival": func(q *stay.Query) { q.In = time.Time{} }, "no departure": func(q *stay.Query) { q.Out = time.Time{} },
		"past": func(q *stay.Query) { q.In = on("08/12/2026") }, "same day": func(q *stay.Query) { q.Out = q.In },
		"backwards": func(q *stay.Query) { q.Out = on("09/12/2026") }, "a year and a day": func(q *stay.Query) { q.Out = q.In.AddDate(0, 0, 366) },
		"nobody": func(q *stay.Query) { q.Adults = 0 }, "a crowd": func(q *stay.Query) { q.Adults = 101 }, "minus one child": func(q *stay.Query) { q.Children = -1 },
	} {
		q := good
		edit(&q)
		if err := q.Check(today); !errors.Is(err, fault.ErrInvalid) || len(fault.Of(err).Details) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range []string{"", "31/02/2026", "12/31/2026", "amanhã", "01/01/0001", "2026-13-01"} {
		if at := stay.ParseDate(text); !at.IsZero() {
			t.Errorf("%q is %s", text, at)
		}
	}
}

func TestCents(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]stay.Cents{
		"450": 450_00, "450.5": 450_50, "450,50": 450_50, "1.234,56": 1234_56, "1,234.56": 1234_56, "R$ 1.200": 1200_00, " 0 ": 0, "1 234,50": 1234_50,
	} {
		if got, ok := stay.ParseCents(text); !ok || got != want {
			t.Errorf("%q is %v %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-1", "abc", "1e9", "R$", "99999999999999", ","} {
		if got, ok := stay.ParseCents(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
	var back stay.Cents
	text, err := json.Marshal(stay.Cents(1234_05))
	if err != nil || string(text) != "1234.05" || json.Unmarshal(text, &back) != nil || back != 1234_05 {
		t.Errorf("%s %v %v", text, back, err)
	}
}

func TestNamed(t *testing.T) {
	t.Parallel()
	rooms := []stay.Room{{ID: "luxo", Name: "Luxo"}, {ID: "luxomar", Name: "Luxo Mar"}, {ID: "9", Name: "Família"}}
	for name, want := range map[string]string{"LUXO": "luxo", "luxo  mar": "luxomar", "familia": "9", "9": "9", "fam": "9", "mar": "luxomar", "lux": "", "": "", "suíte": ""} {
		if got, _ := stay.Named(rooms, name); got.ID != want {
			t.Errorf("%q is %q, want %q", name, got.ID, want)
		}
	}
}
