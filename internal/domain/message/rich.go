package message

import "encoding/json"

// Rich is what is kept of a message of the hotel's that is more than a text: what is given
// to Meta, and what the original's dashboards read of it (contract §3). Messages that were
// moved over from the original have the latter alone.
type Rich struct {
	Outgoing json.RawMessage `json:"outgoing,omitempty"` // see package content

	InteractiveType string        `json:"interactiveType,omitempty"`
	Title           string        `json:"title,omitempty"` // of the header
	Header          string        `json:"header,omitempty"`
	Footer          string        `json:"footer,omitempty"`
	Buttons         []RichButton  `json:"buttons,omitempty"`
	ButtonLabels    []string      `json:"buttonLabels,omitempty"`
	ButtonLabel     string        `json:"buttonLabel,omitempty"` // opens the list
	Sections        []RichSection `json:"sections,omitempty"`
	TemplateType    string        `json:"templateType,omitempty"`
	TemplateName    string        `json:"templateName,omitempty"`
	Language        string        `json:"language,omitempty"`
	Parameters      []string      `json:"parameters,omitempty"`
	CardsCount      int           `json:"cardsCount,omitempty"`
	Cards           []RichCard    `json:"cards,omitempty"`
}

// RichButton is a button that the guest was shown.
type RichButton struct {
	ID    string `json:"id,omitempty"`
	Title string `json:"title"`
	URL   string `json:"url,omitempty"`
}

// RichSection is a part of a list that the guest was shown.
type RichSection struct {
	Title string   `json:"title,omitempty"`
	Rows  []Choice `json:"rows"`
}

// RichCard is a card of a carousel that the guest was shown.
type RichCard struct {
	ImageURL       string   `json:"imageUrl,omitempty"`
	Text           string   `json:"text,omitempty"`
	BodyParams     []string `json:"bodyParams,omitempty"`
	ButtonLabels   []string `json:"buttonLabels,omitempty"`
	ButtonPayloads []string `json:"buttonPayloads,omitempty"`
	ButtonURLs     []string `json:"buttonUrls,omitempty"`
}
