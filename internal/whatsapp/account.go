package whatsapp

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/news"
)

// AccountNews is news about an account, a number or a template, and what it changes.
type AccountNews struct {
	news.Event
	Facts news.Facts
}

type wireAccount struct {
	WABAID loose           `json:"wabaId"`
	Time   json.RawMessage `json:"time"`
	Change json.RawMessage `json:"change"`
}

// wireNews has the keys of all fields; each field uses a few of them (webhook reference, 2026).
type wireNews struct {
	Event      loose `json:"event"`
	Decision   loose `json:"decision"`
	Status     loose `json:"status"`
	Reason     loose `json:"reason"`
	Message    loose `json:"message"`
	Display    loose `json:"display_phone_number"`
	TemplateID loose `json:"message_template_id"`
	Template   loose `json:"message_template_name"`
	Language   loose `json:"message_template_language"`
	Category   loose `json:"message_template_category"`

	NewQuality  loose           `json:"new_quality_score"`
	NewCategory loose           `json:"new_category"`
	Previous    loose           `json:"previous_category"`
	Correct     loose           `json:"correct_category"`
	Limit       json.RawMessage `json:"max_daily_conversations_per_business"`
	CurrentTier json.RawMessage `json:"current_limit"`                    // until February 2026
	PhoneLimit  json.RawMessage `json:"max_daily_conversation_per_phone"` // until February 2026

	Name       loose         `json:"requested_verified_name"`
	Rejection  loose         `json:"rejection_reason"`
	Rejected   wireRejection `json:"rejection_info"`
	Other      wireTitled    `json:"other_info"`
	EntityType loose         `json:"entity_type"`
	EntityID   loose         `json:"entity_id"`
	Alert      struct {
		Severity    loose `json:"alert_severity"`
		Type        loose `json:"alert_type"`
		Description loose `json:"alert_description"`
	} `json:"alert_info"`
	Ban struct {
		State loose `json:"waba_ban_state"`
	} `json:"ban_info"`
	Violation struct {
		Type loose `json:"violation_type"`
	} `json:"violation_info"`
	Restrictions rawList `json:"restriction_info"`
	FlowID       loose   `json:"flow_id"`
	Username     loose   `json:"username"`
	Errors       rawList `json:"errors"`
	History      rawList `json:"history"`
}

type wireRejection struct {
	Reason         loose `json:"reason"`
	Recommendation loose `json:"recommendation"`
}

type wireTitled struct {
	Title       loose `json:"title"`
	Description loose `json:"description"`
}

// ParseAccount reads the payload of an ItemAccount. The only error is ErrUnreadable: what Meta invents anew comes
// as news.Other, and an event that is not known as one of little weight.
func ParseAccount(payload json.RawMessage, receivedAt time.Time) (AccountNews, error) {
	var p struct {
		Account wireAccount `json:"account"`
	}
	if err := readLoosely(payload, &p); err != nil {
		return AccountNews{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	var c struct {
		Value    json.RawMessage `json:"value"`
		Rejected wireRejection   `json:"rejection_info"` // Meta's page prints it beside value
	}
	if err := readObject(p.Account.Change, &c); err != nil {
		return AccountNews{}, err
	}
	return readAccount(p.Account, c.Value, c.Rejected, receivedAt)
}

func readAccount(a wireAccount, value json.RawMessage, rejected wireRejection, receivedAt time.Time) (AccountNews, error) {
	var w wireNews
	var change wireChange
	if readObject(value, &w) != nil || json.Unmarshal(a.Change, &change) != nil {
		return AccountNews{}, fmt.Errorf("%w: no value", ErrUnreadable)
	}
	if w.Rejected == (wireRejection{}) {
		w.Rejected = rejected
	}
	at, dated := timeOr(loose(a.Time), receivedAt)
	n := AccountNews{Event: news.Event{WABAID: cut(string(a.WABAID), 64), Severity: news.Info, Data: storable(value), At: at, SeenAt: receivedAt.UTC()}}
	field := change.field()
	when := strconv.FormatInt(at.Unix(), 10)
	if !dated {
		when = receivedAt.UTC().Format(time.DateOnly) // it has no time of its own: the same is new again tomorrow
	}
	n.Key = sha256.Sum256([]byte(strings.Join([]string{field, string(a.WABAID), when, string(n.Data)}, "\x00")))
	w.read(field, &n)
	n.Name, n.Subject, n.Reason = cleanLabel(n.Name), cleanLabel(n.Subject), cleanLabel(n.Reason)
	return n, nil
}

// read sorts the news by its field.
func (w *wireNews) read(field string, n *AccountNews) {
	n.Name = first(w.Event, w.Decision, w.Status)
	switch field {
	case "message_template_status_update":
		w.readTemplateStatus(n)
	case "message_template_quality_update":
		n.Kind, n.Name, n.Subject = news.TemplateQuality, string(w.NewQuality), string(w.Template)
		n.Severity = severityOf(n.Name, []string{"RED"}, []string{"YELLOW"})
		n.Facts.Template = w.template(news.TemplateFacts{Quality: upper(w.NewQuality)})
	case "template_category_update", "template_correct_category_detection":
		w.readCategory(n)
	case "message_template_components_update":
		n.Kind, n.Name, n.Subject = news.TemplateComponents, "COMPONENTS", string(w.Template)
		n.Facts.Template = w.template(news.TemplateFacts{})
	case "phone_number_quality_update":
		w.readNumberQuality(n)
	case "phone_number_name_update":
		n.Kind, n.Subject, n.Reason = news.NumberName, first(w.Name, w.Display), string(w.Rejection)
		n.Severity = severityOf(n.Name, nil, []string{"REJECTED"})
		facts := news.NumberFacts{Display: digits(w.Display), NameState: upper(w.Decision)}
		if facts.NameState == "APPROVED" {
			facts.Name = cleanLabel(string(w.Name))
		}
		n.Facts.Number = &facts
	case "business_capability_update":
		n.Kind, n.Name = news.Capability, "LIMIT"
		n.Facts.Number = &news.NumberFacts{Limit: tier(w.Limit, w.PhoneLimit)}
	case "account_update", "account_settings_update", "business_status_update":
		w.readUpdate(n)
	case "account_alerts":
		n.Kind, n.Name, n.Reason, n.Subject = news.Alert, string(w.Alert.Type), string(w.Alert.Description), string(w.EntityType)
		n.Severity = severityOf(string(w.Alert.Severity), []string{"CRITICAL"}, []string{"WARNING"})
	case "account_review_update":
		n.Kind, n.Severity = news.Review, severityOf(n.Name, []string{"REJECTED"}, []string{"DEFERRED"})
	case "security":
		n.Kind, n.Severity, n.Subject = news.Security, news.Warning, string(w.Display)
	case "flows":
		n.Kind, n.Subject, n.Reason, n.Severity = news.Flow, string(w.FlowID), string(w.Message), news.Warning
	case "business_username_updates":
		n.Kind, n.Name, n.Subject = news.Username, upper(w.Status), string(w.Username)
	case "history":
		w.readHistory(n)
	case messagesField:
		n.Kind, n.Name, n.Severity = news.Problem, "ERROR", news.Critical
		n.blame(w.Errors)
	default:
		n.Kind, n.Subject = news.Other, field
	}
}

func (w *wireNews) template(f news.TemplateFacts) *news.TemplateFacts {
	f.ID, f.Name, f.Language = cleanLabel(string(w.TemplateID)), cleanLabel(string(w.Template)), cleanLabel(string(w.Language))
	if f.ID == "" && f.Name == "" {
		return nil
	}
	return &f
}

// readTemplateStatus: everything but APPROVED means that the template must not be sent.
func (w *wireNews) readTemplateStatus(n *AccountNews) {
	n.Kind, n.Subject = news.TemplateStatus, string(w.Template)
	n.Severity = severityOf(n.Name, []string{"DISABLED", "LOCKED"}, []string{"REJECTED", "PAUSED", "FLAGGED", "LIMIT_EXCEEDED", "PENDING_DELETION", "DELETED"})
	n.Reason = first(w.Rejected.Reason, w.Other.Description, w.Other.Title)
	if w.Rejected.Recommendation != "" {
		n.Reason = strings.TrimSpace(n.Reason + " " + string(w.Rejected.Recommendation))
	}
	if n.Reason == "" && w.Reason != "NONE" {
		n.Reason = string(w.Reason)
	}
	n.Facts.Template = w.template(news.TemplateFacts{Status: upper(w.Event), Reason: cleanLabel(n.Reason), Category: upper(w.Category)})
}

// readCategory: an impending change names the category that Meta holds to be correct, one that is done the previous
// one. A template that becomes marketing costs more.
func (w *wireNews) readCategory(n *AccountNews) {
	n.Kind, n.Name, n.Subject = news.TemplateCategory, "CHANGED", string(w.Template)
	becomes := upper(w.NewCategory)
	facts := news.TemplateFacts{Category: becomes}
	if w.Correct != "" && w.Previous == "" {
		n.Name, becomes = "IMPENDING", upper(w.Correct)
	}
	if becomes == "MARKETING" {
		n.Severity = news.Warning
	}
	n.Reason = becomes
	n.Facts.Template = w.template(facts)
}

func (w *wireNews) readNumberQuality(n *AccountNews) {
	n.Kind, n.Subject = news.NumberQuality, string(w.Display)
	facts := news.NumberFacts{Display: digits(w.Display), Limit: tier(w.Limit, w.CurrentTier)}
	switch n.Name { // names of older samples; today only ONBOARDING and THROUGHPUT_UPGRADE are documented
	case "FLAGGED":
		facts.Quality, n.Severity = "RED", news.Warning
	case "UNFLAGGED":
		facts.Quality = "GREEN"
	case "DOWNGRADE":
		n.Severity = news.Warning
	}
	n.Facts.Number = &facts
}

// readUpdate: a ban, a restriction and their end concern all numbers of the account.
func (w *wireNews) readUpdate(n *AccountNews) {
	n.Kind = news.Update
	facts := news.NumberFacts{}
	switch n.Name {
	case "DISABLED_UPDATE":
		n.Reason = string(w.Ban.State)
		switch w.Ban.State {
		case "DISABLE":
			n.Severity, facts.Account = news.Critical, news.Disabled
		case "REINSTATE":
			facts.Account = news.Active
		default: // SCHEDULE_FOR_DISABLE
			n.Severity = news.Critical
		}
	case "ACCOUNT_RESTRICTION":
		n.Severity, facts.Account = news.Critical, news.Restricted
		n.Reason = restrictions(w.Restrictions)
	case "ACCOUNT_VIOLATION":
		n.Severity, n.Reason = news.Warning, string(w.Violation.Type)
	case "ACCOUNT_DELETED", "PARTNER_REMOVED", "ACCOUNT_OFFBOARDED":
		n.Severity, facts.Account = news.Critical, news.Disabled
	case "ACCOUNT_RECONNECTED":
		facts.Account = news.Active
	}
	if facts.Account != "" {
		n.Facts.Number = &facts
	}
}

func restrictions(list rawList) string {
	var types []string
	for _, raw := range list[:min(len(list), maxFailures)] {
		var r struct {
			Type loose `json:"restriction_type"`
		}
		if readObject(raw, &r) == nil && r.Type != "" {
			types = append(types, string(r.Type))
		}
	}
	return strings.Join(types, ", ")
}

func (w *wireNews) readHistory(n *AccountNews) {
	n.Kind, n.Name, n.Data = news.HistorySync, "COMPLETE", nil // the messages themselves are not news
	for _, raw := range w.History {
		var c wireChunk
		if readObject(raw, &c) == nil && len(c.Errors) > 0 {
			n.Name, n.Severity = "DECLINED", news.Warning
			n.Data = storable(mustMarshal(map[string]rawList{"errors": c.Errors}))
			n.blame(c.Errors)
		}
	}
}

// blame takes the reason from errors of Meta's.
func (n *AccountNews) blame(errors rawList) {
	for _, f := range readFailures(errors) {
		n.Subject, n.Reason = strconv.Itoa(f.code), strings.TrimSpace(f.title+" "+f.details)
		return
	}
}

func severityOf(name string, critical, warning []string) news.Severity {
	switch {
	case slices.Contains(critical, strings.ToUpper(name)):
		return news.Critical
	case slices.Contains(warning, strings.ToUpper(name)):
		return news.Warning
	default:
		return news.Info
	}
}

// upper makes a value of one of Meta's lists the same whatever its case.
func upper(l loose) string { return cut(strings.ToUpper(cleanLabel(string(l))), 64) }

func digits(l loose) string {
	return cut(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, string(l)), 20)
}

// tiers are Meta's names of limits (messaging limits page, 2026).
var tiers = map[string]int{
	"TIER_50": 50, "TIER_250": 250, "TIER_1K": 1000, "TIER_2K": 2000, "TIER_10K": 10_000, "TIER_100K": 100_000,
	"TIER_UNLIMITED": news.Unlimited,
}

// tier reads a limit, which is a number in samples and a name in the documentation.
func tier(values ...json.RawMessage) *int {
	for _, raw := range values {
		var text loose
		if len(raw) == 0 || text.UnmarshalJSON(raw) != nil {
			continue
		}
		if limit, known := tiers[string(text)]; known {
			return &limit
		}
		if limit, err := strconv.Atoi(string(text)); err == nil && limit >= news.Unlimited && limit < 1e9 {
			return &limit
		}
	}
	return nil
}
