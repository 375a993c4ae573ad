package outbox

import (
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/news"
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
	return paused || restricted
}

// pauseAccount keeps the account's other numbers from hearing the same.
func (d *Deliverer) pauseAccount(j *job, until time.Time) {
	for _, l := range j.hotel.Lines {
		if l.WABAID != "" && l.WABAID == j.line.WABAID {
			d.pauses.begin(l.PhoneNumberID, until)
		}
	}
}
