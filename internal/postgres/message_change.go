package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// Changed is something that was done to a message of a number.
type Changed struct {
	Number id.Number
	message.Change
}

// Target names the message.
func (c Changed) Target() Received { return Received{c.Number, c.Change.Target} }

// KeepChanges stores what was done to messages, whether they are here or not. What is
// repeated is stored once. Changes that their messages show already are marked applied.
func (tx *Tx) KeepChanges(ctx context.Context, applied bool, changes ...Changed) error {
	if len(changes) == 0 {
		return nil
	}
	p := sqlc.MessageChangesInsertParams{TenantID: tx.tenant}
	for _, c := range changes {
		words, err := orNull(c.Text == nil, c.Text)
		if err != nil {
			return err
		}
		p.NumberIds = append(p.NumberIds, c.Number.UUID)
		p.Targets = append(p.Targets, c.Change.Target)
		p.Ids = append(p.Ids, c.ID)
		p.Kinds = append(p.Kinds, string(c.Kind))
		p.Directions = append(p.Directions, string(c.By))
		p.Ats = append(p.Ats, c.At)
		p.Emojis = append(p.Emojis, c.Emoji)
		p.Words = append(p.Words, words)
		p.Applieds = append(p.Applieds, applied)
	}
	return wrap(tx.q.MessageChangesInsert(ctx, p), "store message changes", nil)
}

// ChangesOf returns everything that was done to messages.
func (tx *Tx) ChangesOf(ctx context.Context, targets ...Received) (map[Received][]message.Change, error) {
	if len(targets) == 0 {
		return nil, nil
	}
	numbers, wamids := receivedColumns(targets)
	rows, err := tx.q.MessageChangesOf(ctx, sqlc.MessageChangesOfParams{TenantID: tx.tenant, NumberIds: numbers, Targets: wamids})
	if err != nil {
		return nil, wrap(err, "load message changes", nil)
	}
	out := map[Received][]message.Change{}
	for _, r := range rows {
		c := message.Change{
			ID: r.ID, Target: r.Target, Kind: message.ChangeKind(r.Kind), By: message.Direction(r.Direction), At: r.At, Emoji: r.Emoji,
		}
		if err := decodeColumn(r.Words, &c.Text); err != nil {
			return nil, fmt.Errorf("decode words of change: %w", err)
		}
		key := Received{r.NumberID, r.Target}
		out[key] = append(out[key], c)
	}
	return out, nil
}

// ChangesApplied notes that messages show what was done to them. Of those that were taken
// back the words are forgotten.
func (tx *Tx) ChangesApplied(ctx context.Context, messages ...message.Message) error {
	if len(messages) == 0 {
		return nil
	}
	p := sqlc.MessageChangesAppliedParams{TenantID: tx.tenant}
	for _, m := range messages {
		p.NumberIds = append(p.NumberIds, m.NumberID.UUID)
		p.Targets = append(p.Targets, m.WAMID)
		p.Forgets = append(p.Forgets, m.IsRevoked())
	}
	return wrap(tx.q.MessageChangesApplied(ctx, p), "note applied changes", nil)
}

// MessagesNamed finds messages by Meta's ids, without locking them.
func (tx *Tx) MessagesNamed(ctx context.Context, keys ...Received) (map[Received]message.Message, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	numbers, wamids := receivedColumns(keys)
	rows, err := tx.q.MessagesNamed(ctx, sqlc.MessagesNamedParams{TenantID: tx.tenant, NumberIds: numbers, Wamids: wamids})
	if err != nil {
		return nil, wrap(err, "find messages", nil)
	}
	return byReceived(rows)
}

func byReceived(rows []sqlc.Message) (map[Received]message.Message, error) {
	out := make(map[Received]message.Message, len(rows))
	for _, r := range rows {
		m, err := messageNoun(r)
		if err != nil {
			return nil, err
		}
		out[Received{m.NumberID, m.WAMID}] = m
	}
	return out, nil
}

// MessagesNamed finds messages by Meta's ids.
func (db *DB) MessagesNamed(ctx context.Context, tenant id.Tenant, keys ...Received) (map[Received]message.Message, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	numbers, wamids := receivedColumns(keys)
	rows, err := db.reads(tenant).MessagesNamed(ctx, sqlc.MessagesNamedParams{TenantID: tenant, NumberIds: numbers, Wamids: wamids})
	if err != nil {
		return nil, wrap(err, "find messages", nil)
	}
	return byReceived(rows)
}

// Quote looks up what messages answer, and puts it into them.
func (db *DB) Quote(ctx context.Context, tenant id.Tenant, messages []message.Message) error {
	found, err := db.MessagesNamed(ctx, tenant, QuotedBy(messages)...)
	if err != nil {
		return err
	}
	for i := range messages {
		FillQuote(&messages[i], found)
	}
	return nil
}

// QuotedBy names the messages that messages answer.
func QuotedBy(messages []message.Message) []Received {
	var keys []Received
	for _, m := range messages {
		if c := m.Metadata.Context; c != nil && c.WAMID != "" {
			keys = append(keys, Received{m.NumberID, c.WAMID})
		}
	}
	return keys
}

// FillQuote puts what a message answers into it, if it is among those found. What another
// guest's conversation holds is not quoted.
func FillQuote(m *message.Message, found map[Received]message.Message) {
	if c := m.Metadata.Context; c != nil && c.WAMID != "" {
		if q, ok := found[Received{m.NumberID, c.WAMID}]; ok && q.ContactID == m.ContactID {
			m.Quoted = q.Quote()
		}
	}
}

// LockMessages locks and returns messages of conversations that were locked before.
func (tx *Tx) LockMessages(ctx context.Context, ids ...id.Message) ([]message.Message, error) {
	rows, err := tx.q.MessagesLock(ctx, sqlc.MessagesLockParams{TenantID: tx.tenant, Ids: plain(ids)})
	if err != nil {
		return nil, wrap(err, "lock messages", nil)
	}
	out := make([]message.Message, 0, len(rows))
	for _, r := range rows {
		m, err := messageNoun(r)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// SaveWords writes what messages say after a change, and whether they were read.
func (tx *Tx) SaveWords(ctx context.Context, messages ...message.Message) error {
	if len(messages) == 0 {
		return nil
	}
	p := sqlc.MessagesSaveWordsParams{TenantID: tx.tenant}
	for _, m := range messages {
		metadata, err := orNull(false, m.Metadata)
		if err != nil {
			return err
		}
		p.Ids = append(p.Ids, m.ID.UUID)
		p.Kinds = append(p.Kinds, string(m.Kind))
		p.Contents = append(p.Contents, m.Content)
		p.Metadatas = append(p.Metadatas, metadata)
		p.Statuses = append(p.Statuses, string(m.Status))
	}
	return wrap(tx.q.MessagesSaveWords(ctx, p), "save changed messages", nil)
}

// Waiting is a message that came without noticing what had been done to it.
type Waiting struct {
	Tenant id.Tenant
	Target Received
}

// SystemChangesWaiting lists such messages.
func (db *DB) SystemChangesWaiting(ctx context.Context, before time.Time, most int) ([]Waiting, error) {
	rows, err := db.systemQueries().SystemChangesWaiting(ctx, sqlc.SystemChangesWaitingParams{Before: before, Most: int32(most)})
	if err != nil {
		return nil, wrap(err, "find waiting changes", nil)
	}
	out := make([]Waiting, 0, len(rows))
	for _, r := range rows {
		out = append(out, Waiting{r.TenantID, Received{r.NumberID, r.Target}})
	}
	return out, nil
}

// BeingSent tells in which conversations Meta is being asked to send something.
func (tx *Tx) BeingSent(ctx context.Context, after time.Time, conversations ...id.Conversation) ([]id.Conversation, error) {
	ids, err := tx.q.MessagesBeingSent(ctx, sqlc.MessagesBeingSentParams{TenantID: tx.tenant, ConversationIds: plain(conversations), After: after})
	return ids, wrap(err, "find what is being sent", nil)
}

// MarkReadUntil marks what guests wrote as read up to a time in each conversation, and
// returns how many messages that were.
func (tx *Tx) MarkReadUntil(ctx context.Context, until map[id.Conversation]time.Time) (map[id.Conversation]int, error) {
	ids, times := timeColumns(until)
	rows, err := tx.q.MessagesMarkReadUntil(ctx, sqlc.MessagesMarkReadUntilParams{TenantID: tx.tenant, ConversationIds: ids, Untils: times})
	if err != nil {
		return nil, wrap(err, "mark messages read", nil)
	}
	read := map[id.Conversation]int{}
	for _, c := range rows {
		read[c]++
	}
	return read, nil
}

// PhoneReplies tells up to when somebody answered on the hotel's phone.
func (tx *Tx) PhoneReplies(ctx context.Context, conversations ...id.Conversation) (map[id.Conversation]time.Time, error) {
	rows, err := tx.q.ConversationPhoneReplies(ctx, sqlc.ConversationPhoneRepliesParams{TenantID: tx.tenant, Ids: plain(conversations)})
	if err != nil {
		return nil, wrap(err, "load phone replies", nil)
	}
	out := make(map[id.Conversation]time.Time, len(rows))
	for _, r := range rows {
		out[r.ID] = zeroIfNull(r.PhoneReplyAt)
	}
	return out, nil
}

// SavePhoneReplies notes up to when somebody answered on the hotel's phone.
func (tx *Tx) SavePhoneReplies(ctx context.Context, at map[id.Conversation]time.Time) error {
	if len(at) == 0 {
		return nil
	}
	ids, times := timeColumns(at)
	err := tx.q.ConversationsPhoneReplied(ctx, sqlc.ConversationsPhoneRepliedParams{TenantID: tx.tenant, Ids: ids, Ats: times})
	return wrap(err, "note phone replies", nil)
}

func timeColumns(of map[id.Conversation]time.Time) (ids []uuid.UUID, times []time.Time) {
	for c, at := range of {
		ids, times = append(ids, c.UUID), append(times, at)
	}
	return ids, times
}

// HistoryConversation locks and returns the conversation that holds what a guest said
// before the number came to us, or conversation.ErrNotFound.
func (tx *Tx) HistoryConversation(ctx context.Context, guest id.Contact) (id.Conversation, error) {
	c, err := tx.q.ConversationOfHistory(ctx, sqlc.ConversationOfHistoryParams{TenantID: tx.tenant, ContactID: guest})
	return c, wrap(err, "find history", conversation.ErrNotFound)
}
