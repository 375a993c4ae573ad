// Package news says what WhatsApp tells a hotel about its account, its numbers and
// its templates: what it is called, how bad it is, and what of it can be acted upon.
// How Meta writes it is package whatsapp; how it is stored, postgres. Start with Event.
package news

import (
	"encoding/json"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
)

// Event is one piece of news about an account.
type Event struct {
	ID       id.News
	Key      [32]byte // the same for the same news, whatever Meta repeats
	WABAID   string
	NumberID id.Number // zero unless it concerns one number
	Kind     Kind
	Name     string // what happened, in Meta's words: APPROVED, PIN_CHANGED
	Severity Severity
	Subject  string          // the template, number or entity, as people know it
	Reason   string          // Meta's own words, or empty
	Data     json.RawMessage // everything that Meta said
	At       time.Time       // when it happened
	SeenAt   time.Time       // when we were told
}

// Kind is what news is about.
type Kind string

// The kinds of news.
const (
	TemplateStatus     Kind = "template_status"
	TemplateQuality    Kind = "template_quality"
	TemplateCategory   Kind = "template_category"
	TemplateComponents Kind = "template_components"
	NumberQuality      Kind = "number_quality"
	NumberName         Kind = "number_name"
	Capability         Kind = "capability" // how many guests may be written to in a day
	Update             Kind = "account_update"
	Alert              Kind = "account_alert"
	Review             Kind = "account_review"
	Security           Kind = "security"
	Flow               Kind = "flow"
	Username           Kind = "username"
	HistorySync        Kind = "history_sync"
	Problem            Kind = "problem"     // errors of the account itself
	SameGuest          Kind = "same_guest"  // two records of ours are one person; nobody's word but WhatsApp's
	APIVersion         Kind = "api_version" // the version of Meta's API that we use ends
	Other              Kind = "other"
)

// Kinds lists every kind.
var Kinds = []Kind{
	TemplateStatus, TemplateQuality, TemplateCategory, TemplateComponents, NumberQuality, NumberName, Capability, Update, Alert,
	Review, Security, Flow, Username, HistorySync, Problem, SameGuest, APIVersion, Other,
}

// Severity is how soon somebody should look.
type Severity string

// The severities.
const (
	Info     Severity = "info"
	Warning  Severity = "warning"
	Critical Severity = "critical" // messages are not sent, or soon will not be
)

// Severities lists every severity.
var Severities = []Severity{Info, Warning, Critical}

// Facts is what news changes. Each part is set only if the news says something of it;
// of two pieces of news about the same, the later by its own time counts.
type Facts struct {
	Template *TemplateFacts
	Number   *NumberFacts
}

// TemplateFacts is what is new about a template.
type TemplateFacts struct {
	ID       string // Meta's
	Name     string
	Language string
	Status   string
	Reason   string // why it was rejected or paused
	Quality  string
	Category string
}

// NumberFacts is what is new about a number, or about all numbers of an account.
type NumberFacts struct {
	Display   string // digits of the number; empty for all numbers of the account
	Quality   string // GREEN, YELLOW, RED
	Limit     *int   // guests that may be written to first in 24 hours; Unlimited for any number
	Name      string // the name that guests see, once approved
	NameState string // APPROVED, REJECTED, PENDING, DEFERRED
	Account   string // Active, Disabled or Restricted
}

// Unlimited stands for a limit that is none.
const Unlimited = -1

// The states of an account.
const (
	Active     = "ACTIVE"
	Restricted = "RESTRICTED"
	Disabled   = "DISABLED"
)
