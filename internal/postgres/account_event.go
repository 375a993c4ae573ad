package postgres

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/news"
	"github.com/botreserva/botreserva/internal/postgres/sqlc"
)

// TellNews stores a piece of news and tells administrators' screens, unless it is known.
func (tx *Tx) TellNews(ctx context.Context, n news.Event) error {
	if n.ID.IsZero() {
		n.ID = id.NewNews()
	}
	isNew, err := tx.InsertNews(ctx, n)
	if err == nil && isNew {
		tx.Emit(event.Event{Name: event.AccountNews, News: &n})
	}
	return err
}

// InsertNews stores a piece of news and reports whether it was new.
func (tx *Tx) InsertNews(ctx context.Context, n news.Event) (bool, error) {
	count, err := tx.q.AccountEventInsert(ctx, sqlc.AccountEventInsertParams{
		TenantID: tx.tenant, ID: n.ID.UUID, Key: n.Key[:], WabaID: n.WABAID, NumberID: n.NumberID.UUID, Kind: string(n.Kind), Name: n.Name,
		Severity: string(n.Severity), Subject: n.Subject, Reason: n.Reason, Data: n.Data, At: n.At, SeenAt: n.SeenAt,
	})
	return count > 0, wrap(err, "store account event", nil)
}

// SaveFacts notes what news of an account changes: of each fact the latest counts.
func (tx *Tx) SaveFacts(ctx context.Context, wabaID string, f news.Facts, at, now time.Time) error {
	if t := f.Template; t != nil && t.ID != "" {
		err := tx.q.TemplateStateSave(ctx, sqlc.TemplateStateSaveParams{
			TenantID: tx.tenant, WabaID: wabaID, TemplateID: t.ID, Name: t.Name, Language: t.Language, Status: t.Status, Reason: t.Reason,
			At: at, Quality: t.Quality, Category: t.Category, Now: now,
		})
		if err != nil {
			return wrap(err, "save template state", nil)
		}
	}
	n := f.Number
	if n == nil || wabaID == "" {
		return nil
	}
	p := sqlc.NumberFactsSaveParams{
		TenantID: tx.tenant, WabaID: wabaID, Digits: n.Display, Quality: n.Quality, At: at, VerifiedName: n.Name, NameState: n.NameState,
		AccountState: n.Account,
	}
	if n.Limit != nil {
		limit := int32(*n.Limit)
		p.HasLimit, p.DailyLimit = true, &limit
	}
	_, err := tx.q.NumberFactsSave(ctx, p)
	return wrap(err, "save what is new of numbers", nil)
}

// NewsFilter narrows a list of news; empty parts do not.
type NewsFilter struct {
	Kind     news.Kind
	Severity news.Severity
}

// News returns a page of news, the newest first.
func (db *DB) News(ctx context.Context, tenant id.Tenant, f NewsFilter, limit, skip int) ([]news.Event, error) {
	rows, err := db.reads(tenant).AccountEventPage(ctx, sqlc.AccountEventPageParams{
		TenantID: tenant, Kind: string(f.Kind), Severity: string(f.Severity), PageSize: int32(limit), Skip: int32(skip),
	})
	if err != nil {
		return nil, wrap(err, "list account events", nil)
	}
	out := make([]news.Event, 0, len(rows))
	for _, r := range rows {
		n := news.Event{
			ID: id.News{UUID: r.ID}, WABAID: r.WabaID, NumberID: r.NumberID, Kind: news.Kind(r.Kind), Name: r.Name, Severity: news.Severity(r.Severity),
			Subject: r.Subject, Reason: r.Reason, Data: r.Data, At: r.At, SeenAt: r.SeenAt,
		}
		copy(n.Key[:], r.Key)
		out = append(out, n)
	}
	return out, nil
}

// NewsCount counts news.
func (db *DB) NewsCount(ctx context.Context, tenant id.Tenant, f NewsFilter) (int, error) {
	n, err := db.reads(tenant).AccountEventCount(ctx, sqlc.AccountEventCountParams{TenantID: tenant, Kind: string(f.Kind), Severity: string(f.Severity)})
	return int(n), wrap(err, "count account events", nil)
}

// TemplateState is what Meta last said of a template.
type TemplateState struct {
	WABAID    string
	ChangedAt time.Time
	news.TemplateFacts
}

// TemplateStates lists what Meta last said of a hotel's templates.
func (db *DB) TemplateStates(ctx context.Context, tenant id.Tenant) ([]TemplateState, error) {
	rows, err := db.reads(tenant).TemplateStates(ctx, tenant)
	if err != nil {
		return nil, wrap(err, "list template states", nil)
	}
	out := make([]TemplateState, 0, len(rows))
	for _, r := range rows {
		out = append(out, TemplateState{r.WabaID, r.ChangedAt, news.TemplateFacts{
			ID: r.TemplateID, Name: r.Name, Language: r.Language, Status: r.Status, Reason: r.Reason, Quality: r.Quality, Category: r.Category,
		}})
	}
	return out, nil
}

// maxHotels is how many hotels may share one business account.
const maxHotels = 1000

// SystemTenantsOfWABA lists the hotels that have numbers in a business account.
func (db *DB) SystemTenantsOfWABA(ctx context.Context, wabaID string) ([]id.Tenant, error) {
	ids, err := db.systemQueries().SystemTenantsOfWABA(ctx, sqlc.SystemTenantsOfWABAParams{WabaID: wabaID, Most: maxHotels})
	return ids, wrap(err, "find hotels of an account", nil)
}

// BookName is how the hotel's phone calls somebody.
type BookName struct {
	Name string
	At   time.Time
}

// SaveBookName notes how the hotel's phone calls whoever has a number.
func (tx *Tx) SaveBookName(ctx context.Context, phone contact.Phone, n BookName) error {
	err := tx.q.AddressBookSave(ctx, sqlc.AddressBookSaveParams{TenantID: tx.tenant, Phone: string(phone), Name: n.Name, At: n.At})
	return wrap(err, "save address book", nil)
}

// TakeBookNames removes and returns how the hotel's phone calls those who have numbers.
func (tx *Tx) TakeBookNames(ctx context.Context, phones ...string) (map[contact.Phone]BookName, error) {
	rows, err := tx.q.AddressBookTake(ctx, sqlc.AddressBookTakeParams{TenantID: tx.tenant, Phones: phones})
	if err != nil {
		return nil, wrap(err, "read address book", nil)
	}
	out := make(map[contact.Phone]BookName, len(rows))
	for _, r := range rows {
		out[contact.Phone(r.Phone)] = BookName{r.Name, r.At}
	}
	return out, nil
}

// NameFromBook gives a guest the name of the hotel's phone, unless a person wrote another or
// a newer one is known, and reports whether it did.
func (tx *Tx) NameFromBook(ctx context.Context, guest id.Contact, n BookName, now time.Time) (bool, error) {
	count, err := tx.q.ContactBookName(ctx, sqlc.ContactBookNameParams{TenantID: tx.tenant, ID: guest, Name: n.Name, Seconds: n.At.Unix(), Now: now})
	return count > 0, wrap(err, "name contact", nil)
}

// SavePreference notes whether a guest wants offers, unless something newer is known, and
// reports whether that was news.
func (tx *Tx) SavePreference(ctx context.Context, guest id.Contact, stopped bool, at, now time.Time) (bool, error) {
	count, err := tx.q.ContactPreferenceSave(ctx, sqlc.ContactPreferenceSaveParams{TenantID: tx.tenant, ID: guest, Stopped: stopped, At: &at, Now: now})
	return count > 0, wrap(err, "save preference", nil)
}

// WantsNoOffers reports whether a guest asked not to be sent marketing messages.
func (db *DB) WantsNoOffers(ctx context.Context, tenant id.Tenant, guest id.Contact) (bool, error) {
	r, err := db.reads(tenant).ContactMarketing(ctx, sqlc.ContactMarketingParams{TenantID: tenant, ID: guest})
	return r.MarketingStopped, wrap(err, "load preference", contact.ErrNotFound)
}

// RetireAliases notes until when addresses were their guests'; the zero time says that
// they are again.
func (tx *Tx) RetireAliases(ctx context.Context, until map[contact.Alias]time.Time) error {
	if len(until) == 0 {
		return nil
	}
	p := sqlc.AliasesRetireParams{TenantID: tx.tenant}
	for a, at := range until {
		p.Kinds, p.Aliases, p.Untils = append(p.Kinds, string(a.Kind)), append(p.Aliases, a.Value), append(p.Untils, epochIfZero(at))
	}
	return wrap(tx.q.AliasesRetire(ctx, p), "retire contact aliases", nil)
}

// TakeAliases gives addresses that their guests gave up to whoever has them now. It returns
// ErrRepeated if another transaction has just given one of them away.
func (tx *Tx) TakeAliases(ctx context.Context, aliases map[contact.Alias]contact.Contact) error {
	if len(aliases) == 0 {
		return nil
	}
	p := sqlc.AliasesTakeParams{TenantID: tx.tenant}
	for a, c := range aliases {
		p.Kinds, p.Aliases, p.ContactIds = append(p.Kinds, string(a.Kind)), append(p.Aliases, a.Value), append(p.ContactIds, c.ID.UUID)
	}
	count, err := tx.q.AliasesTake(ctx, p)
	if err == nil && int(count) < len(aliases) {
		return ErrRepeated
	}
	return wrap(err, "take contact aliases", nil)
}
