package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// CardFilter says which conversations a list shows, and in which order. Zero fields do
// not filter.
type CardFilter struct {
	Scope       user.Scope // what the reader may see; the zero Scope sees nothing
	States      []conversation.State
	Priority    conversation.Priority
	AssignedTo  id.User
	Unassigned  bool
	Unit        string
	Opportunity *bool
	Unread      bool
	Tag         uuid.UUID
	// HeardSince and HeardUntil bound when the guest last wrote: its window is open, and
	// ends soon.
	HeardSince, HeardUntil time.Time
	Search                 string // words and numbers of the guest, or words of messages

	Rising bool       // the conversation that waits longest first; else the newest
	After  *CardPlace // the page begins behind this place; Offset and the total are for others
	Limit  int
	Offset int
}

// CardPlace is where a conversation stands in the order of lists.
type CardPlace struct {
	At time.Time
	ID id.Conversation
}

// CardPage is one page of a list.
type CardPage struct {
	Cards []conversation.Card
	Total int  // in all; not counted for a page that begins behind a place
	More  bool // there are others behind it
}

// countLimit is how far lists are counted that no index counts: nobody pages through
// more, and counting a million rows for each look at a list would cost more than the list.
const countLimit = 10_000

// Cards returns a page of conversations. The statement is put together from the filters
// that are set, so that each combination gets a plan of its own: see
// docs/adr/0012-conversations.md for what serves which.
func (db *DB) Cards(ctx context.Context, tenant id.Tenant, f CardFilter) (CardPage, error) {
	w, err := db.narrowed(ctx, tenant, f)
	if err != nil || w.isEmpty {
		return CardPage{}, err
	}
	total := -1
	if f.After == nil && len(w.sources) == 0 {
		if total, err = db.countCards(ctx, tenant, w, f); err != nil || total <= f.Offset {
			return CardPage{Total: total}, err
		}
	}
	rows, err := pinned{db.app, tenant, pinTenant}.Query(ctx, w.page(f, total), w.args)
	if err != nil {
		return CardPage{}, wrap(err, "list conversations", nil)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[listedCard])
	if err != nil {
		return CardPage{}, wrap(err, "list conversations", nil)
	}
	if len(found) == 0 && f.After == nil && f.Offset > 0 { // behind the end
		total, err = db.countCards(ctx, tenant, w, f)
	}
	if err != nil {
		return CardPage{}, err
	}
	return pageOf(found, f, total)
}

// listedCard is a row of a page; Found counts all rows when they were at hand anyway.
type listedCard struct {
	sqlc.ConversationCard
	Found int
}

func pageOf(found []listedCard, f CardFilter, total int) (CardPage, error) {
	page := CardPage{Total: max(total, 0), More: len(found) > f.Limit}
	if total < 0 && len(found) > 0 {
		page.Total = found[0].Found
	}
	for _, r := range found[:min(len(found), f.Limit)] {
		card, err := cardNoun(r.ConversationCard)
		if err != nil {
			return CardPage{}, err
		}
		page.Cards = append(page.Cards, card)
	}
	return page, nil
}

// page is the statement that fetches one page and one row more. Places are found in an
// index, or sorted when sources are few; only what is shown is fetched. When the total is
// known, nothing is looked for behind the last one.
func (w *where) page(f CardFilter, total int) string {
	order, limit, offset := "DESC", f.Limit+1, f.Offset
	if f.Rising {
		order = "ASC"
	}
	if f.After != nil {
		offset = 0
	}
	if total >= 0 {
		limit = min(limit, total-offset)
	}
	places := "SELECT v.id, v.last_message_at, 0 AS found FROM conversation v WHERE " + w.text()
	if len(w.sources) > 0 {
		places = "SELECT v.id, v.last_message_at, count(*) OVER () AS found FROM (" + w.places() + ") v"
	}
	return fmt.Sprintf(`SELECT c.*, p.found FROM (%[1]s ORDER BY v.last_message_at %[2]s, v.id %[2]s LIMIT %[3]d OFFSET %[4]d) p
		CROSS JOIN LATERAL (SELECT * FROM conversation_card WHERE tenant_id = @tenant AND id = p.id OFFSET 0) c -- one by one, whatever a plan thinks
		ORDER BY p.last_message_at %[2]s, p.id %[2]s`, places, order, limit, offset)
}
