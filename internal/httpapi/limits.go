package httpapi

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/ratelimit"
)

// limit names which rate limit counts a call.
type limit uint8

const (
	limitNone limit = iota
	limitAPI
	limitCreate
	limitN8N
	limitWebhook
	limitMedia
)

// Limits are the policies in force; a policy without count is off.
type Limits struct {
	Login, API, Create, N8N, Webhook, Media ratelimit.Policy
}

func (l Limits) policy(name limit) ratelimit.Policy {
	switch name {
	case limitAPI:
		return l.API
	case limitCreate:
		return l.Create
	case limitN8N:
		return l.N8N
	case limitWebhook:
		return l.Webhook
	case limitMedia:
		return l.Media
	default:
		return ratelimit.Policy{}
	}
}

var errTooMany = fault.New(fault.TooMany, "rate_limited", "Too many requests. Wait a moment.")

// count counts a call and refuses it beyond the limit. People are counted one by
// one, flows by hotel, strangers by address; fetching files by address whoever asks,
// because <img> does not say.
func (s *server) count(w http.ResponseWriter, r *http.Request, name limit, c caller) error {
	p := s.deps.Limits.policy(name)
	if p.Count == 0 {
		return nil
	}
	d, err := s.deps.Limiter.Allow(r.Context(), s.counted(r, name, c), p)
	if err != nil {
		s.deps.Log.WarnContext(r.Context(), "rate limit cannot be counted", "limit", p.Name, "err", err)
		return nil // a limiter that is down must not stop a hotel
	}
	writeLimit(w.Header(), p, d)
	if d.Allowed {
		return nil
	}
	return tooMany(w.Header(), d)
}

func (s *server) counted(r *http.Request, name limit, c caller) string {
	switch {
	case name == limitMedia:
		return "ip:" + s.deps.ClientIP(r)
	case c.hotel != nil:
		return "flow:" + c.tenant.String()
	case !c.User.ID.IsZero():
		return "user:" + c.User.ID.String()
	default:
		return "ip:" + s.deps.ClientIP(r)
	}
}

func writeLimit(h http.Header, p ratelimit.Policy, d ratelimit.Decision) {
	h.Set("RateLimit-Policy", fmt.Sprintf("%d;w=%d", p.Count, seconds(p.Window)))
	h.Set("RateLimit-Limit", strconv.Itoa(d.Limit))
	h.Set("RateLimit-Remaining", strconv.Itoa(d.Remaining))
	h.Set("RateLimit-Reset", strconv.Itoa(seconds(d.ResetAfter)))
}

func tooMany(h http.Header, d ratelimit.Decision) error {
	wait := max(1, seconds(d.RetryAfter))
	h.Set("Retry-After", strconv.Itoa(wait))
	text := fmt.Sprintf("Too many requests. Try again in %d seconds.", wait)
	return &problem{status: http.StatusTooManyRequests, Err: text, Message: text, Code: errTooMany.Code, Retryable: new(true), Retry: wait}
}

func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
