// Package wire says how our nouns look in JSON, for the REST API and for events
// alike: what an event carries is what a fetch returns. The names are the contract's
// (contract §1.3); what the original lacked stands after them. No rule lives here.
package wire

import (
	"slices"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
)

// Time is written as the original wrote it: UTC with milliseconds.
type Time string

const layout = "2006-01-02T15:04:05.000Z"

// At formats a time.
func At(t time.Time) Time { return Time(t.UTC().Format(layout)) }

// atOrNull formats a time; the zero time is null.
func atOrNull(t time.Time) *Time {
	if t.IsZero() {
		return nil
	}
	at := At(t)
	return &at
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// Contact is a guest.
type Contact struct {
	ID                string  `json:"id"`
	PhoneNumber       string  `json:"phoneNumber"`
	Name              string  `json:"name"`
	FirstName         *string `json:"firstName"`
	LastName          *string `json:"lastName"`
	CompanyName       *string `json:"companyName"`
	Designation       *string `json:"designation"`
	ProfilePictureURL *string `json:"profilePictureUrl"`
	Email             *string `json:"email"`
	Username          *string `json:"username"`
	BSUID             *string `json:"bsuid"`
	Metadata          any     `json:"metadata"`
	Channel           string  `json:"channel"`
	CreatedAt         Time    `json:"createdAt"`
	UpdatedAt         Time    `json:"updatedAt"`
}

// ContactOf writes a guest. A guest without any name is shown by what is known.
func ContactOf(c contact.Contact) Contact {
	out := Contact{
		ID: c.ID.String(), PhoneNumber: string(c.Phone), Name: c.DisplayName(), ProfilePictureURL: orNull(c.AvatarURL),
		FirstName: orNull(c.FirstName), LastName: orNull(c.LastName), CompanyName: orNull(c.CompanyName),
		Designation: orNull(c.Designation), Email: orNull(c.Email), Username: orNull(c.Username), BSUID: orNull(c.BSUID),
		Channel: "WHATSAPP", CreatedAt: At(c.CreatedAt), UpdatedAt: At(c.UpdatedAt),
	}
	if c.Metadata != "" {
		out.Metadata = notesListed(c.Metadata)
	}
	return out
}

// Person is a user as others see them.
type Person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Preview is the last message of a conversation.
type Preview struct {
	ID        string `json:"id"`
	Content   string `json:"content"`
	Direction string `json:"direction"`
	Type      string `json:"type"`
	Timestamp Time   `json:"timestamp"`
	// Sender and UserID tell a person's answer from a bot's.
	Sender string  `json:"sender"`
	UserID *string `json:"userId"`
}

func previewOf(p conversation.Preview) *Preview {
	out := &Preview{
		ID: p.ID.String(), Content: p.Content, Direction: p.Direction, Type: p.Type, Timestamp: At(p.Timestamp), Sender: p.Sender,
	}
	if !p.SentBy.IsZero() {
		by := p.SentBy.String()
		out.UserID = &by
	}
	if p.Sender == "" { // stored before senders were
		out.Sender = string(message.Bot)
		if p.Direction == string(message.Inbound) {
			out.Sender = string(message.Guest)
		}
	}
	return out
}

// Conversation is a conversation as lists, boards and events show it.
type Conversation struct {
	ID            string             `json:"id"`
	TenantID      string             `json:"tenantId"`
	ContactID     string             `json:"contactId"`
	AssignedToID  *string            `json:"assignedToId"`
	Status        conversation.State `json:"status"`
	Priority      string             `json:"priority"`
	Channel       string             `json:"channel"`
	Source        *string            `json:"source"`
	HotelUnit     *string            `json:"hotelUnit"`
	IALocked      bool               `json:"iaLocked"`
	IALockedAt    *Time              `json:"iaLockedAt"`
	IALockedBy    *string            `json:"iaLockedBy"`
	IsOpportunity bool               `json:"isOpportunity"`
	OpportunityAt *Time              `json:"opportunityAt"`
	LastMessageAt Time               `json:"lastMessageAt"`
	CreatedAt     Time               `json:"createdAt"`
	ClosedAt      *Time              `json:"closedAt"`
	Metadata      any                `json:"metadata"`
	Contact       Contact            `json:"contact"`
	AssignedTo    *Person            `json:"assignedTo"`
	Tags          []conversation.Tag `json:"tags"`
	LastMessage   *Preview           `json:"lastMessage"`
	UnreadCount   int                `json:"unreadCount"`
	LastInboundAt *Time              `json:"lastInboundAt"`
	WindowEndsAt  *Time              `json:"windowExpiresAt" doc:"When Meta's 24 hours end"`
	WindowCloses  *Time              `json:"windowClosesAt" doc:"Until when other messages than templates are taken: two minutes earlier, so that they arrive in time. Screens count down to it"`
	Ball          Ball               `json:"ball" doc:"Who has the ball: from whom the guest is to hear next"`
	Revision      int64              `json:"revision" doc:"Grows with every change: ignore a state whose revision is lower than the one you have"`
}

// ConversationOf writes a conversation of a tenant.
func ConversationOf(tenant id.Tenant, c conversation.Card) Conversation {
	out := Conversation{
		ID: c.ID.String(), TenantID: tenant.String(), ContactID: c.ContactID.String(), Status: c.State,
		Priority: string(c.Priority), Channel: "WHATSAPP", Source: orNull(c.Source), HotelUnit: orNull(c.Unit),
		IALocked: c.Lock.Locked, IALockedAt: atOrNull(c.Lock.At), IALockedBy: orNull(c.Lock.By),
		IsOpportunity: c.IsOpportunity, OpportunityAt: atOrNull(c.OpportunityAt), LastMessageAt: At(c.LastMessageAt),
		CreatedAt: At(c.CreatedAt), ClosedAt: atOrNull(c.ClosedAt), Contact: ContactOf(c.Contact),
		Tags: c.Tags, UnreadCount: c.Unread, LastInboundAt: atOrNull(c.LastInboundAt), WindowEndsAt: atOrNull(c.WindowEnds()), WindowCloses: atOrNull(c.WindowCloses()),
		Ball: BallOf(c), Revision: c.Revision,
	}
	if len(c.Metadata) > 0 {
		out.Metadata = c.Metadata
	}
	if out.Tags == nil {
		out.Tags = []conversation.Tag{}
	}
	if c.Assignee != nil {
		assignee := c.Assignee.ID.String()
		out.AssignedToID = &assignee
		out.AssignedTo = &Person{ID: assignee, Name: c.Assignee.Name, Email: c.Assignee.Email}
	}
	if p := c.LastMessage; p != nil {
		out.LastMessage = previewOf(*p)
	}
	return out
}

// Message is a message of a conversation.
type Message struct {
	ID                string           `json:"id"`
	TenantID          string           `json:"tenantId"`
	ConversationID    string           `json:"conversationId"`
	ContactID         string           `json:"contactId"`
	ExternalMessageID *string          `json:"externalMessageId"` // Meta's id
	WhatsAppMessageID *string          `json:"whatsappMessageId"` // the same under its December name
	Direction         string           `json:"direction"`
	Type              string           `json:"type"`
	Content           string           `json:"content"`
	Metadata          Metadata         `json:"metadata"`
	Status            message.Status   `json:"status"`
	SentByID          *string          `json:"sentById"`
	UserID            *string          `json:"userId,omitempty"`
	MediaURL          string           `json:"mediaUrl,omitempty"`
	MediaType         string           `json:"mediaType,omitempty"`
	Timestamp         Time             `json:"timestamp"`
	CreatedAt         Time             `json:"createdAt"`
	UpdatedAt         Time             `json:"updatedAt"`
	Sender            message.Sender   `json:"sender"`
	ClientID          string           `json:"clientId,omitempty"` // as the sender gave it
	OutcomeUnknown    bool             `json:"outcomeUnknown,omitempty"`
	Failure           *message.Failure `json:"failure,omitempty"`
	Resends           int              `json:"resends,omitempty" doc:"How often somebody had it sent again"`
	DeliveredAt       *Time            `json:"deliveredAt,omitempty"`
	ReadAt            *Time            `json:"readAt,omitempty"`
	PlayedAt          *Time            `json:"playedAt,omitempty"` // a voice note was listened to
	Pricing           *message.Pricing `json:"pricing,omitempty"`
	Quoted            *message.Quote   `json:"quoted,omitempty"` // what it answers, if that is known
	Transcription     string           `json:"transcription,omitempty" doc:"What is said in a recording, as a machine heard it"`
}

// Metadata is a message's metadata, with the failure where the original's dashboards
// look for it.
type Metadata struct {
	message.Metadata
	Delivery *Delivery `json:"delivery,omitempty"`
}

// Delivery says how the sending of a message ended.
type Delivery struct {
	Error message.Failure `json:"error"`
}

// Links turns the address with which a message was stored into one that can be fetched;
// see filing.Links.Of. Nil leaves it as it is.
type Links func(tenant id.Tenant, stored string) string

// MessageOf writes a message of a tenant. Statuses that the original's dashboards do
// not know are written as the nearest that they do.
func MessageOf(tenant id.Tenant, m message.Message, links Links) Message {
	if links != nil && m.Metadata.Shown != nil && m.Metadata.ThumbnailURL != "" {
		shown := *m.Metadata.Shown
		shown.ThumbnailURL = links(tenant, shown.ThumbnailURL)
		m.Metadata.Shown = &shown
	}
	if links != nil && m.Metadata.Rich != nil && len(m.Metadata.Cards) > 0 {
		rich := *m.Metadata.Rich
		rich.Cards = slices.Clone(rich.Cards)
		for i := range rich.Cards {
			rich.Cards[i].ImageURL = links(tenant, rich.Cards[i].ImageURL)
		}
		m.Metadata.Rich = &rich
	}
	if links != nil && m.Metadata.MediaURL != "" {
		m.Metadata.MediaURL = links(tenant, m.Metadata.MediaURL)
	}
	out := Message{
		ID: m.ID.String(), TenantID: tenant.String(), ConversationID: m.ConversationID.String(), ContactID: m.ContactID.String(),
		ExternalMessageID: orNull(m.WAMID), WhatsAppMessageID: orNull(m.WAMID), Direction: string(m.Direction),
		Type: string(m.Kind), Content: m.Content, Metadata: Metadata{Metadata: m.Metadata}, Status: StatusOf(m.Status),
		MediaURL: m.Metadata.MediaURL, MediaType: m.Metadata.MimeType, Timestamp: At(m.Timestamp), CreatedAt: At(m.CreatedAt),
		UpdatedAt: At(m.CreatedAt), Sender: m.Sender, ClientID: m.SendersID(),
		OutcomeUnknown: m.Status == message.Unknown, Failure: m.Failure,
		DeliveredAt: atOrNull(m.Progress.DeliveredAt()), ReadAt: atOrNull(m.Progress.ReadAt()), PlayedAt: atOrNull(m.Progress.Played),
		Pricing: m.Progress.Pricing, Quoted: m.Quoted, Resends: m.Resends,
	}
	if !m.SentBy.IsZero() {
		by := m.SentBy.String()
		out.SentByID, out.UserID = &by, &by
	}
	if m.Metadata.Heard != nil {
		out.Transcription = m.Metadata.Heard.Text
	}
	if m.Failure != nil {
		out.Metadata.Delivery = &Delivery{*m.Failure}
	}
	return out
}

// StatusOf is the status that a message is shown with: one that the original knows.
func StatusOf(s message.Status) message.Status {
	switch s {
	case message.Unknown:
		return message.Pending
	case message.Played:
		return message.Read
	default:
		return s
	}
}

// Escalation is a bot's request for a person.
type Escalation struct {
	ID             string           `json:"id"`
	TenantID       string           `json:"tenantId"`
	ConversationID string           `json:"conversationId"`
	Reason         string           `json:"reason"`
	ReasonDetail   *string          `json:"reasonDetail"`
	HotelUnit      *string          `json:"hotelUnit"`
	AIContext      any              `json:"aiContext"`
	Status         escalation.State `json:"status"`
	AttendedByID   *string          `json:"attendedById"`
	AttendedAt     *Time            `json:"attendedAt"`
	CreatedAt      Time             `json:"createdAt"`
	ResolvedAt     *Time            `json:"resolvedAt"`
	Notes          *string          `json:"notes"`
	Contact        *Contact         `json:"contact,omitempty"`
}

// EscalationOf writes an escalation of a tenant, with its guest if given.
func EscalationOf(tenant id.Tenant, e escalation.Escalation, guest *contact.Contact) Escalation {
	out := Escalation{
		ID: e.ID.String(), TenantID: tenant.String(), ConversationID: e.ConversationID.String(), Reason: string(e.Reason),
		ReasonDetail: orNull(e.ReasonDetail), HotelUnit: orNull(e.Unit), Status: e.State,
		AttendedAt: atOrNull(e.AttendedAt), CreatedAt: At(e.CreatedAt), ResolvedAt: atOrNull(e.ResolvedAt),
		Notes: orNull(e.Notes),
	}
	if len(e.AIContext) > 0 {
		out.AIContext = e.AIContext
	}
	if !e.AttendedBy.IsZero() {
		by := e.AttendedBy.String()
		out.AttendedByID = &by
	}
	if guest != nil {
		c := ContactOf(*guest)
		out.Contact = &c
	}
	return out
}

// User is a user as they see themselves.
type User struct {
	ID        string      `json:"id"`
	Email     string      `json:"email"`
	Name      string      `json:"name"`
	Role      user.Role   `json:"role"`
	Status    user.Status `json:"status"`
	TenantID  *string     `json:"tenantId"`
	HotelUnit *string     `json:"hotelUnit"`
	AvatarURL *string     `json:"avatarUrl"`
	Avatar    *string     `json:"avatar"` // the same, as dashboards call it
	CreatedAt Time        `json:"createdAt"`
	UpdatedAt Time        `json:"updatedAt"`
	LastLogin *Time       `json:"lastLogin"`
}

// UserOf writes a user.
func UserOf(u user.User) User {
	out := User{
		ID: u.ID.String(), Email: u.Email, Name: u.Name, Role: u.Role, Status: u.Status, HotelUnit: orNull(u.Unit),
		AvatarURL: orNull(u.AvatarURL), Avatar: orNull(u.AvatarURL), CreatedAt: At(u.CreatedAt), UpdatedAt: At(u.UpdatedAt), LastLogin: atOrNull(u.LastLogin),
	}
	if !u.TenantID.IsZero() {
		tenant := u.TenantID.String()
		out.TenantID = &tenant
	}
	return out
}
