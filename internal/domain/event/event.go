// Package event names what screens are told about. An event is made inside a
// transaction and published after its commit, never before. How it looks in JSON
// is package wire's business; who may see it is decided by package realtime.
package event

import (
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/news"
	"github.com/botreserva/botreserva/internal/domain/tenant"
)

// Name is what an event is called on the wire.
type Name string

// The events; names are the contract's.
const (
	MessageNew          Name = "message:new"
	MessageUpdated      Name = "message:updated" // reacted to, edited or taken back
	MessageStatus       Name = "message:status"
	MessageScheduled    Name = "message:scheduled" // for later, or what became of that
	ConversationNew     Name = "conversation:new"
	ConversationUpdated Name = "conversation:updated"
	ConversationDeleted Name = "conversation:deleted"
	EscalationNew       Name = "escalation:new"
	EscalationUpdated   Name = "escalation:updated"
	TagCreated          Name = "tag:created"
	TagUpdated          Name = "tag:updated"
	TagDeleted          Name = "tag:deleted"
	ContactCreated      Name = "contact:created"
	ContactUpdated      Name = "contact:updated"
	ContactDeleted      Name = "contact:deleted"
	WindowClosing       Name = "window:closing" // on a guest who waits for an answer
	AccountNews         Name = "account:event"  // for administrators
	BotPaused           Name = "bot:paused"
	BotResumed          Name = "bot:resumed"
	FlowIll             Name = "flow:ill" // for administrators
	FlowRecovered       Name = "flow:recovered"
)

// Event is one thing that happened to a conversation, or at the hotel.
type Event struct {
	Name       Name
	TenantID   id.Tenant
	Card       *conversation.Card // as it is now; decides who hears of it
	Before     *conversation.Card // set when people may have lost sight of the conversation
	Message    *message.Message
	Escalation *escalation.Escalation
	Scheduled  *message.Scheduled
	Tag        *conversation.Tag // of an event that everybody at the hotel hears; it has no card
	News       *news.Event       // of an account's event, which administrators hear
	Flow       *tenant.Health    // of the hotel's flow, which administrators hear
	Contact    *contact.Contact  // of a contact's event, which everybody at the hotel hears; only its id once deleted
}
