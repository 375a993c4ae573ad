// Package outbox is how the hotel speaks: send.go stores a message and queues it in
// one transaction, deliver.go gives it to Meta in the order of the conversation.
// Read it in that order. What guests say is package inbox.
package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/usage"
)

// Request is a message to be sent. Exactly one of ConversationID (people) and Phone
// (flows) says to whom.
type Request struct {
	ConversationID id.Conversation
	Phone          string // as flows write it, or a BSUID
	Sender         message.Sender
	By             user.User // the person; zero for the bot
	Content        content.Content
	Pause          time.Duration // before it, while the guest sees somebody typing
	More           []Part        // what is said after it by the same call
	Hash           string        // of the call: the same one within repeatTime says nothing; empty: everything is said
	ReplyTo        string        // the message that is quoted: our id or Meta's; may be empty
	TurnToken      string        // of the hand-over that the bot answers; empty: whatever comes
	ClientID       string        // the same message sent twice with it is one message; at most 200 characters
}

// Queued is a stored message.
type Queued struct {
	Message   message.Message
	Duplicate bool // it had been sent before under the same ClientID, or just now with the same Hash
}

// Refusals of sending.
var (
	ErrEmpty    = fault.New(fault.Invalid, "content_empty", "A message needs a text.")
	ErrTooLong  = fault.New(fault.Invalid, "content_too_long", "WhatsApp allows at most 4096 characters in a text.")
	ErrKind     = fault.New(fault.Unprocessable, "type_not_supported", "Messages of this type cannot be sent by this call yet.")
	ErrClientID = fault.New(fault.Invalid, "client_id_invalid", "A clientId or Idempotency-Key has at most 200 characters.")
	ErrReused   = fault.New(fault.Unprocessable, "idempotency_mismatch", "This clientId or Idempotency-Key was used for another message. Make a new one for each message.")
	ErrGuest    = fault.New(fault.NotFound, "contact_not_found", "No guest with this phone number has written to the hotel.")
	ErrPhone    = fault.New(fault.Invalid, "phone_invalid", "The phone number cannot be read: use country code, area code and number.")
)

// Sender stores messages and queues them for delivery.
type Sender struct {
	db        *postgres.DB
	directory *directory.Directory
	clock     clock.Clock
	// Meter keeps hotels within their plans; nil limits nothing.
	Meter *usage.Meter
	// Files are the hotel's own; while nil, none can be sent.
	Files Files
}

// NewSender makes a sender.
func NewSender(db *postgres.DB, dir *directory.Directory, c clock.Clock) *Sender {
	return &Sender{db: db, directory: dir, clock: c}
}

// Send stores a message as PENDING and queues it; nothing has been sent when it
// returns. It refuses what Meta would refuse, a bot's message while a person holds
// the conversation (conversation.ErrIALocked) or once the turn is over that it answers
// (conversation.ErrTurnOver), free text outside the 24-hour window
// (conversation.ErrWindowClosed), and conversations that the person may not see.
func (s *Sender) Send(ctx context.Context, tenantID id.Tenant, r Request) (Queued, error) {
	all, err := s.SendAll(ctx, tenantID, r)
	if err != nil {
		return Queued{}, err
	}
	return all[0], nil
}

// SendAll is Send for a request with more than one message: all of them are stored, or none.
func (s *Sender) SendAll(ctx context.Context, tenantID id.Tenant, r Request) ([]Queued, error) {
	files, err := s.check(ctx, tenantID, r)
	if err != nil {
		return nil, err
	}
	hotel, err := s.directory.Hotel(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	// Asked before the transaction, told inside it: what was sent before is still found
	// under its ClientID when the plan is used up.
	done, overPlan := s.Meter.Take(ctx, hotel.Tenant)
	var all []Queued
	for range 3 {
		err = s.db.InTx(ctx, tenantID, func(tx *postgres.Tx) (err error) {
			all, err = s.store(ctx, tx, hotel, r, files, overPlan)
			return err
		})
		if !errors.Is(err, postgres.ErrRepeated) {
			break // else somebody did the same at the same moment: look again
		}
	}
	if overPlan == nil {
		done(err == nil && !all[0].Duplicate)
	}
	return all, s.withTemplates(ctx, tenantID, err)
}

// check refuses what can be refused without looking at the conversation.
func (s *Sender) check(ctx context.Context, tenantID id.Tenant, r Request) (map[id.Media]media.File, error) {
	if len(r.ClientID) > 200 {
		return nil, ErrClientID
	}
	for _, part := range r.parts() {
		if err := content.Check(part.Content); err != nil {
			return nil, worded(part.Content, err)
		}
	}
	if _, reacts := r.Content.(content.Reaction); reacts && r.ReplyTo != "" {
		return nil, fault.ErrInvalid.With(fault.Detail{Path: "replyTo", Code: "not_allowed", Message: "A reaction cannot quote another message."})
	}
	var uses []content.Use
	for _, part := range r.parts() {
		uses = append(uses, content.Files(part.Content)...)
	}
	return s.checkFiles(ctx, tenantID, uses)
}

// worded keeps the codes that texts have always been refused with.
func worded(c content.Content, err error) error {
	if _, ok := c.(content.Text); !ok {
		return err
	}
	for _, d := range fault.Of(err).Details {
		switch d.Code {
		case "required":
			return ErrEmpty
		case "too_long":
			return ErrTooLong
		}
	}
	return err
}

// store does the whole of SendAll inside a transaction.
func (s *Sender) store(ctx context.Context, tx *postgres.Tx, hotel *directory.Hotel, r Request, files map[id.Media]media.File, overPlan error) ([]Queued, error) {
	if before, err := s.sameID(ctx, tx, r); err != nil {
		return nil, err
	} else if before != nil {
		return s.retried(ctx, tx, hotel, r, before)
	}
	if overPlan != nil {
		return nil, overPlan
	}
	now := s.clock.Now()
	card, err := s.conversation(ctx, tx, r, now)
	if err != nil {
		return nil, err
	}
	if before, err := r.sameBody(ctx, tx, card, now); before != nil || err != nil {
		return before, err // the conversation is locked: of two at once, the second finds the first
	}
	if err := r.allowedIn(hotel, card, now); err != nil {
		return nil, err
	}
	if err := r.talksOn(ctx, tx, card, now); err != nil {
		return nil, err
	}
	line, ok := hotel.Line(card.NumberID)
	if !ok {
		return nil, tenant.ErrNoNumber
	}
	if card.NumberID.IsZero() {
		card.NumberID = line.ID // it goes on through the number that begins it
	}
	return s.storeParts(ctx, tx, hotel.ID, r, card, line, files, now)
}

// sameID returns what was sent before under the same ClientID.
func (s *Sender) sameID(ctx context.Context, tx *postgres.Tx, r Request) ([]Queued, error) {
	if r.ClientID == "" {
		return nil, nil
	}
	m, err := tx.MessageByClientID(ctx, r.scopedID())
	switch {
	case errors.Is(err, postgres.ErrNoMessage):
		return nil, nil
	case err != nil:
		return nil, err
	case r.Sender == message.Person && !r.repeats(m):
		return nil, ErrReused // a flow may word its answer to one delivery differently each time
	}
	if err := s.mayRead(ctx, tx, r, m); err != nil {
		return nil, err
	}
	return callOf(ctx, tx, m)
}

// scopedID keeps the ids of people and flows apart.
func (r Request) scopedID() string {
	if r.Sender == message.Bot {
		return "bot:" + r.ClientID
	}
	return r.By.ID.String() + ":" + r.ClientID
}

// mayRead checks that a repeated request still may see what it sent before.
func (s *Sender) mayRead(ctx context.Context, tx *postgres.Tx, r Request, m message.Message) error {
	if r.Sender == message.Bot {
		return nil
	}
	cards, err := tx.Cards(ctx, m.ConversationID)
	if err != nil {
		return err
	}
	if len(cards) == 0 || !cards[0].VisibleTo(r.By.Scope()) {
		return conversation.ErrNotFound
	}
	return nil
}

// conversation returns the conversation to speak in, locked.
func (s *Sender) conversation(ctx context.Context, tx *postgres.Tx, r Request, now time.Time) (conversation.Card, error) {
	if r.Sender == message.Bot {
		return r.botsConversation(ctx, tx, now)
	}
	card, err := tx.LockCard(ctx, r.ConversationID)
	switch {
	case err != nil:
		return card, err
	case !card.VisibleTo(r.By.Scope()):
		return card, conversation.ErrNotFound
	case card.State.IsActive():
		return card, nil
	}
	// Writing in a closed conversation opens it again, unless the guest has a newer one.
	active, err := tx.ActiveCards(ctx, card.ContactID)
	if err == nil && len(active) > 0 {
		err = conversation.ErrClosed
	}
	return card, err
}

// ConversationOf returns the active conversation with the guest of a phone number or
// BSUID, locked. A guest who wrote before but has none gets a new one, in which the
// 24-hour window goes on.
func ConversationOf(ctx context.Context, tx *postgres.Tx, phone string, now time.Time) (conversation.Card, error) {
	alias, err := AliasOf(phone)
	if err != nil {
		return conversation.Card{}, err
	}
	found, err := tx.ContactsByAlias(ctx, []contact.Alias{alias})
	if err != nil {
		return conversation.Card{}, err
	}
	guest, known := found[alias]
	if !known {
		return conversation.Card{}, ErrGuest
	}
	active, err := tx.ActiveCards(ctx, guest.ID)
	if err != nil {
		return conversation.Card{}, err
	}
	if len(active) > 0 {
		return active[0], nil
	}
	return begin(ctx, tx, guest.Contact, now)
}

// AliasOf reads how a flow names a guest: a phone number in any spelling, or a BSUID.
func AliasOf(phone string) (contact.Alias, error) {
	if text := strings.TrimSpace(phone); contact.IsBSUID(text) {
		return contact.Alias{Kind: contact.ByBSUID, Value: text}, nil
	}
	p := contact.FromForm(phone)
	if p == "" {
		return contact.Alias{}, ErrPhone
	}
	return contact.Alias{Kind: contact.ByPhone, Value: string(p)}, nil
}

func begin(ctx context.Context, tx *postgres.Tx, guest contact.Contact, now time.Time) (conversation.Card, error) {
	c := conversation.Begin(guest.ID, "n8n", "", now)
	last, err := tx.LatestConversation(ctx, guest.ID)
	if err != nil && !errors.Is(err, conversation.ErrNotFound) {
		return conversation.Card{}, err
	}
	c.Unit, c.NumberID, c.LastInboundAt, c.LastMessageAt = last.Unit, last.NumberID, last.LastInboundAt, now
	if err := tx.InsertConversations(ctx, c); err != nil {
		return conversation.Card{}, err
	}
	return conversation.Card{Conversation: c, Contact: guest}, nil
}

// message makes what is stored.
func (r Request) message(ctx context.Context, tx *postgres.Tx, card conversation.Card, line directory.Line, now time.Time) (message.Message, error) {
	said, quoted, err := r.pointed(ctx, tx, card, line, now)
	if err != nil {
		return message.Message{}, err
	}
	metadata, err := content.Describe(said)
	if err != nil {
		return message.Message{}, err
	}
	metadata.Context, metadata.TurnToken = quoted, r.TurnToken
	m := message.Message{
		ID: id.NewMessage(), ConversationID: card.ID, ContactID: card.ContactID, NumberID: line.ID,
		Direction: message.Outbound, Sender: r.Sender, Kind: said.Kind(), Content: said.Shown(), Status: message.Pending,
		Metadata: metadata, CreatedAt: now,
		// In whole seconds, as Meta dates the guest's: within a second, arrival decides
		// who spoke first.
		Timestamp: now.Truncate(time.Second),
	}
	if !r.By.TenantID.IsZero() {
		m.SentBy = r.By.ID // a super admin is nobody of the hotel's
	}
	if r.ClientID != "" {
		m.ClientID = r.scopedID()
	}
	return m, nil
}

// queue writes the message, moves the conversation and queues the delivery. A reaction
// moves nothing: it is no answer, and takes no conversation over.
func queue(ctx context.Context, tx *postgres.Tx, r Request, card conversation.Card, m message.Message, now time.Time) (conversation.Card, error) {
	before, person := card, r.Sender == message.Person
	if err := tx.InsertMessages(ctx, now, m); err != nil {
		return card, err
	}
	if m.Kind != message.Reaction {
		if person {
			card.Conversation = card.PersonSpoke(r.By.ID, now)
		}
		card.Conversation = card.Show(m.Preview()).Answered(person, now)
		if err := tx.SaveConversations(ctx, card.Conversation); err != nil {
			return card, err
		}
	}
	tx.Enqueue(lane.Deliver, lane.New{Key: card.ID.String(), NumberID: m.NumberID, Payload: deliveryPayload(m.ID)})
	tx.Emit(event.Event{Name: event.MessageNew, Card: &card, Message: &m})
	if before.State != card.State || before.Lock != card.Lock {
		tx.Emit(event.Event{Name: event.ConversationUpdated, Card: &card, Before: &before})
	}
	if person && m.Kind != message.Reaction {
		return card, attend(ctx, tx, card, m.SentBy, now)
	}
	return card, nil
}

// attend takes what was escalated in a conversation off the waiting list: somebody
// answers the guest.
func attend(ctx context.Context, tx *postgres.Tx, card conversation.Card, by id.User, now time.Time) error {
	if card.EscalatedAt.IsZero() {
		return nil
	}
	attended, err := tx.AttendEscalations(ctx, card.ID, by, now)
	for _, e := range attended {
		tx.Emit(event.Event{Name: event.EscalationUpdated, Card: &card, Escalation: &e})
	}
	return err
}

// delivery is what a delivery lane carries: the id, not the text.
type delivery struct {
	MessageID id.Message `json:"messageId"`
}

func deliveryPayload(m id.Message) []byte {
	text, err := json.Marshal(delivery{m})
	if err != nil {
		panic(fmt.Sprintf("encode delivery: %v", err)) // an id
	}
	return text
}
