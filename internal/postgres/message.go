package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// ErrNoMessage is returned for a message that is not there.
var ErrNoMessage = fault.New(fault.NotFound, "message_not_found", "There is no such message.")

// Received names a message as Meta does: its id is unique per number.
type Received struct {
	Number id.Number
	WAMID  string
}

// Met is what is known of a message before it is stored.
type Met struct {
	IsStored  bool
	IsChanged bool // something was done to it already
}

// KnownMessages tells which messages are stored already, or were changed before they came.
func (tx *Tx) KnownMessages(ctx context.Context, keys []Received) (map[Received]Met, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	numbers, wamids := receivedColumns(keys)
	rows, err := tx.q.MessagesKnown(ctx, sqlc.MessagesKnownParams{TenantID: tx.tenant, Wamids: wamids, NumberIds: numbers})
	if err != nil {
		return nil, wrap(err, "look for known messages", nil)
	}
	known := make(map[Received]Met, len(rows))
	for _, r := range rows {
		known[Received{id.Number{UUID: r.NumberID}, r.Wamid}] = Met{IsStored: r.Known, IsChanged: r.Changed}
	}
	return known, nil
}

func receivedColumns(keys []Received) (numbers []uuid.UUID, wamids []string) {
	for _, k := range keys {
		numbers, wamids = append(numbers, k.Number.UUID), append(wamids, k.WAMID)
	}
	return numbers, wamids
}

// InsertMessages stores new messages. It returns ErrRepeated if one of them is
// there already, by Meta's id or by the sender's.
func (tx *Tx) InsertMessages(ctx context.Context, now time.Time, messages ...message.Message) error {
	if len(messages) == 0 {
		return nil
	}
	p := sqlc.MessagesInsertParams{TenantID: tx.tenant, Now: now}
	for _, m := range messages {
		metadata, err := json.Marshal(m.Metadata)
		if err != nil {
			return fmt.Errorf("encode metadata of %s: %w", m.ID, err)
		}
		p.Ids = append(p.Ids, m.ID.UUID)
		p.ConversationIds = append(p.ConversationIds, m.ConversationID.UUID)
		p.ContactIds = append(p.ContactIds, m.ContactID.UUID)
		p.NumberIds = append(p.NumberIds, m.NumberID.UUID)
		p.Wamids = append(p.Wamids, m.WAMID)
		p.ClientIds = append(p.ClientIds, m.ClientID)
		p.Directions = append(p.Directions, string(m.Direction))
		p.Senders = append(p.Senders, string(m.Sender))
		p.Kinds = append(p.Kinds, string(m.Kind))
		p.Contents = append(p.Contents, m.Content)
		p.Metadatas = append(p.Metadatas, metadata)
		p.Statuses = append(p.Statuses, string(m.Status))
		p.SentBys = append(p.SentBys, m.SentBy.UUID)
		p.Timestamps = append(p.Timestamps, m.Timestamp)
	}
	return wrap(tx.q.MessagesInsert(ctx, p), "store messages", nil)
}

// Stored is a message with what only its delivery cares about.
type Stored struct {
	message.Message
	AttemptAt time.Time // when Meta was asked and has not answered; else zero
	Attempts  int
}

// MessagesOfStatuses locks the messages that statuses are about: by Meta's id and
// number, or by our own id.
func (tx *Tx) MessagesOfStatuses(ctx context.Context, keys []Received, ours []id.Message) ([]Stored, error) {
	p := sqlc.MessagesOfStatusesParams{TenantID: tx.tenant, Ids: plain(ours)}
	for _, k := range keys {
		p.Wamids = append(p.Wamids, k.WAMID)
		p.NumberIds = append(p.NumberIds, k.Number.UUID)
	}
	rows, err := tx.q.MessagesOfStatuses(ctx, p)
	if err != nil {
		return nil, wrap(err, "find messages of statuses", nil)
	}
	out := make([]Stored, 0, len(rows))
	for _, r := range rows {
		s, err := storedNoun(r)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// SaveStatuses writes status, Meta's id and failure of messages.
func (tx *Tx) SaveStatuses(ctx context.Context, messages ...message.Message) error {
	if len(messages) == 0 {
		return nil
	}
	p := sqlc.MessagesSaveStatusParams{TenantID: tx.tenant}
	for _, m := range messages {
		failure, err := failureColumn(m.Failure)
		if err != nil {
			return err
		}
		p.Ids = append(p.Ids, m.ID.UUID)
		p.Statuses = append(p.Statuses, string(m.Status))
		p.Wamids = append(p.Wamids, m.WAMID)
		p.Failures = append(p.Failures, failure)
		progress, err := orNull(m.Progress.IsZero(), m.Progress)
		if err != nil {
			return err
		}
		p.Progresses = append(p.Progresses, progress)
	}
	return wrap(tx.q.MessagesSaveStatus(ctx, p), "save message statuses", nil)
}

// LockMessage locks and returns one message, or ErrNoMessage.
func (tx *Tx) LockMessage(ctx context.Context, messageID id.Message) (Stored, error) {
	r, err := tx.q.MessageForUpdate(ctx, sqlc.MessageForUpdateParams{TenantID: tx.tenant, ID: messageID})
	if err != nil {
		return Stored{}, wrap(err, "lock message", ErrNoMessage)
	}
	return storedNoun(r)
}

// Message returns one message without locking it, or ErrNoMessage.
func (tx *Tx) Message(ctx context.Context, messageID id.Message) (message.Message, error) {
	r, err := tx.q.MessageGet(ctx, sqlc.MessageGetParams{TenantID: tx.tenant, ID: messageID})
	if err != nil {
		return message.Message{}, wrap(err, "load message", ErrNoMessage)
	}
	return messageNoun(r)
}

// MessageReceived returns the message that Meta knows by an id, or ErrNoMessage.
func (tx *Tx) MessageReceived(ctx context.Context, key Received) (message.Message, error) {
	r, err := tx.q.MessageReceived(ctx, sqlc.MessageReceivedParams{TenantID: tx.tenant, NumberID: key.Number, Wamid: &key.WAMID})
	if err != nil {
		return message.Message{}, wrap(err, "find message", ErrNoMessage)
	}
	return messageNoun(r)
}

// MessageByClientID finds a message by the id that its sender gave it.
func (tx *Tx) MessageByClientID(ctx context.Context, clientID string) (message.Message, error) {
	r, err := tx.q.MessageByClientID(ctx, sqlc.MessageByClientIDParams{TenantID: tx.tenant, ClientID: &clientID})
	if err != nil {
		return message.Message{}, wrap(err, "find message by client id", ErrNoMessage)
	}
	return messageNoun(r)
}

// BeginAttempt notes that Meta is about to be asked to send a message.
func (tx *Tx) BeginAttempt(ctx context.Context, messageID id.Message, at time.Time) error {
	err := tx.q.MessageBeginAttempt(ctx, sqlc.MessageBeginAttemptParams{TenantID: tx.tenant, ID: messageID, AttemptAt: &at})
	return wrap(err, "begin attempt", nil)
}

// Resend makes a failed message one that was never sent, or returns ErrNoMessage.
func (tx *Tx) Resend(ctx context.Context, messageID id.Message) (message.Message, error) {
	r, err := tx.q.MessageResend(ctx, sqlc.MessageResendParams{TenantID: tx.tenant, ID: messageID})
	if err != nil {
		return message.Message{}, wrap(err, "send message again", ErrNoMessage)
	}
	return messageNoun(r)
}

// CancelAttempt notes that Meta surely did not take a message.
func (tx *Tx) CancelAttempt(ctx context.Context, messageID id.Message) error {
	err := tx.q.MessageCancelAttempt(ctx, sqlc.MessageCancelAttemptParams{TenantID: tx.tenant, ID: messageID})
	return wrap(err, "cancel attempt", nil)
}

// MarkRead marks what a guest wrote in a conversation as read, and returns how many
// messages that were.
func (tx *Tx) MarkRead(ctx context.Context, conversationID id.Conversation) (int, error) {
	ids, err := tx.q.MessagesMarkRead(ctx, sqlc.MessagesMarkReadParams{TenantID: tx.tenant, ConversationID: conversationID})
	return len(ids), wrap(err, "mark messages read", nil)
}

// MarkMessageRead marks one message of a guest's as read, and reports whether it was not
// before.
func (tx *Tx) MarkMessageRead(ctx context.Context, messageID id.Message) (bool, error) {
	n, err := tx.q.MessageMarkRead(ctx, sqlc.MessageMarkReadParams{TenantID: tx.tenant, ID: messageID})
	return n > 0, wrap(err, "mark message read", nil)
}

// Parked is a status of a message that is not known yet.
type Parked struct {
	Received
	Status  message.Status
	Failure *message.Failure
	At      time.Time
	Pricing *message.Pricing
}

// ParkStatuses keeps statuses until their messages are known.
func (tx *Tx) ParkStatuses(ctx context.Context, statuses []Parked) error {
	if len(statuses) == 0 {
		return nil
	}
	p := sqlc.ParkedStatusesInsertParams{TenantID: tx.tenant}
	for _, s := range statuses {
		failure, err := failureColumn(s.Failure)
		if err != nil {
			return err
		}
		p.NumberIds = append(p.NumberIds, s.Number.UUID)
		p.Wamids = append(p.Wamids, s.WAMID)
		p.Statuses = append(p.Statuses, string(s.Status))
		p.Failures = append(p.Failures, failure)
		pricing, err := orNull(s.Pricing == nil, s.Pricing)
		if err != nil {
			return err
		}
		p.Ats, p.Pricings = append(p.Ats, epochIfZero(s.At)), append(p.Pricings, pricing)
	}
	return wrap(tx.q.ParkedStatusesInsert(ctx, p), "park statuses", nil)
}

// TakeParked removes and returns the statuses that arrived before their message.
func (tx *Tx) TakeParked(ctx context.Context, key Received) ([]Parked, error) {
	rows, err := tx.q.ParkedStatusesTake(ctx, sqlc.ParkedStatusesTakeParams{TenantID: tx.tenant, NumberID: key.Number, Wamid: key.WAMID})
	if err != nil {
		return nil, wrap(err, "take parked statuses", nil)
	}
	var out []Parked
	for _, r := range rows {
		p := Parked{Received: key, Status: message.Status(r.Status), At: zeroIfNull(r.At)}
		if err := decodeColumn(r.Pricing, &p.Pricing); err != nil {
			return nil, fmt.Errorf("decode parked pricing: %w", err)
		}
		if err := decodeColumn(r.Failure, &p.Failure); err != nil {
			return nil, fmt.Errorf("decode parked failure: %w", err)
		}
		out = append(out, p)
	}
	return out, nil
}

// Message returns one message, or ErrNoMessage.
func (db *DB) Message(ctx context.Context, tenant id.Tenant, messageID id.Message) (message.Message, error) {
	r, err := db.reads(tenant).MessageGet(ctx, sqlc.MessageGetParams{TenantID: tenant, ID: messageID})
	if err != nil {
		return message.Message{}, wrap(err, "load message", ErrNoMessage)
	}
	return messageNoun(r)
}

// LatestInbound returns what the guest of a conversation wrote last, or ErrNoMessage.
func (db *DB) LatestInbound(ctx context.Context, tenant id.Tenant, c id.Conversation) (message.Message, error) {
	r, err := db.reads(tenant).MessageLatestInbound(ctx, sqlc.MessageLatestInboundParams{TenantID: tenant, ConversationID: c})
	if err != nil {
		return message.Message{}, wrap(err, "find the last message", ErrNoMessage)
	}
	return messageNoun(r)
}

// MessageByWAMID returns a message by Meta's id, or ErrNoMessage.
func (db *DB) MessageByWAMID(ctx context.Context, tenant id.Tenant, wamid string) (message.Message, error) {
	r, err := db.reads(tenant).MessageByWAMID(ctx, sqlc.MessageByWAMIDParams{TenantID: tenant, Wamid: &wamid})
	if err != nil {
		return message.Message{}, wrap(err, "find message", ErrNoMessage)
	}
	return messageNoun(r)
}

func failureColumn(f *message.Failure) ([]byte, error) {
	if f == nil {
		return nil, nil
	}
	text, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("encode failure: %w", err)
	}
	return text, nil
}

// orNull encodes a value for a jsonb column.
func orNull(isNull bool, value any) ([]byte, error) {
	if isNull {
		return nil, nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encode column: %w", err)
	}
	return text, nil
}

func storedNoun(r sqlc.Message) (Stored, error) {
	m, err := messageNoun(r)
	return Stored{Message: m, AttemptAt: zeroIfNull(r.AttemptAt), Attempts: int(r.Attempts)}, err
}

func messageNoun(r sqlc.Message) (message.Message, error) {
	m := message.Message{
		ID: r.ID, ConversationID: r.ConversationID, ContactID: r.ContactID, NumberID: r.NumberID,
		WAMID: textOrEmpty(r.Wamid), ClientID: textOrEmpty(r.ClientID), Direction: message.Direction(r.Direction),
		Sender: message.Sender(r.Sender), Kind: message.Kind(r.Kind), Content: r.Content,
		Status: message.Status(r.Status), SentBy: r.SentBy, Timestamp: r.Timestamp, CreatedAt: r.CreatedAt, Resends: int(r.Resends),
	}
	if err := decodeColumn(r.Metadata, &m.Metadata); err != nil {
		return m, fmt.Errorf("decode metadata of %s: %w", r.ID, err)
	}
	if err := decodeColumn(r.Failure, &m.Failure); err != nil {
		return m, fmt.Errorf("decode failure of %s: %w", r.ID, err)
	}
	if err := decodeColumn(r.Progress, &m.Progress); err != nil {
		return m, fmt.Errorf("decode progress of %s: %w", r.ID, err)
	}
	return m, nil
}

func textOrEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Exchange is how much guest and bot said to each other in a time.
type Exchange struct{ Heard, Answered int }

// ExchangeIn counts what was said in a conversation in a time, up to most messages.
func (db *DB) ExchangeIn(ctx context.Context, tenant id.Tenant, c id.Conversation, after, until time.Time, most int) (Exchange, error) {
	r, err := db.reads(tenant).MessagesOfAMinute(ctx, sqlc.MessagesOfAMinuteParams{
		TenantID: tenant, ConversationID: c, After: after, Until: until, Most: int32(most),
	})
	return Exchange{int(r.Heard), int(r.Answered)}, wrap(err, "count messages", nil)
}

// Talk counts what a guest (message.Inbound) or a bot (message.Outbound) said in a conversation since a
// moment, up to most; of the bot's, files are left out, since many of them go at once.
func (tx *Tx) Talk(ctx context.Context, c id.Conversation, of message.Direction, since time.Time, most int) (int, error) {
	n, err := tx.q.TalkCount(ctx, sqlc.TalkCountParams{TenantID: tx.tenant, ConversationID: c, Direction: string(of), After: since, Most: int32(most)})
	return int(n), wrap(err, "count what was said", nil)
}

// Spoken is a message with its conversation.
type Spoken struct {
	Message message.Message
	Card    conversation.Card
}

// Spoken loads messages together with their conversations; unknown ids are left out.
func (db *DB) Spoken(ctx context.Context, tenant id.Tenant, messages ...id.Message) (map[id.Message]Spoken, error) {
	rows, err := db.reads(tenant).MessagesWithCards(ctx, sqlc.MessagesWithCardsParams{TenantID: tenant, Ids: plain(messages)})
	if err != nil {
		return nil, wrap(err, "load messages", nil)
	}
	out := make(map[id.Message]Spoken, len(rows))
	for _, r := range rows {
		m, err := messageNoun(r.Message)
		if err != nil {
			return nil, err
		}
		card, err := cardNoun(r.ConversationCard)
		if err != nil {
			return nil, err
		}
		out[m.ID] = Spoken{Message: m, Card: card}
	}
	return out, nil
}
