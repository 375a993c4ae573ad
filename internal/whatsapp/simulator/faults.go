package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Effects of a fault on a send.
const (
	EffectRefuse      = "refuse"       // the error Code, the message is not sent
	EffectFailLater   = "fail-later"   // 200, then a failed status with Code
	EffectDelay       = "delay"        // only LatencyMs
	EffectHold        = "hold"         // accepted and delivered, statuses come, but no answer is ever written
	EffectResetAfter  = "reset-after"  // accepted and delivered, then the connection is reset
	EffectResetBefore = "reset-before" // the connection is reset before anything happened
	EffectHTML        = "html"         // an HTML page with HTTPStatus, the message is not sent
	EffectHTMLAfter   = "html-after"   // accepted and delivered, then an HTML page with HTTPStatus
	EffectBadJSON     = "bad-json"     // accepted and delivered, 200 with a body that is no JSON
	EffectHalfBody    = "half-body"    // accepted and delivered, 200 with half an answer
)

var effects = []string{
	EffectRefuse, EffectFailLater, EffectDelay, EffectHold, EffectResetAfter, EffectResetBefore,
	EffectHTML, EffectHTMLAfter, EffectBadJSON, EffectHalfBody,
}

// Fault makes matching sends go wrong. Empty scope fields match everything; Times limits how often (0: until
// removed). Faults are tried in the order in which they were added, the first match wins.
type Fault struct {
	ID        string `json:"id"`
	AccountID string `json:"accountId,omitempty"`
	Recipient string `json:"recipient,omitempty"` // any form of the phone
	Type      string `json:"type,omitempty"`      // "text", "template", …; read marks only when it says "read"
	Times     int    `json:"times,omitempty"`

	Effect     string `json:"effect,omitempty"`     // EffectRefuse when empty
	Code       int    `json:"code,omitempty"`       // 0 is Meta's AuthException and needs HTTPStatus
	HTTPStatus int    `json:"httpStatus,omitempty"` // instead of the code's usual one
	RetryAfter int    `json:"retryAfter,omitempty"` // seconds, sent as the Retry-After header
	Details    string `json:"details,omitempty"`
	LatencyMs  int64  `json:"latencyMs,omitempty"` // before the answer, with any effect
	// NoErrorData leaves error_data out, as some general errors do.
	NoErrorData bool `json:"noErrorData,omitempty"`

	// Hits counts how often it happened.
	Hits int `json:"hits"`
}

type faultBook struct {
	mu     sync.Mutex
	faults []*Fault
	last   int
}

// AddFault puts a fault in place and returns its id.
func (s *Simulator) AddFault(f Fault) (string, error) { return s.faults.add(f) }

// RemoveFault lifts one fault; an unknown or used-up id does nothing.
func (s *Simulator) RemoveFault(id string) { s.faults.remove(id) }

// Faults lists the faults in place, with their hits.
func (s *Simulator) Faults() []Fault { return s.faults.list() }

// FailNext refuses the next n sends to anyone with code, in that code's usual HTTP status.
func (s *Simulator) FailNext(n, code int) error {
	_, err := s.AddFault(Fault{Times: n, Code: code})
	return err
}

func (b *faultBook) add(f Fault) (string, error) {
	if f.Effect == "" {
		f.Effect = EffectRefuse
	}
	switch {
	case !slices.Contains(effects, f.Effect):
		return "", fmt.Errorf("effect %q is none of %v", f.Effect, effects)
	case (f.Effect == EffectRefuse || f.Effect == EffectFailLater) && f.Code == 0 && f.HTTPStatus == 0:
		return "", fmt.Errorf("effect %q needs a code", f.Effect)
	case f.HTTPStatus != 0 && (f.HTTPStatus < 400 || f.HTTPStatus > 599):
		return "", fmt.Errorf("http status %d is no error", f.HTTPStatus)
	case f.Times < 0 || f.LatencyMs < 0 || f.RetryAfter < 0:
		return "", fmt.Errorf("times, latency and retry-after must not be negative")
	}
	f.Recipient = canonicalPhone(f.Recipient)
	f.Hits = 0
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	f.ID = strconv.Itoa(b.last)
	b.faults = append(b.faults, &f)
	return f.ID, nil
}

func (b *faultBook) remove(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = slices.DeleteFunc(b.faults, func(f *Fault) bool { return f.ID == id })
}

func (b *faultBook) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = nil
}

func (b *faultBook) list() []Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]Fault, 0, len(b.faults))
	for _, f := range b.faults {
		out = append(out, *f)
	}
	return out
}

// take returns the fault that hits this send, if any, and uses it up once.
func (b *faultBook) take(account, recipient, kind string) *Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.faults) == 0 {
		return nil
	}
	recipient = canonicalPhone(recipient)
	for i, f := range b.faults {
		if !f.matches(account, recipient, kind) {
			continue
		}
		f.Hits++
		hit := *f
		if f.Times > 0 && f.Hits >= f.Times {
			b.faults = slices.Delete(b.faults, i, i+1)
		}
		return &hit
	}
	return nil
}

func (f *Fault) matches(account, recipient, kind string) bool {
	return (f.AccountID == "" || f.AccountID == account) &&
		(f.Recipient == "" || f.Recipient == recipient) &&
		(f.Type == kind || f.Type == "" && kind != kindRead)
}

func (f *Fault) is(effect string) bool { return f != nil && f.Effect == effect }

func (f *Fault) latency() time.Duration {
	if f == nil {
		return 0
	}
	return millis(f.LatencyMs)
}

// graphError is the answer of a refusing fault.
func (f *Fault) graphError() *graphError {
	e := refusal(f.Code, f.Details)
	if f.HTTPStatus != 0 {
		e.status = f.HTTPStatus
	}
	e.retryAfter = f.RetryAfter
	e.noData = f.NoErrorData
	return e
}
