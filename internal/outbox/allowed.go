package outbox

import (
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// allowedIn applies the rules that hold now and again at the moment of delivery.
func (r Request) allowedIn(hotel *directory.Hotel, card conversation.Card, now time.Time) error {
	if err := botMay(hotel, r.Sender, r.TurnToken, card.Conversation); err != nil {
		return err
	}
	return allowedToBegin(r.Sender, r.Content.Kind(), card.Conversation, now)
}

// allowedToBegin is allowed with a margin for what takes its time.
func allowedToBegin(sender message.Sender, kind message.Kind, c conversation.Conversation, now time.Time) error {
	if kind != message.Template && !c.TakesText(now) && !(sender == message.Bot && c.Lock.Locked) {
		return conversation.ErrWindowClosed
	}
	return allowed(sender, kind, c, now)
}

func allowed(sender message.Sender, kind message.Kind, c conversation.Conversation, now time.Time) error {
	if sender == message.Bot && c.Lock.Locked {
		return conversation.ErrIALocked
	}
	if kind != message.Template && !c.WithinWindow(now) {
		return conversation.ErrWindowClosed
	}
	return nil
}

// mayStill applies the rules once more at the moment of delivery: somebody may have taken the
// conversation over, or paused the bot, since the message was queued.
func mayStill(hotel *directory.Hotel, m message.Message, c conversation.Conversation, now time.Time) error {
	if err := botMay(hotel, m.Sender, m.Metadata.TurnToken, c); err != nil {
		return err
	}
	return allowed(m.Sender, m.Kind, c, now)
}

// botMay returns why a bot may not speak now, whatever the lock says: its hotel paused it, or the
// turn that it answers is over. It returns nil for people.
func botMay(hotel *directory.Hotel, sender message.Sender, token string, c conversation.Conversation) error {
	switch {
	case sender != message.Bot:
		return nil
	case hotel.Bot.Paused:
		return conversation.ErrBotPaused
	case token == "":
		return nil
	}
	turn, err := conversation.ParseTurn(token)
	if err != nil {
		return err
	}
	return c.Admits(turn)
}
