package httpapi

import (
	"context"
	"errors"

	"github.com/botreserva/botreserva/internal/auth"
)

// secondFactor is how an account's second factor stands.
type secondFactor struct {
	Enabled           bool `json:"enabled"`
	RecoveryCodesLeft int  `json:"recoveryCodesLeft"`
}

func (s *server) getSecondFactor(ctx context.Context, c caller, _ *struct{}) (*reply[secondFactor], error) {
	on, left, err := s.deps.Auth.SecondFactor(ctx, c.Principal)
	if err != nil {
		return nil, err
	}
	return answer(secondFactor{on, left}), nil
}

type beginSecondFactorInput struct {
	Body struct {
		Password string `json:"password" minLength:"1" maxLength:"200" doc:"The present password"`
	}
}

type enrolment struct {
	Secret     string `json:"secret" doc:"For authenticator apps without a camera"`
	OtpauthURL string `json:"otpauthUrl" doc:"What the square on the screen says"`
}

func (s *server) beginSecondFactor(ctx context.Context, c caller, in *beginSecondFactorInput) (*reply[enrolment], error) {
	takeBack, err := s.countPassword(ctx, c.User.ID)
	if err != nil {
		return nil, err
	}
	e, err := s.deps.Auth.BeginSecondFactor(ctx, c.Principal, in.Body.Password)
	if !errors.Is(err, auth.ErrWrongPassword) {
		takeBack()
	}
	if err != nil {
		return nil, err
	}
	return answer(enrolment{e.Secret, e.URL}), nil
}

type codeInput struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"40" doc:"The six digits of the authenticator app"`
	}
}

type recoveryCodes struct {
	RecoveryCodes []string `json:"recoveryCodes" nullable:"false" doc:"Each is good once; they are shown only now"`
}

func (s *server) confirmSecondFactor(ctx context.Context, c caller, in *codeInput) (*reply[recoveryCodes], error) {
	return s.codesFor(ctx, c, in, s.deps.Auth.ConfirmSecondFactor)
}

func (s *server) newRecoveryCodes(ctx context.Context, c caller, in *codeInput) (*reply[recoveryCodes], error) {
	return s.codesFor(ctx, c, in, s.deps.Auth.NewRecoveryCodes)
}

// codesFor gives recovery codes for a code of the app, whose guesses are counted.
func (s *server) codesFor(ctx context.Context, c caller, in *codeInput, give func(context.Context, auth.Principal, string) ([]string, error)) (*reply[recoveryCodes], error) {
	takeBack, err := s.countCode(ctx, c.User.ID)
	if err != nil {
		return nil, err
	}
	codes, err := give(ctx, c.Principal, in.Body.Code)
	if !errors.Is(err, auth.ErrCodeWrong) {
		takeBack()
	}
	if err != nil {
		return nil, err
	}
	return answer(recoveryCodes{codes}), nil
}

type endSecondFactorInput struct {
	Body struct {
		Password string `json:"password,omitempty" maxLength:"200"`
		Code     string `json:"code,omitempty" maxLength:"40" doc:"Of the app, or a recovery code; instead of the password"`
	}
}

func (s *server) endSecondFactor(ctx context.Context, c caller, in *endSecondFactorInput) (*reply[done], error) {
	if in.Body.Password == "" && in.Body.Code == "" {
		return nil, wrongField("password", "Send the present password, or a code.")
	}
	count := s.countPassword
	if in.Body.Code != "" {
		count = s.countCode
	}
	takeBack, err := count(ctx, c.User.ID)
	if err != nil {
		return nil, err
	}
	err = s.deps.Auth.EndSecondFactor(ctx, c.Principal, in.Body.Password, in.Body.Code)
	if !errors.Is(err, auth.ErrCodeWrong) && !errors.Is(err, auth.ErrWrongPassword) {
		takeBack()
	}
	if err != nil {
		return nil, err
	}
	return answer(done{"The second factor is off."}), nil
}
