package template

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/botreserva/botreserva/internal/domain/id"
)

// Form is what a template is made of, and with its examples what Meta wants to see before
// it approves one.
type Form struct {
	Header  *Header  `json:"header,omitempty"`
	Body    string   `json:"body,omitempty" doc:"At most 1024 characters; gaps are written {{1}} or {{name}}"`
	Footer  string   `json:"footer,omitempty" doc:"At most 60 characters, without gaps"`
	Buttons []Button `json:"buttons,omitempty" doc:"At most ten"`
	Offer   *Offer   `json:"limitedTimeOffer,omitempty"`
	Cards   []Form   `json:"cards,omitempty" doc:"Of a carousel: two to ten, all made alike, each with a header"`
	// Examples fill the gaps of the body for Meta's people, in the order of the gaps.
	Examples []string `json:"examples,omitempty" doc:"What the gaps of the body may be filled with, in their order"`

	Security bool `json:"securityAdvice,omitempty" doc:"Of authentication templates: say that the code is not to be passed on"`
	Minutes  int  `json:"codeExpirationMinutes,omitempty" doc:"Of authentication templates: 1 to 90"`
	// Other names components that we do not know; Meta keeps them until the template is edited.
	Other []string `json:"other,omitempty" readOnly:"true"`
}

// Header stands over the body.
type Header struct {
	Format  string `json:"format" enum:"TEXT,IMAGE,VIDEO,DOCUMENT,LOCATION,PRODUCT,GIF"`
	Text    string `json:"text,omitempty" doc:"At most 60 characters, with one gap at most"`
	Example string `json:"example,omitempty" doc:"For the gap of a text; of files the handle that Meta gave when an example was uploaded"`
	// ExampleFile is given to Meta before the template is, and Example is the handle then.
	ExampleFile id.Media `json:"exampleFileId,omitzero" doc:"Instead of the handle, a file of the hotel: JPEG or PNG, MP4 or PDF"`
}

// Headers' formats.
const (
	Text     = "TEXT"
	Image    = "IMAGE"
	Video    = "VIDEO"
	Document = "DOCUMENT"
	Location = "LOCATION"
	Product  = "PRODUCT"
	GIF      = "GIF"
)

// Button is under the message.
type Button struct {
	Type    string `json:"type" enum:"QUICK_REPLY,URL,PHONE_NUMBER,COPY_CODE,FLOW,CATALOG,MPM,SPM,OTP,VOICE_CALL,REQUEST_CONTACT_INFO"`
	Text    string `json:"text,omitempty" doc:"At most 25 characters"`
	URL     string `json:"url,omitempty" doc:"With at most one gap, at its end"`
	Phone   string `json:"phoneNumber,omitempty"`
	Example string `json:"example,omitempty" doc:"The whole address, or the code"`
	FlowID  string `json:"flowId,omitempty"`
	Action  string `json:"flowAction,omitempty" enum:"navigate,data_exchange"`
	Screen  string `json:"flowScreen,omitempty" doc:"The first screen, for navigate"`
	OTP     string `json:"otpType,omitempty" enum:"COPY_CODE,ONE_TAP,ZERO_TAP"`
}

// Buttons' types.
const (
	QuickReply  = "QUICK_REPLY"
	URLButton   = "URL"
	PhoneButton = "PHONE_NUMBER"
	CopyCode    = "COPY_CODE"
	FlowButton  = "FLOW"
	Catalogue   = "CATALOG"
	Products    = "MPM"
	OneProduct  = "SPM"
	OTP         = "OTP"
)

// Offer ends at a time that is said when the template is sent.
type Offer struct {
	Text    string `json:"text" doc:"At most 16 characters"`
	Expires bool   `json:"hasExpiration,omitempty"`
}

var gap = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_]+)\s*\}\}`)

// Gaps are the names of a text's gaps, each once, in the order in which they are filled:
// numbers by their value, names as they stand.
func Gaps(text string) []string {
	var names []string
	for _, m := range gap.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	if !isNamed(names) {
		slices.SortFunc(names, func(a, b string) int { return number(a) - number(b) })
	}
	return names
}

func isNamed(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return number(name) == 0 })
}

// number is 0 for a name.
func number(name string) int {
	n, _ := strconv.Atoi(name)
	return max(n, 0)
}

// IsNamed reports whether the gaps of the texts have names.
func (f Form) IsNamed() bool {
	names := Gaps(f.Body)
	if f.Header != nil {
		names = append(names, Gaps(f.Header.Text)...)
	}
	for _, card := range f.Cards {
		names = append(names, Gaps(card.Body)...)
	}
	return isNamed(names)
}

// filled puts values into a text's gaps; without one a gap stays as it is.
func filled(text string, values map[string]string) string {
	return gap.ReplaceAllStringFunc(text, func(m string) string {
		if value, ok := values[gap.FindStringSubmatch(m)[1]]; ok {
			return value
		}
		return m
	})
}

// Words is what people search a template by, beside its name.
func (t Template) Words() string {
	if t.Form == nil {
		return ""
	}
	out := t.Form.Body
	if t.Form.Header != nil {
		out = t.Form.Header.Text + "\n" + out
	}
	for _, card := range t.Form.Cards {
		out += "\n" + card.Body
	}
	return out
}
