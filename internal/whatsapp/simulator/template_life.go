package simulator

import (
	"errors"
	"time"
)

// ErrNoTemplate is the answer for a template that does not exist.
var ErrNoTemplate = errors.New("no such template")

// How long the first and the second pause of a template last; the third time it is disabled (Meta's quality page).
var pauseLengths = []time.Duration{3 * time.Hour, 6 * time.Hour}

// review lets the time of a review pass and gives the knob's verdict. The caller holds b.mu.
func (b *business) review(t *template) {
	rules := b.sim.knobs.Load().Rules
	if rules.Verdict == VerdictWait {
		return
	}
	b.sim.clock.after(millis(rules.ReviewMs), func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if t.Status != TemplatePending {
			return
		}
		if rules.Verdict == VerdictReject {
			b.setStatus(t, TemplateRejected, statusNews{reason: "INVALID_FORMAT"})
			return
		}
		b.approve(t)
	})
}

func (b *business) approve(t *template) {
	t.toHold = b.sim.knobs.Load().Rules.Pacing
	b.setStatus(t, TemplateApproved, statusNews{})
}

// statusNews is what a status webhook says besides the state.
type statusNews struct {
	event       string // the state unless said otherwise
	reason      string
	title, text string // other_info
}

// setStatus moves a template and tells it. The caller holds b.mu.
func (b *business) setStatus(t *template, status string, news statusNews) {
	t.Status, t.RejectedReason = status, "NONE"
	if news.reason == "" {
		news.reason = "NONE"
	}
	if status == TemplateRejected {
		t.RejectedReason = news.reason
	}
	if news.event == "" {
		news.event = status
	}
	value := t.names()
	value["event"], value["reason"], value["message_template_category"] = news.event, news.reason, t.Category
	if news.title != "" {
		value["other_info"] = map[string]any{"title": news.title, "description": news.text}
	}
	if status == TemplateRejected && news.reason == "INVALID_FORMAT" {
		value["rejection_info"] = map[string]any{"reason": "INVALID_FORMAT", "recommendation": "Check the placeholders and their examples."}
	}
	if status == TemplateDisabled {
		value["disable_info"] = map[string]any{"disable_date": b.sim.Now().Unix()}
	}
	b.emit("message_template_status_update", value)
}

// names is how every template webhook names its template.
func (t *template) names() map[string]any {
	return map[string]any{
		"message_template_id": intID(t.ID), "message_template_name": t.Name, "message_template_language": t.Language,
	}
}

// pause is what bad quality does: 3 hours, then 6, then for good. The caller holds b.mu.
func (b *business) pause(t *template, byPacing bool) {
	if t.pauses >= len(pauseLengths) {
		b.setStatus(t, TemplateDisabled, statusNews{title: "DISABLED", text: "Disabled for low quality."})
		return
	}
	length := pauseLengths[t.pauses]
	t.pauses++
	t.byPacing, t.until = byPacing, b.sim.clock.time().Add(length)
	title := []string{"FIRST_PAUSE", "SECOND_PAUSE"}[t.pauses-1]
	if byPacing {
		title = "RATE_LIMITING_PAUSE"
	}
	b.setStatus(t, TemplatePaused, statusNews{title: title, text: "Paused for low quality."})
	b.dropHeld(t)
	if byPacing {
		return
	}
	until := t.until
	b.sim.clock.after(length, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if t.Status == TemplatePaused && t.until.Equal(until) {
			b.unpause(t)
		}
	})
}

func (b *business) unpause(t *template) {
	t.toHold = b.sim.knobs.Load().Rules.Pacing
	b.setStatus(t, TemplateApproved, statusNews{title: "UNPAUSE", text: "The template can be sent again."})
}

// quality sets the score and tells it; red pauses an approved template. The caller holds b.mu.
func (b *business) quality(t *template, score string) {
	value := t.names()
	value["previous_quality_score"], value["new_quality_score"] = t.Quality, score
	t.Quality = score
	b.emit("message_template_quality_update", value)
	if score == "RED" && t.Status == TemplateApproved {
		b.pause(t, false)
	}
}

// recategorise moves a template to another category and tells it. The caller holds b.mu.
func (b *business) recategorise(t *template, category string) {
	value := t.names()
	value["previous_category"], value["new_category"] = t.Category, category
	t.previous, t.Category = t.Category, category
	b.emit("template_category_update", value)
}

// hold keeps a message back when pacing says so, and says whether it did. The caller holds a.mu.
func (b *business) hold(t *template, m heldMessage) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if t == nil || t.toHold == 0 {
		return false
	}
	t.toHold--
	t.held = append(t.held, m)
	if wait := b.sim.knobs.Load().Rules.PacingMs; wait > 0 && len(t.held) == 1 {
		b.sim.clock.after(millis(wait), func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.releaseHeld(t)
		})
	}
	return true
}

func (b *business) releaseHeld(t *template) {
	for _, m := range t.held {
		b.sim.clock.after(0, m.release)
	}
	t.held, t.toHold = nil, 0
}

func (b *business) dropHeld(t *template) {
	for _, m := range t.held {
		b.sim.clock.after(0, m.drop)
	}
	t.held = nil
}

// DecideTemplate plays Meta: "approve", "reject" (with a reason), "pause", "pace" (a pause that ends by hand only),
// "unpause", "disable", "flag", "reinstate", "GREEN", "YELLOW", "RED", "UTILITY", "MARKETING", "release" and "drop" of
// the messages that pacing holds. Whoever subscribed hears of it.
func (s *Simulator) DecideTemplate(waba, id, decision, reason string) error {
	b := s.business(waba)
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.byID(id)
	if t == nil {
		return ErrNoTemplate
	}
	switch decision {
	case "approve":
		b.approve(t)
	case "reject":
		b.setStatus(t, TemplateRejected, statusNews{reason: reason})
	case "pause", "pace":
		b.pause(t, decision == "pace")
	case "unpause":
		b.unpause(t)
	case "disable":
		b.setStatus(t, TemplateDisabled, statusNews{title: "DISABLED", text: reason})
	case "flag":
		b.setStatus(t, "FLAGGED", statusNews{reason: reason})
	case "reinstate":
		b.setStatus(t, TemplateApproved, statusNews{event: "REINSTATED"})
	case "GREEN", "YELLOW", "RED", "UNKNOWN":
		b.quality(t, decision)
	case "UTILITY", "MARKETING", "AUTHENTICATION":
		b.recategorise(t, decision)
	case "release":
		b.releaseHeld(t)
	case "drop":
		b.dropHeld(t)
	default:
		return &badRequestError{"there is no decision " + decision}
	}
	return nil
}

// Templates lists the templates of a business account as they are now.
func (s *Simulator) Templates(waba string) []Template {
	b := s.business(waba)
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]Template, 0, len(b.templates))
	for _, t := range b.templates {
		out = append(out, t.Template)
	}
	return out
}
