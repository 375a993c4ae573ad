package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Fault makes matching calls, downloads or webhooks go wrong. Empty scope fields match everything; Times limits how
// often (0: until removed). Faults are tried in the order in which they were added, the first match of a plane wins.
// The effect decides the plane: see Effects.
type Fault struct {
	ID        string `json:"id"`
	AccountID string `json:"accountId,omitempty"`
	WABA      string `json:"waba,omitempty"`
	Recipient string `json:"recipient,omitempty"` // any form of the guest's phone
	Type      string `json:"type,omitempty"`      // "text", "template", …; read marks only when it says "read"; a status' name for webhooks
	Template  string `json:"template,omitempty"`  // name
	Call      string `json:"call,omitempty"`      // another Graph call than a send: "GET media", "POST message_templates", "any"
	Times     int    `json:"times,omitempty"`
	// Probability is the share of matching calls that are hit (0 is 1); which ones depends on the seed alone.
	Probability float64 `json:"probability,omitempty"`
	// StartMs and ForMs bound the fault on the simulator's clock, counted from when it was added.
	StartMs int64 `json:"startMs,omitempty"`
	ForMs   int64 `json:"forMs,omitempty"`

	Effect     string   `json:"effect,omitempty"`     // EffectRefuse when empty
	Code       int      `json:"code,omitempty"`       // 0 is Meta's AuthException and needs HTTPStatus
	HTTPStatus int      `json:"httpStatus,omitempty"` // instead of the code's usual one
	RetryAfter int      `json:"retryAfter,omitempty"` // seconds, sent as the Retry-After header
	Details    string   `json:"details,omitempty"`
	LatencyMs  int64    `json:"latencyMs,omitempty"` // before the answer, with any effect
	Latency    *Latency `json:"latency,omitempty"`   // a distribution instead
	// NoErrorData leaves error_data out, ErrorText makes it a string, as some general errors do.
	NoErrorData bool `json:"noErrorData,omitempty"`
	ErrorText   bool `json:"errorText,omitempty"`

	// For webhooks: Copies are sent besides (1), DelayMs later; Mode says how a signature or body is spoilt; Target is
	// another account's PhoneNumberID.
	Copies  int    `json:"copies,omitempty"`
	DelayMs int64  `json:"delayMs,omitempty"`
	Mode    string `json:"mode,omitempty"`
	Target  string `json:"target,omitempty"`
	// Statuses are those that are missing with EffectLoseStatus.
	Statuses []string `json:"statuses,omitempty"`

	// Hits counts how often it happened.
	Hits int `json:"hits"`

	tried uint64
	from  time.Time
	until time.Time
}

// attempt is what a fault is held against.
type attempt struct {
	plane, account, waba, recipient, kind, template, call string
}

type faultBook struct {
	seed func() uint64
	now  func() time.Time
	mu   sync.Mutex

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
	if err := f.check(); err != nil {
		return "", err
	}
	f.Recipient = canonicalPhone(f.Recipient)
	f.Hits, f.tried = 0, 0
	f.from = b.now().Add(millis(f.StartMs))
	if f.ForMs > 0 {
		f.until = f.from.Add(millis(f.ForMs))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	f.ID = strconv.Itoa(b.last)
	b.faults = append(b.faults, &f)
	return f.ID, nil
}

func (f *Fault) check() error {
	plane, known := Effects[f.Effect]
	needsCode := f.Effect == EffectRefuse || f.Effect == EffectFailLater
	switch {
	case !known:
		return fmt.Errorf("there is no effect %q", f.Effect)
	case needsCode && f.Code == 0 && f.HTTPStatus == 0:
		return fmt.Errorf("effect %q needs a code", f.Effect)
	case f.HTTPStatus != 0 && (f.HTTPStatus < 400 || f.HTTPStatus > 599):
		return fmt.Errorf("status %d is no error", f.HTTPStatus)
	case f.Times < 0 || f.LatencyMs < 0 || f.RetryAfter < 0 || f.DelayMs < 0 || f.StartMs < 0 || f.ForMs < 0:
		return fmt.Errorf("times, latency and retry-after must not be negative")
	case f.Probability < 0 || f.Probability > 1:
		return fmt.Errorf("probability must be 0 to 1")
	case f.Copies < 0 || f.Copies > 1000:
		return fmt.Errorf("copies must be 0 to 1000")
	case plane.modes != nil && !slices.Contains(plane.modes, f.Mode):
		return fmt.Errorf("mode of %q must be one of %v", f.Effect, plane.modes)
	case f.Call != "" && plane.Plane != PlaneSend:
		return fmt.Errorf("call is for effects on Graph calls")
	}
	return f.Latency.check()
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

// take returns the fault that hits this attempt, if any, and uses it up once.
func (b *faultBook) take(at attempt) *Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.faults) == 0 {
		return nil
	}
	at.recipient = canonicalPhone(at.recipient)
	now := b.now()
	for i, f := range b.faults {
		if !f.matches(at) || !f.lasts(now) || !b.strikes(f) {
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

// takePlain takes a fault by its effect.
func (b *faultBook) takePlain(effect string) bool { return b.take(attempt{plane: effect}) != nil }

// strikes throws the fault's own dice: the n-th matching call of a seeded run is hit or not, whatever else happens.
func (b *faultBook) strikes(f *Fault) bool {
	f.tried++
	return f.Probability == 0 || chance(b.seed(), f.ID, f.tried) < f.Probability
}

// chance is a number from 0 to 1 that depends on its arguments only.
func chance(seed uint64, name string, n uint64) float64 {
	return float64(mix(seed^hashString(name)^mix(n))>>11) / (1 << 53)
}

func (f *Fault) matches(at attempt) bool {
	plane := Effects[f.Effect].Plane
	if at.plane != plane && at.plane != f.Effect {
		return false
	}
	if plane == PlaneSend && (f.Call != "" || at.call != "") && f.Call != at.call && (f.Call != "any" || at.call == "") {
		return false
	}
	return (f.AccountID == "" || f.AccountID == at.account) && (f.WABA == "" || f.WABA == at.waba) &&
		(f.Recipient == "" || f.Recipient == at.recipient) && (f.Template == "" || f.Template == at.template) &&
		(f.Type == at.kind || f.Type == "" && (at.plane != PlaneSend || at.kind != kindRead))
}

// lasts says whether the fault is there at this time.
func (f *Fault) lasts(now time.Time) bool {
	return !now.Before(f.from) && (f.until.IsZero() || now.Before(f.until))
}

func (f *Fault) is(effect string) bool { return f != nil && f.Effect == effect }

func (f *Fault) latency(seed uint64) time.Duration {
	if f == nil {
		return 0
	}
	return millis(f.LatencyMs) + f.Latency.draw(chance(seed, f.ID+"/latency", f.tried))
}

// graphError is the answer of a refusing fault.
func (f *Fault) graphError() *graphError {
	e := refusal(f.Code, f.Details)
	if f.HTTPStatus != 0 {
		e.status = f.HTTPStatus
	}
	e.retryAfter = f.RetryAfter
	e.noData, e.textData = f.NoErrorData, f.ErrorText
	return e
}
