package n8n

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/message"
)

// What guests share besides words and files, as Z-API names it.
type (
	sharedCard struct {
		DisplayName string   `json:"displayName"`
		VCard       string   `json:"vCard"`
		Phones      []string `json:"phones"`
	}
	order struct {
		CatalogID string    `json:"catalogId,omitempty"`
		Message   string    `json:"message,omitempty"`
		ItemCount int       `json:"itemCount"`
		Currency  string    `json:"currency,omitempty"`
		Products  []product `json:"products"`
	}
	product struct {
		CatalogID    string      `json:"catalogId,omitempty"`
		ProductID    string      `json:"productId"`
		RetailerID   string      `json:"retailerId"` // the same: the catalogue's own name for it
		Quantity     looseNumber `json:"quantity,omitempty"`
		Price        looseNumber `json:"price,omitempty"`
		CurrencyCode string      `json:"currencyCode,omitempty"`
	}
)

// looseNumber is what a guest's phone wrote for a number: a number if it is one.
type looseNumber string

// MarshalJSON implements json.Marshaler.
func (n looseNumber) MarshalJSON() ([]byte, error) {
	if _, err := strconv.ParseFloat(string(n), 64); err == nil && json.Valid([]byte(n)) {
		return []byte(n), nil
	}
	return json.Marshal(string(n))
}

// share adds what a message carries besides what it says.
func (c *content) share(meta message.Metadata) {
	for _, s := range meta.Contacts {
		c.Contacts = append(c.Contacts, cardOf(s))
	}
	if len(c.Contacts) == 1 {
		c.Card = &c.Contacts[0]
	}
	if meta.Order != nil {
		c.Order = orderOf(*meta.Order)
	}
	if meta.Context != nil && meta.Context.Product != nil {
		p := meta.Context.Product
		c.Product = &product{CatalogID: p.CatalogID, ProductID: p.ProductID, RetailerID: p.ProductID}
	}
}

func orderOf(o message.Order) *order {
	out := &order{CatalogID: o.CatalogID, Message: o.Text, ItemCount: len(o.Items) + o.More, Products: []product{}}
	for _, item := range o.Items {
		out.Products = append(out.Products, product{
			ProductID: item.ProductID, RetailerID: item.ProductID, Quantity: looseNumber(item.Quantity), Price: looseNumber(item.Price), CurrencyCode: item.Currency,
		})
		if out.Currency == "" {
			out.Currency = item.Currency
		}
	}
	return out
}

func cardOf(s message.SharedContact) sharedCard {
	c := sharedCard{DisplayName: s.Name, VCard: vCard(s), Phones: []string{}}
	for _, p := range s.Phones {
		c.Phones = append(c.Phones, p.Phone)
	}
	return c
}

// vCard writes a card as phones exchange it (version 3.0, RFC 2426, with WhatsApp's waid).
func vCard(s message.SharedContact) string {
	escape := strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", "", ",", `\,`, ";", `\;`).Replace
	lines := []string{"BEGIN:VCARD", "VERSION:3.0", "N:;" + escape(s.Name) + ";;;", "FN:" + escape(s.Name)}
	if s.Company != "" {
		lines = append(lines, "ORG:"+escape(s.Company))
	}
	for _, p := range s.Phones {
		line := "TEL"
		if word := wordOf(p.Type); word != "" {
			line += ";TYPE=" + word
		}
		if waid := digitsOf(p.WAID); waid != "" {
			line += ";waid=" + waid
		}
		lines = append(lines, line+":"+escape(p.Phone))
	}
	for _, e := range s.Emails {
		lines = append(lines, "EMAIL:"+escape(e))
	}
	return strings.Join(append(lines, "END:VCARD"), "\n")
}

// wordOf keeps what may stand in a parameter of a vCard.
func wordOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, text)
}

// react completes a reaction that is told by itself.
func (p *payload) react(h Handover) {
	r := h.Message.Metadata.Reaction
	if h.Event != EventReaction || r == nil || p.Reaction == nil {
		return
	}
	p.kind, p.spoken, p.Text = "reaction", strings.TrimSpace("[reação] "+r.Emoji), nil
	p.Reaction.Time, p.Reaction.ReactionBy = p.TimestampMillis, p.Phone
	p.Reaction.ReferencedMessage.FromMe, p.Reaction.ReferencedMessage.Phone = r.IsToHotel, p.Phone
}
