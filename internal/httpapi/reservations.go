package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/wire"
)

type reservationInput struct {
	ConversationPath
	Body struct {
		CheckIn    string  `json:"checkIn" maxLength:"10" doc:"The day of arrival, such as 2026-12-24"`
		CheckOut   string  `json:"checkOut" maxLength:"10"`
		Adults     int     `json:"adults" minimum:"1" maximum:"99"`
		Children   int     `json:"children,omitempty" minimum:"0" maximum:"99"`
		HotelUnit  *string `json:"hotelUnit,omitempty" maxLength:"100" doc:"One of the hotel's units in any spelling; empty for none"`
		Room       *string `json:"room,omitempty" maxLength:"100"`
		ValueCents int64   `json:"valueCents,omitempty" minimum:"0" maximum:"100000000000" doc:"What it is worth, in cents"`
		Outcome    string  `json:"outcome" enum:"OPEN,WON,LOST"`
		Reason     *string `json:"reason,omitempty" maxLength:"500" doc:"Needed when it was lost"`
	}
}

// saveReservation writes the request of a guest down; the conversation that comes back has
// it in metadata.reservation.
func (s *server) saveReservation(ctx context.Context, c caller, in *reservationInput) (*reply[wire.Conversation], error) {
	conversationID, err := in.id()
	if err != nil {
		return nil, err
	}
	b := in.Body
	text := func(of *string) string {
		if of == nil {
			return ""
		}
		return *of
	}
	card, err := s.deps.Desk.SaveReservation(ctx, c.tenant, c.User, conversationID, conversation.Reservation{
		CheckIn: b.CheckIn, CheckOut: b.CheckOut, Adults: b.Adults, Children: b.Children, Unit: text(b.HotelUnit), Room: text(b.Room),
		ValueCents: b.ValueCents, Outcome: conversation.Outcome(b.Outcome), Reason: text(b.Reason),
	})
	return written(c, card, err)
}
