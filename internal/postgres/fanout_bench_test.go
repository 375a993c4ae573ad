package postgres

import (
	"testing"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/subscription"
	"github.com/botreserva/botreserva/internal/lane"
)

// BenchmarkTell shows what subscriptions cost a transaction that stores a guest's message: at a
// hotel that has none, and at one with three of which one wants to hear it.
//
//	go test -run NONE -bench Tell ./internal/postgres
func BenchmarkTell(b *testing.B) {
	tenant, card := id.NewTenant(), conversation.Card{Conversation: conversation.Conversation{ID: id.NewConversation(), State: conversation.Open}}
	m := message.Message{ID: id.NewMessage(), Direction: message.Inbound, Kind: message.Text}
	for name, by := range map[string][]subscription.Subscription{
		"nobody": nil,
		"three": {
			{ID: id.NewSubscription(), Events: []subscription.Name{subscription.MessageReceived}},
			{ID: id.NewSubscription(), Events: []subscription.Name{subscription.MessageStatus}},
			{ID: id.NewSubscription(), Events: subscription.Names, Options: subscription.Options{Units: []string{"Ilhabela"}}},
		},
	} {
		b.Run(name, func(b *testing.B) {
			var memory subscribers
			memory.remember(tenant, by, 0)
			for b.Loop() {
				tx := &Tx{tenant: tenant, queued: map[lane.Kind][]lane.New{}, subscribers: &memory}
				memory.remember(tenant, by, memory.age) // never stale
				tx.noteStanding([]conversation.Card{card})
				tx.Emit(event.Event{Name: event.MessageNew, Card: &card, Message: &m})
				if err := tx.tell(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
