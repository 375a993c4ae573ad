package whatsapp

import (
	"encoding/json"

	"github.com/botreserva/botreserva/internal/domain/content"
)

// wireAsk is Meta's "interactive".
type wireAsk struct {
	Type   string      `json:"type"`
	Header *wireHeader `json:"header,omitempty"`
	Body   *wireWords  `json:"body,omitempty"`
	Footer *wireWords  `json:"footer,omitempty"`
	Action any         `json:"action"`
}

type wireHeader struct {
	Type     string    `json:"type"`
	Text     string    `json:"text,omitempty"`
	Image    *wireFile `json:"image,omitempty"`
	Video    *wireFile `json:"video,omitempty"`
	Document *wireFile `json:"document,omitempty"`
}

type wireWords struct {
	Text string `json:"text"`
}

func words(text string) *wireWords {
	if text == "" {
		return nil
	}
	return &wireWords{text}
}

func textHeader(text string) *wireHeader {
	if text == "" {
		return nil
	}
	return &wireHeader{Type: "text", Text: text}
}

func (s *speaker) header(h *content.Header) *wireHeader {
	switch {
	case h == nil:
		return nil
	case h.Image != nil:
		return &wireHeader{Type: "image", Image: s.file(*h.Image)}
	case h.Video != nil:
		return &wireHeader{Type: "video", Video: s.file(*h.Video)}
	case h.Document != nil:
		return &wireHeader{Type: "document", Document: s.attachment(*h.Document)}
	}
	return textHeader(h.Text)
}

// wireNamed is an action with a name and perhaps parameters.
type wireNamed struct {
	Name       string `json:"name"`
	Parameters any    `json:"parameters,omitempty"`
}

type wireLinkTo struct {
	DisplayText string `json:"display_text"`
	URL         string `json:"url"`
}

func linkTo(label, url string) wireNamed { return wireNamed{"cta_url", wireLinkTo{label, url}} }

// ask puts an interactive message into Meta's words; nil for what it does not know.
func (s *speaker) ask(c content.Content) *wireAsk {
	switch v := c.(type) {
	case content.Buttons:
		return &wireAsk{"button", s.header(v.Header), words(v.Body), words(v.Footer), replies(v.Buttons)}
	case content.List:
		return &wireAsk{"list", textHeader(v.Header), words(v.Body), words(v.Footer), rows(v)}
	case content.Link:
		return &wireAsk{"cta_url", s.header(v.Header), words(v.Body), words(v.Footer), linkTo(v.Label, v.URL)}
	case content.LocationRequest:
		return &wireAsk{Type: "location_request_message", Body: words(v.Body), Action: wireNamed{Name: "send_location"}}
	case content.Flow:
		return &wireAsk{"flow", s.header(v.Header), words(v.Body), words(v.Footer), wireNamed{"flow", flowOf(v)}}
	case content.Product:
		return &wireAsk{Type: "product", Body: words(v.Body), Footer: words(v.Footer), Action: wireProduct{v.Catalogue, v.Product}}
	case content.ProductList:
		action := wireShelf{v.Catalogue, shelves(v.Sections)}
		return &wireAsk{"product_list", textHeader(v.Header), words(v.Body), words(v.Footer), action}
	case content.Catalogue:
		action := wireNamed{Name: "catalog_message"}
		if v.Thumbnail != "" {
			action.Parameters = wireThumbnail{Product: v.Thumbnail}
		}
		return &wireAsk{Type: "catalog_message", Body: words(v.Body), Footer: words(v.Footer), Action: action}
	case content.Carousel:
		return &wireAsk{Type: "carousel", Body: words(v.Body), Action: s.carousel(v.Cards)}
	case content.ProductCarousel:
		return &wireAsk{Type: "carousel", Body: words(v.Body), Action: productCards(v)}
	}
	return nil
}

type wireReplies struct {
	Buttons []wireReplyButton `json:"buttons"`
}

type wireReplyButton struct {
	Type  string    `json:"type"`
	Reply wireReply `json:"reply"`
}

type wireReply struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

func replies(buttons []content.Button) wireReplies {
	var out wireReplies
	for _, b := range buttons {
		out.Buttons = append(out.Buttons, wireReplyButton{"reply", wireReply{b.ID, b.Title}})
	}
	return out
}

type wireRows struct {
	Button   string        `json:"button"`
	Sections []wireSection `json:"sections"`
}

type wireSection struct {
	Title string    `json:"title,omitempty"`
	Rows  []wireRow `json:"rows"`
}

type wireRow struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

func rows(l content.List) wireRows {
	out := wireRows{Button: l.Button}
	for _, section := range l.Sections {
		s := wireSection{Title: section.Title}
		for _, r := range section.Rows {
			s.Rows = append(s.Rows, wireRow(r))
		}
		out.Sections = append(out.Sections, s)
	}
	return out
}

type wireFlow struct {
	Version string           `json:"flow_message_version"`
	ID      string           `json:"flow_id,omitempty"`
	Name    string           `json:"flow_name,omitempty"`
	CTA     string           `json:"flow_cta"`
	Mode    string           `json:"mode,omitempty"`
	Token   string           `json:"flow_token,omitempty"`
	Action  string           `json:"flow_action,omitempty"`
	Payload *wireFlowPayload `json:"flow_action_payload,omitempty"`
}

type wireFlowPayload struct {
	Screen string          `json:"screen"`
	Data   json.RawMessage `json:"data,omitempty"`
}

// flowVersion is the only one that Meta knows (flows guide, 2026).
const flowVersion = "3"

func flowOf(f content.Flow) wireFlow {
	out := wireFlow{Version: flowVersion, ID: f.FlowID, Name: f.FlowName, CTA: f.Label, Token: f.Token, Action: f.Action}
	if f.Draft {
		out.Mode = "draft"
	}
	if f.Screen != "" {
		out.Payload = &wireFlowPayload{f.Screen, f.Data}
	}
	return out
}

type wireProduct struct {
	Catalogue string `json:"catalog_id"`
	Product   string `json:"product_retailer_id"`
}

type wireShelf struct {
	Catalogue string         `json:"catalog_id"`
	Sections  []wireProducts `json:"sections"`
}

type wireProducts struct {
	Title string     `json:"title,omitempty"`
	Items []wireItem `json:"product_items"`
}

type wireItem struct {
	Product string `json:"product_retailer_id"`
}

type wireThumbnail struct {
	Product string `json:"thumbnail_product_retailer_id"`
}

func shelves(sections []content.ProductSection) []wireProducts {
	var out []wireProducts
	for _, section := range sections {
		s := wireProducts{Title: section.Title}
		for _, product := range section.Products {
			s.Items = append(s.Items, wireItem{product})
		}
		out = append(out, s)
	}
	return out
}

type wireCards struct {
	Cards []wireAskCard `json:"cards"`
}

type wireAskCard struct {
	Index  int         `json:"card_index"`
	Type   string      `json:"type"`
	Header *wireHeader `json:"header,omitempty"`
	Body   *wireWords  `json:"body,omitempty"`
	Action any         `json:"action"`
}

func (s *speaker) carousel(all []content.Card) wireCards {
	var out wireCards
	for i, c := range all {
		out.Cards = append(out.Cards, wireAskCard{i, "cta_url", s.header(&c.Header), words(c.Body), linkTo(c.Label, c.URL)})
	}
	return out
}

func productCards(p content.ProductCarousel) wireCards {
	var out wireCards
	for i, product := range p.Products {
		out.Cards = append(out.Cards, wireAskCard{Index: i, Type: "product", Action: wireProduct{p.Catalogue, product}})
	}
	return out
}
