package app

import (
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
)

type tenantDeadLetters struct {
	Slug   string `required:"" help:"Which hotel."`
	Kind   string `help:"What could not be done: handoff (to the flow), inbox, deliver, or media (guests' files)." default:"handoff" enum:"handoff,inbox,deliver,media"`
	Limit  int    `help:"At most so many, the oldest first." default:"100"`
	Replay bool   `help:"Put them back, in their order."`
}

// deadLetterLine is a given-up item in lists: never its content.
type deadLetterLine struct {
	ID       string    `json:"id"`
	Lane     string    `json:"lane"`
	Code     string    `json:"code"`
	Reason   string    `json:"reason"`
	FailedAt time.Time `json:"failedAt"`
	Replayed bool      `json:"replayed"`
}

// Run lists what was given up, and puts it back if asked to.
func (t *tenantDeadLetters) Run(c *console) error {
	return c.withApp(func(a *App) error {
		row, err := a.DB.SystemTenantBySlug(c.ctx, t.Slug)
		if err != nil {
			return err
		}
		letters, err := a.DB.DeadLetters(c.ctx, row.ID, lane.Kind(t.Kind), t.Limit)
		if err != nil {
			return err
		}
		if t.Replay {
			if err := t.replay(c, a.DB, row.ID, letters); err != nil {
				return err
			}
		}
		out := make([]deadLetterLine, 0, len(letters))
		for _, l := range letters {
			out = append(out, deadLetterLine{l.ID.String(), laneName(l), l.Code, l.Reason, l.FailedAt.UTC(), t.Replay})
		}
		return c.print(out)
	})
}

// laneName names a conversation; an inbox lane is named by a guest's number, which
// belongs in no terminal.
func laneName(l postgres.DeadLetter) string {
	if l.Kind == lane.Inbox {
		return "guest"
	}
	return l.Key
}

// replay puts all letters back in one transaction, so that their order holds.
func (t *tenantDeadLetters) replay(c *console, db *postgres.DB, tenant id.Tenant, letters []postgres.DeadLetter) error {
	return db.InTx(c.ctx, tenant, func(tx *postgres.Tx) error {
		for _, l := range letters {
			if err := tx.Unbury(c.ctx, l.ID); err != nil {
				return err
			}
		}
		return nil
	})
}
