package whatsapp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/botreserva/botreserva/internal/domain/template"
)

// Account says of which business account something is asked, and by which right.
type Account struct {
	WABAID      string
	AccessToken string `json:"-"`
}

func (a Account) credentials() Credentials {
	return Credentials{PhoneNumberID: a.WABAID, AccessToken: a.AccessToken}
}

// String leaves the token out.
func (a Account) String() string { return "account " + a.WABAID }

// GoString leaves the token out.
func (a Account) GoString() string { return "whatsapp.Account{" + a.WABAID + "}" }

const (
	// templatesAtOnce keeps a page of large carousels below what is read of an answer.
	templatesAtOnce = 50
	// maxTemplatePages is more than the 6,000 templates that an account may have.
	maxTemplatePages = 200
	// codeCursor: the list changed while it was read.
	codeCursor = 131059

	templateFields = "id,name,language,status,category,components,quality_score,rejected_reason,parameter_format,previous_category,correct_category"
)

type wireTemplateInfo struct {
	ID         loose           `json:"id"`
	Name       loose           `json:"name"`
	Language   loose           `json:"language"`
	Status     loose           `json:"status"`
	Category   loose           `json:"category"`
	Previous   loose           `json:"previous_category"`
	Correct    loose           `json:"correct_category"`
	Reason     loose           `json:"rejected_reason"`
	Format     loose           `json:"parameter_format"`
	Components json.RawMessage `json:"components"`
	Quality    struct {
		Score loose `json:"score"`
	} `json:"quality_score"`
}

func (w wireTemplateInfo) template(wabaID string) template.Template {
	form := formOf(w.Components)
	t := template.Template{
		ID: cleanLabel(string(w.ID)), WABAID: wabaID, Name: cleanLabel(string(w.Name)), Language: cleanLabel(string(w.Language)),
		Status: upper(w.Status), Category: upper(w.Category), Previous: upper(w.Previous), Correct: upper(w.Correct),
		Reason: cleanLabel(string(w.Reason)), Quality: upper(w.Quality.Score), IsNamed: upper(w.Format) == "NAMED" || form.IsNamed(), Form: &form,
	}
	if t.Reason == "NONE" {
		t.Reason = ""
	}
	return t
}

// Templates lists all templates of a business account, page by page. A list that changes
// meanwhile is begun anew, once.
func (c *Client) Templates(ctx context.Context, of Account) ([]template.Template, error) {
	all, err := c.templates(ctx, of)
	var refusal *APIError
	if errors.As(err, &refusal) && refusal.Code == codeCursor {
		return c.templates(ctx, of)
	}
	return all, err
}

func (c *Client) templates(ctx context.Context, of Account) ([]template.Template, error) {
	var all []template.Template
	query := url.Values{"fields": {templateFields}, "limit": {strconv.Itoa(templatesAtOnce)}}
	for range maxTemplatePages {
		var page struct {
			Data   rawList `json:"data"`
			Paging struct {
				Next    loose `json:"next"`
				Cursors struct {
					After loose `json:"after"`
				} `json:"cursors"`
			} `json:"paging"`
		}
		if err := c.do(ctx, of.credentials(), http.MethodGet, "/message_templates?"+query.Encode(), nil, &page); err != nil {
			return nil, err
		}
		for _, raw := range page.Data {
			var w wireTemplateInfo
			if readObject(raw, &w) != nil {
				continue // no object, so no template either
			}
			if t := w.template(of.WABAID); t.ID != "" && t.Name != "" {
				all = append(all, t)
			}
		}
		// The address of the next page is Meta's word for "there is more" and is not called:
		// the token goes where we were told to send it, nowhere else.
		after := string(page.Paging.Cursors.After)
		if page.Paging.Next == "" || after == "" || after == query.Get("after") {
			return all, nil
		}
		query.Set("after", after)
	}
	// An unfinished list would read as if the rest had been deleted.
	return nil, &UnknownOutcomeError{HTTPStatus: http.StatusOK, Err: errors.New("the list of templates does not end")}
}

// Template reads one template.
func (c *Client) Template(ctx context.Context, of Account, id string) (template.Template, error) {
	var w wireTemplateInfo
	err := c.do(ctx, Credentials{PhoneNumberID: id, AccessToken: of.AccessToken}, http.MethodGet, "?fields="+templateFields, nil, &w)
	return w.template(of.WABAID), err
}

type wireDraft struct {
	Name       string     `json:"name,omitempty"`
	Language   string     `json:"language,omitempty"`
	Category   string     `json:"category,omitempty"`
	Format     string     `json:"parameter_format,omitempty"`
	Components []wirePart `json:"components"`
	TTL        int        `json:"message_send_ttl_seconds,omitempty"`
}

// CreateTemplate hands a new template in. It returns Meta's id, and the category, which may
// be another than was asked for.
func (c *Client) CreateTemplate(ctx context.Context, of Account, d template.Draft) (template.Template, error) {
	var answer wireTemplateInfo
	if err := c.do(ctx, of.credentials(), http.MethodPost, "/message_templates", draftOf(d), &answer); err != nil {
		return template.Template{}, err
	}
	made := answer.template(of.WABAID)
	if made.ID == "" {
		return made, &UnknownOutcomeError{HTTPStatus: http.StatusOK, Err: errors.New("answer names no template")}
	}
	made.Name, made.Language, made.Form, made.IsNamed = d.Name, d.Language, &d.Form, d.Form.IsNamed()
	if made.Category == "" {
		made.Category = d.Category
	}
	return made, nil
}

// EditTemplate hands a template in again. Name and language stay; the category is named only
// if it is another than before, since Meta lets nobody change that of an approved one.
func (c *Client) EditTemplate(ctx context.Context, of Account, id string, d template.Draft, before string) error {
	body := draftOf(d)
	body.Name, body.Language, body.Format = "", "", ""
	if d.Category == before {
		body.Category = ""
	}
	return c.succeed(ctx, Credentials{PhoneNumberID: id, AccessToken: of.AccessToken}, http.MethodPost, "", body)
}

// DeleteTemplate deletes one language of a template, or all of them without an id.
func (c *Client) DeleteTemplate(ctx context.Context, of Account, name, id string) error {
	query := url.Values{"name": {name}}
	if id != "" {
		query.Set("hsm_id", id)
	}
	return c.succeed(ctx, of.credentials(), http.MethodDelete, "/message_templates?"+query.Encode(), nil)
}

func (c *Client) succeed(ctx context.Context, who Credentials, method, path string, body any) error {
	var answer struct {
		Success bool `json:"success"`
	}
	err := c.do(ctx, who, method, path, body, &answer)
	if err == nil && !answer.Success {
		return &UnknownOutcomeError{HTTPStatus: http.StatusOK, Err: errors.New("answer does not say success")}
	}
	return err
}

func draftOf(d template.Draft) wireDraft {
	out := wireDraft{Name: d.Name, Language: d.Language, Category: d.Category, TTL: d.TTL, Format: "POSITIONAL", Components: partsOf(d.Form, d.Category, d.Form.IsNamed())}
	if d.Form.IsNamed() {
		out.Format = "NAMED"
	}
	return out
}

// templateFields of drafts by the subcode of Meta's refusal (templates reference; the SDKs' lists).
var draftFields = map[int]string{
	2388019: "", 2388023: "name", 2388024: "language", 2388025: "name", 2388026: "name", 2388039: "components", 2388040: "body",
	2388042: "components", 2388046: "category", 2388047: "header", 2388072: "body", 2388073: "footer", 2388293: "body", 2388299: "body",
}

// DraftField says which part of a template a refusal is about, if Meta tells.
func (e *APIError) DraftField() string { return draftFields[e.Subcode] }
