package pgtest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Contact makes a guest with a phone number of their own, and the alias by which it
// is found again.
func Contact(tb testing.TB, db *postgres.DB, tenantID id.Tenant, options ...func(*contact.Contact)) contact.Contact {
	tb.Helper()
	n := sequence.Add(1)
	wa := fmt.Sprintf("55129%08d", n)
	c := contact.Contact{ID: id.NewContact(), WAID: wa, Phone: contact.Canonical(wa), Name: fmt.Sprintf("Guest %d", n)}
	for _, option := range options {
		option(&c)
	}
	aliases := map[contact.Alias]contact.Contact{}
	for _, a := range (contact.Identity{WAID: string(c.Phone), BSUID: c.BSUID}).Aliases() {
		aliases[a] = c
	}
	InTx(tb, db, tenantID, func(tx *postgres.Tx) error {
		if err := tx.InsertContacts(within(tb), now(), c); err != nil {
			return err
		}
		return tx.InsertAliases(within(tb), aliases)
	})
	return c
}

// chat is what options of Conversation change.
type chat struct {
	conversation.Conversation
	guest *contact.Contact
}

// ConversationOption says what matters about a conversation.
type ConversationOption func(*chat)

// With makes the conversation that of a known guest.
func With(c contact.Contact) ConversationOption { return func(v *chat) { v.guest = &c } }

// InState sets the state.
func InState(s conversation.State) ConversationOption {
	return func(v *chat) { v.Conversation = v.To(s, now()) }
}

// LockedBy makes somebody hold the conversation: a user's id, or conversation.System.
func LockedBy(by string) ConversationOption {
	return func(v *chat) { v.Conversation = v.LockFor(by, now()) }
}

// AssignedTo gives the conversation to a user of its tenant, without moving its state.
func AssignedTo(u id.User) ConversationOption { return func(v *chat) { v.AssignedTo = u } }

// OfUnit sets the unit.
func OfUnit(unit string) ConversationOption { return func(v *chat) { v.Unit = unit } }

// WithPriority sets the priority.
func WithPriority(p conversation.Priority) ConversationOption {
	return func(v *chat) { v.Priority = p }
}

// AsOpportunity marks the conversation as a possible sale.
func AsOpportunity() ConversationOption { return func(v *chat) { v.IsOpportunity = true } }

// LastMessageAt sets when somebody last wrote.
func LastMessageAt(at time.Time) ConversationOption { return func(v *chat) { v.LastMessageAt = at } }

// LastInboundAt sets when the guest last wrote: it opens the window.
func LastInboundAt(at time.Time) ConversationOption { return func(v *chat) { v.LastInboundAt = at } }

// Conversation makes a conversation of a hotel: of a new guest, answered by the bot,
// within the window, unless options say otherwise.
func Conversation(tb testing.TB, db *postgres.DB, hotel Hotel, options ...ConversationOption) conversation.Card {
	tb.Helper()
	at := now()
	v := chat{Conversation: conversation.Conversation{
		ID: id.NewConversation(), NumberID: hotel.Number.ID, State: conversation.BotHandling,
		Priority: conversation.Medium, Source: "whatsapp", LastMessageAt: at, LastInboundAt: at, CreatedAt: at,
	}}
	for _, option := range options {
		option(&v)
	}
	if v.guest == nil {
		guest := Contact(tb, db, hotel.ID)
		v.guest = &guest
	}
	v.ContactID = v.guest.ID
	InTx(tb, db, hotel.ID, func(tx *postgres.Tx) error {
		if err := tx.InsertConversations(within(tb), v.Conversation); err != nil {
			return err
		}
		return tx.SaveConversations(within(tb), v.Conversation) // the assignee, and the time of closing
	})
	if v.IsOpportunity {
		Exec(tb, db, "UPDATE conversation SET is_opportunity = true, opportunity_at = now() WHERE id = $1", v.ID)
	}
	card, err := db.Card(within(tb), hotel.ID, v.ID)
	if err != nil {
		tb.Fatalf("load conversation: %v", err)
	}
	return card
}

// Message makes a guest's message in a conversation. Options change it before it is
// stored.
func Message(tb testing.TB, db *postgres.DB, tenantID id.Tenant, c conversation.Card, options ...func(*message.Message)) message.Message {
	tb.Helper()
	n := sequence.Add(1)
	m := message.Message{
		ID: id.NewMessage(), ConversationID: c.ID, ContactID: c.ContactID, NumberID: c.NumberID,
		WAMID: fmt.Sprintf("wamid.%d", n), Direction: message.Inbound, Sender: message.Guest, Kind: message.Text,
		Content: fmt.Sprintf("Message %d", n), Status: message.Delivered, Timestamp: now(),
	}
	for _, option := range options {
		option(&m)
	}
	InTx(tb, db, tenantID, func(tx *postgres.Tx) error { return tx.InsertMessages(within(tb), now(), m) })
	return m
}

// FromBot makes a message one that the bot is about to send.
func FromBot(m *message.Message) {
	m.Direction, m.Sender, m.Status, m.WAMID = message.Outbound, message.Bot, message.Pending, ""
}

// Escalation makes the bot's open request for a person.
func Escalation(tb testing.TB, db *postgres.DB, tenantID id.Tenant, c conversation.Card) escalation.Escalation {
	tb.Helper()
	e := escalation.Escalation{
		ID: id.NewEscalation(), ConversationID: c.ID, Reason: escalation.UserRequested,
		State: escalation.Pending, Unit: c.Unit, CreatedAt: now(),
	}
	InTx(tb, db, tenantID, func(tx *postgres.Tx) error { return tx.InsertEscalation(within(tb), e) })
	Exec(tb, db, "UPDATE conversation SET escalated_at = coalesce(escalated_at, $2) WHERE id = $1", c.ID, e.CreatedAt)
	return e
}

// Tag makes a label of a tenant.
func Tag(tb testing.TB, db *postgres.DB, tenantID id.Tenant, name string) conversation.Tag {
	tb.Helper()
	tag := conversation.Tag{ID: uuid.New(), Name: name, Color: "#336699"}
	Exec(tb, db, "INSERT INTO tag (tenant_id, id, name, color) VALUES ($1, $2, $3, $4)", tenantID, tag.ID, tag.Name, tag.Color)
	return tag
}

// QuickReply makes a stored text of a tenant, written by somebody, and returns its id.
func QuickReply(tb testing.TB, db *postgres.DB, tenantID id.Tenant, by id.User, content string) uuid.UUID {
	tb.Helper()
	n, reply := sequence.Add(1), uuid.New()
	Exec(tb, db, "INSERT INTO quick_reply (tenant_id, id, title, shortcut, content, created_by) VALUES ($1, $2, $3, $4, $5, $6)",
		tenantID, reply, fmt.Sprintf("Reply %d", n), fmt.Sprintf("reply-%d", n), content, by)
	return reply
}

// InTx runs fn in one transaction of a tenant, which must succeed.
func InTx(tb testing.TB, db *postgres.DB, tenantID id.Tenant, fn func(tx *postgres.Tx) error) {
	tb.Helper()
	if err := db.InTx(within(tb), tenantID, fn); err != nil {
		tb.Fatal(err)
	}
}

// now has the precision that the database keeps, so that what comes back compares
// equal.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
