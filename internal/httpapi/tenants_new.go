package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/wire"
)

type newTenantInput struct {
	Body struct {
		Name  string `json:"name" minLength:"2" maxLength:"100"`
		Slug  string `json:"slug" minLength:"3" maxLength:"60" doc:"Lower-case letters, digits and hyphens"`
		Email string `json:"email" minLength:"3" maxLength:"254" doc:"Also the log-in of the administrator"`
		PlanChange
		Units []string `json:"units,omitempty" maxItems:"100"`
	}
}

// newTenant answers with what only the creator ever gets to see. The temporary password
// stands there by every name that dashboards of the original read.
type newTenant struct {
	Tenant        wire.Tenant  `json:"tenant"`
	AdminUser     newAdminUser `json:"adminUser"`
	TempPassword  string       `json:"tempPassword"`
	TempPassword2 string       `json:"temp_password"`
	EmailSent     bool         `json:"emailSent"`
	LoginURL      string       `json:"loginUrl"`
	LoginURL2     string       `json:"login_url"`
	APIKey        string       `json:"apiKey" doc:"For the hotel's flow, shown once"`
	BotSecret     string       `json:"botSecret" doc:"Signs what the hotel's flow gets, shown once"`
	WebhookURL    string       `json:"webhookUrl"`
	VerifyToken   string       `json:"verifyToken"`
}

type newAdminUser struct {
	ID                string `json:"id"`
	Email             string `json:"email"`
	TemporaryPassword string `json:"temporaryPassword"`
}

func (s *server) addTenant(ctx context.Context, c caller, in *newTenantInput) (*reply[newTenant], error) {
	b := in.Body
	now := s.deps.Clock.Now()
	users, messages, plan, ends := tenant.DefaultUsers, tenant.DefaultMessages, tenant.Basic, now.Add(tenant.TrialTime)
	given := provision.Change{}
	if err := b.into(&given); err != nil {
		return nil, err
	}
	choose(&users, given.MaxUsers)
	choose(&messages, given.MaxMessages)
	choose(&plan, given.Plan)
	choose(&ends, given.TrialEnds)
	made, err := s.deps.Provision.AddTenant(ctx, provision.Hotel{
		Slug: b.Slug, Name: b.Name, Email: b.Email, Units: b.Units, Status: tenant.Trial, Plan: plan, TrialEnds: ends,
		Limits: tenant.Limits{Users: users, Messages: messages}, By: c.User.ID.String(),
	})
	if err != nil {
		return nil, err
	}
	login := s.deps.LoginURL(made.Tenant.Slug)
	return answer(newTenant{
		Tenant:       wire.TenantOf(made.Tenant, false, now),
		AdminUser:    newAdminUser{made.Admin.ID.String(), made.AdminEmail, made.AdminPassword},
		TempPassword: made.AdminPassword, TempPassword2: made.AdminPassword, LoginURL: login, LoginURL2: login,
		APIKey: made.APIKey, BotSecret: made.BotSecret, WebhookURL: s.deps.WebhookURL(made.Tenant.Slug), VerifyToken: made.VerifyToken,
	}), nil
}

func choose[T any](field *T, given *T) {
	if given != nil {
		*field = *given
	}
}

var errMoment = fault.New(fault.Invalid, "time_invalid", "This is no time.")
