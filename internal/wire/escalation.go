package wire

import (
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// EscalationItem is an escalation as lists show it, with its conversation.
type EscalationItem struct {
	Escalation
	Conversation Conversation `json:"conversation"`
}

// EscalationItemOf writes an escalation of a tenant with its conversation.
func EscalationItemOf(tenant id.Tenant, e escalation.Escalation, c conversation.Card) EscalationItem {
	return EscalationItem{EscalationOf(tenant, e, nil), ConversationOf(tenant, c)}
}

// ConversationBegun is a conversation with its first messages, the oldest first.
type ConversationBegun struct {
	Conversation
	Messages []Message `json:"messages"`
}

// EscalationInFull is an escalation by itself, with what was said.
type EscalationInFull struct {
	Escalation
	Conversation ConversationBegun `json:"conversation"`
}

// EscalationInFullOf writes an escalation of a tenant with how its conversation began.
func EscalationInFullOf(tenant id.Tenant, e escalation.Escalation, c conversation.Card, messages []message.Message, links Links) EscalationInFull {
	begun := ConversationBegun{ConversationOf(tenant, c), make([]Message, 0, len(messages))}
	for _, m := range messages {
		begun.Messages = append(begun.Messages, MessageOf(tenant, m, links))
	}
	return EscalationInFull{EscalationOf(tenant, e, nil), begun}
}
