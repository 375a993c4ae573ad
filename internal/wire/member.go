package wire

import "github.com/botreserva/botreserva/internal/domain/user"

// Colleague is somebody of a team, without their place in it. Avatar repeats AvatarURL
// under the name that the dashboards read.
type Colleague struct {
	ID        string      `json:"id"`
	Email     string      `json:"email"`
	Name      string      `json:"name"`
	Role      user.Role   `json:"role"`
	Status    user.Status `json:"status"`
	AvatarURL *string     `json:"avatarUrl"`
	Avatar    *string     `json:"avatar"`
	CreatedAt Time        `json:"createdAt"`
	UpdatedAt Time        `json:"updatedAt"`
}

// ColleagueOf writes a user.
func ColleagueOf(u user.User) Colleague {
	return Colleague{
		ID: u.ID.String(), Email: u.Email, Name: u.Name, Role: u.Role, Status: u.Status, AvatarURL: orNull(u.AvatarURL),
		Avatar: orNull(u.AvatarURL), CreatedAt: At(u.CreatedAt), UpdatedAt: At(u.UpdatedAt),
	}
}

// PlacedColleague is a colleague with the unit in which they work.
type PlacedColleague struct {
	Colleague
	HotelUnit *string `json:"hotelUnit"`
}

// PlacedColleagueOf writes a user.
func PlacedColleagueOf(u user.User) PlacedColleague {
	return PlacedColleague{ColleagueOf(u), orNull(u.Unit)}
}

// Member is a colleague as the list of a team shows them.
type Member struct {
	PlacedColleague
	LastLogin          *Time `json:"lastLogin"`
	ConversationsCount int   `json:"conversationsCount" doc:"Conversations that are assigned to them"`
}

// MemberOf writes a user to whom so many conversations are assigned.
func MemberOf(u user.User, conversations int) Member {
	return Member{PlacedColleagueOf(u), atOrNull(u.LastLogin), conversations}
}
