package content_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
)

var file = content.File{Link: "https://hotel.example/a.jpg"}

// text has n UTF-16 units, some of them in pairs.
func text(n int) string {
	if n < 2 {
		return strings.Repeat("é", n)
	}
	return "🏨" + strings.Repeat("é", n-2)
}

func buttons(n int) []content.Button {
	var out []content.Button
	for i := range n {
		out = append(out, content.Button{ID: fmt.Sprint(i), Title: fmt.Sprint("Botão ", i)})
	}
	return out
}

func list(sections, rows int) content.List {
	l := content.List{Body: "x", Button: "Ver"}
	for i := range sections {
		s := content.Section{Title: "t"}
		for j := range rows {
			s.Rows = append(s.Rows, content.Row{ID: fmt.Sprint(i, ".", j), Title: "r"})
		}
		l.Sections = append(l.Sections, s)
	}
	return l
}

func row(r content.Row) content.List {
	return content.List{Body: "x", Button: "Ver", Sections: []content.Section{{Rows: []content.Row{r}}}}
}

func carousel(n int, change func(*content.Card)) content.Carousel {
	k := content.Carousel{Body: "x"}
	for range n {
		card := content.Card{Header: content.Header{Image: &file}, Label: "Ver", URL: "https://hotel.example"}
		change(&card)
		k.Cards = append(k.Cards, card)
	}
	return k
}

func ids(n int) []string { return strings.Split(strings.Repeat("p,", n), ",")[:n] }

func template(change func(*content.Template)) content.Template {
	t := content.Template{Name: "ola", Language: "pt_BR"}
	change(&t)
	return t
}

func templateCards(n, buttons int) content.Template {
	return template(func(t *content.Template) {
		for range n {
			card := content.TemplateCard{Header: content.TemplateHeader{Image: &file}}
			for i := range buttons {
				card.Buttons = append(card.Buttons, content.TemplateButton{Index: i, Payload: "x"})
			}
			t.Cards = append(t.Cards, card)
		}
	})
}

func button(b content.TemplateButton) content.Template {
	return template(func(t *content.Template) { t.Buttons = []content.TemplateButton{b} })
}

// Every limit holds at its value, and one past it is refused where it is, by its code.
func TestLimits(t *testing.T) {
	t.Parallel()
	body := func(n int) content.Buttons { return content.Buttons{Body: text(n), Buttons: buttons(1)} }
	cases := []struct {
		name  string
		limit int
		path  string
		code  string
		make  func(n int) content.Content
	}{
		{"text", 4096, "body", "too_long", func(n int) content.Content { return content.Text{Body: text(n)} }},
		{"image caption", 1024, "caption", "too_long", func(n int) content.Content { return content.Image{File: file, Caption: text(n)} }},
		{"video caption", 1024, "caption", "too_long", func(n int) content.Content { return content.Video{File: file, Caption: text(n)} }},
		{"document caption", 1024, "caption", "too_long", func(n int) content.Content { return content.Document{File: file, Caption: text(n)} }},
		{"filename", 240, "filename", "too_long", func(n int) content.Content { return content.Document{File: file, Filename: text(n)} }},
		{"link", 2000, "link", "too_long", func(n int) content.Content {
			return content.Image{File: content.File{Link: "https://a.b/" + strings.Repeat("x", n-12)}}
		}},
		{"media id", 64, "metaId", "too_long", func(n int) content.Content {
			return content.Image{File: content.File{MetaID: strings.Repeat("1", n)}}
		}},
		{"contacts", 257, "cards", "too_many", func(n int) content.Content {
			var s content.Contacts
			for range n {
				s.Cards = append(s.Cards, content.ContactCard{Name: content.ContactName{Formatted: "A"}})
			}
			return s
		}},
		{"buttons' body", 1024, "body", "too_long", func(n int) content.Content { return body(n) }},
		{"buttons' header", 60, "header.text", "too_long", func(n int) content.Content {
			return content.Buttons{Header: &content.Header{Text: text(n)}, Body: "x", Buttons: buttons(1)}
		}},
		{"buttons' footer", 60, "footer", "too_long", func(n int) content.Content {
			return content.Buttons{Body: "x", Footer: text(n), Buttons: buttons(1)}
		}},
		{"buttons", 3, "buttons", "too_many", func(n int) content.Content { return content.Buttons{Body: "x", Buttons: buttons(n)} }},
		{"button id", 256, "buttons[0].id", "too_long", func(n int) content.Content {
			return content.Buttons{Body: "x", Buttons: []content.Button{{ID: text(n), Title: "a"}}}
		}},
		{"button title", 20, "buttons[0].title", "too_long", func(n int) content.Content {
			return content.Buttons{Body: "x", Buttons: []content.Button{{ID: "a", Title: text(n)}}}
		}},
		{"list body", 4096, "body", "too_long", func(n int) content.Content { l := list(1, 1); l.Body = text(n); return l }},
		{"list header", 60, "header", "too_long", func(n int) content.Content { l := list(1, 1); l.Header = text(n); return l }},
		{"list button", 20, "button", "too_long", func(n int) content.Content { l := list(1, 1); l.Button = text(n); return l }},
		{"sections", 10, "sections", "too_many", func(n int) content.Content { return list(n, 1) }},
		{"rows", 10, "sections[0].rows", "too_many", func(n int) content.Content { return list(1, n) }},
		{"rows together", 5, "sections", "too_many", func(n int) content.Content { return list(2, n) }},
		{"section title", 24, "sections[0].title", "too_long", func(n int) content.Content {
			l := list(1, 1)
			l.Sections[0].Title = text(n)
			return l
		}},
		{"row id", 200, "sections[0].rows[0].id", "too_long", func(n int) content.Content { return row(content.Row{ID: text(n), Title: "a"}) }},
		{"row title", 24, "sections[0].rows[0].title", "too_long", func(n int) content.Content { return row(content.Row{ID: "a", Title: text(n)}) }},
		{"row description", 72, "sections[0].rows[0].description", "too_long", func(n int) content.Content {
			return row(content.Row{ID: "a", Title: "a", Description: text(n)})
		}},
		{"link label", 20, "label", "too_long", func(n int) content.Content {
			return content.Link{Body: "x", Label: text(n), URL: "http://a.b"}
		}},
		{"location request", 1024, "body", "too_long", func(n int) content.Content { return content.LocationRequest{Body: text(n)} }},
		{"flow label", 30, "label", "too_long", func(n int) content.Content { return content.Flow{Body: "x", FlowID: "1", Label: text(n)} }},
		{"product list", 30, "sections[0].products", "too_many", func(n int) content.Content {
			return content.ProductList{Header: "h", Body: "x", Catalogue: "1", Sections: []content.ProductSection{{Products: ids(n)}}}
		}},
		{"products together", 15, "sections", "too_many", func(n int) content.Content {
			two := []content.ProductSection{{Title: "a", Products: ids(n)}, {Title: "b", Products: ids(n)}}
			return content.ProductList{Header: "h", Body: "x", Catalogue: "1", Sections: two}
		}},
		{"product carousel", 10, "products", "too_many", func(n int) content.Content {
			return content.ProductCarousel{Body: "x", Catalogue: "1", Products: ids(n)}
		}},
		{"cards", 10, "cards", "too_many", func(n int) content.Content { return carousel(n, func(*content.Card) {}) }},
		{"card body", 160, "cards[0].body", "too_long", func(n int) content.Content {
			return carousel(2, func(c *content.Card) { c.Body = text(n) })
		}},
		{"card lines", 2, "cards[0].body", "too_many_lines", func(n int) content.Content {
			return carousel(2, func(c *content.Card) { c.Body = "x" + strings.Repeat("\n", n) })
		}},
		{"card label", 20, "cards[0].label", "too_long", func(n int) content.Content {
			return carousel(2, func(c *content.Card) { c.Label = text(n) })
		}},
		{"template name", 512, "name", "too_long", func(n int) content.Content {
			return content.Template{Name: strings.Repeat("a", n), Language: "pt_BR"}
		}},
		{"template parameter", 1024, "body[0].text", "too_long", func(n int) content.Content {
			return template(func(t *content.Template) { t.Body = []content.Parameter{{Text: text(n)}} })
		}},
		{"template header", 60, "header.text.text", "too_long", func(n int) content.Content {
			return template(func(t *content.Template) { t.Header = &content.TemplateHeader{Text: &content.Parameter{Text: text(n)}} })
		}},
		{"spaces in a parameter", 4, "body[0].text", "wrong_form", func(n int) content.Content {
			return template(func(t *content.Template) {
				t.Body = []content.Parameter{{Text: "a" + strings.Repeat(" ", n) + "b"}}
			})
		}},
		{"template button", 9, "buttons[0].index", "out_of_range", func(n int) content.Content {
			return button(content.TemplateButton{Index: n, Payload: "x"})
		}},
		{"payload", 256, "buttons[0].payload", "too_long", func(n int) content.Content { return button(content.TemplateButton{Payload: text(n)}) }},
		{"code", 20, "buttons[0].copyCode", "too_long", func(n int) content.Content { return button(content.TemplateButton{CopyCode: text(n)}) }},
		{"template cards", 10, "cards", "too_many", func(n int) content.Content { return templateCards(n, 0) }},
		{"buttons of a card", 2, "cards[0].buttons", "too_many", func(n int) content.Content { return templateCards(2, n) }},
		{"flow data", 32 << 10, "data", "too_long", func(n int) content.Content {
			data := json.RawMessage(`{"a":"` + strings.Repeat("x", n-8) + `"}`)
			return content.Flow{Body: "x", FlowID: "1", Label: "Abrir", Screen: "A", Data: data}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if err := content.Check(c.make(c.limit)); err != nil {
				t.Errorf("at the limit: %v %v", err, fault.Of(err).Details)
			}
			details := fault.Of(content.Check(c.make(c.limit + 1))).Details
			if len(details) == 0 || details[0].Path != c.path || details[0].Code != c.code || details[0].Message == "" {
				t.Errorf("past the limit: %+v, want %s at %s", details, c.code, c.path)
			}
		})
	}
}

// What is wrong without being too much.
func TestRefusals(t *testing.T) {
	t.Parallel()
	image := func(f content.File) content.Content { return content.Image{File: f} }
	two := buttons(2)
	two[1].Title = two[0].Title
	sameID := buttons(2)
	sameID[1].ID = sameID[0].ID
	mixed := carousel(2, func(*content.Card) {})
	mixed.Cards[1].Header = content.Header{Video: &file}
	filled := func(p ...content.Parameter) content.Content {
		return template(func(t *content.Template) { t.Body = p })
	}
	cases := map[string]struct {
		c    content.Content
		want string
	}{
		"blank text":              {content.Text{Body: " \n"}, "body required"},
		"broken text":             {content.Text{Body: "a\xff"}, "body text_invalid"},
		"zero character":          {content.Text{Body: "a\x00"}, "body text_invalid"},
		"no file":                 {image(content.File{}), " required"},
		"two files":               {image(content.File{Link: file.Link, MetaID: "1"}), " only_one"},
		"plain http file":         {image(content.File{Link: "http://a.b/c.jpg"}), "link not_a_url"},
		"a path":                  {image(content.File{Link: "/c.jpg"}), "link not_a_url"},
		"a host is missing":       {image(content.File{Link: "https://:443/c.jpg"}), "link not_a_url"},
		"an odd id":               {image(content.File{MetaID: "../1"}), "metaId wrong_form"},
		"a folder in a name":      {content.Document{File: file, Filename: "../a.pdf"}, "filename wrong_form"},
		"nowhere":                 {content.Location{Place: message.Place{Latitude: 90.1, Longitude: math.NaN()}}, "latitude out_of_range, longitude out_of_range"},
		"nobody":                  {content.Contacts{}, "cards too_few"},
		"no name, odd birthday":   {content.Contacts{Cards: []content.ContactCard{{Birthday: "31/12/1990", Phones: []content.ContactPhone{{}}}}}, "cards[0].name.formatted required, cards[0].birthday wrong_form, cards[0].phones[0].phone required"},
		"a reaction to nothing":   {content.Reaction{Emoji: "👍"}, "messageId required"},
		"a reaction in words":     {content.Reaction{WAMID: "w", Emoji: "ok 👍"}, "emoji wrong_form"},
		"a reaction of a digit":   {content.Reaction{WAMID: "w", Emoji: "1"}, "emoji wrong_form"},
		"no buttons":              {content.Buttons{Body: "x"}, "buttons too_few"},
		"two titles alike":        {content.Buttons{Body: "x", Buttons: two}, "buttons[1].title repeated"},
		"two ids alike":           {content.Buttons{Body: "x", Buttons: sameID}, "buttons[1].id repeated"},
		"an empty header":         {content.Buttons{Header: &content.Header{}, Body: "x", Buttons: buttons(1)}, "header required"},
		"a header of two":         {content.Buttons{Header: &content.Header{Text: "a", Image: &file}, Body: "x", Buttons: buttons(1)}, "header only_one"},
		"a header without a file": {content.Buttons{Header: &content.Header{Video: &content.File{}}, Body: "x", Buttons: buttons(1)}, "header.video required"},
		"everything at once": {
			content.Buttons{Footer: text(61), Buttons: []content.Button{{}, {ID: "1", Title: text(21)}}},
			"body required, footer too_long, buttons[0].id required, buttons[0].title required, buttons[1].title too_long",
		},
		"an empty section":        {list(1, 0), "sections[0].rows too_few"},
		"sections without titles": {content.List{Body: "x", Button: "b", Sections: []content.Section{{Rows: []content.Row{{ID: "1", Title: "a"}}}, {Title: "t", Rows: []content.Row{{ID: "1", Title: "a"}}}}}, "sections[0].title required, sections[1].rows[0].id repeated"},
		"a link to nowhere":       {content.Link{Body: "x", Label: "Ver", URL: "javascript:alert(1)"}, "url not_a_url"},
		"no flow":                 {content.Flow{Body: "x", Label: "a"}, "flowId required"},
		"two flows":               {content.Flow{Body: "x", Label: "a", FlowID: "1", FlowName: "a"}, "flowId only_one"},
		"an odd action":           {content.Flow{Body: "x", Label: "a", FlowID: "1", Action: "x"}, "action not_one_of"},
		"data without a screen":   {content.Flow{Body: "x", Label: "a", FlowID: "1", Data: json.RawMessage(`{"a":1}`)}, "data not_allowed"},
		"data for the server":     {content.Flow{Body: "x", Label: "a", FlowID: "1", Action: content.FlowDataExchange, Screen: "A", Data: json.RawMessage(`{"a":1}`)}, "screen not_allowed, data not_allowed"},
		"data that is a list":     {content.Flow{Body: "x", Label: "a", FlowID: "1", Screen: "A", Data: json.RawMessage(`[]`)}, "data wrong_form"},
		"data that is empty":      {content.Flow{Body: "x", Label: "a", FlowID: "1", Screen: "A", Data: json.RawMessage(`{}`)}, "data wrong_form"},
		"data with a zero":        {content.Flow{Body: "x", Label: "a", FlowID: "1", Screen: "A", Data: json.RawMessage(`{"a":"\u0000"}`)}, "data text_invalid"},
		"a product of nothing":    {content.Product{}, "catalogueId required, productId required"},
		"a list of no products":   {content.ProductList{Header: "h", Body: "x", Catalogue: "1"}, "sections too_few"},
		"one card":                {carousel(1, func(*content.Card) {}), "cards too_few"},
		"a card with a text":      {carousel(2, func(c *content.Card) { c.Header = content.Header{Text: "a"} }), "cards[0].header not_allowed, cards[1].header not_allowed"},
		"cards of two sorts":      {mixed, "cards[1].header not_allowed"},
		"an odd template name":    {content.Template{Name: "Olá", Language: "pt-BR"}, "name wrong_form, language wrong_form"},
		"a line break":            {filled(content.Parameter{Text: "a\nb"}), "body[0].text wrong_form"},
		"an empty parameter":      {filled(content.Parameter{}), "body[0].text required"},
		"two in a parameter":      {filled(content.Parameter{Text: "a", DateTime: &content.DateTime{Fallback: "b"}}), "body[0] only_one"},
		"an odd currency":         {filled(content.Parameter{Currency: &content.Currency{Fallback: "R$ 1", Code: "R$"}}), "body[0].currency.code wrong_form"},
		"some are named":          {filled(content.Parameter{Name: "a", Text: "a"}, content.Parameter{Text: "b"}), "body[1].name not_allowed"},
		"named alike":             {filled(content.Parameter{Name: "a", Text: "a"}, content.Parameter{Name: "a", Text: "b"}), "body[1].name repeated"},
		"a button of two":         {button(content.TemplateButton{Payload: "a", CopyCode: "b"}), "buttons[0] only_one"},
		"a button of nothing":     {button(content.TemplateButton{}), "buttons[0] required"},
		"one button twice":        {template(func(t *content.Template) { t.Buttons = []content.TemplateButton{{Payload: "a"}, {Payload: "b"}} }), "buttons[1].index repeated"},
		"an offer without end":    {template(func(t *content.Template) { t.Offer = &content.Offer{} }), "limitedTimeOffer.expirationMs out_of_range"},
		"a carousel's header": {template(func(t *content.Template) {
			*t = templateCards(2, 0)
			t.Header = &content.TemplateHeader{Product: &content.ProductRef{Catalogue: "1", Product: "2"}}
		}), "header.product not_allowed, header not_allowed"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := content.Check(c.c)
			if !errors.Is(err, content.ErrInvalid) {
				t.Fatalf("Check: %v", err)
			}
			var got []string
			for _, d := range fault.Of(err).Details {
				got = append(got, d.Path+" "+d.Code)
			}
			if diff := cmp.Diff(c.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
	if err := content.Check(nil); !errors.Is(err, content.ErrNone) {
		t.Errorf("nothing: %v", err)
	}
}

func TestEmojiAreReactions(t *testing.T) {
	t.Parallel()
	for _, emoji := range []string{"", "👍", "❤️", "👍🏽", "🇧🇷", "1️⃣", "👨‍👩‍👧‍👦", "©️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"} {
		if err := content.Check(content.Reaction{WAMID: "w", Emoji: emoji}); err != nil {
			t.Errorf("%q: %v", emoji, fault.Of(err).Details)
		}
	}
}

// What people read, and what dashboards are told.
func TestDescribe(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		c     content.Content
		kind  message.Kind
		shown string
		want  string // the metadata without the content itself
	}{
		"text":  {content.Text{Body: "Oi", PreviewURL: true}, message.Text, "Oi", `{"previewUrl":true}`},
		"image": {content.Image{File: file, Caption: "A praia"}, message.Image, "A praia", `{"mediaUrl":"https://hotel.example/a.jpg","caption":"A praia"}`},
		"voice": {content.Voice{File: content.File{MetaID: "7"}}, message.Audio, "", `{"mediaId":"7","voice":true}`},
		"document": {
			content.Document{File: file, Filename: "a.pdf"},
			message.Document, "a.pdf",
			`{"mediaUrl":"https://hotel.example/a.jpg","filename":"a.pdf"}`,
		},
		"location": {content.Location{Place: message.Place{Latitude: 1, Name: "Aqui"}}, message.Location, `{"latitude":1,"longitude":0,"name":"Aqui"}`, `{"location":{"latitude":1,"longitude":0,"name":"Aqui"}}`},
		"reaction": {content.Reaction{WAMID: "w", Emoji: "👍"}, message.Reaction, "👍", `{"reaction":{"messageId":"w","emoji":"👍"}}`},
		"contacts": {content.Contacts{Cards: []content.ContactCard{{Name: content.ContactName{Formatted: "A"}}, {Name: content.ContactName{Formatted: "B"}}}}, message.SharedContacts, "A, B", `{}`},
		"buttons": {
			content.Buttons{Header: &content.Header{Text: "T"}, Body: "Confirma?", Footer: "F", Buttons: []content.Button{{ID: "1", Title: "Sim"}}},
			message.Interactive, "Confirma?",
			`{"interactiveType":"buttons","title":"T","header":"T","footer":"F","buttons":[{"id":"1","title":"Sim"}],"buttonLabels":["Sim"]}`,
		},
		"list": {
			content.List{Header: "T", Body: "Qual?", Button: "Ver", Sections: []content.Section{{Title: "S", Rows: []content.Row{{ID: "1", Title: "Luxo"}}}}},
			message.Interactive, "Qual?",
			`{"interactiveType":"list","title":"T","header":"T","buttonLabel":"Ver","sections":[{"title":"S","rows":[{"id":"1","title":"Luxo"}]}]}`,
		},
		"template": {
			template(func(t *content.Template) {
				t.Body = []content.Parameter{{Text: "Ana"}, {DateTime: &content.DateTime{Fallback: "hoje"}}}
			}), message.Template,
			"[Template: ola] Ana hoje", `{"templateName":"ola","language":"pt_BR","parameters":["Ana","hoje"]}`,
		},
		"known template": {template(func(t *content.Template) { t.Text = "Olá!" }), message.Template, "Olá!", `{"templateName":"ola","language":"pt_BR"}`},
		"carousel template": {
			templateCards(2, 1), message.Template, "[Carousel: ola] 2 cards",
			`{"templateType":"carousel","templateName":"ola","language":"pt_BR","cardsCount":2,"cards":[` +
				`{"imageUrl":"https://hotel.example/a.jpg","buttonPayloads":["x"]},{"imageUrl":"https://hotel.example/a.jpg","buttonPayloads":["x"]}]}`,
		},
		"product": {content.Product{}, message.Interactive, "[Produto]", `{"interactiveType":"product"}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := content.Describe(c.c)
			if err != nil {
				t.Fatal(err)
			}
			again, err := content.Of(message.Message{Kind: c.kind, Content: c.shown, Metadata: m})
			if diff := cmp.Diff(c.c, again); err != nil || diff != "" {
				t.Errorf("read back: %v\n%s", err, diff)
			}
			if m.Rich != nil {
				m.Outgoing = nil
			}
			got, err := json.Marshal(m)
			if err != nil || c.c.Kind() != c.kind || c.c.Shown() != c.shown || string(got) != c.want {
				t.Errorf("%s %q %s: %v", c.c.Kind(), c.c.Shown(), got, err)
			}
		})
	}
}

func TestFilesNameTheirPlace(t *testing.T) {
	t.Parallel()
	ours := content.File{FileID: id.NewMedia()}
	header := &content.TemplateHeader{Document: &content.Attachment{File: ours}}
	cases := []struct {
		c    content.Content
		want []content.Use
	}{
		{content.Image{File: file}, nil},
		{content.Voice{File: ours}, []content.Use{{File: ours.FileID, Kind: message.Audio, Voice: true, Path: "fileId"}}},
		{content.Template{Header: header}, []content.Use{{File: ours.FileID, Kind: message.Document, Path: "header.document.fileId"}}},
		{content.Carousel{Cards: []content.Card{{}, {Header: content.Header{Video: &ours}}}}, []content.Use{{File: ours.FileID, Kind: message.Video, Path: "cards[1].header.video.fileId"}}},
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, content.Files(c.c)); diff != "" {
			t.Error(diff)
		}
	}
}
