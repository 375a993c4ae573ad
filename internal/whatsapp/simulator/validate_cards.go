package simulator

import (
	"encoding/json"
	"strconv"
	"strings"
)

// carousel: two to ten cards, all of one sort, with links or products.
func (c *checker) carousel(a *account, action object, req *sendRequest) {
	c.only("interactive.action", action, "cards")
	var sort, header, catalogue string
	for i, raw := range c.list("interactive.action.cards", action["cards"], 2, 10) {
		path := "interactive.action.cards[" + strconv.Itoa(i) + "]"
		card := c.object(path, raw)
		c.only(path, card, "card_index", "type", "header", "body", "action")
		if index, err := strconv.Atoi(string(card["card_index"])); err != nil || index != i {
			c.bad(path+".card_index", "must be "+strconv.Itoa(i))
		}
		c.same(path+".type", &sort, c.required(path, card, "type", 20))
		switch sort {
		case "cta_url":
			c.same(path+".header.type", &header, c.mediaCard(a, path, card, req))
		case "product":
			c.same(path+".action.catalog_id", &catalogue, c.productCard(path, card))
		default:
			c.bad(path+".type", "must be cta_url or product")
		}
	}
}

// same wants one value on all cards.
func (c *checker) same(path string, first *string, value string) {
	if *first == "" {
		*first = value
	}
	if value != *first {
		c.bad(path, "must be the same on all cards")
	}
}

// mediaCard checks a card with picture or film and a link, and returns which it has.
func (c *checker) mediaCard(a *account, path string, card object, req *sendRequest) string {
	header := c.object(path+".header", card["header"])
	kind := c.required(path+".header", header, "type", 20)
	if kind != "image" && kind != "video" {
		c.bad(path+".header.type", "must be image or video")
		return kind
	}
	c.mediaSource(a, path+".header."+kind, kind, c.object(path+".header."+kind, header[kind]), req)
	c.cardBody(path, card)
	action := c.object(path+".action", card["action"])
	c.only(path+".action", action, "name", "parameters")
	c.linkTo(path+".action", action)
	return kind
}

// cardBody may be missing; it has up to 160 characters and two line breaks.
func (c *checker) cardBody(path string, card object) {
	if card["body"] == nil {
		return
	}
	text := c.required(path+".body", c.object(path+".body", card["body"]), "text", 160)
	if strings.Count(text, "\n") > 2 {
		c.bad(path+".body.text", "must have at most 2 line breaks")
	}
}

func (c *checker) productCard(path string, card object) (catalogue string) {
	if card["header"] != nil {
		c.bad(path+".header", "is not allowed here")
	}
	action := c.object(path+".action", card["action"])
	c.only(path+".action", action, "product_retailer_id", "catalog_id")
	c.required(path+".action", action, "product_retailer_id", 100)
	return c.required(path+".action", action, "catalog_id", 100)
}

func (c *checker) product(_ *account, action object, _ *sendRequest) {
	c.only("interactive.action", action, "catalog_id", "product_retailer_id")
	c.required("interactive.action", action, "catalog_id", 100)
	c.required("interactive.action", action, "product_retailer_id", 100)
}

// shelf is a list of products: up to ten sections and thirty products in all.
func (c *checker) shelf(_ *account, action object, _ *sendRequest) {
	const path = "interactive.action.sections"
	c.only("interactive.action", action, "catalog_id", "sections")
	c.required("interactive.action", action, "catalog_id", 100)
	products, sections := 0, c.list(path, action["sections"], 1, 10)
	for i, raw := range sections {
		at := path + "[" + strconv.Itoa(i) + "]"
		section := c.object(at, raw)
		c.only(at, section, "title", "product_items")
		if c.optional(at, section, "title", 24) == "" && len(sections) > 1 {
			c.missing(at + ".title")
		}
		for j, raw := range c.list(at+".product_items", section["product_items"], 1, 30) {
			item := at + ".product_items[" + strconv.Itoa(j) + "]"
			c.required(item, c.object(item, raw), "product_retailer_id", 100)
			products++
		}
	}
	if products > 30 {
		c.bad(path, "must have at most 30 products in total")
	}
}

func (c *checker) catalogue(_ *account, action object, _ *sendRequest) {
	c.only("interactive.action", action, "name", "parameters")
	c.name(action, "catalog_message")
	if p := c.maybe("interactive.action.parameters", action["parameters"]); p != nil {
		c.only("interactive.action.parameters", p, "thumbnail_product_retailer_id")
		c.optional("interactive.action.parameters", p, "thumbnail_product_retailer_id", 100)
	}
}

// maybe is object for what may be missing.
func (c *checker) maybe(path string, raw json.RawMessage) object {
	if raw == nil {
		return nil
	}
	return c.object(path, raw)
}
