package postgres

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
	"github.com/botreserva/botreserva/internal/stale"
)

// TenantTx is one change of a tenant's settings: its row is locked, and everything that
// changes with it lives or dies with it. It exists because tenants' rows, numbers and
// accounts are written by the system's role only; every method is bound to the one
// tenant.
type TenantTx struct {
	Row     TenantRow
	Numbers []NumberRow // the default first, then the oldest

	q *sqlc.Queries
}

// SystemChangeTenant runs fn in one transaction in which a tenant is locked, or returns
// tenant.ErrUnknown.
func (db *DB) SystemChangeTenant(ctx context.Context, tenantID id.Tenant, fn func(tx *TenantTx) error) error {
	err := db.inSystemTx(ctx, func(q *sqlc.Queries) error {
		r, err := q.SystemTenantForUpdate(ctx, tenantID)
		if err != nil {
			return wrap(err, "lock tenant", tenant.ErrUnknown)
		}
		tx := &TenantTx{Row: tenantNoun(r), q: q}
		rows, err := q.NumberList(ctx, tenantID)
		if err != nil {
			return wrap(err, "list numbers", nil)
		}
		for _, n := range rows {
			tx.Numbers = append(tx.Numbers, numberNoun(n))
		}
		return fn(tx)
	})
	if err == nil {
		db.outdated(stale.Tenant(tenantID))
	}
	return err
}

// Save writes the row as it is now.
func (tx *TenantTx) Save(ctx context.Context) error {
	t := tx.Row
	_, err := tx.q.SystemTenantSave(ctx, sqlc.SystemTenantSaveParams{
		ID: t.ID, Name: t.Name, Email: t.Email, Status: string(t.Status), Plan: string(t.Plan), Units: notNil(t.Units), TimeZone: t.TimeZone,
		BotUrl: t.Bot.URL, BotPaused: t.Bot.Paused, ForwardWhileLocked: t.Bot.ForwardWhileLocked, LegacyKey: t.Bot.LegacyKey,
		VerifyToken: t.VerifyToken, AppSecret: t.AppSecret, BotSecret: t.BotSecret, KeyNetworks: networksColumn(t.Bot.Networks),
		MaxUsers: int32(t.Limits.Users), MaxMessages: int32(t.Limits.Messages), TrialEndsAt: nullIfZero(t.TrialEnds),
		BusinessHours: hoursColumn(t.Hours), KeepDeliveriesDays: int32(t.Keep.Deliveries), KeepMediaDays: int32(t.Keep.Media),
		WindowReminderMinutes: int32(t.WindowReminder / time.Minute),
		HandBackMinutes:       int32(t.Bot.HandBack / time.Minute), BotQuietSeconds: int16(t.Bot.Quiet / time.Second), BotHistory: int16(t.Bot.History),
		BotPayloadStyle: string(t.Bot.Style), BotMediaWaitSeconds: int16(t.Bot.MediaWait / time.Second),
		BotNoReplyMinutes: int16(t.Bot.NoReply / time.Minute),
		BotRepeatGuard:    t.Bot.RepeatGuard, BotZapiFacade: t.Bot.Facade,
		BotGetsReactions: t.Bot.GetsReactions, BotAnswersAtOnce: t.Bot.AnswersAtOnce,
		TranscriptionUrl: t.Bot.Transcription.URL, TranscriptionKey: t.TranscriptionKey, TranscriptionModel: t.Bot.Transcription.Model,
		TranscriptionLanguage: t.Bot.Transcription.Language,
	})
	return wrap(err, "save tenant", nil)
}

// InsertNumber gives the tenant another number, or returns tenant.ErrNumber.
func (tx *TenantTx) InsertNumber(ctx context.Context, n NumberRow) error {
	n.TenantID = tx.Row.ID
	return insertNumber(ctx, tx.q, n)
}

// SaveNumber writes a number of the tenant as it is now.
func (tx *TenantTx) SaveNumber(ctx context.Context, n NumberRow) error {
	_, err := tx.q.SystemNumberSave(ctx, sqlc.SystemNumberSaveParams{
		TenantID: tx.Row.ID, ID: n.ID, PhoneNumberID: n.PhoneNumberID, WabaID: n.WABAID, Display: n.Display, AccessToken: n.AccessToken,
	})
	return wrap(err, "save number", nil)
}

// SetDefaultNumber makes one of the tenant's numbers the one through which it writes first.
func (tx *TenantTx) SetDefaultNumber(ctx context.Context, number id.Number) error {
	if err := tx.q.SystemNumberUndefault(ctx, tx.Row.ID); err != nil {
		return wrap(err, "end default number", nil)
	}
	return wrap(tx.q.SystemNumberDefault(ctx, sqlc.SystemNumberDefaultParams{TenantID: tx.Row.ID, ID: number}), "set default number", nil)
}

// RemoveNumber takes a number from the tenant, and out of the conversations that have
// ended. One through which a conversation goes on is tenant.ErrNumberUsed.
func (tx *TenantTx) RemoveNumber(ctx context.Context, number id.Number) error {
	used, err := tx.q.SystemNumberIsUsed(ctx, sqlc.SystemNumberIsUsedParams{TenantID: tx.Row.ID, NumberID: number})
	if err != nil {
		return wrap(err, "look for conversations of number", nil)
	}
	if used {
		return tenant.ErrNumberUsed
	}
	if err := tx.beSlow(ctx); err != nil {
		return err
	}
	if err := tx.q.SystemNumberLeave(ctx, sqlc.SystemNumberLeaveParams{TenantID: tx.Row.ID, NumberID: number}); err != nil {
		return wrap(err, "take number out of conversations", nil)
	}
	_, err = tx.q.SystemNumberDelete(ctx, sqlc.SystemNumberDeleteParams{TenantID: tx.Row.ID, ID: number})
	return wrap(err, "delete number", nil)
}

// UnitIsUsed reports whether somebody works in a unit, or a conversation goes on there.
func (tx *TenantTx) UnitIsUsed(ctx context.Context, unit string) (bool, error) {
	used, err := tx.q.SystemUnitIsUsed(ctx, sqlc.SystemUnitIsUsedParams{TenantID: tx.Row.ID, Unit: unit})
	return used, wrap(err, "look for users of unit", nil)
}

// RenameUnit calls a unit something else wherever it stands but in the row itself.
func (tx *TenantTx) RenameUnit(ctx context.Context, from, to string) error {
	if err := tx.beSlow(ctx); err != nil {
		return err
	}
	t := tx.Row.ID
	if err := tx.q.SystemUnitRenameAccounts(ctx, sqlc.SystemUnitRenameAccountsParams{TenantID: t, OldName: from, NewName: to}); err != nil {
		return wrap(err, "rename unit of users", nil)
	}
	err := tx.q.SystemUnitRenameConversations(ctx, sqlc.SystemUnitRenameConversationsParams{TenantID: t, OldName: from, NewName: to})
	if err != nil {
		return wrap(err, "rename unit of conversations", nil)
	}
	err = tx.q.SystemUnitRenameEscalations(ctx, sqlc.SystemUnitRenameEscalationsParams{TenantID: t, OldName: from, NewName: to})
	return wrap(err, "rename unit of escalations", nil)
}

// beSlow is for what a hotel does once in years and reaches all of its history.
func (tx *TenantTx) beSlow(ctx context.Context) error {
	return wrap(tx.q.SystemPatience(ctx), "allow time", nil)
}

// RotateAPIKey is Tx.RotateAPIKey.
func (tx *TenantTx) RotateAPIKey(ctx context.Context, hash []byte, overlapEnds time.Time) error {
	return rotateAPIKey(ctx, tx.q, tx.Row.ID, hash, overlapEnds)
}

// Audit notes who did what, in the log of the tenant.
func (tx *TenantTx) Audit(ctx context.Context, e Entry) error {
	return insertAudit(ctx, tx.q, tx.Row.ID, e)
}
