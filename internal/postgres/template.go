package postgres

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/template"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
	"github.com/botreserva/botreserva/internal/stale"
)

// SyncTemplates makes the templates of an account those that were read at a moment. What
// webhooks told since is newer and stays, and so do templates that came since.
func (tx *Tx) SyncTemplates(ctx context.Context, wabaID string, all []template.Template, at time.Time) error {
	if err := tx.SaveTemplates(ctx, wabaID, all, at); err != nil {
		return err
	}
	_, err := tx.q.TemplatesLeave(ctx, sqlc.TemplatesLeaveParams{TenantID: tx.tenant, WabaID: wabaID, At: at})
	return wrap(err, "remove templates", nil)
}

// SaveTemplates writes templates of an account as they were at a moment.
func (tx *Tx) SaveTemplates(ctx context.Context, wabaID string, all []template.Template, at time.Time) error {
	p := sqlc.TemplatesSyncParams{TenantID: tx.tenant, WabaID: wabaID, At: &at}
	seen := map[string]bool{}
	for _, t := range all {
		if seen[t.ID] { // a list that grew while it was read may name one twice
			continue
		}
		seen[t.ID] = true
		form, err := json.Marshal(t.Form)
		if err != nil {
			panic("encode template: " + err.Error()) // texts and numbers
		}
		p.TemplateIds, p.Names, p.Languages = append(p.TemplateIds, t.ID), append(p.Names, t.Name), append(p.Languages, t.Language)
		p.Statuses, p.Reasons, p.Qualities = append(p.Statuses, t.Status), append(p.Reasons, t.Reason), append(p.Qualities, t.Quality)
		p.Categories, p.Forms, p.Words = append(p.Categories, t.Category), append(p.Forms, string(form)), append(p.Words, t.Words())
		p.Named, p.Previous, p.Correct = append(p.Named, t.IsNamed), append(p.Previous, t.Previous), append(p.Correct, t.Correct)
	}
	if len(p.TemplateIds) == 0 {
		return nil
	}
	return wrap(tx.q.TemplatesSync(ctx, p), "save templates", nil)
}

// ForgetTemplate removes a template that was deleted at Meta: one language, or all without
// an id.
func (tx *Tx) ForgetTemplate(ctx context.Context, wabaID, name, templateID string) error {
	_, err := tx.q.TemplatesForget(ctx, sqlc.TemplatesForgetParams{TenantID: tx.tenant, WabaID: wabaID, Name: name, TemplateID: templateID})
	return wrap(err, "forget template", nil)
}

// AccountSynced notes that an account's templates were read, or why not.
func (tx *Tx) AccountSynced(ctx context.Context, wabaID, failure string, at time.Time) error {
	err := tx.q.AccountSynced(ctx, sqlc.AccountSyncedParams{TenantID: tx.tenant, WabaID: wabaID, At: at, Failure: failure})
	return wrap(err, "note reading of an account", nil)
}

// TemplateVariants lists the languages of a template in one account.
func (tx *Tx) TemplateVariants(ctx context.Context, wabaID, name string) ([]template.Template, error) {
	rows, err := tx.q.TemplateVariants(ctx, sqlc.TemplateVariantsParams{TenantID: tx.tenant, WabaID: wabaID, Name: name})
	return templateNouns(rows), wrap(err, "list languages of template", nil)
}

// ApprovedTemplates lists some templates of an account that can be sent, by name.
func (tx *Tx) ApprovedTemplates(ctx context.Context, wabaID string, most int) ([]template.Template, error) {
	rows, err := tx.q.TemplatePage(ctx, sqlc.TemplatePageParams{TenantID: tx.tenant, WabaID: wabaID, Status: template.Approved, PageSize: int32(most)})
	return templateNouns(rows), wrap(err, "list approved templates", nil)
}

// AccountIsKnown reports whether the templates of an account were ever read.
func (tx *Tx) AccountIsKnown(ctx context.Context, wabaID string) (bool, error) {
	known, err := tx.q.AccountIsKnown(ctx, sqlc.AccountIsKnownParams{TenantID: tx.tenant, WabaID: wabaID})
	return known, wrap(err, "look whether account was read", nil)
}

// WantsNoOffers reports whether a guest asked not to be sent marketing messages.
func (tx *Tx) WantsNoOffers(ctx context.Context, guest id.Contact) (bool, error) {
	r, err := tx.q.ContactMarketing(ctx, sqlc.ContactMarketingParams{TenantID: tx.tenant, ID: guest})
	return r.MarketingStopped, wrap(err, "load preference", nil)
}

// NumberRead notes what Meta told of a number.
func (tx *Tx) NumberRead(ctx context.Context, number id.Number, s tenant.Standing, at time.Time) error {
	p := sqlc.NumberReadParams{
		TenantID: tx.tenant, ID: number, Quality: s.Quality, At: &at, VerifiedName: s.VerifiedName, NameState: s.NameState, Status: s.Status,
		Throughput: int32(s.Throughput),
	}
	if s.DailyLimit != nil {
		limit := int32(*s.DailyLimit)
		p.HasLimit, p.DailyLimit = true, &limit
	}
	return wrap(tx.q.NumberRead(ctx, p), "note state of number", nil)
}

// NumberAsked notes that Meta was asked about a number and did not tell.
func (tx *Tx) NumberAsked(ctx context.Context, number id.Number, at time.Time) error {
	return wrap(tx.q.NumberAsked(ctx, sqlc.NumberAskedParams{TenantID: tx.tenant, ID: number, At: at}), "note question about number", nil)
}

// PauseNumber notes that Meta takes nothing from a number and why. It reports whether that is
// news.
func (tx *Tx) PauseNumber(ctx context.Context, number id.Number, why message.Failure, at time.Time) (bool, error) {
	reason, err := failureColumn(&why)
	if err != nil {
		return false, err
	}
	n, err := tx.q.NumberPause(ctx, sqlc.NumberPauseParams{TenantID: tx.tenant, ID: number, At: at, Reason: reason})
	return tx.numberChanged(n), wrap(err, "note that a number is paused", nil)
}

// ResumeNumber notes that Meta takes messages of a number again. It reports whether that is
// news.
func (tx *Tx) ResumeNumber(ctx context.Context, number id.Number) (bool, error) {
	n, err := tx.q.NumberResume(ctx, sqlc.NumberResumeParams{TenantID: tx.tenant, ID: number})
	return tx.numberChanged(n), wrap(err, "note that a number sends again", nil)
}

func (tx *Tx) numberChanged(rows int64) bool {
	if rows == 0 {
		return false
	}
	tx.Outdate(stale.Tenant(tx.tenant))
	return true
}

// TemplateFilter narrows a list of templates; empty parts do not.
type TemplateFilter struct {
	Name, Search, Status, Category, Language, Quality, WABAID string
}

// Templates returns a page of templates by name and how many there are in all.
func (db *DB) Templates(ctx context.Context, tenantID id.Tenant, f TemplateFilter, limit, skip int) ([]template.Template, int, error) {
	q, search := db.reads(tenantID), strings.ToLower(f.Search)
	rows, err := q.TemplatePage(ctx, sqlc.TemplatePageParams{
		TenantID: tenantID, Named: f.Name, Search: search, Status: f.Status, Category: f.Category, Language: f.Language, Quality: f.Quality,
		WabaID: f.WABAID, PageSize: int32(limit), Skip: int32(skip),
	})
	if err != nil {
		return nil, 0, wrap(err, "list templates", nil)
	}
	total, err := q.TemplateCount(ctx, sqlc.TemplateCountParams{
		TenantID: tenantID, Named: f.Name, Search: search, Status: f.Status, Category: f.Category, Language: f.Language, Quality: f.Quality, WabaID: f.WABAID,
	})
	return templateNouns(rows), int(total), wrap(err, "count templates", nil)
}

// Template returns one template by Meta's id, or template.ErrNotFound.
func (db *DB) Template(ctx context.Context, tenantID id.Tenant, templateID string) (template.Template, error) {
	r, err := db.reads(tenantID).TemplateByID(ctx, sqlc.TemplateByIDParams{TenantID: tenantID, TemplateID: templateID})
	if err != nil {
		return template.Template{}, wrap(err, "load template", template.ErrNotFound)
	}
	return templateNoun(r), nil
}

// AccountState says how the last reading of an account's templates went.
type AccountState struct {
	WABAID            string
	SyncedAt, TriedAt time.Time // SyncedAt is zero if it never succeeded
	Failure           string
	Templates         int
}

// Accounts lists how the last readings of a hotel's accounts went.
func (db *DB) Accounts(ctx context.Context, tenantID id.Tenant) ([]AccountState, error) {
	rows, err := db.reads(tenantID).AccountList(ctx, tenantID)
	out := make([]AccountState, 0, len(rows))
	for _, r := range rows {
		out = append(out, AccountState{WABAID: r.WabaID, SyncedAt: zeroIfNull(r.SyncedAt), TriedAt: r.TriedAt, Failure: r.Failure, Templates: int(r.Templates)})
	}
	return out, wrap(err, "list accounts", nil)
}

// DueAccount is an account whose templates should be read.
type DueAccount struct {
	Tenant id.Tenant
	WABAID string
}

// dueAtOnce bounds what is done in one round of upkeep.
const dueAtOnce = 500

// SystemAccountsDue lists accounts whose templates were not read since a moment, or of which
// webhooks told something since they were and that were not tried recently.
func (db *DB) SystemAccountsDue(ctx context.Context, before, recently time.Time) ([]DueAccount, error) {
	rows, err := db.systemQueries().SystemAccountsDue(ctx, sqlc.SystemAccountsDueParams{Before: before, Recently: recently, Most: dueAtOnce})
	out := make([]DueAccount, 0, len(rows))
	for _, r := range rows {
		out = append(out, DueAccount{r.TenantID, r.WabaID})
	}
	return out, wrap(err, "list accounts to read", nil)
}

// SystemNumbersDue lists hotels with numbers about which Meta was not asked since a moment.
func (db *DB) SystemNumbersDue(ctx context.Context, before time.Time) ([]id.Tenant, error) {
	tenants, err := db.systemQueries().SystemNumbersDue(ctx, sqlc.SystemNumbersDueParams{Before: before, Most: dueAtOnce})
	return tenants, wrap(err, "list numbers to read", nil)
}

func templateNouns(rows []sqlc.TemplateState) []template.Template {
	out := make([]template.Template, 0, len(rows))
	for _, r := range rows {
		out = append(out, templateNoun(r))
	}
	return out
}

func templateNoun(r sqlc.TemplateState) template.Template {
	t := template.Template{
		ID: r.TemplateID, WABAID: r.WabaID, Name: r.Name, Language: r.Language, Category: r.Category, Previous: r.Previous, Correct: r.Correct,
		Status: r.Status, Reason: r.Reason, Quality: r.Quality, IsNamed: r.IsNamed, ChangedAt: r.ChangedAt, SyncedAt: zeroIfNull(r.SyncedAt),
	}
	if form := (template.Form{}); len(r.Form) > 0 && json.Unmarshal(r.Form, &form) == nil && string(r.Form) != "null" {
		t.Form = &form
	}
	return t
}
