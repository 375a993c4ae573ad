package inbox

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/groupcommit"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/outbox"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/transfer"
)

// inFlight is how many messages of one hotel its flow works on at a time: n8n slows
// down for everybody beyond that (measured on n8n 2.41, November 2026).
const inFlight = 8

// FlowsAtOnce is how many hotels' lanes are handed over at a time. Who hands over waits for others
// and costs next to nothing: a limit that slow flows can use up makes all hotels wait for them.
const FlowsAtOnce = 4096

// postTime is longer than a post (30 s) with recording its end may take. With less left
// of a lease none is begun: somebody else might take the lane and post the same.
const postTime = 45 * time.Second

// pauseLook is how often it is looked whether a bot is still paused. Whoever resumes it wakes the
// lanes: this is for one who died before that.
const pauseLook = 5 * time.Minute

// Handoff gives guests' messages to the hotel's flow: one POST per message, in the
// order of the conversation, one conversation at a time. A flow that cannot be
// reached is tried again for a day; what it refuses is put aside with the reason.
type Handoff struct {
	db        *postgres.DB
	directory *directory.Directory
	client    *n8n.Client
	clock     clock.Clock
	log       *slog.Logger
	outcomes  *groupcommit.Committer[result]
	// Links, if set, makes of the address with which a message was stored one that the flow
	// can fetch.
	Links func(tenant id.Tenant, stored string) string
	// Counted, if set, is told how a flow answered, and how long that took.
	Counted func(outcome string, took time.Duration)
	// Patient and Speaker, if set, serve hotels whose flows answer guests in the answer to the
	// post: one waits for it for AnswerTime, the other sends it.
	Patient *n8n.Client
	Speaker *outbox.Sender

	mu     sync.Mutex
	hotels map[id.Tenant]*flowState
}

// flowState is what we remember of a hotel's flow while we run.
type flowState struct {
	slots   *slots
	down    bool               // its last answer was no answer
	unknown map[id.Message]int // posts of which nobody knows whether they arrived
	tempo   tempo
	tally   tally

	failures int           // in a row
	isIll    bool          // as far as we know
	isKnown  bool          // whether it is ill
	isTrying bool          // whether it is well again
	pause    time.Duration // until the next try, after the last
}

// result is what became of one lane.
type result struct {
	outcome lane.Outcome
	buried  []grave
	owed    []message.Message // the flow got them without their files
	isUp    bool              // the flow answers again: everything that waits may go on
}

type grave struct {
	item         lane.Item
	code, reason string
}

// NewHandoff makes the hand-over to flows through a client.
func NewHandoff(db *postgres.DB, dir *directory.Directory, client *n8n.Client, c clock.Clock, log *slog.Logger) *Handoff {
	h := &Handoff{db: db, directory: dir, client: client, clock: c, log: log, hotels: map[id.Tenant]*flowState{}}
	h.outcomes = groupcommit.New(maxGroup, h.record)
	return h
}

// Close waits until all outcomes are on disk.
func (h *Handoff) Close() {
	h.outcomes.Close()
	ctx, cancel := context.WithTimeout(context.Background(), countEvery)
	defer cancel()
	h.WriteCounts(ctx)
}

// Work hands over what lies in lanes of one tenant.
func (h *Handoff) Work(ctx context.Context, lanes []*lane.Lane) {
	hotel, err := h.directory.Hotel(ctx, lanes[0].TenantID)
	if err != nil {
		h.later(ctx, lanes, err)
		return
	}
	state := h.state(hotel.ID)
	through, isTry, err := h.gate(ctx, hotel, state, lanes)
	if err != nil {
		h.later(ctx, lanes, err)
		return
	}
	spoken, err := h.load(ctx, hotel.ID, through)
	if err != nil {
		h.trying(state, false)
		h.later(ctx, through, err)
		return
	}
	var all sync.WaitGroup
	for _, l := range through {
		all.Go(func() {
			if !state.slots.acquire(ctx) {
				return // stopping: the next start takes the lane up
			}
			r := h.handOver(ctx, hotel, state, l, spoken, isTry)
			state.slots.release()
			h.finish(ctx, r)
		})
	}
	all.Wait()
}

// later puts lanes back for which something of ours is missing.
func (h *Handoff) later(ctx context.Context, lanes []*lane.Lane, why error) {
	h.log.WarnContext(ctx, "hand-over is tried again", "tenant_id", lanes[0].TenantID, "err", why)
	outcomes := make([]lane.Outcome, len(lanes))
	for i, l := range lanes {
		outcomes[i] = l.Hold(0, time.Second)
	}
	release(ctx, h.db, h.log, lanes[0].TenantID, outcomes)
}

func (h *Handoff) state(tenantID id.Tenant) *flowState {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.hotels[tenantID]
	if s == nil {
		s = &flowState{slots: newSlots(inFlight), unknown: map[id.Message]int{}}
		h.hotels[tenantID] = s
	}
	return s
}

func (h *Handoff) load(ctx context.Context, hotel id.Tenant, lanes []*lane.Lane) (map[id.Message]postgres.Spoken, error) {
	var ids []id.Message
	for _, l := range lanes {
		for _, item := range l.Items {
			if w, err := lane.ReadHandover(item); err == nil {
				ids = append(ids, w.MessageID)
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return h.db.Spoken(ctx, hotel, ids...)
}

// next hands over what waits in a conversation, in the way that the hotel wants.
func (h *Handoff) next(ctx context.Context, hotel *directory.Hotel, state *flowState, l *lane.Lane, spoken map[id.Message]postgres.Spoken) result {
	if hotel.Bot.Turns() {
		return h.laneOfTurns(ctx, hotel, state, l, spoken)
	}
	return h.lane(ctx, hotel, state, l, spoken)
}

// lane hands over the messages of one conversation until one has to wait.
func (h *Handoff) lane(ctx context.Context, hotel *directory.Hotel, state *flowState, l *lane.Lane, spoken map[id.Message]postgres.Spoken) result {
	r := result{outcome: l.Finished()}
	for i, item := range l.Items {
		if ctx.Err() != nil { // stopping: what has not begun waits for the next start
			r.outcome = l.Hold(i, 0)
			return r
		}
		w, err := lane.ReadHandover(item)
		said, known := spoken[w.MessageID]
		if err != nil || !known || !h.isWanted(hotel, said, w) {
			continue // deleted meanwhile, or a person took over: the bot is not to hear of it
		}
		if hotel.Bot.Paused { // kept, until somebody resumes the bot
			r.outcome = l.Hold(i, pauseLook)
			return r
		}
		if l.Left() < h.postTime(hotel) { // it waited long for its turn: whoever has the lane next posts it
			r.outcome = l.Hold(i, 0)
			return r
		}
		if wait := h.fileWait(hotel, said, item, w); wait > 0 {
			r.outcome = l.Hold(i, wait)
			return r
		}
		if !w.IsApart() {
			stopped, err := h.stopsLoop(ctx, state, hotel.ID, said)
			if stopped {
				return r // with everything that follows: a person has the conversation
			}
			if err != nil {
				r.outcome = l.Hold(i, time.Second)
				return r
			}
		}
		attempts := 1
		if i == 0 {
			attempts = l.Attempts + 1
		}
		failed := h.post(ctx, hotel, said, w, attempts)
		unknown, cameBack := h.note(state, w.MessageID, failed)
		r.isUp = r.isUp || cameBack
		if failed == nil {
			if !w.IsApart() {
				r.owed = append(r.owed, owes(said)...)
			}
			continue
		}
		delay, again := failed.Next(attempts, unknown)
		if again {
			h.log.InfoContext(ctx, "hand-over waits", "tenant_id", hotel.ID, "message_id", w.MessageID, "attempt", attempts, "delay", delay, "err", failed)
			r.outcome = l.Retry(i, delay)
			return r
		}
		if failed.Outcome == n8n.Unknown { // then it is believed to have arrived
			r.owed = append(r.owed, owes(said)...)
		}
		h.log.WarnContext(ctx, "hand-over given up", "tenant_id", hotel.ID, "message_id", w.MessageID, "attempt", attempts, "err", failed)
		r.buried = append(r.buried, grave{item, "bot_" + failed.Outcome.String(), failed.Reason()})
	}
	return r
}

// note keeps what a post taught about the flow. It returns how many posts of the
// message have an unknown end, and whether the flow has just come back.
func (h *Handoff) note(s *flowState, m id.Message, failed *n8n.PostError) (unknown int, cameBack bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if failed == nil {
		cameBack = s.down
		s.down = false
		delete(s.unknown, m)
		return 0, cameBack
	}
	if failed.Outcome == n8n.Unknown {
		s.unknown[m]++
	}
	s.down = s.down || failed.Outcome == n8n.Refused
	unknown = s.unknown[m]
	if failed.Outcome == n8n.Rejected || unknown > 1 {
		delete(s.unknown, m)
	}
	return unknown, false
}

// isForBot asks Route again: between storing and handing over a person may have
// taken the conversation.
func (h *Handoff) isForBot(hotel *directory.Hotel, said postgres.Spoken) bool {
	now := h.clock.Now()
	return said.Card.State.IsActive() && said.Card.Route(conversation.Facts{
		HasBot: hotel.HasFlow(), IsBarred: hotel.MayWork(now) != nil, ForwardWhileLocked: hotel.Bot.ForwardWhileLocked,
		WakesBot: said.Message.Kind.WakesBot() && !said.Message.IsRevoked(), SentAt: said.Message.Timestamp, Now: now,
	}) == conversation.ByBot
}

func (h *Handoff) post(ctx context.Context, hotel *directory.Hotel, said postgres.Spoken, w lane.Handover, attempt int) *n8n.PostError {
	ctx, done := lane.Linger(ctx)
	defer done()
	line, _ := hotel.Line(said.Message.NumberID)
	now := h.clock.Now()
	h.link(hotel, &said.Message)
	press, err := h.pressOf(ctx, hotel, said.Message)
	if err != nil {
		return &n8n.PostError{Outcome: n8n.Refused} // the database is away: nothing was posted
	}
	out := n8n.Handover{
		DeliveryID: said.Message.ID.String(), Event: n8n.EventMessage, TenantSlug: hotel.Slug, Number: line.Number, Card: said.Card, Turn: w.Turn,
		Message: said.Message, Press: press, IsNew: w.IsNew, IsRetry: attempt > 1, Now: now,
	}
	if w.IsApart() { // it belongs to whatever turn is the last
		out.Event, out.Turn = n8n.EventFile, said.Card.Turn
		if !w.HasFile {
			out.Event, out.Message = n8n.EventReaction, reactionTo(said.Message, w.ReactedAt)
		}
		out.DeliveryID = apartDelivery(out.Event, w, out.Message)
	}
	h.layOut(hotel, &out)
	body, err := n8n.Body(out)
	if err != nil {
		return &n8n.PostError{Outcome: n8n.Rejected}
	}
	return h.send(ctx, hotel, out, n8n.Request{Event: out.Event, DeliveryID: out.DeliveryID, Body: body, Attempt: attempt})
}

func (h *Handoff) send(ctx context.Context, hotel *directory.Hotel, out n8n.Handover, r n8n.Request) *n8n.PostError {
	r.URL, r.Secret, r.At = hotel.Flow.URL, hotel.Flow.Secret, h.clock.Now()
	r.OldSecret = hotel.Flow.OldSecretAt(r.At)
	err := h.ask(ctx, hotel, out, r)
	var failed *n8n.PostError
	if err != nil && !errors.As(err, &failed) {
		failed = &n8n.PostError{Outcome: n8n.Refused}
	}
	took := h.clock.Now().Sub(r.At)
	h.count(failed, took)
	h.watch(ctx, hotel.ID, failed, took)
	return failed
}

func (h *Handoff) count(failed *n8n.PostError, took time.Duration) {
	if h.Counted == nil {
		return
	}
	outcome := "accepted"
	if failed != nil {
		outcome = failed.Outcome.String()
	}
	h.Counted(outcome, took)
}

// finish records a result together with those of other lanes that end now.
func (h *Handoff) finish(ctx context.Context, r result) {
	err := h.outcomes.Do(context.WithoutCancel(ctx), r)
	if err == nil || errors.Is(err, postgres.ErrLeaseLost) {
		return
	}
	h.log.WarnContext(ctx, "hand-over cannot be recorded yet", "tenant_id", r.outcome.Lane.TenantID, "err", err)
	// All of it, not only the lease: what was given up must not vanish.
	insist(ctx, h.db, h.log, r.outcome.Lane.TenantID, func(ctx context.Context, tx *postgres.Tx) error {
		return recordResults(ctx, tx, []result{r})
	})
}

// record writes results, one transaction per hotel and claim.
func (h *Handoff) record(ctx context.Context, results []result) error {
	type claim struct {
		tenant id.Tenant
		lease  [16]byte
	}
	claims := map[claim][]result{}
	for _, r := range results {
		k := claim{r.outcome.Lane.TenantID, r.outcome.Lane.Lease}
		claims[k] = append(claims[k], r)
	}
	var failed error
	for k, rs := range claims {
		err := h.db.InTx(ctx, k.tenant, func(tx *postgres.Tx) error { return recordResults(ctx, tx, rs) })
		failed = errors.Join(failed, err)
	}
	return failed
}

func recordResults(ctx context.Context, tx *postgres.Tx, results []result) error {
	outcomes := make([]lane.Outcome, len(results))
	isUp := false
	for i, r := range results {
		outcomes[i] = r.outcome
		isUp = isUp || r.isUp
		for _, m := range r.owed {
			tx.Enqueue(lane.Media, transfer.Owing(m))
		}
		for _, g := range r.buried {
			if err := tx.Bury(ctx, r.outcome.Lane, g.item, g.code, g.reason); err != nil {
				return err
			}
		}
	}
	if err := tx.ReleaseLanes(ctx, outcomes...); err != nil || !isUp {
		return err
	}
	return tx.WakeAllLanes(ctx, lane.Handoff)
}
