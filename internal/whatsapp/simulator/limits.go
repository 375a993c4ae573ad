package simulator

import "time"

// serviceWindow is how long a guest's message lets the business write freely (Meta, pricing page, 2026).
const serviceWindow = 24 * time.Hour

// Pair rate of Meta's throughput page: one message per 6 s to one guest, bursts up to 45 are borrowed from the future.
const (
	pairInterval = 6 * time.Second
	pairBurst    = 45
)

// pairRate limits messages from one number to one guest. Meta's text can be read in two ways, both are here.
type pairRate struct {
	owed  time.Time // burst reading: when everything sent so far is paid for
	start time.Time // strict reading: start of the present burst
	n     int       // strict reading: messages in it
}

func (p *pairRate) allow(mode string, now time.Time) bool {
	switch mode {
	case PairBurst:
		return p.allowBurst(now)
	case PairStrict:
		return p.allowStrict(now)
	}
	return true
}

func (p *pairRate) allowBurst(now time.Time) bool {
	if p.owed.Before(now) {
		p.owed = now
	}
	if p.owed.Sub(now) > pairInterval*(pairBurst-1) {
		return false
	}
	p.owed = p.owed.Add(pairInterval)
	return true
}

func (p *pairRate) allowStrict(now time.Time) bool {
	since := now.Sub(p.start)
	switch {
	case p.n == 0 || since >= time.Duration(p.n)*pairInterval:
		p.start, p.n = now, 1
		return true
	case since < pairInterval && p.n < pairBurst:
		p.n++
		return true
	}
	return false
}

// throughput is the token bucket of one number. A guest's messages take tokens too but are never refused.
type throughput struct {
	tokens float64
	last   time.Time
}

func (t *throughput) take(perSecond int, now time.Time, force bool) bool {
	if perSecond <= 0 {
		return true
	}
	limit := float64(perSecond)
	if t.last.IsZero() {
		t.tokens = limit
	} else if passed := now.Sub(t.last).Seconds(); passed > 0 {
		t.tokens = min(limit, t.tokens+passed*limit)
	}
	t.last = now
	if t.tokens < 1 {
		if force {
			t.tokens = 0
		}
		return force
	}
	t.tokens--
	return true
}
