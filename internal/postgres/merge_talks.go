package postgres

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// LockCardsOf locks and returns all conversations of guests, whatever their state.
func (tx *Tx) LockCardsOf(ctx context.Context, guests ...id.Contact) ([]conversation.Card, error) {
	ids, err := tx.q.ConversationsLockOf(ctx, sqlc.ConversationsLockOfParams{TenantID: tx.tenant, ContactIds: plain(guests)})
	if err != nil || len(ids) == 0 {
		return nil, wrap(err, "lock conversations of guests", nil)
	}
	cards, err := tx.Cards(ctx, ids...)
	return tx.next(cards), err
}

// GiveConversations gives conversations that were locked before, and their messages, to
// another guest.
func (tx *Tx) GiveConversations(ctx context.Context, to id.Contact, conversations ...id.Conversation) error {
	if len(conversations) == 0 {
		return nil
	}
	err := tx.q.ConversationsGive(ctx, sqlc.ConversationsGiveParams{TenantID: tx.tenant, ContactID: to, Ids: plain(conversations)})
	if err != nil {
		return wrap(err, "give conversations", nil)
	}
	err = tx.q.MessagesFollow(ctx, sqlc.MessagesFollowParams{TenantID: tx.tenant, ContactID: to, ConversationIds: plain(conversations)})
	return wrap(err, "give messages", nil)
}

// MoveMessages puts messages into another conversation.
func (tx *Tx) MoveMessages(ctx context.Context, to conversation.Conversation, messages ...id.Message) error {
	err := tx.q.MessagesMove(ctx, sqlc.MessagesMoveParams{
		TenantID: tx.tenant, ConversationID: to.ID, ContactID: to.ContactID, Ids: plain(messages),
	})
	return wrap(err, "move messages", nil)
}

// Arrived is a message, and by whose alias it came.
type Arrived struct {
	message.Message
	Origin id.Contact // zero unless it was noted
}

// SaidSince returns what was stored in conversations since a moment, in order, and what
// came by an alias of merged guests.
func (tx *Tx) SaidSince(ctx context.Context, since time.Time, conversations ...id.Conversation) ([]Arrived, error) {
	rows, err := tx.q.MessagesSince(ctx, sqlc.MessagesSinceParams{TenantID: tx.tenant, ConversationIds: plain(conversations), Since: since})
	if err != nil {
		return nil, wrap(err, "list messages since", nil)
	}
	said := make([]Arrived, 0, len(rows))
	for _, r := range rows {
		m, err := messageNoun(r.Message)
		if err != nil {
			return nil, err
		}
		said = append(said, Arrived{m, r.OriginID})
	}
	return said, nil
}

// Shown is what a list shows of a conversation's messages.
type Shown struct {
	Last  *conversation.Preview // nil: there is none
	Heard time.Time             // when the guest last wrote; zero: never
}

// ShownOf looks anew for what lists show of conversations.
func (tx *Tx) ShownOf(ctx context.Context, conversations ...id.Conversation) (map[id.Conversation]Shown, error) {
	rows, err := tx.q.MessagesShown(ctx, sqlc.MessagesShownParams{TenantID: tx.tenant, ConversationIds: plain(conversations)})
	if err != nil {
		return nil, wrap(err, "find last messages", nil)
	}
	shown := make(map[id.Conversation]Shown, len(conversations))
	for _, r := range rows {
		m, err := messageNoun(r)
		if err != nil {
			return nil, err
		}
		p := m.Preview()
		shown[m.ConversationID] = Shown{Last: &p}
	}
	heard, err := tx.q.MessagesHeard(ctx, sqlc.MessagesHeardParams{TenantID: tx.tenant, ConversationIds: plain(conversations)})
	for _, r := range heard {
		key := id.Conversation{UUID: r.ConversationID}
		s := shown[key]
		s.Heard = r.Timestamp
		shown[key] = s
	}
	return shown, wrap(err, "find when guests last wrote", nil)
}

// NoteOrigins notes by whose aliases messages came.
func (tx *Tx) NoteOrigins(ctx context.Context, now time.Time, origins map[id.Message]id.Contact) error {
	if len(origins) == 0 {
		return nil
	}
	p := sqlc.OriginsNoteParams{TenantID: tx.tenant, NotedAt: now}
	for m, origin := range origins {
		p.MessageIds = append(p.MessageIds, m.UUID)
		p.OriginIds = append(p.OriginIds, origin.UUID)
	}
	return wrap(tx.q.OriginsNote(ctx, p), "note origins", nil)
}

// MoveEscalations lets what is open in one conversation be open in another, and returns it.
func (tx *Tx) MoveEscalations(ctx context.Context, from, to id.Conversation) ([]escalation.Escalation, error) {
	rows, err := tx.q.EscalationsMove(ctx, sqlc.EscalationsMoveParams{TenantID: tx.tenant, FromID: from, ToID: to})
	return escalationNouns(rows), wrap(err, "move escalations", nil)
}

// MoveEscalationsBack moves those of some escalations that are in one conversation to
// another, and returns them.
func (tx *Tx) MoveEscalationsBack(ctx context.Context, from, to id.Conversation, escalations []id.Escalation) ([]escalation.Escalation, error) {
	if len(escalations) == 0 {
		return nil, nil
	}
	rows, err := tx.q.EscalationsMoveBack(ctx, sqlc.EscalationsMoveBackParams{
		TenantID: tx.tenant, FromID: from, ToID: to, Ids: plain(escalations),
	})
	return escalationNouns(rows), wrap(err, "move escalations back", nil)
}
