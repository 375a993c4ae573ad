package content

import "github.com/botreserva/botreserva/internal/domain/message"

// What dashboards are told of contents that are more than a text or a file. They show
// interactiveType "buttons" and "list"; other values they show as a text.

func (h *Header) describe(m *message.Metadata) {
	switch {
	case h == nil:
	case h.Image != nil:
		h.Image.describe(m)
	case h.Video != nil:
		h.Video.describe(m)
	case h.Document != nil:
		h.Document.File.describe(m)
		m.Filename = h.Document.Filename
	default:
		m.Title, m.Header = h.Text, h.Text
	}
}

func (b Buttons) describe(m *message.Metadata) {
	b.Header.describe(m)
	m.InteractiveType, m.Footer = "buttons", b.Footer
	for _, button := range b.Buttons {
		m.Buttons = append(m.Buttons, message.RichButton{ID: button.ID, Title: button.Title})
		m.ButtonLabels = append(m.ButtonLabels, button.Title)
	}
}

func (l List) describe(m *message.Metadata) {
	m.InteractiveType, m.Title, m.Header, m.Footer, m.ButtonLabel = "list", l.Header, l.Header, l.Footer, l.Button
	for _, section := range l.Sections {
		s := message.RichSection{Title: section.Title}
		for _, row := range section.Rows {
			s.Rows = append(s.Rows, message.Choice{ID: row.ID, Title: row.Title, Description: row.Description})
		}
		m.Sections = append(m.Sections, s)
	}
}

func (l Link) describe(m *message.Metadata) {
	l.Header.describe(m)
	m.InteractiveType, m.Footer = "cta_url", l.Footer
	m.Buttons = []message.RichButton{{Title: l.Label, URL: l.URL}}
}

func (LocationRequest) describe(m *message.Metadata) { m.InteractiveType = "location_request" }

func (f Flow) describe(m *message.Metadata) {
	f.Header.describe(m)
	m.InteractiveType, m.Footer = "flow", f.Footer
	m.Buttons = []message.RichButton{{Title: f.Label}}
}

func (p Product) describe(m *message.Metadata) {
	m.InteractiveType, m.Footer = "product", p.Footer
}

func (p ProductList) describe(m *message.Metadata) {
	m.InteractiveType, m.Title, m.Header, m.Footer = "product_list", p.Header, p.Header, p.Footer
}

func (k Catalogue) describe(m *message.Metadata) {
	m.InteractiveType, m.Footer = "catalog", k.Footer
}

func (p ProductCarousel) describe(m *message.Metadata) {
	m.InteractiveType, m.CardsCount = "product_carousel", len(p.Products)
}

func (k Carousel) describe(m *message.Metadata) {
	m.InteractiveType, m.CardsCount = "carousel", len(k.Cards)
	for _, card := range k.Cards {
		shown := message.RichCard{Text: card.Body, ButtonLabels: []string{card.Label}, ButtonURLs: []string{card.URL}}
		if card.Header.Image != nil {
			shown.ImageURL = card.Header.Image.Link
		}
		m.Cards = append(m.Cards, shown)
	}
}

func (t Template) describe(m *message.Metadata) {
	m.TemplateName, m.Language, m.Parameters = t.Name, t.Language, texts(t.Body)
	if h := t.Header; h != nil {
		(&Header{Image: h.Image, Video: h.Video, Document: h.Document}).describe(m)
		if h.Location != nil {
			m.Location = &h.Location.Place
		}
	}
	if len(t.Cards) == 0 {
		return
	}
	m.TemplateType, m.CardsCount = "carousel", len(t.Cards)
	for _, card := range t.Cards {
		shown := message.RichCard{BodyParams: texts(card.Body)}
		if card.Header.Image != nil {
			shown.ImageURL = card.Header.Image.Link
		}
		for _, b := range card.Buttons {
			shown.ButtonPayloads = append(shown.ButtonPayloads, b.Payload)
		}
		m.Cards = append(m.Cards, shown)
	}
}
