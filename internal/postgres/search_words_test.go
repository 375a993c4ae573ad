package postgres_test

import (
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestWordsAreFoundByWhatPeopleType: accents, case, punctuation and the ends of words
// do not matter; another tenant's words do.
func TestWordsAreFoundByWhatPeopleType(t *testing.T) {
	t.Parallel()
	owner := pgtest.Owner(t, pgtest.DB(t))
	ours, others := id.NewTenant(), id.NewTenant()
	cases := []struct {
		text, typed string
		as          id.Tenant
		want        bool
	}{
		{"João da Silva", "joao", ours, true},
		{"João da Silva", "SIL jo", ours, true},
		{"JOÃO DA SILVA", "joão", ours, true},
		{"Joa\u0303o", "joão", ours, true}, // as a Mac writes it
		{"João da Silva", "ilva", ours, false},
		{"João da Silva", "joão souza", ours, false},
		{"João da Silva", "joao", others, false},
		{"ana.souza@example.com", "ana.souza@exam", ours, true},
		{"“Quarto 302” – vista", "'302' :*|!&", ours, true},
		{"Łukasz Ødegård", "lukasz odegard", ours, true},
		{"Ива́н 北京 🏨", "Ива 北 🏨", ours, true},
		{"ＡＮＡ", "ana", ours, true},
		{"anything", " \t.,;'\\ ", ours, false},
		{"", "a", ours, false},
		{strings.Repeat("a", 5000), strings.Repeat("a", 45), ours, true}, // cut, not refused
	}
	for _, c := range cases {
		var got bool
		must(t, owner.QueryRow(within(t), "SELECT coalesce(tenant_words($1, $2) @@ tenant_query($3, $4), false)",
			ours, c.text, c.as, c.typed).Scan(&got))
		if got != c.want {
			t.Errorf("%.40q searched for %.40q: %t", c.text, c.typed, got)
		}
	}
}
