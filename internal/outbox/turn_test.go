package outbox

import (
	"context"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestTurnIsAskedAgainAtDelivery: between taking a bot's answer and giving it to Meta the guest
// may have written, a person taken over, or the hotel paused its bot.
func TestTurnIsAskedAgainAtDelivery(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := pgtest.DB(t)
	hotel := pgtest.Tenant(t, db)
	for name, c := range map[string]struct{ change, refusal string }{
		"nothing happened":            {"SELECT $1::uuid", ""},
		"a newer turn":                {"UPDATE conversation SET turn = turn + 1 WHERE id = $1", "turn_over"},
		"somebody had it meanwhile":   {"UPDATE conversation SET ball_version = ball_version + 2 WHERE id = $1", "turn_over"},
		"the hotel paused its bot":    {"UPDATE tenant SET bot_paused = true WHERE id = (SELECT tenant_id FROM conversation WHERE id = $1)", "bot_paused"},
		"and what is no token at all": {"UPDATE message SET metadata = '{\"turnToken\": \"x\"}' WHERE conversation_id = $1", "turn_token_invalid"},
	} {
		card := pgtest.Conversation(t, db, hotel)
		m := pgtest.Message(t, db, hotel.ID, card, pgtest.FromBot, func(m *message.Message) {
			m.Metadata.TurnToken = conversation.Turn{Conversation: card.ID}.Token()
		})
		pgtest.Exec(t, db, c.change, card.ID)
		d, opened := newDeliverer(ctx, t, db, hotel, clock.NewFrozen(time.Now()))
		j, _, err := d.prepare(ctx, opened, m.ID, nil)
		if err != nil || (j != nil) != (c.refusal == "") {
			t.Errorf("%s: is sent: %v, %v", name, j != nil, err)
		}
		stored, err := db.Message(ctx, hotel.ID, m.ID)
		if err != nil || c.refusal != "" && (stored.Failure == nil || stored.Failure.Details != c.refusal) {
			t.Errorf("%s: fails for %+v, want %s: %v", name, stored.Failure, c.refusal, err)
		}
		pgtest.Exec(t, db, "UPDATE tenant SET bot_paused = false")
	}
}
