package whatsapp

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/egress"
)

// DefaultVersion of the Graph API, available until July 2028.
const DefaultVersion = "v25.0"

// DefaultBaseURL is Meta's.
const DefaultBaseURL = "https://graph.facebook.com"

const (
	callTimeout = 30 * time.Second
	maxAnswer   = 1 << 20 // bytes
)

// Client sends requests to the Graph API. One serves all hotels; it is safe for use by many goroutines. Nothing is
// ever sent twice by it: no retries, no redirects followed.
type Client struct {
	base string
	http *http.Client
	log  *slog.Logger

	limit time.Duration // of a call
	pause time.Duration // how long a download may bring nothing
}

// Options of a client. All may be left empty.
type Options struct {
	BaseURL string       // DefaultBaseURL
	Version string       // DefaultVersion
	HTTP    *http.Client // a client with time limits of its own
	Logger  *slog.Logger // silent
	// Timeout ends a call (30 seconds). Downloads and uploads of files have limits of their own.
	Timeout time.Duration
}

// NewClient makes a client. Calls end after Options.Timeout, or earlier with their context.
func NewClient(o Options) *Client {
	if o.BaseURL == "" {
		o.BaseURL = DefaultBaseURL
	}
	if o.Version == "" {
		o.Version = DefaultVersion
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Transport: newTransport()}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Timeout == 0 {
		o.Timeout = callTimeout
	}
	own := *o.HTTP
	// A redirected POST would be a second send, and the token would go to whoever is named.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{base: strings.TrimSuffix(o.BaseURL, "/") + "/" + o.Version + "/", http: &own, log: o.Logger, limit: o.Timeout, pause: downloadPause}
}

// CloseIdleConnections closes connections that wait for a next request.
func (c *Client) CloseIdleConnections() { c.http.CloseIdleConnections() }

// Credentials say from which number a call is made and by which right.
type Credentials struct {
	PhoneNumberID string
	AccessToken   string `json:"-"`
}

// String leaves the token out.
func (c Credentials) String() string { return "number " + c.PhoneNumberID }

// GoString leaves the token out.
func (c Credentials) GoString() string { return "whatsapp.Credentials{" + c.PhoneNumberID + "}" }

// LogValue leaves the token out.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.PhoneNumberID) }

// ErrCredentials refuses credentials that cannot be right before they are used.
var ErrCredentials = fault.New(fault.Unprocessable, "whatsapp_not_configured",
	"The WhatsApp number has no valid phone number id or access token.")

// check keeps an id from reaching another path, and a token from breaking the header.
func (c Credentials) check() error {
	id := func(r rune) bool { return r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' && r != '_' || r > 'z' }
	control := func(r rune) bool { return r <= ' ' || r > '~' }
	if c.PhoneNumberID == "" || strings.ContainsFunc(c.PhoneNumberID, id) ||
		c.AccessToken == "" || strings.ContainsFunc(c.AccessToken, control) {
		return ErrCredentials
	}
	return nil
}

// call makes one request for the number and decodes the answer into out. A nil body makes a GET. Errors are
// *APIError, *NotSentError, *UnknownOutcomeError and ErrCredentials.
func (c *Client) call(ctx context.Context, who Credentials, path string, body, out any) error {
	method := http.MethodGet
	if body != nil {
		method = http.MethodPost
	}
	return c.do(ctx, who, method, path, body, out)
}

func (c *Client) do(ctx context.Context, who Credentials, method, path string, body, out any) error {
	if err := who.check(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	request, sent, err := c.request(ctx, who, method, path, body)
	if err != nil {
		return err
	}
	return c.exchange(request, sent, out)
}

// exchange makes a request and decodes the answer into out.
func (c *Client) exchange(request *http.Request, sent *progress, out any) error {
	response, err := c.http.Do(request)
	if err != nil {
		return sent.outcome(egress.WithoutURL(err))
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	c.log.DebugContext(request.Context(), "whatsapp answered", "path", request.URL.Path, "status", response.StatusCode, "bytes", len(answer),
		"fb_request_id", response.Header.Get("X-Fb-Request-Id"), "fb_trace_id", response.Header.Get("X-Fb-Trace-Id"),
		"usage", response.Header.Get("X-Business-Use-Case-Usage"))
	if err != nil {
		return &UnknownOutcomeError{HTTPStatus: response.StatusCode, Err: fmt.Errorf("read answer: %w", err)}
	}
	return readAnswer(response, answer, out)
}

func (c *Client) request(ctx context.Context, who Credentials, method, path string, body any) (*http.Request, *progress, error) {
	content := []byte(nil)
	if body != nil {
		encoded, err := marshal(body)
		if err != nil {
			return nil, nil, fmt.Errorf("encode request: %w", err)
		}
		content = encoded
	}
	sent := &progress{size: int64(len(content))}
	request, err := http.NewRequestWithContext(sent.watch(ctx), method, c.base+who.PhoneNumberID+path, bytes.NewReader(content))
	if err != nil {
		return nil, nil, fmt.Errorf("make request: %w", err)
	}
	// Without it the transport cannot send the body a second time behind our back.
	request.GetBody = nil
	request.Header.Set("Authorization", "Bearer "+who.AccessToken)
	request.Header.Set("User-Agent", "BotReserva")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, sent, nil
}
