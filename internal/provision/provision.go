// Package provision sets hotels and users up: what `botreserva tenant add` and
// `botreserva user add` do. Changing a hotel later is done here too.
package provision

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/mail"
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
}

// New makes a provisioner whose secrets are sealed with box.
func New(db *postgres.DB, box *sealed.Box, c clock.Clock) *Provisioner {
	return &Provisioner{db: db, box: box, clock: c, HashPassword: auth.HashPassword}
}

// Refusals.
var (
	ErrEmail  = fault.New(fault.Invalid, "email_invalid", "This is no e-mail address.")
	ErrName   = fault.New(fault.Invalid, "name_missing", "A name has 1 to 100 characters.")
	ErrUnit   = fault.New(fault.Invalid, "unit_unknown", "The hotel has no such unit. Add it to the hotel first.")
	ErrURL    = fault.New(fault.Invalid, "bot_url_invalid", "The flow's URL cannot be used.")
	ErrStatus = fault.New(fault.Invalid, "status_invalid", "Use TRIAL, ACTIVE, SUSPENDED or CANCELLED.")
	ErrLine   = fault.New(fault.Invalid, "number_incomplete", "A WhatsApp number needs a phone_number_id and an access token.")

	ErrWhichLine = fault.New(fault.Invalid, "number_unnamed", "The hotel has no number, or several: say which one with its phone_number_id.")
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
}

// Created is what only the creator ever gets to see.
type Created struct {
	Tenant        tenant.Tenant
	APIKey        string // for the flow
	BotSecret     string // with which we sign what we post to the flow
	VerifyToken   string
	AdminEmail    string
	AdminPassword string
}

// AddTenant creates a hotel with its administrator, key and, if given, its number,
// all or nothing. Only if what waits for the number cannot be claimed are both
// Created and an error returned.
func (p *Provisioner) AddTenant(ctx context.Context, h Hotel) (Created, error) {
	h.AdminEmail = or(h.AdminEmail, h.Email)
	h.AdminName = or(h.AdminName, "Admin "+h.Name)
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
	if err := p.db.SystemInsertTenant(ctx, t, admin, n8n.Hash(key), numbers...); err != nil {
		return Created{}, err
	}
	made := Created{
		Tenant: t.Tenant, APIKey: n8n.Key(t.Slug, key), BotSecret: botSecret, VerifyToken: h.VerifyToken,
		AdminEmail: h.AdminEmail, AdminPassword: h.AdminPassword,
	}
	for _, n := range numbers {
		if err := p.claim(ctx, t.ID, n.Number); err != nil {
			return made, fmt.Errorf("hotel was made, but not given what waits for its number: %w", err)
		}
	}
	return made, nil
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
	t := postgres.TenantRow{Tenant: tenant.Tenant{
		ID: id.NewTenant(), Slug: slug, Name: name, Email: email, Status: tenant.Active, Plan: "BASIC",
		Units: h.Units, TimeZone: "America/Sao_Paulo", Bot: tenant.Bot{URL: h.BotURL, LegacyKey: h.LegacyKey},
		CreatedAt: p.clock.Now(),
	}}
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
		if u.Unit != "" {
			known, ok := row.Unit(u.Unit)
			if !ok {
				return u, "", ErrUnit
			}
			u.Unit = known
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
	name, email = strings.TrimSpace(name), strings.TrimSpace(email)
	if name == "" || len([]rune(name)) > 100 {
		return "", "", ErrName
	}
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > 254 {
		return "", "", ErrEmail
	}
	return name, email, nil
}

// Change is what `tenant set` changes; nil fields stay.
type Change struct {
	Name, Email, BotURL, AppSecret, VerifyToken *string
	Units                                       *[]string
	Status                                      *tenant.Status
	BotPaused, ForwardWhileLocked, LegacyKey    *bool
	// PhoneNumberID says which number is added or changed. A hotel's only number need not be named.
	PhoneNumberID, AccessToken, WABAID, Display *string
}

// SetTenant changes a hotel. A change of nothing is refused: somebody forgot what they came for.
func (p *Provisioner) SetTenant(ctx context.Context, slug string, c Change) (tenant.Tenant, error) {
	row, err := p.db.SystemTenantBySlug(ctx, slug)
	if err != nil {
		return tenant.Tenant{}, err
	}
	if c == (Change{}) {
		return row.Tenant, ErrNoChange
	}
	if err := p.nameNumber(ctx, row.ID, &c); err != nil {
		return row.Tenant, err
	}
	set(&row.Name, c.Name)
	set(&row.Email, c.Email)
	set(&row.Units, c.Units)
	set(&row.Status, c.Status)
	set(&row.Bot.URL, c.BotURL)
	set(&row.Bot.Paused, c.BotPaused)
	set(&row.Bot.ForwardWhileLocked, c.ForwardWhileLocked)
	set(&row.Bot.LegacyKey, c.LegacyKey)
	if _, _, err := checkPerson(row.Name, row.Email); err != nil {
		return row.Tenant, err
	}
	if c.BotURL != nil { // an address that stays was judged when it came
		if err := p.checkURL(row.Bot.URL); err != nil {
			return row.Tenant, err
		}
	}
	if !row.Status.IsKnown() {
		return row.Tenant, ErrStatus
	}
	p.seal(&row.AppSecret, c.AppSecret, row.ID)
	p.seal(&row.VerifyToken, c.VerifyToken, row.ID)
	if err := p.db.SystemSaveTenant(ctx, row); err != nil {
		return row.Tenant, err
	}
	return row.Tenant, p.setNumber(ctx, row.ID, c)
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

func (p *Provisioner) seal(field *string, plain *string, t id.Tenant) {
	if plain != nil {
		*field = p.box.Seal(*plain, t.String())
	}
}

// nameNumber fills in which number is meant where the hotel has only one.
func (p *Provisioner) nameNumber(ctx context.Context, t id.Tenant, c *Change) error {
	if c.PhoneNumberID != nil || c.AccessToken == nil && c.WABAID == nil && c.Display == nil {
		return nil
	}
	known, err := p.db.Numbers(ctx, t)
	if err != nil {
		return err
	}
	if len(known) != 1 {
		return ErrWhichLine
	}
	c.PhoneNumberID = &known[0].PhoneNumberID
	return nil
}

func (p *Provisioner) setNumber(ctx context.Context, t id.Tenant, c Change) error {
	if c.PhoneNumberID == nil {
		return nil
	}
	known, err := p.db.Numbers(ctx, t)
	if err != nil {
		return err
	}
	for _, n := range known {
		if n.PhoneNumberID == *c.PhoneNumberID {
			set(&n.WABAID, c.WABAID)
			set(&n.Display, c.Display)
			p.seal(&n.AccessToken, c.AccessToken, t)
			return p.db.SystemSaveNumber(ctx, n)
		}
	}
	if !isNumberID(*c.PhoneNumberID) || c.AccessToken == nil || *c.AccessToken == "" {
		return ErrLine
	}
	n := postgres.NumberRow{TenantID: t, Number: tenant.Number{ID: id.NewNumber(), PhoneNumberID: *c.PhoneNumberID}}
	set(&n.WABAID, c.WABAID)
	set(&n.Display, c.Display)
	p.seal(&n.AccessToken, c.AccessToken, t)
	if err := p.db.SystemInsertNumber(ctx, n); err != nil {
		return err
	}
	return p.claim(ctx, t, n.Number)
}

// RotateKey makes a new key for a hotel's flow. The keys before it work for overlap.
func (p *Provisioner) RotateKey(ctx context.Context, slug string, overlap time.Duration) (string, error) {
	row, err := p.db.SystemTenantBySlug(ctx, slug)
	if err != nil {
		return "", err
	}
	secret := n8n.NewSecret()
	err = p.db.InTx(ctx, row.ID, func(tx *postgres.Tx) error {
		return tx.RotateAPIKey(ctx, n8n.Hash(secret), p.clock.Now().Add(overlap))
	})
	return n8n.Key(slug, secret), err
}

// BotSecret returns the secret that signs what a hotel's flow gets.
func (p *Provisioner) BotSecret(ctx context.Context, slug string) (string, error) {
	row, err := p.db.SystemTenantBySlug(ctx, slug)
	if err != nil {
		return "", err
	}
	return p.box.Open(row.BotSecret, row.ID.String())
}
