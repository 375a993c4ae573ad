package postgres

import (
	"context"
	"net/netip"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
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

	TranscriptionKey string // sealed

	PreviousAppSecret  string    // sealed; the database keeps it when AppSecret is saved
	AppSecretChangedAt time.Time // zero if it never was
}

// NumberRow is a WhatsApp number with its sealed access token.
type NumberRow struct {
	tenant.Number
	TenantID    id.Tenant
	AccessToken string // sealed
}

// NewTenant is everything that a tenant begins with.
type NewTenant struct {
	TenantRow
	Admin   AccountRow
	KeyHash []byte // of its flow's key
	Numbers []NumberRow
	Audit   *Entry // of the platform; may be nil
}

// SystemInsertTenant stores a tenant with all it begins with, in one transaction.
func (db *DB) SystemInsertTenant(ctx context.Context, t NewTenant) error {
	err := db.inSystemTx(ctx, func(q *sqlc.Queries) error {
		if err := insertTenant(ctx, q, t.TenantRow); err != nil {
			return err
		}
		for _, n := range t.Numbers {
			if err := insertNumber(ctx, q, n); err != nil {
				return err
			}
		}
		if err := insertAccount(ctx, q, t.Admin); err != nil {
			return err
		}
		err := q.APIKeyInsert(ctx, sqlc.APIKeyInsertParams{TenantID: t.ID, ID: id.NewAPIKey(), Hash: t.KeyHash})
		if err != nil || t.Audit == nil {
			return wrap(err, "store api key", nil)
		}
		return insertAudit(ctx, q, id.Tenant{}, *t.Audit)
	})
	if err == nil {
		db.outdated(stale.Tenant(t.ID)) // that its slug and numbers were nobody's
	}
	return err
}

func insertTenant(ctx context.Context, q *sqlc.Queries, t TenantRow) error {
	err := q.SystemTenantInsert(ctx, sqlc.SystemTenantInsertParams{
		ID: t.ID, Slug: t.Slug, Name: t.Name, Email: t.Email, Status: string(t.Status), Plan: string(t.Plan), Units: notNil(t.Units),
		TimeZone: t.TimeZone, BotUrl: t.Bot.URL, BotSecret: t.BotSecret, VerifyToken: t.VerifyToken,
		AppSecret: t.AppSecret, LegacyKey: t.Bot.LegacyKey, MaxUsers: int32(t.Limits.Users), MaxMessages: int32(t.Limits.Messages),
		TrialEndsAt: nullIfZero(t.TrialEnds), BusinessHours: hoursColumn(t.Hours),
	})
	return wrap(err, "store tenant", nil)
}

func insertNumber(ctx context.Context, q *sqlc.Queries, n NumberRow) error {
	err := q.SystemNumberInsert(ctx, sqlc.SystemNumberInsertParams{
		TenantID: n.TenantID, ID: n.ID, PhoneNumberID: n.PhoneNumberID, WabaID: n.WABAID,
		Display: n.Display, AccessToken: n.AccessToken,
	})
	return wrap(err, "store number", nil)
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

// Numbers lists a tenant's WhatsApp numbers: the default first, then the oldest.
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
			ID: r.ID, Slug: r.Slug, Name: r.Name, Email: r.Email, Status: tenant.Status(r.Status), Plan: tenant.Plan(r.Plan),
			Limits:         tenant.Limits{Users: int(r.MaxUsers), Messages: int(r.MaxMessages)},
			TrialEnds:      zeroIfNull(r.TrialEndsAt),
			Keep:           tenant.Retention{Deliveries: int(r.KeepDeliveriesDays), Media: int(r.KeepMediaDays)},
			WindowReminder: time.Duration(r.WindowReminderMinutes) * time.Minute,
			Units:          r.Units, TimeZone: r.TimeZone, Hours: hoursNoun(r.BusinessHours), CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
			Bot: tenant.Bot{
				URL: r.BotUrl, Paused: r.BotPaused, ForwardWhileLocked: r.ForwardWhileLocked, LegacyKey: r.LegacyKey,
				Networks: networksNoun(r.KeyNetworks), HandBack: time.Duration(r.HandBackMinutes) * time.Minute,
				Quiet: time.Duration(r.BotQuietSeconds) * time.Second, History: int(r.BotHistory), Style: tenant.Style(r.BotPayloadStyle),
				MediaWait:   time.Duration(r.BotMediaWaitSeconds) * time.Second,
				NoReply:     time.Duration(r.BotNoReplyMinutes) * time.Minute,
				RepeatGuard: r.BotRepeatGuard, Facade: r.BotZapiFacade,
				GetsReactions: r.BotGetsReactions, AnswersAtOnce: r.BotAnswersAtOnce,
				Transcription: tenant.Transcription{URL: r.TranscriptionUrl, Model: r.TranscriptionModel, Language: r.TranscriptionLanguage},
			},
		},
		VerifyToken: r.VerifyToken, AppSecret: r.AppSecret, BotSecret: r.BotSecret, TranscriptionKey: r.TranscriptionKey,
		PreviousAppSecret: r.PreviousAppSecret, AppSecretChangedAt: zeroIfNull(r.AppSecretChangedAt),
	}
}

func numberNoun(r sqlc.WhatsappNumber) NumberRow {
	n := NumberRow{
		Number: tenant.Number{
			ID: r.ID, PhoneNumberID: r.PhoneNumberID, WABAID: r.WabaID, Display: r.Display, IsDefault: r.IsDefault,
			Standing: tenant.Standing{
				Status: r.Status, Quality: r.Quality, VerifiedName: r.VerifiedName, NameState: r.NameState, Account: r.AccountState,
				Throughput: int(r.Throughput), ReadAt: zeroIfNull(r.ReadAt),
			},
		},
		TenantID: r.TenantID, AccessToken: r.AccessToken,
	}
	if r.DailyLimit != nil {
		limit := int(*r.DailyLimit)
		n.Standing.DailyLimit = &limit
	}
	n.Standing.Pause = pauseNoun(r)
	return n
}

// pauseNoun reads why a number is paused. A reason that cannot be read is none.
func pauseNoun(r sqlc.WhatsappNumber) tenant.Pause {
	var why message.Failure
	_ = decodeColumn(r.PauseReason, &why)
	return tenant.Pause{Since: zeroIfNull(r.PausedSince), Reason: why.Message, ReasonEN: why.MessageEN}
}

// notNil writes an empty list where there is none: the column is not null.
func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// hoursColumn writes the hours of a week as one list. A hotel without any has those of
// hotels that did not say.
func hoursColumn(h tenant.Hours) []int32 {
	if h == (tenant.Hours{}) {
		h = tenant.DefaultHours()
	}
	column := make([]int32, 0, 2*len(h))
	for _, day := range h {
		column = append(column, int32(day.From), int32(day.To))
	}
	return column
}

func hoursNoun(column []int32) (h tenant.Hours) {
	for i := range min(len(h), len(column)/2) {
		h[i] = tenant.Span{From: int(column[2*i]), To: int(column[2*i+1])}
	}
	return h
}

// networksNoun reads networks; what is none would be a hole and matches nothing.
func networksNoun(column []string) []netip.Prefix {
	networks := make([]netip.Prefix, 0, len(column))
	for _, text := range column {
		network, _ := netip.ParsePrefix(text) // the zero value contains no address
		networks = append(networks, network)
	}
	return networks
}

func networksColumn(networks []netip.Prefix) []string {
	column := make([]string, 0, len(networks))
	for _, n := range networks {
		column = append(column, n.String())
	}
	return column
}
