package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// ContactFilter says which guests a list shows, and in which order.
type ContactFilter struct {
	Search contact.Search
	Order  contact.Order // the zero order is ByCreation
	Rising bool
	Limit  int
	Offset int
}

// Contacts returns a page of guests and how many there are in all: counted up to
// 10,000, or 1,000 in a search.
func (db *DB) Contacts(ctx context.Context, tenant id.Tenant, f ContactFilter) ([]contact.Record, int, error) {
	if !f.Search.IsEmpty() {
		return db.searchContacts(ctx, tenant, f)
	}
	page, _, err := db.contactPage(ctx, tenant, listStatement(tenant, f))
	if err != nil || f.Offset == 0 && len(page) < f.Limit {
		return page, len(page), err
	}
	var total int
	err = pinned{db.app, tenant, pinTenant}.QueryRow(ctx, countStatement, pgx.NamedArgs{"tenant": tenant}).Scan(&total)
	return page, total, wrap(err, "count contacts", nil)
}

// countStatement counts guests as far as lists do, without those of whom nothing is left,
// from indexes alone.
var countStatement = fmt.Sprintf(`WITH erased AS (SELECT count(*) AS n FROM contact WHERE tenant_id = @tenant AND erased_at IS NOT NULL)
SELECT count(*) - (SELECT n FROM erased) FROM (SELECT FROM contact WHERE tenant_id = @tenant LIMIT %d + (SELECT n FROM erased)) counted`, countLimit)

// Contact returns one guest, or contact.ErrNotFound.
func (db *DB) Contact(ctx context.Context, tenant id.Tenant, guest id.Contact) (contact.Record, error) {
	return firstRecord(db.ContactsByID(ctx, tenant, guest))
}

// ContactByPhone returns the guest with a phone number, or contact.ErrNotFound.
func (db *DB) ContactByPhone(ctx context.Context, tenant id.Tenant, phone contact.Phone) (contact.Record, error) {
	s := statement{args: pgx.NamedArgs{"tenant": tenant, "phone": string(phone)}}
	s.text = recordSelect("(SELECT g.*, 0 AS found, 0 AS place FROM contact_alias a JOIN contact g ON g.tenant_id = a.tenant_id AND g.id = a.contact_id " +
		"WHERE a.tenant_id = @tenant AND a.kind = 'phone' AND a.value = @phone)")
	found, _, err := db.contactPage(ctx, tenant, s)
	return firstRecord(found, err)
}

func firstRecord(found []contact.Record, err error) (contact.Record, error) {
	if err == nil && len(found) == 0 {
		err = contact.ErrNotFound
	}
	if err != nil {
		return contact.Record{}, err
	}
	return found[0], nil
}

// ContactsByID returns guests, in the order in which they are asked for.
func (db *DB) ContactsByID(ctx context.Context, tenant id.Tenant, guests ...id.Contact) ([]contact.Record, error) {
	s := statement{args: pgx.NamedArgs{"tenant": tenant, "ids": plain(guests)}}
	s.text = recordSelect("(SELECT c.*, 0 AS found, w.place FROM unnest(@ids::uuid[]) WITH ORDINALITY AS w (id, place) " +
		"JOIN contact c ON c.tenant_id = @tenant AND c.id = w.id AND c.erased_at IS NULL)")
	found, _, err := db.contactPage(ctx, tenant, s)
	return found, err
}

// ContactIDs returns which guests a list would show, at most so many, so that a long
// list can be read in parts without holding a connection.
func (db *DB) ContactIDs(ctx context.Context, tenant id.Tenant, search contact.Search, most int) ([]id.Contact, error) {
	s := statement{args: pgx.NamedArgs{"tenant": tenant}}
	from := "contact g WHERE g.tenant_id = @tenant AND g.erased_at IS NULL"
	if !search.IsEmpty() {
		from = s.found(search, everyFind) + " g"
	}
	s.text = fmt.Sprintf("SELECT g.id FROM %s ORDER BY g.created_at DESC, g.id DESC LIMIT %d", from, most)
	rows, err := pinned{db.app, tenant, pinTenant}.Query(ctx, s.text, s.args)
	if err != nil {
		return nil, wrap(err, "list contacts", nil)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[id.Contact])
	return ids, wrap(err, "list contacts", nil)
}

// ContactTotals counts the guests of a hotel: all of them about once an hour, else those
// who came since.
func (db *DB) ContactTotals(ctx context.Context, tenant id.Tenant) (contact.Totals, error) {
	r, err := db.reads(tenant).ContactTotals(ctx, tenant)
	if errors.Is(err, pgx.ErrNoRows) {
		err = db.InTx(ctx, tenant, func(tx *Tx) error {
			if err := tx.countContacts(ctx); err != nil {
				return err
			}
			r, err = tx.q.ContactTotals(ctx, tenant)
			return err
		})
	}
	return contact.Totals{All: int(r.Guests), WithConversations: int(r.WithConversations)}, wrap(err, "count contacts", nil)
}

func (tx *Tx) countContacts(ctx context.Context) error {
	fresh, err := tx.q.ContactTotalLock(ctx, tx.tenant)
	if err != nil || fresh { // somebody else has just counted
		return err
	}
	return tx.q.ContactTotalCount(ctx, tx.tenant)
}

// ContactTalks returns a page of a guest's conversations that a person sees, the newest
// first, and how many there are.
func (db *DB) ContactTalks(ctx context.Context, tenant id.Tenant, guest id.Contact, s user.Scope, limit, offset int) ([]contact.Talk, int, error) {
	rows, err := db.reads(tenant).ContactConversations(ctx, sqlc.ContactConversationsParams{
		TenantID: tenant, ContactID: guest, Everything: s.All, Opportunities: s.Opportunities, Unit: s.Unit,
		AssignedTo: s.AssignedTo.UUID, Most: int32(limit), Beyond: int32(offset),
	})
	if err != nil {
		return nil, 0, wrap(err, "list conversations of contact", nil)
	}
	talks := make([]contact.Talk, 0, len(rows))
	for _, r := range rows {
		talks = append(talks, contact.Talk{
			ID: r.ID, State: r.State, IsOpportunity: r.IsOpportunity, LastMessageAt: r.LastMessageAt, CreatedAt: r.CreatedAt,
			AssignedTo: r.AssignedTo, AssigneeName: r.AssigneeName, Messages: int(r.Messages),
		})
	}
	if offset == 0 && len(talks) < limit {
		return talks, len(talks), nil
	}
	total, err := db.reads(tenant).ContactConversationsCount(ctx, sqlc.ContactConversationsCountParams{
		TenantID: tenant, ContactID: guest, Everything: s.All, Opportunities: s.Opportunities, Unit: s.Unit, AssignedTo: s.AssignedTo.UUID,
	})
	return talks, int(total), wrap(err, "count conversations of contact", nil)
}

// ContactIsSeen reports whether a person sees any conversation of a guest.
func (tx *Tx) ContactIsSeen(ctx context.Context, guest id.Contact, s user.Scope) (bool, error) {
	if s.All {
		return true, nil
	}
	seen, err := tx.q.ContactIsSeen(ctx, sqlc.ContactIsSeenParams{
		TenantID: tx.tenant, ContactID: guest, Opportunities: s.Opportunities, Unit: s.Unit, AssignedTo: s.AssignedTo.UUID,
	})
	return seen, wrap(err, "look for conversations of contact", nil)
}

// statement is SQL with its arguments. Values only ever travel as arguments; the text is
// made of constants of this file and numbers.
type statement struct {
	pin  string // pinTenant if empty
	text string
	args pgx.NamedArgs
}

// recordSelect reads guests as contact.Record, from a relation of their rows, of how many
// were found, and of the place of each.
func recordSelect(relation string) string {
	return `SELECT g.*, coalesce(v.n, 0) AS conversations, v.id AS last_id, coalesce(v.state, '') AS last_state, v.last_message_at AS last_at
FROM ` + relation + ` g LEFT JOIN LATERAL (
  SELECT c.id, c.state, c.last_message_at, count(*) OVER () AS n FROM conversation c
  WHERE c.tenant_id = g.tenant_id AND c.contact_id = g.id ORDER BY c.last_message_at DESC, c.id DESC LIMIT 1) v ON true
ORDER BY g.place`
}

// recordRow is a row of recordSelect.
type recordRow struct {
	sqlc.Contact
	Found         int
	Place         int
	Conversations int
	LastID        uuid.NullUUID
	LastState     string
	LastAt        *time.Time
}

// contactPage reads a page, and how many the statement found, if it counts them.
func (db *DB) contactPage(ctx context.Context, tenant id.Tenant, s statement) (page []contact.Record, found int, err error) {
	rows, err := pinned{db.app, tenant, cmp.Or(s.pin, pinTenant)}.Query(ctx, s.text, s.args)
	if err != nil {
		return nil, 0, wrap(err, "list contacts", nil)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[recordRow])
	if err != nil {
		return nil, 0, wrap(err, "list contacts", nil)
	}
	page = make([]contact.Record, 0, len(all))
	for _, r := range all {
		record := contact.Record{Contact: contactNoun(r.Contact), Conversations: r.Conversations}
		if r.LastID.Valid {
			record.Last = &contact.LastConversation{
				ID: id.Conversation{UUID: r.LastID.UUID}, State: r.LastState, LastMessageAt: zeroIfNull(r.LastAt),
			}
		}
		page, found = append(page, record), r.Found
	}
	return page, found, nil
}

// sortings says for each order by what it sorts, and when a guest has no value of it:
// what the indexes of migrations/0004_contacts.sql hold, word for word.
var sortings = map[contact.Order]struct{ key, blank string }{
	contact.ByCreation:  {"created_at", ""},
	contact.ByUpdate:    {"updated_at", ""},
	contact.ByName:      {"fold(name)", "name"},
	contact.ByNumber:    {"phone", "phone"},
	contact.ByFirstName: {"fold(first_name)", "first_name"},
	contact.ByLastName:  {"fold(last_name)", "last_name"},
	contact.ByCompany:   {"fold(company_name)", "company_name"},
}

// listStatement fetches a page in the order of an index. Guests without a value follow
// those with one, the newest first, as a second part with an index of its own.
func listStatement(tenant id.Tenant, f ContactFilter) statement {
	s := statement{pin: pinOrdered, args: pgx.NamedArgs{"tenant": tenant}}
	s.page("tenant_id = @tenant", f)
	return s
}

// page selects a page of the guests for whom a condition holds and who were not erased:
// of those no value is left, so that the part with values, which may be long, need not look.
func (s *statement) page(condition string, f ContactFilter) {
	by, direction := sortingOf(f)
	page := fmt.Sprintf("LIMIT %d OFFSET %d", f.Limit, f.Offset)
	order := by.key + direction + ", id" + direction
	if by.blank == "" {
		s.text = recordSelect(fmt.Sprintf("(SELECT *, 0 AS found, row_number() OVER (ORDER BY %[2]s) AS place FROM contact WHERE %[1]s AND erased_at IS NULL ORDER BY %[2]s %[3]s)",
			condition, order, page))
		return
	}
	most := f.Limit + f.Offset
	const newest = "created_at DESC, id DESC"
	s.text = fmt.Sprintf(`WITH named AS MATERIALIZED (
  SELECT 1 AS part, row_number() OVER (ORDER BY %[1]s) AS place, id FROM contact WHERE %[2]s AND %[3]s <> '' ORDER BY %[1]s LIMIT %[4]d),
blank AS MATERIALIZED (
  SELECT 2 AS part, row_number() OVER (ORDER BY %[5]s) AS place, id FROM contact
  WHERE (SELECT count(*) FROM named) < %[4]d AND %[2]s AND erased_at IS NULL AND %[3]s = '' ORDER BY %[5]s LIMIT %[4]d),
places AS MATERIALIZED (SELECT id, row_number() OVER (ORDER BY part, place) AS place FROM (SELECT * FROM named UNION ALL SELECT * FROM blank) both_parts ORDER BY part, place %[6]s)
`, order, condition, by.blank, most, newest, page) +
		recordSelect("(SELECT c.*, 0 AS found, p.place FROM places p JOIN contact c ON c.tenant_id = @tenant AND c.id = p.id)")
}

func sortingOf(f ContactFilter) (by struct{ key, blank string }, direction string) {
	by, known := sortings[f.Order]
	if !known {
		by = sortings[contact.ByCreation]
	}
	if f.Rising {
		return by, ""
	}
	return by, " DESC"
}
