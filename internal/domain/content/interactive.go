package content

import "github.com/botreserva/botreserva/internal/domain/message"

// Header stands above the text of an interactive message: exactly one of these.
type Header struct {
	Text     string      `json:"text,omitempty"`
	Image    *File       `json:"image,omitempty"`
	Video    *File       `json:"video,omitempty"`
	Document *Attachment `json:"document,omitempty"`
}

func (h *Header) check(c *checker, path string) {
	if h == nil || !c.one(path, "text, image, video and document", h.Text != "", h.Image != nil, h.Video != nil, h.Document != nil) {
		return
	}
	switch {
	case h.Image != nil:
		h.Image.check(c, path+".image")
	case h.Video != nil:
		h.Video.check(c, path+".video")
	case h.Document != nil:
		h.Document.check(c, path+".document")
	default:
		c.required(path+".text", h.Text, maxHeader)
	}
}

// Buttons is a text with one to three buttons; the guest's answer is the one they press.
type Buttons struct {
	Header  *Header  `json:"header,omitempty"`
	Body    string   `json:"body"`
	Footer  string   `json:"footer,omitempty"`
	Buttons []Button `json:"buttons"`
}

// Button is one of them. The id comes back and is never shown.
type Button struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Kind implements Content.
func (Buttons) Kind() message.Kind { return message.Interactive }

// Shown implements Content.
func (b Buttons) Shown() string { return b.Body }

func (Buttons) name() string { return "buttons" }

func (b Buttons) check(c *checker) {
	b.Header.check(c, "header")
	c.required("body", b.Body, maxBody)
	c.text("footer", b.Footer, maxFooter)
	c.size("buttons", len(b.Buttons), 1, maxButtons)
	ids, titles := map[string]bool{}, map[string]bool{}
	for i, button := range b.Buttons {
		c.required(at("buttons", i, "id"), button.ID, maxButtonID)
		c.required(at("buttons", i, "title"), button.Title, maxButtonTitle)
		c.once(at("buttons", i, "id"), button.ID, ids)
		c.once(at("buttons", i, "title"), button.Title, titles)
	}
}

// List is a text with a button that opens a list to choose from.
type List struct {
	Header   string    `json:"header,omitempty"` // a list takes no other than a text
	Body     string    `json:"body"`
	Footer   string    `json:"footer,omitempty"`
	Button   string    `json:"button"`
	Sections []Section `json:"sections"`
}

// Section groups rows. It needs a title when there is another.
type Section struct {
	Title string `json:"title,omitempty"`
	Rows  []Row  `json:"rows"`
}

// Row is one thing to choose. The id comes back and is never shown.
type Row struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// Kind implements Content.
func (List) Kind() message.Kind { return message.Interactive }

// Shown implements Content.
func (l List) Shown() string { return l.Body }

func (List) name() string { return "list" }

func (l List) check(c *checker) {
	c.text("header", l.Header, maxHeader)
	c.required("body", l.Body, maxListBody)
	c.text("footer", l.Footer, maxFooter)
	c.required("button", l.Button, maxButtonTitle)
	c.size("sections", len(l.Sections), 1, maxSections)
	rows, ids := 0, map[string]bool{}
	for i, section := range l.Sections {
		path := at("sections", i, "rows")
		c.sectionTitle(at("sections", i, "title"), section.Title, len(l.Sections))
		c.size(path, len(section.Rows), 1, maxRows)
		rows += len(section.Rows)
		for j, row := range section.Rows {
			c.required(at(path, j, "id"), row.ID, maxRowID)
			c.required(at(path, j, "title"), row.Title, maxRowTitle)
			c.text(at(path, j, "description"), row.Description, maxRowDescription)
			c.once(at(path, j, "id"), row.ID, ids)
		}
	}
	if rows > maxRows && len(l.Sections) > 1 {
		c.size("sections", rows, 1, maxRows)
	}
}

func (c *checker) sectionTitle(path, title string, sections int) {
	if sections > 1 {
		c.required(path, title, maxSectionTitle)
		return
	}
	c.text(path, title, maxSectionTitle)
}

// Link is a text with a button that opens an address.
type Link struct {
	Header *Header `json:"header,omitempty"`
	Body   string  `json:"body"`
	Footer string  `json:"footer,omitempty"`
	Label  string  `json:"label"`
	URL    string  `json:"url"`
}

// Kind implements Content.
func (Link) Kind() message.Kind { return message.Interactive }

// Shown implements Content.
func (l Link) Shown() string { return l.Body }

func (Link) name() string { return "link" }

func (l Link) check(c *checker) {
	l.Header.check(c, "header")
	c.required("body", l.Body, maxBody)
	c.text("footer", l.Footer, maxFooter)
	c.required("label", l.Label, maxButtonTitle)
	c.link("url", l.URL)
}

// LocationRequest asks the guest where they are: a button sends it.
type LocationRequest struct {
	Body string `json:"body"`
}

// Kind implements Content.
func (LocationRequest) Kind() message.Kind { return message.Interactive }

// Shown implements Content.
func (l LocationRequest) Shown() string { return l.Body }

func (LocationRequest) name() string       { return "locationRequest" }
func (l LocationRequest) check(c *checker) { c.required("body", l.Body, maxBody) }
