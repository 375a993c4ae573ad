package outbox

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// What a bot says slowly waits in its conversation's lane, for a moment that follows from what is
// stored: so a pause holds up this conversation alone, and a new process goes on with it.

// errPartFailed drops what would follow a message that did not get through.
var errPartFailed = fault.New(fault.Conflict, "part_failed", "A message before this one, of the same answer, was not delivered.")

// pacedLook is how often a message that waits is looked at again. Until then, a person who takes
// over waits behind it.
const pacedLook = time.Second

// rest is how a message waits.
type rest struct {
	left    time.Duration
	heard   string // Meta's id of the message that is answered; empty if the guest never wrote
	heardAt time.Time
}

// paced returns how long a message must still wait, or why it is not said any more.
func (d *Deliverer) paced(ctx context.Context, tx *postgres.Tx, m message.Message, c conversation.Conversation, now time.Time) (rest, error) {
	said := m.Metadata.Said
	if said == nil || !said.IsPaced || m.Resends > 0 {
		return rest{}, nil
	}
	heard, err := tx.LatestHeard(ctx, c.ID)
	if err != nil && !errors.Is(err, postgres.ErrNoMessage) {
		return rest{}, err
	}
	if heard.ID != said.Heard || c.Ball.Version != said.Ball {
		return rest{}, conversation.ErrOvertaken
	}
	from, err := begun(ctx, tx, m)
	return rest{left: from.Add(said.Wait()).Sub(now), heard: heard.WAMID, heardAt: heard.Timestamp}, err
}

// begun returns when a message's pause began: when the one before it was sent.
func begun(ctx context.Context, tx *postgres.Tx, m message.Message) (time.Time, error) {
	if m.Metadata.Said.After.IsZero() {
		return m.CreatedAt, nil
	}
	before, err := tx.Delivery(ctx, m.Metadata.Said.After)
	switch {
	case errors.Is(err, postgres.ErrNoMessage):
		return time.Time{}, nil // deleted meanwhile
	case err == nil && before.Status == message.Failed:
		err = errPartFailed
	}
	return before.AttemptAt, err
}

// typing remembers which messages a guest sees being typed, and since when.
type typing struct {
	mu    *sync.Mutex
	since map[id.Message]time.Time
}

func newTyping() typing { return typing{mu: &sync.Mutex{}, since: map[id.Message]time.Time{}} }

// typingLasts is a little less than how long WhatsApp shows it (typing indicators, 2026).
const typingLasts = 20 * time.Second

// due reports whether the guest is to be shown it now, which then counts as done.
func (t typing) due(m id.Message, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if last, shown := t.since[m]; shown && now.Sub(last) < typingLasts {
		return false
	}
	t.since[m] = now
	return true
}

func (t typing) forget(m id.Message) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.since, m)
}

const (
	typingWorth    = 500 * time.Millisecond // of a shorter pause nobody sees anything
	typingPatience = 3 * time.Second
	typingTakenFor = 30 * 24 * time.Hour // how long WhatsApp takes receipts for a message
)

// showTyping shows the guest that an answer is being written. That it cannot be shown keeps
// nothing back.
func (d *Deliverer) showTyping(ctx context.Context, line directory.Line, m id.Message, r rest) {
	now := d.clock.Now()
	if r.left < typingWorth || r.heard == "" || now.Sub(r.heardAt) > typingTakenFor || !d.typing.due(m, now) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, typingPatience)
	defer cancel()
	err := d.client.MarkRead(ctx, whatsapp.Credentials{PhoneNumberID: line.PhoneNumberID, AccessToken: line.AccessToken}, r.heard, true)
	if err != nil {
		d.log.DebugContext(ctx, "typing cannot be shown", "message_id", m, "err", err)
	}
}
