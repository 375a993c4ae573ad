// Package directory knows whose a WhatsApp number is and how a hotel is set up,
// with its secrets opened. It remembers answers for a few seconds, because the
// webhook asks for every message; a notice (package stale) ends that at once.
package directory

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/sealed"
	"github.com/botreserva/botreserva/internal/stale"
)

// Hotel is a tenant as the pipelines need it, with its secrets in the clear. It
// must never be logged or returned.
type Hotel struct {
	tenant.Tenant
	AppSecret   string
	OldSecret   string // the app's secret before; see OldSecretAt
	OldUntil    time.Time
	VerifyToken string
	BotSecret   string

	TranscriptionKey string
	Flow             Flow

	Lines []Line
}

// Line is a WhatsApp number with the token that sends through it.
type Line struct {
	tenant.Number
	AccessToken string
}

// SecretOverlap is how long the secret that an app had before is believed after it was
// changed: what Meta signed with it is then on its way. Not longer, since a secret is changed
// because somebody else may know it.
const SecretOverlap = 24 * time.Hour

// OldSecretAt returns the secret that the hotel's app had before, while it is believed.
func (h *Hotel) OldSecretAt(now time.Time) string {
	if now.Before(h.OldUntil) {
		return h.OldSecret
	}
	return ""
}

// Line returns the number with the given id; without one, the hotel's first.
func (h *Hotel) Line(number id.Number) (Line, bool) {
	for _, l := range h.Lines {
		if number.IsZero() || l.ID == number {
			return l, true
		}
	}
	return Line{}, false
}

// LineOf returns the hotel's number with Meta's id, if it is one of them.
func (h *Hotel) LineOf(phoneNumberID string) (Line, bool) {
	for _, l := range h.Lines {
		if l.PhoneNumberID == phoneNumberID {
			return l, true
		}
	}
	return Line{}, false
}

const (
	fresh   = 2 * time.Second // how long an answer is believed
	maxKept = 20_000          // strangers must not fill the memory
)

// Directory answers from memory, else from the database.
type Directory struct {
	db    *postgres.DB
	box   *sealed.Box
	clock clock.Clock

	mu      sync.Mutex
	age     int // changes whenever something is forgotten
	hotels  map[id.Tenant]answer[*Hotel]
	numbers map[string]answer[id.Tenant] // by phone_number_id; zero: nobody's
	slugs   map[string]answer[id.Tenant]
}

type answer[T any] struct {
	value T
	until time.Time
}

// New makes a directory over a database whose secrets open with box.
func New(db *postgres.DB, box *sealed.Box, c clock.Clock) *Directory {
	d := &Directory{db: db, box: box, clock: c}
	d.ForgetAll()
	return d
}

// Hotel returns a hotel by id, or tenant.ErrUnknown.
func (d *Directory) Hotel(ctx context.Context, tenantID id.Tenant) (*Hotel, error) {
	h, age, ok := remembered(d, d.hotels, tenantID)
	if ok {
		return h, nil
	}
	row, err := d.db.SystemTenantByID(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	h, err = d.open(ctx, row)
	if err != nil {
		return nil, err
	}
	remember(d, d.hotels, tenantID, h, age)
	return h, nil
}

// ByNumber returns the hotel to which Meta's phone_number_id belongs, or
// tenant.ErrUnknown.
func (d *Directory) ByNumber(ctx context.Context, phoneNumberID string) (*Hotel, error) {
	return d.find(ctx, d.numbers, phoneNumberID, func() (id.Tenant, error) {
		number, _, err := d.db.SystemNumber(ctx, phoneNumberID)
		return number.TenantID, err
	})
}

// ByAccount returns the hotels that have numbers in a WhatsApp business account. News about
// accounts is rare: the answer is not remembered.
func (d *Directory) ByAccount(ctx context.Context, wabaID string) ([]*Hotel, error) {
	if !canBeKey(wabaID) {
		return nil, nil
	}
	tenants, err := d.db.SystemTenantsOfWABA(ctx, wabaID)
	if err != nil {
		return nil, err
	}
	hotels := make([]*Hotel, 0, len(tenants))
	for _, t := range tenants {
		h, err := d.Hotel(ctx, t)
		if err != nil {
			return nil, err
		}
		hotels = append(hotels, h)
	}
	return hotels, nil
}

// BySlug returns the hotel with a short name, or tenant.ErrUnknown.
func (d *Directory) BySlug(ctx context.Context, slug string) (*Hotel, error) {
	return d.find(ctx, d.slugs, slug, func() (id.Tenant, error) {
		row, err := d.db.SystemTenantBySlug(ctx, slug)
		return row.ID, err
	})
}

// maxKey is longer than any slug or phone_number_id.
const maxKey = 64

// canBeKey keeps out what strangers send before it is looked up or remembered.
func canBeKey(key string) bool {
	return key != "" && len(key) <= maxKey && utf8.ValidString(key) && !strings.ContainsRune(key, 0)
}

// find looks a hotel up by another key. That a key is nobody's is remembered too.
func (d *Directory) find(ctx context.Context, kept map[string]answer[id.Tenant], key string, load func() (id.Tenant, error)) (*Hotel, error) {
	if !canBeKey(key) {
		return nil, tenant.ErrUnknown
	}
	tenantID, age, ok := remembered(d, kept, key)
	if !ok {
		var err error
		tenantID, err = load()
		if err != nil && !errors.Is(err, tenant.ErrUnknown) {
			return nil, err
		}
		if err != nil {
			tenantID = id.Tenant{}
		}
		remember(d, kept, key, tenantID, age)
	}
	if tenantID.IsZero() {
		return nil, tenant.ErrUnknown
	}
	return d.Hotel(ctx, tenantID)
}

func (d *Directory) open(ctx context.Context, row postgres.TenantRow) (*Hotel, error) {
	h := &Hotel{Tenant: row.Tenant}
	secrets := []struct {
		sealed string
		into   *string
	}{{row.AppSecret, &h.AppSecret}, {row.PreviousAppSecret, &h.OldSecret}, {row.VerifyToken, &h.VerifyToken}, {row.BotSecret, &h.BotSecret}, {row.TranscriptionKey, &h.TranscriptionKey}}
	for _, s := range secrets {
		plain, err := d.box.Open(s.sealed, row.ID.String())
		if err != nil {
			return nil, fmt.Errorf("open secrets of hotel %s: %w", row.Slug, err)
		}
		*s.into = plain
	}
	if !row.AppSecretChangedAt.IsZero() {
		h.OldUntil = row.AppSecretChangedAt.Add(SecretOverlap)
	}
	var err error
	if h.Flow, err = d.flow(ctx, h); err != nil {
		return nil, err
	}
	numbers, err := d.db.Numbers(ctx, row.ID)
	if err != nil {
		return nil, err
	}
	for _, n := range numbers {
		token, err := d.box.Open(n.AccessToken, row.ID.String())
		if err != nil {
			return nil, fmt.Errorf("open access token of hotel %s: %w", row.Slug, err)
		}
		h.Lines = append(h.Lines, Line{Number: n.Number, AccessToken: token})
	}
	return h, nil
}

// ForgetAll drops everything remembered, so that a change is seen at once.
func (d *Directory) ForgetAll() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.hotels == nil {
		d.hotels = map[id.Tenant]answer[*Hotel]{}
		d.numbers = map[string]answer[id.Tenant]{}
		d.slugs = map[string]answer[id.Tenant]{}
	}
	clear(d.hotels)
	clear(d.numbers)
	clear(d.slugs)
	d.age++
}

// Forget drops what is remembered about the hotel of a notice, and that a number or a
// slug was nobody's: it may be that hotel's now.
func (d *Directory) Forget(n stale.Notice) {
	if n.All {
		d.ForgetAll()
		return
	}
	if n.Tenant.IsZero() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.hotels, n.Tenant)
	for _, kept := range []map[string]answer[id.Tenant]{d.numbers, d.slugs} {
		maps.DeleteFunc(kept, func(_ string, a answer[id.Tenant]) bool { return a.value.IsZero() || a.value == n.Tenant })
	}
	d.age++
}

// remembered also tells the age of what it looked at, for remember.
func remembered[K comparable, V any](d *Directory, kept map[K]answer[V], key K) (value V, age int, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a, ok := kept[key]
	return a.value, d.age, ok && d.clock.Now().Before(a.until)
}

// remember keeps an answer, unless something was forgotten since it was asked for: it may
// be from before the change.
func remember[K comparable, V any](d *Directory, kept map[K]answer[V], key K, value V, age int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if age != d.age {
		return
	}
	if len(kept) >= maxKept {
		clear(kept)
	}
	kept[key] = answer[V]{value, d.clock.Now().Add(fresh)}
}
