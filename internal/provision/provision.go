// Package provision sets hotels and users up: provision.go makes them, change.go
// changes a hotel's settings, numbers.go its WhatsApp numbers, keys.go what its flow
// shows and checks, remove.go takes a hotel away. The command line and the API do the
// same through it; who may do it is decided at the door.
package provision

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/sealed"
)

// Provisioner creates and changes tenants and users.
type Provisioner struct {
	db    *postgres.DB
	box   *sealed.Box
	clock clock.Clock
	// AllowPrivate lets flows live at private addresses.
	AllowPrivate bool
	// HashPassword prepares a password for storage; New sets it to auth.HashPassword.
	HashPassword func(password string) (string, error)
	// Claim queues what arrived for a number before it was connected; may be nil.
	Claim func(ctx context.Context, t id.Tenant, n tenant.Number) error
	// DiscardFile removes the bytes of a file; may be nil.
	DiscardFile func(ctx context.Context, key string) error
}

// New makes a provisioner whose secrets are sealed with box.
func New(db *postgres.DB, box *sealed.Box, c clock.Clock) *Provisioner {
	return &Provisioner{db: db, box: box, clock: c, HashPassword: auth.HashPassword}
}

// Refusals.
var (
	ErrEmail  = user.ErrEmail
	ErrName   = user.ErrName
	ErrUnit   = tenant.ErrUnitUnknown
	ErrURL    = fault.New(fault.Invalid, "bot_url_invalid", "The flow's URL cannot be used.")
	ErrStatus = fault.New(fault.Invalid, "status_invalid", "Use TRIAL, ACTIVE, SUSPENDED or CANCELLED.")
	ErrLine   = fault.New(fault.Invalid, "number_incomplete", "A WhatsApp number needs a phone_number_id and an access token.")

	ErrWhichLine = fault.New(fault.Invalid, "number_unnamed", "The hotel has no number, or several: say which one with its phone_number_id.")
	ErrNoNumber  = fault.New(fault.NotFound, "number_not_found", "The hotel has no such number.")
	ErrNoChange  = fault.New(fault.Invalid, "nothing_to_change", "Nothing was asked for: say what is to change.")
)

// Hotel is what a new tenant needs. Everything about WhatsApp and the flow may be
// left out and set later.
type Hotel struct {
	Slug, Name, Email                    string
	Units                                []string
	PhoneNumberID, Display, WABAID       string
	AccessToken, AppSecret, VerifyToken  string
	BotURL                               string
	AdminName, AdminEmail, AdminPassword string // the e-mail defaults to Email, the password is made up
	LegacyKey                            bool

	Status    tenant.Status // Active, if left out
	Plan      tenant.Plan   // Basic, if left out
	Limits    tenant.Limits
	TrialEnds time.Time
	TimeZone  string
	By        string // who makes it: a user's id; System, if left out
}

// System is who acts on the command line.
const System = "system"

// Created is what only the creator ever gets to see.
type Created struct {
	Tenant        tenant.Tenant
	APIKey        string // for the flow
	BotSecret     string // with which we sign what we post to the flow
	VerifyToken   string
	Admin         user.User
	AdminEmail    string
	AdminPassword string
}

// AddTenant creates a hotel with its administrator, key and, if given, its number,
// all or nothing. Only if what waits for the number cannot be claimed are both
// Created and an error returned.
func (p *Provisioner) AddTenant(ctx context.Context, h Hotel) (Created, error) {
	h.AdminEmail = or(h.AdminEmail, h.Email)
	h.AdminName = or(h.AdminName, adminName(h.Name))
	h.AdminPassword = or(h.AdminPassword, rand.Text())
	h.VerifyToken = or(h.VerifyToken, rand.Text())
	t, err := p.tenantRow(h)
	if err != nil {
		return Created{}, err
	}
	admin, err := p.accountRow(user.User{TenantID: t.ID, Email: h.AdminEmail, Name: h.AdminName, Role: user.TenantAdmin}, h.AdminPassword)
	if err != nil {
		return Created{}, err
	}
	numbers, err := p.numbers(t.ID, h)
	if err != nil {
		return Created{}, err
	}
	botSecret, key := n8n.NewSecret(), n8n.NewSecret()
	t.BotSecret = p.box.Seal(botSecret, t.ID.String())
	err = p.db.SystemInsertTenant(ctx, postgres.NewTenant{
		TenantRow: t, Admin: admin, KeyHash: n8n.Hash(key), Numbers: numbers,
		Audit: &postgres.Entry{
			Actor: or(h.By, System), Action: "CREATE_TENANT", Entity: "tenant", EntityID: t.ID.String(), At: t.CreatedAt,
			After: facts(t, numbers),
		},
	})
	if err != nil {
		return Created{}, err
	}
	made := Created{
		Tenant: t.Tenant, APIKey: n8n.Key(t.Slug, key), BotSecret: botSecret, VerifyToken: h.VerifyToken,
		Admin: admin.User, AdminEmail: admin.Email, AdminPassword: h.AdminPassword,
	}
	for _, n := range numbers {
		if err := p.claim(ctx, t.ID, n.Number); err != nil {
			return made, fmt.Errorf("hotel was made, but not given what waits for its number: %w", err)
		}
	}
	return made, nil
}

// adminName is what the administrator is called until somebody says otherwise.
func adminName(hotel string) string {
	name := []rune("Admin " + strings.TrimSpace(hotel))
	return string(name[:min(len(name), 100)])
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

func (p *Provisioner) claim(ctx context.Context, t id.Tenant, n tenant.Number) error {
	if p.Claim == nil {
		return nil
	}
	return p.Claim(ctx, t, n)
}

func (p *Provisioner) tenantRow(h Hotel) (postgres.TenantRow, error) {
	slug, err := tenant.ParseSlug(h.Slug)
	if err != nil {
		return postgres.TenantRow{}, err
	}
	name, email, err := checkPerson(h.Name, h.Email)
	if err != nil {
		return postgres.TenantRow{}, err
	}
	if err := p.checkURL(h.BotURL); err != nil {
		return postgres.TenantRow{}, err
	}
	units, err := tenant.CleanUnits(h.Units)
	if err != nil {
		return postgres.TenantRow{}, err
	}
	t := postgres.TenantRow{Tenant: tenant.Tenant{
		ID: id.NewTenant(), Slug: slug, Name: name, Email: email, Status: tenant.Status(or(string(h.Status), string(tenant.Active))),
		Plan: tenant.Plan(or(string(h.Plan), string(tenant.Basic))), Limits: h.Limits, TrialEnds: h.TrialEnds,
		Units: units, TimeZone: or(h.TimeZone, "America/Sao_Paulo"), Hours: tenant.DefaultHours(),
		Bot: tenant.Bot{URL: h.BotURL, LegacyKey: h.LegacyKey}, CreatedAt: p.clock.Now(), UpdatedAt: p.clock.Now(),
	}}
	if err := checkTenant(t.Tenant); err != nil {
		return postgres.TenantRow{}, err
	}
	t.VerifyToken = p.box.Seal(h.VerifyToken, t.ID.String())
	t.AppSecret = p.box.Seal(h.AppSecret, t.ID.String())
	return t, nil
}

func (p *Provisioner) checkURL(text string) error {
	if text == "" {
		return nil
	}
	if err := egress.CheckURL(text, p.AllowPrivate); err != nil {
		return ErrURL.Saying(fmt.Sprintf("The flow's URL cannot be used: %v.", err))
	}
	return nil
}

func (p *Provisioner) numbers(t id.Tenant, h Hotel) ([]postgres.NumberRow, error) {
	if h.PhoneNumberID == "" && h.AccessToken == "" {
		return nil, nil
	}
	if !isNumberID(h.PhoneNumberID) || h.AccessToken == "" {
		return nil, ErrLine
	}
	return []postgres.NumberRow{{
		Number:   tenant.Number{ID: id.NewNumber(), PhoneNumberID: h.PhoneNumberID, WABAID: h.WABAID, Display: h.Display},
		TenantID: t, AccessToken: p.box.Seal(h.AccessToken, t.String()),
	}}, nil
}

// isNumberID reports whether text can be a phone_number_id of Meta's.
func isNumberID(text string) bool {
	return text != "" && len(text) <= 64 && !strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
}

// AddUser creates a user. Without a password one is made up and returned.
func (p *Provisioner) AddUser(ctx context.Context, slug string, u user.User, password string) (user.User, string, error) {
	password = or(password, rand.Text())
	if u.Role != user.SuperAdmin {
		row, err := p.db.SystemTenantBySlug(ctx, slug)
		if err != nil {
			return u, "", err
		}
		u.TenantID = row.ID
		if u.Unit, err = user.Place(row.Tenant, u.Role, u.Unit); err != nil {
			return u, "", err
		}
	}
	row, err := p.accountRow(u, password)
	if err != nil {
		return u, "", err
	}
	return row.User, password, p.db.SystemInsertAccount(ctx, row)
}

func (p *Provisioner) accountRow(u user.User, password string) (postgres.AccountRow, error) {
	name, email, err := checkPerson(u.Name, u.Email)
	if err != nil {
		return postgres.AccountRow{}, err
	}
	if !u.Role.IsKnown() {
		return postgres.AccountRow{}, user.ErrBadRole
	}
	hash, err := p.HashPassword(password)
	if err != nil {
		return postgres.AccountRow{}, err
	}
	u.ID, u.Name, u.Email, u.Status = id.NewUser(), name, email, user.Active
	return postgres.AccountRow{User: u, PasswordHash: hash}, nil
}

func checkPerson(name, email string) (string, string, error) {
	name, err := user.ParseName(name)
	if err != nil {
		return "", "", err
	}
	email, err = user.ParseEmail(email)
	return name, email, err
}
