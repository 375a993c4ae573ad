package app

import (
	"errors"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/provision"
)

type tenantCommand struct {
	Add       tenantAdd       `cmd:"" help:"Add a hotel. Prints its key, log-in and webhook address, once."`
	List      tenantList      `cmd:"" help:"List hotels."`
	Set       tenantSet       `cmd:"" help:"Change a hotel, its number or its flow."`
	Suspend   tenantSuspend   `cmd:"" help:"Keep a hotel's people and flow out; tenant set --status ACTIVE lets them in again."`
	RotateKey tenantRotateKey `cmd:"" help:"Make a new key for a hotel's flow."`

	DeadLetters tenantDeadLetters `cmd:"" help:"List what was given up for a hotel, or put it back."`
}

type tenantAdd struct {
	Slug          string   `required:"" help:"Short name: lower-case letters, digits, hyphens."`
	Name          string   `required:"" help:"Name of the hotel."`
	Email         string   `required:"" help:"Its e-mail, and the log-in of its administrator."`
	PhoneNumberID string   `name:"phone-number-id" help:"Meta's id of the WhatsApp number."`
	Display       string   `help:"The number as people write it."`
	AccessToken   string   `help:"Token with which messages are sent."`
	AppSecret     string   `help:"Secret of the Meta app that signs webhooks."`
	VerifyToken   string   `help:"Token for Meta's check of the webhook address; made up if left out."`
	WABAID        string   `name:"waba-id" help:"Meta's id of the WhatsApp business account."`
	N8NURL        string   `name:"n8n-url" help:"Where guests' messages are posted."`
	Unit          []string `help:"A unit of the hotel; repeat for more." sep:"none"`
	AdminPassword string   `help:"Password of the administrator; made up if left out."`
	LegacyKey     bool     `help:"Accept {slug}:{phone-number-id} as key, for flows made for the original."`
	MaxUsers      int      `help:"Users that its plan allows; 0 for as many as they like."`
	MaxMessages   int      `help:"Messages of bot and people that its plan allows in a month; 0 for as many as they like."`
	Plan          string   `help:"BASIC, PRO or ENTERPRISE." default:"BASIC"`
	TrialEnds     string   `help:"The hotel is on trial until this day, such as 2026-12-31."`
	TimeZone      string   `help:"Its time zone." default:"America/Sao_Paulo"`
}

// Run adds the hotel.
func (t *tenantAdd) Run(c *console) error {
	plan, err := tenant.ParsePlan(t.Plan)
	if err != nil {
		return err
	}
	ends, err := dayOf(t.TrialEnds)
	if err != nil {
		return err
	}
	status := tenant.Active
	if !ends.IsZero() {
		status = tenant.Trial
	}
	return c.withApp(func(a *App) error {
		made, err := a.Provisioner.AddTenant(c.ctx, provision.Hotel{
			Status: status, Plan: plan, TrialEnds: ends, TimeZone: t.TimeZone,
			Limits: tenant.Limits{Users: t.MaxUsers, Messages: t.MaxMessages},
			Slug:   t.Slug, Name: t.Name, Email: t.Email, Units: t.Unit, PhoneNumberID: t.PhoneNumberID, Display: t.Display,
			WABAID: t.WABAID, AccessToken: t.AccessToken, AppSecret: t.AppSecret, VerifyToken: t.VerifyToken,
			BotURL: t.N8NURL, AdminPassword: t.AdminPassword, LegacyKey: t.LegacyKey,
		})
		if made.APIKey == "" {
			return err
		}
		// The hotel is there even if what waited for its number could not be queued yet:
		// what is shown only once must be shown.
		return errors.Join(c.print(createdTenant(a, made)), err)
	})
}

// newTenant is what `tenant add` prints.
type newTenant struct {
	TenantID    string   `json:"tenantId"`
	Slug        string   `json:"slug"`
	APIKey      string   `json:"apiKey"`
	BotSecret   string   `json:"botSecret"`
	Admin       newLogin `json:"admin"`
	WebhookURL  string   `json:"webhookUrl"`
	VerifyToken string   `json:"verifyToken"`
}

type newLogin struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

func createdTenant(a *App, made provision.Created) newTenant {
	return newTenant{
		TenantID: made.Tenant.ID.String(), Slug: made.Tenant.Slug, APIKey: made.APIKey, BotSecret: made.BotSecret,
		Admin:      newLogin{made.AdminEmail, made.AdminPassword},
		WebhookURL: a.webhookURL(made.Tenant.Slug), VerifyToken: made.VerifyToken,
	}
}

type tenantList struct{}

// Run lists the hotels.
func (*tenantList) Run(c *console) error {
	return c.withApp(func(a *App) error {
		rows, err := a.DB.SystemTenants(c.ctx)
		if err != nil {
			return err
		}
		out := make([]tenantLine, 0, len(rows))
		for _, r := range rows {
			out = append(out, lineOf(r.Tenant))
		}
		return c.print(out)
	})
}

// tenantLine is a hotel in lists.
type tenantLine struct {
	TenantID  string        `json:"tenantId"`
	Slug      string        `json:"slug"`
	Name      string        `json:"name"`
	Email     string        `json:"email"`
	Status    tenant.Status `json:"status"`
	Units     []string      `json:"units"`
	N8NURL    string        `json:"n8nUrl"`
	BotPaused bool          `json:"botPaused"`
	CreatedAt time.Time     `json:"createdAt"`

	Plan        tenant.Plan `json:"plan"`
	MaxUsers    int         `json:"maxUsers"`
	MaxMessages int         `json:"maxMessages"`
	TrialEndsAt *time.Time  `json:"trialEndsAt,omitempty"`
	TimeZone    string      `json:"timeZone"`

	KeepDeliveriesDays int `json:"keepDeliveriesDays"`
	KeepMediaDays      int `json:"keepMediaDays"`
}

func lineOf(t tenant.Tenant) tenantLine {
	line := tenantLine{
		TenantID: t.ID.String(), Slug: t.Slug, Name: t.Name, Email: t.Email, Status: t.Status, Units: t.Units, N8NURL: t.Bot.URL,
		BotPaused: t.Bot.Paused, CreatedAt: t.CreatedAt.UTC(),
		Plan: t.Plan, MaxUsers: t.Limits.Users, MaxMessages: t.Limits.Messages, TimeZone: t.TimeZone,
		KeepDeliveriesDays: t.Keep.Deliveries, KeepMediaDays: t.Keep.Media,
	}
	if !t.TrialEnds.IsZero() {
		ends := t.TrialEnds.UTC()
		line.TrialEndsAt = &ends
	}
	return line
}

type tenantSet struct {
	Slug               string    `required:"" help:"Which hotel."`
	Name               *string   `help:"New name."`
	Email              *string   `help:"New e-mail."`
	Status             *string   `help:"TRIAL, ACTIVE, SUSPENDED or CANCELLED." enum:"TRIAL,ACTIVE,SUSPENDED,CANCELLED"`
	Unit               *[]string `help:"The hotel's units, all of them; repeat for more." sep:"none"`
	N8NURL             *string   `name:"n8n-url" help:"Where guests' messages are posted; empty for no bot."`
	BotPaused          *bool     `help:"Hand no messages to the flow."`
	ForwardWhileLocked *bool     `help:"Hand messages to the flow even while a person holds the conversation."`
	LegacyKey          *bool     `help:"Accept {slug}:{phone-number-id} as key."`
	PhoneNumberID      *string   `name:"phone-number-id" help:"The number to add or to change; not needed for the token of an only number."`
	Display            *string   `help:"The number as people write it."`
	AccessToken        *string   `help:"Its access token."`
	WABAID             *string   `name:"waba-id" help:"Its business account."`
	AppSecret          *string   `help:"Secret of the hotel's Meta app."`
	VerifyToken        *string   `help:"Token for Meta's check of the webhook address."`
	MaxUsers           *int      `help:"Users that its plan allows; 0 for as many as they like."`
	MaxMessages        *int      `help:"Messages of bot and people that its plan allows in a month; 0 for as many as they like."`
	Plan               *string   `help:"BASIC, PRO or ENTERPRISE."`
	TrialEnds          *string   `help:"The day on which its trial ends, such as 2026-12-31; empty for never."`
	TimeZone           *string   `help:"Its time zone."`
	KeepDeliveriesDays *int      `help:"For how many days raw deliveries of Meta's are kept."`
	KeepMediaDays      *int      `help:"For how many days files are kept; 0 for ever."`
}

// Run changes the hotel.
func (t *tenantSet) Run(c *console) error {
	var plan *tenant.Plan
	if t.Plan != nil {
		known, err := tenant.ParsePlan(*t.Plan)
		if err != nil {
			return err
		}
		plan = &known
	}
	var ends *time.Time
	if t.TrialEnds != nil {
		day, err := dayOf(*t.TrialEnds)
		if err != nil {
			return err
		}
		ends = &day
	}
	return c.withApp(func(a *App) error {
		changed, err := a.Provisioner.SetTenant(c.ctx, t.Slug, provision.Change{
			Name: t.Name, Email: t.Email, Status: (*tenant.Status)(t.Status), Units: t.Unit, BotURL: t.N8NURL,
			BotPaused: t.BotPaused, ForwardWhileLocked: t.ForwardWhileLocked, LegacyKey: t.LegacyKey,
			PhoneNumberID: t.PhoneNumberID, Display: t.Display, AccessToken: t.AccessToken, WABAID: t.WABAID,
			AppSecret: t.AppSecret, VerifyToken: t.VerifyToken,
			Plan: plan, MaxUsers: t.MaxUsers, MaxMessages: t.MaxMessages, TrialEnds: ends, TimeZone: t.TimeZone,
			KeepDeliveriesDays: t.KeepDeliveriesDays, KeepMediaDays: t.KeepMediaDays,
		})
		if err != nil {
			return err
		}
		return c.print(lineOf(changed))
	})
}

// dayOf reads a day as its beginning in UTC; no text is no day.
func dayOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return day, errors.New("write a day as 2026-12-31")
	}
	return day, nil
}

type tenantSuspend struct {
	Slug string `required:"" help:"Which hotel."`
}

// Run suspends the hotel.
func (t *tenantSuspend) Run(c *console) error {
	suspended := string(tenant.Suspended)
	return (&tenantSet{Slug: t.Slug, Status: &suspended}).Run(c)
}

type tenantRotateKey struct {
	Slug    string        `required:"" help:"Which hotel."`
	Overlap time.Duration `help:"How long the old keys still work." default:"24h"`
}

// Run makes a new key.
func (t *tenantRotateKey) Run(c *console) error {
	return c.withApp(func(a *App) error {
		key, err := a.Provisioner.RotateKey(c.ctx, t.Slug, t.Overlap)
		if err != nil {
			return err
		}
		return c.print(map[string]string{"slug": t.Slug, "apiKey": key, "oldKeysWorkFor": t.Overlap.String()})
	})
}

type userCommand struct {
	Add             userAdd             `cmd:"" help:"Add a user. Prints the log-in, once."`
	EndSecondFactor userEndSecondFactor `cmd:"" help:"Switch off the second factor of somebody who lost the telephone and the recovery codes."`
}

type userAdd struct {
	Tenant   string `help:"The hotel's slug; not for SUPER_ADMIN."`
	Email    string `required:"" help:"Log-in."`
	Name     string `required:"" help:"Name that colleagues see."`
	Role     string `required:"" help:"SUPER_ADMIN, TENANT_ADMIN, HEAD, ATTENDANT or SALES."`
	Unit     string `help:"The hotel unit of a HEAD or ATTENDANT."`
	Password string `help:"Password; made up if left out."`
}

// Run adds the user.
func (u *userAdd) Run(c *console) error {
	return c.withApp(func(a *App) error {
		made, password, err := a.Provisioner.AddUser(c.ctx, u.Tenant, user.User{
			Email: u.Email, Name: u.Name, Role: user.Role(strings.ToUpper(u.Role)), Unit: u.Unit,
		}, u.Password)
		if err != nil {
			return err
		}
		return c.print(map[string]string{
			"userId": made.ID.String(), "email": made.Email, "name": made.Name, "role": string(made.Role),
			"hotelUnit": made.Unit, "password": password,
		})
	})
}

type userEndSecondFactor struct {
	Email string `required:"" help:"Log-in."`
}

// Run switches the second factor off. Of a hotel's people, its managers can do it too.
func (u *userEndSecondFactor) Run(c *console) error {
	return c.withApp(func(a *App) error {
		account, err := a.DB.SystemAccountByEmail(c.ctx, u.Email)
		if err != nil {
			return err
		}
		err = a.DB.SystemEndSecondFactor(c.ctx, account.User, postgres.Entry{
			Actor: "system", Action: "TOTP_DISABLED", Entity: "user", EntityID: account.ID.String(), At: a.opts.Clock.Now(),
		})
		if err != nil {
			return err
		}
		return c.print(map[string]string{"userId": account.ID.String(), "email": account.Email})
	})
}
