package outbox

import (
	"context"
	"errors"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Part is one of the messages of a request.
type Part struct {
	Content content.Content
	Pause   time.Duration // before it, after the one before was sent
}

func (r Request) parts() []Part { return append([]Part{{r.Content, r.Pause}}, r.More...) }

// isPaced reports whether the request is said slowly, so that newer words overtake it.
func (r Request) isPaced() bool {
	for _, part := range r.parts() {
		if part.Pause > 0 {
			return true
		}
	}
	return false
}

// storeParts stores and queues all messages of a request.
func (s *Sender) storeParts(ctx context.Context, tx *postgres.Tx, of id.Tenant, r Request, card conversation.Card, line directory.Line, files map[id.Media]media.File, now time.Time) ([]Queued, error) {
	said, err := r.said(ctx, tx, card)
	if err != nil {
		return nil, err
	}
	var all []Queued
	for i, part := range r.parts() {
		one := r
		if i > 0 { // the first alone can be found again, and quotes
			one.ClientID, one.ReplyTo = "", ""
			said = said.following(all)
		}
		if one.Content, err = approved(ctx, tx, part.Content, line, card.ContactID); err != nil {
			return nil, err
		}
		m, err := one.message(ctx, tx, card, line, now)
		if err != nil {
			return nil, err
		}
		m.Metadata.Said = said.kept(part.Pause)
		uses := content.Files(one.Content)
		show(&m, of, uses, files)
		if card, err = queue(ctx, tx, one, card, m, now); err != nil {
			return nil, err
		}
		if err := showFiles(ctx, tx, m.ID, uses); err != nil {
			return nil, err
		}
		all = append(all, Queued{Message: m})
	}
	return all, nil
}

// call is what messages keep of the call that said them.
type call struct{ message.Spoken }

func (r Request) said(ctx context.Context, tx *postgres.Tx, card conversation.Card) (call, error) {
	c := call{message.Spoken{Hash: r.Hash}}
	if !r.isPaced() {
		return c, nil
	}
	heard, err := tx.LatestHeard(ctx, card.ID)
	if err != nil && !errors.Is(err, postgres.ErrNoMessage) {
		return c, err
	}
	c.IsPaced, c.Heard, c.Ball = true, heard.ID, card.Ball.Version
	return c, nil
}

// following returns what the next message keeps.
func (c call) following(before []Queued) call {
	c.Hash, c.First, c.After = "", before[0].Message.ID, before[len(before)-1].Message.ID
	return c
}

// kept returns nil where there is nothing to keep.
func (c call) kept(pause time.Duration) *message.Spoken {
	out := c.Spoken
	out.Pause = int(pause / time.Millisecond)
	if out == (message.Spoken{}) {
		return nil
	}
	return &out
}

// callOf returns all messages of a call that was made before, by its first one.
func callOf(ctx context.Context, tx *postgres.Tx, first message.Message) ([]Queued, error) {
	all := []Queued{{Message: first, Duplicate: true}}
	if first.Sender != message.Bot {
		return all, nil
	}
	more, err := tx.MessagesOfCall(ctx, first)
	for _, m := range more {
		all = append(all, Queued{Message: m, Duplicate: true})
	}
	return all, err
}

// repeatTime is how long the same call says nothing new: flows' programs repeat a call whose
// answer got lost, and flows that were started twice say the same.
const repeatTime = 30 * time.Second

// sameBody returns what the same call said just now.
func (r Request) sameBody(ctx context.Context, tx *postgres.Tx, card conversation.Card, now time.Time) ([]Queued, error) {
	if r.Hash == "" || r.ClientID != "" {
		return nil, nil
	}
	m, err := tx.SaidLately(ctx, card.ID, r.Hash, now.Add(-repeatTime))
	if errors.Is(err, postgres.ErrNoMessage) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return callOf(ctx, tx, m)
}

// retried sends again what a flow's call with the same key did not get through because of trouble
// at Meta's: the flow was told to try again.
func (s *Sender) retried(ctx context.Context, tx *postgres.Tx, hotel *directory.Hotel, r Request, before []Queued) ([]Queued, error) {
	if first := before[0].Message; r.Sender != message.Bot || first.Status != message.Failed || !IsMetasTrouble(first.Failure) {
		return before, nil
	}
	now := s.clock.Now()
	card, err := s.conversation(ctx, tx, r, now) // locked first, as sending does
	if err != nil || card.ID != before[0].Message.ConversationID {
		return before, err
	}
	if err := r.allowedIn(hotel, card, now); err != nil {
		return nil, err
	}
	for i, q := range before {
		m, err := tx.Resend(ctx, q.Message.ID)
		if errors.Is(err, postgres.ErrNoMessage) {
			continue // it did get through, or somebody has just done the same
		}
		if err != nil {
			return nil, err
		}
		if err := s.again(ctx, tx, r, card, m, now); err != nil {
			return nil, err
		}
		before[i] = Queued{Message: m}
	}
	return before, nil
}
