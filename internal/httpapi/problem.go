package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/obs"
	"github.com/botreserva/botreserva/internal/outbox"
)

// problem is how every refusal looks. error and message say the same: the original's
// server wrote one, its dashboards read the other.
type problem struct {
	status    int
	Err       string         `json:"error" doc:"What was wrong, for people"`
	Message   string         `json:"message" doc:"The same as error"`
	Code      string         `json:"code" doc:"Stable name of the refusal" example:"window_closed"`
	RequestID string         `json:"requestId" doc:"Quote it when asking for help"`
	Details   []fault.Detail `json:"details,omitempty" doc:"The wrong fields"`
	Retryable *bool          `json:"retryable,omitempty" doc:"Whether the same request may succeed later; flows are always told"`
	Path      string         `json:"path,omitempty"`
	Method    string         `json:"method,omitempty"`
	Retry     int            `json:"retryAfter,omitempty" doc:"Seconds to wait"`

	Templates []outbox.ApprovedTemplate `json:"templates,omitempty" doc:"What may be sent instead, while the 24-hour window is closed"`

	Success *bool `json:"success,omitempty" doc:"false, where the original said so"`

	Missing []string `json:"missing,omitempty" doc:"What the original named so: parameters of a link"`
	Usage   string   `json:"usage,omitempty" doc:"How it is called"`

	ExistingContactID string `json:"existingContactId,omitempty" doc:"Who has the phone number already"`
}

// Error implements error.
func (p *problem) Error() string { return p.Code + ": " + p.Err }

// GetStatus implements huma.StatusError.
func (p *problem) GetStatus() int { return p.status }

// statuses is the only place where a fault becomes an HTTP status.
var statuses = map[fault.Kind]int{
	fault.Internal:      http.StatusInternalServerError,
	fault.Invalid:       http.StatusBadRequest,
	fault.Unauthorized:  http.StatusUnauthorized,
	fault.Forbidden:     http.StatusForbidden,
	fault.NotFound:      http.StatusNotFound,
	fault.Conflict:      http.StatusConflict,
	fault.Unprocessable: http.StatusUnprocessableEntity,
	fault.TooMany:       http.StatusTooManyRequests,
	fault.TooLarge:      http.StatusRequestEntityTooLarge,
	fault.Unavailable:   http.StatusServiceUnavailable,
}

func problemOf(err error, requestID string) *problem {
	var p *problem
	if !errors.As(err, &p) {
		p = problemOfFault(err)
	}
	p.RequestID = requestID
	var no unsuccessful
	if errors.As(err, &no) {
		p.Success = new(bool)
	}
	return p
}

func problemOfFault(err error) *problem {
	f := fault.Of(err)
	var taken *contact.TakenError
	existing := ""
	if errors.As(err, &taken) {
		existing = taken.Existing.String()
	}
	var closed *outbox.WindowClosedError
	var templates []outbox.ApprovedTemplate
	if errors.As(err, &closed) {
		templates = closed.Templates
	}
	p := &problem{
		ExistingContactID: existing, Templates: templates,
		status: statuses[f.Kind], Err: f.Text, Message: f.Text, Code: f.Code, Details: f.Details,
	}
	if f.Kind == fault.Unavailable || f.Kind == fault.Internal || f.Kind == fault.TooMany {
		p.Retryable = new(true)
	}
	return p
}

// forFlow says to a flow, too, that the same request is useless: its program decides by that.
func (p *problem) forFlow() *problem {
	if p.Retryable == nil {
		p.Retryable = new(bool)
	}
	return p
}

// report logs what only we may know about a refusal, and returns what the caller may
// know.
func report(r *http.Request, log *slog.Logger, err error) *problem {
	p := problemOf(err, obs.RequestID(r.Context()))
	logFailure(r.Context(), log, p, r.Method, routeOf(r), err)
	return p
}

// logFailure notes failures of ours. A part that is away is a warning: it is reported
// where it is away, and every request would say so again.
func logFailure(ctx context.Context, log *slog.Logger, p *problem, method, route string, err error) {
	if p.status < http.StatusInternalServerError || ctx.Err() != nil {
		return
	}
	level := slog.LevelError
	if p.status == http.StatusServiceUnavailable {
		level = slog.LevelWarn
	}
	log.Log(ctx, level, "request failed", "method", method, "route", route, "err", err)
}

// writeProblem answers with a refusal.
func writeProblem(w http.ResponseWriter, p *problem) {
	w.Header().Set("Content-Type", "application/json")
	if p.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	w.WriteHeader(p.status)
	_ = json.NewEncoder(w).Encode(p) // the caller has gone
}

// Refusals of this door.
var (
	errJSON     = fault.New(fault.Invalid, "invalid_json", "The body is not valid JSON.")
	errTooLarge = fault.New(fault.TooLarge, "body_too_large", "The body is too large.")
	errMedia    = fault.New(fault.Invalid, "unsupported_media_type", "Send the body as application/json.")
	errNoTenant = fault.New(fault.Invalid, "tenant_required", "Say which hotel: send its slug as X-Tenant-Slug.")
)

func init() {
	// huma's own errors show internal texts and repeat the values that were sent, a
	// mistyped password among them. The variables are the library's only hook.
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError { return refusal("", status, msg, errs) }
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		if ctx == nil {
			return refusal("", status, msg, errs)
		}
		p := refusal(obs.RequestID(ctx.Context()), status, msg, errs)
		if callerOf(ctx.Context()).hotel != nil {
			return p.forFlow()
		}
		return p
	}
}

// refusal words what huma refuses.
func refusal(requestID string, status int, msg string, errs []error) *problem {
	switch status {
	case http.StatusUnprocessableEntity:
		return problemOf(fault.ErrInvalid.With(detailsOf(errs)...), requestID)
	case http.StatusBadRequest:
		return problemOf(errJSON, requestID) // the library's words are about Go types
	case http.StatusRequestEntityTooLarge:
		return problemOf(errTooLarge, requestID)
	case http.StatusUnsupportedMediaType:
		p := problemOf(errMedia, requestID)
		p.status = status
		return p
	}
	text := http.StatusText(status)
	if status < http.StatusInternalServerError && msg != "" {
		text = msg
	}
	return &problem{
		status: status, Err: text, Message: text, RequestID: requestID,
		Code: strings.ReplaceAll(strings.ToLower(http.StatusText(status)), " ", "_"),
	}
}

// detailsOf keeps where a value was wrong and why, never the value.
func detailsOf(errs []error) []fault.Detail {
	var details []fault.Detail
	for _, err := range errs {
		var d huma.ErrorDetailer
		if errors.As(err, &d) {
			e := d.ErrorDetail()
			path := strings.TrimPrefix(strings.TrimPrefix(e.Location, "body"), ".")
			details = append(details, wordedDetail(path, e.Message))
		}
	}
	return details
}
