package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/news"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

type listNewsInput struct {
	Kind     string `query:"kind" enum:"template_status,template_quality,template_category,template_components,number_quality,number_name,capability,account_update,account_alert,account_review,security,flow,username,history_sync,problem,same_guest,api_version,other" doc:"Only news about this"`
	Severity string `query:"severity" enum:"info,warning,critical" doc:"Only news of this weight"`
	Page     int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// listNews shows what WhatsApp said of the hotel's account, numbers and templates, the
// newest first.
func (s *server) listNews(ctx context.Context, c caller, in *listNewsInput) (*reply[list[wire.AccountEvent]], error) {
	f := postgres.NewsFilter{Kind: news.Kind(in.Kind), Severity: news.Severity(in.Severity)}
	events, err := s.deps.DB.News(ctx, c.tenant, f, in.Limit, (in.Page-1)*in.Limit)
	if err != nil {
		return nil, err
	}
	total, err := s.deps.DB.NewsCount(ctx, c.tenant, f)
	if err != nil {
		return nil, err
	}
	out := list[wire.AccountEvent]{Data: make([]wire.AccountEvent, 0, len(events)), Pagination: paginate(in.Page, in.Limit, total)}
	for _, n := range events {
		out.Data = append(out.Data, wire.AccountEventOf(n))
	}
	return answer(out), nil
}
