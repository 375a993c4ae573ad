package whatsapp

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter bounds what an answer may ask for.
const maxRetryAfter = 24 * time.Hour

var (
	errNoErrorObject = errors.New("answer holds no error object")
	errUnreadable    = errors.New("accepted, but the answer cannot be read")
)

type wireError struct {
	wireFailure
	Subcode loose `json:"error_subcode"`
	TraceID loose `json:"fbtrace_id"`
	// What Meta wants users to read, of management calls.
	UserTitle   loose `json:"error_user_title"`
	UserMessage loose `json:"error_user_msg"`
}

// readAnswer sorts an HTTP answer: the error object decides, the status only where there is none. An error without
// a code is not Meta's (a proxy's, perhaps) and counts as none.
func readAnswer(response *http.Response, answer []byte, out any) error {
	refusal, status := readRefusal(answer).apiError(response), response.StatusCode
	switch {
	case refusal.Code != NoCode:
		return refusal
	case status >= http.StatusInternalServerError:
		return &UnknownOutcomeError{HTTPStatus: status, Err: errNoErrorObject}
	case status < http.StatusOK || status >= http.StatusMultipleChoices:
		return refusal
	case readObject(answer, out) != nil:
		return &UnknownOutcomeError{HTTPStatus: status, Err: errUnreadable}
	}
	return nil
}

// readRefusal finds the error object of an answer; without one it is empty.
func readRefusal(answer []byte) wireError {
	var wire struct {
		Error json.RawMessage `json:"error"`
	}
	var refusal wireError
	if readObject(answer, &wire) == nil {
		_ = readObject(wire.Error, &refusal)
	}
	return refusal
}

func (w wireError) apiError(response *http.Response) *APIError {
	f := w.failure()
	subcode, _ := strconv.Atoi(string(w.Subcode))
	return &APIError{
		UserMessage: strings.TrimSpace(cut(string(w.UserTitle)+" "+string(w.UserMessage), maxLabel)),
		HTTPStatus:  response.StatusCode,
		Code:        f.code,
		Subcode:     subcode,
		Title:       f.title,
		Details:     f.details,
		TraceID:     cut(string(w.TraceID), maxLabel),
		RetryAfter:  retryAfter(response.Header),
	}
}

// retryAfter reads how long the answer asks us to wait: Retry-After in seconds or as a date (held against the
// answer's own date, since clocks differ), or the minutes until an account's management calls are free again.
func retryAfter(h http.Header) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	wait := time.Duration(0)
	if seconds, err := strconv.Atoi(value); err == nil {
		wait = time.Duration(min(max(seconds, 0), int(maxRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		if now, err := http.ParseTime(h.Get("Date")); err == nil {
			wait = at.Sub(now)
		}
	}
	wait = max(wait, regainAccess(h.Get("X-Business-Use-Case-Usage")))
	return min(max(wait, 0), maxRetryAfter)
}

// regainAccess reads the longest estimate of X-Business-Use-Case-Usage: by business id, a list of uses with
// minutes to wait.
func regainAccess(usage string) time.Duration {
	var uses map[string][]struct {
		Minutes float64 `json:"estimated_time_to_regain_access"`
	}
	if usage == "" || json.Unmarshal([]byte(usage), &uses) != nil {
		return 0
	}
	longest := 0.0
	for _, list := range uses {
		for _, use := range list {
			longest = max(longest, use.Minutes)
		}
	}
	return time.Duration(min(longest, maxRetryAfter.Minutes()) * float64(time.Minute))
}
