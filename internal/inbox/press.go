package inbox

import (
	"context"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
)

// pressOf tells a flow what is known of a button that a guest pressed: whether the hotel had
// offered it to this guest, and when. nil for everything else. What a button means is the
// flow's; a button of another guest's message, or of none, was not offered.
func (h *Handoff) pressOf(ctx context.Context, hotel *directory.Hotel, m message.Message) (*n8n.Press, error) {
	choice := m.Metadata.Button
	if choice == nil {
		choice = m.Metadata.List
	}
	if choice == nil || m.Metadata.Context == nil || m.Metadata.Context.WAMID == "" {
		return nil, nil //nolint:nilnil // nothing was pressed, or WhatsApp does not say where
	}
	key := postgres.Received{Number: m.NumberID, WAMID: m.Metadata.Context.WAMID}
	found, err := h.db.MessagesNamed(ctx, hotel.ID, key)
	if err != nil {
		return nil, err
	}
	p := n8n.Press{ID: n8n.PressID(key.WAMID, choice.ID)}
	from, ok := found[key]
	if !ok || from.ContactID != m.ContactID {
		return &p, nil
	}
	var isKnown bool
	if p.Offered, isKnown = content.Offers(from, *choice); isKnown {
		p.OfferedAt = from.Timestamp
	}
	p.Unknown = !isKnown
	return &p, nil
}
