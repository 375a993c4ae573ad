package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/botreserva/botreserva/internal/lane"
)

// Backlog is what waits at one moment, of all hotels.
type Backlog struct {
	Lanes       []LaneBacklog
	DeadLetters map[lane.Kind]int
	Hotels      map[string]int // waiting items of the hotels with most of them, by slug
	Paused      int            // numbers that Meta takes nothing from
}

// LaneBacklog is what waits in the lanes of one kind.
type LaneBacklog struct {
	Kind         lane.Kind
	Lanes, Items int
	Oldest       time.Duration // how long the lane that waits longest has been ready
}

// mostHotels is how many hotels a Backlog names.
const mostHotels = 20

// SystemBacklog looks at what waits.
func (db *DB) SystemBacklog(ctx context.Context) (Backlog, error) {
	out := Backlog{DeadLetters: map[lane.Kind]int{}, Hotels: map[string]int{}}
	q := db.systemQueries()
	kinds, err := q.SystemLaneBacklog(ctx)
	if err != nil {
		return Backlog{}, wrap(err, "count what waits", nil)
	}
	for _, k := range kinds {
		out.Lanes = append(out.Lanes, LaneBacklog{
			Kind: lane.Kind(k.Kind), Lanes: int(k.Lanes), Items: int(k.Items), Oldest: time.Duration(k.OldestSeconds * float64(time.Second)),
		})
	}
	hotels, err := q.SystemHotelBacklog(ctx, mostHotels)
	if err != nil {
		return Backlog{}, wrap(err, "count what waits of hotels", nil)
	}
	for _, h := range hotels {
		out.Hotels[h.Slug] = int(h.Items)
	}
	letters, err := q.SystemDeadLetterCounts(ctx)
	if err != nil {
		return Backlog{}, wrap(err, "count dead letters", nil)
	}
	for _, l := range letters {
		out.DeadLetters[lane.Kind(l.Kind)] = int(l.Letters)
	}
	numbers, err := q.SystemPausedNumbers(ctx)
	out.Paused = int(numbers)
	return out, wrap(err, "count paused numbers", nil)
}

// Connections is how the connections of one role stand.
type Connections struct {
	Role              string
	InUse, Idle, Most int
	Waits             int64         // for a free one, since the start
	Waited            time.Duration // all in all
}

// SystemConnections tells how both roles' connections stand.
func (db *DB) SystemConnections() []Connections {
	return []Connections{connectionsOf("app", db.app), connectionsOf("system", db.system)}
}

func connectionsOf(role string, pool *pgxpool.Pool) Connections {
	s := pool.Stat()
	return Connections{
		Role: role, InUse: int(s.AcquiredConns()), Idle: int(s.IdleConns()), Most: int(s.MaxConns()),
		Waits: s.EmptyAcquireCount(), Waited: s.EmptyAcquireWaitTime(),
	}
}
