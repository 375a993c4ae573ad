package httpapi

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/staff"
	"github.com/botreserva/botreserva/internal/wire"
)

type registerInput struct {
	Body struct {
		Email     string   `json:"email" minLength:"3" maxLength:"254"`
		Password  string   `json:"password" minLength:"8" maxLength:"72"`
		Name      string   `json:"name" minLength:"2" maxLength:"100"`
		Role      string   `json:"role,omitempty" enum:"SUPER_ADMIN,TENANT_ADMIN,HEAD,ATTENDANT,SALES" default:"ATTENDANT"`
		HotelUnit optional `json:"hotelUnit,omitempty" maxLength:"100" doc:"Required for attendants, unless the hotel has one unit only"`
	}
}

type registered struct {
	ID        string    `json:"id"`
	Email     string    `json:"email"`
	Name      string    `json:"name"`
	Role      user.Role `json:"role"`
	TenantID  string    `json:"tenantId"`
	CreatedAt wire.Time `json:"createdAt"`
}

// register is the older way to add somebody to the team. It knew no units: where there is
// only one, that is meant.
func (s *server) register(ctx context.Context, c caller, in *registerInput) (*reply[registered], error) {
	n := staff.Newcomer{
		Email: in.Body.Email, Name: in.Body.Name, Password: in.Body.Password, Role: user.Role(in.Body.Role), Unit: in.Body.HotelUnit.text,
	}
	if n.Unit == "" && n.Role == user.Attendant {
		hotel, err := s.deps.Directory.Hotel(ctx, c.tenant)
		if err != nil {
			return nil, err
		}
		if len(hotel.Units) == 1 {
			n.Unit = hotel.Units[0]
		}
	}
	u, err := s.deps.Staff.Add(ctx, c.tenant, c.User, n)
	if err != nil {
		return nil, err
	}
	return answer(registered{u.ID.String(), u.Email, u.Name, u.Role, u.TenantID.String(), wire.At(u.CreatedAt)}), nil
}

type profileInput struct {
	Body struct {
		Name      *string  `json:"name,omitempty" minLength:"1" maxLength:"100"`
		AvatarURL optional `json:"avatarUrl,omitempty" maxLength:"2000"`
	}
}

func (s *server) saveProfile(ctx context.Context, c caller, in *profileInput) (*reply[wire.User], error) {
	changes := auth.Profile{Name: in.Body.Name, AvatarURL: in.Body.AvatarURL.ptr()}
	if changes == (auth.Profile{}) {
		return answer(wire.UserOf(c.User)), nil
	}
	u, err := s.deps.Auth.SaveProfile(ctx, c.Principal, changes)
	if err != nil {
		return nil, err
	}
	return answer(wire.UserOf(u)), nil
}

type changePasswordInput struct {
	Body struct {
		OldPassword     string `json:"oldPassword,omitempty" maxLength:"200" doc:"The present password"`
		CurrentPassword string `json:"currentPassword,omitempty" maxLength:"200" doc:"The same, as older dashboards call it"`
		NewPassword     string `json:"newPassword" minLength:"8" maxLength:"72"`
	}
}

// changePassword answers a wrong password with 401, as the original did. Its dashboards
// then refresh once, ask once more and show the refusal: each try of theirs is two of
// ours, which the limit allows for.
func (s *server) changePassword(ctx context.Context, c caller, in *changePasswordInput) (*reply[done], error) {
	old := cmp.Or(in.Body.OldPassword, in.Body.CurrentPassword)
	if old == "" {
		return nil, wrongField("oldPassword", "Say what the present password is.")
	}
	takeBack, err := s.countPassword(ctx, c.User.ID)
	if err != nil {
		return nil, err
	}
	err = s.deps.Auth.ChangePassword(ctx, c.Principal, old, in.Body.NewPassword)
	if !errors.Is(err, auth.ErrWrongPassword) {
		takeBack()
	}
	if err != nil {
		return nil, err
	}
	return answer(done{"Password changed. All other log-ins of your account have ended."}), nil
}

type forgotInput struct {
	Body struct {
		Email string `json:"email" minLength:"3" maxLength:"254"`
	}
}

// forgotPassword answers the same, in the same time, whether there is an account or not.
func (s *server) forgotPassword(ctx context.Context, c caller, in *forgotInput) (*reply[done], error) {
	_, err := s.countGuess(ctx,
		guess{"forgot:" + c.ip + ":" + strings.ToLower(strings.TrimSpace(in.Body.Email)), s.guesses("forgot", 1)},
		guess{"forgot:" + c.ip, s.guesses("forgot-address", perAddress)})
	if err == nil {
		err = s.deps.Auth.Forgot(ctx, in.Body.Email)
	}
	if err != nil {
		return nil, err
	}
	return answer(done{"If somebody logs in with this address, a letter is on its way to it. Its link works for an hour."}), nil
}

type resetInput struct {
	Body struct {
		Token       string `json:"token" minLength:"1" maxLength:"200"`
		NewPassword string `json:"newPassword,omitempty" maxLength:"72"`
		Password    string `json:"password,omitempty" maxLength:"72" doc:"The same as newPassword"`
	}
}

func (s *server) resetPassword(ctx context.Context, c caller, in *resetInput) (*reply[done], error) {
	takeBack, err := s.countGuess(ctx, guess{"reset:" + c.ip, s.guesses("reset", perAddress)})
	if err != nil {
		return nil, err
	}
	err = s.deps.Auth.ResetPassword(ctx, in.Body.Token, cmp.Or(in.Body.NewPassword, in.Body.Password))
	if !errors.Is(err, postgres.ErrResetUnknown) {
		takeBack()
	}
	if err != nil {
		return nil, err
	}
	return answer(done{"Password changed. Log in with the new one."}), nil
}
