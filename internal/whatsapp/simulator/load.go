package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"
)

// LoadPlan is a stream of guests' messages.
type LoadPlan struct {
	// Rate is messages per second; 0 is as many as the receiver takes. Seconds is how long (10), at most 600.
	Rate    float64 `json:"rate"`
	Seconds int     `json:"seconds"`
	// Guests write in turn (1,000). They are made from their index when they first write.
	Guests int `json:"guests"`
	// Chaos repeats 0.5 % of the webhooks and lets 2 % come late.
	Chaos bool `json:"chaos"`
}

// LoadReport is what became of it.
type LoadReport struct {
	Webhooks  int            `json:"webhooks"` // answered 200
	Attempts  int            `json:"attempts"`
	Statuses  map[string]int `json:"statuses"` // how often each status was the answer
	Seconds   float64        `json:"seconds"`
	PerSecond float64        `json:"perSecond"`
	MedianMs  float64        `json:"medianMs"`
	P99Ms     float64        `json:"p99Ms"`
	MaxMs     float64        `json:"maxMs"`
	Overdue   int            `json:"overdue"` // answers above a second
	Waiting   int64          `json:"waiting"` // not delivered when the time was up
	Types     map[string]int `json:"types"`
}

// loadMeter collects answers while a load runs.
type loadMeter struct {
	mu       sync.Mutex
	took     []time.Duration
	statuses map[string]int
	ok       int
}

func (m *loadMeter) add(took time.Duration, status int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.took = append(m.took, took)
	m.statuses[fmt.Sprint(status)]++
	if status == 200 {
		m.ok++
	}
}

// loadBacklog is how many webhooks may wait while the rate is unbounded.
const loadBacklog = 5000

// Load sends a stream of messages to an account's receiver, which must be on this machine, and measures its answers.
// One load runs at a time.
func (s *Simulator) Load(ctx context.Context, accountID string, plan LoadPlan) (LoadReport, error) {
	a := s.account(accountID)
	if a == nil {
		return LoadReport{}, ErrNoAccount
	}
	if address, _, _ := a.target(); !isLocal(address) {
		return LoadReport{}, &badRequestError{"load is sent to receivers on this machine only"}
	}
	if plan.Rate < 0 || plan.Seconds < 0 || plan.Seconds > 600 || plan.Guests < 0 {
		return LoadReport{}, &badRequestError{"rate, seconds (at most 600) and guests must not be negative"}
	}
	plan.Seconds, plan.Guests = orInt(plan.Seconds, 10), orInt(plan.Guests, 1000)
	meter := &loadMeter{statuses: map[string]int{}}
	if !s.meter.CompareAndSwap(nil, meter) {
		return LoadReport{}, &badRequestError{"another load is running"}
	}
	defer s.meter.Store(nil)
	defer s.chaos(plan)()
	start := time.Now() //nolint:forbidigo // the real time that the receiver has
	types, err := s.pour(ctx, accountID, plan, start)
	report := meter.report(time.Since(start)) //nolint:forbidigo // as above
	report.Types, report.Waiting = types, s.count.waiting.Load()
	if errors.Is(err, context.DeadlineExceeded) {
		err = nil
	}
	return report, err
}

func isLocal(address string) bool {
	u, err := url.Parse(address)
	return err == nil && isLoopback(u.Hostname())
}

// chaos puts the plan's faults in place and returns what lifts them.
func (s *Simulator) chaos(plan LoadPlan) (lift func()) {
	if !plan.Chaos {
		return func() {}
	}
	var ids []string
	for _, f := range []Fault{
		{Effect: EffectDuplicate, Probability: 0.005, Copies: 1}, {Effect: EffectLate, Probability: 0.02, DelayMs: 500},
	} {
		id, err := s.AddFault(f)
		must(err)
		ids = append(ids, id)
	}
	return func() {
		for _, id := range ids {
			s.RemoveFault(id)
		}
	}
}

// pour sends until the plan's time is up, each message at its moment.
func (s *Simulator) pour(ctx context.Context, accountID string, plan LoadPlan, start time.Time) (map[string]int, error) {
	ctx, cancel := context.WithDeadline(ctx, start.Add(time.Duration(plan.Seconds)*time.Second))
	defer cancel()
	types, samples := map[string]int{}, s.loadSamples(accountID)
	for i := 0; ctx.Err() == nil; i++ {
		if plan.Rate > 0 {
			due := start.Add(time.Duration(float64(i) / plan.Rate * float64(time.Second)))
			s.pause(ctx, time.Until(due)) //nolint:forbidigo // as above
		}
		for s.count.waiting.Load() >= loadBacklog && s.pause(ctx, time.Millisecond) {
			continue
		}
		m := samples[mix(s.ids.seed+uint64(i))%100]
		types[m.Type]++
		phone := fmt.Sprintf("55119%08d", 10_000_000+i%plan.Guests)
		if _, err := s.Guest(accountID, phone).Sends(ctx, m); err != nil && ctx.Err() == nil {
			return types, err
		}
	}
	return types, nil
}

// loadSamples is the mix of a hundred messages: 70 texts, 10 photos, 8 voice notes, 7 presses of buttons, 5 others.
func (s *Simulator) loadSamples(accountID string) [100]Inbound {
	var out [100]Inbound
	file := func(kind string) string {
		mimeType, filename, data := sampleFile(kind)
		return s.storeMedia(accountID, mimeType, filename, data, inboundLives).id
	}
	photo, voice := Image("Foto"), Voice()
	photo.MediaID, voice.MediaID = file("image"), file("audio")
	press := Inbound{Type: "interactive", Raw: json.RawMessage(`{"type":"button_reply","button_reply":{"id":"sim","title":"Sim"}}`)}
	for i := range out {
		switch {
		case i < 70:
			out[i] = Text("Olá! Há quarto para o fim de semana?")
		case i < 80:
			out[i] = photo
		case i < 88:
			out[i] = voice
		case i < 95:
			out[i] = press
		default:
			out[i] = Location(-23.7785, -45.3581, "Balsa de Ilhabela", "São Sebastião, SP")
		}
	}
	return out
}

func (m *loadMeter) report(lasted time.Duration) LoadReport {
	m.mu.Lock()
	defer m.mu.Unlock()
	slices.Sort(m.took)
	at := func(share float64) float64 {
		if len(m.took) == 0 {
			return 0
		}
		return float64(m.took[min(len(m.took)-1, int(share*float64(len(m.took))))].Microseconds()) / 1000
	}
	overdue := 0
	for _, took := range m.took {
		if took > ackLimit {
			overdue++
		}
	}
	return LoadReport{
		Webhooks: m.ok, Attempts: len(m.took), Statuses: m.statuses, Seconds: lasted.Seconds(),
		PerSecond: float64(m.ok) / lasted.Seconds(), MedianMs: at(0.5), P99Ms: at(0.99), MaxMs: at(1), Overdue: overdue,
	}
}
