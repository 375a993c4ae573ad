package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// next gives locked conversations the revision that the transaction will write, so
// that its events already carry it, and remembers how they stood.
func (tx *Tx) next(cards []conversation.Card) []conversation.Card {
	tx.noteStanding(cards)
	for i := range cards {
		cards[i].Revision++
	}
	return cards
}

// ActiveCards locks and returns the active conversations of guests.
func (tx *Tx) ActiveCards(ctx context.Context, contacts ...id.Contact) ([]conversation.Card, error) {
	ids, err := tx.q.ConversationsLockActive(ctx, sqlc.ConversationsLockActiveParams{TenantID: tx.tenant, ContactIds: plain(contacts)})
	if err != nil || len(ids) == 0 {
		return nil, wrap(err, "lock active conversations", nil)
	}
	cards, err := tx.Cards(ctx, ids...)
	return tx.next(cards), err
}

// LockCard locks and returns one conversation, or conversation.ErrNotFound.
func (tx *Tx) LockCard(ctx context.Context, conversationID id.Conversation) (conversation.Card, error) {
	ids, err := tx.q.ConversationsLock(ctx, sqlc.ConversationsLockParams{TenantID: tx.tenant, Ids: []uuid.UUID{conversationID.UUID}})
	if err != nil {
		return conversation.Card{}, wrap(err, "lock conversation", nil)
	}
	if len(ids) == 0 {
		return conversation.Card{}, conversation.ErrNotFound
	}
	cards, err := tx.Cards(ctx, ids...)
	if err != nil {
		return conversation.Card{}, err
	}
	return tx.next(cards)[0], nil
}

// LockCards locks and returns conversations, whatever their state.
func (tx *Tx) LockCards(ctx context.Context, conversations ...id.Conversation) ([]conversation.Card, error) {
	ids, err := tx.q.ConversationsLock(ctx, sqlc.ConversationsLockParams{TenantID: tx.tenant, Ids: plain(conversations)})
	if err != nil || len(ids) == 0 {
		return nil, wrap(err, "lock conversations", nil)
	}
	cards, err := tx.Cards(ctx, ids...)
	return tx.next(cards), err
}

// Cards returns conversations without locking them.
func (tx *Tx) Cards(ctx context.Context, ids ...id.Conversation) ([]conversation.Card, error) {
	rows, err := tx.q.CardsGet(ctx, sqlc.CardsGetParams{TenantID: tx.tenant, Ids: plain(ids)})
	if err != nil {
		return nil, wrap(err, "load conversations", nil)
	}
	return cardNouns(rows)
}

// Card returns one conversation, or conversation.ErrNotFound.
func (db *DB) Card(ctx context.Context, tenant id.Tenant, conversationID id.Conversation) (conversation.Card, error) {
	rows, err := db.reads(tenant).CardsGet(ctx, sqlc.CardsGetParams{TenantID: tenant, Ids: []uuid.UUID{conversationID.UUID}})
	if err != nil {
		return conversation.Card{}, wrap(err, "load conversation", nil)
	}
	if len(rows) == 0 {
		return conversation.Card{}, conversation.ErrNotFound
	}
	return cardNoun(rows[0])
}

// LastUnits returns the unit of each guest's latest conversation.
func (tx *Tx) LastUnits(ctx context.Context, contacts ...id.Contact) (map[id.Contact]string, error) {
	rows, err := tx.q.LastUnits(ctx, sqlc.LastUnitsParams{TenantID: tx.tenant, ContactIds: plain(contacts)})
	if err != nil {
		return nil, wrap(err, "find last units", nil)
	}
	units := make(map[id.Contact]string, len(rows))
	for _, r := range rows {
		units[r.ContactID] = r.Unit
	}
	return units, nil
}

// LatestConversation returns a guest's newest conversation, whatever its state, or
// conversation.ErrNotFound.
func (tx *Tx) LatestConversation(ctx context.Context, guest id.Contact) (conversation.Card, error) {
	r, err := tx.q.LatestConversation(ctx, sqlc.LatestConversationParams{TenantID: tx.tenant, ContactID: guest})
	if err != nil {
		return conversation.Card{}, wrap(err, "find latest conversation", conversation.ErrNotFound)
	}
	return cardNoun(r)
}

// InsertConversations stores new conversations. It returns ErrRepeated if a guest
// has just got an active one from another transaction.
func (tx *Tx) InsertConversations(ctx context.Context, conversations ...conversation.Conversation) error {
	if len(conversations) == 0 {
		return nil
	}
	c, err := conversationColumnsOf(conversations)
	if err != nil {
		return err
	}
	err = tx.q.ConversationsInsert(ctx, sqlc.ConversationsInsertParams{
		TenantID: tx.tenant, Ids: c.ids, ContactIds: c.contacts, NumberIds: c.numbers, States: c.states,
		Priorities: c.priorities, Sources: c.sources, Units: c.units, Lockeds: c.lockeds, LockedAts: c.lockedAts,
		LockedBys: c.lockedBys, Unreads: c.unreads, LastMessageAts: c.lastMessageAts,
		LastInboundAts: c.lastInboundAts, LastMessages: c.lastMessages, CreatedAts: c.createdAts,
		BallVersions: c.ballVersions, BallSinces: c.ballSinces, Turns: c.turns,
	})
	return wrap(err, "store conversations", nil)
}

// SaveConversations writes conversations that were locked before.
func (tx *Tx) SaveConversations(ctx context.Context, conversations ...conversation.Conversation) error {
	if len(conversations) == 0 {
		return nil
	}
	c, err := conversationColumnsOf(conversations)
	if err != nil {
		return err
	}
	err = tx.q.ConversationsSave(ctx, sqlc.ConversationsSaveParams{
		TenantID: tx.tenant, Ids: c.ids, NumberIds: c.numbers, AssignedTos: c.assignees, States: c.states,
		Priorities: c.priorities, Sources: c.sources, Units: c.units, Lockeds: c.lockeds, LockedAts: c.lockedAts,
		LockedBys: c.lockedBys, Unreads: c.unreads, LastMessageAts: c.lastMessageAts,
		LastInboundAts: c.lastInboundAts, LastMessages: c.lastMessages, ClosedAts: c.closedAts,
		Revisions: c.revisions, IsOpportunities: c.opportunities, OpportunityAts: c.opportunityAts, Metadatas: c.metadatas,
		FirstReplyAts: c.firstReplyAts, FirstHumanAts: c.firstHumanAts, EscalatedAts: c.escalatedAts,
		BallVersions: c.ballVersions, BallSinces: c.ballSinces, Turns: c.turns, Handbacks: c.handbacks,
	})
	return wrap(err, "save conversations", nil)
}

// SetTags replaces a conversation's tags. Unknown tags are passed over.
func (tx *Tx) SetTags(ctx context.Context, conversationID id.Conversation, tags []uuid.UUID) error {
	err := tx.q.ConversationTagsClear(ctx, sqlc.ConversationTagsClearParams{TenantID: tx.tenant, ConversationID: conversationID})
	if err != nil {
		return wrap(err, "clear tags", nil)
	}
	_, err = tx.q.ConversationTagsAdd(ctx, sqlc.ConversationTagsAddParams{TenantID: tx.tenant, ConversationID: conversationID, TagIds: tags})
	return wrap(err, "add tags", nil)
}

type conversationColumns struct {
	ids, contacts, numbers, assignees                                []uuid.UUID
	states, priorities, sources, units, lockedBys                    []string
	lockeds                                                          []bool
	unreads                                                          []int32
	lockedAts, lastMessageAts, lastInboundAts, createdAts, closedAts []time.Time
	opportunityAts, firstReplyAts, firstHumanAts, escalatedAts       []time.Time
	opportunities                                                    []bool
	lastMessages, metadatas, handbacks                               [][]byte
	revisions, ballVersions, turns                                   []int64
	ballSinces                                                       []time.Time
}

func conversationColumnsOf(conversations []conversation.Conversation) (conversationColumns, error) {
	var c conversationColumns
	for _, v := range conversations {
		c.ids = append(c.ids, v.ID.UUID)
		c.contacts = append(c.contacts, v.ContactID.UUID)
		c.numbers = append(c.numbers, v.NumberID.UUID)
		c.assignees = append(c.assignees, v.AssignedTo.UUID)
		c.states = append(c.states, string(v.State))
		c.priorities = append(c.priorities, string(v.Priority))
		c.sources = append(c.sources, v.Source)
		c.units = append(c.units, v.Unit)
		c.lockeds = append(c.lockeds, v.Lock.Locked)
		c.lockedAts = append(c.lockedAts, epochIfZero(v.Lock.At))
		c.lockedBys = append(c.lockedBys, v.Lock.By)
		c.revisions = append(c.revisions, v.Revision)
		c.unreads = append(c.unreads, int32(v.Unread))
		c.lastMessageAts = append(c.lastMessageAts, v.LastMessageAt)
		c.lastInboundAts = append(c.lastInboundAts, epochIfZero(v.LastInboundAt))
		c.createdAts = append(c.createdAts, v.CreatedAt)
		c.closedAts = append(c.closedAts, epochIfZero(v.ClosedAt))
		c.opportunities = append(c.opportunities, v.IsOpportunity)
		c.opportunityAts = append(c.opportunityAts, epochIfZero(v.OpportunityAt))
		c.firstReplyAts = append(c.firstReplyAts, epochIfZero(v.FirstReplyAt))
		c.firstHumanAts = append(c.firstHumanAts, epochIfZero(v.FirstHumanAt))
		c.escalatedAts = append(c.escalatedAts, epochIfZero(v.EscalatedAt))
		c.metadatas = append(c.metadatas, v.Metadata)
		c.ballVersions = append(c.ballVersions, v.Ball.Version)
		c.ballSinces = append(c.ballSinces, v.BallSince())
		c.turns = append(c.turns, v.Turn)
		handback, err := orNull(v.HandBack == nil, v.HandBack)
		if err != nil {
			return c, err
		}
		c.handbacks = append(c.handbacks, handback)
		preview, err := previewColumn(v.LastMessage)
		if err != nil {
			return c, err
		}
		c.lastMessages = append(c.lastMessages, preview)
	}
	return c, nil
}

func previewColumn(p *conversation.Preview) ([]byte, error) {
	if p == nil {
		return nil, nil
	}
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("encode last message: %w", err)
	}
	return text, nil
}

func cardNouns(rows []sqlc.ConversationCard) ([]conversation.Card, error) {
	cards := make([]conversation.Card, 0, len(rows))
	for _, r := range rows {
		c, err := cardNoun(r)
		if err != nil {
			return nil, err
		}
		cards = append(cards, c)
	}
	return cards, nil
}

func cardNoun(r sqlc.ConversationCard) (conversation.Card, error) {
	card := conversation.Card{
		Conversation: conversation.Conversation{
			ID: r.ID, ContactID: r.ContactID, NumberID: r.NumberID, AssignedTo: r.AssignedTo,
			State: conversation.State(r.State), Priority: conversation.Priority(r.Priority), Source: r.Source, Unit: r.Unit,
			Lock:          conversation.Lock{Locked: r.Locked, At: zeroIfNull(r.LockedAt), By: r.LockedBy},
			IsOpportunity: r.IsOpportunity, OpportunityAt: zeroIfNull(r.OpportunityAt), Unread: int(r.Unread),
			LastMessageAt: r.LastMessageAt, LastInboundAt: zeroIfNull(r.LastInboundAt), CreatedAt: r.CreatedAt,
			ClosedAt: zeroIfNull(r.ClosedAt), Metadata: r.Metadata, Revision: r.Revision,
			FirstReplyAt: zeroIfNull(r.FirstReplyAt), FirstHumanAt: zeroIfNull(r.FirstHumanAt), EscalatedAt: zeroIfNull(r.EscalatedAt),
			Ball: conversation.Ball{Version: r.BallVersion, Since: zeroIfNull(r.BallSince)}, Turn: r.Turn, TurnUntil: r.TurnUntil,
		},
		HandBackAfter: time.Duration(r.HandBackMinutes) * time.Minute,
		Contact: contact.Contact{
			ID: r.ContactID, Phone: contact.Phone(r.Phone), WAID: r.WaID, BSUID: r.Bsuid, Username: r.Username,
			Name: r.ContactName, FirstName: r.ContactFirstName, LastName: r.ContactLastName, CompanyName: r.ContactCompanyName,
			Designation: r.ContactDesignation, Metadata: string(r.ContactMetadata), Email: r.ContactEmail, AvatarURL: r.ContactAvatarUrl,
			CreatedAt: r.ContactCreatedAt, UpdatedAt: r.ContactUpdatedAt,
		},
	}
	if !r.AssignedTo.IsZero() {
		card.Assignee = &conversation.Assignee{ID: r.AssignedTo, Name: r.AssigneeName, Email: r.AssigneeEmail}
	}
	if err := decodeColumn(r.LastMessage, &card.LastMessage); err != nil {
		return card, fmt.Errorf("decode last message of %s: %w", r.ID, err)
	}
	card.Ball.Since = card.BallSince()
	if err := decodeColumn(r.Handback, &card.HandBack); err != nil {
		return card, fmt.Errorf("decode hand-back of %s: %w", r.ID, err)
	}
	if err := decodeColumn(r.Tags, &card.Tags); err != nil {
		return card, fmt.Errorf("decode tags of %s: %w", r.ID, err)
	}
	return card, nil
}

// Held is a conversation of some hotel's.
type Held struct {
	Tenant id.Tenant
	ID     id.Conversation
}

// SystemHandBackDue lists conversations that people hold and in which nobody has said anything
// for as long as their hotel waits.
func (db *DB) SystemHandBackDue(ctx context.Context, now time.Time, most int) ([]Held, error) {
	rows, err := db.systemQueries().SystemHandBackDue(ctx, sqlc.SystemHandBackDueParams{Now: now, Most: int32(most)})
	out := make([]Held, 0, len(rows))
	for _, r := range rows {
		out = append(out, Held{r.TenantID, r.ID})
	}
	return out, wrap(err, "find what goes back to bots", nil)
}

// SystemUnheard lists conversations with guests who wait for their bot, which neither took what
// they said nor answered for as long as their hotel waits.
func (db *DB) SystemUnheard(ctx context.Context, _ time.Time, most int) ([]Held, error) {
	rows, err := db.systemQueries().SystemUnheard(ctx, int32(most))
	out := make([]Held, 0, len(rows))
	for _, r := range rows {
		out = append(out, Held{r.TenantID, r.ID})
	}
	return out, wrap(err, "find whom bots do not hear", nil)
}

// BeginTurn numbers a hand-over and notes up to which item of the conversation's lane it goes. It
// returns conversation.ErrIALocked if a person holds the conversation, unless the flow is to hear
// even then.
func (tx *Tx) BeginTurn(ctx context.Context, c id.Conversation, untilItem int64, evenLocked bool) (int64, error) {
	turn, err := tx.q.TurnBegin(ctx, sqlc.TurnBeginParams{TenantID: tx.tenant, ID: c, UntilItem: untilItem, EvenLocked: evenLocked})
	return turn, wrap(err, "begin turn", conversation.ErrIALocked)
}
