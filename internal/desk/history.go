package desk

import (
	"context"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Said is one message of a dialogue as a flow remembers it.
type Said struct {
	Role    string // "user" for the guest
	Content string
	At      time.Time // zero when the flow does not know
}

const (
	maxHistory     = 100  // messages, the newest
	maxHistoryText = 4096 // characters of one
)

// remember stores what a flow tells of its dialogue with a guest whom we meet through
// its call. Of every other guest we have the messages themselves, and the flow's copy
// would double them. It opens no window: Meta did not tell us that the guest wrote.
func remember(ctx context.Context, tx *postgres.Tx, hotel *directory.Hotel, card conversation.Card, history []Said, now time.Time) (conversation.Card, error) {
	line, ok := hotel.Line(card.NumberID)
	if !ok || len(history) == 0 {
		return card, nil
	}
	var messages []message.Message
	for _, s := range recollected(history, now) {
		m := s.message(card, line.ID, now)
		card.Conversation = card.Show(m.Preview())
		if m.Direction == message.Outbound {
			card.Conversation = card.Answered(false, m.Timestamp)
		}
		messages = append(messages, m)
	}
	return card, tx.InsertMessages(ctx, now, messages...)
}

// recollected returns what is worth keeping: what was said, once, in its order, dated.
// A message without a date was said just before the next one.
func recollected(history []Said, now time.Time) []Said {
	var kept []Said
	seen := map[Said]bool{}
	for _, s := range history {
		s.Role, s.Content = strings.ToLower(strings.TrimSpace(s.Role)), strings.TrimSpace(s.Content)
		if s.Content == "" || s.Role == "system" || !s.At.IsZero() && seen[s] || len(kept) > 0 && s == kept[len(kept)-1] {
			continue
		}
		seen[s] = true
		kept = append(kept, s)
	}
	kept = kept[max(0, len(kept)-maxHistory):]
	latest := now.Truncate(time.Second)
	for i := len(kept) - 1; i >= 0; i-- {
		if at := kept[i].At; at.IsZero() || at.After(latest) {
			kept[i].At = latest
		}
		latest = kept[i].At
	}
	return kept
}

func (s Said) message(card conversation.Card, number id.Number, now time.Time) message.Message {
	m := message.Message{
		ID: id.NewMessage(), ConversationID: card.ID, ContactID: card.ContactID, NumberID: number, Kind: message.Text,
		Direction: message.Outbound, Sender: message.Bot, Status: message.Delivered, Timestamp: s.At, CreatedAt: now,
		Content: s.Content, Metadata: message.Metadata{ImportedFrom: "n8n", OriginalRole: s.Role},
	}
	if s.Role == "user" {
		m.Direction, m.Sender = message.Inbound, message.Guest
	}
	if runes := []rune(m.Content); len(runes) > maxHistoryText {
		m.Content = string(runes[:maxHistoryText])
	}
	return m
}
