package simulator

import (
	"cmp"
	"reflect"
	"slices"
	"sync"
	"time"
)

// business is the live state of one WhatsApp business account: what its numbers share. Its mutex may be taken while
// account.mu is held, never the other way round.
type business struct {
	sim *Simulator
	id  string

	mu        sync.Mutex
	templates []*template // in order of creation
	blocked   map[string]time.Time
	created   []time.Time // templates of the last hour
	state     BusinessState
	seeds     []Template           // what Account.Templates said last
	reached   map[string]time.Time // guests written to outside of the window, last 24 hours
	calls     callMeter
	flows     []map[string]any
}

// BusinessState is what may be wrong with a business account, and how far it may reach.
type BusinessState struct {
	// Restricted answers every send with 368, Maintenance with 131057, NoPayment lets billable messages fail with
	// 131042, MarketingOff answers marketing templates with 131063.
	Restricted   bool   `json:"restricted"`
	Maintenance  bool   `json:"maintenance"`
	NoPayment    bool   `json:"noPayment"`
	MarketingOff bool   `json:"marketingOff"`
	Review       string `json:"review"` // APPROVED, PENDING, REJECTED, DEFERRED
	// Tier limits unique guests who are written to outside of the window in 24 hours.
	Tier     string `json:"tier"`
	Verified bool   `json:"verified"`
}

// tiers are the messaging limits of a portfolio (Meta, October 2025).
var tiers = map[string]int{
	"TIER_50": 50, "TIER_250": 250, "TIER_1K": 1000, "TIER_2K": 2000, "TIER_10K": 10_000, "TIER_100K": 100_000, "TIER_UNLIMITED": 0,
}

func newBusiness(s *Simulator, id string) *business {
	b := &business{sim: s, id: id}
	b.forget()
	return b
}

// forget drops what was made through the APIs; the templates of Account.Templates come back as they were.
func (b *business) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.templates, b.blocked, b.created = nil, map[string]time.Time{}, nil
	b.reached, b.calls, b.flows = map[string]time.Time{}, callMeter{}, nil
	b.state = BusinessState{Review: "APPROVED", Tier: "TIER_2K", Verified: true}
	seeds := b.seeds
	b.seeds = nil
	b.seed(seeds)
}

// seed takes the templates of an account's settings. One that the settings do not change stays as it became.
func (b *business) seed(templates []Template) {
	for _, t := range templates {
		same := func(old Template) bool { return reflect.DeepEqual(old, t) }
		if slices.ContainsFunc(b.seeds, same) {
			continue
		}
		live := &template{Template: t.withDefaults()}
		if live.ID == "" {
			live.ID = b.sim.ids.digits('9')
		}
		if form, err := formOf(live.Template); err == nil {
			live.form = form
		}
		if old := b.named(t.Name, t.Language); old != nil {
			*old = *live
		} else {
			b.templates = append(b.templates, live)
		}
	}
	if len(templates) > 0 {
		b.seeds = slices.Clone(templates)
	}
}

func (b *business) named(name, language string) *template {
	for _, t := range b.templates {
		if t.Name == name && t.Language == language {
			return t
		}
	}
	return nil
}

func (b *business) byID(id string) *template {
	for _, t := range b.templates {
		if t.ID == id {
			return t
		}
	}
	return nil
}

// business finds or makes the state of a business account.
func (s *Simulator) business(id string) *business {
	s.mu.RLock()
	b := s.businesses[id]
	s.mu.RUnlock()
	if b != nil {
		return b
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.businesses[id]; b != nil {
		return b
	}
	b = newBusiness(s, id)
	s.businesses[id] = b
	return b
}

func (s *Simulator) allBusinesses() []*business {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []*business
	for _, b := range s.businesses {
		out = append(out, b)
	}
	slices.SortFunc(out, func(a, b *business) int { return cmp.Compare(a.id, b.id) })
	return out
}

// business of an account's number.
func (a *account) business() *business { return a.sim.business(a.info.Load().WABAID) }

// numbersOf lists the accounts of a business account.
func (s *Simulator) numbersOf(waba string) []*account {
	var out []*account
	for _, a := range s.allAccounts() {
		if a.info.Load().WABAID == waba {
			out = append(out, a)
		}
	}
	return out
}

// mayReach counts a guest written to outside of the window, and says whether the tier allows one more.
func (b *business) mayReach(guest string, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	limit := tiers[b.state.Tier]
	if limit == 0 {
		return true
	}
	if _, known := b.reached[guest]; !known && len(b.reached) >= limit {
		for g, at := range b.reached {
			if now.Sub(at) >= serviceWindow {
				delete(b.reached, g)
			}
		}
		if len(b.reached) >= limit {
			return false
		}
	}
	b.reached[guest] = now
	return true
}

func (b *business) present() BusinessState {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}

// callMeter counts management calls of one hour.
type callMeter struct {
	hour  time.Time
	calls int
}

func (m *callMeter) count(now time.Time) int {
	if now.Sub(m.hour) >= time.Hour {
		m.hour, m.calls = now, 0
	}
	m.calls++
	return m.calls
}
