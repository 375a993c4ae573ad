package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/staff"
	"github.com/botreserva/botreserva/internal/wire"
)

type listUsersInput struct {
	Role      string `query:"role" enum:"SUPER_ADMIN,TENANT_ADMIN,HEAD,ATTENDANT,SALES"`
	Status    string `query:"status" enum:"ACTIVE,INACTIVE,SUSPENDED"`
	Search    string `query:"search" maxLength:"200" doc:"Part of a name or e-mail address"`
	HotelUnit string `query:"hotelUnit" maxLength:"100"`
	Page      int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit     int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (s *server) listUsers(ctx context.Context, c caller, in *listUsersInput) (*reply[flatList[wire.Member]], error) {
	f := postgres.UserFilter{
		Role: user.Role(in.Role), Status: statusOf(in.Status), Unit: in.HotelUnit, Search: in.Search,
		Limit: in.Limit, Offset: (in.Page - 1) * in.Limit,
	}
	if f.Unit != "" {
		hotel, err := s.deps.Directory.Hotel(ctx, c.tenant)
		if err != nil {
			return nil, err
		}
		if known, ok := hotel.Unit(f.Unit); ok {
			f.Unit = known
		}
	}
	members, total, err := s.deps.DB.Users(ctx, c.tenant, f)
	if err != nil {
		return nil, err
	}
	out := flatList[wire.Member]{Data: make([]wire.Member, 0, len(members)), Total: total, Page: in.Page, Limit: in.Limit, Pages: (total + in.Limit - 1) / in.Limit}
	for _, m := range members {
		out.Data = append(out.Data, wire.MemberOf(m.User, m.Conversations))
	}
	return answer(out), nil
}

// statusOf takes the word with which the original's dashboards suspend people.
func statusOf(text string) user.Status {
	if text == "SUSPENDED" {
		return user.Inactive
	}
	return user.Status(text)
}

// UserPath names somebody in the path. Exported for huma: see ConversationPath.
type UserPath struct {
	ID string `path:"id"`
}

// id returns the user's id. Text that is none names nobody: 404.
func (p UserPath) id() (id.User, error) {
	u, err := id.ParseUser(p.ID)
	if err != nil {
		return u, user.ErrNotFound
	}
	return u, nil
}

func (s *server) getUser(ctx context.Context, c caller, in *UserPath) (*reply[wire.Member], error) {
	userID, err := in.id()
	if err != nil {
		return nil, err
	}
	m, err := s.deps.DB.User(ctx, c.tenant, userID)
	if err != nil {
		return nil, err
	}
	return answer(wire.MemberOf(m.User, m.Conversations)), nil
}

type addUserInput struct {
	Body struct {
		Email     string   `json:"email" minLength:"3" maxLength:"254"`
		Password  string   `json:"password" minLength:"8" maxLength:"72"`
		Name      string   `json:"name" minLength:"1" maxLength:"100"`
		Role      string   `json:"role,omitempty" enum:"SUPER_ADMIN,TENANT_ADMIN,HEAD,ATTENDANT,SALES" default:"ATTENDANT"`
		HotelUnit optional `json:"hotelUnit,omitempty" maxLength:"100" doc:"Required for attendants"`
		AvatarURL optional `json:"avatarUrl,omitempty" maxLength:"2000"`
	}
}

func (s *server) addUser(ctx context.Context, c caller, in *addUserInput) (*reply[wire.PlacedColleague], error) {
	u, err := s.deps.Staff.Add(ctx, c.tenant, c.User, staff.Newcomer{
		Email: in.Body.Email, Name: in.Body.Name, Password: in.Body.Password, Role: user.Role(in.Body.Role),
		Unit: in.Body.HotelUnit.text, AvatarURL: in.Body.AvatarURL.text,
	})
	if err != nil {
		return nil, err
	}
	return answer(wire.PlacedColleagueOf(u)), nil
}

type changeUserInput struct {
	UserPath
	Body struct {
		Email     *string    `json:"email,omitempty" minLength:"3" maxLength:"254"`
		Password  *string    `json:"password,omitempty" minLength:"8" maxLength:"72"`
		Name      *string    `json:"name,omitempty" minLength:"1" maxLength:"100"`
		Role      *user.Role `json:"role,omitempty" enum:"SUPER_ADMIN,TENANT_ADMIN,HEAD,ATTENDANT,SALES"`
		HotelUnit optional   `json:"hotelUnit,omitempty" maxLength:"100"`
		AvatarURL optional   `json:"avatarUrl,omitempty" maxLength:"2000"`
	}
}

func (s *server) changeUser(ctx context.Context, c caller, in *changeUserInput) (*reply[wire.PlacedColleague], error) {
	userID, err := in.id()
	if err != nil {
		return nil, err
	}
	u, err := s.deps.Staff.Change(ctx, c.tenant, c.User, userID, staff.Changes{
		Email: in.Body.Email, Name: in.Body.Name, Password: in.Body.Password, Role: in.Body.Role,
		Unit: in.Body.HotelUnit.ptr(), AvatarURL: in.Body.AvatarURL.ptr(),
	})
	if err != nil {
		return nil, err
	}
	return answer(wire.PlacedColleagueOf(u)), nil
}

type userStatusInput struct {
	UserPath
	Body struct {
		Status string `json:"status" enum:"ACTIVE,INACTIVE,SUSPENDED" doc:"SUSPENDED is kept and shown as INACTIVE"`
	}
}

func (s *server) setUserStatus(ctx context.Context, c caller, in *userStatusInput) (*reply[wire.Colleague], error) {
	userID, err := in.id()
	if err != nil {
		return nil, err
	}
	status := statusOf(in.Body.Status)
	u, err := s.deps.Staff.Change(ctx, c.tenant, c.User, userID, staff.Changes{Status: &status})
	if err != nil {
		return nil, err
	}
	return answer(wire.ColleagueOf(u)), nil
}

func (s *server) removeUser(ctx context.Context, c caller, in *UserPath) (*struct{}, error) {
	userID, err := in.id()
	if err != nil {
		return nil, err
	}
	return &struct{}{}, s.deps.Staff.Remove(ctx, c.tenant, c.User, userID)
}

func (s *server) endUsersSecondFactor(ctx context.Context, c caller, in *UserPath) (*struct{}, error) {
	userID, err := in.id()
	if err != nil {
		return nil, err
	}
	return &struct{}{}, s.deps.Staff.EndSecondFactor(ctx, c.tenant, c.User, userID)
}
