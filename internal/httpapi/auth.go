package httpapi

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/wire"
)

// reply is an answer with a body.
type reply[T any] struct{ Body T }

func answer[T any](body T) *reply[T] { return &reply[T]{body} }

type loginInput struct {
	Slug   string `header:"X-Tenant-Slug"`
	Device string `header:"User-Agent" hidden:"true"`
	Body   struct {
		Email        string `json:"email" minLength:"3" maxLength:"254"`
		Password     string `json:"password" minLength:"6" maxLength:"200"`
		TenantSlug   string `json:"tenant_slug,omitempty" maxLength:"60"`
		TOTP         string `json:"totp,omitempty" maxLength:"40" doc:"The six digits of the authenticator app, where the account has a second factor"`
		RecoveryCode string `json:"recoveryCode,omitempty" maxLength:"40" doc:"Instead of totp"`
	}
}

type session struct {
	User         wire.User `json:"user"`
	AccessToken  string    `json:"accessToken"`
	RefreshToken string    `json:"refreshToken"`
}

// login counts wrong guesses only, for an e-mail from an address: whoever mistypes
// locks nobody else out. The second factor is guessed at only by those who know the
// password; they are counted wherever they come from.
func (s *server) login(ctx context.Context, c caller, in *loginInput) (*reply[session], error) {
	takeBack, err := s.countGuess(ctx,
		guess{"login:" + c.ip + ":" + strings.ToLower(strings.TrimSpace(in.Body.Email)), s.guesses("login", 1)},
		guess{"login:" + c.ip, s.guesses("login-address", perAddress)})
	if err != nil {
		return nil, err
	}
	u, tokens, err := s.deps.Auth.Enter(ctx, auth.Attempt{
		Email: in.Body.Email, Password: in.Body.Password, Slug: cmp.Or(in.Body.TenantSlug, in.Slug),
		Code: cmp.Or(in.Body.TOTP, in.Body.RecoveryCode), Device: in.Device, Guess: s.countCode,
	})
	if !errors.Is(err, auth.ErrCredentials) && !errors.Is(err, auth.ErrCodeWrong) {
		takeBack()
	}
	if err != nil {
		return nil, err
	}
	return answer(session{wire.UserOf(u), tokens.Access, tokens.Refresh}), nil
}

type refreshInput struct {
	Body struct {
		RefreshToken string `json:"refreshToken" minLength:"1" maxLength:"4096"`
	}
}

type refreshed struct {
	AccessToken  string `json:"accessToken"`
	RefreshToken string `json:"refreshToken"`
}

func (s *server) refresh(ctx context.Context, _ caller, in *refreshInput) (*reply[refreshed], error) {
	tokens, err := s.deps.Auth.Refresh(ctx, in.Body.RefreshToken)
	if err != nil {
		return nil, err
	}
	return answer(refreshed{tokens.Access, tokens.Refresh}), nil
}

func (s *server) me(_ context.Context, c caller, _ *struct{}) (*reply[wire.User], error) {
	return answer(wire.UserOf(c.User)), nil
}

type done struct {
	Message string `json:"message"`
}

func (s *server) logout(ctx context.Context, c caller, _ *struct{}) (*reply[done], error) {
	if err := s.deps.Auth.Logout(ctx, c.Principal); err != nil {
		return nil, err
	}
	return answer(done{"Logged out"}), nil
}
