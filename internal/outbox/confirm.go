package outbox

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Confirm says in a conversation, which the transaction holds, that what a guest asked for was
// done. It says nothing where the bot may not speak: a person is there, the hotel has paused
// it, or the window is closed. It counts for no plan, because the hotel owes it.
func Confirm(ctx context.Context, tx *postgres.Tx, hotel *directory.Hotel, card conversation.Card, line directory.Line, text string, now time.Time) error {
	r := Request{Sender: message.Bot, Content: content.Text{Body: text}}
	if r.allowedIn(hotel, card, now) != nil {
		return nil //nolint:nilerr // nobody asked for a confirmation at any price
	}
	m, err := r.message(ctx, tx, card, line, now)
	if err != nil {
		return err
	}
	_, err = queue(ctx, tx, r, card, m, now)
	return err
}
