package simulator

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Subcodes of template management: Meta's error pages name them, which field gets which is partly ours.
const (
	subLength       = 2388040
	subHeader       = 2388047
	subBody         = 2388072
	subFooter       = 2388073
	subTooMany      = 2388019
	subManyHoles    = 2388293
	subEdgeHole     = 2388299
	subExists       = 2388024
	subNameBlocked  = 2388023
	subCategoryKept = 2388025
)

var languageCode = regexp.MustCompile(`^[a-z]{2,3}(_[A-Z]{2})?$`)

// badTemplate is the answer to a template that cannot be: code 100 with a subcode and words for the author.
func badTemplate(sub int, format string, args ...any) *graphError {
	e := refusal(100, "")
	e.subcode, e.noData = sub, true
	e.userTitle, e.userMsg = "Message template invalid", fmt.Sprintf(format, args...)
	return e
}

func units(text string) int { return len(utf16.Encode([]rune(text))) }

// checkTemplateForm checks what an author wrote.
func checkTemplateForm(t Template) *graphError {
	var parts []componentJSON
	if err := json.Unmarshal(t.Components, &parts); err != nil || len(parts) == 0 {
		return badTemplate(subBody, "components must be a list with a BODY")
	}
	var has []string
	for _, p := range parts {
		kind := strings.ToUpper(p.Type)
		if slices.Contains(has, kind) {
			return badTemplate(subBody, "there is more than one %s", kind)
		}
		has = append(has, kind)
		if gerr := checkPart(t, kind, p); gerr != nil {
			return gerr
		}
	}
	switch {
	case !slices.Contains(has, "BODY"):
		return badTemplate(subBody, "a BODY is required")
	case slices.Contains(has, "LIMITED_TIME_OFFER") && slices.Contains(has, "FOOTER"):
		return badTemplate(subFooter, "a template with a limited-time offer has no footer")
	}
	return checkTTL(t)
}

func checkPart(t Template, kind string, p componentJSON) *graphError {
	switch kind {
	case "HEADER":
		return checkHeaderPart(p)
	case "BODY":
		if t.Category == "AUTHENTICATION" {
			return nil // its text is Meta's
		}
		return checkBodyPart(t, p, 1024)
	case "FOOTER":
		return checkFooterPart(t, p)
	case "BUTTONS":
		return checkButtonParts(p.Buttons, 10)
	case "CAROUSEL":
		return checkCards(t, p.Cards)
	case "LIMITED_TIME_OFFER":
		if p.Offer == nil || p.Offer.Text == "" || units(p.Offer.Text) > 16 {
			return badTemplate(subLength, "the offer needs a text of at most 16 characters")
		}
		return nil
	}
	return badTemplate(subBody, "%q is not a component", p.Type)
}

func checkHeaderPart(p componentJSON) *graphError {
	var example struct {
		Handles []string `json:"header_handle"`
	}
	_ = json.Unmarshal(p.Example, &example)
	switch strings.ToUpper(p.Format) {
	case "TEXT":
		switch holes := holesOf(p.Text); {
		case p.Text == "", units(p.Text) > 60:
			return badTemplate(subLength, "the header needs a text of at most 60 characters")
		case len(holes) > 1:
			return badTemplate(subHeader, "the header may have one variable")
		case len(holes) == 1 && len(p.Example) == 0:
			return badTemplate(subHeader, "the header's variable needs an example")
		}
		return nil
	case "IMAGE", "VIDEO", "DOCUMENT":
		if len(example.Handles) == 0 {
			return badTemplate(subHeader, "a %s header needs an example with a header_handle", p.Format)
		}
		return nil
	case "LOCATION", "PRODUCT":
		return nil
	}
	return badTemplate(subHeader, "%q is not a header format", p.Format)
}

// checkBodyPart: no variable at an edge, not too many of them, an example for each.
func checkBodyPart(t Template, p componentJSON, limit int) *graphError {
	text := strings.TrimSpace(p.Text)
	holes := holesOf(text)
	switch {
	case text == "":
		return badTemplate(subBody, "the body needs a text")
	case units(text) > limit:
		return badTemplate(subLength, "the body may have %d characters", limit)
	case strings.HasPrefix(text, "{{"), strings.HasSuffix(text, "}}"):
		return badTemplate(subEdgeHole, "variables cannot be at the start or the end of the body")
	case len(strings.Fields(placeholder.ReplaceAllString(text, " "))) < 2*len(holes)+1: // Meta does not publish the measure
		return badTemplate(subManyHoles, "the body has too many variables for its length")
	}
	return checkHoles(t, p, holes)
}

func checkHoles(t Template, p componentJSON, holes []string) *graphError {
	if len(holes) == 0 {
		return nil
	}
	var example struct {
		Positional [][]string `json:"body_text"`
		Named      []struct {
			Name    string `json:"param_name"`
			Example string `json:"example"`
		} `json:"body_text_named_params"`
	}
	_ = json.Unmarshal(p.Example, &example)
	if strings.EqualFold(t.ParameterFormat, "NAMED") {
		if len(example.Named) != len(holes) {
			return badTemplate(subBody, "body_text_named_params must have an example for each of %d variables", len(holes))
		}
		for _, hole := range holes {
			if hole[0] >= '0' && hole[0] <= '9' {
				return badTemplate(subBody, "variable %s must have a name", hole)
			}
		}
		return nil
	}
	for i, hole := range holes {
		if hole != strconv.Itoa(i+1) {
			return badTemplate(subBody, "variables must be numbered {{1}}, {{2}}, …; got {{%s}}", hole)
		}
	}
	if len(example.Positional) == 0 || len(example.Positional[0]) != len(holes) {
		return badTemplate(subBody, "body_text must be a list with a list of %d examples", len(holes))
	}
	return nil
}

// holesOf lists the variables of a text, each once, in order.
func holesOf(text string) []string {
	var out []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}

func checkFooterPart(t Template, p componentJSON) *graphError {
	switch {
	case t.Category == "AUTHENTICATION":
		if p.Minutes == nil || *p.Minutes < 1 || *p.Minutes > 90 {
			return badTemplate(subFooter, "code_expiration_minutes must be 1 to 90")
		}
	case p.Text == "", units(p.Text) > 60:
		return badTemplate(subLength, "the footer needs a text of at most 60 characters")
	case placeholder.MatchString(p.Text):
		return badTemplate(subFooter, "the footer has no variables")
	}
	return nil
}

func checkTTL(t Template) *graphError {
	bounds := map[string][2]int{"AUTHENTICATION": {30, 900}, "UTILITY": {30, 43_200}, "MARKETING": {43_200, 2_592_000}}[t.Category]
	if t.TTL == 0 || t.TTL == -1 && t.Category != "MARKETING" || t.TTL >= bounds[0] && t.TTL <= bounds[1] {
		return nil
	}
	return badTemplate(subBody, "message_send_ttl_seconds must be %d to %d", bounds[0], bounds[1])
}
