package outbox

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/news"
	"github.com/botreserva/botreserva/internal/postgres"
)

// mustWait keeps to Meta's limits: per guest, per number, and while a number is
// paused because Meta refuses everything.
func (d *Deliverer) mustWait(line directory.Line, card conversation.Card) time.Duration {
	now := d.clock.Now()
	if wait := d.pauses.left(line.PhoneNumberID, now); wait > 0 {
		return wait
	}
	if n := line.Standing.Throughput; n > 0 {
		d.numbers.SetThroughput(line.PhoneNumberID, n)
	}
	isRestricted := line.Standing.Account == news.Disabled || line.Standing.Account == news.Restricted
	if !isRestricted {
		d.pauses.unrestricted(line.PhoneNumberID)
	}
	if wait := d.numbers.Take(line.PhoneNumberID); wait > 0 {
		return wait
	}
	if wait := d.pairs.Take(line.PhoneNumberID, card.ContactID.String()); wait > 0 || !isRestricted {
		return wait
	}
	return d.pauses.restricted(line.PhoneNumberID, now) // last: whoever may try does
}

// goesOn notes that Meta takes messages of a number, and reports whether others wait for that.
func (d *Deliverer) goesOn(line directory.Line) bool {
	paused, restricted := d.pauses.end(line.PhoneNumberID), d.pauses.gotThrough(line.PhoneNumberID)
	return paused || restricted || !line.Standing.Pause.Since.IsZero()
}

// pauseAccount keeps the account's other numbers from hearing the same.
func (d *Deliverer) pauseAccount(j *job, until time.Time) {
	for _, l := range j.hotel.Lines {
		if l.WABAID != "" && l.WABAID == j.line.WABAID {
			d.pauses.begin(l.PhoneNumberID, until)
		}
	}
}

// notePause tells people why a number's messages wait.
func (d *Deliverer) notePause(ctx context.Context, tx *postgres.Tx, line directory.Line, why message.Failure) error {
	isNew, err := tx.PauseNumber(ctx, line.ID, why, d.clock.Now())
	if err != nil || !isNew {
		return err
	}
	return d.tell(ctx, tx, line, news.Event{Name: "SENDING_PAUSED", Severity: news.Critical, Reason: why.MessageEN})
}

// noteGoesOn tells people that they are sent again.
func (d *Deliverer) noteGoesOn(ctx context.Context, tx *postgres.Tx, line directory.Line) error {
	isNew, err := tx.ResumeNumber(ctx, line.ID)
	if err != nil || !isNew {
		return err
	}
	return d.tell(ctx, tx, line, news.Event{Name: "SENDING_RESUMED", Severity: news.Info})
}

func (d *Deliverer) tell(ctx context.Context, tx *postgres.Tx, line directory.Line, n news.Event) error {
	now := d.clock.Now()
	n.WABAID, n.NumberID, n.Kind, n.Subject, n.At, n.SeenAt = line.WABAID, line.ID, news.Problem, line.Display, now, now
	n.Key = sha256.Sum256([]byte(n.Name + "\x00" + line.ID.String() + "\x00" + now.UTC().Format(time.RFC3339Nano)))
	return tx.TellNews(ctx, n)
}
