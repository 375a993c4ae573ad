package outbox

import (
	"context"
	"errors"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Refusals of sending again.
var (
	ErrNotOurs  = fault.New(fault.Unprocessable, "resend_not_possible", "Only what the hotel said can be sent again.")
	ErrHopeless = fault.New(fault.Conflict, "resend_cannot_help", "Sending the same message again cannot help; see what its failure says, and write another.")
	ErrTooSoon  = fault.New(fault.Conflict, "resend_too_soon",
		"WhatsApp held this offer back so as not to tire the guest. It punishes trying again at once: wait until 24 hours after it failed.")
)

// Resend has a failed message sent again, as the same message. It does nothing, and returns
// the message as it is, if that has not failed or is not the attempt that the person saw: a
// double tap sends once. seen is how often it had been sent again before, or negative.
func (s *Sender) Resend(ctx context.Context, tenantID id.Tenant, by user.User, messageID id.Message, seen int) (message.Message, error) {
	hotel, err := s.directory.Hotel(ctx, tenantID)
	if err != nil {
		return message.Message{}, err
	}
	var m message.Message
	for range 3 {
		err = s.db.InTx(ctx, tenantID, func(tx *postgres.Tx) (err error) {
			m, err = s.resend(ctx, tx, hotel, by, messageID, seen)
			return err
		})
		if !errors.Is(err, postgres.ErrRepeated) {
			break // else the guest has just got another active conversation: look again
		}
	}
	return m, s.withTemplates(ctx, tenantID, err)
}

func (s *Sender) resend(ctx context.Context, tx *postgres.Tx, hotel *directory.Hotel, by user.User, messageID id.Message, seen int) (message.Message, error) {
	m, err := tx.Message(ctx, messageID)
	if err != nil {
		return m, err
	}
	now := s.clock.Now()
	r := Request{ConversationID: m.ConversationID, Sender: message.Person, By: by}
	card, err := s.conversation(ctx, tx, r, now) // locked first, as sending does
	if errors.Is(err, conversation.ErrNotFound) {
		err = postgres.ErrNoMessage
	}
	if err != nil {
		return m, err
	}
	stored, err := tx.LockMessage(ctx, messageID)
	m = stored.Message
	if err != nil || m.Direction == message.Outbound && (m.Status != message.Failed || seen >= 0 && seen != m.Resends) {
		return m, err
	}
	if err := s.mayResend(hotel, m, card, now); err != nil {
		return m, err
	}
	if m, err = tx.Resend(ctx, messageID); err != nil {
		return m, err
	}
	return m, s.again(ctx, tx, r, card, m, now)
}

// mayResend refuses what cannot get through.
func (s *Sender) mayResend(hotel *directory.Hotel, m message.Message, card conversation.Card, now time.Time) error {
	if m.Direction != message.Outbound {
		return ErrNotOurs
	}
	if _, ok := hotel.Line(m.NumberID); !ok {
		return tenant.ErrNoNumber
	}
	said, err := content.Of(m)
	if err != nil {
		return err
	}
	f := m.Failure
	switch {
	case f == nil || f.Code == whatsapp.CodeWindow || f.Details == conversation.ErrWindowClosed.Code:
		// Whether it gets through now is asked below.
	case f.Code == whatsapp.CodeTooManyOffers && now.Before(failedAt(m).Add(24*time.Hour)):
		return ErrTooSoon
	case !f.CanRetry:
		return ErrHopeless.With(fault.Detail{Path: "failure", Code: ErrHopeless.Code, Message: f.Message})
	}
	return allowedToBegin(m.Sender, said.Kind(), card.Conversation, now)
}

func failedAt(m message.Message) time.Time {
	if m.Progress.Failed.IsZero() {
		return m.Timestamp
	}
	return m.Progress.Failed
}

// again queues a message that is sent again. What a person said counts as an answer once more.
func (s *Sender) again(ctx context.Context, tx *postgres.Tx, r Request, card conversation.Card, m message.Message, now time.Time) error {
	before := card
	answers := m.Sender == message.Person && m.Kind != message.Reaction
	if answers {
		card.Conversation = card.PersonSpoke(r.By.ID, now).Answered(true, now)
		if err := tx.SaveConversations(ctx, card.Conversation); err != nil {
			return err
		}
	}
	tx.Enqueue(lane.Deliver, lane.New{Key: card.ID.String(), NumberID: m.NumberID, Payload: deliveryPayload(m.ID)})
	tx.Emit(event.Event{Name: event.MessageStatus, Card: &card, Message: &m})
	if before.State != card.State || before.Lock != card.Lock {
		tx.Emit(event.Event{Name: event.ConversationUpdated, Card: &card, Before: &before})
	}
	if !answers {
		return nil
	}
	by := r.By.ID
	if r.By.TenantID.IsZero() {
		by = id.User{} // a super admin is nobody of the hotel's
	}
	return attend(ctx, tx, card, by, now)
}
