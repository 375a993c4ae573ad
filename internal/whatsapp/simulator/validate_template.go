package simulator

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var templateName = regexp.MustCompile(`^[a-z0-9_]{1,512}$`)

// placeholder matches {{1}} and {{name}}.
var placeholder = regexp.MustCompile(`\{\{\s*(\w+)\s*\}\}`)

// templateParams are the values a send gives to a template.
type templateParams struct {
	body     []templateParam
	payloads map[int]string // quick replies by index
}

type templateParam struct{ name, text string }

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
	params := c.components(a, req, o["components"])
	if c.err == nil {
		c.fillTemplate(a.info.Load(), req, name, code, params)
	}
}

func (c *checker) components(a *account, req *sendRequest, raw json.RawMessage) templateParams {
	p := templateParams{payloads: map[int]string{}}
	if raw == nil {
		return p
	}
	for i, raw := range c.list("template.components", raw, 0, 20) {
		path := "template.components[" + strconv.Itoa(i) + "]"
		o := c.object(path, raw)
		switch kind := strings.ToLower(c.required(path, o, "type", 30)); kind {
		case "body":
			p.body = c.bodyParams(path, o)
		case "header":
			c.headerParams(a, req, path, o)
		case "button":
			c.buttonParams(path, o, &p)
		case "limited_time_offer", "carousel", "":
		default:
			c.bad(path+".type", "is not a valid component type")
		}
	}
	return p
}

func (c *checker) bodyParams(path string, o object) []templateParam {
	var out []templateParam
	for i, raw := range c.list(path+".parameters", o["parameters"], 0, 100) {
		at := path + ".parameters[" + strconv.Itoa(i) + "]"
		param := c.object(at, raw)
		text := ""
		switch kind := c.required(at, param, "type", 20); kind {
		case "text":
			text = c.required(at, param, "text", 1024)
			// Widely known rule; which code answers it is not documented.
			if strings.ContainsAny(text, "\n\t") || strings.Contains(text, "     ") {
				c.fail(100, "Param %s.text cannot have new-line/tab characters or more than 4 consecutive spaces", at)
			}
		case "currency", "date_time":
			text = c.required(at+"."+kind, c.object(at+"."+kind, param[kind]), "fallback_value", 1024)
		default:
			c.bad(at+".type", "is not a valid parameter type")
		}
		out = append(out, templateParam{name: c.optional(at, param, "parameter_name", 64), text: text})
	}
	return out
}

func (c *checker) headerParams(a *account, req *sendRequest, path string, o object) {
	for i, raw := range c.list(path+".parameters", o["parameters"], 0, 1) {
		at := path + ".parameters[" + strconv.Itoa(i) + "]"
		param := c.object(at, raw)
		switch kind := c.required(at, param, "type", 20); kind {
		case "image", "video", "document":
			req.mediaID, req.mediaURL = c.mediaSource(a, at+"."+kind, c.object(at+"."+kind, param[kind]))
		case "text", "location":
		default:
			c.bad(at+".type", "is not a valid parameter type")
		}
	}
}

func (c *checker) buttonParams(path string, o object, p *templateParams) {
	index, err := strconv.Atoi(strings.Trim(string(o["index"]), `"`))
	if err != nil || index < 0 || index > 9 {
		c.bad(path+".index", "must be 0 to 9")
	}
	if sub := c.required(path, o, "sub_type", 20); sub != "quick_reply" {
		return
	}
	for i, raw := range c.list(path+".parameters", o["parameters"], 1, 1) {
		at := path + ".parameters[" + strconv.Itoa(i) + "]"
		p.payloads[index] = c.required(at, c.object(at, raw), "payload", 256)
	}
}

// fillTemplate looks the template up and renders it. While an account has no templates everything is taken.
func (c *checker) fillTemplate(info *Account, req *sendRequest, name, code string, p templateParams) {
	req.category, req.text = "utility", "["+name+"]"
	for _, param := range p.body {
		req.text += " " + param.text
	}
	i := slices.IndexFunc(info.Templates, func(t Template) bool { return t.Name == name && t.Language == code })
	switch {
	case i >= 0:
		t := info.Templates[i]
		req.category = t.Category
		c.templateStatus(t)
		req.text = c.render(t, p.body)
		req.choices = quickReplies(t.Buttons, p.payloads)
	case len(info.Templates) > 0:
		c.err = refusal(132001, "template name ("+name+") does not exist in "+code)
	default:
		req.choices = quickReplies(make([]string, len(p.payloads)), p.payloads)
	}
}

func (c *checker) templateStatus(t Template) {
	switch t.Status {
	case "", "APPROVED":
	case "PAUSED":
		c.err = refusal(132015, "")
	case "DISABLED":
		c.err = refusal(132016, "")
	default:
		c.err = refusal(132001, "template name ("+t.Name+") is not approved")
	}
}

// render fills the placeholders; their number must be that of the parameters, their names must be known.
func (c *checker) render(t Template, params []templateParam) string {
	holes := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(t.Body, -1) {
		holes[m[1]] = true
	}
	if len(params) != len(holes) && c.err == nil {
		c.err = refusal(132000, "body: number of localizable_params ("+strconv.Itoa(len(params))+
			") does not match the expected number of params ("+strconv.Itoa(len(holes))+")")
	}
	values := map[string]string{}
	for i, p := range params {
		key := p.name
		if key == "" {
			key = strconv.Itoa(i + 1)
		}
		if !holes[key] && c.err == nil {
			c.err = refusal(132012, "body: parameter "+key+" is not in the template")
		}
		values[key] = p.text
	}
	return placeholder.ReplaceAllStringFunc(t.Body, func(m string) string {
		return values[placeholder.FindStringSubmatch(m)[1]]
	})
}

// quickReplies are the buttons of a template; without a payload the label is the payload, without a label the
// payload is shown.
func quickReplies(labels []string, payloads map[int]string) []Choice {
	var out []Choice
	for i, label := range labels {
		choice := Choice{Kind: ChoiceQuick, ID: payloads[i], Title: label}
		if choice.ID == "" {
			choice.ID = label
		}
		if choice.Title == "" {
			choice.Title = choice.ID
		}
		if choice.ID != "" {
			out = append(out, choice)
		}
	}
	return out
}
