package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Processor turns what lies in inbox lanes into contacts, conversations, messages
// and statuses. A batch of lanes of one tenant is one transaction; if it fails, each
// lane is tried alone, and then each item, so that one odd item is put aside and its
// neighbours go on.
type Processor struct {
	db        *postgres.DB
	directory *directory.Directory
	clock     clock.Clock
	log       *slog.Logger
}

// NewProcessor makes a processor.
func NewProcessor(db *postgres.DB, dir *directory.Directory, c clock.Clock, log *slog.Logger) *Processor {
	return &Processor{db: db, directory: dir, clock: c, log: log}
}

// maxAttempts is how often an item that fails by itself is tried before it is put
// aside for people to look at.
const maxAttempts = 3

// Work processes lanes of one tenant and records what became of them.
func (p *Processor) Work(ctx context.Context, lanes []*lane.Lane) {
	hotel, err := p.directory.Hotel(ctx, lanes[0].TenantID)
	if err != nil {
		p.giveBack(ctx, lanes, err)
		return
	}
	p.work(ctx, hotel, lanes)
}

func (p *Processor) work(ctx context.Context, hotel *directory.Hotel, lanes []*lane.Lane) {
	err := p.together(ctx, hotel, lanes)
	switch {
	case err == nil:
	case postgres.IsUnavailable(err) || ctx.Err() != nil:
		p.giveBack(ctx, lanes, err)
	case len(lanes) == 1:
		p.alone(ctx, hotel, lanes[0], err)
	default:
		for _, l := range lanes {
			p.work(ctx, hotel, []*lane.Lane{l})
		}
	}
}

// together processes all items of lanes in one transaction. A panic is an error: the
// item that brought it about is found like any other that fails, instead of ending the
// process again and again.
func (p *Processor) together(ctx context.Context, hotel *directory.Hotel, lanes []*lane.Lane) (err error) {
	defer p.survive(ctx, &err)
	outcomes := make([]lane.Outcome, len(lanes))
	for i, l := range lanes {
		outcomes[i] = l.Finished()
	}
	return p.commit(ctx, hotel, read(lanes, p.clock.Now()), outcomes)
}

var errPanicked = errors.New("processing panicked")

// survive turns a panic into an error. Of its cause only the type and the place are
// logged: the text may quote a guest.
func (p *Processor) survive(ctx context.Context, err *error) {
	if cause := recover(); cause != nil {
		p.log.ErrorContext(ctx, "inbox processing panicked", "type", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
		*err = errPanicked
	}
}

// commit applies a batch and ends the leases, or does nothing.
func (p *Processor) commit(ctx context.Context, hotel *directory.Hotel, b batch, outcomes []lane.Outcome) error {
	return p.db.InTx(ctx, hotel.ID, func(tx *postgres.Tx) error {
		for _, bad := range b.unreadable {
			if err := tx.Bury(ctx, bad.lane, bad.item, "unreadable", bad.err.Error()); err != nil {
				return err
			}
		}
		a := application{tx: tx, hotel: hotel, now: b.now}
		if err := a.all(ctx, b); err != nil {
			return err
		}
		return tx.ReleaseLanes(ctx, outcomes...)
	})
}

// alone processes the first item of a lane that failed, by itself. One that keeps
// failing is buried, and the lane goes on with the next.
func (p *Processor) alone(ctx context.Context, hotel *directory.Hotel, l *lane.Lane, cause error) {
	first := &lane.Lane{TenantID: l.TenantID, Kind: l.Kind, Key: l.Key, Lease: l.Lease, Items: l.Items[:1]}
	err := cause
	if len(l.Items) > 1 {
		err = p.together(ctx, hotel, []*lane.Lane{first})
	}
	if err == nil {
		return
	}
	if errors.Is(err, errBeingSent) || errors.Is(err, postgres.ErrRepeated) || postgres.IsRaceLost(err) || postgres.IsUnavailable(err) {
		p.giveBack(ctx, []*lane.Lane{l}, err)
		return
	}
	if l.Attempts+1 < maxAttempts {
		p.log.WarnContext(ctx, "inbox item failed and is tried again", "tenant_id", l.TenantID, "item", first.Items[0].ID, "err", err)
		release(ctx, p.db, p.log, l.TenantID, []lane.Outcome{l.Retry(0, time.Second)})
		return
	}
	p.log.ErrorContext(ctx, "inbox item put aside", "tenant_id", l.TenantID, "item", first.Items[0].ID, "err", err)
	buried := p.db.InTx(ctx, l.TenantID, func(tx *postgres.Tx) error {
		if err := tx.Bury(ctx, l, first.Items[0], "failed", "It could not be processed; the log has the reason."); err != nil {
			return err
		}
		return tx.ReleaseLanes(ctx, first.Finished())
	})
	if buried != nil {
		p.log.ErrorContext(ctx, "inbox item cannot be put aside", "tenant_id", l.TenantID, "err", buried)
	}
}

// giveBack ends leases without having done anything, for reasons that the items are
// not to blame for; the lanes are tried again soon.
func (p *Processor) giveBack(ctx context.Context, lanes []*lane.Lane, cause error) {
	p.log.WarnContext(ctx, "inbox lanes are tried again", "tenant_id", lanes[0].TenantID, "lanes", len(lanes), "err", cause)
	outcomes := make([]lane.Outcome, len(lanes))
	for i, l := range lanes {
		outcomes[i] = l.Hold(0, 250*time.Millisecond)
	}
	release(ctx, p.db, p.log, lanes[0].TenantID, outcomes)
}

// release ends leases without any other effect.
func release(ctx context.Context, db *postgres.DB, log *slog.Logger, tenantID id.Tenant, outcomes []lane.Outcome) {
	insist(ctx, db, log, tenantID, func(ctx context.Context, tx *postgres.Tx) error { return tx.ReleaseLanes(ctx, outcomes...) })
}

// insist records outcomes whatever happens: it keeps trying for a while, because a
// lane that stays leased stands still until the lease runs out.
func insist(ctx context.Context, db *postgres.DB, log *slog.Logger, tenantID id.Tenant, record func(context.Context, *postgres.Tx) error) {
	err := db.Insist(ctx, tenantID, postgres.LeaseIsOurs, record)
	if err != nil && postgres.LeaseIsOurs(err) {
		log.ErrorContext(ctx, "lanes stay leased until their lease runs out", "tenant_id", tenantID, "err", err)
	}
}
