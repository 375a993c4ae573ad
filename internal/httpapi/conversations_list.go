package httpapi

import (
	"context"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

type listConversationsInput struct {
	Status       string `query:"status" doc:"One status, or several separated by commas"`
	Priority     string `query:"priority" enum:"LOW,MEDIUM,HIGH,URGENT"`
	AssignedToID string `query:"assignedToId" format:"uuid"`
	HotelUnit    string `query:"hotelUnit" maxLength:"100"`
	Opportunity  string `query:"isOpportunity" enum:"true,false"`
	Search       string `query:"search" maxLength:"200"`
	Page         int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit        int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (s *server) listConversations(ctx context.Context, c caller, in *listConversationsInput) (*reply[list[wire.Conversation]], error) {
	f, err := in.filter(c)
	if err != nil {
		return nil, err
	}
	cards, total, err := s.deps.DB.Cards(ctx, c.tenant, f)
	if err != nil {
		return nil, err
	}
	out := list[wire.Conversation]{Data: make([]wire.Conversation, 0, len(cards)), Pagination: paginate(in.Page, in.Limit, total)}
	for _, card := range cards {
		out.Data = append(out.Data, wire.ConversationOf(c.tenant, card))
	}
	return answer(out), nil
}

func (in *listConversationsInput) filter(c caller) (postgres.CardFilter, error) {
	f := postgres.CardFilter{
		Scope: c.User.Scope(), Priority: conversation.Priority(in.Priority), Unit: in.HotelUnit, Search: in.Search,
		Limit: in.Limit, Offset: (in.Page - 1) * in.Limit,
	}
	if in.Opportunity != "" {
		wanted := in.Opportunity == "true"
		f.Opportunity = &wanted
	}
	if in.AssignedToID != "" {
		assignee, err := id.ParseUser(in.AssignedToID)
		if err != nil {
			return f, wrongField("assignedToId", "This is no id of a user.")
		}
		f.AssignedTo = assignee
	}
	for _, text := range strings.Split(in.Status, ",") {
		if text == "" {
			continue
		}
		state, err := parseState(text)
		if err != nil {
			return f, err
		}
		f.States = append(f.States, state)
	}
	return f, nil
}
