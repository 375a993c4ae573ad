package httpapi

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/wire"
)

// TenantPath names a hotel in the path. Exported for huma: see ConversationPath.
type TenantPath struct {
	ID string `path:"id"`
}

// id returns the hotel's id. Text that is none names nothing: 404.
func (p TenantPath) id() (id.Tenant, error) {
	t, err := id.ParseTenant(p.ID)
	if err != nil {
		return t, tenant.ErrUnknown
	}
	return t, nil
}

// tenantCount is what a hotel has, in lists.
type tenantCount struct {
	Users         int `json:"users"`
	Conversations int `json:"conversations"`
	Contacts      int `json:"contacts"`
}

type tenantItem struct {
	wire.Tenant
	Count tenantCount `json:"_count"`
}

type listTenantsInput struct {
	Status string `query:"status" enum:"TRIAL,ACTIVE,SUSPENDED,CANCELLED"`
	Search string `query:"search" maxLength:"200" doc:"In name, slug and e-mail"`
	Page   int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (s *server) listTenants(ctx context.Context, _ caller, in *listTenantsInput) (*reply[list[tenantItem]], error) {
	rows, total, err := s.deps.DB.SystemTenantPage(ctx, postgres.TenantFilter{
		Status: tenant.Status(in.Status), Search: in.Search, Limit: in.Limit, Offset: (in.Page - 1) * in.Limit,
	})
	if err != nil {
		return nil, err
	}
	ids := make([]id.Tenant, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	counts, err := s.deps.DB.SystemTenantCounts(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := list[tenantItem]{Data: make([]tenantItem, 0, len(rows)), Pagination: paginate(in.Page, in.Limit, total)}
	for _, r := range rows {
		n := counts[r.ID]
		out.Data = append(out.Data, tenantItem{
			wire.TenantOf(r.Tenant, n.Connected, s.deps.Clock.Now()), tenantCount{n.Users, n.Conversations, n.Contacts},
		})
	}
	return answer(out), nil
}

// tenantDetail is one hotel with all that is set about it, and what it has.
type tenantDetail struct {
	wire.Settings
	WhatsappPhoneNumberID     *string           `json:"whatsappPhoneNumberId"`
	WhatsappBusinessAccountID *string           `json:"whatsappBusinessAccountId"`
	N8NWebhookURL             *string           `json:"n8nWebhookUrl"`
	Numbers                   []wire.Number     `json:"numbers" nullable:"false"`
	Count                     tenantDetailCount `json:"_count"`
}

type tenantDetailCount struct {
	Users         int `json:"users"`
	Conversations int `json:"conversations"`
	Messages      int `json:"messages"`
	Contacts      int `json:"contacts"`
}

func (s *server) getTenant(ctx context.Context, _ caller, in *TenantPath) (*reply[tenantDetail], error) {
	tenantID, err := in.id()
	if err != nil {
		return nil, err
	}
	return s.tenantDetail(ctx, tenantID)
}

func (s *server) tenantDetail(ctx context.Context, tenantID id.Tenant) (*reply[tenantDetail], error) {
	row, err := s.deps.DB.SystemTenantByID(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	rows, err := s.deps.DB.Numbers(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	counts, err := s.deps.DB.SystemTenantCounts(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	activity, err := s.deps.DB.SystemTenantActivity(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	n := counts[tenantID]
	out := tenantDetail{
		Settings: wire.SettingsOf(row.Tenant, n.Connected, s.deps.Clock.Now()), N8NWebhookURL: textOrNull(row.Bot.URL),
		Numbers: numbersOf(rows), Count: tenantDetailCount{n.Users, n.Conversations, activity.Messages, n.Contacts},
	}
	if len(out.Numbers) > 0 {
		out.WhatsappPhoneNumberID, out.WhatsappBusinessAccountID = &out.Numbers[0].PhoneNumberID, out.Numbers[0].BusinessAccountID
	}
	return answer(out), nil
}

// textOrNull is how settings are written that need not be set.
func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// PlanChange is what of a hotel only the platform changes. Exported for huma: see
// ConversationPath.
type PlanChange struct {
	Plan          *string `json:"plan,omitempty" doc:"BASIC, PRO (or PROFESSIONAL) or ENTERPRISE"`
	MaxAttendants *int    `json:"maxAttendants,omitempty" minimum:"0" maximum:"1000000000" doc:"Users; 0: as many as they like"`
	MaxUsers      *int    `json:"maxUsers,omitempty" minimum:"0" maximum:"1000000000" doc:"The same as maxAttendants"`
	MaxMessages   *int    `json:"maxMessages,omitempty" minimum:"0" maximum:"1000000000" doc:"Sent in a month; 0: as many as they like"`
	TrialEndsAt   *string `json:"trialEndsAt,omitempty" maxLength:"40" doc:"A time or a day; empty: the trial does not end"`
}

// into writes what was given into a change.
func (in PlanChange) into(c *provision.Change) error {
	if in.Plan != nil {
		plan, err := tenant.ParsePlan(*in.Plan)
		if err != nil {
			return wrongField("plan", tenant.ErrBadPlan.Text)
		}
		c.Plan = &plan
	}
	c.MaxUsers, c.MaxMessages = in.MaxAttendants, in.MaxMessages
	if in.MaxUsers != nil {
		c.MaxUsers = in.MaxUsers
	}
	if in.TrialEndsAt == nil {
		return nil
	}
	ends, err := parseMoment(*in.TrialEndsAt)
	if err != nil {
		return wrongField("trialEndsAt", "Write a time such as 2026-12-31T18:00:00Z, or a day.")
	}
	c.TrialEnds = &ends
	return nil
}

// parseMoment reads a time, or a day as its beginning in UTC. Empty text is no time.
func parseMoment(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t, err = time.Parse(time.DateOnly, text)
	}
	if err == nil && (t.Year() < 1970 || t.Year() > 9999) {
		err = errMoment
	}
	return t.UTC(), err
}

type changeTenantInput struct {
	TenantPath
	Body struct {
		Name   *string `json:"name,omitempty" maxLength:"100"`
		Email  *string `json:"email,omitempty" maxLength:"254"`
		Status *string `json:"status,omitempty" enum:"TRIAL,ACTIVE,SUSPENDED,CANCELLED"`
		PlanChange
	}
}

func (s *server) changeTenant(ctx context.Context, c caller, in *changeTenantInput) (*reply[tenantDetail], error) {
	tenantID, err := in.id()
	if err != nil {
		return nil, err
	}
	change := provision.Change{Name: in.Body.Name, Email: in.Body.Email, Status: (*tenant.Status)(in.Body.Status)}
	if err := in.Body.into(&change); err != nil {
		return nil, err
	}
	if _, err := s.deps.Provision.Change(ctx, c.User.ID.String(), tenantID, change); err != nil {
		return nil, err
	}
	return s.tenantDetail(ctx, tenantID)
}

type removeTenantInput struct {
	TenantPath
	Confirm string `query:"confirm" maxLength:"60" doc:"The hotel's slug, if it was not cancelled first"`
}

func (s *server) removeTenant(ctx context.Context, c caller, in *removeTenantInput) (*struct{}, error) {
	tenantID, err := in.id()
	if err != nil {
		return nil, err
	}
	return nil, s.deps.Provision.RemoveTenant(ctx, c.User.ID.String(), tenantID, in.Confirm)
}

// tenantStats is how much goes on at a hotel.
type tenantStats struct {
	Users               int            `json:"users"`
	Contacts            int            `json:"contacts"`
	Messages            int            `json:"messages"`
	Conversations       int            `json:"conversations"`
	ActiveConversations int            `json:"activeConversations"`
	ByStatus            map[string]int `json:"byStatus"`
	LastMessageAt       *wire.Time     `json:"lastMessageAt"`
	Usage               monthUsage     `json:"usage"`
}

func (s *server) tenantStats(ctx context.Context, _ caller, in *TenantPath) (*reply[tenantStats], error) {
	tenantID, err := in.id()
	if err != nil {
		return nil, err
	}
	row, err := s.deps.DB.SystemTenantByID(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	counts, err := s.deps.DB.SystemTenantCounts(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	activity, err := s.deps.DB.SystemTenantActivity(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	used, err := s.monthUsage(ctx, row.Tenant)
	if err != nil {
		return nil, err
	}
	n := counts[tenantID]
	out := tenantStats{
		Users: n.Users, Contacts: n.Contacts, Messages: activity.Messages, Conversations: n.Conversations,
		ByStatus: map[string]int{}, Usage: used,
	}
	for _, state := range conversation.States {
		out.ByStatus[string(state)] = activity.States[string(state)]
		if state.IsActive() {
			out.ActiveConversations += activity.States[string(state)]
		}
	}
	if !activity.LastMessageAt.IsZero() {
		at := wire.At(activity.LastMessageAt)
		out.LastMessageAt = &at
	}
	return answer(out), nil
}
