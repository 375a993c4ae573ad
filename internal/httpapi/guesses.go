package httpapi

import (
	"context"
	"net/http"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/ratelimit"
)

// perAddress is how many times the guesses for one e-mail an address may make for all
// of them together: a hotel's reception is one address, and so is somebody who tries
// one password for many people.
const perAddress = 10

// perPerson is how many times the guesses of a log-in somebody has who is in already:
// the original's dashboards ask twice when they are refused with 401.
const perPerson = 2

// guess is what is counted, and how many of it are allowed.
type guess struct {
	key    string
	policy ratelimit.Policy
}

// guesses is the limit of log-ins, so many times over, under a name of its own.
func (s *server) guesses(name string, times int) ratelimit.Policy {
	p := s.deps.Limits.Login
	p.Name, p.Count = name, p.Count*times
	return p
}

// countGuess counts an attempt, or refuses it. Each is counted before it is looked at,
// and taken back by takeBack unless it was a wrong guess, so that guessing in parallel
// gains nothing. A limiter that is down limits nobody.
func (s *server) countGuess(ctx context.Context, all ...guess) (takeBack func(), err error) {
	for i, g := range all {
		d, err := s.deps.Limiter.Allow(ctx, g.key, g.policy)
		if err != nil || g.policy.Count == 0 {
			continue
		}
		if h := callerOf(ctx).answer; h != nil && (!d.Allowed || h.Get("RateLimit-Limit") == "") { // the row's limit is told, if it has one
			writeLimit(h, g.policy, d)
		}
		if !d.Allowed {
			s.takeBack(ctx, all[:i])
			return nil, tooMany(http.Header{}, d)
		}
	}
	return func() { s.takeBack(ctx, all) }, nil
}

func (s *server) takeBack(ctx context.Context, counted []guess) {
	for _, g := range counted {
		_ = s.deps.Limiter.Refund(ctx, g.key, g.policy)
	}
}

// countCode counts a guess at somebody's second factor, from wherever it comes: six
// digits are few.
func (s *server) countCode(ctx context.Context, at id.User) (takeBack func(), err error) {
	return s.countGuess(ctx, guess{"totp:" + at.String(), s.guesses("totp", perPerson)})
}

// countPassword counts a guess at the password of somebody who is in.
func (s *server) countPassword(ctx context.Context, at id.User) (takeBack func(), err error) {
	return s.countGuess(ctx, guess{"password:" + at.String(), s.guesses("password", perPerson)})
}
