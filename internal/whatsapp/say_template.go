package whatsapp

import (
	"cmp"
	"encoding/json"
	"strconv"

	"github.com/botreserva/botreserva/internal/domain/content"
)

type wireTemplate struct {
	Name       string          `json:"name"`
	Language   wireLanguage    `json:"language"`
	Components []wireComponent `json:"components,omitempty"`
}

type wireLanguage struct {
	Code string `json:"code"`
}

type wireComponent struct {
	Type       string             `json:"type"`
	SubType    string             `json:"sub_type,omitempty"`
	Index      string             `json:"index,omitempty"`
	Parameters []wireParameter    `json:"parameters,omitempty"`
	Cards      []wireTemplateCard `json:"cards,omitempty"`
}

type wireTemplateCard struct {
	Index      int             `json:"card_index"`
	Components []wireComponent `json:"components"`
}

// wireParameter has a type, and one field that is called as the type is.
type wireParameter struct {
	Type       string             `json:"type"`
	Name       string             `json:"parameter_name,omitempty"`
	Text       string             `json:"text,omitempty"`
	Currency   *wireCurrency      `json:"currency,omitempty"`
	DateTime   *wireDateTime      `json:"date_time,omitempty"`
	Image      *wireFile          `json:"image,omitempty"`
	Video      *wireFile          `json:"video,omitempty"`
	Document   *wireFile          `json:"document,omitempty"`
	Location   *wirePlace         `json:"location,omitempty"`
	Product    *wireProduct       `json:"product,omitempty"`
	Payload    string             `json:"payload,omitempty"`
	CouponCode string             `json:"coupon_code,omitempty"`
	Action     *wireTemplateDoing `json:"action,omitempty"`
	Offer      *wireOffer         `json:"limited_time_offer,omitempty"`
}

type wireCurrency struct {
	Fallback   string `json:"fallback_value"`
	Code       string `json:"code"`
	Amount1000 int64  `json:"amount_1000"`
}

type wireDateTime struct {
	Fallback string `json:"fallback_value"`
}

type wireOffer struct {
	ExpirationMs int64 `json:"expiration_time_ms"`
}

type wireTemplateDoing struct {
	FlowToken string          `json:"flow_token,omitempty"`
	FlowData  json.RawMessage `json:"flow_action_data,omitempty"`
	Thumbnail string          `json:"thumbnail_product_retailer_id,omitempty"`
	Sections  []wireProducts  `json:"sections,omitempty"`
}

// template leaves out every component that has nothing to fill in.
func (s *speaker) template(t content.Template) *wireTemplate {
	out := &wireTemplate{Name: t.Name, Language: wireLanguage{t.Language}}
	out.Components = s.components(t.Header, t.Body, nil)
	if t.Offer != nil {
		out.Components = append(out.Components, wireComponent{Type: "limited_time_offer", Parameters: []wireParameter{
			{Type: "limited_time_offer", Offer: &wireOffer{t.Offer.ExpirationMs}},
		}})
	}
	out.Components = append(out.Components, buttonComponents(t.Buttons)...)
	if len(t.Cards) > 0 {
		carousel := wireComponent{Type: "carousel"}
		for i, c := range t.Cards {
			carousel.Cards = append(carousel.Cards, wireTemplateCard{i, s.components(&c.Header, c.Body, c.Buttons)})
		}
		out.Components = append(out.Components, carousel)
	}
	return out
}

func (s *speaker) components(h *content.TemplateHeader, body []content.Parameter, buttons []content.TemplateButton) []wireComponent {
	var out []wireComponent
	if h != nil {
		out = append(out, wireComponent{Type: "header", Parameters: []wireParameter{s.headerParameter(*h)}})
	}
	if len(body) > 0 {
		filled := wireComponent{Type: "body"}
		for _, p := range body {
			filled.Parameters = append(filled.Parameters, parameter(p))
		}
		out = append(out, filled)
	}
	return append(out, buttonComponents(buttons)...)
}

func (s *speaker) headerParameter(h content.TemplateHeader) wireParameter {
	switch {
	case h.Image != nil:
		return wireParameter{Type: "image", Image: s.file(*h.Image)}
	case h.Video != nil:
		return wireParameter{Type: "video", Video: s.file(*h.Video)}
	case h.Document != nil:
		return wireParameter{Type: "document", Document: s.attachment(*h.Document)}
	case h.Location != nil:
		return wireParameter{Type: "location", Location: place(*h.Location)}
	case h.Product != nil:
		return wireParameter{Type: "product", Product: &wireProduct{h.Product.Catalogue, h.Product.Product}}
	case h.Text != nil:
		return parameter(*h.Text)
	}
	return wireParameter{Type: "text"}
}

func parameter(p content.Parameter) wireParameter {
	switch {
	case p.Currency != nil:
		return wireParameter{Type: "currency", Name: p.Name, Currency: &wireCurrency{p.Currency.Fallback, p.Currency.Code, p.Currency.Amount1000}}
	case p.DateTime != nil:
		return wireParameter{Type: "date_time", Name: p.Name, DateTime: &wireDateTime{p.DateTime.Fallback}}
	}
	return wireParameter{Type: "text", Name: p.Name, Text: p.Text}
}

func buttonComponents(buttons []content.TemplateButton) []wireComponent {
	var out []wireComponent
	for _, b := range buttons {
		c := wireComponent{Type: "button", Index: strconv.Itoa(b.Index)}
		var p wireParameter
		c.SubType, p = buttonParameter(b)
		c.Parameters = []wireParameter{p}
		out = append(out, c)
	}
	return out
}

// noToken is what Meta takes for a flow's token when it is given none. It is given, since
// an action must not be empty.
const noToken = "unused"

func buttonParameter(b content.TemplateButton) (subType string, p wireParameter) {
	switch {
	case b.URLSuffix != "":
		return "url", wireParameter{Type: "text", Text: b.URLSuffix}
	case b.CopyCode != "":
		return "copy_code", wireParameter{Type: "coupon_code", CouponCode: b.CopyCode}
	case b.Flow != nil:
		return "flow", wireParameter{Type: "action", Action: &wireTemplateDoing{FlowToken: cmp.Or(b.Flow.Token, noToken), FlowData: b.Flow.Data}}
	case b.Catalogue != nil:
		return "catalog", wireParameter{Type: "action", Action: &wireTemplateDoing{Thumbnail: b.Catalogue.Thumbnail}}
	case b.Products != nil:
		doing := &wireTemplateDoing{Thumbnail: b.Products.Thumbnail, Sections: shelves(b.Products.Sections)}
		return "mpm", wireParameter{Type: "action", Action: doing}
	}
	return "quick_reply", wireParameter{Type: "payload", Payload: b.Payload}
}
