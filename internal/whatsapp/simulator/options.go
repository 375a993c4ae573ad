package simulator

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"time"
)

// Options configures New. The zero value works: no accounts yet, faithful knobs, real time, Meta's retry schedule.
type Options struct {
	// Accounts are the hotels' numbers that exist from the start; AddAccount adds more.
	Accounts []Account
	// Logger gets one line per notable event, never message text, numbers or tokens. Nil discards.
	Logger *slog.Logger
	// Now replaces the real clock. Advance shifts whatever it returns.
	Now func() time.Time
	// Seed makes ids repeatable. Zero picks a random seed, so that ids of two runs never meet in one database.
	Seed uint64
	// PublicURL is where this handler is reachable, for the url of inbound media. Empty leaves that key out.
	PublicURL string
	// Knobs is the behaviour at start; nil means DefaultKnobs.
	Knobs *Knobs
	// Webhooks says how webhooks are delivered.
	Webhooks Webhooks
	// Bounds caps what is kept in memory.
	Bounds Bounds
}

// Webhooks says how webhooks leave. Zero fields take the default named beside them.
type Webhooks struct {
	// Concurrency is how many requests per account may be in flight (4).
	Concurrency int
	// Unordered lets events of one guest overtake each other, as Meta allows itself. By default an event waits for
	// the earlier ones of the same guest, also while they are retried.
	Unordered bool
	// Retry holds the waits before the second, third, … attempt; the last one repeats (at once, 10 s, 30 s, 1 min,
	// 2 min, 5 min, 10 min, 30 min, 1 h: Meta publishes no steps).
	Retry []time.Duration
	// GiveUpAfter drops an event this long after its first attempt (7 days).
	GiveUpAfter time.Duration
	// Timeout is how long an answer may take (10 s).
	Timeout time.Duration
}

// Bounds caps memory. Zero fields take the default named beside them.
type Bounds struct {
	Transcript  int   // messages kept per guest (300)
	Guests      int   // guests kept per account, the least recently active go first (20,000)
	Sends       int   // accepted sends kept for Sends (10,000)
	Opaque      int   // biz_opaque_callback_data values remembered to notice a second send (500,000)
	MediaBytes  int64 // bytes of media kept, the oldest go first (128 MiB)
	Webhooks    int   // webhooks waiting per account, further ones are dropped and counted (100,000)
	Deliveries  int   // webhook attempts kept for Deliveries (1,000)
	RequestBody int64 // bytes of a JSON request (1 MiB)
}

// Account is one business number with its app's settings.
type Account struct {
	PhoneNumberID string `json:"phoneNumberId"`
	DisplayNumber string `json:"displayNumber"` // digits with country code
	WABAID        string `json:"wabaId"`
	Name          string `json:"name"` // verified name, the title of the chat on the guest's phone
	AccessToken   string `json:"accessToken,omitempty"`
	AppSecret     string `json:"appSecret,omitempty"`
	WebhookURL    string `json:"webhookUrl"`
	VerifyToken   string `json:"verifyToken,omitempty"`
	// WebhookVersion is the field version of the subscription; below 24 statuses carry a conversation block (25).
	WebhookVersion int `json:"webhookVersion,omitempty"`
	// Templates are the approved (or paused, …) templates. While there are none any well-formed template is taken.
	Templates []Template `json:"templates,omitempty"`
	// AllowedRecipients makes this a test number: sends to anyone else get 131030.
	AllowedRecipients []string `json:"allowedRecipients,omitempty"`
	// TokenExpires ends the access token; zero is never.
	TokenExpires time.Time `json:"tokenExpires,omitzero"`
	// Fields are the subscribed webhook fields; empty is all.
	Fields []string `json:"fields,omitempty"`
}

// Template is a message template of an account.
type Template struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language"`
	Category string `json:"category"` // UTILITY, MARKETING or AUTHENTICATION
	Status   string `json:"status"`   // APPROVED unless PENDING, REJECTED, PAUSED or DISABLED
	Body     string `json:"body"`     // with {{1}} or {{name}}
	// Buttons are the labels of its quick replies.
	Buttons []string `json:"buttons,omitempty"`
	// Components is the whole form as Meta has it, instead of Body and Buttons.
	Components      json.RawMessage `json:"components,omitempty"`
	ParameterFormat string          `json:"parameterFormat,omitempty"` // POSITIONAL or NAMED
	Quality         string          `json:"quality,omitempty"`         // GREEN, YELLOW, RED or UNKNOWN
	RejectedReason  string          `json:"rejectedReason,omitempty"`
	TTL             int             `json:"ttlSeconds,omitempty"` // message_send_ttl_seconds
}

func (w Webhooks) withDefaults() Webhooks {
	w.Concurrency = orInt(w.Concurrency, 4)
	w.GiveUpAfter = orDuration(w.GiveUpAfter, 7*24*time.Hour)
	w.Timeout = orDuration(w.Timeout, 10*time.Second)
	if len(w.Retry) == 0 {
		w.Retry = []time.Duration{
			0, 10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute,
			5 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour,
		}
	}
	return w
}

func (b Bounds) withDefaults() Bounds {
	b.Transcript = orInt(b.Transcript, 300)
	b.Guests = orInt(b.Guests, 20_000)
	b.Sends = orInt(b.Sends, 10_000)
	b.Opaque = orInt(b.Opaque, 500_000)
	b.Webhooks = orInt(b.Webhooks, 100_000)
	b.Deliveries = orInt(b.Deliveries, 1_000)
	if b.MediaBytes <= 0 {
		b.MediaBytes = 128 << 20
	}
	if b.RequestBody <= 0 {
		b.RequestBody = 1 << 20
	}
	return b
}

// check refuses an account that could never work.
func (a Account) check() error {
	switch {
	case a.PhoneNumberID == "" || digitsOf(a.PhoneNumberID) != a.PhoneNumberID:
		return errors.New("phone number id must be digits")
	case digitsOf(a.DisplayNumber) == "":
		return errors.New("display number must hold digits")
	case a.AccessToken == "":
		return errors.New("access token is missing")
	case a.AppSecret == "":
		return errors.New("app secret is missing")
	}
	return checkWebhookURL(a.WebhookURL)
}

// checkWebhookURL accepts the empty address: such an account cannot be reached and its events are dropped.
func checkWebhookURL(raw string) error {
	if raw == "" {
		return nil
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return errors.New("webhook address must be an absolute http or https URL")
	}
	return nil
}

func orInt(v, fallback int) int {
	if v > 0 {
		return v
	}
	return fallback
}

func orDuration(v, fallback time.Duration) time.Duration {
	if v > 0 {
		return v
	}
	return fallback
}
