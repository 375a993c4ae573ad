package whatsapp_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// refused lets a server answer an error and returns it as Send does.
func refused(t *testing.T, status int, header http.Header, body string) *whatsapp.APIError {
	t.Helper()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for key, values := range header {
			w.Header()[key] = values
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
	_, err := client.Send(t.Context(), credentials, hello)
	var apiError *whatsapp.APIError
	if !errors.As(err, &apiError) {
		t.Fatalf("Send: %v, want a refusal", err)
	}
	return apiError
}

func TestErrorObjectIsReadLoosely(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		body string
		want whatsapp.APIError
	}{
		"as documented": {
			`{"error":{"message":"(#131056) pair rate","type":"OAuthException","code":131056,"error_data":{"messaging_product":"whatsapp","details":"Muitas"},"fbtrace_id":"A1"}}`,
			whatsapp.APIError{HTTPStatus: 400, Code: 131056, Title: "(#131056) pair rate", Details: "Muitas", TraceID: "A1"},
		},
		"details as text, code as text, subcode": {
			`{"error":{"message":"m","code":"100","error_subcode":33,"error_data":"d"}}`,
			whatsapp.APIError{HTTPStatus: 400, Code: 100, Subcode: 33, Title: "m", Details: "d"},
		},
		"code zero":     {`{"error":{"code":0}}`, whatsapp.APIError{HTTPStatus: 400}},
		"no error data": {`{"error":{"code":4,"is_transient":true}}`, whatsapp.APIError{HTTPStatus: 400, Code: 4}},
		"no code":       {`{"error":{"message":"m"}}`, whatsapp.APIError{HTTPStatus: 400, Code: whatsapp.NoCode, Title: "m"}},
		"no object":     {`<html>`, whatsapp.APIError{HTTPStatus: 400, Code: whatsapp.NoCode}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(&c.want, refused(t, 400, nil, c.body)); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	coded := func(code int) whatsapp.APIError { return whatsapp.APIError{HTTPStatus: 400, Code: code} }
	uncoded := func(status int) whatsapp.APIError {
		return whatsapp.APIError{HTTPStatus: status, Code: whatsapp.NoCode}
	}
	cases := map[string]struct {
		err   whatsapp.APIError
		want  whatsapp.Action
		again bool
	}{
		"cannot authenticate":           {coded(0), whatsapp.Reauthenticate, true},
		"token expired":                 {coded(190), whatsapp.Reauthenticate, true},
		"permission in a range":         {coded(283), whatsapp.Reauthenticate, true},
		"wrong id or token":             {whatsapp.APIError{HTTPStatus: 400, Code: 100, Subcode: 33}, whatsapp.Reauthenticate, true},
		"wrong parameter":               {coded(100), whatsapp.FixRequest, false},
		"missing parameter":             {coded(131008), whatsapp.FixRequest, false},
		"invalid value":                 {coded(131009), whatsapp.FixRequest, false},
		"unknown error of Meta's":       {coded(131000), whatsapp.RetryLater, true},
		"overload":                      {coded(2), whatsapp.RetryLater, true},
		"throughput":                    {coded(130429), whatsapp.SlowDown, true},
		"throughput, answered with 429": {whatsapp.APIError{HTTPStatus: 429, Code: 131047}, whatsapp.OfferTemplate, false},
		"pair rate":                     {coded(131056), whatsapp.WaitPair, true},
		"window closed":                 {coded(131047), whatsapp.OfferTemplate, false},
		"not on WhatsApp":               {coded(131026), whatsapp.GiveUpRecipient, false},
		"no more promotions":            {coded(131050), whatsapp.GiveUpRecipient, false},
		"too many promotions":           {coded(131049), whatsapp.NotNow, false},
		"media refused":                 {coded(131053), whatsapp.FixRequest, false},
		"account locked":                {coded(131031), whatsapp.StopNumber, true},
		"payment":                       {coded(131042), whatsapp.StopNumber, true},
		"template paused":               {coded(132015), whatsapp.RefreshTemplate, false},
		"unknown code, 400":             {coded(999999), whatsapp.FixRequest, false},
		"unknown code, 500":             {whatsapp.APIError{HTTPStatus: 500, Code: 999999}, whatsapp.RetryLater, true},
		"unknown code, 429":             {whatsapp.APIError{HTTPStatus: 429, Code: 999999}, whatsapp.SlowDown, true},
		"no code, 400":                  {uncoded(400), whatsapp.FixRequest, false},
		"no code, 401":                  {uncoded(401), whatsapp.Reauthenticate, true},
		"no code, 408":                  {uncoded(408), whatsapp.RetryLater, true},
		"no code, 429":                  {uncoded(429), whatsapp.SlowDown, true},
		"a redirect":                    {uncoded(307), whatsapp.FixRequest, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.err.Action(); got != c.want || c.err.Rule().RetryCanHelp() != c.again {
				t.Fatalf("%s, again %t; want %s, %t", got, c.err.Rule().RetryCanHelp(), c.want, c.again)
			}
		})
	}
}

// Every row of the table makes sense by itself, and no row hides another by accident.
func TestErrorTable(t *testing.T) {
	t.Parallel()
	seen := map[int]bool{}
	for _, row := range whatsapp.ErrorCodes() {
		if row.From > row.To || row.Rule.Reason == "" || row.Rule.Tries < 1 || !strings.HasSuffix(row.Rule.Reason, ".") {
			t.Errorf("row %d–%d is incomplete: %+v", row.From, row.To, row.Rule)
		}
		for code := row.From; code <= row.To; code++ {
			if seen[code] {
				t.Errorf("code %d has two rows", code)
			}
			seen[code] = true
		}
		if a := row.Rule.Action; row.Rule.RetryCanHelp() == (whatsapp.Backoff(a, 1, nil) == 0) && a != whatsapp.NotNow {
			t.Errorf("code %d: tries %d with action %s, which waits %v", row.From, row.Rule.Tries, a, whatsapp.Backoff(a, 1, nil))
		}
	}
	if len(seen) < 1000 {
		t.Fatalf("only %d codes", len(seen))
	}
}

// After a failed status only these five may be sent again by themselves (Meta counts every attempt).
func TestCodesThatMayBeResentAfterAStatus(t *testing.T) {
	t.Parallel()
	var got []int
	for _, row := range whatsapp.ErrorCodes() {
		if row.Rule.Resend {
			got = append(got, row.From)
		}
	}
	if diff := cmp.Diff([]int{130429, 131000, 131016, 131056, 131057}, got); diff != "" {
		t.Fatal(diff)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)
	cases := map[string]struct {
		key, value string
		want       time.Duration
	}{
		"seconds":         {"Retry-After", "7", 7 * time.Second},
		"a date":          {"Retry-After", date.Add(90 * time.Second).Format(http.TimeFormat), 90 * time.Second},
		"a date gone by":  {"Retry-After", date.Add(-time.Hour).Format(http.TimeFormat), 0},
		"negative":        {"Retry-After", "-5", 0},
		"a year":          {"Retry-After", "31536000", 24 * time.Hour},
		"more than int64": {"Retry-After", "99999999999999999999", 0},
		"words":           {"Retry-After", "later", 0},
		"usage": {
			"X-Business-Use-Case-Usage",
			`{"301":[{"type":"whatsapp_business","call_count":101,"estimated_time_to_regain_access":3},{"estimated_time_to_regain_access":5}]}`, 5 * time.Minute,
		},
		"usage of a year":     {"X-Business-Use-Case-Usage", `{"301":[{"estimated_time_to_regain_access":1e9}]}`, 24 * time.Hour},
		"usage that is no so": {"X-Business-Use-Case-Usage", `[1]`, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{c.key: {c.value}, "Date": {date.Format(http.TimeFormat)}}
			if got := refused(t, 429, header, `{"error":{"code":80007}}`).RetryAfter; got != c.want {
				t.Fatalf("RetryAfter = %v, want %v", got, c.want)
			}
		})
	}
}

func TestFailureOfARefusalIsForPeople(t *testing.T) {
	t.Parallel()
	e := &whatsapp.APIError{HTTPStatus: 400, Code: 131047, Title: "Re-engagement message"}
	want := message.Failure{
		Code:    131047,
		Message: "Passaram mais de 24 horas desde a última mensagem do hóspede. Envie um modelo de mensagem.",
		Details: "Re-engagement message",

		MessageEN: "More than 24 hours have passed since the guest's last message. Send a message template.",
	}
	if diff := cmp.Diff(want, e.Failure()); diff != "" {
		t.Fatal(diff)
	}
}

func TestErrorTexts(t *testing.T) {
	t.Parallel()
	cases := map[string]error{
		"whatsapp refused: http 400, code 100/33: Unsupported: d": &whatsapp.APIError{HTTPStatus: 400, Code: 100, Subcode: 33, Title: "Unsupported", Details: "d"},
		"whatsapp refused: http 413":                              &whatsapp.APIError{HTTPStatus: 413, Code: whatsapp.NoCode},
		"not sent: EOF":                                           &whatsapp.NotSentError{Err: errors.New("EOF")},
		"outcome unknown: EOF":                                    &whatsapp.UnknownOutcomeError{Err: errors.New("EOF")},
		"outcome unknown: http 502: EOF":                          &whatsapp.UnknownOutcomeError{HTTPStatus: 502, Err: errors.New("EOF")},
	}
	for want, err := range cases {
		if got := err.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
