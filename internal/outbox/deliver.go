package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// SettleAfter is how long a message whose sending ended without an answer waits for
// a status that tells whether it was sent. Meta has no idempotency key; its statuses
// carry our id. The reference advises two to five minutes.
const SettleAfter = 2 * time.Minute

// Deliverer gives queued messages to Meta, in the order of their conversation.
type Deliverer struct {
	db          *postgres.DB
	directory   *directory.Directory
	client      *whatsapp.Client
	clock       clock.Clock
	log         *slog.Logger
	settleAfter time.Duration
	since       time.Time // when we began to hear of statuses
	pairs       *whatsapp.PairLimiter
	numbers     *whatsapp.NumberLimiter
	pauses      pauses
	waits       waits
	typing      typing
	Settled     *Settled
	Files       Files // while nil, files of ours cannot be sent
	// Counted, if set, is told what came of each call of Meta.
	Counted func(outcome string)
}

// NewDeliverer makes a deliverer that sends through client.
func NewDeliverer(db *postgres.DB, dir *directory.Directory, client *whatsapp.Client, c clock.Clock, log *slog.Logger, settleAfter time.Duration) *Deliverer {
	return &Deliverer{
		db: db, directory: dir, client: client, clock: c, log: log, settleAfter: settleAfter, since: c.Now(),
		pairs: whatsapp.NewPairLimiter(c, 0), numbers: whatsapp.NewNumberLimiter(c),
		pauses: newPauses(), waits: newWaits(), typing: newTyping(), Settled: NewSettled(),
	}
}

// Work delivers what lies in lanes.
func (d *Deliverer) Work(ctx context.Context, lanes []*lane.Lane) {
	for _, l := range lanes {
		outcome := d.lane(ctx, l)
		d.release(ctx, l.TenantID, outcome)
	}
}

// step is what became of one item.
type step struct {
	wait   time.Duration // before it is looked at again; 0: it is done
	counts bool          // the attempt failed
	rest   rest          // what it waits for, if that is only time
}

func (d *Deliverer) lane(ctx context.Context, l *lane.Lane) lane.Outcome {
	for i, item := range l.Items {
		if ctx.Err() != nil { // stopping: what has not begun waits for the next start
			return l.Hold(i, 0)
		}
		if i > 0 && l.Left() < callTime { // whoever has the lane next sends it
			return l.Hold(i, 0)
		}
		attempts := 1
		if i == 0 {
			attempts = l.Attempts + 1
		}
		s, err := d.item(ctx, l, item, attempts)
		switch {
		case err != nil:
			d.log.WarnContext(ctx, "delivery is tried again", "tenant_id", l.TenantID, "conversation_id", l.Key, "err", err)
			return l.Hold(i, time.Second)
		case s.wait > 0 && s.counts:
			return l.Retry(i, s.wait)
		case s.wait > 0:
			return l.Hold(i, s.wait)
		}
	}
	return l.Finished()
}

// item delivers one message. An error means that nothing is known to have happened:
// the message itself remembers whether Meta was asked.
func (d *Deliverer) item(ctx context.Context, l *lane.Lane, item lane.Item, attempt int) (step, error) {
	ctx, done := lane.Linger(ctx)
	defer done()
	var w delivery
	if err := json.Unmarshal(item.Payload, &w); err != nil {
		return step{}, fmt.Errorf("decode delivery: %w", err)
	}
	hotel, err := d.directory.Hotel(ctx, l.TenantID)
	if err != nil {
		return step{}, err
	}
	job, s, err := d.prepare(ctx, hotel, w.MessageID, nil)
	var old []id.Media
	if err == nil && job != nil && job.needsFiles() {
		if l.Left() < uploadTime { // whoever has the lane next uploads them
			return step{wait: time.Millisecond}, nil
		}
		if err := d.upload(ctx, job); err != nil {
			return d.record(ctx, job, whatsapp.Accepted{}, err, attempt)
		}
		old = job.old
		job, s, err = d.prepare(ctx, hotel, w.MessageID, job.uploaded)
	}
	if err != nil || job == nil {
		if line, ok := hotel.Line(item.NumberID); ok && err == nil {
			d.showTyping(ctx, line, w.MessageID, s.rest)
		}
		return s, err
	}
	job.old = old
	accepted, sendErr := d.client.Send(ctx, job.credentials(), job.outgoing())
	d.count(sendErr)
	return d.record(ctx, job, accepted, sendErr, attempt)
}

// prepare decides in one transaction what to do about a message: nothing any more,
// wait, refuse it because things have changed since it was queued, or send it, which
// it notes before Meta is asked. A message that needs files comes back without that note,
// and is prepared again when they are uploaded.
func (d *Deliverer) prepare(ctx context.Context, hotel *directory.Hotel, messageID id.Message, uploaded map[id.Media]string) (*job, step, error) {
	var j *job
	var s step
	err := d.db.InTx(ctx, hotel.ID, func(tx *postgres.Tx) (err error) {
		j, s, err = d.decide(ctx, tx, hotel, messageID, uploaded)
		return err
	})
	if errors.Is(err, postgres.ErrNoMessage) || errors.Is(err, conversation.ErrNotFound) {
		d.forget(messageID)
		return nil, step{}, nil // deleted meanwhile
	}
	if err == nil && j == nil && s.wait == 0 {
		d.settled(messageID)
	}
	return j, s, err
}

func (d *Deliverer) decide(ctx context.Context, tx *postgres.Tx, hotel *directory.Hotel, messageID id.Message, uploaded map[id.Media]string) (*job, step, error) {
	m, err := tx.LockMessage(ctx, messageID)
	if err != nil || m.Status.IsFinal() {
		return nil, step{}, err
	}
	cards, err := tx.Cards(ctx, m.ConversationID)
	if err != nil || len(cards) == 0 {
		return nil, step{}, err
	}
	card, now := cards[0], d.clock.Now()
	if !m.AttemptAt.IsZero() {
		if wait := d.settlesIn(m, now); wait > 0 {
			return nil, step{wait: wait}, d.markUnknown(ctx, tx, m.Message, card)
		}
		if m.Attempts > 1 {
			return nil, step{}, fail(ctx, tx, m.Message, card, outcomeUnknown)
		}
	}
	if refusal := mayStill(hotel, m.Message, card.Conversation, now); refusal != nil {
		return nil, step{}, fail(ctx, tx, m.Message, card, failureOf(refusal))
	}
	pause, err := d.paced(ctx, tx, m.Message, card.Conversation, now)
	switch {
	case errors.Is(err, conversation.ErrOvertaken), errors.Is(err, errPartFailed):
		return nil, step{}, fail(ctx, tx, m.Message, card, failureOf(err))
	case err != nil:
		return nil, step{}, err
	case pause.left > 0:
		return nil, step{wait: min(pause.left, pacedLook), rest: pause}, nil
	}
	line, ok := hotel.Line(m.NumberID)
	if !ok {
		return nil, step{}, fail(ctx, tx, m.Message, card, noNumber)
	}
	said, err := content.Of(m.Message)
	if err != nil {
		return nil, step{}, fail(ctx, tx, m.Message, card, failureOf(err))
	}
	if refusal := stillApproved(ctx, tx, said, line, card.ContactID); refusal != nil {
		if fault.Of(refusal).Kind == fault.Internal {
			return nil, step{}, refusal
		}
		return nil, step{}, fail(ctx, tx, m.Message, card, failureOf(refusal))
	}
	j := &job{hotel: hotel, line: line, message: m.Message, card: card, content: said, uploaded: uploaded}
	if j.needsFiles() {
		return j, step{}, nil
	}
	if wait := d.mustWait(line, card); wait > 0 {
		pause.left = wait
		return nil, step{wait: wait, rest: pause}, nil
	}
	return j, step{}, tx.BeginAttempt(ctx, messageID, now)
}

// settlesIn returns how long to wait for a status of a message that Meta was asked to
// send. While we were not there nobody heard of statuses, and Meta repeats what it could
// not tell after pauses that grow with the time: what it tried ten minutes ago may come in
// half an hour. So an attempt from before our start counts from then, and waits longer the
// longer we were away.
func (d *Deliverer) settlesIn(m postgres.Stored, now time.Time) time.Duration {
	from, wait := m.AttemptAt, d.settleAfter
	if away := d.since.Sub(from); away > 0 {
		from, wait = d.since, max(wait, min(3*away, longestSettle))
	}
	return from.Add(wait).Sub(now)
}

// longestSettle is how long a message of an earlier process waits at most.
const longestSettle = time.Hour

func fail(ctx context.Context, tx *postgres.Tx, m message.Message, card conversation.Card, why message.Failure) error {
	m.Status, m.Failure = m.Status.Advance(message.Failed), &why
	return save(ctx, tx, m, card)
}

func (d *Deliverer) markUnknown(ctx context.Context, tx *postgres.Tx, m message.Message, card conversation.Card) error {
	if m.Status == message.Unknown {
		return nil
	}
	m.Status = m.Status.Advance(message.Unknown)
	return save(ctx, tx, m, card)
}

// save writes a message's status and tells screens.
func save(ctx context.Context, tx *postgres.Tx, m message.Message, card conversation.Card) error {
	if err := tx.SaveStatuses(ctx, m); err != nil {
		return err
	}
	tx.Emit(event.Event{Name: event.MessageStatus, Card: &card, Message: &m})
	return nil
}

// record writes down what Meta answered. It keeps trying while the database is away:
// an answer that is forgotten must be found out again from statuses.
func (d *Deliverer) record(ctx context.Context, j *job, accepted whatsapp.Accepted, sendErr error, attempt int) (step, error) {
	// Here and not inside: what is tried again would find the pause gone already.
	wakeAll := sendErr == nil && d.goesOn(j.line)
	var s step
	err := d.db.Insist(ctx, j.hotel.ID, postgres.IsUnavailable, func(ctx context.Context, tx *postgres.Tx) error {
		s = step{}
		m, err := tx.LockMessage(ctx, j.message.ID)
		if err != nil || m.Resends != j.message.Resends {
			return err // a status failed it meanwhile, and somebody had it sent again
		}
		if sendErr == nil {
			return d.accept(ctx, tx, j, m.Message, accepted, wakeAll)
		}
		s, err = d.refused(ctx, tx, j, m.Message, sendErr, attempt)
		return err
	})
	if err == nil && s.wait == 0 {
		d.settled(j.message.ID)
	}
	return s, err
}

// settled ends the delivery of a message.
func (d *Deliverer) settled(m id.Message) {
	d.forget(m)
	d.Settled.Tell(m)
}

func (d *Deliverer) forget(m id.Message) {
	d.waits.forget(m)
	d.typing.forget(m)
}

// accept notes Meta's id. Statuses that came before it are applied now.
func (d *Deliverer) accept(ctx context.Context, tx *postgres.Tx, j *job, m message.Message, accepted whatsapp.Accepted, wakeAll bool) error {
	before := m
	m.WAMID = accepted.WAMID
	m.Status = m.Status.Advance(message.Sent)
	parked, err := tx.TakeParked(ctx, postgres.Received{Number: m.NumberID, WAMID: m.WAMID})
	if err != nil {
		return err
	}
	for _, p := range parked {
		m = m.Told(p.Status, p.At, p.Failure, p.Pricing)
	}
	if j.card.Contact.WAID == "" && accepted.WAID != "" {
		if err := d.learn(ctx, tx, j.card.ID, accepted.WAID); err != nil {
			return err
		}
	}
	if wakeAll {
		if err := d.noteGoesOn(ctx, tx, j.line); err != nil {
			return err
		}
		if err := tx.WakeAllLanes(ctx, lane.Deliver); err != nil {
			return err
		}
	}
	if m.Status == before.Status && m.WAMID == before.WAMID {
		return nil // a status was quicker than the answer, and screens know
	}
	return save(ctx, tx, m, j.card)
}

// learn notes the address under which Meta knows the guest of a conversation. The guest
// is loaded anew: while Meta was asked they may have written and told their name.
func (d *Deliverer) learn(ctx context.Context, tx *postgres.Tx, c id.Conversation, waID string) error {
	cards, err := tx.Cards(ctx, c)
	if err != nil || len(cards) == 0 || cards[0].Contact.WAID != "" {
		return err
	}
	guest := cards[0].Contact
	guest.WAID = waID
	return tx.SaveContacts(ctx, d.clock.Now(), guest)
}

// refused decides about a message that Meta did not accept, by the classes of its
// error table.
func (d *Deliverer) refused(ctx context.Context, tx *postgres.Tx, j *job, m message.Message, sendErr error, attempt int) (step, error) {
	if m.Status.IsFinal() {
		return step{}, nil // a status has settled it meanwhile
	}
	var unknown *whatsapp.UnknownOutcomeError
	if errors.As(sendErr, &unknown) {
		d.log.WarnContext(ctx, "nobody knows whether a message was sent", "tenant_id", j.hotel.ID, "message_id", m.ID, "err", sendErr)
		return step{wait: d.settleAfter}, d.markUnknown(ctx, tx, m, j.card)
	}
	if err := tx.CancelAttempt(ctx, m.ID); err != nil {
		return step{}, err
	}
	var api *whatsapp.APIError
	var notSent *whatsapp.NotSentError
	switch {
	case errors.As(sendErr, &api):
		return d.byTable(ctx, tx, j, m, api, attempt)
	case errors.As(sendErr, &notSent):
		return step{wait: whatsapp.Backoff(whatsapp.RetryLater, d.waits.add(m.ID, whatsapp.RetryLater), rand.Float64)}, nil
	default:
		return step{}, fail(ctx, tx, m, j.card, failureOf(sendErr))
	}
}

func (d *Deliverer) byTable(ctx context.Context, tx *postgres.Tx, j *job, m message.Message, api *whatsapp.APIError, attempt int) (step, error) {
	if j.mayBeForgotten(api) { // once: the next try has new ids
		d.log.InfoContext(ctx, "files are given to Meta again", "tenant_id", j.hotel.ID, "message_id", m.ID, "code", api.Code)
		return step{wait: time.Second}, tx.ForgetMetaMedia(ctx, j.line.ID, j.old...)
	}
	rule := api.Rule()
	counts := rule.Action == whatsapp.RetryLater
	if !counts {
		attempt = d.waits.add(m.ID, rule.Action)
	}
	d.log.WarnContext(ctx, "meta refused a message", "tenant_id", j.hotel.ID, "message_id", m.ID, "code", api.Code,
		"action", rule.Action.String(), "attempt", attempt, "trace", api.TraceID)
	if attempt >= rule.Tries {
		failure := api.Failure()
		return step{}, fail(ctx, tx, m, j.card, failure)
	}
	delay := api.Delay(attempt, rand.Float64)
	switch {
	case rule.Action == whatsapp.WaitPair:
		d.pairs.Hold(j.line.PhoneNumberID, j.card.ContactID.String(), delay)
	case rule.Action == whatsapp.SlowDown:
		d.numbers.SlowDown(j.line.PhoneNumberID)
	case rule.Action.PausesNumber():
		d.pauses.begin(j.line.PhoneNumberID, d.clock.Now().Add(delay))
		if err := d.notePause(ctx, tx, j.line, api.Failure()); err != nil {
			return step{}, err
		}
	}
	if api.ConcernsAccount() {
		d.pauseAccount(j, d.clock.Now().Add(delay))
	}
	return step{wait: delay, counts: counts}, nil
}
