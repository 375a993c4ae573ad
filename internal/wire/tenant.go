package wire

import (
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/tenant"
)

// Tenant is a hotel as the platform's operator sees it: no secret, no ciphertext.
// maxUsers, maxContacts and isWhatsappConnected are what the original's dashboard reads.
type Tenant struct {
	ID                  string        `json:"id"`
	Name                string        `json:"name"`
	Slug                string        `json:"slug"`
	Email               string        `json:"email"`
	Status              tenant.Status `json:"status"`
	Plan                tenant.Plan   `json:"plan"`
	MaxAttendants       int           `json:"maxAttendants" doc:"0: as many as they like"`
	MaxMessages         int           `json:"maxMessages" doc:"Sent in a month; 0: as many as they like"`
	MaxUsers            int           `json:"maxUsers" doc:"The same as maxAttendants"`
	MaxContacts         int           `json:"maxContacts" doc:"Always 0: guests are not limited"`
	TrialEndsAt         *Time         `json:"trialEndsAt"`
	TrialEnded          bool          `json:"trialEnded"`
	IsWhatsappConnected bool          `json:"isWhatsappConnected"`
	CreatedAt           Time          `json:"createdAt"`
	UpdatedAt           Time          `json:"updatedAt"`
}

// TenantOf writes a tenant. Whether it is connected only its numbers tell.
func TenantOf(t tenant.Tenant, connected bool, now time.Time) Tenant {
	return Tenant{
		ID: t.ID.String(), Name: t.Name, Slug: t.Slug, Email: t.Email, Status: t.Status, Plan: t.Plan,
		MaxAttendants: t.Limits.Users, MaxUsers: t.Limits.Users, MaxMessages: t.Limits.Messages,
		TrialEndsAt: atOrNull(t.TrialEnds), TrialEnded: t.TrialEnded(now), IsWhatsappConnected: connected,
		CreatedAt: At(t.CreatedAt), UpdatedAt: At(t.UpdatedAt),
	}
}

// Settings is a hotel as its own people see it.
type Settings struct {
	Tenant
	Units              []string `json:"units" nullable:"false"`
	TimeZone           string   `json:"timeZone"`
	BusinessHours      Week     `json:"businessHours"`
	BotPaused          bool     `json:"botPaused"`
	ForwardWhileLocked bool     `json:"forwardWhileLocked"`
	KeepDeliveriesDays int      `json:"keepDeliveriesDays" doc:"How long raw deliveries of Meta's are kept"`
	KeepMediaDays      int      `json:"keepMediaDays" doc:"How long files are kept; 0: for ever"`
	WindowReminder     int      `json:"windowReminderMinutes" doc:"How long before the 24-hour window closes on a guest who waits people are reminded; 0: never"`
}

// SettingsOf writes a hotel's settings.
func SettingsOf(t tenant.Tenant, connected bool, now time.Time) Settings {
	units := t.Units
	if units == nil {
		units = []string{}
	}
	return Settings{
		Tenant: TenantOf(t, connected, now), Units: units, TimeZone: t.TimeZone, BusinessHours: weekOf(t.Hours),
		BotPaused: t.Bot.Paused, ForwardWhileLocked: t.Bot.ForwardWhileLocked,
		KeepDeliveriesDays: t.Keep.Deliveries, KeepMediaDays: t.Keep.Media, WindowReminder: int(t.WindowReminder.Minutes()),
	}
}

// Week is when a hotel's people answer; a day that is closed is null.
type Week struct {
	Sunday    *Day `json:"sunday"`
	Monday    *Day `json:"monday"`
	Tuesday   *Day `json:"tuesday"`
	Wednesday *Day `json:"wednesday"`
	Thursday  *Day `json:"thursday"`
	Friday    *Day `json:"friday"`
	Saturday  *Day `json:"saturday"`
}

// Day is from when until when.
type Day struct {
	From string `json:"from" example:"08:00"`
	To   string `json:"to" example:"18:00"`
}

func weekOf(h tenant.Hours) Week {
	var days [7]*Day
	for i, span := range h {
		if !span.IsEmpty() {
			from, to := span.Texts()
			days[i] = &Day{from, to}
		}
	}
	return Week{days[0], days[1], days[2], days[3], days[4], days[5], days[6]}
}

// Weekday reads the name of a day as Week writes it.
func Weekday(name string) (time.Weekday, bool) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if strings.ToLower(day.String()) == name {
			return day, true
		}
	}
	return 0, false
}

// Number is a WhatsApp number of a hotel. What Meta did not tell is null.
type Number struct {
	ID                string  `json:"id"`
	PhoneNumberID     string  `json:"phoneNumberId" doc:"Meta's id of the number"`
	BusinessAccountID *string `json:"businessAccountId" doc:"Meta's id of the WhatsApp business account"`
	PhoneNumber       *string `json:"phoneNumber" doc:"As people write it"`
	HasAccessToken    bool    `json:"hasAccessToken"`
	IsDefault         bool    `json:"isDefault" doc:"The hotel writes first through this one"`
	Status            *string `json:"status" doc:"CONNECTED is the working one"`
	Quality           *string `json:"quality" doc:"GREEN, YELLOW, RED or UNKNOWN"`
	VerifiedName      *string `json:"verifiedName" doc:"What guests see"`
	NameStatus        *string `json:"nameStatus"`
	AccountStatus     *string `json:"accountStatus" doc:"ACTIVE, RESTRICTED or DISABLED"`
	MessagingLimit    *int    `json:"messagingLimit" doc:"How many guests may be written to first in 24 hours; -1: any number"`
	Throughput        *int    `json:"throughput" doc:"Messages per second, in and out together"`
	CheckedAt         *Time   `json:"checkedAt" doc:"When Meta was last asked"`
	PausedSince       *Time   `json:"pausedSince" doc:"Since when messages wait because WhatsApp refuses everything from this number; null: they are sent"`
	PauseReason       *string `json:"pauseReason" doc:"Why, and what to do, in Portuguese"`
	PauseReasonEN     *string `json:"pauseReasonEn"`
}

// NumberOf writes a number.
func NumberOf(n tenant.Number, hasToken bool) Number {
	s := n.Standing
	out := Number{
		ID: n.ID.String(), PhoneNumberID: n.PhoneNumberID, BusinessAccountID: orNull(n.WABAID), PhoneNumber: orNull(n.Display),
		HasAccessToken: hasToken, IsDefault: n.IsDefault, Status: orNull(s.Status), Quality: orNull(s.Quality), VerifiedName: orNull(s.VerifiedName),
		NameStatus: orNull(s.NameState), AccountStatus: orNull(s.Account), MessagingLimit: s.DailyLimit, CheckedAt: atOrNull(s.ReadAt),
		PausedSince: atOrNull(s.Pause.Since), PauseReason: orNull(s.Pause.Reason), PauseReasonEN: orNull(s.Pause.ReasonEN),
	}
	if s.Throughput > 0 {
		out.Throughput = &s.Throughput
	}
	return out
}

// Usage is what a hotel used in one month.
type Usage struct {
	ID                 *string `json:"id"`
	Period             Time    `json:"period" doc:"When the month began, in UTC"`
	MessagesCount      int     `json:"messagesCount" doc:"Of guests, bot and people"`
	ConversationsCount int     `json:"conversationsCount"`
	ActiveUsers        int     `json:"activeUsers" doc:"Who logged in"`
	CreatedAt          *Time   `json:"createdAt"`
	UpdatedAt          *Time   `json:"updatedAt"`
}

// UsageOf writes a month.
func UsageOf(u tenant.Usage) Usage {
	out := Usage{
		Period: At(u.Period), MessagesCount: u.Messages, ConversationsCount: u.Conversations, ActiveUsers: u.ActiveUsers,
		CreatedAt: atOrNull(u.CreatedAt), UpdatedAt: atOrNull(u.UpdatedAt),
	}
	if !u.CreatedAt.IsZero() {
		id := u.ID.String()
		out.ID = &id
	}
	return out
}
