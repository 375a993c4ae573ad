package postgres

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/id"
)

// plain turns typed identifiers into the form in which arrays of them travel.
func plain[N any](ids []id.ID[N]) []uuid.UUID {
	out := make([]uuid.UUID, len(ids))
	for i, v := range ids {
		out[i] = v.UUID
	}
	return out
}

var epoch = time.Unix(0, 0).UTC()

// epochIfZero stands for "no time" inside arrays, which queries turn into NULL.
func epochIfZero(t time.Time) time.Time {
	if t.IsZero() {
		return epoch
	}
	return t
}

func zeroIfNull(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func nullIfZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// decodeColumn reads a jsonb column; NULL leaves into as it is.
func decodeColumn(column []byte, into any) error {
	if column == nil {
		return nil
	}
	return json.Unmarshal(column, into)
}
