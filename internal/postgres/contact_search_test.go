package postgres_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// addGuests makes guests as people enter them.
func addGuests(t *testing.T, db *postgres.DB, tenant id.Tenant, guests ...contact.Contact) {
	t.Helper()
	now := time.Now()
	pgtest.InTx(t, db, tenant, func(tx *postgres.Tx) error {
		for i := range guests {
			guests[i].ID = id.NewContact()
		}
		return tx.AddContacts(within(t), now, guests...)
	})
}

func namesOf(records []contact.Record) []string {
	names := make([]string, 0, len(records))
	for _, r := range records {
		names = append(names, r.Name)
	}
	return names
}

// TestSearchOfContacts: how people look a guest up.
func TestSearchOfContacts(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	ours, others := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	for _, tenant := range []id.Tenant{ours.ID, others.ID} {
		addGuests(
			t, db, tenant,
			contact.Contact{Name: "João da Silva", Phone: "5581987654321", Email: "joao.silva@example.com"},
			contact.Contact{Name: "Maria José Araújo", Phone: "5511912345678", CompanyName: "Agência Sol & Mar"},
			contact.Contact{Name: "Quarto 302", Phone: "351912345678", FirstName: "Zoë", LastName: "Müller"},
			contact.Contact{Name: "José", Phone: "551133334444", Email: "recepcao@hotel-azul.com.br"},
		)
	}
	cases := map[string][]string{
		"joao":                       {"João da Silva"},
		"SILVA jo":                   {"João da Silva"},
		"jose":                       {"José", "Maria José Araújo"},
		"araujo mar":                 {"Maria José Araújo"},
		"agencia sol":                {"Maria José Araújo"},
		"zoe":                        {"Quarto 302"},
		"muller":                     {"Quarto 302"},
		"joao.silva@ex":              {"João da Silva"},
		"hotel-azul":                 {"José"},
		"302":                        {"Quarto 302"},
		"quarto 302":                 {"Quarto 302"},
		"98765":                      {"João da Silva"},
		"4321":                       {"João da Silva"},
		"21":                         {"João da Silva"},
		"+55 (81) 98765-4321":        {"João da Silva"},
		"81 8765-4321":               {"João da Silva"},
		"081 98765 4321":             {"João da Silva"},
		"558187654321":               {"João da Silva"},
		"55 81 8765":                 {"João da Silva"},
		"12345678":                   {"Maria José Araújo", "Quarto 302"},
		"912345678":                  {"Maria José Araújo", "Quarto 302"},
		"maria 12345":                {"Maria José Araújo"},
		"3333-4444":                  {"José"},
		"- 3333":                     {"José"},
		"ilva":                       {},
		"joao souza":                 {},
		"98765 4322":                 {},
		"876598":                     {}, // every run of four is there, the number is not
		"'; DROP TABLE contact; --":  {},
		"' | 'a":                     {"José", "Maria José Araújo"},
		"&!|:*()":                    {},
		"%":                          {},
		"\\":                         {},
		strings.Repeat("9", 200):     {},
		"joao:* | maria":             {},
		strings.Repeat("silva ", 33): {"João da Silva"},
		"ＪＯÃＯ":                       {"João da Silva"},
		"８１９８７６５":                    {"João da Silva"},
	}
	for typed, want := range cases {
		t.Run(fmt.Sprintf("%.30q", typed), func(t *testing.T) {
			t.Parallel()
			f := postgres.ContactFilter{Search: contact.SearchFor(typed), Order: contact.ByName, Rising: true, Limit: 10}
			got, total, err := db.Contacts(within(t), ours.ID, f)
			must(t, err)
			if diff := cmp.Diff(want, namesOf(got)); diff != "" || total != len(want) {
				t.Errorf("total %d (-want +got):\n%s", total, diff)
			}
			for way, s := range postgres.ContactStatements(ours.ID, f) {
				page, err := postgres.ContactPage(within(t), db, ours.ID, s)
				must(t, err)
				if diff := cmp.Diff(want, namesOf(page)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", way, diff)
				}
			}
		})
	}
}

// TestBothWaysOfSearchingAgree: walking an order's index and sorting what the index of
// words finds show the same pages, so that it cannot be seen which one was taken.
func TestBothWaysOfSearchingAgree(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	h := pgtest.Tenant(t, db)
	var guests []contact.Contact
	for i := range 120 {
		g := contact.Contact{Phone: contact.Phone(fmt.Sprintf("55119%08d", i*7919%100000000))}
		if i%3 > 0 {
			g.Name = []string{"Ana", "ana", "Ána", "Beto", "Caê"}[i%5] + fmt.Sprint(" ", i%11)
		}
		if i%4 == 0 {
			g.CompanyName = []string{"Sol", "Mar", "sol"}[i%3]
		}
		guests = append(guests, g)
	}
	for i := range guests { // each with a time of its own, but for some
		addGuests(t, db, h.ID, guests[i])
	}
	orders := []contact.Order{contact.ByCreation, contact.ByUpdate, contact.ByName, contact.ByNumber, contact.ByFirstName, contact.ByLastName, contact.ByCompany}
	rapid.Check(t, func(r *rapid.T) {
		f := postgres.ContactFilter{
			Search: contact.SearchFor(rapid.SampledFrom([]string{"1", "119", "ana", "an 1", "sol", "5", "b", "79", "0000"}).Draw(r, "search")),
			Order:  rapid.SampledFrom(orders).Draw(r, "order"), Rising: rapid.Bool().Draw(r, "rising"),
			Limit: rapid.IntRange(1, 40).Draw(r, "limit"), Offset: rapid.IntRange(0, 130).Draw(r, "offset"),
		}
		ways := postgres.ContactStatements(h.ID, f)
		words, err := postgres.ContactPage(within(t), db, h.ID, ways["words"])
		must(t, err)
		walk, err := postgres.ContactPage(within(t), db, h.ID, ways["walk"])
		must(t, err)
		if diff := cmp.Diff(words, walk); diff != "" {
			r.Fatalf("(-words +walk):\n%s", diff)
		}
	})
}

// TestOrdersOfContacts: guests without a value come last, whichever way the list runs,
// and pages follow each other without gaps.
func TestOrdersOfContacts(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	h := pgtest.Tenant(t, db)
	addGuests(
		t, db, h.ID,
		contact.Contact{Name: "zé", Phone: "5511900000001", CompanyName: "Beta"},
		contact.Contact{Name: "Ána", Phone: "5511900000002"},
		contact.Contact{Name: "", Phone: "5511900000003", CompanyName: "alfa"},
		contact.Contact{Name: "bia", Phone: "5511900000004"},
	)
	cases := map[string]struct {
		order  contact.Order
		rising bool
		want   []string
	}{
		"by name":              {contact.ByName, true, []string{"Ána", "bia", "zé", ""}},
		"by name, falling":     {contact.ByName, false, []string{"zé", "bia", "Ána", ""}},
		"by number":            {contact.ByNumber, true, []string{"zé", "Ána", "", "bia"}},
		"by company":           {contact.ByCompany, true, []string{"", "zé", "bia", "Ána"}},
		"by company, falling":  {contact.ByCompany, false, []string{"zé", "", "bia", "Ána"}},
		"by nothing that is":   {"password", false, []string{"bia", "", "Ána", "zé"}},
		"by creation, falling": {contact.ByCreation, false, []string{"bia", "", "Ána", "zé"}},
		"by creation":          {contact.ByCreation, true, []string{"zé", "Ána", "", "bia"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for page := range 5 {
				records, total, err := db.Contacts(within(t), h.ID, postgres.ContactFilter{Order: c.order, Rising: c.rising, Limit: 1, Offset: page})
				must(t, err)
				got = append(got, namesOf(records)...)
				if total != 4 {
					t.Errorf("page %d: total %d", page, total)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestNobodyMakesTheirOwnSearch: the function that reads past row-level security reads
// the pinned tenant, whatever it is asked, and nothing without one.
func TestNobodyMakesTheirOwnSearch(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	ours, others := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	addGuests(t, db, others.ID, contact.Contact{Name: "Ana", Phone: "5511900000001"})
	conn, err := db.App().Acquire(within(t))
	must(t, err)
	defer conn.Release()
	const sql = "SELECT name FROM contacts_found(tenant_query($1, 'ana'), NULL, NULL, 10)"
	if _, err := conn.Exec(within(t), sql, others.ID); err == nil {
		t.Error("a connection without a tenant was answered")
	}
	tx, err := conn.Begin(within(t))
	must(t, err)
	defer func() { _ = tx.Rollback(within(t)) }()
	_, err = tx.Exec(within(t), "SELECT set_config('app.tenant_id', $1, true)", ours.ID.String())
	must(t, err)
	if found := texts(t, tx.Conn(), sql, others.ID); len(found) > 0 {
		t.Errorf("another tenant's guests: %v", found)
	}
	owner := pgtest.Owner(t, db)
	if made := texts(t, owner, `SELECT proname::text FROM pg_proc WHERE prosecdef AND (proacl IS NULL OR proacl::text ~ '[{,]=X')`); len(made) > 0 {
		t.Errorf("everybody may call %v", made)
	}
	if slices.Contains(texts(t, owner, "SELECT 'yes' WHERE has_schema_privilege('botreserva_system', 'public', 'CREATE')"), "yes") {
		t.Error("botreserva_system may make things in the schema")
	}
}

// TestTotalsAreOfOneHotel counts guests, and those who wrote.
func TestTotalsAreOfOneHotel(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	ours, others := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	addGuests(t, db, others.ID, contact.Contact{Name: "Ana", Phone: "5511900000001"})
	addGuests(t, db, ours.ID, contact.Contact{Name: "Bia", Phone: "5511900000001"}, contact.Contact{Name: "Caê", Phone: "5511900000002"})
	guest := pgtest.Contact(t, db, ours.ID)
	pgtest.Conversation(t, db, ours, pgtest.With(guest))
	got, err := db.ContactTotals(within(t), ours.ID)
	must(t, err)
	if want := (contact.Totals{All: 3, WithConversations: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
