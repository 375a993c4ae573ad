package logtest

import "regexp"

// forms are what is known by how it looks, whoever wrote it.
var forms = []struct {
	name    string
	pattern *regexp.Regexp
}{
	{"the hash of a password", regexp.MustCompile(`\$2[abxy]\$\d\d\$`)},
	{"a sealed secret", regexp.MustCompile(`\bv1\.[0-9a-f]{8}\.[A-Za-z0-9_-]{16}`)},
	{"an access token", regexp.MustCompile(`eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}`)},
	{"a bearer's token", regexp.MustCompile(`(?i)\bbearer[ :]+[A-Za-z0-9._~+/-]{6}`)},
	{"a flow's key", regexp.MustCompile(`\bbr_[A-Za-z0-9_-]{12}`)},
	{"a key or sum of 256 bits", regexp.MustCompile(`(?i)\b[0-9a-f]{64}\b`)},
	{"the signature of a file's address", regexp.MustCompile(`[?&]s=[A-Za-z0-9_-]{20}`)},
	{"a password in an address", regexp.MustCompile(`\w+://[^\s/:@]*:[^\s/@•]+@`)},
	{"a Brazilian phone number", regexp.MustCompile(`(?:^|[^\w.-])\+?55[ -]?\(?[1-9]\d\)?[ -]?9?[ -]?\d{4}[ -]?\d{4}(?:[^\w.-]|$)`)},
	{"a guest's words, as tests make them up", regexp.MustCompile(`\bMessage \d+\b|Bom dia!`)},
}

// formIn returns what a line holds that it must not, or "".
func formIn(line string) string {
	for _, f := range forms {
		if f.pattern.MatchString(line) {
			return f.name
		}
	}
	return ""
}
