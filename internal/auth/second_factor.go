package auth

import (
	"context"
	"errors"
	"fmt"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Refusals of second factors.
var (
	ErrCodeMissing = fault.New(fault.Unauthorized, "totp_required",
		"This account has a second factor: send the six digits of the authenticator app as totp, or a recovery code as recoveryCode.")
	ErrCodeWrong = fault.New(fault.Unauthorized, "totp_invalid",
		"This code is wrong, too old, or was used before. Wait for the next one.")
)

// errNoBox is a mistake of whoever put the product together.
var errNoBox = errors.New("no box to seal second factors with")

// SecretContext binds a second factor's sealed secret to its account.
func SecretContext(of id.User) string { return "second factor of " + of.String() }

// checkFactor checks the second factor of somebody whose password was right, and returns
// by what they came in.
func (s *Service) checkFactor(ctx context.Context, u user.User, a Attempt) (how string, err error) {
	factor, err := s.db.SystemSecondFactor(ctx, u.ID)
	switch {
	case errors.Is(err, postgres.ErrNoSecondFactor) || err == nil && factor.Confirmed.IsZero():
		return "password", nil
	case err != nil:
		return "", err
	case plainCode(a.Code) == "":
		return "", ErrCodeMissing
	}
	if a.Guess == nil {
		return s.takeCode(ctx, u.ID, factor, a.Code)
	}
	takeBack, err := a.Guess(ctx, u.ID)
	if err != nil {
		return "", err
	}
	how, err = s.takeCode(ctx, u.ID, factor, a.Code)
	if !errors.Is(err, ErrCodeWrong) {
		takeBack()
	}
	return how, err
}

// takeCode uses up a code of an app or a recovery code, or returns ErrCodeWrong.
func (s *Service) takeCode(ctx context.Context, of id.User, factor postgres.SecondFactor, text string) (how string, err error) {
	code, taken := plainCode(text), false
	switch len(code) {
	case codeDigits:
		how = "authenticator"
		step, ok, err := s.match(of, factor, code)
		if err != nil {
			return "", err
		}
		if !ok {
			return "", ErrCodeWrong
		}
		if taken, err = s.db.SystemTakeStep(ctx, of, step); err != nil {
			return "", err
		}
	case recoveryLetters:
		how = "recovery code"
		if taken, err = s.db.SystemTakeRecoveryCode(ctx, of, hashOf(code), s.clock.Now()); err != nil {
			return "", err
		}
	}
	if !taken {
		return "", ErrCodeWrong
	}
	return how, nil
}

// match finds the step in time of a code that was not used yet.
func (s *Service) match(of id.User, factor postgres.SecondFactor, code string) (int64, bool, error) {
	secret, err := s.Box.Open(factor.Secret, SecretContext(of))
	if err != nil {
		return 0, false, fmt.Errorf("open second factor of user %s: %w", of, err)
	}
	step, ok := stepOf(secret, code, s.clock.Now())
	return step, ok && step > factor.LastStep, nil
}

// SecondFactor tells whether a person's log-in asks for a second factor, and how many
// recovery codes are left.
func (s *Service) SecondFactor(ctx context.Context, p Principal) (on bool, codesLeft int, err error) {
	factor, err := s.db.SystemSecondFactor(ctx, p.User.ID)
	if errors.Is(err, postgres.ErrNoSecondFactor) {
		return false, 0, nil
	}
	return !factor.Confirmed.IsZero(), factor.CodesLeft, err
}

// Enrolment is what an authenticator app needs, shown once.
type Enrolment struct{ Secret, URL string }

// BeginSecondFactor makes a secret for somebody who knows their password. It counts from
// its confirmation on.
func (s *Service) BeginSecondFactor(ctx context.Context, p Principal, password string) (Enrolment, error) {
	if s.Box == nil {
		return Enrolment{}, errNoBox
	}
	if err := s.CheckOwn(ctx, p, password); err != nil {
		return Enrolment{}, err
	}
	secret := newSecret()
	err := s.db.SystemBeginSecondFactor(ctx, p.User.ID, s.Box.Seal(secret, SecretContext(p.User.ID)), s.clock.Now())
	if err != nil {
		return Enrolment{}, err
	}
	return Enrolment{Secret: secret, URL: otpauthURL(secret, p.User.Email)}, nil
}

// ConfirmSecondFactor switches the second factor on with the first code of the app, and
// returns recovery codes, each good once.
func (s *Service) ConfirmSecondFactor(ctx context.Context, p Principal, text string) ([]string, error) {
	factor, err := s.db.SystemSecondFactor(ctx, p.User.ID)
	if err != nil {
		return nil, err
	}
	if !factor.Confirmed.IsZero() {
		return nil, postgres.ErrSecondFactorOn
	}
	step, ok, err := s.match(p.User.ID, factor, plainCode(text))
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, ErrCodeWrong
	}
	shown, hashes := newRecoveryCodes()
	err = s.db.SystemConfirmSecondFactor(ctx, p.User, factor.Secret, step, hashes, s.entry("TOTP_ENABLED", p.User))
	if err != nil {
		return nil, err
	}
	return shown, nil
}

// NewRecoveryCodes replaces a person's recovery codes for a code of their app.
func (s *Service) NewRecoveryCodes(ctx context.Context, p Principal, code string) ([]string, error) {
	if err := s.showCode(ctx, p, code); err != nil {
		return nil, err
	}
	shown, hashes := newRecoveryCodes()
	if err := s.db.SystemReplaceRecoveryCodes(ctx, p.User, hashes, s.entry("TOTP_CODES_REPLACED", p.User)); err != nil {
		return nil, err
	}
	return shown, nil
}

// showCode wants a code of the second factor of somebody who is in.
func (s *Service) showCode(ctx context.Context, p Principal, code string) error {
	factor, err := s.db.SystemSecondFactor(ctx, p.User.ID)
	if err != nil {
		return err
	}
	if factor.Confirmed.IsZero() {
		return postgres.ErrNoSecondFactor
	}
	_, err = s.takeCode(ctx, p.User.ID, factor, code)
	return err
}

// EndSecondFactor switches the second factor off for a code, or for the password of
// somebody who is in and has lost the telephone.
func (s *Service) EndSecondFactor(ctx context.Context, p Principal, password, code string) error {
	var err error
	if code != "" {
		err = s.showCode(ctx, p, code)
	} else {
		err = s.CheckOwn(ctx, p, password)
	}
	if err != nil {
		return err
	}
	return s.db.SystemEndSecondFactor(ctx, p.User, s.entry("TOTP_DISABLED", p.User))
}
