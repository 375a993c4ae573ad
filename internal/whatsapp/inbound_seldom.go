package whatsapp

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
)

// readSeldom fills in the content of what comes seldom, and reports whether it could.
func (m *wireMessage) readSeldom(in *Inbound) bool {
	switch m.Type {
	case "contacts":
		return readContacts(m.Contacts, in)
	case "order":
		return readOrder(m.Order, in)
	case "system":
		return m.readSystem(in)
	case "edit":
		return readEdit(m.Edit, in)
	case "revoke":
		return readRevoke(m.Revoke, in)
	case "request_welcome": // no longer sent since March 2026: the guest opened the chat and said nothing
		in.Nothing, in.Kind = true, message.Notice
		return true
	default:
		return false
	}
}

// Limits of what is kept of lists that guests make. All of it stays in the stored delivery.
const (
	maxContacts = 20
	maxPhones   = 20
	maxItems    = 100
	maxNamed    = 3 // how many contacts and products the text names
)

type sharedCard struct {
	Name struct {
		Formatted loose `json:"formatted_name"`
		First     loose `json:"first_name"`
		Last      loose `json:"last_name"`
	} `json:"name"`
	Org struct {
		Company loose `json:"company"`
	} `json:"org"`
	Phones rawList `json:"phones"`
	Emails rawList `json:"emails"`
	Origin loose   `json:"origin"`
}

// readContacts reads cards of which any part may be missing (Meta's sample, and pywa 4.2.1).
func readContacts(raw json.RawMessage, in *Inbound) bool {
	var list rawList
	if len(raw) == 0 || list.UnmarshalJSON(raw) != nil {
		return false
	}
	var cards []message.SharedContact
	for _, element := range list {
		var w sharedCard
		if readObject(element, &w) != nil {
			continue
		}
		if card := w.card(); card.Name != "" || len(card.Phones)+len(card.Emails) > 0 {
			cards = append(cards, card)
		}
	}
	if len(cards) == 0 {
		return false
	}
	in.Kind, in.Content = message.Text, describeContacts(cards)
	in.Metadata.Contacts = cards[:min(len(cards), maxContacts)]
	return true
}

func (w sharedCard) card() message.SharedContact {
	name := first(w.Name.Formatted, loose(strings.TrimSpace(string(w.Name.First)+" "+string(w.Name.Last))))
	card := message.SharedContact{Name: cleanLabel(name), Company: cleanLabel(string(w.Org.Company)), Asked: w.Origin == "contact_request"}
	for _, raw := range w.Phones[:min(len(w.Phones), maxPhones)] {
		var p struct {
			Phone loose `json:"phone"`
			WAID  loose `json:"wa_id"`
			Type  loose `json:"type"`
		}
		if readObject(raw, &p) == nil && first(p.Phone, p.WAID) != "" {
			card.Phones = append(card.Phones, message.SharedPhone{
				Phone: cleanLabel(first(p.Phone, p.WAID)), WAID: cleanLabel(string(p.WAID)), Type: cleanLabel(string(p.Type)),
			})
		}
	}
	for _, raw := range w.Emails[:min(len(w.Emails), maxPhones)] {
		var e struct {
			Email loose `json:"email"`
		}
		if readObject(raw, &e) == nil && e.Email != "" {
			card.Emails = append(card.Emails, cleanLabel(string(e.Email)))
		}
	}
	return card
}

func describeContacts(cards []message.SharedContact) string {
	var named []string
	for _, c := range cards[:min(len(cards), maxNamed)] {
		text := c.Name
		if len(c.Phones) > 0 {
			text = strings.TrimSpace(text + " " + c.Phones[0].Phone)
		} else if len(c.Emails) > 0 {
			text = strings.TrimSpace(text + " " + c.Emails[0])
		}
		named = append(named, text)
	}
	return "[Contato compartilhado] " + andMore(named, len(cards))
}

// andMore lists the first of many.
func andMore(named []string, all int) string {
	text := strings.Join(named, "; ")
	if more := all - len(named); more > 0 {
		text += fmt.Sprintf(" e mais %d", more)
	}
	return text
}

type wireOrder struct {
	CatalogID loose   `json:"catalog_id"`
	Text      loose   `json:"text"`
	Items     rawList `json:"product_items"`
}

type wireOrderItem struct {
	RetailerID loose           `json:"product_retailer_id"`
	Quantity   json.RawMessage `json:"quantity"`
	Price      json.RawMessage `json:"item_price"`
	Currency   loose           `json:"currency"`
}

// readOrder keeps quantities and prices as they are written: Meta documents integers and shows decimals, and a
// phone may send anything. Nothing is bought by them.
func readOrder(raw json.RawMessage, in *Inbound) bool {
	var w wireOrder
	if readObject(raw, &w) != nil {
		return false
	}
	order := message.Order{CatalogID: cleanLabel(string(w.CatalogID)), Text: cut(string(w.Text), maxText)}
	var named []string
	for _, element := range w.Items[:min(len(w.Items), maxItems)] {
		var i wireOrderItem
		if readObject(element, &i) != nil {
			continue
		}
		item := message.OrderItem{
			ProductID: cleanLabel(string(i.RetailerID)), Quantity: numberText(i.Quantity), Price: numberText(i.Price), Currency: cleanLabel(string(i.Currency)),
		}
		order.Items = append(order.Items, item)
		if len(named) < maxNamed {
			named = append(named, strings.TrimSpace(item.Quantity+" × "+item.ProductID))
		}
	}
	if len(order.Items) == 0 {
		return false
	}
	order.More = len(w.Items) - len(order.Items)
	in.Kind, in.Metadata.Order = message.Text, &order
	in.Content = "[Pedido] " + andMore(named, len(w.Items))
	if order.Text != "" {
		in.Content = cut(in.Content+" — "+order.Text, maxText)
	}
	return true
}

// maxNumber is longer than any number that means something.
const maxNumber = 32

// numberText returns a JSON number, or the text of a string, as it is written.
func numberText(raw json.RawMessage) string {
	text := strings.Trim(string(raw), `"`)
	if text == "null" || len(text) > maxNumber || strings.Trim(text, "0123456789.-+eE") != "" {
		return ""
	}
	return text
}

// readPermission reads the answer to whether the hotel may call.
func readPermission(raw json.RawMessage, in *Inbound) bool {
	var w struct {
		Response loose `json:"response"`
		Expires  loose `json:"expiration_timestamp"`
		Source   loose `json:"response_source"`
	}
	if readObject(raw, &w) != nil || w.Response != "accept" && w.Response != "reject" {
		return false
	}
	permission := message.CallPermission{Accepted: w.Response == "accept", Automatic: w.Source == "automatic"}
	if until, ok := readTime(w.Expires); ok && until.After(beforeWhatsApp) && until.Before(in.At.Add(10*365*24*time.Hour)) {
		permission.Until = until
	}
	in.Kind, in.Content, in.Metadata.Permission = message.Notice, "[O hóspede não permite ligações]", &permission
	if permission.Accepted {
		in.Content = "[O hóspede permite ligações]"
	}
	return true
}
