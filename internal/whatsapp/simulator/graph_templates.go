package simulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Limits of template management (Meta's templates pages).
const (
	templatesPerHour     = 100
	templatesUnverified  = 250
	templatesVerified    = 6000
	nameBlockedFor       = 30 * 24 * time.Hour
	editsPerMonth        = 10
	templateDeletedWhole = 100 // hsm_ids in one call
)

func (s *Simulator) listTemplates(w http.ResponseWriter, r *http.Request, id string) *graphError {
	if _, gerr := s.waba(r, id); gerr != nil {
		return gerr
	}
	b, q := s.business(id), r.URL.Query()
	b.mu.Lock()
	var rows []map[string]any
	for _, t := range b.templates {
		if t.matches(q) {
			rows = append(rows, t.fields())
		}
	}
	b.mu.Unlock()
	return s.writePage(w, r, rows, "WhatsAppMessageTemplate")
}

// matches applies the filters of a list. The name is a part of the template's, as reported of some versions.
func (t *template) matches(q url.Values) bool {
	same := func(key, value string) bool { return q.Get(key) == "" || strings.EqualFold(q.Get(key), value) }
	part := func(key string, texts ...string) bool {
		return q.Get(key) == "" || slices.ContainsFunc(texts, func(text string) bool {
			return strings.Contains(strings.ToLower(text), strings.ToLower(q.Get(key)))
		})
	}
	return same("status", t.Status) && same("language", t.Language) && same("category", t.Category) &&
		same("quality_score", t.Quality) && part("name", t.Name) && part("content", t.form.body) &&
		part("name_or_content", t.Name, t.form.body)
}

// newTemplate is the body of a creation or an edit.
type newTemplate struct {
	Name            string          `json:"name"`
	Language        string          `json:"language"`
	Category        string          `json:"category"`
	ParameterFormat string          `json:"parameter_format"`
	Components      json.RawMessage `json:"components"`
	TTL             int             `json:"message_send_ttl_seconds"`
	AllowChange     bool            `json:"allow_category_change"`
	Library         string          `json:"library_template_name"`
	CTA             json.RawMessage `json:"cta_url_link_tracking_opted_out"`
}

func (s *Simulator) createTemplate(w http.ResponseWriter, r *http.Request, id string) *graphError {
	if _, gerr := s.waba(r, id); gerr != nil {
		return gerr
	}
	var req newTemplate
	if gerr := s.readStrict(r, &req); gerr != nil {
		return gerr
	}
	t := Template{
		Name: req.Name, Language: req.Language, Category: strings.ToUpper(req.Category), Components: req.Components,
		ParameterFormat: strings.ToUpper(req.ParameterFormat), TTL: req.TTL, Status: TemplatePending,
	}
	switch {
	case !templateName.MatchString(t.Name):
		return badTemplate(subBody, "name must have 1 to 512 lower-case letters, digits and underscores")
	case !languageCode.MatchString(t.Language):
		return badTemplate(subBody, "language %q is not supported", t.Language)
	case !slices.Contains([]string{"AUTHENTICATION", "MARKETING", "UTILITY"}, t.Category):
		return refusal(100, "Param category must be one of AUTHENTICATION, MARKETING, UTILITY.")
	}
	t = t.withDefaults()
	if gerr := checkTemplateForm(t); gerr != nil {
		return gerr
	}
	made, gerr := s.business(id).add(t)
	if gerr != nil {
		return gerr
	}
	s.writeGraph(w, http.StatusOK, map[string]any{"id": made.ID, "status": made.Status, "category": made.Category})
	return nil
}

// add takes a new template into review.
func (b *business) add(t Template) (Template, *graphError) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.sim.clock.time()
	b.created = slices.DeleteFunc(b.created, func(at time.Time) bool { return now.Sub(at) >= time.Hour })
	most := templatesUnverified
	if b.state.Verified {
		most = templatesVerified
	}
	switch {
	case len(b.created) >= templatesPerHour:
		return t, refusal(80008, "There have been too many calls to this WhatsApp Business account: 100 templates may be created in an hour.")
	case len(b.templates) >= most:
		return t, badTemplate(subTooMany, "the business account has %d templates already", most)
	case now.Before(b.blocked[t.Name]):
		return t, badTemplate(subNameBlocked, "the name belonged to a deleted template and is blocked for 30 days")
	case b.named(t.Name, t.Language) != nil:
		return t, badTemplate(subExists, "there is already %s content for this template", t.Language)
	}
	live := &template{Template: t}
	live.ID = b.sim.ids.digits('9')
	live.form, _ = formOf(t) // it was checked
	b.templates, b.created = append(b.templates, live), append(b.created, now)
	b.review(live)
	return live.Template, nil
}

// templateOf finds a template by id, and the business account that the token may see.
func (s *Simulator) templateOf(r *http.Request, id string) (*business, *template, *graphError) {
	if gerr := s.checkToken(tokenOf(r)); gerr != nil {
		return nil, nil, gerr
	}
	for _, b := range s.allBusinesses() {
		b.mu.Lock()
		t := b.byID(id)
		b.mu.Unlock()
		if t == nil {
			continue
		}
		if _, gerr := s.waba(r, b.id); gerr != nil {
			break
		}
		return b, t, nil
	}
	return nil, nil, errNoObject(r.Method, id)
}

func (s *Simulator) isTemplate(id string) bool {
	for _, b := range s.allBusinesses() {
		b.mu.Lock()
		t := b.byID(id)
		b.mu.Unlock()
		if t != nil {
			return true
		}
	}
	return false
}

func (s *Simulator) getTemplate(w http.ResponseWriter, r *http.Request, id string) *graphError {
	b, t, gerr := s.templateOf(r, id)
	if gerr != nil {
		return gerr
	}
	b.mu.Lock()
	all := t.fields()
	b.mu.Unlock()
	return s.writeFields(w, r, "WhatsAppMessageTemplate", all, "id", "name", "language", "status", "category", "components", "parameter_format")
}

// editTemplate changes components or category of an approved, rejected or paused template, which goes back to review.
func (s *Simulator) editTemplate(w http.ResponseWriter, r *http.Request, id string) *graphError {
	b, t, gerr := s.templateOf(r, id)
	if gerr != nil {
		return gerr
	}
	var req newTemplate
	if gerr := s.readStrict(r, &req); gerr != nil {
		return gerr
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	next := t.Template
	if req.Category != "" && !strings.EqualFold(req.Category, t.Category) {
		if t.Status == TemplateApproved {
			return badTemplate(subCategoryKept, "the category of an approved template cannot be edited")
		}
		next.Category = strings.ToUpper(req.Category)
	}
	if req.Components != nil {
		next.Components = req.Components
	}
	if req.TTL != 0 {
		next.TTL = req.TTL
	}
	if gerr := b.mayEdit(t); gerr != nil {
		return gerr
	}
	next.Components = next.components()
	if gerr := checkTemplateForm(next); gerr != nil {
		return gerr
	}
	if t.Status == TemplateApproved {
		t.edits = append(t.edits, b.sim.clock.time())
	}
	next.Status = TemplatePending
	t.Template = next
	t.form, _ = formOf(next) // it was checked
	b.review(t)
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

// mayEdit: an approved template once a day and ten times in thirty days. The caller holds b.mu.
func (b *business) mayEdit(t *template) *graphError {
	if !slices.Contains([]string{TemplateApproved, TemplateRejected, TemplatePaused}, t.Status) {
		return badTemplate(subBody, "a template that is %s cannot be edited", t.Status)
	}
	if t.Status != TemplateApproved {
		return nil
	}
	now := b.sim.clock.time()
	t.edits = slices.DeleteFunc(t.edits, func(at time.Time) bool { return now.Sub(at) >= 30*24*time.Hour })
	if n := len(t.edits); n >= editsPerMonth || n > 0 && now.Sub(t.edits[n-1]) < 24*time.Hour {
		return badTemplate(subBody, "an approved template may be edited once in 24 hours and 10 times in 30 days")
	}
	return nil
}

func (s *Simulator) unpauseTemplate(w http.ResponseWriter, r *http.Request, id string) *graphError {
	b, t, gerr := s.templateOf(r, id)
	if gerr != nil {
		return gerr
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if t.Status != TemplatePaused || !t.byPacing {
		return badTemplate(subBody, "the template is not paused by pacing")
	}
	b.unpause(t)
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

// deleteTemplates deletes by name (all languages), by name and hsm_id, or by hsm_ids.
func (s *Simulator) deleteTemplates(w http.ResponseWriter, r *http.Request, id string) *graphError {
	if _, gerr := s.waba(r, id); gerr != nil {
		return gerr
	}
	q := r.URL.Query()
	var ids []string
	if raw := q.Get("hsm_ids"); raw != "" {
		var texts []json.Number
		if err := json.Unmarshal([]byte(strings.ReplaceAll(raw, `"`, "")), &texts); err != nil || len(texts) > templateDeletedWhole {
			return refusal(100, "Param hsm_ids must be a list of at most 100 ids.")
		}
		for _, n := range texts {
			ids = append(ids, n.String())
		}
	}
	if gerr := s.business(id).remove(q.Get("name"), q.Get("hsm_id"), ids); gerr != nil {
		return gerr
	}
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

func (b *business) remove(name, id string, ids []string) *graphError {
	b.mu.Lock()
	defer b.mu.Unlock()
	chosen := func(t *template) bool {
		if len(ids) > 0 {
			return slices.Contains(ids, t.ID)
		}
		return t.Name == name && (id == "" || t.ID == id)
	}
	var gone []*template
	for _, t := range b.templates {
		if chosen(t) {
			gone = append(gone, t)
		}
	}
	switch {
	case name == "" && len(ids) == 0:
		return refusal(100, "The parameter name is required.")
	case len(gone) == 0:
		return badTemplate(2593002, "message template not found")
	case slices.ContainsFunc(gone, func(t *template) bool { return t.Status == TemplateDisabled }):
		return badTemplate(subBody, "a disabled template cannot be deleted")
	}
	for _, t := range gone {
		if t.Status == TemplateApproved {
			b.blocked[t.Name] = b.sim.clock.time().Add(nameBlockedFor)
		}
		b.setStatus(t, "DELETED", statusNews{event: TemplateDeleting})
	}
	b.templates = slices.DeleteFunc(b.templates, func(t *template) bool { return slices.Contains(gone, t) })
	return nil
}
