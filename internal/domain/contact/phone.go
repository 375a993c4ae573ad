package contact

import "strings"

// Phone is a phone number in canonical form: country code and number, digits
// only, and for Brazilian mobiles always with the ninth digit. It identifies a
// guest; it is not the address to reply to (that is Contact.WAID, because
// WhatsApp ids made before 2016 lack the ninth digit).
type Phone string

const (
	brazil         = "55"
	maxPhoneDigits = 15 // ITU-T E.164
	minPhoneDigits = 8
)

// Canonical returns the canonical form of a WhatsApp id or of a full number in
// international form. Numbers of other countries keep their digits. The result
// is empty when the text holds no usable number.
func Canonical(text string) Phone {
	d := digits(text)
	d = strings.TrimPrefix(d, "00")
	if len(d) < minPhoneDigits || len(d) > maxPhoneDigits {
		return ""
	}
	if rest, ok := strings.CutPrefix(d, brazil); ok && len(rest) == 10 && isMobileWithoutNine(rest) {
		return Phone(brazil + rest[:2] + "9" + rest[2:])
	}
	return Phone(d)
}

// FromForm reads a number as a person or a flow writes it: any punctuation, with
// or without Brazil's country code or trunk zero.
func FromForm(text string) Phone {
	text = strings.TrimSpace(text)
	d := digits(text)
	international := strings.HasPrefix(text, "+") || strings.HasPrefix(d, "00")
	if !international {
		d = strings.TrimLeft(d, "0")
		if (len(d) == 10 || len(d) == 11) && isAreaCode(d[:2]) && isNational(d) {
			d = brazil + d
		}
	}
	return Canonical(d)
}

// isNational reports whether 10 or 11 digits read as area code and subscriber:
// a mobile of 11 digits has the 9 after the area code.
func isNational(d string) bool { return len(d) == 10 || d[2] == '9' }

// isMobileWithoutNine reports whether area code and 8 digits are a mobile number
// in the form used before the ninth digit: those began with 6 to 9, landlines
// with 2 to 5 (Anatel's numbering plan).
func isMobileWithoutNine(rest string) bool {
	return isAreaCode(rest[:2]) && rest[2] >= '6' && rest[2] <= '9'
}

// areaCodes are Brazil's 67 area codes (DDD).
const areaCodes = " 11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 " +
	"41 42 43 44 45 46 47 48 49 51 53 54 55 61 62 63 64 65 66 67 68 69 71 73 74 75 77 79 " +
	"81 82 83 84 85 86 87 88 89 91 92 93 94 95 96 97 98 99 "

func isAreaCode(ddd string) bool { return strings.Contains(areaCodes, " "+ddd+" ") }

// digits keeps the digits of text, reading full-width and Arabic-Indic ones too.
func digits(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '０' && r <= '９':
			b.WriteRune(r - '０' + '0')
		case r >= '٠' && r <= '٩':
			b.WriteRune(r - '٠' + '0')
		}
	}
	return b.String()
}

func isDigits(text string) bool { return text != "" && digits(text) == text }

// Masked shows the last four digits only: the form allowed in logs.
func (p Phone) Masked() string {
	if len(p) <= 4 {
		return "****"
	}
	return "****" + string(p[len(p)-4:])
}

// Readable writes the number as people read it: 55 11 98765-4321, or 351 912345678.
// Digits with blanks are no formula and no large number to a spreadsheet, and FromForm
// reads them back.
func (p Phone) Readable() string {
	d := string(p)
	if rest, ok := strings.CutPrefix(d, brazil); ok && (len(rest) == 10 || len(rest) == 11) {
		middle := len(rest) - 4
		return brazil + " " + rest[:2] + " " + rest[2:middle] + "-" + rest[middle:]
	}
	if code := countryCode(d); code > 0 {
		return d[:code] + " " + d[code:]
	}
	return d
}

// twoDigitCodes are the country codes of two digits (ITU-T E.164, list of assigned
// codes); 1 and 7 are of one digit, all others of three.
const twoDigitCodes = " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 " +
	"60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 "

// countryCode returns how many digits of a full number are its country code; 0 when it
// is too short to have one.
func countryCode(d string) int {
	switch {
	case len(d) < minPhoneDigits:
		return 0
	case d[0] == '1' || d[0] == '7':
		return 1
	case strings.Contains(twoDigitCodes, " "+d[:2]+" "):
		return 2
	default:
		return 3
	}
}
