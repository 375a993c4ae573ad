package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/ratelimit"
	"github.com/botreserva/botreserva/internal/wire"
)

// reply is an answer with a body.
type reply[T any] struct{ Body T }

func answer[T any](body T) *reply[T] { return &reply[T]{body} }

type loginInput struct {
	Slug string `header:"X-Tenant-Slug"`
	Body struct {
		Email      string `json:"email" minLength:"3" maxLength:"254"`
		Password   string `json:"password" minLength:"6" maxLength:"200"`
		TenantSlug string `json:"tenant_slug,omitempty" maxLength:"60"`
	}
}

type session struct {
	User         wire.User `json:"user"`
	AccessToken  string    `json:"accessToken"`
	RefreshToken string    `json:"refreshToken"`
}

// perAddress is how many times the guesses for one e-mail an address may make for all
// of them together: a hotel's reception is one address, and so is somebody who tries
// one password for many people.
const perAddress = 10

// login counts wrong guesses only, for an e-mail from an address: whoever mistypes
// locks nobody else out. Each attempt is counted before it is looked at, and taken
// back unless it was a wrong guess, so that guessing in parallel gains nothing.
func (s *server) login(ctx context.Context, c caller, in *loginInput) (*reply[session], error) {
	takeBack, err := s.countGuess(ctx, c.ip, in.Body.Email)
	if err != nil {
		return nil, err
	}
	slug := in.Slug
	if in.Body.TenantSlug != "" {
		slug = in.Body.TenantSlug
	}
	u, tokens, err := s.deps.Auth.Login(ctx, in.Body.Email, in.Body.Password, slug)
	if !errors.Is(err, auth.ErrCredentials) {
		takeBack()
	}
	if err != nil {
		return nil, err
	}
	return answer(session{wire.UserOf(u), tokens.Access, tokens.Refresh}), nil
}

// countGuess counts an attempt to log in, or refuses it. takeBack uncounts it. A
// limiter that is down limits nobody.
func (s *server) countGuess(ctx context.Context, ip, email string) (takeBack func(), err error) {
	person := s.deps.Limits.Login
	address := person
	address.Name, address.Count = "login-address", person.Count*perAddress
	limits := []struct {
		key    string
		policy ratelimit.Policy
	}{
		{"login:" + ip + ":" + strings.ToLower(strings.TrimSpace(email)), person},
		{"login:" + ip, address},
	}
	for i, l := range limits {
		if d, err := s.deps.Limiter.Allow(ctx, l.key, l.policy); err == nil && !d.Allowed {
			for _, counted := range limits[:i] {
				_ = s.deps.Limiter.Refund(ctx, counted.key, counted.policy)
			}
			return nil, tooMany(http.Header{}, d)
		}
	}
	return func() {
		for _, l := range limits {
			_ = s.deps.Limiter.Refund(ctx, l.key, l.policy)
		}
	}, nil
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
