package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/wire"
)

func (s *server) setDefaultNumber(ctx context.Context, c caller, in *numberPath) (*reply[wire.Number], error) {
	number, err := id.ParseNumber(in.ID)
	if err != nil {
		return nil, provision.ErrNoNumber
	}
	n, err := s.deps.Provision.SetDefaultNumber(ctx, c.User.ID.String(), c.tenant, number)
	if err != nil {
		return nil, err
	}
	return answer(wire.NumberOf(n, true)), nil
}
