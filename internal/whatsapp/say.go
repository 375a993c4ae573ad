package whatsapp

import (
	"cmp"
	"strconv"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// wireRich is what a message other than a text carries: exactly one object, called as its
// type is.
type wireRich struct {
	Image       *wireFile     `json:"image,omitempty"`
	Video       *wireFile     `json:"video,omitempty"`
	Audio       *wireFile     `json:"audio,omitempty"`
	Document    *wireFile     `json:"document,omitempty"`
	Sticker     *wireFile     `json:"sticker,omitempty"`
	Location    *wirePlace    `json:"location,omitempty"`
	Contacts    []wireCard    `json:"contacts,omitempty"`
	Reaction    *wireReactTo  `json:"reaction,omitempty"`
	Interactive *wireAsk      `json:"interactive,omitempty"`
	Template    *wireTemplate `json:"template,omitempty"`
}

// wireFile is a file by Meta's id or by its address.
type wireFile struct {
	ID       string `json:"id,omitempty"`
	Link     string `json:"link,omitempty"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
	Voice    bool   `json:"voice,omitempty"`
}

// wirePlace has its coordinates as texts, as Meta's own example does.
type wirePlace struct {
	Latitude  string `json:"latitude"`
	Longitude string `json:"longitude"`
	Name      string `json:"name,omitempty"`
	Address   string `json:"address,omitempty"`
}

type wireReactTo struct {
	MessageID string `json:"message_id"`
	Emoji     string `json:"emoji"` // an empty one takes the reaction back, a missing one is an error
}

// speaker puts contents into Meta's words.
type speaker struct {
	uploaded map[id.Media]string
	missing  bool // a file that was not uploaded
}

// rich returns Meta's type of a content and what carries it; nil for what it does not know.
func (s *speaker) rich(c content.Content) (string, *wireRich) {
	switch v := c.(type) {
	case content.Image:
		return "image", &wireRich{Image: s.captioned(v.File, v.Caption)}
	case content.Video:
		return "video", &wireRich{Video: s.captioned(v.File, v.Caption)}
	case content.Audio:
		return "audio", &wireRich{Audio: s.file(v.File)}
	case content.Voice:
		file := s.file(v.File)
		file.Voice = true
		return "audio", &wireRich{Audio: file}
	case content.Document:
		file := s.captioned(v.File, v.Caption)
		file.Filename = v.Filename
		return "document", &wireRich{Document: file}
	case content.Sticker:
		return "sticker", &wireRich{Sticker: s.file(v.File)}
	case content.Location:
		return "location", &wireRich{Location: place(v)}
	case content.Contacts:
		return "contacts", &wireRich{Contacts: cards(v.Cards)}
	case content.Reaction:
		return "reaction", &wireRich{Reaction: &wireReactTo{v.WAMID, v.Emoji}}
	case content.Template:
		return "template", &wireRich{Template: s.template(v)}
	}
	if ask := s.ask(c); ask != nil {
		return "interactive", &wireRich{Interactive: ask}
	}
	return "", nil
}

func (s *speaker) file(f content.File) *wireFile {
	out := &wireFile{ID: f.MetaID, Link: f.Link}
	if !f.FileID.IsZero() {
		out.ID = s.uploaded[f.FileID]
		s.missing = s.missing || out.ID == ""
	}
	return out
}

func (s *speaker) captioned(f content.File, caption string) *wireFile {
	out := s.file(f)
	out.Caption = caption
	return out
}

func (s *speaker) attachment(a content.Attachment) *wireFile {
	out := s.file(a.File)
	out.Filename = a.Filename
	return out
}

func place(l content.Location) *wirePlace {
	degrees := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	return &wirePlace{degrees(l.Latitude), degrees(l.Longitude), l.Name, l.Address}
}

type wireCard struct {
	Name      wireCardName   `json:"name"`
	Birthday  string         `json:"birthday,omitempty"`
	Phones    []wirePhone    `json:"phones,omitempty"`
	Emails    []wireEmail    `json:"emails,omitempty"`
	URLs      []wireURL      `json:"urls,omitempty"`
	Addresses []wireAddress  `json:"addresses,omitempty"`
	Org       *wireWorkplace `json:"org,omitempty"`
}

type wireCardName struct {
	Formatted string `json:"formatted_name"`
	First     string `json:"first_name,omitempty"`
	Last      string `json:"last_name,omitempty"`
	Middle    string `json:"middle_name,omitempty"`
	Suffix    string `json:"suffix,omitempty"`
	Prefix    string `json:"prefix,omitempty"`
}

type wirePhone struct {
	Phone string `json:"phone"`
	Type  string `json:"type,omitempty"`
	WAID  string `json:"wa_id,omitempty"`
}

type wireEmail struct {
	Email string `json:"email"`
	Type  string `json:"type,omitempty"`
}

type wireURL struct {
	URL  string `json:"url"`
	Type string `json:"type,omitempty"`
}

type wireAddress struct {
	Street      string `json:"street,omitempty"`
	City        string `json:"city,omitempty"`
	State       string `json:"state,omitempty"`
	Zip         string `json:"zip,omitempty"`
	Country     string `json:"country,omitempty"`
	CountryCode string `json:"country_code,omitempty"`
	Type        string `json:"type,omitempty"`
}

type wireWorkplace struct {
	Company    string `json:"company,omitempty"`
	Department string `json:"department,omitempty"`
	Title      string `json:"title,omitempty"`
}

func cards(all []content.ContactCard) []wireCard {
	out := make([]wireCard, 0, len(all))
	for _, c := range all {
		card := wireCard{Name: cardName(c.Name), Birthday: c.Birthday}
		for _, p := range c.Phones {
			card.Phones = append(card.Phones, wirePhone{p.Phone, p.Type, p.WAID})
		}
		for _, e := range c.Emails {
			card.Emails = append(card.Emails, wireEmail{e.Value, e.Type})
		}
		for _, u := range c.URLs {
			card.URLs = append(card.URLs, wireURL{u.Value, u.Type})
		}
		for _, a := range c.Addresses {
			card.Addresses = append(card.Addresses, wireAddress(a))
		}
		if o := c.Organization; o != nil {
			card.Org = &wireWorkplace{o.Company, o.Department, o.Title}
		}
		out = append(out, card)
	}
	return out
}

// cardName gives a name a part of its own: Meta used to refuse those that had none, and
// does not say whether it still does.
func cardName(n content.ContactName) wireCardName {
	out := wireCardName{n.Formatted, n.First, n.Last, n.Middle, n.Suffix, n.Prefix}
	if cmp.Or(n.First, n.Last, n.Middle, n.Suffix, n.Prefix) == "" {
		out.First = n.Formatted
	}
	return out
}
