package auth

import (
	"context"
	"errors"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/stale"
)

// Logout ends the log-in of a principal: its access and refresh tokens are refused from
// now on.
func (s *Service) Logout(ctx context.Context, p Principal) error {
	err := s.end(ctx, p, p.Session, "LOGOUT")
	if errors.Is(err, postgres.ErrSessionUnknown) {
		err = nil // somebody was faster
	}
	return err
}

// Sessions lists a person's log-ins that go on, the newest first.
func (s *Service) Sessions(ctx context.Context, p Principal) ([]postgres.Session, error) {
	return s.db.SystemSessions(ctx, p.User.ID, s.clock.Now())
}

// EndSession ends one log-in of a person, or returns postgres.ErrSessionUnknown.
func (s *Service) EndSession(ctx context.Context, p Principal, session id.Session) error {
	if session.IsZero() {
		return postgres.ErrSessionUnknown
	}
	return s.end(ctx, p, session, "SESSION_ENDED")
}

func (s *Service) end(ctx context.Context, p Principal, session id.Session, action string) error {
	e := s.entry(action, p.User)
	if session.IsZero() {
		defer s.Forget(stale.User(p.User.ID))
		return s.db.SystemEndToken(ctx, p.token[:], p.Expires, p.User, e)
	}
	defer s.Forget(stale.Session(session))
	e.Detail = map[string]string{"session": session.String()}
	return s.db.SystemEndSession(ctx, session, p.User, e)
}
