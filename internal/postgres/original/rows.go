package original

import (
	"encoding/json"
	"time"
)

// Row is a row as the source gives it: its key, by which pages go on, and its columns.
type Row struct {
	Key  string
	JSON []byte
}

// Time is a moment; the original's columns hold UTC without saying so. The zero value is
// NULL.
type Time struct{ time.Time }

// UnmarshalJSON reads what to_jsonb makes of timestamps with and without a zone.
func (t *Time) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil || s == "" {
		return err
	}
	at, err := time.Parse("2006-01-02T15:04:05", s) // accepts fractions
	if err != nil {
		at, err = time.Parse(time.RFC3339, s)
	}
	t.Time = at.UTC()
	return err
}

// Tenant is a row of tenants.
type Tenant struct {
	ID, Slug, Name, Email, Status, Plan string
	MaxAttendants, MaxMessages          int
	TrialEndsAt, CreatedAt, UpdatedAt   Time
	WhatsAppPhoneNumberID               string `json:"whatsappPhoneNumberId"`
	WhatsAppAccessToken                 string `json:"whatsappAccessToken"`
	WhatsAppBusinessAccountID           string `json:"whatsappBusinessAccountId"`
	WhatsAppWebhookVerifyToken          string `json:"whatsappWebhookVerifyToken"`
	WhatsAppAppSecret                   string `json:"whatsappAppSecret"`
	N8NWebhookURL                       string `json:"n8nWebhookUrl"`
}

// User is a row of users.
type User struct {
	ID, Email, Password, Name, Role, Status, AvatarURL, HotelUnit string
	CreatedAt, UpdatedAt, LastLogin                               Time
}

// Contact is a row of contacts. Channel and ExternalID are of the later form.
type Contact struct {
	ID, Channel, ExternalID, PhoneNumber, Name, ProfilePictureURL, Email string
	FirstName, LastName, CompanyName, Designation                        string
	Metadata                                                             json.RawMessage
	CreatedAt, UpdatedAt                                                 Time
}

// Conversation is a row of conversations, with what its messages say.
type Conversation struct {
	ID, ContactID, AssignedToID, Status, Priority, Channel, Source, HotelUnit, IALockedBy string
	IALocked, IsOpportunity, Superseded                                                   bool
	IALockedAt, OpportunityAt, LastMessageAt, CreatedAt, ClosedAt                         Time
	LastInboundAt, FirstReplyAt, FirstHumanAt, EscalatedAt                                Time
	Unread                                                                                int
	LastMessage                                                                           *Message
	Metadata                                                                              json.RawMessage
}

// Message is a row of messages. Its id at Meta has another name in each form.
type Message struct {
	ID, ConversationID, ContactID, ExternalMessageID, WhatsAppMessageID string
	Direction, Type, Content, Status, SentByID                          string
	Metadata                                                            json.RawMessage
	Timestamp, CreatedAt                                                Time
}

// Tag is a row of tags.
type Tag struct {
	ID, Name, Color string
	CreatedAt       Time
}

// ConversationTag is a row of the table that joins them.
type ConversationTag struct{ A, B string }

// Escalation is a row of escalations.
type Escalation struct {
	ID, ConversationID, Reason, ReasonDetail, HotelUnit, Status, AttendedByID string
	AIContext                                                                 json.RawMessage
	AttendedAt, CreatedAt, ResolvedAt                                         Time
}

// QuickReply is a row of quick_replies.
type QuickReply struct {
	ID, Title, Shortcut, Content, Category, CreatedByID string
	Order                                               int
	IsActive                                            bool
	CreatedAt, UpdatedAt                                Time
}

// Usage is a row of usage_tracking.
type Usage struct {
	ID                                             string
	Period, CreatedAt, UpdatedAt                   Time
	MessagesCount, ConversationsCount, ActiveUsers int
}

// AuditLog is a row of audit_logs.
type AuditLog struct {
	ID, UserID, Action, Entity, EntityID string
	OldData, NewData, Metadata           json.RawMessage
	CreatedAt                            Time
}
