package httpapi

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/wire"
)

// flatList is the envelope of users, the audit log, usage and webhook events.
type flatList[T any] struct {
	Data  []T `json:"data" nullable:"false"`
	Total int `json:"total"`
	Page  int `json:"page"`
	Limit int `json:"limit"`
	Pages int `json:"pages"`
}

type listUsageInput struct {
	Page      int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit     int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	StartDate string `query:"startDate" maxLength:"40" doc:"Months that begin at this time or day, or later"`
	EndDate   string `query:"endDate" maxLength:"40" doc:"Months that begin at this time or day, or before"`
}

func (s *server) listUsage(ctx context.Context, c caller, in *listUsageInput) (*reply[flatList[wire.Usage]], error) {
	from, err := parseMoment(in.StartDate)
	if err != nil {
		return nil, wrongField("startDate", "Write a day such as 2026-01-01, or a time.")
	}
	to, err := parseMoment(in.EndDate)
	if err != nil {
		return nil, wrongField("endDate", "Write a day such as 2026-12-31, or a time.")
	}
	if in.EndDate == "" {
		to = s.deps.Clock.Now()
	}
	if in.StartDate == "" {
		from = time.Unix(0, 0)
	}
	months, total, err := s.deps.Meter.Months(ctx, c.tenant, from.UTC(), to.UTC(), in.Limit, (in.Page-1)*in.Limit)
	if err != nil {
		return nil, err
	}
	out := flatList[wire.Usage]{Data: make([]wire.Usage, 0, len(months)), Total: total, Page: in.Page, Limit: in.Limit, Pages: (total + in.Limit - 1) / in.Limit}
	for _, m := range months {
		out.Data = append(out.Data, wire.UsageOf(m))
	}
	return answer(out), nil
}

// monthUsage is the month so far, beside what the plan allows.
type monthUsage struct {
	wire.Usage
	SentCount   int        `json:"sentCount" doc:"Messages of bot and people, which the plan limits"`
	Limits      planLimits `json:"limits"`
	TrialEndsAt *wire.Time `json:"trialEndsAt"`
}

type planLimits struct {
	Messages planLimit `json:"messages"`
	Users    planLimit `json:"users"`
}

// planLimit is one limit of a plan and how near it is.
type planLimit struct {
	Limit   int     `json:"limit" doc:"0: no limit"`
	Used    int     `json:"used"`
	Share   float64 `json:"share" doc:"1: all of it; 0 without a limit"`
	Warning bool    `json:"warning" doc:"Most of it is used"`
	Reached bool    `json:"reached"`
}

func planLimitOf(used, limit int) planLimit {
	share := tenant.Share(used, limit)
	return planLimit{limit, used, share, share >= tenant.WarnShare, share >= 1}
}

func (s *server) currentUsage(ctx context.Context, c caller, _ *struct{}) (*reply[monthUsage], error) {
	h, err := s.hotelOf(ctx, c)
	if err != nil {
		return nil, err
	}
	out, err := s.monthUsage(ctx, h.Tenant)
	if err != nil {
		return nil, err
	}
	return answer(out), nil
}

func (s *server) monthUsage(ctx context.Context, t tenant.Tenant) (monthUsage, error) {
	used, err := s.deps.Meter.Month(ctx, t.ID)
	if err != nil {
		return monthUsage{}, err
	}
	out := monthUsage{
		Usage: wire.UsageOf(used), SentCount: used.Sent,
		Limits: planLimits{planLimitOf(used.Sent, t.Limits.Messages), planLimitOf(used.Users, t.Limits.Users)},
	}
	if t.Status == tenant.Trial && !t.TrialEnds.IsZero() {
		at := wire.At(t.TrialEnds)
		out.TrialEndsAt = &at
	}
	return out, nil
}
