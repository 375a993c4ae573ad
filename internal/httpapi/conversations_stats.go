package httpapi

import (
	"context"
	"math"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/wire"
)

// conversationStats has the numbers under the names of both of the original's servers:
// byStatus was served, the flat ones were expected.
type conversationStats struct {
	Total           int            `json:"total"`
	Active          int            `json:"active" doc:"OPEN, IN_PROGRESS and WAITING"`
	Unassigned      int            `json:"unassigned" doc:"Of the active ones, those that nobody has"`
	UnreadMessages  int            `json:"unreadMessages"`
	AvgResponseTime int            `json:"avgResponseTime" doc:"Seconds until the first answer, of the last 24 hours' conversations"`
	ByStatus        map[string]int `json:"byStatus"`
	ByPriority      map[string]int `json:"byPriority"`
	Open            int            `json:"open"`
	Pending         int            `json:"pending" doc:"WAITING"`
	InProgress      int            `json:"inProgress"`
	Resolved        int            `json:"resolved" doc:"CLOSED"`
	Closed          int            `json:"closed"`
	Archived        int            `json:"archived"`
	Opportunities   int            `json:"opportunities"`
	LastUpdated     wire.Time      `json:"lastUpdated"`
}

func (s *server) conversationStats(ctx context.Context, c caller, _ *struct{}) (*reply[conversationStats], error) {
	now := s.deps.Clock.Now()
	counted, err := s.deps.DB.CardStats(ctx, c.tenant, c.User.Scope(), now.Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	by := counted.ByState
	out := conversationStats{
		Total: counted.Total, Unassigned: counted.Unassigned, UnreadMessages: counted.Unread,
		Active:          by[conversation.Open] + by[conversation.InProgress] + by[conversation.Waiting],
		AvgResponseTime: int(math.Round(counted.FirstReply.Seconds())),
		ByStatus:        map[string]int{}, ByPriority: map[string]int{},
		Open: by[conversation.Open], Pending: by[conversation.Waiting], InProgress: by[conversation.InProgress],
		Resolved: by[conversation.Closed], Closed: by[conversation.Closed], Archived: by[conversation.Archived],
		Opportunities: counted.Opportunities, LastUpdated: wire.At(now),
	}
	for _, state := range conversation.States {
		out.ByStatus[string(state)] = by[state]
	}
	for _, priority := range conversation.Priorities {
		out.ByPriority[string(priority)] = counted.ByPriority[priority]
	}
	return answer(out), nil
}
