package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Modes of the knobs that have more than on and off.
const (
	Off = "off"

	WindowAsync = "async" // accepted, then a failed status with 131047: what is mostly seen
	WindowSync  = "sync"  // refused at once with 131047: what the error page says

	PairBurst  = "burst"  // one message per 6 s, up to 45 saved up
	PairStrict = "strict" // a burst of n within 6 s closes the pair until 6·n s after its start

	NinthKeep   = "keep"    // a guest's wa_id is the number as given
	NinthDrop   = "drop"    // Brazilian mobiles lose the ninth digit
	NinthByArea = "by-area" // as reported of WhatsApp: kept for area codes 11–28, else mostly dropped

	RecipientsExist = "exist" // any number is on WhatsApp
	RecipientsKnown = "known" // only guests that exist; anyone else fails with 131026

	SignatureValid   = "valid"
	SignatureWrong   = "wrong"
	SignatureMissing = "missing"

	BatchValue   = "value"   // several items in one value
	BatchChanges = "changes" // one change per item
	BatchEntries = "entries" // one entry per item
)

// Knobs are the steady behaviours, for all accounts. Faults are for single calls.
type Knobs struct {
	// Latency delays the answer to every Graph call.
	Latency time.Duration
	// Window, PairRate and Throughput enforce Meta's limits. Throughput is messages per second per number, in and
	// out together; 0 is off.
	Window     string
	PairRate   string
	Throughput int
	// NinthDigit decides the wa_id of guests created from now on.
	NinthDigit string
	// Recipients says who is on WhatsApp.
	Recipients string
	// ValidationAs100 answers every invalid send with code 100 instead of 131008 and 131009: Meta does not say which
	// field gets which.
	ValidationAs100 bool
	// Statuses times what becomes of an accepted message.
	Statuses AutoStatuses
	// DropStatuses names statuses whose webhooks are never sent ("delivered").
	DropStatuses []string
	// StatusFirst delivers the sent status before the answer to the send.
	StatusFirst bool
	// Duplicates is how many extra copies of each webhook are sent.
	Duplicates int
	// OutOfOrder collects each guest's events for this long and delivers them in reverse; 0 is off.
	OutOfOrder time.Duration
	// Signature of webhooks: SignatureValid, SignatureWrong or SignatureMissing.
	Signature string
	// EscapeSlash writes "/" as "\/" in webhooks.
	EscapeSlash bool
	// Batch groups items into one webhook.
	Batch Batch
	// Rules are the switches of the other planes.
	Rules Rules
}

// AutoStatuses times statuses, each counted from the one before. Zero Sent or Delivered means at once, zero Read
// means that a guest reads only when told to (MarkRead, the phone page). Off sends no status webhooks but failed
// ones; messages still reach the guest.
type AutoStatuses struct {
	Off                   bool
	Sent, Delivered, Read time.Duration
}

// Batch groups webhook items: collected for Window, at most Max of them (Meta's limit is 1,000). A zero window sends
// each item alone.
type Batch struct {
	Window time.Duration
	Max    int
	Shape  string
}

// DefaultKnobs is Meta's behaviour as documented, with an attentive guest's phone.
func DefaultKnobs() Knobs {
	return Knobs{
		Window: WindowAsync, PairRate: PairBurst, Throughput: 80,
		NinthDigit: NinthKeep, Recipients: RecipientsExist, Signature: SignatureValid,
		Statuses: AutoStatuses{Sent: 60 * time.Millisecond, Delivered: 180 * time.Millisecond},
		Batch:    Batch{Max: maxBatch, Shape: BatchValue},
		Rules:    defaultRules(),
	}
}

// LoadKnobs is for load runs: no limits and no delays, nothing else differs.
func LoadKnobs() Knobs {
	k := DefaultKnobs()
	k.Window, k.PairRate, k.Throughput = Off, Off, 0
	k.Statuses = AutoStatuses{}
	k.Rules.MessagingLimit, k.Rules.ManagementCalls = 0, 0
	return k
}

const maxBatch = 1000

// Knobs returns the present behaviour.
func (s *Simulator) Knobs() Knobs { return *s.knobs.Load() }

// SetKnobs replaces the behaviour; an unknown mode is an error and changes nothing.
func (s *Simulator) SetKnobs(k Knobs) error {
	if err := k.check(); err != nil {
		return err
	}
	s.knobs.Store(&k)
	return nil
}

// Tune changes some knobs and leaves the others: sim.Tune(func(k *simulator.Knobs) { k.Duplicates = 2 }).
func (s *Simulator) Tune(change func(*Knobs)) error {
	s.tuning.Lock()
	defer s.tuning.Unlock()
	k := s.Knobs()
	change(&k)
	return s.SetKnobs(k)
}

func (k *Knobs) check() error {
	if k.Batch.Max <= 0 || k.Batch.Max > maxBatch {
		k.Batch.Max = maxBatch
	}
	for _, mode := range []struct {
		name    string
		value   *string
		allowed []string
	}{
		{"window", &k.Window, []string{WindowAsync, WindowSync, Off}},
		{"pairRate", &k.PairRate, []string{PairBurst, PairStrict, Off}},
		{"ninthDigit", &k.NinthDigit, []string{NinthKeep, NinthDrop, NinthByArea}},
		{"recipients", &k.Recipients, []string{RecipientsExist, RecipientsKnown}},
		{"signature", &k.Signature, []string{SignatureValid, SignatureWrong, SignatureMissing}},
		{"batch.shape", &k.Batch.Shape, []string{BatchValue, BatchChanges, BatchEntries}},
	} {
		if err := checkMode(mode.name, mode.value, mode.allowed); err != nil {
			return err
		}
	}
	if k.Throughput < 0 || k.Duplicates < 0 || k.Duplicates > 100 {
		return errors.New("throughput must not be negative and duplicates be 0 to 100")
	}
	return k.Rules.check()
}

// checkMode fills an empty mode with its default, the first allowed one.
func checkMode(name string, value *string, allowed []string) error {
	if *value == "" {
		*value = allowed[0]
		return nil
	}
	for _, a := range allowed {
		if *value == a {
			return nil
		}
	}
	return fmt.Errorf("%s %q is none of %v", name, *value, allowed)
}

// knobsWire is the control API's form: times in milliseconds.
type knobsWire struct {
	LatencyMs       int64        `json:"latencyMs"`
	Window          string       `json:"window"`
	PairRate        string       `json:"pairRate"`
	Throughput      int          `json:"throughput"`
	NinthDigit      string       `json:"ninthDigit"`
	Recipients      string       `json:"recipients"`
	ValidationAs100 bool         `json:"validationAs100"`
	Statuses        statusesWire `json:"statuses"`
	DropStatuses    []string     `json:"dropStatuses"`
	StatusFirst     bool         `json:"statusFirst"`
	Duplicates      int          `json:"duplicates"`
	OutOfOrderMs    int64        `json:"outOfOrderMs"`
	Signature       string       `json:"signature"`
	EscapeSlash     bool         `json:"escapeSlash"`
	Batch           batchWire    `json:"batch"`
	Rules           Rules        `json:"rules"`
}

type statusesWire struct {
	Off         bool  `json:"off"`
	SentMs      int64 `json:"sentMs"`
	DeliveredMs int64 `json:"deliveredMs"`
	ReadMs      int64 `json:"readMs"`
}

type batchWire struct {
	WindowMs int64  `json:"windowMs"`
	Max      int    `json:"max"`
	Shape    string `json:"shape"`
}

// MarshalJSON writes times in milliseconds: {"latencyMs": 250, …}.
func (k Knobs) MarshalJSON() ([]byte, error) { return json.Marshal(k.wire()) }

// UnmarshalJSON changes only what the object names, so that it serves PATCH.
func (k *Knobs) UnmarshalJSON(b []byte) error {
	w := k.wire()
	if err := strictJSON(b, &w); err != nil {
		return err
	}
	*k = w.knobs()
	return nil
}

func (k Knobs) wire() knobsWire {
	return knobsWire{
		LatencyMs: k.Latency.Milliseconds(), Window: k.Window, PairRate: k.PairRate, Throughput: k.Throughput,
		NinthDigit: k.NinthDigit, Recipients: k.Recipients, ValidationAs100: k.ValidationAs100,
		Statuses: statusesWire{
			Off: k.Statuses.Off, SentMs: k.Statuses.Sent.Milliseconds(),
			DeliveredMs: k.Statuses.Delivered.Milliseconds(), ReadMs: k.Statuses.Read.Milliseconds(),
		},
		DropStatuses: k.DropStatuses, StatusFirst: k.StatusFirst, Duplicates: k.Duplicates,
		OutOfOrderMs: k.OutOfOrder.Milliseconds(), Signature: k.Signature, EscapeSlash: k.EscapeSlash,
		Batch: batchWire{WindowMs: k.Batch.Window.Milliseconds(), Max: k.Batch.Max, Shape: k.Batch.Shape},
		Rules: k.Rules,
	}
}

func (w knobsWire) knobs() Knobs {
	return Knobs{
		Latency: millis(w.LatencyMs), Window: w.Window, PairRate: w.PairRate, Throughput: w.Throughput,
		NinthDigit: w.NinthDigit, Recipients: w.Recipients, ValidationAs100: w.ValidationAs100,
		Statuses: AutoStatuses{
			Off: w.Statuses.Off, Sent: millis(w.Statuses.SentMs),
			Delivered: millis(w.Statuses.DeliveredMs), Read: millis(w.Statuses.ReadMs),
		},
		DropStatuses: w.DropStatuses, StatusFirst: w.StatusFirst, Duplicates: w.Duplicates,
		OutOfOrder: millis(w.OutOfOrderMs), Signature: w.Signature, EscapeSlash: w.EscapeSlash,
		Batch: Batch{Window: millis(w.Batch.WindowMs), Max: w.Batch.Max, Shape: w.Batch.Shape},
		Rules: w.Rules,
	}
}

func millis(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
