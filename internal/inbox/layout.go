package inbox

import (
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/wire"
)

// layOut gives a hand-over the style of its flow. One that subscribed gets what subscribers get
// besides, so that being the bot takes no key from it.
func (h *Handoff) layOut(hotel *directory.Hotel, out *n8n.Handover) {
	out.Style = hotel.Bot.Style
	if !hotel.Flow.IsSubscriber() {
		return
	}
	m := out.Message
	out.Style = tenant.Flat
	out.Facts = []n8n.Fact{
		{Key: "occurredAt", Value: m.Timestamp.UTC()},
		{Key: "conversation", Value: wire.ConversationOf(hotel.ID, out.Card)},
		{Key: "message", Value: wire.MessageOf(hotel.ID, m, nil)}, // its addresses are made already
	}
}
