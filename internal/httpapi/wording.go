package httpapi

import (
	"strings"

	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/botreserva/botreserva/internal/domain/fault"
)

// The library speaks of schemas; people want to know what to type. Each text begins
// with a stable code, which dashboards translate, and wordedDetail takes them apart;
// %.0s swallows an error that says more than people want to know. The variables are
// the library's own hook.
func init() {
	validation.MsgExpectedRequiredProperty = requiredCode + separator + "%s"
	validation.MsgExpectedOneOf = "not_one_of: Use one of: %s."
	validation.MsgExpectedMinLength = "too_short: Use at least %d characters."
	validation.MsgExpectedMaxLength = "too_long: Use at most %d characters."
	validation.MsgExpectedMinItems = "too_few: Give at least %d."
	validation.MsgExpectedMaxItems = "too_many: Give at most %d."
	validation.MsgExpectedMinimumNumber = "too_small: Use %v or more."
	validation.MsgExpectedMaximumNumber = "too_large: Use %v or less."
	validation.MsgExpectedArrayItemsUnique = "repeated: Name each only once."
	validation.MsgExpectedBePattern = "wrong_form: Write it as %s."
	validation.MsgExpectedMatchPattern = "wrong_form: It does not have the form %s."
	validation.MsgExpectedBoolean = "wrong_type: Use true or false."
	validation.MsgExpectedNumber = "wrong_type: Use a number."
	validation.MsgExpectedInteger = "wrong_type: Use a whole number."
	validation.MsgExpectedString = "wrong_type: Use a text."
	validation.MsgExpectedArray = "wrong_type: Use a list."
	validation.MsgExpectedObject = "wrong_type: Use an object."
	validation.MsgExpectedRFC4122UUID = "not_an_id: This is no id.%.0s"
	validation.MsgExpectedRFC5322Email = "not_an_email: This is no e-mail address.%.0s"
	validation.MsgExpectedRFC3986URI = "not_a_url: This is no address such as https://example.com.%.0s"
	validation.MsgExpectedRFC3339Date = "not_a_date: Write the date as 2026-01-31."
	validation.MsgExpectedRFC3339DateTime = "not_a_time: Write the time as 2026-01-31T12:00:00Z."
}

const (
	requiredCode = "required"
	separator    = ": "
)

// wordedDetail makes a detail of a place and one of the texts above. A text that is
// none of them is passed on as it is.
func wordedDetail(path, text string) fault.Detail {
	code, sentence, ok := strings.Cut(text, separator)
	if !ok || strings.ContainsAny(code, " .") {
		return fault.Detail{Path: path, Message: text}
	}
	if code == requiredCode {
		return fault.Detail{Path: strings.TrimPrefix(path+"."+sentence, "."), Code: code, Message: "This is missing."}
	}
	if strings.HasPrefix(sentence, "Use at least 1 ") {
		sentence = "Do not leave it empty."
	}
	return fault.Detail{Path: path, Code: code, Message: sentence}
}
