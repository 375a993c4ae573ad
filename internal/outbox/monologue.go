package outbox

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

// A flow that repeats itself would do so until somebody sees it, at what Meta charges for a
// message. Pictures of rooms are no talk: flows send many at once. Nor is it a monologue to answer
// all that a guest said while the flow was away.
const (
	monologueTime = time.Minute
	monologueMost = 10 // of a guest who said little
	perHeard      = 3  // for each thing that the guest said today, if that is more
	heardMost     = 20 // that are counted
)

// ErrMonologue refuses what a bot says that has said too much without a word of the guest's.
var ErrMonologue = fault.New(fault.Conflict, "bot_loop",
	"The bot has said more than 10 things within a minute without a word of the guest's, as a flow that repeats itself does. "+
		"It has been stopped in this conversation, and a person was called; hand the conversation back once the flow is mended.")

// talksOn refuses a monologue of the bot's.
func (r Request) talksOn(ctx context.Context, tx *postgres.Tx, card conversation.Card, now time.Time) error {
	if r.Sender != message.Bot || r.Content.Kind().HasMedia() || r.Content.Kind() == message.Reaction {
		return nil
	}
	since := now.Add(-monologueTime)
	if heard := card.LastInboundAt.Add(-time.Second); heard.After(since) { // times of messages are whole seconds
		since = heard
	}
	said, err := tx.Talk(ctx, card.ID, message.Outbound, since, perHeard*heardMost)
	if err != nil || said < monologueMost {
		return err
	}
	heard, err := tx.Talk(ctx, card.ID, message.Inbound, now.Add(-conversation.Window), heardMost)
	if err != nil || said < perHeard*heard {
		return err
	}
	return ErrMonologue
}
