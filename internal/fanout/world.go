package fanout

import (
	"context"
	"errors"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

// world is what a lane's items are about, as it is now.
type world struct {
	hotel       *directory.Hotel
	spoken      map[id.Message]postgres.Spoken
	cards       map[id.Conversation]conversation.Card
	escalations map[id.Escalation]escalation.Escalation
	links       wire.Links
	now         time.Time
}

// load reads what refs name. What is gone is left out.
func (t *Teller) load(ctx context.Context, hotel *directory.Hotel, refs []subscription.Ref) (*world, error) {
	w := &world{
		hotel: hotel, cards: map[id.Conversation]conversation.Card{}, escalations: map[id.Escalation]escalation.Escalation{},
		links: t.Links, now: t.clock.Now(),
	}
	var messages []id.Message
	for _, ref := range refs {
		if !ref.MessageID.IsZero() {
			messages = append(messages, ref.MessageID)
			continue
		}
		if err := t.loadCard(ctx, w, ref); err != nil {
			return nil, err
		}
	}
	var err error
	w.spoken, err = t.db.Spoken(ctx, hotel.ID, messages...)
	return w, err
}

func (t *Teller) loadCard(ctx context.Context, w *world, ref subscription.Ref) error {
	if _, known := w.cards[ref.ConversationID]; !known {
		card, err := t.db.Card(ctx, w.hotel.ID, ref.ConversationID)
		if err != nil && !errors.Is(err, conversation.ErrNotFound) {
			return err
		}
		if err == nil {
			w.cards[card.ID] = card
		}
	}
	if ref.EscalationID.IsZero() {
		return nil
	}
	e, err := t.db.Escalation(ctx, w.hotel.ID, ref.EscalationID)
	if errors.Is(err, escalation.ErrNotFound) {
		return nil
	}
	if err == nil {
		w.escalations[e.ID] = e
	}
	return err
}

// gone is why something is not told of which nothing is left, not even for the log.
const gone = "gone"

// body writes what a subscriber gets of a ref, or says why it gets nothing.
func (w *world) body(s subscription.Subscription, ref subscription.Ref, attempt int) (body []byte, why string) {
	card, m, ok := w.about(ref)
	if !ok {
		return nil, gone
	}
	if why := w.notNow(s, ref, card, m); why != "" {
		return nil, why
	}
	line, _ := w.hotel.Line(card.NumberID)
	if !m.ID.IsZero() {
		line, _ = w.hotel.Line(m.NumberID)
	}
	body, err := n8n.ToldBody(n8n.Told{
		Handover: n8n.Handover{
			DeliveryID: ref.DeliveryID.String(), TenantSlug: w.hotel.Slug, Number: line.Number, Card: card,
			Turn: card.Turn, Message: w.fetchable(m), IsRetry: attempt > 1, Now: w.now,
		},
		Event: string(ref.Event), At: ref.At, Facts: w.facts(ref, card, m),
	})
	if err != nil {
		return nil, gone // a guest without any address
	}
	return body, ""
}

func (w *world) about(ref subscription.Ref) (conversation.Card, message.Message, bool) {
	if !ref.MessageID.IsZero() {
		said, ok := w.spoken[ref.MessageID]
		return said.Card, said.Message, ok
	}
	card, ok := w.cards[ref.ConversationID]
	return card, message.Message{}, ok
}

// notNow says why something is not told: between happening and telling a person may have taken
// the conversation.
func (w *world) notNow(s subscription.Subscription, ref subscription.Ref, card conversation.Card, m message.Message) string {
	if s.IsPaused() {
		return "A assinatura está pausada."
	}
	forBot := ref.Event == subscription.MessageReceived || ref.Event == subscription.ButtonClicked
	if !forBot || !s.Options.OnlyUnlocked {
		return ""
	}
	answers := card.State.IsActive() && card.Route(conversation.Facts{
		HasBot: true, IsBarred: w.hotel.Bot.Paused || w.hotel.MayWork(w.now) != nil, WakesBot: m.Kind.WakesBot() && !m.IsRevoked(), SentAt: m.Timestamp, Now: w.now,
	}) == conversation.ByBot
	if !answers {
		return "Uma pessoa assumiu a conversa, ou o robô está pausado."
	}
	return ""
}

func (w *world) fetchable(m message.Message) message.Message {
	if w.links != nil && m.Metadata.MediaURL != "" {
		m.Metadata.MediaURL = w.links(w.hotel.ID, m.Metadata.MediaURL)
	}
	return m
}

// facts are what a subscriber gets besides, as our API shows it.
func (w *world) facts(ref subscription.Ref, card conversation.Card, m message.Message) []n8n.Fact {
	facts := []n8n.Fact{{Key: "conversation", Value: wire.ConversationOf(w.hotel.ID, card)}}
	if !m.ID.IsZero() {
		facts = append(facts, n8n.Fact{Key: "message", Value: wire.MessageOf(w.hotel.ID, m, w.links)})
	}
	if ref.Status != "" {
		facts = append(facts, n8n.Fact{Key: "status", Value: wire.StatusOf(ref.Status)})
	}
	if e, ok := w.escalations[ref.EscalationID]; ok {
		facts = append(facts, n8n.Fact{Key: "escalation", Value: wire.EscalationOf(w.hotel.ID, e, nil)})
	}
	return facts
}
