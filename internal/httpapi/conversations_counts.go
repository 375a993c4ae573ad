package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/conversation"
)

// countConversationsInput has the filters of listConversationsInput that narrow all
// lists of a desk alike; which list it is, the counts tell apart.
type countConversationsInput struct {
	Priority      string `query:"priority" enum:"LOW,MEDIUM,HIGH,URGENT"`
	HotelUnit     string `query:"hotelUnit" maxLength:"100" doc:"In any spelling"`
	Opportunity   string `query:"isOpportunity" enum:"true,false"`
	TagID         string `query:"tagId" maxLength:"36"`
	WindowClosing string `query:"windowClosing" enum:"true,false" doc:"true: only those whose 24-hour window ends within windowHours"`
	WindowHours   int    `query:"windowHours" minimum:"1" maximum:"24" default:"4"`
}

type conversationCounts struct {
	ByStatus   map[string]int `json:"byStatus" doc:"BOT_HANDLING, OPEN, IN_PROGRESS, WAITING and CLOSED"`
	Active     int            `json:"active" doc:"All but the closed ones"`
	Mine       int            `json:"mine" doc:"Of the active ones, the caller's"`
	Unassigned int            `json:"unassigned" doc:"Of the active ones, nobody's"`
	Unread     int            `json:"unread" doc:"Of the active ones, those with unread messages"`
}

func (s *server) countConversations(ctx context.Context, c caller, in *countConversationsInput) (*reply[conversationCounts], error) {
	f, err := s.cardFilter(ctx, c, &listConversationsInput{
		Priority: in.Priority, HotelUnit: in.HotelUnit, Opportunity: in.Opportunity, TagID: in.TagID,
		WindowClosing: in.WindowClosing, WindowHours: in.WindowHours, Page: 1,
	})
	if err != nil {
		return nil, err
	}
	counted, err := s.deps.DB.CardCounts(ctx, c.tenant, f, c.User.ID)
	if err != nil {
		return nil, err
	}
	out := conversationCounts{ByStatus: map[string]int{}, Mine: counted.Mine, Unassigned: counted.Unassigned, Unread: counted.Unread}
	for _, state := range conversation.States {
		if state == conversation.Archived {
			continue // no list of the desk has them
		}
		out.ByStatus[string(state)] = counted.ByState[state]
		if state.IsActive() {
			out.Active += counted.ByState[state]
		}
	}
	return answer(out), nil
}
