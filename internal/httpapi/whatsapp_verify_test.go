package httpapi_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// The numbers are those of the receiver's test matrix; 11.1 is Meta's check of the
// callback URL.
func TestWhatsAppHandshake(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	query := func(token, challenge string) string {
		return url.Values{"hub.mode": {"subscribe"}, "hub.verify_token": {token}, "hub.challenge": {challenge}}.Encode()
	}
	right := "hub.mode=subscribe&hub.verify_token=" + platformVerify
	script := "<script>alert(1)</script>"
	for name, c := range map[string]struct {
		query  string
		header []option
		status int
		body   string // of a success
	}{
		"1 numeric challenge":                 {query: query(platformVerify, "1158201444"), status: 200, body: "1158201444"},
		"2 challenge with letters":            {query: query(platformVerify, "aZ-_09"), status: 200, body: "aZ-_09"},
		"3 wrong token":                       {query: query("wrong", "CHALLENGE"), status: 403},
		"4 token missing":                     {query: "hub.mode=subscribe&hub.challenge=1", status: 403},
		"4 token empty":                       {query: query("", "1"), status: 403},
		"5 unsubscribe":                       {query: strings.Replace(query(platformVerify, "1"), "=subscribe", "=unsubscribe", 1), status: 403},
		"5 mode missing":                      {query: "hub.verify_token=" + platformVerify + "&hub.challenge=1", status: 403},
		"6 challenge missing":                 {query: right, status: 400},
		"6 challenge empty":                   {query: right + "&hub.challenge=", status: 400},
		"7 script":                            {query: query(platformVerify, script), status: 200, body: script},
		"8 token twice, the right one last":   {query: "hub.verify_token=x&" + query(platformVerify, "1"), status: 400},
		"8 token twice, the right one first":  {query: query(platformVerify, "1") + "&hub.verify_token=x", status: 400},
		"8 challenge twice":                   {query: query(platformVerify, "1") + "&hub.challenge=2", status: 400},
		"9 challenge of 100 KB":               {query: query(platformVerify, strings.Repeat("7", 100<<10)), status: 400},
		"10 underscores":                      {query: "hub_mode=subscribe&hub_verify_token=" + platformVerify + "&hub_challenge=1", status: 400},
		"11 scanner":                          {query: "", status: 400},
		"the hotel's token, by query":         {query: query("verify-"+h.Slug, "5") + "&tenant=" + h.Slug, status: 200, body: "5"},
		"the hotel's token, by header":        {query: query("verify-"+h.Slug, "5"), header: []option{with("X-Tenant-Slug", h.Slug)}, status: 200, body: "5"},
		"the platform's token for a hotel":    {query: query(platformVerify, "5") + "&tenant=" + h.Slug, status: 200, body: "5"},
		"the hotel's token without the hotel": {query: query("verify-"+h.Slug, "5"), status: 403},
		"unknown hotel":                       {query: query("verify-"+h.Slug, "5") + "&tenant=nobody", status: 403},
		"hostile hotel":                       {query: query("x", "5") + "&tenant=%00%ff'--", status: 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := w.on(t).do(http.MethodGet, webhook+"?"+c.query, nil, c.header...).want(c.status)
			if c.status == http.StatusOK {
				if string(r.body) != c.body || r.header.Get("Content-Type") != "text/plain; charset=utf-8" {
					t.Errorf("got %q as %q", r.body, r.header.Get("Content-Type"))
				}
			} else if strings.Contains(string(r.body), "CHALLENGE") {
				t.Errorf("the challenge is in the body: %s", r.body)
			}
		})
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
		w.do(method, webhook, "{}").want(http.StatusMethodNotAllowed, "method_not_allowed") // 12
	}
}

// A server without a configured token must not be verified by an empty one.
func TestWhatsAppHandshakeWithoutTokens(t *testing.T) {
	t.Parallel()
	w := setup(t, func(d *httpapiDeps) { d.PlatformVerifyToken = "" })
	w.do(http.MethodGet, webhook+"?hub.mode=subscribe&hub.verify_token=&hub.challenge=1", nil).want(http.StatusForbidden)
}
