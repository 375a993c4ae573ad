package httpapi

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/domain/content"
)

// BotTemplate is an approved template, as the original (parameters) and the Cloud API
// (components) word it. Exported for huma.
type BotTemplate struct {
	BotTo
	BotPace
	Template     looseName                  `json:"template,omitempty" doc:"The template's name"`
	TemplateName loose                      `json:"templateName,omitempty" doc:"The same as template"`
	Language     looseName                  `json:"language,omitempty" doc:"pt_BR without one"`
	LanguageCode loose                      `json:"languageCode,omitempty" doc:"The same as language"`
	Parameters   looseList[botParameter]    `json:"parameters,omitempty" doc:"Texts for the gaps of the body, in order"`
	Components   looseList[botTemplatePart] `json:"components,omitempty" doc:"As the Cloud API has them: body, header and button"`
}

// looseName is a name, or an object of the Cloud API's that has it.
type looseName string

// Schema implements huma.SchemaProvider.
func (looseName) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Description: "A name, or an object that has it as name or code"}
}

// UnmarshalJSON implements json.Unmarshaler.
func (n *looseName) UnmarshalJSON(data []byte) error {
	var object struct{ Name, Code loose }
	if json.Unmarshal(data, &object) == nil {
		*n = looseName(first(object.Name, object.Code))
		return nil
	}
	var text loose
	err := text.UnmarshalJSON(data)
	*n = looseName(text)
	return err
}

// botTemplatePart is a component of the Cloud API's.
type botTemplatePart struct {
	Type       loose                   `json:"type,omitempty" doc:"body, header or button"`
	SubType    loose                   `json:"sub_type,omitempty" doc:"Of buttons: quick_reply, url or copy_code"`
	Index      loose                   `json:"index,omitempty" doc:"Of buttons, from 0"`
	Parameters looseList[botParameter] `json:"parameters,omitempty"`
}

// botParameter fills a gap: a text alone, or an object with it.
type botParameter struct {
	Type     loose     `json:"type,omitempty"`
	Text     loose     `json:"text,omitempty"`
	Value    loose     `json:"value,omitempty"`
	Payload  loose     `json:"payload,omitempty"`
	CopyCode loose     `json:"coupon_code,omitempty"`
	Name     loose     `json:"parameter_name,omitempty"`
	Image    looseFile `json:"image,omitempty"`
	Video    looseFile `json:"video,omitempty"`
	Document looseFile `json:"document,omitempty"`
}

// Schema implements huma.SchemaProvider.
func (botParameter) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Description: "A text, or an object with text or value"}
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *botParameter) UnmarshalJSON(data []byte) error {
	type plain botParameter
	var object plain
	if json.Unmarshal(data, &object) == nil {
		*p = botParameter(object)
		return nil
	}
	*p = botParameter{}
	return p.Text.UnmarshalJSON(data)
}

func (p botParameter) written() string { return first(p.Text, p.Value) }

func (b BotTemplate) content(find func(string) (content.File, error)) (content.Content, error) {
	t := content.Template{
		Name:     first(loose(b.Template), b.TemplateName),
		Language: first(loose(b.Language), b.LanguageCode, "pt_BR"),
	}
	if t.Name == "" {
		return nil, missing("template", "Say which template: give its name.")
	}
	t.Body = bodyOf(b.Parameters)
	for _, part := range b.Components {
		if err := part.add(&t, find); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func bodyOf(parameters []botParameter) []content.Parameter {
	var out []content.Parameter
	for _, p := range parameters {
		out = append(out, content.Parameter{Name: string(p.Name), Text: p.written()})
	}
	return out
}

// add fills what a component fills. Components that the template does not have are found by
// WhatsApp's form of it.
func (part botTemplatePart) add(t *content.Template, find func(string) (content.File, error)) error {
	switch strings.ToLower(string(part.Type)) {
	case "body":
		if len(t.Body) == 0 {
			t.Body = bodyOf(part.Parameters)
		}
	case "header":
		for _, p := range part.Parameters {
			header, err := p.header(find)
			if err != nil {
				return err
			}
			t.Header = header
		}
	case "button":
		t.Buttons = append(t.Buttons, part.button(len(t.Buttons)))
	}
	return nil
}

func (p botParameter) header(find func(string) (content.File, error)) (*content.TemplateHeader, error) {
	switch {
	case p.Image.address() != "":
		f, err := find(p.Image.address())
		return &content.TemplateHeader{Image: &f}, err
	case p.Video.address() != "":
		f, err := find(p.Video.address())
		return &content.TemplateHeader{Video: &f}, err
	case p.Document.address() != "":
		f, err := find(p.Document.address())
		return &content.TemplateHeader{Document: &content.Attachment{File: f, Filename: first(p.Document.FileName, p.Document.Filename)}}, err
	}
	return &content.TemplateHeader{Text: &content.Parameter{Name: string(p.Name), Text: p.written()}}, nil
}

func (part botTemplatePart) button(next int) content.TemplateButton {
	b := content.TemplateButton{Index: next}
	if n, err := strconv.Atoi(strings.TrimSpace(string(part.Index))); err == nil {
		b.Index = n
	}
	if len(part.Parameters) == 0 {
		return b
	}
	p := part.Parameters[0]
	switch strings.ToLower(string(part.SubType)) {
	case "url":
		b.URLSuffix = p.written()
	case "copy_code":
		b.CopyCode = first(p.CopyCode, p.Text, p.Value)
	default:
		b.Payload = first(p.Payload, p.Text, p.Value)
	}
	return b
}

func (b BotTemplate) field(path string) string {
	names := map[string]string{"name": "template", "body": "parameters"}
	if len(b.Parameters) == 0 && len(b.Components) > 0 {
		names["body"], names["header"], names["buttons"] = "components", "components", "components"
	}
	return renamedPath(path, names)
}
