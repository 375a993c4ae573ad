package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
)

const (
	// guestsFound and messagesFound are how far a search in a list of conversations goes:
	// so many guests who fit, and the conversations of so many newest messages.
	guestsFound, messagesFound = 3_000, 300
	// fewTagged is up to how many conversations with a tag are sorted, each of which is
	// fetched for it; if there are more, the list is walked, in which one with the tag is
	// then never far.
	fewTagged = 300
	// oneByOne looks conversations up one by one: a plan cannot know how few a search
	// leads to, and would rather read all of the hotel's.
	oneByOne = " CROSS JOIN LATERAL (SELECT * FROM conversation WHERE tenant_id = @tenant AND "
)

// narrowed is whereOf for what only other tables know: tags and searches.
func (db *DB) narrowed(ctx context.Context, tenant id.Tenant, f CardFilter) (where, error) {
	w := whereOf(tenant, f)
	if f.Search != "" {
		if err := db.narrowToSearch(ctx, tenant, &w, f); err != nil {
			return w, err
		}
	}
	if f.Tag == uuid.Nil {
		return w, nil
	}
	w.args["tag"] = f.Tag
	const withTag = "SELECT conversation_id FROM conversation_tag WHERE tenant_id = @tenant AND tag_id = @tag"
	const its = " t" + oneByOne + "id = t.conversation_id OFFSET 0) v"
	tagged, err := db.countTagged(ctx, tenant, w)
	switch {
	case len(w.sources) == 0 && tagged <= fewTagged:
		w.sources = []string{"(" + withTag + ")" + its}
		return w, err
	case len(w.sources) == 0 && len(w.sorts) == 1 && len(w.others) == 0: // nothing but the tag
		w.counted = &tagged
	case len(w.sources) == 0: // walked, but counted from the tag
		counting := w
		counting.sources = []string{fmt.Sprintf("(%s LIMIT %d)", withTag, countLimit) + its}
		w.counting = &counting
	}
	// Not EXISTS: a plan for any tag would begin with all that have it, and sort them.
	w.add("(SELECT true FROM conversation_tag t WHERE t.tenant_id = @tenant AND t.conversation_id = v.id AND t.tag_id = @tag LIMIT 1)", "", nil)
	return w, err
}

func (db *DB) countTagged(ctx context.Context, tenant id.Tenant, w where) (int, error) {
	var tagged int
	err := pinned{db.app, tenant, pinTenant}.QueryRow(ctx, fmt.Sprintf(
		"SELECT count(*) FROM (SELECT FROM conversation_tag WHERE tenant_id = @tenant AND tag_id = @tag LIMIT %d) counted", countLimit), w.args).Scan(&tagged)
	return tagged, wrap(err, "count tagged conversations", nil)
}

// narrowToSearch leaves the conversations of guests whom a search finds, and those in
// which somebody said its words.
func (db *DB) narrowToSearch(ctx context.Context, tenant id.Tenant, w *where, f CardFilter) error {
	found, err := db.messagesFound(ctx, tenant, MessageSearch{Text: f.Search, Scope: f.Scope}, messagesFound)
	if err != nil {
		return err
	}
	talks := []uuid.UUID{}
	seen := map[id.Conversation]bool{}
	for _, hit := range found.hits {
		if !seen[hit.ConversationID] {
			seen[hit.ConversationID] = true
			talks = append(talks, hit.ConversationID.UUID)
		}
	}
	search := contact.SearchFor(f.Search)
	if search.IsEmpty() {
		w.isEmpty = len(talks) == 0
	}
	w.args["talks"] = talks
	w.sources = []string{"unnest(@talks::uuid[]) AS t (id)" + oneByOne + "id = t.id OFFSET 0) v"}
	if !search.IsEmpty() {
		s := statement{args: pgx.NamedArgs{}}
		guests := s.found(search, guestsFound)
		for name, value := range s.args {
			w.args[name] = value
		}
		w.sources = append(w.sources, guests+" g"+oneByOne+"contact_id = g.id OFFSET 0) v")
	}
	return nil
}
