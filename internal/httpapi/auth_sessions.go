package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

// ownSession is a log-in as its owner sees it.
type ownSession struct {
	ID         string    `json:"id"`
	CreatedAt  wire.Time `json:"createdAt"`
	LastUsedAt wire.Time `json:"lastUsedAt" doc:"To within five minutes"`
	ExpiresAt  wire.Time `json:"expiresAt"`
	IP         string    `json:"ip" doc:"From where the log-in was made"`
	UserAgent  string    `json:"userAgent"`
	Current    bool      `json:"current" doc:"The log-in that asks"`
}

type ownSessions struct {
	Data []ownSession `json:"data" nullable:"false"`
}

func (s *server) listSessions(ctx context.Context, c caller, _ *struct{}) (*reply[ownSessions], error) {
	sessions, err := s.deps.Auth.Sessions(ctx, c.Principal)
	if err != nil {
		return nil, err
	}
	out := ownSessions{Data: make([]ownSession, 0, len(sessions))}
	for _, l := range sessions {
		used := l.UsedAt
		if used.IsZero() {
			used = l.CreatedAt
		}
		out.Data = append(out.Data, ownSession{
			l.ID.String(), wire.At(l.CreatedAt), wire.At(used), wire.At(l.ExpiresAt), l.IP, l.Device, l.ID == c.Session,
		})
	}
	return answer(out), nil
}

type sessionPath struct {
	ID string `path:"id"`
}

func (s *server) endSession(ctx context.Context, c caller, in *sessionPath) (*struct{}, error) {
	session, err := id.ParseSession(in.ID)
	if err != nil {
		return nil, postgres.ErrSessionUnknown
	}
	return &struct{}{}, s.deps.Auth.EndSession(ctx, c.Principal, session)
}
