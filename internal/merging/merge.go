package merging

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Merge makes one of two guests: the survivor takes over the aliases, conversations and
// messages of the other, and what only the other's row says; the other goes.
//
// Nothing that a guest writes at this moment is lost. The rows of both guests are locked,
// which nobody who gives one of them a conversation or an alias gets by, and then their
// conversations, which nobody gets by who stores a message. The inbox, which looked the
// guest up before, finds the guest gone and looks again.
func (m *Merger) Merge(ctx context.Context, tenant id.Tenant, by user.User, survivor, absorbed id.Contact) (Done, error) {
	if survivor == absorbed {
		return Done{}, contact.ErrSelf
	}
	var done Done
	err := m.inTx(ctx, tenant, func(tx *postgres.Tx) error {
		j, err := m.join(ctx, tx, survivor, absorbed)
		if err != nil {
			return err
		}
		if err := j.carryOut(ctx); err != nil {
			return err
		}
		done, err = j.note(ctx, by)
		return err
	})
	return done, err
}

// joining is a merge inside its transaction.
type joining struct {
	tx       *postgres.Tx
	now      time.Time
	survivor contact.Contact
	absorbed contact.Contact
	cards    []conversation.Card // of both
	s        snapshot
}

// join locks what a merge is about, and says what is to be done about replies and about
// two conversations that go on.
func (m *Merger) join(ctx context.Context, tx *postgres.Tx, survivor, absorbed id.Contact) (*joining, error) {
	guests, err := tx.LockContacts(ctx, survivor, absorbed)
	if err != nil {
		return nil, err
	}
	if len(guests) != 2 {
		return nil, contact.ErrNotFound
	}
	if guests[0].ID != survivor {
		guests[0], guests[1] = guests[1], guests[0]
	}
	j := &joining{tx: tx, survivor: guests[0], absorbed: guests[1]}
	if j.cards, err = tx.LockCardsOf(ctx, survivor, absorbed); err != nil {
		return nil, err
	}
	// Everything that is there by now was before the merge, what is stored later after it.
	j.now = m.clock.Now().UTC().Truncate(time.Microsecond)
	j.s = snapshot{Before: j.survivor, Absorbed: j.absorbed}
	if j.s.Aliases, err = tx.AliasesOf(ctx, survivor, absorbed); err != nil {
		return nil, err
	}
	for _, c := range j.cards {
		if c.ContactID == absorbed {
			j.s.Theirs = append(j.s.Theirs, c.ID)
		} else {
			j.s.Ours = append(j.s.Ours, c.ID)
		}
	}
	j.choose()
	return j, nil
}

// choose decides between two conversations that go on: the one ends whose guest wrote
// last longer ago. Replies go to whoever wrote in the one that goes on, because there
// WhatsApp's window is open.
func (j *joining) choose() {
	var kept, closed *conversation.Card
	var latest conversation.Conversation
	for i := range j.cards {
		c := &j.cards[i]
		if latest.ID.IsZero() || latest.WroteBefore(c.Conversation) {
			latest = c.Conversation
		}
		switch {
		case !c.State.IsActive():
		case kept == nil:
			kept = c
		case kept.WroteBefore(c.Conversation):
			kept, closed = c, kept
		default:
			closed = c
		}
	}
	j.s.Address = j.survivor.ID
	switch {
	case kept != nil:
		j.s.Address = kept.ContactID
	case !latest.ID.IsZero():
		j.s.Address = latest.ContactID
	}
	if closed != nil {
		j.s.Kept, j.s.Closed = &change{Before: kept.Conversation}, &change{Before: closed.Conversation}
	}
}

func (j *joining) card(c id.Conversation) *conversation.Card {
	i := slices.IndexFunc(j.cards, func(card conversation.Card) bool { return card.ID == c })
	return &j.cards[i]
}

// carryOut writes the merge. Of two conversations that go on one is closed before both
// are one guest's, who may have only one.
func (j *joining) carryOut(ctx context.Context) error {
	if j.s.Closed != nil {
		if err := j.closeOne(ctx); err != nil {
			return err
		}
	}
	if err := j.tx.GiveConversations(ctx, j.survivor.ID, j.s.Theirs...); err != nil {
		return err
	}
	if err := j.tx.GiveAliases(ctx, given(j.s.Aliases, j.survivor.ID)...); err != nil {
		return err
	}
	address := j.survivor
	if j.s.Address == j.absorbed.ID {
		address = j.absorbed
	}
	after := j.survivor.Absorb(j.absorbed, address)
	after.UpdatedAt = j.now
	if err := j.tx.RewriteContact(ctx, after); err != nil {
		return err
	}
	if err := j.tx.DeleteContact(ctx, j.absorbed.ID); err != nil {
		return err
	}
	return j.lookBack(ctx)
}

// given returns aliases as those of one guest, with whose they were.
func given(aliases []contact.OwnedAlias, to id.Contact) []contact.OwnedAlias {
	out := slices.Clone(aliases)
	for i := range out {
		if out[i].Origin.IsZero() {
			out[i].Origin = out[i].Contact
		}
		out[i].Contact = to
	}
	return out
}

// closeOne closes one of two conversations, and lets what was under way in it go on in
// the other.
func (j *joining) closeOne(ctx context.Context) error {
	kept, closed := j.card(j.s.Kept.Before.ID), j.card(j.s.Closed.Before.ID)
	moved, err := j.tx.MoveEscalations(ctx, closed.ID, kept.ID)
	if err != nil {
		return err
	}
	under := closed.Conversation
	if len(moved) == 0 {
		under.EscalatedAt = time.Time{}
	}
	kept.Conversation = kept.TakeOver(under, j.now)
	closed.Conversation = closed.MergedInto(kept.ID, j.now)
	if err := j.tx.SaveConversations(ctx, kept.Conversation, closed.Conversation); err != nil {
		return err
	}
	for _, e := range moved {
		j.s.Escalations = append(j.s.Escalations, e.ID)
		j.tx.Emit(event.Event{Name: event.EscalationUpdated, Card: kept, Escalation: &e})
	}
	for _, tag := range closed.Tags {
		if slices.Contains(kept.Tags, tag) {
			continue
		}
		j.s.Tags = append(j.s.Tags, tag.ID)
		if err := j.tx.AttachTag(ctx, kept.ID, tag.ID); err != nil {
			return err
		}
	}
	return nil
}

// lookBack reads what was written, as the database has it: undoing compares with it.
func (j *joining) lookBack(ctx context.Context) error {
	guests, err := j.tx.LockContacts(ctx, j.survivor.ID)
	if err != nil {
		return err
	}
	j.s.After = guests[0]
	if j.s.Closed == nil {
		return nil
	}
	cards, err := j.tx.Cards(ctx, j.s.Kept.Before.ID, j.s.Closed.Before.ID)
	if err != nil {
		return err
	}
	for _, c := range cards {
		for _, change := range []*change{j.s.Kept, j.s.Closed} {
			if change.Before.ID == c.ID {
				change.After = c.Conversation
				change.Before.LastMessage, change.After.LastMessage = nil, nil
			}
		}
	}
	return nil
}

// note stores the record of the merge, and tells screens and the audit log.
func (j *joining) note(ctx context.Context, by user.User) (Done, error) {
	text, err := json.Marshal(j.s)
	if err != nil {
		return Done{}, fmt.Errorf("write snapshot: %w", err)
	}
	m := contact.Merge{
		ID: uuid.Must(uuid.NewV7()), Survivor: j.survivor.ID, Absorbed: j.absorbed.ID, By: by.ID.String(), At: j.now, Snapshot: text,
	}
	if err := j.tx.InsertMerge(ctx, m); err != nil {
		return Done{}, err
	}
	changed := slices.Clone(j.s.Theirs)
	detail := map[string]any{"mergeId": m.ID, "absorbedId": j.absorbed.ID, "conversations": len(j.s.Theirs)}
	if j.s.Closed != nil {
		changed = append(changed, j.s.Kept.Before.ID, j.s.Closed.Before.ID)
		detail["closedConversationId"] = j.s.Closed.Before.ID
	}
	after := j.s.After
	j.tx.Emit(
		event.Event{Name: event.ContactUpdated, Contact: &after},
		event.Event{Name: event.ContactDeleted, Contact: &contact.Contact{ID: j.absorbed.ID}},
	)
	if err := tell(ctx, j.tx, j.cards, changed); err != nil {
		return Done{}, err
	}
	return j.s.done(m), j.tx.Audit(ctx, postgres.Entry{
		Actor: m.By, Action: "MERGE_CONTACTS", Entity: "contact", EntityID: j.survivor.ID.String(), Detail: detail, At: j.now,
	})
}

// tell tells screens of conversations as they are now. before is as they were: people may
// have lost sight of one that was closed.
func tell(ctx context.Context, tx *postgres.Tx, before []conversation.Card, changed []id.Conversation) error {
	slices.SortFunc(changed, func(a, b id.Conversation) int { return slices.Compare(a.UUID[:], b.UUID[:]) })
	changed = slices.Compact(changed)
	if len(changed) == 0 {
		return nil
	}
	cards, err := tx.Cards(ctx, changed...)
	if err != nil {
		return err
	}
	for _, c := range cards {
		e := event.Event{Name: event.ConversationNew, Card: &c}
		for i := range before {
			if before[i].ID == c.ID {
				e.Name, e.Before = event.ConversationUpdated, &before[i]
			}
		}
		tx.Emit(e)
	}
	return nil
}
