// Package id holds one identifier type per noun, so that a contact's id cannot
// be passed where a conversation's is wanted. All are UUIDs; new ones are
// version 7, which sort by the time they were made.
package id

import (
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// The nouns that an identifier may belong to. They exist only as type
// parameters of ID.
type (
	tenantNoun       struct{}
	userNoun         struct{}
	numberNoun       struct{}
	contactNoun      struct{}
	conversationNoun struct{}
	messageNoun      struct{}
	escalationNoun   struct{}
	deliveryNoun     struct{}
	apiKeyNoun       struct{}
	sessionNoun      struct{}
	mediaNoun        struct{}
	newsNoun         struct{}
	scheduledNoun    struct{}
	subscriptionNoun struct{}
	subscribedNoun   struct{}
)

// The identifiers of the product's nouns.
type (
	Tenant       = ID[tenantNoun]
	User         = ID[userNoun]
	Number       = ID[numberNoun] // a hotel's WhatsApp number
	Contact      = ID[contactNoun]
	Conversation = ID[conversationNoun]
	Message      = ID[messageNoun]
	Escalation   = ID[escalationNoun]
	Delivery     = ID[deliveryNoun] // one stored call of Meta's to our webhook
	APIKey       = ID[apiKeyNoun]
	Session      = ID[sessionNoun]   // one log-in: a family of refresh tokens
	Media        = ID[mediaNoun]     // a file
	News         = ID[newsNoun]      // one piece of news about an account
	Scheduled    = ID[scheduledNoun] // a message that is to be sent later
	Subscription = ID[subscriptionNoun]
	Subscribed   = ID[subscribedNoun] // one thing that a subscriber is told
)

// ID identifies one thing of the noun N. The zero value identifies nothing.
type ID[N any] struct{ uuid.UUID }

// New makes a version 7 identifier: later ones sort after earlier ones of the
// same process.
func New[N any]() ID[N] { return ID[N]{uuid.Must(uuid.NewV7())} }

// Constructors, one per noun, so that callers need not name the type parameter.
var (
	NewTenant       = New[tenantNoun]
	NewUser         = New[userNoun]
	NewNumber       = New[numberNoun]
	NewContact      = New[contactNoun]
	NewConversation = New[conversationNoun]
	NewMessage      = New[messageNoun]
	NewEscalation   = New[escalationNoun]
	NewDelivery     = New[deliveryNoun]
	NewAPIKey       = New[apiKeyNoun]
	NewSession      = New[sessionNoun]
	NewMedia        = New[mediaNoun]
	NewNews         = New[newsNoun]
	NewScheduled    = New[scheduledNoun]
	NewSubscription = New[subscriptionNoun]
	NewSubscribed   = New[subscribedNoun]
)

// Parse reads the canonical text form of an identifier.
func Parse[N any](text string) (ID[N], error) {
	if len(text) != 36 {
		return ID[N]{}, fmt.Errorf("parse id: want 36 characters, got %d", len(text))
	}
	u, err := uuid.Parse(text)
	if err != nil {
		return ID[N]{}, fmt.Errorf("parse id: %w", err)
	}
	return ID[N]{u}, nil
}

// Parsers, one per noun that reaches us as text.
var (
	ParseTenant       = Parse[tenantNoun]
	ParseUser         = Parse[userNoun]
	ParseSession      = Parse[sessionNoun]
	ParseConversation = Parse[conversationNoun]
	ParseContact      = Parse[contactNoun]
	ParseMessage      = Parse[messageNoun]
	ParseNumber       = Parse[numberNoun]
	ParseEscalation   = Parse[escalationNoun]
	ParseDelivery     = Parse[deliveryNoun]
	ParseMedia        = Parse[mediaNoun]
	ParseScheduled    = Parse[scheduledNoun]
	ParseSubscription = Parse[subscriptionNoun]
	ParseSubscribed   = Parse[subscribedNoun]
)

// Floor returns the bound below which every identifier of New sorts that was made
// before t, and above which every one made later. It identifies nothing itself.
func Floor[N any](t time.Time) ID[N] {
	var u uuid.UUID
	ms := uint64(max(0, t.UnixMilli()))
	for i := range 6 {
		u[i] = byte(ms >> (8 * (5 - i)))
	}
	return ID[N]{u}
}

// The bounds of nouns that are counted by when they were made.
var (
	MessageFloor      = Floor[messageNoun]
	ConversationFloor = Floor[conversationNoun]
)

// IsZero reports whether the identifier identifies nothing.
func (i ID[N]) IsZero() bool { return i.UUID == uuid.Nil }

// Ptr returns nil for the zero identifier, else a pointer to a copy: the form
// in which optional references are written as JSON null.
func (i ID[N]) Ptr() *ID[N] {
	if i.IsZero() {
		return nil
	}
	return &i
}

// Value implements driver.Valuer; the zero identifier is written as NULL.
func (i ID[N]) Value() (driver.Value, error) {
	if i.IsZero() {
		return nil, nil
	}
	return i.UUID.Value()
}

// Scan implements sql.Scanner; NULL is read as the zero identifier.
func (i *ID[N]) Scan(src any) error {
	if src == nil {
		i.UUID = uuid.Nil
		return nil
	}
	return i.UUID.Scan(src)
}
