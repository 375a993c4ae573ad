package importer

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/original"
)

// conversations moves what goes on and what went on. A guest has one at most that goes
// on; the original could have several, of which the newest does.
func (m *moving) conversations(ctx context.Context) error {
	return walk(ctx, m, original.Conversations, postgres.ImportConversations, func(c original.Conversation) (postgres.ImportRow, error) {
		contact := ref(c.ContactID)
		if contact == nil {
			return postgres.ImportRow{}, skipped("its guest's id is no UUID")
		}
		state, closed := m.stateOf(&c)
		var number any
		if m.isLine {
			number = m.line
		}
		return m.row(c.ID, map[string]any{
			"contact_id": contact, "number_id": number, "assigned_to": m.person(c.AssignedToID), "state": state, "priority": c.Priority,
			"source": c.Source, "unit": m.unit(c.HotelUnit), "locked": c.IALocked, "locked_at": at(c.IALockedAt), "locked_by": c.IALockedBy,
			"is_opportunity": c.IsOpportunity, "opportunity_at": at(c.OpportunityAt), "unread": c.Unread,
			"last_message_at": or(c.LastMessageAt, m.now), "last_inbound_at": at(c.LastInboundAt), "last_message": m.preview(c.LastMessage),
			"metadata": orNull(object(c.Metadata)), "created_at": or(c.CreatedAt, m.now), "closed_at": closed,
			"first_reply_at": at(c.FirstReplyAt), "first_human_at": at(c.FirstHumanAt), "escalated_at": at(c.EscalatedAt),
		})
	})
}

// stateOf returns a conversation's state and when it was closed.
func (m *moving) stateOf(c *original.Conversation) (conversation.State, any) {
	state := conversation.State(c.Status)
	over := state == conversation.Closed || state == conversation.Archived
	if !over && (c.Superseded || !isWhatsApp(c.Channel)) {
		if c.Superseded {
			m.changed("conversation closed: a newer one of the same guest goes on")
		} else {
			m.changed("conversation closed: guests of another channel cannot be answered")
		}
		state, over = conversation.Closed, true
	}
	switch {
	case !over:
		return state, nil
	case c.ClosedAt.IsZero():
		return state, or(c.LastMessageAt, m.now)
	default:
		return state, c.ClosedAt.Time
	}
}

// preview is the last message as lists show it.
func (m *moving) preview(last *original.Message) any {
	if last == nil {
		return nil
	}
	own, err := id.ParseMessage(last.ID)
	if err != nil {
		return nil
	}
	shown := message.Message{
		ID: own, Content: last.Content, Direction: message.Direction(last.Direction), Kind: kindOf(last.Type),
		Sender: senderOf(last), Timestamp: last.Timestamp.Time,
	}
	if by, err := id.ParseUser(last.SentByID); err == nil && m.person(last.SentByID) != nil {
		shown.SentBy = by
	}
	return shown.Preview()
}

// messages moves what was said.
func (m *moving) messages(ctx context.Context) error {
	if err := m.lookAtFolder(); err != nil {
		return err
	}
	return walk(ctx, m, original.Messages, postgres.ImportMessages, func(v original.Message) (postgres.ImportRow, error) {
		talk, guest := ref(v.ConversationID), ref(v.ContactID)
		if talk == nil || guest == nil {
			return postgres.ImportRow{}, skipped("its conversation is not there")
		}
		status, ok := statusOf(&v)
		if !ok {
			return postgres.ImportRow{}, skipped("its status is not known")
		}
		notes := notesOf(&v)
		if err := m.file(ctx, &v, notes); err != nil {
			return postgres.ImportRow{}, err
		}
		var wamid any
		if v.WhatsAppMessageID != "" {
			wamid = v.WhatsAppMessageID
		}
		if v.ExternalMessageID != "" {
			wamid = v.ExternalMessageID
		}
		return m.row(v.ID, map[string]any{
			"conversation_id": talk, "contact_id": guest, "number_id": m.line, "wamid": wamid, "direction": v.Direction, "sender": senderOf(&v),
			"kind": kindOf(v.Type), "content": v.Content, "metadata": notes, "status": status, "failure": failureOf(status, notes),
			"sent_by": m.person(v.SentByID), "timestamp": or(v.Timestamp, m.now), "created_at": or(v.CreatedAt, m.now),
		})
	})
}
