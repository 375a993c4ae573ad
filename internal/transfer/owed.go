package transfer

import (
	"context"
	"errors"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Owing is the work of giving the hotel's flow the file of a message that it got without. It
// stands in the message's lane behind the fetching, so it is done when that is over, however
// the two meet.
func Owing(m message.Message) lane.New { return fetching{MessageID: m.ID, IsOwed: true}.of(m) }

// tellFlow queues a file for the flow, in the order of the conversation. One that could not be
// had is not told of: the flow knows that it has no file.
func (f *Fetcher) tellFlow(ctx context.Context, l *lane.Lane, of id.Message) {
	f.insist(ctx, l, func(ctx context.Context, tx *postgres.Tx) error {
		m, err := tx.LockMessage(ctx, of)
		if err != nil && !errors.Is(err, postgres.ErrNoMessage) {
			return err
		}
		if err == nil && m.Metadata.MediaURL != "" {
			tx.Enqueue(lane.Handoff, lane.Handover{MessageID: of, HasFile: true}.In(m.ConversationID, m.NumberID))
		}
		return tx.ReleaseLanes(ctx, l.Finished())
	})
}
