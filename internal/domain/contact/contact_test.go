package contact_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/domain/contact"
)

func TestCanonical(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		in   string
		want contact.Phone
	}{
		"a mobile with the nine":                 {"5511987654321", "5511987654321"},
		"a WhatsApp id without the nine":         {"558187654321", "5581987654321"},
		"punctuation":                            {"+55 (81) 98765-4321", "5581987654321"},
		"a landline gets no nine":                {"551133334444", "551133334444"},
		"Porto Alegre, old form":                 {"555198765432", "5551998765432"},
		"area code 55 is not the country twice":  {"5555999887766", "5555999887766"},
		"an area code that does not exist":       {"550087654321", "550087654321"},
		"Portugal":                               {"351912345678", "351912345678"},
		"international prefix 00":                {"00351912345678", "351912345678"},
		"no number":                              {"bla", ""},
		"too many digits":                        {"5511987654321987", ""},
		"full-width digits":                      {"５５１１９８７６５４３２１", "5511987654321"},
		"a business-scoped id holds no number":   {"BR.", ""},
		"eight digits are the least that counts": {"1234567", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := contact.Canonical(c.in); got != c.want {
				t.Fatalf("Canonical(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestFromForm(t *testing.T) {
	t.Parallel()
	cases := map[string]contact.Phone{
		"081 98765-4321":      "5581987654321",
		"(11) 98765-4321":     "5511987654321",
		"11 3333-4444":        "551133334444",
		"+55 11 98765-4321":   "5511987654321",
		"55999887766":         "5555999887766", // area code 55, no country code
		"5511987654321":       "5511987654321",
		"+1 (631) 555-1234":   "16315551234",
		"+351 912 345 678":    "351912345678",
		"":                    "",
		"não tenho telefone":  "",
		"5511987654321@c.us":  "5511987654321",
		"558187654321@c.us ":  "5581987654321",
		"0055 81 98765-43 21": "5581987654321",
	}
	for in, want := range cases {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			if got := contact.FromForm(in); got != want {
				t.Fatalf("FromForm(%q) = %q, want %q", in, got, want)
			}
		})
	}
}

func TestCanonicalIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		once := contact.Canonical(rapid.String().Draw(t, "text"))
		if twice := contact.Canonical(string(once)); twice != once {
			t.Fatalf("Canonical(%q) = %q", once, twice)
		}
	})
}

func TestIdentityTidy(t *testing.T) {
	t.Parallel()
	const bsuid = "BR.70231198450021937"
	cases := map[string]struct{ in, want contact.Identity }{
		"a BSUID in the place of the number": {
			contact.Identity{WAID: bsuid}, contact.Identity{BSUID: bsuid},
		},
		"neither number nor BSUID": {
			contact.Identity{WAID: "bla", BSUID: "foo_bar"}, contact.Identity{},
		},
		"a name with overrides and controls": {
			contact.Identity{WAID: "5511987654321", Name: " Zoë\u202e\u0000 \u200b🏨 "},
			contact.Identity{WAID: "5511987654321", Name: "Zoë 🏨"},
		},
		"a very long name": {
			contact.Identity{WAID: "5511987654321", Name: strings.Repeat("á", 1000)},
			contact.Identity{WAID: "5511987654321", Name: strings.Repeat("á", 200)},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, c.in.Tidy()); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func TestBothSpellingsShareALane(t *testing.T) {
	t.Parallel()
	with := contact.Identity{WAID: "5581987654321", BSUID: "BR.1"}.LaneKey()
	without := contact.Identity{WAID: "558187654321"}.LaneKey()
	if with != without {
		t.Fatalf("%q and %q are two lanes for one guest", with, without)
	}
	if only := (contact.Identity{BSUID: "BR.1"}).LaneKey(); only != "bsuid:BR.1" {
		t.Fatalf("lane of a guest without number = %q", only)
	}
}

func TestDisplayName(t *testing.T) {
	t.Parallel()
	cases := map[string]contact.Contact{
		"Ana":              {Name: "Ana", Username: "ana.s", Phone: "5511987654321"},
		"ana.s":            {Username: "ana.s", Phone: "5511987654321"},
		"+5511987654321":   {Phone: "5511987654321", BSUID: "BR.70231198450021937"},
		"Hóspede · 021937": {BSUID: "BR.70231198450021937"},
		"Hóspede":          {},
	}
	for want, c := range cases {
		if got := c.DisplayName(); got != want {
			t.Errorf("DisplayName = %q, want %q", got, want)
		}
	}
}
