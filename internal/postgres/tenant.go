package postgres

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
	"github.com/botreserva/botreserva/internal/stale"
)

// TenantRow is a tenant with its sealed secrets, as only set-up and sending need it.
type TenantRow struct {
	tenant.Tenant
	VerifyToken string // sealed
	AppSecret   string // sealed
	BotSecret   string // sealed
}

// NumberRow is a WhatsApp number with its sealed access token.
type NumberRow struct {
	tenant.Number
	TenantID    id.Tenant
	AccessToken string // sealed
}

// SystemInsertTenant stores a tenant with its numbers in one transaction.
func (db *DB) SystemInsertTenant(ctx context.Context, t TenantRow, admin AccountRow, keyHash []byte, numbers ...NumberRow) error {
	return db.inSystemTx(ctx, func(q *sqlc.Queries) error {
		err := q.SystemTenantInsert(ctx, sqlc.SystemTenantInsertParams{
			ID: t.ID, Slug: t.Slug, Name: t.Name, Email: t.Email, Status: string(t.Status), Plan: t.Plan, Units: notNil(t.Units),
			TimeZone: t.TimeZone, BotUrl: t.Bot.URL, BotSecret: t.BotSecret, VerifyToken: t.VerifyToken,
			AppSecret: t.AppSecret, LegacyKey: t.Bot.LegacyKey,
		})
		if err != nil {
			return wrap(err, "store tenant", nil)
		}
		for _, n := range numbers {
			if err := insertNumber(ctx, q, n); err != nil {
				return err
			}
		}
		if err := insertAccount(ctx, q, admin); err != nil {
			return err
		}
		err = q.APIKeyInsert(ctx, sqlc.APIKeyInsertParams{TenantID: t.ID, ID: id.NewAPIKey(), Hash: keyHash})
		return wrap(err, "store api key", nil)
	})
}

func insertNumber(ctx context.Context, q *sqlc.Queries, n NumberRow) error {
	err := q.SystemNumberInsert(ctx, sqlc.SystemNumberInsertParams{
		TenantID: n.TenantID, ID: n.ID, PhoneNumberID: n.PhoneNumberID, WabaID: n.WABAID,
		Display: n.Display, AccessToken: n.AccessToken,
	})
	return wrap(err, "store number", nil)
}

// SystemInsertNumber gives a tenant another WhatsApp number.
func (db *DB) SystemInsertNumber(ctx context.Context, n NumberRow) error {
	if err := insertNumber(ctx, db.systemQueries(), n); err != nil {
		return err
	}
	db.outdated(stale.Tenant(n.TenantID))
	return nil
}

// SystemSaveNumber changes a number's account, display form and token.
func (db *DB) SystemSaveNumber(ctx context.Context, n NumberRow) error {
	_, err := db.systemQueries().SystemNumberSave(ctx, sqlc.SystemNumberSaveParams{
		TenantID: n.TenantID, ID: n.ID, WabaID: n.WABAID, Display: n.Display, AccessToken: n.AccessToken,
	})
	if err == nil {
		db.outdated(stale.Tenant(n.TenantID))
	}
	return wrap(err, "save number", nil)
}

// SystemSaveTenant writes everything about a tenant that can be set from outside.
func (db *DB) SystemSaveTenant(ctx context.Context, t TenantRow) error {
	n, err := db.systemQueries().SystemTenantSave(ctx, sqlc.SystemTenantSaveParams{
		ID: t.ID, Name: t.Name, Email: t.Email, Status: string(t.Status), Units: notNil(t.Units), TimeZone: t.TimeZone,
		BotUrl: t.Bot.URL, BotPaused: t.Bot.Paused, ForwardWhileLocked: t.Bot.ForwardWhileLocked,
		LegacyKey: t.Bot.LegacyKey, VerifyToken: t.VerifyToken, AppSecret: t.AppSecret,
	})
	if err == nil && n == 0 {
		return tenant.ErrUnknown
	}
	if err == nil {
		db.outdated(stale.Tenant(t.ID))
	}
	return wrap(err, "save tenant", nil)
}

// SystemTenants lists all tenants by slug.
func (db *DB) SystemTenants(ctx context.Context) ([]TenantRow, error) {
	rows, err := db.systemQueries().SystemTenantList(ctx)
	if err != nil {
		return nil, wrap(err, "list tenants", nil)
	}
	out := make([]TenantRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, tenantNoun(r))
	}
	return out, nil
}

// SystemTenantBySlug finds a tenant by its short name, or tenant.ErrUnknown.
func (db *DB) SystemTenantBySlug(ctx context.Context, slug string) (TenantRow, error) {
	r, err := db.systemQueries().SystemTenantBySlug(ctx, slug)
	return tenantNoun(r), wrap(err, "find tenant", tenant.ErrUnknown)
}

// SystemTenantByID finds a tenant, or tenant.ErrUnknown.
func (db *DB) SystemTenantByID(ctx context.Context, tenantID id.Tenant) (TenantRow, error) {
	r, err := db.systemQueries().SystemTenantByID(ctx, tenantID)
	return tenantNoun(r), wrap(err, "find tenant", tenant.ErrUnknown)
}

// SystemNumber finds whose a WhatsApp number is, by Meta's id of it, or
// tenant.ErrUnknown.
func (db *DB) SystemNumber(ctx context.Context, phoneNumberID string) (NumberRow, TenantRow, error) {
	r, err := db.systemQueries().SystemNumberByPhoneNumberID(ctx, phoneNumberID)
	return numberNoun(r.WhatsappNumber), tenantNoun(r.Tenant), wrap(err, "find number", tenant.ErrUnknown)
}

// Numbers lists a tenant's WhatsApp numbers, the first connected first.
func (db *DB) Numbers(ctx context.Context, tenantID id.Tenant) ([]NumberRow, error) {
	rows, err := db.reads(tenantID).NumberList(ctx, tenantID)
	out := make([]NumberRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, numberNoun(r))
	}
	return out, wrap(err, "list numbers", nil)
}

func tenantNoun(r sqlc.Tenant) TenantRow {
	return TenantRow{
		Tenant: tenant.Tenant{
			ID: r.ID, Slug: r.Slug, Name: r.Name, Email: r.Email, Status: tenant.Status(r.Status), Plan: r.Plan,
			Units: r.Units, TimeZone: r.TimeZone, CreatedAt: r.CreatedAt,
			Bot: tenant.Bot{URL: r.BotUrl, Paused: r.BotPaused, ForwardWhileLocked: r.ForwardWhileLocked, LegacyKey: r.LegacyKey},
		},
		VerifyToken: r.VerifyToken, AppSecret: r.AppSecret, BotSecret: r.BotSecret,
	}
}

func numberNoun(r sqlc.WhatsappNumber) NumberRow {
	return NumberRow{
		Number:   tenant.Number{ID: r.ID, PhoneNumberID: r.PhoneNumberID, WABAID: r.WabaID, Display: r.Display},
		TenantID: r.TenantID, AccessToken: r.AccessToken,
	}
}

// notNil writes an empty list where there is none: the column is not null.
func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
