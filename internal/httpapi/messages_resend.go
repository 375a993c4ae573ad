package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

type resendInput struct {
	MessagePath
	Body *struct {
		Resends *int `json:"resends,omitempty" minimum:"0" doc:"How often the message that you see was sent again. If it was sent again since, nothing is sent"`
	}
}

// resendMessage sends a failed message again. Of one that has not failed it only tells how
// it is.
func (s *server) resendMessage(ctx context.Context, c caller, in *resendInput) (*reply[wire.Message], error) {
	messageID, err := id.ParseMessage(in.ID)
	if err != nil {
		return nil, postgres.ErrNoMessage
	}
	seen := -1
	if in.Body != nil && in.Body.Resends != nil {
		seen = *in.Body.Resends
	}
	m, err := s.deps.Sender.Resend(ctx, c.tenant, c.User, messageID, seen)
	if err != nil {
		return nil, err
	}
	return answer(wire.MessageOf(c.tenant, m, s.deps.Links.Of)), nil
}
