package httpapi

import (
	"context"

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

// showRead tells WhatsApp that a message was read, and reports whether it took it.
func (s *server) showRead(ctx context.Context, hotel *directory.Hotel, m message.Message) bool {
	line, _ := hotel.Line(m.NumberID)
	err := s.deps.WhatsApp.MarkRead(ctx, whatsapp.Credentials{PhoneNumberID: line.PhoneNumberID, AccessToken: line.AccessToken}, m.WAMID, false)
	if err != nil {
		s.deps.Log.WarnContext(ctx, "message cannot be marked read", "tenant_id", hotel.ID, "message_id", m.ID, "err", err)
	}
	return err == nil
}
