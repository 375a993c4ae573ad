package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/user"
)

// teammate is somebody of the team as all of it may know them: who wrote a message, and
// to whom a conversation may be given.
type teammate struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Role      user.Role `json:"role"`
	HotelUnit *string   `json:"hotelUnit"`
	AvatarURL *string   `json:"avatarUrl"`
	IsActive  bool      `json:"isActive" doc:"May be given conversations; the others only wrote messages once"`
}

func (s *server) listNames(ctx context.Context, c caller, _ *struct{}) (*reply[whole[teammate]], error) {
	people, err := s.deps.DB.TeamNames(ctx, c.tenant)
	if err != nil {
		return nil, err
	}
	out := whole[teammate]{make([]teammate, 0, len(people))}
	for _, u := range people {
		out.Data = append(out.Data, teammate{u.ID.String(), u.Name, u.Role, textOrNull(u.Unit), textOrNull(u.AvatarURL), u.Status == user.Active})
	}
	return answer(out), nil
}
