package merging

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Undo makes two guests again of one that was merged: everything is as it was before,
// what was changed since stays changed, and what came since stays with the survivor unless
// it came by an alias of the absorbed guest. Of several merges of a guest the last is undone
// first. It returns contact.ErrNoMerge, ErrUndone, ErrFinal or ErrLaterFirst.
func (m *Merger) Undo(ctx context.Context, tenant id.Tenant, by user.User, merge uuid.UUID) (Done, error) {
	var done Done
	err := m.inTx(ctx, tenant, func(tx *postgres.Tx) error {
		p, err := m.part(ctx, tx, merge)
		if err != nil {
			return err
		}
		if err := p.carryOut(ctx); err != nil {
			return err
		}
		if err := p.note(ctx, by); err != nil {
			return err
		}
		done = p.s.done(p.m)
		return nil
	})
	return done, err
}

// parting is an undoing inside its transaction.
type parting struct {
	tx       *postgres.Tx
	now      time.Time
	m        contact.Merge
	s        snapshot
	survivor contact.Contact
	was      []conversation.Card
	cards    map[id.Conversation]*conversation.Conversation
	shares   shares
	changed  map[id.Conversation]bool // to be saved
	moved    int                      // messages
}

// part locks what an undoing is about, or says why there is none.
func (m *Merger) part(ctx context.Context, tx *postgres.Tx, merge uuid.UUID) (*parting, error) {
	p := &parting{tx: tx, cards: map[id.Conversation]*conversation.Conversation{}, changed: map[id.Conversation]bool{}}
	var err error
	if p.m, err = tx.LockMerge(ctx, merge); err != nil {
		return nil, err
	}
	if err := p.isPossible(ctx, m.clock.Now()); err != nil {
		return nil, err
	}
	if p.s, err = read(p.m); err != nil {
		return nil, err
	}
	guests, err := tx.LockContacts(ctx, p.m.Survivor)
	if err != nil {
		return nil, err
	}
	if len(guests) == 0 {
		return nil, contact.ErrFinal
	}
	p.survivor = guests[0]
	if p.was, err = tx.LockCardsOf(ctx, p.m.Survivor); err != nil {
		return nil, err
	}
	p.now = m.clock.Now().UTC().Truncate(time.Microsecond)
	var ids []id.Conversation
	for _, c := range p.was {
		ids = append(ids, c.ID)
		p.cards[c.ID] = &c.Conversation
	}
	said, err := tx.SaidSince(ctx, p.m.At, ids...)
	if err != nil {
		return nil, err
	}
	p.shares = p.s.apportion(ids, said)
	return p, nil
}

func (p *parting) isPossible(ctx context.Context, now time.Time) error {
	if !p.m.UndoneAt.IsZero() {
		return contact.ErrUndone
	}
	later, err := p.tx.LaterMerge(ctx, p.m)
	if err != nil {
		return err
	}
	if later != uuid.Nil {
		return contact.ErrLaterFirst.With(fault.Detail{Path: "mergeId", Message: later.String()})
	}
	if !p.m.CanBeUndone(now) {
		return contact.ErrFinal
	}
	return nil
}

func (p *parting) carryOut(ctx context.Context) error {
	if err := p.guests(ctx); err != nil {
		return err
	}
	var theirs []id.Conversation
	for c, is := range p.shares.theirs {
		if is {
			theirs = append(theirs, c)
			p.cards[c].ContactID = p.m.Absorbed
		}
	}
	if err := p.tx.GiveConversations(ctx, p.m.Absorbed, theirs...); err != nil {
		return err
	}
	if err := p.goOnInBoth(ctx); err != nil {
		return err
	}
	if err := p.moveMessages(ctx); err != nil {
		return err
	}
	var save []conversation.Conversation
	for c := range p.changed {
		save = append(save, *p.cards[c])
	}
	return p.tx.SaveConversations(ctx, save...)
}

// guests makes the absorbed guest again, and gives both what is theirs.
func (p *parting) guests(ctx context.Context) error {
	aliases, err := p.tx.AliasesOf(ctx, p.m.Survivor)
	if err != nil {
		return err
	}
	aliases = p.s.apart(aliases)
	survivor, absorbed := p.s.people(p.survivor, aliases)
	if err := p.tx.RestoreContact(ctx, absorbed); err != nil {
		return err
	}
	if err := p.tx.GiveAliases(ctx, aliases...); err != nil {
		return err
	}
	return p.tx.RewriteContact(ctx, survivor)
}

// people returns both guests as they are when they are two again. Addresses that were
// learned since are whose the aliases are.
func (s snapshot) people(now contact.Contact, aliases []contact.OwnedAlias) (survivor, absorbed contact.Contact) {
	gone := map[contact.Alias]bool{}
	for _, a := range aliases {
		if a.Contact == s.Absorbed.ID {
			gone[a.Alias] = true
		}
	}
	survivor, absorbed = now.Without(s.Before, s.After), s.Absorbed
	if gone[contact.Alias{Kind: contact.ByPhone, Value: string(survivor.Phone)}] {
		survivor.Phone = s.Before.Phone
	}
	if gone[contact.Alias{Kind: contact.ByPhone, Value: string(contact.Canonical(survivor.WAID))}] {
		survivor.WAID, absorbed.WAID = s.Before.WAID, survivor.WAID
	}
	if gone[contact.Alias{Kind: contact.ByBSUID, Value: survivor.BSUID}] {
		survivor.BSUID, absorbed.BSUID = s.Before.BSUID, survivor.BSUID
	}
	return survivor, absorbed
}

// goOnInBoth opens the conversation again that the merge closed, unless its guest has
// another one by now, and gives it back what went to the other.
func (p *parting) goOnInBoth(ctx context.Context) error {
	if p.s.Closed == nil {
		return nil
	}
	kept, closed := p.cards[p.s.Kept.Before.ID], p.cards[p.s.Closed.Before.ID]
	untouched := closed != nil && closed.State == p.s.Closed.After.State && closed.ClosedAt.Equal(p.s.Closed.After.ClosedAt)
	opens := untouched && p.active(p.shares.theirs[closed.ID]) == nil
	if opens {
		*closed = closed.Without(p.s.Closed.Before, p.s.Closed.After, p.now)
		p.changed[closed.ID] = true
	}
	if kept == nil {
		return nil
	}
	*kept = kept.Without(p.s.Kept.Before, p.s.Kept.After, p.now)
	p.changed[kept.ID] = true
	for _, tag := range p.s.Tags {
		if err := p.tx.DetachTag(ctx, kept.ID, tag); err != nil {
			return err
		}
	}
	if !opens {
		return nil
	}
	_, err := p.tx.MoveEscalationsBack(ctx, kept.ID, closed.ID, p.s.Escalations)
	return err
}

// active is the conversation that goes on with one of the guests, if there is one.
func (p *parting) active(theirs bool) *conversation.Conversation {
	for c, card := range p.cards {
		if card.State.IsActive() && p.shares.theirs[c] == theirs {
			return card
		}
	}
	return nil
}

// moveMessages puts what was said since where it belongs.
func (p *parting) moveMessages(ctx context.Context) error {
	var counted []id.Conversation
	for _, move := range p.shares.moves {
		home, err := p.home(ctx, move)
		if err != nil {
			return err
		}
		ids := make([]id.Message, 0, len(move.messages))
		for _, m := range move.messages {
			ids = append(ids, m.ID)
		}
		if err := p.tx.MoveMessages(ctx, *home, ids...); err != nil {
			return err
		}
		p.moved += len(ids)
		recount(p.cards[move.from], home, move.messages)
		p.changed[move.from], p.changed[home.ID] = true, true
		counted = append(counted, move.from, home.ID)
	}
	if len(counted) == 0 {
		return nil
	}
	shown, err := p.tx.ShownOf(ctx, counted...)
	for _, c := range counted {
		show(p.cards[c], shown[c])
	}
	return err
}

// home is where messages of a guest go: the conversation that goes on with them, or else
// a new one like that in which they stand.
func (p *parting) home(ctx context.Context, of move) (*conversation.Conversation, error) {
	if c := p.active(of.toTheirs); c != nil {
		return c, nil
	}
	from, owner := p.cards[of.from], p.m.Survivor
	if of.toTheirs {
		owner = p.m.Absorbed
	}
	c := conversation.Begin(owner, from.Source, from.Unit, of.messages[0].CreatedAt)
	c.NumberID, c.State, c.ClosedAt, c.Lock, c.AssignedTo = from.NumberID, from.State, from.ClosedAt, from.Lock, from.AssignedTo
	c.LastMessageAt = c.CreatedAt
	p.cards[c.ID], p.shares.theirs[c.ID] = &c, of.toTheirs
	return &c, p.tx.InsertConversations(ctx, c)
}

// recount keeps what is unread, and when guests last wrote, right where messages left and
// where they came.
func recount(from, to *conversation.Conversation, messages []postgres.Arrived) {
	for _, m := range messages {
		if m.Direction != message.Inbound || m.Kind == message.Reaction {
			continue
		}
		if m.Status != message.Read {
			*from = from.MarkRead(1)
			to.Unread++
		}
		if !m.Timestamp.Before(from.LastInboundAt) {
			from.LastInboundAt = time.Time{} // looked for anew
		}
		if m.Timestamp.After(to.LastInboundAt) {
			to.LastInboundAt = m.Timestamp
		}
	}
}

func show(c *conversation.Conversation, s postgres.Shown) {
	c.LastMessage = s.Last
	if s.Last != nil {
		c.LastMessageAt = s.Last.Timestamp
	}
	if s.Heard.After(c.LastInboundAt) {
		c.LastInboundAt = s.Heard
	}
}

// note ends the merge, and tells screens and the audit log.
func (p *parting) note(ctx context.Context, by user.User) error {
	p.m.UndoneAt, p.m.UndoneBy = p.now, by.ID.String()
	if err := p.tx.EndMerge(ctx, p.m); err != nil {
		return err
	}
	guests, err := p.tx.LockContacts(ctx, p.m.Survivor, p.m.Absorbed)
	if err != nil {
		return err
	}
	for i := range guests {
		name := event.ContactUpdated
		if guests[i].ID == p.m.Absorbed {
			name = event.ContactCreated
		}
		p.tx.Emit(event.Event{Name: name, Contact: &guests[i]})
	}
	changed := slices.Collect(maps.Keys(p.changed))
	for c, is := range p.shares.theirs {
		if is {
			changed = append(changed, c)
		}
	}
	if err := tell(ctx, p.tx, p.was, changed); err != nil {
		return err
	}
	return p.tx.Audit(ctx, postgres.Entry{
		Actor: p.m.UndoneBy, Action: "UNDO_MERGE", Entity: "contact", EntityID: p.m.Survivor.String(), At: p.now,
		Detail: map[string]any{"mergeId": p.m.ID, "absorbedId": p.m.Absorbed, "messagesMoved": p.moved},
	})
}
