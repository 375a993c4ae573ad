package simulator

import (
	"strconv"
)

// looseInteractive are types whose action is taken as it is: known to Meta, of no use to a test phone.
var looseInteractive = map[string]bool{
	"flow": true, "carousel": true, "product": true, "product_list": true, "catalog_message": true,
	"call_permission_request": true, "voice_call": true, "request_contact_info": true, "address_message": true,
	"order_details": true, "order_status": true,
}

func checkInteractive(c *checker, a *account, req *sendRequest) {
	o := c.object("interactive", req.content)
	c.only("interactive", o, "type", "header", "body", "footer", "action")
	kind := c.required("interactive", o, "type", 40)
	if kind == "product" || kind == "call_permission_request" {
		if o["body"] != nil {
			req.text = c.bodyText(o, 1024)
		}
		return
	}
	limit := 1024
	if kind == "list" {
		limit = 4096
	}
	req.text = c.bodyText(o, limit)
	c.headerAndFooter(a, req, o, kind)
	action := c.object("interactive.action", o["action"])
	switch {
	case kind == "button":
		c.buttons(action, req)
	case kind == "list":
		c.rows(action, req)
	case kind == "cta_url":
		c.link(action)
	case kind == "location_request_message":
		if name := c.required("interactive.action", action, "name", 40); name != "send_location" {
			c.bad("interactive.action.name", "must be send_location")
		}
	case !looseInteractive[kind]:
		c.bad("interactive.type", "is not a valid interactive type")
	}
}

func (c *checker) bodyText(o object, limit int) string {
	return c.required("interactive.body", c.object("interactive.body", o["body"]), "text", limit)
}

func (c *checker) headerAndFooter(a *account, req *sendRequest, o object, kind string) {
	if raw, ok := o["footer"]; ok {
		c.required("interactive.footer", c.object("interactive.footer", raw), "text", 60)
	}
	raw, ok := o["header"]
	if !ok {
		return
	}
	header := c.object("interactive.header", raw)
	switch t := c.required("interactive.header", header, "type", 20); {
	case t == "text":
		c.required("interactive.header", header, "text", 60)
	case kind != "list" && (t == "image" || t == "video" || t == "document"):
		path := "interactive.header." + t
		req.mediaID, req.mediaURL = c.mediaSource(a, path, c.object(path, header[t]))
	default:
		c.bad("interactive.header.type", "is not allowed here")
	}
}

// buttons: one to three, id up to 256, title up to 20 and unique.
func (c *checker) buttons(action object, req *sendRequest) {
	const path = "interactive.action.buttons"
	c.only("interactive.action", action, "buttons")
	seen := map[string]bool{}
	for i, raw := range c.list(path, action["buttons"], 1, 3) {
		at := path + "[" + strconv.Itoa(i) + "]"
		button := c.object(at, raw)
		c.only(at, button, "type", "reply")
		if t := c.required(at, button, "type", 20); t != "reply" {
			c.bad(at+".type", "must be reply")
		}
		reply := c.object(at+".reply", button["reply"])
		id, title := c.required(at+".reply", reply, "id", 256), c.required(at+".reply", reply, "title", 20)
		if seen["i"+id] || seen["t"+title] {
			c.bad(at+".reply", "must have a unique id and title")
		}
		seen["i"+id], seen["t"+title] = true, true
		req.choices = append(req.choices, Choice{Kind: ChoiceReply, ID: id, Title: title})
	}
}

// rows: up to ten sections and ten rows in all; a section needs a title when there is more than one.
func (c *checker) rows(action object, req *sendRequest) {
	const path = "interactive.action.sections"
	c.only("interactive.action", action, "button", "sections")
	c.required("interactive.action", action, "button", 20)
	sections := c.list(path, action["sections"], 1, 10)
	for i, raw := range sections {
		at := path + "[" + strconv.Itoa(i) + "]"
		section := c.object(at, raw)
		c.only(at, section, "title", "rows")
		title := c.optional(at, section, "title", 24)
		if title == "" && len(sections) > 1 {
			c.missing(at + ".title")
		}
		for j, row := range c.list(at+".rows", section["rows"], 1, 10) {
			c.row(at+".rows["+strconv.Itoa(j)+"]", c.object(at, row), title, req)
		}
	}
	if len(req.choices) > 10 {
		c.bad(path, "must have at most 10 rows in total")
	}
}

func (c *checker) row(path string, row object, section string, req *sendRequest) {
	c.only(path, row, "id", "title", "description")
	choice := Choice{
		Kind: ChoiceRow, Section: section, ID: c.required(path, row, "id", 200),
		Title: c.required(path, row, "title", 24), Description: c.optional(path, row, "description", 72),
	}
	for _, other := range req.choices {
		if other.ID == choice.ID {
			c.bad(path+".id", "must be unique")
		}
	}
	req.choices = append(req.choices, choice)
}

func (c *checker) link(action object) {
	if name := c.required("interactive.action", action, "name", 40); name != "cta_url" {
		c.bad("interactive.action.name", "must be cta_url")
	}
	p := c.object("interactive.action.parameters", action["parameters"])
	c.required("interactive.action.parameters", p, "display_text", 20)
	c.required("interactive.action.parameters", p, "url", 2000)
}
