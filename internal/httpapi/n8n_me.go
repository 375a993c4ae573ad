package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/subscription"
)

// flowSelf tells a flow whose key it holds: n8n asks for it to test a credential.
type flowSelf struct {
	Slug       string              `json:"slug"`
	Name       string              `json:"name"`
	Status     string              `json:"status"`
	TimeZone   string              `json:"timeZone"`
	HotelUnits []string            `json:"hotelUnits" nullable:"false"`
	Numbers    []flowNumber        `json:"numbers" nullable:"false"`
	BotPaused  bool                `json:"botPaused"`
	Events     []subscription.Name `json:"events" nullable:"false" doc:"What can be subscribed to"`
}

type flowNumber struct {
	Phone         string `json:"phone"`
	PhoneNumberID string `json:"phoneNumberId"`
}

func (s *server) botMe(_ context.Context, c caller, _ *struct{}) (*reply[flowSelf], error) {
	h := c.hotel
	out := flowSelf{
		Slug: h.Slug, Name: h.Name, Status: string(h.Status), TimeZone: h.TimeZone, HotelUnits: append([]string{}, h.Units...),
		Numbers: make([]flowNumber, 0, len(h.Lines)), BotPaused: (h.Bot.Paused || h.MayWork(s.deps.Clock.Now()) != nil), Events: subscription.Names,
	}
	for _, l := range h.Lines {
		out.Numbers = append(out.Numbers, flowNumber{l.Display, l.PhoneNumberID})
	}
	return answer(out), nil
}
