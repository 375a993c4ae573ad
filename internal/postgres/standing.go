package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// Connected is somebody who is connected in a log-in; tokens of the original have none.
type Connected struct {
	User    id.User
	Session id.Session
}

// standingsAtOnce bounds one question.
const standingsAtOnce = 2000

// SystemStandings returns for each person a text that changes whenever something changes
// that may concern their right to be here: their account, their log-in, their hotel.
func (db *DB) SystemStandings(ctx context.Context, people []Connected) ([]string, error) {
	standings := make([]string, 0, len(people))
	for len(people) > 0 {
		n := min(len(people), standingsAtOnce)
		p := sqlc.SystemStandingsParams{Users: make([]uuid.UUID, 0, n), Sessions: make([]uuid.UUID, 0, n)}
		for _, c := range people[:n] {
			p.Users, p.Sessions = append(p.Users, c.User.UUID), append(p.Sessions, c.Session.UUID)
		}
		found, err := db.systemQueries().SystemStandings(ctx, p)
		if err != nil {
			return nil, wrap(err, "look at who may be here", nil)
		}
		standings = append(standings, found...)
		people = people[n:]
	}
	return standings, nil
}
