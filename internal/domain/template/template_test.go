package template_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/template"
)

func TestPick(t *testing.T) {
	t.Parallel()
	of := func(language, status string) template.Template {
		return template.Template{Name: "boas_vindas", Language: language, Status: status, Reason: "NONE"}
	}
	all := []template.Template{of("en_US", "APPROVED"), of("pt_PT", "APPROVED"), of("pt_BR", "PAUSED"), of("es", "REJECTED"), of("fr", "REINSTATED")}
	for _, c := range []struct {
		language, want string
		refusal        error
		says           string
	}{
		{"en_US", "en_US", nil, ""},
		{"en_GB", "en_US", nil, ""},
		{"en", "en_US", nil, ""},
		{"fr", "fr", nil, ""},
		{"pt_PT", "pt_PT", nil, ""},
		{"pt_BR", "pt_PT", nil, ""}, // paused: the nearest that is approved
		{"es", "", template.ErrNotReady, "rejected it. Correct it and hand it in again. Approved: en_US, fr, pt_PT."},
		{"de", "", template.ErrLanguage, "There is no de of boas_vindas. Approved: en_US, fr, pt_PT."},
	} {
		got, err := template.Pick(all, "boas_vindas", c.language)
		if got.Language != c.want || !errors.Is(err, c.refusal) || err != nil && !strings.Contains(fault.Of(err).Text, c.says) {
			t.Errorf("%s: picked %q, %v", c.language, got.Language, err)
		}
	}
	if _, err := template.Pick(nil, "boas_vindas", "pt_BR"); !errors.Is(err, template.ErrUnknown) {
		t.Errorf("of nothing: %v", err)
	}
	for _, status := range []string{"", "PENDING", "REJECTED", "PAUSED", "DISABLED", "IN_APPEAL", "PENDING_DELETION", "FLAGGED", "LIMIT_EXCEEDED", "LOCKED", "ARCHIVED"} {
		if _, err := template.Pick([]template.Template{of("es", status)}, "x", "es"); !errors.Is(err, template.ErrNotReady) {
			t.Errorf("%q is sent: %v", status, err)
		}
	}
}

// stay is a template with a bit of everything.
var stay = template.Form{
	Header: &template.Header{Format: template.Text, Text: "Olá, {{nome}}!", Example: "Marina"},
	Body:   "Sua reserva de {{checkin}} a {{checkout}} está confirmada.", Footer: "Hotel Exemplo",
	Examples: []string{"12/12", "15/12"},
	Buttons: []template.Button{
		{Type: template.QuickReply, Text: "Confirmar"},
		{Type: template.URLButton, Text: "Ver", URL: "https://hotel.example/r/{{1}}", Example: "https://hotel.example/r/8841"},
		{Type: template.PhoneButton, Text: "Ligar", Phone: "+551133334444"},
	},
}

func text(values ...string) []content.Parameter {
	var out []content.Parameter
	for _, v := range values {
		out = append(out, content.Parameter{Text: v})
	}
	return out
}

func TestFill(t *testing.T) {
	t.Parallel()
	sent := content.Template{
		Header: &content.TemplateHeader{Text: &content.Parameter{Text: "Ana"}}, Body: text("1/3", "4/3"),
		Buttons: []content.TemplateButton{{Index: 1, URLSuffix: "77"}},
	}
	shown, filled, err := stay.Fill(sent)
	if err != nil {
		t.Fatal(err)
	}
	if want := "Olá, Ana!\nSua reserva de 1/3 a 4/3 está confirmada.\nHotel Exemplo"; shown.Text() != want {
		t.Errorf("reads %q", shown.Text())
	}
	if shown.Buttons[1].URL != "https://hotel.example/r/77" {
		t.Errorf("buttons: %+v", shown.Buttons)
	}
	names := []string{filled.Header.Text.Name, filled.Body[0].Name, filled.Body[1].Name}
	if want := []string{"nome", "checkin", "checkout"}; !cmp.Equal(want, names) {
		t.Errorf("values got the names %v", names)
	}
	if sent.Body[0].Name != "" || sent.Header.Text.Name != "" {
		t.Error("what was given was changed")
	}
}

func TestFillRefuses(t *testing.T) {
	t.Parallel()
	numbered := template.Form{Body: "Dia {{2}} às {{1}} aqui."}
	pictured := template.Form{Header: &template.Header{Format: template.Image}, Body: "Veja só."}
	cards := template.Form{Body: "Quartos", Cards: []template.Form{pictured, pictured}}
	offer := template.Form{Body: "Só hoje", Offer: &template.Offer{Text: "20%", Expires: true}}
	image := &content.TemplateHeader{Image: &content.File{Link: "https://hotel.example/a.jpg"}}
	card := content.TemplateCard{Header: *image}
	for name, c := range map[string]struct {
		form template.Form
		sent content.Template
		want string // path and code of each detail
	}{
		"all missing":        {stay, content.Template{}, "body wrong_number, header required, buttons required"},
		"numbered":           {numbered, content.Template{Body: text("10h", "3/4")}, ""},
		"too many":           {numbered, content.Template{Body: text("a", "b", "c")}, "body wrong_number"},
		"named for numbered": {numbered, content.Template{Body: []content.Parameter{{Name: "a", Text: "x"}, {Name: "b", Text: "y"}}}, "body wrong_form"},
		"unknown name": {
			stay, content.Template{
				Header: &content.TemplateHeader{Text: &content.Parameter{Name: "x", Text: "y"}}, Buttons: []content.TemplateButton{{Index: 1, URLSuffix: "1"}},
				Body: []content.Parameter{{Name: "checkin", Text: "x"}, {Name: "saida", Text: "y"}},
			}, "body[1].name unknown, header.text.name unknown",
		},
		"longest":             {template.Form{Body: "a{{1}}b"}, content.Template{Body: text(strings.Repeat("x", 1022))}, ""},
		"too long":            {template.Form{Body: "a{{1}}b"}, content.Template{Body: text(strings.Repeat("x", 1023))}, "body too_long"},
		"no picture":          {pictured, content.Template{}, "header required"},
		"text for a picture":  {pictured, content.Template{Header: &content.TemplateHeader{Text: &content.Parameter{Text: "x"}}}, "header wrong_form"},
		"picture for nothing": {numbered, content.Template{Body: text("1", "2"), Header: image}, "header not_allowed"},
		"no such button":      {numbered, content.Template{Body: text("1", "2"), Buttons: []content.TemplateButton{{Index: 0, Payload: "x"}}}, "buttons[0].index out_of_range"},
		"wrong button":        {template.Form{Body: "x", Buttons: stay.Buttons[:1]}, content.Template{Buttons: []content.TemplateButton{{CopyCode: "x"}}}, "buttons[0] wrong_form"},
		"cards":               {cards, content.Template{Cards: []content.TemplateCard{card, card}}, ""},
		"a card is missing":   {cards, content.Template{Cards: []content.TemplateCard{card}}, "cards wrong_number, cards[1].header required"},
		"offer":               {offer, content.Template{}, "limitedTimeOffer required"},
		"no offer":            {numbered, content.Template{Body: text("1", "2"), Offer: &content.Offer{ExpirationMs: 1}}, "limitedTimeOffer not_allowed"},
	} {
		_, _, err := c.form.Fill(c.sent)
		var got []string
		if err != nil {
			for _, d := range fault.Of(err).Details {
				got = append(got, d.Path+" "+d.Code)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: refused %v, want %s", name, got, c.want)
		}
	}
}

func TestNeeds(t *testing.T) {
	t.Parallel()
	var got []string
	for _, n := range stay.Needs() {
		must := ""
		if n.Required {
			must = "!"
		}
		got = append(got, n.Path+" "+n.Kind+must+" "+n.Example)
	}
	want := []string{"header.text text! Marina", "body[0] text! 12/12", "body[1] text! 15/12", "buttons[0] payload ", "buttons[1] urlSuffix! https://hotel.example/r/8841"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDraft(t *testing.T) {
	t.Parallel()
	good := template.Draft{Name: "reserva_ok", Language: "pt_BR", Category: template.Utility, Form: stay}
	if err := good.Check(); err != nil {
		t.Fatal(err, fault.Of(err).Details)
	}
	x := strings.Repeat
	for name, c := range map[string]struct {
		change func(d *template.Draft)
		want   string
	}{
		"name":                {func(d *template.Draft) { d.Name = "Reserva" }, "name wrong_form"},
		"longest name":        {func(d *template.Draft) { d.Name = x("a", 512) }, ""},
		"long name":           {func(d *template.Draft) { d.Name = x("a", 513) }, "name wrong_form"},
		"language":            {func(d *template.Draft) { d.Language = "pt-BR" }, "language wrong_form"},
		"category":            {func(d *template.Draft) { d.Category = "OFFER" }, "category unknown"},
		"no body":             {func(d *template.Draft) { d.Form.Body, d.Form.Examples = " ", nil }, "body required"},
		"longest body":        {func(d *template.Draft) { d.Form.Body, d.Form.Examples = x("é", 1024), nil }, ""},
		"long body":           {func(d *template.Draft) { d.Form.Body, d.Form.Examples = x("é", 1025), nil }, "body too_long"},
		"gap at the end":      {func(d *template.Draft) { d.Form.Body, d.Form.Examples = "até {{dia}} ", []string{"x"} }, "body gap_at_edge"},
		"gap at the start":    {func(d *template.Draft) { d.Form.Body, d.Form.Examples = "{{dia}} já", []string{"x"} }, "body gap_at_edge"},
		"no example":          {func(d *template.Draft) { d.Form.Examples = nil }, "examples wrong_number"},
		"numbers with a hole": {func(d *template.Draft) { d.Form.Header = nil; d.Form.Body = "a {{1}} b {{3}} c" }, "body wrong_form"},
		"mixed":               {func(d *template.Draft) { d.Form.Body = "a {{1}} b {{dia}} c" }, "body wrong_form"},
		"header":              {func(d *template.Draft) { d.Form.Header = &template.Header{Format: "TEXT", Text: x("a", 61)} }, "header.text too_long"},
		"longest header":      {func(d *template.Draft) { d.Form.Header = &template.Header{Format: "TEXT", Text: x("a", 60)} }, ""},
		"file without handle": {func(d *template.Draft) { d.Form.Header = &template.Header{Format: "IMAGE"} }, "header.exampleFileId required"},
		"footer":              {func(d *template.Draft) { d.Form.Footer = x("a", 61) }, "footer too_long"},
		"footer with a gap":   {func(d *template.Draft) { d.Form.Footer = "a {{1}}" }, "footer not_allowed"},
		"eleven buttons":      {func(d *template.Draft) { d.Form.Buttons = many(11) }, "buttons too_many"},
		"ten buttons":         {func(d *template.Draft) { d.Form.Buttons = many(10) }, ""},
		"scattered": {func(d *template.Draft) {
			d.Form.Buttons = append(d.Form.Buttons[1:2:2], append(many(1), stay.Buttons[2])...)
		}, "buttons wrong_order"},
		"no address": {func(d *template.Draft) {
			d.Form.Buttons = []template.Button{{Type: "URL", Text: "a", URL: "javascript:alert(1)"}}
		}, "buttons[0].url wrong_form"},
		"button text":    {func(d *template.Draft) { d.Form.Buttons = []template.Button{{Type: "QUICK_REPLY", Text: x("a", 26)}} }, "buttons[0].text too_long"},
		"button type":    {func(d *template.Draft) { d.Form.Buttons = []template.Button{{Type: "X", Text: "a"}} }, "buttons[0].type unknown"},
		"authentication": {func(d *template.Draft) { d.Category = template.Authentication }, "body not_allowed, buttons required"},
		"one card": {func(d *template.Draft) {
			d.Form = template.Form{Body: "Quartos", Cards: []template.Form{{Header: &template.Header{Format: "IMAGE", Example: "4::x"}, Body: "a"}}}
		}, "cards wrong_number"},
	} {
		d := good
		c.change(&d)
		var got []string
		if err := d.Check(); err != nil {
			for _, w := range fault.Of(err).Details {
				got = append(got, w.Path+" "+w.Code)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: refused %v, want %s", name, got, c.want)
		}
	}
}

func many(n int) []template.Button {
	var out []template.Button
	for range n {
		out = append(out, template.Button{Type: template.QuickReply, Text: "Sim"})
	}
	return out
}
