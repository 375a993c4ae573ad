package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
)

const (
	// foundLimit is how many guests a search counts. One that finds more is not what
	// anybody pages through to the end.
	foundLimit = 1_000
	// nearPages is how far into a list with too many finds its own order is walked:
	// there every few rows are a find. Further on all finds are sorted.
	nearPages = 200
	everyFind = 1_000_000
)

// searchContacts is Contacts for a search.
//
// A search is answered by the index of words, whatever the order: its finds are few
// enough to be sorted. When there are more, the order's own index is walked and each row
// compared, which ends soon for the same reason. Nobody but botreserva_system may use
// the index of words (see migrations/0004_contacts.sql), so a plan cannot choose wrongly.
func (db *DB) searchContacts(ctx context.Context, tenant id.Tenant, f ContactFilter) ([]contact.Record, int, error) {
	page, found, err := db.contactPage(ctx, tenant, searchStatement(tenant, f, foundLimit))
	if err == nil && found >= foundLimit {
		s := searchStatement(tenant, f, everyFind)
		if f.Offset <= nearPages {
			s = walkStatement(tenant, f)
		}
		page, _, err = db.contactPage(ctx, tenant, s)
		return page, foundLimit, err
	}
	if err != nil || len(page) > 0 || f.Offset == 0 {
		return page, found, err
	}
	first := f
	first.Limit, first.Offset = 1, 0
	_, found, err = db.contactPage(ctx, tenant, searchStatement(tenant, first, foundLimit))
	return nil, found, err
}

// walkStatement fetches a page of what a search finds, in the order of an index.
func walkStatement(tenant id.Tenant, f ContactFilter) statement {
	s := statement{pin: pinOrdered, args: pgx.NamedArgs{"tenant": tenant}}
	s.page("tenant_id = @tenant AND "+s.matches(f.Search), f)
	return s
}

// searchStatement fetches a page of what a search finds, at most so many in all, by the
// index of words, and counts them.
func searchStatement(tenant id.Tenant, f ContactFilter, most int) statement {
	s := statement{args: pgx.NamedArgs{"tenant": tenant}}
	by, direction := sortingOf(f)
	order := by.key + direction + ", id" + direction
	if b := by.blank; b != "" { // as page puts its two parts one after the other
		order = fmt.Sprintf("(%[1]s = ''), %[2]s%[3]s, CASE WHEN %[1]s = '' THEN created_at END DESC, CASE WHEN %[1]s = '' THEN id END DESC, id%[3]s",
			b, by.key, direction)
	}
	s.text = recordSelect(fmt.Sprintf(
		"(SELECT *, count(*) OVER () AS found, row_number() OVER (ORDER BY %[2]s) AS place FROM %[1]s finds ORDER BY %[2]s LIMIT %[3]d OFFSET %[4]d)",
		s.found(f.Search, most), order, f.Limit, f.Offset))
	return s
}

// found is the relation of the guests whom a search finds by the index of words.
func (s *statement) found(search contact.Search, most int) string {
	query, words, numbers := s.queries(search)
	return fmt.Sprintf("contacts_found(%s, %s, %s, %d)", query, words, numbers, most)
}

// matches is the condition that contacts_found checks, for rows read in another way. Words
// alone are first looked for anywhere in the text, which costs a fifth of splitting it.
func (s *statement) matches(search contact.Search) string {
	const vector = "contact_words(tenant_id, name, first_name, last_name, company_name, username, email, phone)"
	const text = "fold(name || ' ' || first_name || ' ' || last_name || ' ' || company_name || ' ' || username || ' ' || email)"
	query, words, numbers := s.queries(search)
	condition := fmt.Sprintf("%s @@ %s AND (%s IS NULL OR phone LIKE ANY (%s) OR %s @@ %s)", vector, query, numbers, numbers, vector, words)
	if search.Number == "" {
		condition = fmt.Sprintf("%s LIKE ALL (string_to_array('%%' || replace(spaced_words(@words), ' ', '%% %%') || '%%', ' ')) AND %s", text, condition)
	}
	return condition
}

// queries writes a search for the database: what the index is asked; what finds a guest
// by words alone; and the patterns that a phone number must fit when it is the number
// that finds, and is longer than the four digits that the index knows for sure.
func (s *statement) queries(search contact.Search) (query, words, numbers string) {
	s.args["words"], s.args["number"] = search.Words, search.Number
	var all []string
	if search.Words != "" && search.Number == "" {
		all = append(all, "tenant_query(@tenant, @words)")
	} else if search.Words != "" { // punctuation alone takes nothing away from the number
		all = append(all, "coalesce(tenant_query(@tenant, @words), '')")
	}
	words = "(" + strings.Join(append(all, "tenant_query(@tenant, @number)"), " && ") + ")"
	numbers = "NULL::text[]"
	if search.Number == "" {
		return all[0], "NULL::tsquery", numbers
	}
	any := []string{"coalesce(tenant_query(@tenant, @number), '')"}
	patterns := make([]string, 0, len(search.Phones))
	for i, phone := range search.Phones {
		name := fmt.Sprintf("phone%d", i)
		s.args[name] = phone
		any = append(any, "phone_query(@tenant, @"+name+")")
		patterns = append(patterns, "%"+phone+"%")
	}
	if longest(search.Phones) > 4 {
		s.args["numbers"] = patterns
		numbers = "@numbers::text[]"
	}
	return "(" + strings.Join(append(all, "("+strings.Join(any, " || ")+")"), " && ") + ")", words, numbers
}

func longest(texts []string) int {
	n := 0
	for _, text := range texts {
		n = max(n, len(text))
	}
	return n
}
