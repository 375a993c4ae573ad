package tenant_test

import (
	"errors"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/tenant"
)

func TestUnit(t *testing.T) {
	t.Parallel()
	hotel := tenant.Tenant{Units: []string{"Ilhabela", "Campos do Jordão", "Santo Antônio do Pinhal"}}
	cases := map[string]string{
		"Ilha Bela":               "Ilhabela",
		"ilhabela":                "Ilhabela",
		"Campos do Jordao":        "Campos do Jordão",
		"campos_do_jordao":        "Campos do Jordão",
		"Campos do Jorda\u0303o":  "Campos do Jordão",
		"SANTO ANTÔNIO DO PINHAL": "Santo Antônio do Pinhal",
		"Camburi":                 "",
		"a":                       "",
		"  ":                      "",
	}
	for in, want := range cases {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			got, ok := hotel.Unit(in)
			if got != want || ok != (want != "") {
				t.Fatalf("Unit(%q) = %q, %v", in, got, ok)
			}
		})
	}
}

func TestParseSlug(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "ab", "Hotel", "hotel mar", "hotel/mar", "hôtel"} {
		if _, err := tenant.ParseSlug(bad); !errors.Is(err, tenant.ErrBadSlug) {
			t.Errorf("ParseSlug(%q) = %v", bad, err)
		}
	}
	if got, err := tenant.ParseSlug("pousada-do-mar-2"); err != nil || got != "pousada-do-mar-2" {
		t.Errorf("ParseSlug = %q, %v", got, err)
	}
}
