package content

// Fit cuts texts and titles off where WhatsApp's limits are, as the original did with what
// flows send: a menu whose button is a letter too long reaches the guest all the same. What
// comes back or is pressed (ids, addresses, how many there are) is never cut.
func Fit(c Content) Content {
	switch v := c.(type) {
	case Text:
		v.Body = cut(v.Body, maxText)
		return v
	case Image:
		v.Caption = cut(v.Caption, maxCaption)
		return v
	case Video:
		v.Caption = cut(v.Caption, maxCaption)
		return v
	case Document:
		v.Caption = cut(v.Caption, maxCaption)
		return v
	case Buttons:
		return v.fit()
	case List:
		return v.fit()
	default:
		return c
	}
}

func (b Buttons) fit() Buttons {
	b.Body, b.Footer = cut(b.Body, maxBody), cut(b.Footer, maxFooter)
	if b.Header != nil && b.Header.Text != "" {
		b.Header = &Header{Text: cut(b.Header.Text, maxHeader)}
	}
	buttons := make([]Button, 0, len(b.Buttons))
	for _, button := range b.Buttons {
		buttons = append(buttons, Button{ID: button.ID, Title: cut(button.Title, maxButtonTitle)})
	}
	b.Buttons = buttons
	return b
}

func (l List) fit() List {
	l.Header, l.Body, l.Footer = cut(l.Header, maxHeader), cut(l.Body, maxListBody), cut(l.Footer, maxFooter)
	l.Button = cut(l.Button, maxButtonTitle)
	sections := make([]Section, 0, len(l.Sections))
	for _, section := range l.Sections {
		fitted := Section{Title: cut(section.Title, maxSectionTitle)}
		for _, row := range section.Rows {
			fitted.Rows = append(fitted.Rows, Row{ID: row.ID, Title: cut(row.Title, maxRowTitle), Description: cut(row.Description, maxRowDescription)})
		}
		sections = append(sections, fitted)
	}
	l.Sections = sections
	return l
}

// cut keeps as much of a text as a limit allows, in whole characters.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	n := 0
	for i, r := range text {
		if n++; r > 0xFFFF {
			n++
		}
		if n > limit {
			return text[:i]
		}
	}
	return text
}
