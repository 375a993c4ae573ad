package simulator

import (
	"encoding/json"
	"strconv"
)

// interactiveKind says what a type of interactive message may carry beside its action.
type interactiveKind struct {
	body   int  // longest body
	noBody bool // the body may be missing
	header string
	footer bool
	action func(c *checker, a *account, action object, req *sendRequest)
}

// Headers that a kind takes.
const (
	headerNone  = ""
	headerText  = "text"
	headerMust  = "must" // text, and it must be there
	headerMedia = "media"
)

// interactiveKinds holds every interactive type of Meta's pages (September 2026).
var interactiveKinds = map[string]interactiveKind{
	"button":                   {body: 1024, header: headerMedia, footer: true, action: (*checker).buttons},
	"list":                     {body: 4096, header: headerText, footer: true, action: (*checker).rows},
	"cta_url":                  {body: 1024, header: headerMedia, footer: true, action: (*checker).link},
	"location_request_message": {body: 1024, action: named("send_location")},
	"flow":                     {body: 1024, header: headerMedia, footer: true, action: (*checker).flow},
	"carousel":                 {body: 1024, action: (*checker).carousel},
	"product":                  {body: 1024, noBody: true, footer: true, action: (*checker).product},
	"product_list":             {body: 1024, header: headerMust, footer: true, action: (*checker).shelf},
	"catalog_message":          {body: 1024, footer: true, action: (*checker).catalogue},
	"call_permission_request":  {body: 1024, noBody: true, action: (*checker).callPermission},
	"voice_call":               {body: 1024, action: (*checker).voiceCall},
	"request_contact_info":     {body: 1024, action: (*checker).contactInfo},
	"address_message":          {body: 1024, header: headerText, footer: true, action: (*checker).address},
	"order_details":            {body: 1024, header: headerMedia, footer: true, action: (*checker).orderDetails},
	"order_status":             {body: 1024, header: headerMedia, footer: true, action: (*checker).orderStatus},
}

func checkInteractive(c *checker, a *account, req *sendRequest) {
	o := c.object("interactive", req.content)
	c.only("interactive", o, "type", "header", "body", "footer", "action")
	kind, known := interactiveKinds[c.required("interactive", o, "type", 40)]
	if !known {
		c.bad("interactive.type", "is not a valid interactive type")
		return
	}
	if o["body"] != nil || !kind.noBody {
		req.text = c.bodyText(o, kind.body)
	}
	c.header(a, req, o["header"], kind.header)
	c.footer(o, kind.footer)
	action := c.object("interactive.action", o["action"])
	kind.action(c, a, action, req)
}

func (c *checker) bodyText(o object, limit int) string {
	return c.required("interactive.body", c.object("interactive.body", o["body"]), "text", limit)
}

func (c *checker) footer(o object, allowed bool) {
	raw, ok := o["footer"]
	switch {
	case ok && !allowed:
		c.bad("interactive.footer", "is not allowed here")
	case ok:
		c.required("interactive.footer", c.object("interactive.footer", raw), "text", 60)
	}
}

func (c *checker) header(a *account, req *sendRequest, raw json.RawMessage, takes string) {
	if raw == nil {
		if takes == headerMust {
			c.missing("interactive.header")
		}
		return
	}
	if takes == headerNone {
		c.bad("interactive.header", "is not allowed here")
		return
	}
	header := c.object("interactive.header", raw)
	switch t := c.required("interactive.header", header, "type", 20); {
	case t == "text":
		c.required("interactive.header", header, "text", 60)
	case takes == headerMedia && (t == "image" || t == "video" || t == "document"):
		path := "interactive.header." + t
		req.mediaID, req.mediaURL = c.mediaSource(a, path, t, c.object(path, header[t]), req)
	default:
		c.bad("interactive.header.type", "is not allowed here")
	}
}

// name wants action.name to be what the type says.
func (c *checker) name(action object, want string) {
	if name := c.required("interactive.action", action, "name", 40); name != want {
		c.bad("interactive.action.name", "must be "+want)
	}
}

func named(want string) func(*checker, *account, object, *sendRequest) {
	return func(c *checker, _ *account, action object, _ *sendRequest) {
		c.only("interactive.action", action, "name")
		c.name(action, want)
	}
}

// buttons: one to three, id up to 256, title up to 20 and unique.
func (c *checker) buttons(_ *account, action object, req *sendRequest) {
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
func (c *checker) rows(_ *account, action object, req *sendRequest) {
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

func (c *checker) link(_ *account, action object, _ *sendRequest) {
	c.only("interactive.action", action, "name", "parameters")
	c.linkTo("interactive.action", action)
}

// linkTo checks a link button: label up to 20, an address of the web.
func (c *checker) linkTo(path string, action object) {
	if name := c.required(path, action, "name", 40); name != "cta_url" {
		c.bad(path+".name", "must be cta_url")
	}
	p := c.object(path+".parameters", action["parameters"])
	c.only(path+".parameters", p, "display_text", "url")
	c.required(path+".parameters", p, "display_text", 20)
	if address := c.required(path+".parameters", p, "url", 2000); !isWebAddress(address) {
		c.bad(path+".parameters.url", "is not a valid URL")
	}
}
