package simulator

import "strings"

func digitsOf(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// canonicalPhone is the key under which a guest is known: both forms of a Brazilian mobile number are one guest.
// Brazilian mobiles have had a ninth digit everywhere since 2016, older WhatsApp ids lack it.
func canonicalPhone(phone string) string {
	d := digitsOf(phone)
	if len(d) == 12 && strings.HasPrefix(d, "55") && d[4] >= '6' {
		return d[:4] + "9" + d[4:]
	}
	return d
}

// withoutNinth gives the old form of a Brazilian mobile number, any other number unchanged.
func withoutNinth(phone string) string {
	if len(phone) == 13 && strings.HasPrefix(phone, "55") && phone[4] == '9' {
		return phone[:4] + phone[5:]
	}
	return phone
}

// ninthByArea imitates what is reported of WhatsApp ids: area codes 11 to 28 have the ninth digit, the others
// usually not. The share of 85 % is ours; the choice depends on the number only, so it is the same on every run.
func ninthByArea(phone string) string {
	if len(phone) != 13 || !strings.HasPrefix(phone, "55") || phone[2] < '3' {
		return phone
	}
	if mix(uint64(len(phone))+hashString(phone))%100 < 85 {
		return withoutNinth(phone)
	}
	return phone
}

func hashString(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// countryOf is only good enough for the prefix of a business-scoped user id.
func countryOf(phone string) string {
	for prefix, country := range map[string]string{"55": "BR", "351": "PT", "54": "AR", "1": "US", "44": "GB"} {
		if strings.HasPrefix(phone, prefix) {
			return country
		}
	}
	return "ZZ"
}

// isPhone says whether a text is a phone as "to" takes it: digits with +, -, brackets and spaces tolerated, 8 to 15
// digits.
func isPhone(text string) bool {
	for _, r := range text {
		if (r < '0' || r > '9') && !strings.ContainsRune("+-() ", r) {
			return false
		}
	}
	n := len(digitsOf(text))
	return n >= 8 && n <= 15
}
