package auth

import (
	"context"

	"golang.org/x/crypto/bcrypt"

	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/stale"
)

// HashPassword prepares a password for storage, or returns ErrPassword. bcrypt reads
// no more than 72 bytes.
func HashPassword(password string) (string, error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	return string(hash), err
}

// CheckPassword returns ErrPassword for what is too short or too long.
func CheckPassword(password string) error {
	if len([]rune(password)) < 8 || len(password) > 72 {
		return ErrPassword
	}
	return nil
}

// Hash is HashPassword, two at a time in the process.
func (s *Service) Hash(ctx context.Context, password string) (string, error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return s.HashPassword(password)
}

// CheckOwn returns ErrWrongPassword unless the password is the person's present one: what
// a stolen token alone must not do asks for it.
func (s *Service) CheckOwn(ctx context.Context, p Principal, password string) error {
	account, err := s.db.SystemAccount(ctx, p.User.ID)
	if err != nil {
		return err
	}
	if !s.matches(ctx, []byte(account.PasswordHash), password) {
		return ErrWrongPassword
	}
	return nil
}

// ChangePassword gives a person who knows the old one another password, and ends all of
// their log-ins but the one from which they do so.
func (s *Service) ChangePassword(ctx context.Context, p Principal, old, password string) error {
	if err := CheckPassword(password); err != nil {
		return err
	}
	if err := s.CheckOwn(ctx, p, old); err != nil {
		return err
	}
	hash, err := s.Hash(ctx, password)
	if err != nil {
		return err
	}
	defer s.Forget(stale.User(p.User.ID))
	return s.db.SystemChangePassword(ctx, p.User, hash, p.Session, s.entry("CHANGE_PASSWORD", p.User))
}

// Profile is what everybody may change about themselves. Nil fields stay.
type Profile struct{ Name, AvatarURL *string }

// SaveProfile changes a person's name and picture.
func (s *Service) SaveProfile(ctx context.Context, p Principal, c Profile) (user.User, error) {
	u, err := p.User, error(nil)
	if c.Name != nil {
		if u.Name, err = user.ParseName(*c.Name); err != nil {
			return u, err
		}
	}
	if c.AvatarURL != nil {
		if u.AvatarURL, err = user.ParseAvatar(*c.AvatarURL); err != nil {
			return u, err
		}
	}
	e := s.entry("UPDATE_USER", u)
	e.Before, e.After = user.Difference(p.User, u)
	defer s.Forget(stale.User(u.ID))
	return s.db.SystemSaveProfile(ctx, u, e)
}
