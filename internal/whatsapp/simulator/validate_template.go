package simulator

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

var templateName = regexp.MustCompile(`^[a-z0-9_]{1,512}$`)

// placeholder matches {{1}} and {{name}}.
var placeholder = regexp.MustCompile(`\{\{\s*(\w+)\s*\}\}`)

// templateParams are the values a send gives to a template or to a card of one.
type templateParams struct {
	body    []templateParam
	head    []templateParam
	media   string // kind of the header's file: image, video, document or location
	buttons map[int]buttonParam
	cards   []templateParams
	offer   bool
}

type templateParam struct{ name, text string }

type buttonParam struct{ sub, value string }

func checkTemplate(c *checker, a *account, req *sendRequest) {
	o := c.object("template", req.content)
	c.only("template", o, "name", "language", "components", "namespace")
	name := c.required("template", o, "name", 512)
	language := c.object("template.language", o["language"])
	c.only("template.language", language, "code", "policy")
	code := c.required("template.language", language, "code", 20)
	if name != "" && !templateName.MatchString(name) {
		c.bad("template.name", "is not a valid template name")
	}
	params := c.components(a, req, "template.components", o["components"], false)
	if c.err == nil {
		c.fillTemplate(a, req, name, code, params)
	}
}

func (c *checker) components(a *account, req *sendRequest, at string, raw json.RawMessage, inCard bool) templateParams {
	p := templateParams{buttons: map[int]buttonParam{}}
	if raw == nil {
		return p
	}
	for i, raw := range c.list(at, raw, 0, 20) {
		path := at + "[" + strconv.Itoa(i) + "]"
		o := c.object(path, raw)
		switch kind := strings.ToLower(c.required(path, o, "type", 30)); {
		case kind == "body":
			p.body = c.textParams(path, o)
		case kind == "header":
			c.headerParams(a, req, path, o, &p)
		case kind == "button":
			c.buttonParams(path, o, &p)
		case kind == "limited_time_offer" && !inCard:
			p.offer = c.offerParam(path, o)
		case kind == "carousel" && !inCard:
			p.cards = c.cardParams(a, req, path, o)
		case kind == "":
		default:
			c.bad(path+".type", "is not a valid component type")
		}
	}
	return p
}

func (c *checker) textParams(path string, o object) []templateParam {
	var out []templateParam
	for i, raw := range c.list(path+".parameters", o["parameters"], 0, 100) {
		at := path + ".parameters[" + strconv.Itoa(i) + "]"
		param := c.object(at, raw)
		text := ""
		switch kind := c.required(at, param, "type", 20); kind {
		case "text":
			text = c.paramText(at, param)
		case "currency", "date_time":
			text = c.required(at+"."+kind, c.object(at+"."+kind, param[kind]), "fallback_value", 1024)
		default:
			c.bad(at+".type", "is not a valid parameter type")
		}
		out = append(out, templateParam{name: c.optional(at, param, "parameter_name", 64), text: text})
	}
	return out
}

// paramText refuses line breaks and the like: widely known, but which code answers it is not documented.
func (c *checker) paramText(at string, param object) string {
	text := c.required(at, param, "text", 1024)
	if strings.ContainsAny(text, "\n\t") || strings.Contains(text, "     ") {
		c.fail(100, "Param %s.text cannot have new-line/tab characters or more than 4 consecutive spaces", at)
	}
	return text
}

func (c *checker) headerParams(a *account, req *sendRequest, path string, o object, p *templateParams) {
	for i, raw := range c.list(path+".parameters", o["parameters"], 0, 1) {
		at := path + ".parameters[" + strconv.Itoa(i) + "]"
		param := c.object(at, raw)
		switch kind := c.required(at, param, "type", 20); kind {
		case "image", "video", "document":
			p.media = kind
			req.mediaID, req.mediaURL = c.mediaSource(a, at+"."+kind, kind, c.object(at+"."+kind, param[kind]), req)
		case "location":
			p.media = kind
			c.object(at+".location", param["location"])
		case "text":
			p.head = append(p.head, templateParam{c.optional(at, param, "parameter_name", 64), c.paramText(at, param)})
		case "product":
			c.object(at+".product", param["product"])
		default:
			c.bad(at+".type", "is not a valid parameter type")
		}
	}
}

// buttonValues say under which key each sort of button has its value, and how long that may be.
var buttonValues = map[string]struct {
	kind, key string
	limit     int
}{
	"quick_reply": {"payload", "payload", 256}, "url": {"text", "text", 2000}, "copy_code": {"coupon_code", "coupon_code", 20},
	"flow": {"action", "", 0}, "catalog": {"action", "", 0}, "mpm": {"action", "", 0}, "voice_call": {"payload", "payload", 512},
}

func (c *checker) buttonParams(path string, o object, p *templateParams) {
	index, err := strconv.Atoi(strings.Trim(string(o["index"]), `"`))
	if err != nil || index < 0 || index > 9 {
		c.bad(path+".index", "must be 0 to 9")
		return
	}
	sub := strings.ToLower(c.required(path, o, "sub_type", 20))
	value, known := buttonValues[sub]
	if !known {
		c.bad(path+".sub_type", "is not a valid button type")
		return
	}
	b := buttonParam{sub: sub}
	if o["parameters"] == nil && (sub == "flow" || sub == "catalog" || sub == "voice_call") {
		p.buttons[index] = b
		return
	}
	for i, raw := range c.list(path+".parameters", o["parameters"], 1, 2) {
		at := path + ".parameters[" + strconv.Itoa(i) + "]"
		if param := c.object(at, raw); value.key != "" && sub != "voice_call" {
			b.value = c.required(at, param, value.key, value.limit)
		} else if sub != "voice_call" {
			c.object(at+".action", param["action"])
		}
	}
	p.buttons[index] = b
}

func (c *checker) offerParam(path string, o object) bool {
	for i, raw := range c.list(path+".parameters", o["parameters"], 1, 1) {
		at := path + ".parameters[" + strconv.Itoa(i) + "].limited_time_offer"
		offer := c.object(at, c.object(at, raw)["limited_time_offer"])
		if n, err := strconv.ParseInt(string(offer["expiration_time_ms"]), 10, 64); err != nil || n <= 0 {
			c.bad(at+".expiration_time_ms", "must be a time in milliseconds")
		}
	}
	return true
}

func (c *checker) cardParams(a *account, req *sendRequest, path string, o object) []templateParams {
	var out []templateParams
	for i, raw := range c.list(path+".cards", o["cards"], 2, 10) {
		at := path + ".cards[" + strconv.Itoa(i) + "]"
		card := c.object(at, raw)
		if n, err := strconv.Atoi(string(card["card_index"])); err != nil || n != i {
			c.bad(at+".card_index", "must be "+strconv.Itoa(i))
		}
		out = append(out, c.components(a, req, at+".components", card["components"], true))
	}
	return out
}
