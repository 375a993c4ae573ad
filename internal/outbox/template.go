package outbox

import (
	"context"
	"encoding/json"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/template"
	"github.com/botreserva/botreserva/internal/postgres"
)

// suggested is how many templates a refusal names.
const suggested = 20

// approved makes a template ready to be sent: it picks the language that is approved, holds
// what fills it against its form, and notes how it reads. Templates of an account that was
// never read are left to Meta's judgement. Other contents stay as they are.
func approved(ctx context.Context, tx *postgres.Tx, c content.Content, line directory.Line, guest id.Contact) (content.Content, error) {
	t, ok := c.(content.Template)
	if !ok {
		return c, nil
	}
	known, err := tx.AccountIsKnown(ctx, line.WABAID)
	if err != nil || !known {
		return c, err
	}
	picked, err := pick(ctx, tx, line.WABAID, t)
	if err != nil {
		return nil, err
	}
	if err := wanted(ctx, tx, picked, guest); err != nil {
		return nil, err
	}
	t.Language = picked.Language
	if picked.Form == nil {
		return t, nil
	}
	shown, filled, err := picked.Form.Fill(t)
	filled.Text = shown.Text()
	return filled, err
}

func pick(ctx context.Context, tx *postgres.Tx, wabaID string, t content.Template) (template.Template, error) {
	variants, err := tx.TemplateVariants(ctx, wabaID, t.Name)
	if err != nil {
		return template.Template{}, err
	}
	picked, refusal := template.Pick(variants, t.Name, t.Language)
	if refusal == nil {
		return picked, nil
	}
	others, err := tx.ApprovedTemplates(ctx, wabaID, suggested)
	if err != nil {
		return picked, err
	}
	return picked, template.Suggest(refusal, others)
}

// wanted refuses offers to guests who asked for none.
func wanted(ctx context.Context, tx *postgres.Tx, t template.Template, guest id.Contact) error {
	if t.Category != template.Marketing {
		return nil
	}
	stopped, err := tx.WantsNoOffers(ctx, guest)
	if err == nil && stopped {
		return template.ErrOptedOut
	}
	return err
}

// stillApproved asks again, when a template is about to be given to Meta, what approved asked
// when it was stored: its language is chosen and its gaps are filled.
func stillApproved(ctx context.Context, tx *postgres.Tx, c content.Content, line directory.Line, guest id.Contact) error {
	t, ok := c.(content.Template)
	if !ok {
		return nil
	}
	known, err := tx.AccountIsKnown(ctx, line.WABAID)
	if err != nil || !known {
		return err
	}
	variants, err := tx.TemplateVariants(ctx, line.WABAID, t.Name)
	if err != nil {
		return err
	}
	for _, v := range variants {
		if v.Language == t.Language && v.IsSendable() {
			return wanted(ctx, tx, v, guest)
		}
	}
	_, err = template.Pick(only(variants, t.Language), t.Name, t.Language)
	return err
}

func only(variants []template.Template, language string) []template.Template {
	var out []template.Template
	for _, v := range variants {
		if v.Language == language {
			out = append(out, v)
		}
	}
	return out
}

// asAsked takes out of a template what was added when it was stored, so that the same
// request is known again.
func asAsked(encoded json.RawMessage) json.RawMessage {
	c, err := content.Decode(encoded)
	t, ok := c.(content.Template)
	if err != nil || !ok {
		return encoded
	}
	t.Text, t.Language = "", template.Base(t.Language)
	t.Body = unnamed(t.Body)
	if t.Header != nil && t.Header.Text != nil {
		header, text := *t.Header, *t.Header.Text
		text.Name = ""
		header.Text = &text
		t.Header = &header
	}
	for i := range t.Cards {
		t.Cards[i].Body = unnamed(t.Cards[i].Body)
	}
	out, err := content.Encode(t)
	if err != nil {
		return encoded
	}
	return out
}

func unnamed(all []content.Parameter) []content.Parameter {
	out := make([]content.Parameter, 0, len(all))
	for _, p := range all {
		p.Name = ""
		out = append(out, p)
	}
	return out
}
