package provision

import (
	"context"
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
)

// Change is what can be changed about a hotel at once; nil fields stay.
type Change struct {
	Name, Email, BotURL, AppSecret, VerifyToken, BotSecret *string
	Units                                                  *[]string         // all of them
	RenameUnits                                            map[string]string // from old to new; before Units counts
	TimeZone                                               *string
	Hours                                                  map[time.Weekday]tenant.Span // the days that change
	BotPaused, ForwardWhileLocked, LegacyKey               *bool
	Networks                                               *[]netip.Prefix
	KeepDeliveriesDays, KeepMediaDays                      *int
	WindowReminderMinutes                                  *int

	HandBackMinutes, QuietSeconds, History, MediaWaitSeconds, NoReplyMinutes *int
	PayloadStyle                                                             *tenant.Style
	RepeatGuard, ZAPIFacade                                                  *bool
	Transcription                                                            TranscriptionChange
	GetsReactions, AnswersAtOnce                                             *bool

	// What only the platform changes.
	Status                *tenant.Status
	Plan                  *tenant.Plan
	MaxUsers, MaxMessages *int
	TrialEnds             *time.Time // zero: never

	// PhoneNumberID says which number is added or changed. A hotel's only number need not be named.
	PhoneNumberID, AccessToken, WABAID, Display *string
	// ReplaceNumber makes a PhoneNumberID that is new take the place of a hotel's only number.
	ReplaceNumber bool
}

// SetTenant changes a hotel from the command line. A change of nothing is refused:
// somebody forgot what they came for.
func (p *Provisioner) SetTenant(ctx context.Context, slug string, c Change) (tenant.Tenant, error) {
	row, err := p.db.SystemTenantBySlug(ctx, slug)
	if err != nil {
		return tenant.Tenant{}, err
	}
	if reflect.ValueOf(c).IsZero() {
		return row.Tenant, ErrNoChange
	}
	return p.Change(ctx, System, row.ID, c)
}

// Change changes a hotel and its numbers in one transaction, and notes who did it.
func (p *Provisioner) Change(ctx context.Context, by string, tenantID id.Tenant, c Change) (tenant.Tenant, error) {
	var after tenant.Tenant
	var added []tenant.Number
	err := p.db.SystemChangeTenant(ctx, tenantID, func(tx *postgres.TenantTx) (err error) {
		was, secrets := facts(tx.Row, tx.Numbers), secretsOf(tx)
		if err := p.apply(ctx, tx, c); err != nil {
			return err
		}
		if added, err = p.applyNumber(ctx, tx, c); err != nil {
			return err
		}
		tx.Row.UpdatedAt = p.clock.Now()
		after = tx.Row.Tenant
		if err := tx.Save(ctx); err != nil {
			return err
		}
		return p.auditChange(ctx, tx, by, was, secrets)
	})
	if err != nil {
		return after, err
	}
	for _, n := range added {
		if err := p.claim(ctx, tenantID, n); err != nil {
			return after, err
		}
	}
	if c.BotURL != nil {
		if err := p.tryFlow(ctx, tenantID); err != nil {
			return after, err
		}
	}
	if c.BotPaused != nil {
		return after, p.tellOfPause(ctx, tenantID)
	}
	return after, nil
}

// apply checks and makes the changes of the row.
func (p *Provisioner) apply(ctx context.Context, tx *postgres.TenantTx, c Change) error {
	row := &tx.Row
	set(&row.Name, c.Name)
	set(&row.Email, c.Email)
	name, email, err := checkPerson(row.Name, row.Email)
	if err != nil {
		return err
	}
	row.Name, row.Email = name, email
	set(&row.Status, c.Status)
	set(&row.Plan, c.Plan)
	set(&row.Limits.Users, c.MaxUsers)
	set(&row.Limits.Messages, c.MaxMessages)
	set(&row.TrialEnds, c.TrialEnds)
	set(&row.TimeZone, c.TimeZone)
	set(&row.Keep.Deliveries, c.KeepDeliveriesDays)
	set(&row.Keep.Media, c.KeepMediaDays)
	if c.WindowReminderMinutes != nil {
		row.WindowReminder = time.Duration(*c.WindowReminderMinutes) * time.Minute
	}
	for day, span := range c.Hours {
		row.Hours[day] = span
	}
	if err := checkTenant(row.Tenant); err != nil {
		return err
	}
	if err := row.Keep.Check(); err != nil {
		return err
	}
	if err := p.applyUnits(ctx, tx, c); err != nil {
		return err
	}
	return p.applyBot(row, c)
}

// checkTenant refuses what is no setting.
func checkTenant(t tenant.Tenant) error {
	if !t.Status.IsKnown() {
		return ErrStatus
	}
	if _, err := tenant.ParsePlan(string(t.Plan)); err != nil {
		return err
	}
	if err := t.Limits.Check(); err != nil {
		return err
	}
	return tenant.CheckTimeZone(t.TimeZone)
}

func (p *Provisioner) applyBot(row *postgres.TenantRow, c Change) error {
	if c.BotURL != nil { // an address that stays was judged when it came
		if err := p.checkURL(*c.BotURL); err != nil {
			return err
		}
	}
	set(&row.Bot.URL, c.BotURL)
	set(&row.Bot.Paused, c.BotPaused)
	set(&row.Bot.ForwardWhileLocked, c.ForwardWhileLocked)
	set(&row.Bot.LegacyKey, c.LegacyKey)
	set(&row.Bot.Networks, c.Networks)
	set(&row.Bot.Style, c.PayloadStyle)
	if err := p.applyTranscription(row, c.Transcription); err != nil {
		return err
	}
	set(&row.Bot.History, c.History)
	set(&row.Bot.RepeatGuard, c.RepeatGuard)
	set(&row.Bot.Facade, c.ZAPIFacade)
	set(&row.Bot.GetsReactions, c.GetsReactions)
	set(&row.Bot.AnswersAtOnce, c.AnswersAtOnce)
	setSpan(&row.Bot.HandBack, c.HandBackMinutes, time.Minute)
	setSpan(&row.Bot.Quiet, c.QuietSeconds, time.Second)
	setSpan(&row.Bot.MediaWait, c.MediaWaitSeconds, time.Second)
	setSpan(&row.Bot.NoReply, c.NoReplyMinutes, time.Minute)
	if err := row.Bot.Check(); err != nil {
		return err
	}
	p.seal(&row.AppSecret, c.AppSecret, row.ID)
	p.seal(&row.VerifyToken, c.VerifyToken, row.ID)
	p.seal(&row.BotSecret, c.BotSecret, row.ID)
	return nil
}

func setSpan(field *time.Duration, value *int, unit time.Duration) {
	if value != nil {
		*field = time.Duration(*value) * unit
	}
}

// applyUnits renames units wherever they stand, and removes those that nobody uses.
func (p *Provisioner) applyUnits(ctx context.Context, tx *postgres.TenantTx, c Change) error {
	for _, old := range slices.Sorted(maps.Keys(c.RenameUnits)) {
		from, known := tx.Row.Unit(old)
		if !known {
			return ErrUnit
		}
		to := strings.TrimSpace(c.RenameUnits[old])
		if err := tx.RenameUnit(ctx, from, to); err != nil {
			return err
		}
		tx.Row.Units = slices.Clone(tx.Row.Units)
		tx.Row.Units[slices.Index(tx.Row.Units, from)] = to
	}
	before := tx.Row.Units
	set(&tx.Row.Units, c.Units)
	clean, err := tenant.CleanUnits(tx.Row.Units)
	if err != nil {
		return err
	}
	tx.Row.Units = clean
	for _, unit := range before {
		if err := p.leaveUnit(ctx, tx, unit); err != nil {
			return err
		}
	}
	return nil
}

// leaveUnit refuses to take away a unit that is used, and spells it anew everywhere
// when only its spelling changes.
func (p *Provisioner) leaveUnit(ctx context.Context, tx *postgres.TenantTx, unit string) error {
	now, stays := tx.Row.Unit(unit)
	switch {
	case stays && now == unit:
		return nil
	case stays:
		return tx.RenameUnit(ctx, unit, now)
	}
	used, err := tx.UnitIsUsed(ctx, unit)
	if err == nil && used {
		return tenant.ErrUnitUsed
	}
	return err
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
