package httpapi

import (
	"context"
	"strings"

	"github.com/botreserva/botreserva/internal/desk"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/wire"
)

// What a flow notes about a guest's conversation.

type botUnitInput struct {
	Body struct {
		BotTo
		HotelUnit loose `json:"hotelUnit,omitempty" doc:"One of the hotel's units, in any spelling"`
	}
}

type botUnit struct {
	Success        bool   `json:"success"`
	ConversationID string `json:"conversationId"`
	HotelUnit      string `json:"hotelUnit" doc:"As the hotel spells it"`
	Message        string `json:"message"`
}

func (s *server) botSetUnit(ctx context.Context, c caller, in *botUnitInput) (*reply[botUnit], error) {
	phone, err := in.Body.phone()
	if err != nil {
		return nil, err
	}
	if in.Body.HotelUnit == "" {
		return nil, missing("hotelUnit", "Say which unit: hotelUnit is missing.")
	}
	card, err := s.deps.Desk.BotSetUnit(ctx, c.tenant, phone, string(in.Body.HotelUnit))
	if err != nil {
		return nil, err
	}
	return answer(botUnit{true, card.ID.String(), card.Unit, "Unidade definida: " + card.Unit}), nil
}

type botFollowUpInput struct{ Body struct{ BotTo } }

type botFollowUp struct {
	Success        bool      `json:"success"`
	ConversationID string    `json:"conversationId"`
	Message        string    `json:"message"`
	FollowUpSent   bool      `json:"followupSent"`
	FollowUpSentAt wire.Time `json:"followupSentAt"`
	IsOpportunity  bool      `json:"isOpportunity"`
}

// botMarkFollowUp notes that the flow asked the guest again.
func (s *server) botMarkFollowUp(ctx context.Context, c caller, in *botFollowUpInput) (*reply[botFollowUp], error) {
	phone, err := in.Body.phone()
	if err != nil {
		return nil, err
	}
	now := s.deps.Clock.Now()
	card, err := s.deps.Desk.BotMarkOpportunity(ctx, c.tenant, phone, desk.Opportunity{
		Reason: "followup_sent", Description: "O robô enviou uma mensagem de acompanhamento.", IsFollowUp: true,
	})
	if err != nil {
		return nil, err
	}
	return answer(botFollowUp{true, card.ID.String(), "Acompanhamento registrado.", true, wire.At(now), true}), nil
}

type botOpportunityInput struct {
	Body struct {
		BotTo
		Reason           loose `json:"reason,omitempty" doc:"not_completed, needs_help, wants_human, wants_reservation, or a word of the flow's own"`
		FollowUpResponse loose `json:"followupResponse,omitempty" doc:"What the guest answered"`
	}
}

type botOpportunity struct {
	Success        bool               `json:"success"`
	ConversationID string             `json:"conversationId"`
	IsOpportunity  bool               `json:"isOpportunity"`
	Status         conversation.State `json:"status" doc:"OPEN, or IN_PROGRESS while somebody works on it"`
	Message        string             `json:"message"`
	Reason         string             `json:"reason"`
}

// reasonWords say to people why a conversation is a possible sale.
var reasonWords = map[string]string{
	"not_completed":     "O hóspede não concluiu a reserva.",
	"needs_help":        "O hóspede precisa de ajuda.",
	"wants_human":       "O hóspede quer falar com uma pessoa.",
	"wants_reservation": "O hóspede quer fazer uma reserva.",
	negativeFollowUp:    "O hóspede respondeu ao acompanhamento sem concluir a reserva.",
}

// negativeFollowUp is the reason when a flow gives none.
const negativeFollowUp = "followup_negative"

func (s *server) botMarkOpportunity(ctx context.Context, c caller, in *botOpportunityInput) (*reply[botOpportunity], error) {
	phone, err := in.Body.phone()
	if err != nil {
		return nil, err
	}
	o := desk.Opportunity{Reason: cut(strings.TrimSpace(string(in.Body.Reason)), 100)}
	if o.Reason == "" {
		o.Reason = negativeFollowUp
	}
	o.Description = reasonWords[o.Reason]
	if answered := cut(string(in.Body.FollowUpResponse), 1000); answered != "" {
		o.Notes = map[string]any{"followupResponse": answered}
	}
	card, err := s.deps.Desk.BotMarkOpportunity(ctx, c.tenant, phone, o)
	if err != nil {
		return nil, err
	}
	return answer(botOpportunity{true, card.ID.String(), true, card.State, "Oportunidade registrada.", o.Reason}), nil
}
