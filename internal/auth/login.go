package auth

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/crypto/bcrypt"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/obs"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Tokens is what a log-in gives.
type Tokens struct {
	Access  string
	Refresh string
}

// Attempt is what somebody shows to come in.
type Attempt struct {
	Email, Password string
	Slug            string // of the hotel through whose address they come, if any
	Code            string // of the second factor, or a recovery code
	Device          string // the browser, as it calls itself
	// Guess, if set, counts a guess at the second factor of somebody whose password was
	// right, or refuses it; takeBack uncounts it.
	Guess func(ctx context.Context, at id.User) (takeBack func(), err error)
}

// Login is Enter without a second factor.
func (s *Service) Login(ctx context.Context, email, password, slug string) (user.User, Tokens, error) {
	return s.Enter(ctx, Attempt{Email: email, Password: password, Slug: slug})
}

// Enter checks e-mail, password and second factor and starts a session. The hotel of the
// slug, if not empty, must be the person's. Until the password is right, every refusal
// is ErrCredentials and takes the same time, whatever was wrong; after that it is
// ErrCodeMissing or ErrCodeWrong.
func (s *Service) Enter(ctx context.Context, a Attempt) (user.User, Tokens, error) {
	account, err := s.identify(ctx, a)
	if err != nil {
		return user.User{}, Tokens{}, err
	}
	how, err := s.checkFactor(ctx, account.User, a)
	if errors.Is(err, ErrCodeWrong) {
		err = s.failed(ctx, account.User, "second factor", err)
	}
	if err != nil {
		return user.User{}, Tokens{}, err
	}
	tokens, err := s.open(ctx, account, a, how)
	return account.User, tokens, err
}

// identify finds the account of which e-mail and password are right.
func (s *Service) identify(ctx context.Context, a Attempt) (postgres.AccountRow, error) {
	account, err := s.db.SystemAccountByEmail(ctx, strings.TrimSpace(a.Email))
	if err != nil && !errors.Is(err, user.ErrNotFound) {
		return account, err
	}
	hash := []byte(account.PasswordHash)
	if err != nil {
		hash = []byte(decoy)
	}
	if !s.matches(ctx, hash, a.Password) || err != nil || account.Status != user.Active {
		return account, s.failed(ctx, account.User, "password", ErrCredentials)
	}
	err = s.mayEnter(ctx, account.User, a.Slug)
	if errors.Is(err, ErrCredentials) {
		err = s.failed(ctx, account.User, "hotel", err)
	}
	return account, err
}

// failed writes down who was tried, never what was typed: a password may have been typed
// where the e-mail belongs. It returns the refusal.
func (s *Service) failed(ctx context.Context, u user.User, what string, refusal error) error {
	e := s.entry("LOGIN_FAILED", u)
	e.Detail = map[string]string{"wrong": what}
	if err := s.db.SystemNote(ctx, u, e); err != nil {
		return err
	}
	return refusal
}

// matches compares a password, two at a time in the process.
func (s *Service) matches(ctx context.Context, hash []byte, password string) bool {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return false
	}
	return bcrypt.CompareHashAndPassword(hash, []byte(password)) == nil
}

// mayEnter checks that the person's hotel works and, if one was named, that it is
// theirs.
func (s *Service) mayEnter(ctx context.Context, u user.User, slug string) error {
	if u.Role == user.SuperAdmin {
		return nil
	}
	hotel, err := s.directory.Hotel(ctx, u.TenantID)
	switch {
	case err != nil:
		return err
	case hotel.MayWork(s.clock.Now()) != nil:
		return hotel.MayWork(s.clock.Now())
	case slug != "" && slug != hotel.Slug:
		return ErrCredentials
	default:
		return nil
	}
}

// longestDevice is more than any browser calls itself.
const longestDevice = 300

func (s *Service) open(ctx context.Context, account postgres.AccountRow, a Attempt, how string) (Tokens, error) {
	now := s.clock.Now()
	session := postgres.Session{
		ID: id.NewSession(), Epoch: account.SessionEpoch, CreatedAt: now, ExpiresAt: now.Add(refreshTime),
		IP: obs.ClientIP(ctx), Device: clean(a.Device),
	}
	tokens, err := s.issue(account.User, session.ID, now)
	if err != nil {
		return Tokens{}, err
	}
	e := s.entry("LOGIN", account.User)
	e.Detail = map[string]string{"session": session.ID.String(), "by": how}
	return tokens, s.db.SystemOpenSession(ctx, session, account.User, hashOf(tokens.Refresh), e)
}

// clean makes what a browser says of itself fit to be stored.
func clean(device string) string {
	device = strings.ToValidUTF8(strings.ReplaceAll(device, "\x00", ""), "")
	if len(device) > longestDevice {
		device = strings.ToValidUTF8(device[:longestDevice], "")
	}
	return device
}

// Refresh gives new tokens for a refresh token. See postgres.DB.SystemRotate for how
// a stolen one is found out.
func (s *Service) Refresh(ctx context.Context, token string) (Tokens, error) {
	claims, err := s.parse(token, s.refresh, refreshToken)
	if err != nil {
		return Tokens{}, postgres.ErrNoSession
	}
	account, err := s.db.SystemAccount(ctx, claims.UserID)
	if errors.Is(err, user.ErrNotFound) || err == nil && account.Status != user.Active {
		return Tokens{}, postgres.ErrNoSession
	}
	if err != nil {
		return Tokens{}, err // says nothing about the log-in: nobody is to be sent away for it
	}
	if err := s.mayEnter(ctx, account.User, ""); err != nil {
		return Tokens{}, err
	}
	now := s.clock.Now()
	tokens, err := s.issue(account.User, claims.Session, now)
	if err != nil {
		return Tokens{}, err
	}
	owner, _, err := s.db.SystemRotate(ctx, hashOf(token), hashOf(tokens.Refresh), now, tabsGrace)
	if err == nil && owner != account.ID {
		err = postgres.ErrNoSession
	}
	if err != nil {
		return Tokens{}, err
	}
	return tokens, nil
}
