package httpapi

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/template"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/wire"
)

type listTemplatesInput struct {
	Search   string `query:"search" maxLength:"200" doc:"A part of the name or of the text"`
	Name     string `query:"name" maxLength:"512" doc:"The whole name: lists its languages"`
	Status   string `query:"status" maxLength:"64" doc:"APPROVED, PENDING, REJECTED, PAUSED, DISABLED …"`
	Category string `query:"category" maxLength:"64" doc:"MARKETING, UTILITY or AUTHENTICATION"`
	Language string `query:"language" maxLength:"15" doc:"Its code, such as pt_BR"`
	Quality  string `query:"quality" maxLength:"64" doc:"GREEN, YELLOW, RED or UNKNOWN"`
	Account  string `query:"businessAccountId" maxLength:"64" doc:"For hotels with several"`
	Page     int    `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type templateList struct {
	Data       []wire.Template `json:"data" nullable:"false"`
	Pagination pagination      `json:"pagination"`
	Accounts   []accountState  `json:"accounts" nullable:"false" doc:"When the templates were last read from WhatsApp"`
}

type accountState struct {
	BusinessAccountID string     `json:"businessAccountId"`
	SyncedAt          *wire.Time `json:"syncedAt" doc:"When that last succeeded"`
	TriedAt           wire.Time  `json:"triedAt"`
	Failure           *string    `json:"failure" doc:"Why the last try failed"`
	Templates         int        `json:"templates"`
}

func accountStates(all []postgres.AccountState) []accountState {
	out := make([]accountState, 0, len(all))
	for _, a := range all {
		s := accountState{BusinessAccountID: a.WABAID, TriedAt: wire.At(a.TriedAt), Failure: textOrNull(a.Failure), Templates: a.Templates}
		if !a.SyncedAt.IsZero() {
			at := wire.At(a.SyncedAt)
			s.SyncedAt = &at
		}
		out = append(out, s)
	}
	return out
}

func (s *server) listTemplates(ctx context.Context, c caller, in *listTemplatesInput) (*reply[templateList], error) {
	f := postgres.TemplateFilter{
		Name: in.Name, Search: in.Search, Status: in.Status, Category: in.Category, Language: in.Language, Quality: in.Quality, WABAID: in.Account,
	}
	all, total, err := s.deps.DB.Templates(ctx, c.tenant, f, in.Limit, (in.Page-1)*in.Limit)
	if err != nil {
		return nil, err
	}
	accounts, err := s.deps.DB.Accounts(ctx, c.tenant)
	if err != nil {
		return nil, err
	}
	out := templateList{Data: make([]wire.Template, 0, len(all)), Pagination: paginate(in.Page, in.Limit, total), Accounts: accountStates(accounts)}
	for _, t := range all {
		out.Data = append(out.Data, wire.TemplateOf(t))
	}
	return answer(out), nil
}

// TemplatePath names a template. Exported for huma.
type TemplatePath struct {
	ID string `path:"id" doc:"Meta's id of one language of a template"`
}

func (s *server) template(ctx context.Context, c caller, p TemplatePath) (template.Template, error) {
	if len(p.ID) > 64 || !utf8.ValidString(p.ID) || strings.ContainsRune(p.ID, 0) { // the database keeps no such text
		return template.Template{}, template.ErrNotFound
	}
	return s.deps.DB.Template(ctx, c.tenant, p.ID)
}

func (s *server) getTemplate(ctx context.Context, c caller, in *TemplatePath) (*reply[wire.Template], error) {
	t, err := s.template(ctx, c, *in)
	if err != nil {
		return nil, err
	}
	return answer(wire.TemplateOf(t)), nil
}

type templatesRead struct {
	Accounts []accountState `json:"accounts" nullable:"false"`
}

func (s *server) readTemplates(ctx context.Context, c caller, _ *struct{}) (*reply[templatesRead], error) {
	accounts, err := s.deps.Mirror.Read(ctx, c.tenant)
	if err != nil {
		return nil, err
	}
	return answer(templatesRead{accountStates(accounts)}), nil
}

// TemplateForm is what a template is made of, with how long it may take to arrive. Exported
// for huma.
type TemplateForm struct {
	Components template.Form `json:"components"`
	TTL        int           `json:"messageSendTtlSeconds,omitempty" minimum:"0" maximum:"2592000" doc:"In how many seconds it is delivered or not at all; 0: as Meta has it"`
}

type newTemplateInput struct {
	Body struct {
		TemplateForm
		Name     string `json:"name"`
		Language string `json:"language,omitempty" default:"pt_BR"`
		Category string `json:"category"`
		Account  string `json:"businessAccountId,omitempty" maxLength:"64" doc:"For hotels with several"`
	}
}

func (s *server) createTemplate(ctx context.Context, c caller, in *newTemplateInput) (*reply[wire.Template], error) {
	b := in.Body
	t, err := s.deps.Mirror.Create(ctx, c.tenant, c.User, b.Account, template.Draft{
		Name: b.Name, Language: b.Language, Category: b.Category, TTL: b.TTL, Form: b.Components,
	})
	if err != nil {
		return nil, inComponents(err)
	}
	return answer(wire.TemplateOf(t)), nil
}

type editTemplateInput struct {
	TemplatePath
	Body struct {
		TemplateForm
		Category string `json:"category,omitempty" doc:"Meta lets nobody change that of an approved template"`
	}
}

func (s *server) editTemplate(ctx context.Context, c caller, in *editTemplateInput) (*reply[wire.Template], error) {
	if _, err := s.template(ctx, c, in.TemplatePath); err != nil {
		return nil, err
	}
	t, err := s.deps.Mirror.Edit(ctx, c.tenant, c.User, in.ID, template.Draft{Category: in.Body.Category, TTL: in.Body.TTL, Form: in.Body.Components})
	if err != nil {
		return nil, inComponents(err)
	}
	return answer(wire.TemplateOf(t)), nil
}

// inComponents points a refusal of a template at where the call has it.
func inComponents(err error) error {
	f := fault.Of(err)
	if len(f.Details) == 0 {
		return err
	}
	out := *f
	out.Details = nil
	for _, d := range f.Details {
		switch d.Path {
		case "name", "language", "category", "":
		case "components":
		default:
			d.Path = "components." + d.Path
		}
		out.Details = append(out.Details, d)
	}
	return &out
}

type deleteTemplateInput struct {
	TemplatePath
	All bool `query:"allLanguages" doc:"Delete every language of this name"`
}

func (s *server) deleteTemplate(ctx context.Context, c caller, in *deleteTemplateInput) (*struct{}, error) {
	if _, err := s.template(ctx, c, in.TemplatePath); err != nil {
		return nil, err
	}
	return nil, s.deps.Mirror.Delete(ctx, c.tenant, c.User, in.ID, in.All)
}

// errUnread: only a webhook told of the template until now.
var errUnread = fault.New(fault.Conflict, "template_not_read", "What this template says was not read from WhatsApp yet. Fetch the templates anew.")

type previewInput struct {
	TemplatePath
	Body struct {
		Parameters []string                 `json:"parameters,omitempty" maxItems:"100" doc:"What fills the gaps of the body, in their order; or body"`
		Header     *content.TemplateHeader  `json:"header,omitempty"`
		Body       []content.Parameter      `json:"body,omitempty"`
		Buttons    []content.TemplateButton `json:"buttons,omitempty"`
		Offer      *content.Offer           `json:"limitedTimeOffer,omitempty"`
		Cards      []content.TemplateCard   `json:"cards,omitempty"`
	}
}

type templatePreview struct {
	Text       string          `json:"text" doc:"All that it says; gaps that are not filled stay as they are written"`
	Shown      template.Shown  `json:"shown"`
	Complete   bool            `json:"complete" doc:"It can be sent with these values"`
	Problems   []fault.Detail  `json:"problems" nullable:"false" doc:"What is missing or wrong"`
	Parameters []template.Need `json:"parameters" nullable:"false" doc:"What is given with it"`
}

// previewTemplate shows how a template reads with values, also while some are missing.
func (s *server) previewTemplate(ctx context.Context, c caller, in *previewInput) (*reply[templatePreview], error) {
	t, err := s.template(ctx, c, in.TemplatePath)
	if err != nil {
		return nil, err
	}
	if t.Form == nil {
		return nil, errUnread
	}
	b := in.Body
	given := content.Template{Name: t.Name, Language: t.Language, Header: b.Header, Body: b.Body, Buttons: b.Buttons, Offer: b.Offer, Cards: b.Cards}
	for _, p := range b.Parameters {
		if len(b.Body) > 0 {
			break
		}
		given.Body = append(given.Body, content.Parameter{Text: p})
	}
	shown, filled, wrong := t.Form.Fill(given)
	out := templatePreview{Text: shown.Text(), Shown: shown, Problems: []fault.Detail{}, Parameters: wire.TemplateOf(t).Parameters}
	for _, err := range []error{wrong, content.Check(filled)} {
		if errors.Is(err, content.ErrInvalid) {
			out.Problems = append(out.Problems, fault.Of(err).Details...)
		}
	}
	out.Complete = len(out.Problems) == 0
	return answer(out), nil
}

type accountNumbers struct {
	Data []wire.Number `json:"data" nullable:"false"`
	API  apiVersion    `json:"apiVersion"`
}

type apiVersion struct {
	Version string     `json:"version"`
	EndsAt  *wire.Time `json:"endsAt" doc:"When Meta stops serving it; null: not set yet"`
	Warning *string    `json:"warning" doc:"What whoever runs the platform has to do"`
}

// listAccountNumbers shows how Meta sees the hotel's numbers.
func (s *server) listAccountNumbers(ctx context.Context, c caller, _ *struct{}) (*reply[accountNumbers], error) {
	rows, err := s.deps.DB.Numbers(ctx, c.tenant)
	if err != nil {
		return nil, err
	}
	v := s.deps.Mirror.VersionState()
	out := accountNumbers{Data: numbersOf(rows), API: apiVersion{Version: v.Version, Warning: textOrNull(v.Warning())}}
	if !v.Ends.IsZero() {
		at := wire.At(v.Ends)
		out.API.EndsAt = &at
	}
	return answer(out), nil
}

func (s *server) readNumbers(ctx context.Context, c caller, _ *struct{}) (*reply[accountNumbers], error) {
	if err := s.deps.Mirror.ReadNumbers(ctx, c.tenant); err != nil {
		return nil, err
	}
	return s.listAccountNumbers(ctx, c, nil)
}
