package httpapi

import (
	"context"
	"errors"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// MessagePath names a message in the path. Exported for huma: see ConversationPath.
type MessagePath struct {
	ID string `path:"id"`
}

// noContent is an answer without a body.
type noContent struct{}

// readMessage marks a guest's message as read and shows the guest the blue ticks. That
// WhatsApp does not take them changes nothing for the hotel: it is only noted.
func (s *server) readMessage(ctx context.Context, c caller, in *MessagePath) (*noContent, error) {
	messageID, err := id.ParseMessage(in.ID)
	if err != nil {
		return nil, postgres.ErrNoMessage
	}
	m, err := s.deps.Desk.MarkMessageRead(ctx, c.tenant, c.User, messageID)
	if err != nil {
		return nil, err
	}
	hotel, err := s.deps.Directory.Hotel(ctx, c.tenant)
	if err != nil {
		return nil, err
	}
	s.showRead(ctx, hotel, m)
	return &noContent{}, nil
}

// showLastRead shows the guest the blue ticks of a whole conversation: WhatsApp takes what
// came before a message that was read for read too.
func (s *server) showLastRead(ctx context.Context, c caller, of id.Conversation) error {
	return s.showLatest(ctx, c, of, false)
}

// showTyping shows the guest for up to 25 seconds that somebody is typing. WhatsApp cannot
// without blue ticks for what the guest wrote.
func (s *server) showTyping(ctx context.Context, c caller, in *ConversationPath) (*noContent, error) {
	card, err := s.visible(ctx, c, *in)
	if err != nil {
		return nil, err
	}
	return &noContent{}, s.showLatest(ctx, c, card.ID, true)
}

// showLatest tells WhatsApp that the last message of a conversation was read.
func (s *server) showLatest(ctx context.Context, c caller, of id.Conversation, typing bool) error {
	m, err := s.deps.DB.LatestInbound(ctx, c.tenant, of)
	if errors.Is(err, postgres.ErrNoMessage) || err == nil && s.deps.Clock.Now().Sub(m.Timestamp) > receiptTime {
		return nil // nobody is there to be shown it
	}
	if err != nil {
		return err
	}
	hotel, err := s.deps.Directory.Hotel(ctx, c.tenant)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, receiptPatience)
	defer cancel()
	s.show(ctx, hotel, m, typing)
	return nil
}

// receiptPatience is how long somebody who opens a conversation may be kept waiting for Meta.
const receiptPatience = 3 * time.Second

// receiptTime is how long WhatsApp takes receipts for a message (messages reference, 2026).
const receiptTime = 30 * 24 * time.Hour

// showRead tells WhatsApp that a message was read, and reports whether it took it.
func (s *server) showRead(ctx context.Context, hotel *directory.Hotel, m message.Message) bool {
	return s.show(ctx, hotel, m, false)
}

func (s *server) show(ctx context.Context, hotel *directory.Hotel, m message.Message, typing bool) bool {
	line, _ := hotel.Line(m.NumberID)
	err := s.deps.WhatsApp.MarkRead(ctx, whatsapp.Credentials{PhoneNumberID: line.PhoneNumberID, AccessToken: line.AccessToken}, m.WAMID, typing)
	if err != nil {
		s.deps.Log.WarnContext(ctx, "message cannot be marked read", "tenant_id", hotel.ID, "message_id", m.ID, "err", err)
	}
	return err == nil
}
