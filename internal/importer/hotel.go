package importer

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/original"
	"github.com/botreserva/botreserva/internal/sealed"
)

// hotel moves a hotel: itself, its people, its guests and what was said. What refers to
// other rows comes after them.
func (m *moving) hotel(ctx context.Context, h original.Tenant) error {
	row, err := m.settings(ctx, h)
	if err != nil {
		return err
	}
	if err := m.to.Begin(ctx, m.of.ID, m.of.Slug, row, m.now); err != nil {
		return err
	}
	if err := m.number(ctx, h); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{
		m.users, m.contacts, m.conversations, m.messages, m.tags, m.escalations, m.quickReplies, m.usage, m.audit,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if err := m.to.Aliases(ctx, m.of.ID); err != nil {
		return err
	}
	if m.report.SameNumber, m.report.SameNumberGuests, err = m.to.SameNumber(ctx, m.of.ID, oddShown); err != nil {
		return err
	}
	return m.finish(ctx)
}

// platform moves what belongs to no hotel: super admins and what they did.
func (m *moving) platform(ctx context.Context) error {
	if err := m.users(ctx); err != nil {
		return err
	}
	return m.audit(ctx)
}

// settings makes our hotel of the original's.
func (m *moving) settings(ctx context.Context, h original.Tenant) (postgres.ImportRow, error) {
	own, err := id.ParseTenant(h.ID)
	if err != nil {
		return postgres.ImportRow{}, errID
	}
	m.there, m.report.TenantID = h.ID, own.String()
	if _, err := tenant.ParseSlug(h.Slug); err != nil {
		return postgres.ImportRow{}, err
	}
	m.of = tenant.Tenant{ID: own, Slug: h.Slug, Status: tenant.Status(h.Status)}
	if !m.of.Status.IsKnown() {
		return postgres.ImportRow{}, fmt.Errorf("status %q: %w", h.Status, errUnknownValue)
	}
	if m.of.Plan, err = tenant.ParsePlan(h.Plan); err != nil {
		return postgres.ImportRow{}, err
	}
	if err := m.units(ctx); err != nil {
		return postgres.ImportRow{}, err
	}
	if err := m.limits(ctx, h); err != nil {
		return postgres.ImportRow{}, err
	}
	m.report.warn("The key {slug}:{phone-number-id} of the original is accepted, because flows have it written into them. It is made of two public facts: give the flow the new key, then switch it off (tenant set --legacy-key=false).")
	return postgres.ImportRow{Key: own.String(), Columns: map[string]any{
		"id": own, "slug": h.Slug, "name": h.Name, "email": h.Email, "status": m.of.Status, "plan": m.of.Plan, "units": m.of.Units,
		"time_zone": "America/Sao_Paulo", "bot_url": m.botURL(h.N8NWebhookURL), "legacy_key": true,
		"verify_token": m.sealAnew("verify token", h.WhatsAppWebhookVerifyToken, true),
		"app_secret":   m.sealAnew("app secret", h.WhatsAppAppSecret, false),
		"max_users":    m.of.Limits.Users, "max_messages": m.of.Limits.Messages, "trial_ends_at": m.trialEnd(h),
		"created_at": or(h.CreatedAt, m.now), "updated_at": or(h.UpdatedAt, m.now),
	}}, nil
}

const errUnknownValue skipped = "unknown value"

// trialEnd leaves ends out that have come: nobody minded them, and they would lock out a
// hotel that works.
func (m *moving) trialEnd(h original.Tenant) any {
	switch {
	case h.TrialEndsAt.IsZero() || m.of.Status != tenant.Trial:
		return nil
	case !h.TrialEndsAt.After(m.now):
		m.report.warn("The trial ended in the original, which did not mind. It goes on here without an end: decide with tenant set --trial-ends or --status.")
		return nil
	default:
		return h.TrialEndsAt.Time
	}
}

// limits takes over what the plan allows, unless the hotel uses more: the original did
// not mind, we would refuse.
func (m *moving) limits(ctx context.Context, h original.Tenant) error {
	use, err := m.Source.Use(ctx, h.ID)
	if err != nil {
		return err
	}
	m.of.Limits = tenant.Limits{Users: within(h.MaxAttendants), Messages: within(h.MaxMessages)}
	if l := m.of.Limits; l.Users > 0 && use.Users > l.Users {
		m.of.Limits.Users = 0
		m.report.warn(fmt.Sprintf("%d users are active and the plan allowed %d, which the original did not mind. Here the number has no limit until you set one (tenant set --max-users).", use.Users, l.Users))
	}
	if l := m.of.Limits; l.Messages > 0 && use.Sent > l.Messages {
		m.of.Limits.Messages = 0
		m.report.warn(fmt.Sprintf("%d messages were sent in a month and the plan allowed %d, which the original did not mind. Here the number has no limit until you set one (tenant set --max-messages).", use.Sent, l.Messages))
	}
	return nil
}

func within(limit int) int { return min(max(limit, 0), tenant.MaxLimit) }

// ilhabela was renamed in the original's code, not in its rows.
const ilhabela = "Ilhabela"

// units collects the hotel's units from the rows that name them: the original had them in
// its code. Of several spellings the commonest counts.
func (m *moving) units(ctx context.Context) error {
	spellings, err := m.Source.Units(ctx, m.there)
	if err != nil {
		return err
	}
	for _, s := range spellings {
		if has(tenant.Tenant{Units: []string{ilhabela}}, s) {
			s = ilhabela
		}
		if has(m.of, s) {
			continue
		}
		cleaned, err := tenant.CleanUnits(append(m.of.Units[:len(m.of.Units):len(m.of.Units)], s))
		if err != nil {
			m.report.warn("A unit was left out because its name is too long or there are too many. Rows that name it have none.")
			continue
		}
		m.of.Units = cleaned
	}
	if m.of.Units == nil {
		m.of.Units = []string{}
	}
	return nil
}

func (m *moving) botURL(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	if err := egress.CheckURL(text, m.AllowPrivate); err != nil {
		m.report.warn(fmt.Sprintf("The flow's address was left out: %v.", err))
		return ""
	}
	return text
}

// sealAnew opens what the original sealed and seals it as we do. Some of its versions
// stored verify tokens as they are.
func (m *moving) sealAnew(what, value string, mayBePlain bool) string {
	plain, err := sealed.OpenLegacy(m.LegacyKey, value)
	if err != nil && mayBePlain {
		plain, err = value, nil
	}
	if err != nil {
		m.report.warn("The " + what + " does not open with the key of the original (LEGACY_ENCRYPTION_KEY): set it anew with tenant set.")
		return ""
	}
	return m.Box.Seal(plain, m.of.ID.String())
}

// number takes the hotel's WhatsApp number over. Its id is made of the hotel's, so that a
// second run finds it.
func (m *moving) number(ctx context.Context, h original.Tenant) error {
	m.line = id.Number{UUID: uuid.NewSHA1(m.of.ID.UUID, []byte("whatsapp number"))}
	number := strings.TrimSpace(h.WhatsAppPhoneNumberID)
	if number == "" {
		m.report.warn("The hotel has no WhatsApp number.")
		return nil
	}
	missed, err := m.to.Write(ctx, postgres.ImportNumbers, &m.of.ID, []postgres.ImportRow{{Key: m.line.String(), Columns: map[string]any{
		"tenant_id": m.of.ID, "id": m.line, "phone_number_id": number, "waba_id": strings.TrimSpace(h.WhatsAppBusinessAccountID),
		"access_token": m.sealAnew("access token", h.WhatsAppAccessToken, false), "created_at": or(h.CreatedAt, m.now),
	}}})
	if m.isLine = err == nil && len(missed) == 0; err == nil && !m.isLine {
		m.report.warn("The hotel's WhatsApp number already belongs to another hotel here, so it has none.")
	}
	return err
}

// finish gives the hotel secrets of its own. Until then it is not complete.
func (m *moving) finish(ctx context.Context) error {
	secret, key := n8n.NewSecret(), n8n.NewSecret()
	given, err := m.to.Finish(ctx, m.of.ID, m.Box.Seal(secret, m.of.ID.String()), n8n.Hash(key), m.now)
	if given {
		m.report.APIKey, m.report.BotSecret = n8n.Key(m.of.Slug, key), secret
	}
	return err
}

func has(t tenant.Tenant, unit string) bool {
	_, ok := t.Unit(unit)
	return ok
}
