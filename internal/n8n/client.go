package n8n

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/botreserva/botreserva/internal/egress"
)

// Headers of a post, besides Content-Type.
const (
	HeaderSignature = "X-BotReserva-Signature"
	HeaderDelivery  = "X-BotReserva-Delivery"
	HeaderAttempt   = "X-BotReserva-Attempt"
	HeaderEvent     = "X-BotReserva-Event"
)

// userAgent looks like a browser's on purpose: n8n's webhook option "Ignore Bots" answers 403 to plain program names
// (its isbot library, called in November 2026, lets this one pass).
const userAgent = "Mozilla/5.0 (compatible; BotReserva/1.0; +https://botreserva.com.br)"

const (
	maxAnswer     = 64 << 10 // read, so that the connection can be used again
	keptAnswer    = 300
	maxRetryAfter = time.Hour
)

// Client posts messages to flows. It is safe for concurrent use.
type Client struct{ http *http.Client }

// NewClient makes a client that posts through c, which brings the time limit and decides which addresses may be
// reached: see egress.NewClient. Whatever c says, redirects are not followed: the answer would be the login page of
// some other place.
func NewClient(c *http.Client) *Client {
	own := *c
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	own.Jar = nil
	return &Client{http: &own}
}

// Request is one attempt to hand a message over.
type Request struct {
	URL        string
	Secret     string // signs the body; empty leaves the signature out
	DeliveryID string
	Body       []byte // made by Body
	At         time.Time
	Attempt    int    // 1 is the first
	Event      string // what it is about; EventMessage when empty
	OldSecret  string // signs too, while a secret is being changed
}

// Post hands a message to a flow. Every 2xx is success, whatever the flow says. Every other end is a *PostError, also
// that of a cancelled context: whether the message may have arrived is decided by how far the writing had come.
func (c *Client) Post(ctx context.Context, r Request) error {
	_, err := c.Ask(ctx, r)
	return err
}

// Ask is Post, and returns what the flow says, up to 64 KB.
func (c *Client) Ask(ctx context.Context, r Request) ([]byte, error) {
	if err := egress.CheckURL(r.URL, true); err != nil {
		return nil, &PostError{Outcome: Rejected, hint: badURL, cause: err}
	}
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// A post whose connection was dead before the first byte starts over on a new one.
		GetConn:      func(string) { written.Store(false) },
		WroteRequest: func(w httptrace.WroteRequestInfo) { written.Store(w.Err == nil) },
	})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return nil, &PostError{Outcome: Rejected, hint: badURL, cause: egress.WithoutURL(err)}
	}
	setHeaders(request.Header, r)
	response, err := c.http.Do(request)
	if err != nil {
		return nil, failure(err, written.Load())
	}
	defer response.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(response.Body, maxAnswer)) // the status has said what matters
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		return answer, nil
	}
	return nil, &PostError{
		Status:     response.StatusCode,
		Outcome:    outcomeOf(response.StatusCode),
		RetryAfter: retryAfter(response.Header.Get("Retry-After"), r.At),
		Answer:     beginning(answer),
		isTest:     strings.Contains(request.URL.Path, "/webhook-test/"),
	}
}

func setHeaders(h http.Header, r Request) {
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", userAgent)
	h.Set(HeaderDelivery, r.DeliveryID)
	h.Set(HeaderAttempt, strconv.Itoa(max(r.Attempt, 1)))
	h.Set(HeaderEvent, cmp.Or(r.Event, EventMessage))
	if r.Secret != "" {
		h.Set(HeaderSignature, Signature(r.Secret, r.At, r.Body))
	}
	if r.Secret != "" && r.OldSecret != "" {
		h.Set(HeaderSignature, h.Get(HeaderSignature)+","+secondSignature(r.OldSecret, r.At, r.Body))
	}
}

// outcomeOf judges a status. 404 is worth repeating: n8n answers so for some seconds after its start, and for as long
// as a flow is not published.
func outcomeOf(status int) Outcome {
	switch {
	case status >= 500, status == http.StatusNotFound, status == http.StatusRequestTimeout,
		status == http.StatusTooManyRequests, status == http.StatusTooEarly:
		return Refused
	default:
		return Rejected
	}
}

// failure judges a post that got no answer. Until the whole request was written the flow cannot have begun: n8n parses
// the body first.
func failure(err error, written bool) *PostError {
	e := &PostError{Outcome: Refused, cause: egress.WithoutURL(err)}
	if written {
		e.Outcome = Unknown
	}
	var (
		dns  *net.DNSError
		dial *net.OpError
		cert *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, egress.ErrForbiddenAddress):
		e.Outcome, e.hint = Rejected, privateAddress
	case errors.As(err, &cert):
		e.hint = badCertificate
	case errors.Is(err, http.ErrSchemeMismatch):
		e.hint = noTLS
	case errors.Is(err, context.Canceled):
		e.hint = stopped
	case written:
		e.hint = noAnswer
	case errors.As(err, &dns):
		e.hint = noName
	case errors.As(err, &dial) && dial.Op == "dial":
		e.hint = noConnection
	}
	return e
}

// retryAfter reads seconds or a date (RFC 9110 §10.2.3).
func retryAfter(text string, now time.Time) time.Duration {
	var wait time.Duration
	if seconds, err := strconv.Atoi(text); err == nil {
		wait = time.Duration(min(seconds, int(maxRetryAfter/time.Second))) * time.Second
	} else if date, err := http.ParseTime(text); err == nil {
		wait = date.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}

// beginning cuts an answer so that it can be stored and shown: valid text without control characters.
func beginning(answer []byte) string {
	cut := answer[:min(len(answer), keptAnswer)]
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == '\x7f' || r == '\uFFFD' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(string(cut), "")))
}
