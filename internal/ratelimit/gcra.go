package ratelimit

import "time"

// GCRA keeps, for each key, the moment at which everything charged so far will have been worked off, one event per
// interval. How far that moment lies ahead is the key's load:
//
//	0 ─────────────── load ───────── Count × interval ≈ Window
//	nothing charged                  Count events charged: full
//
// An event adds one interval and is allowed if the load is then not beyond full. A store therefore keeps one time per
// key, may forget it once it has passed, and needs one read and one write per decision.

// interval is the time that one event costs.
func (p Policy) interval() time.Duration { return p.Window / time.Duration(p.Count) }

// full is the load of Count events. The Window itself may be some nanoseconds longer, and with a large Count that rest
// would hold more events.
func (p Policy) full() time.Duration { return p.interval() * time.Duration(p.Count) }

// clampLoad keeps a stored moment within what the policy can mean: nothing is owed before now, and nothing more than a
// full Count, also after the policy was made stricter.
func (p Policy) clampLoad(load time.Duration) time.Duration { return min(max(load, 0), p.full()) }

// fits reports whether one more event is allowed.
func (p Policy) fits(load time.Duration) bool { return load+p.interval() <= p.full() }

// decision describes a key with that load.
func (p Policy) decision(allowed bool, load time.Duration) Decision {
	d := Decision{
		Allowed: allowed, Limit: p.Count, Remaining: int((p.full() - load) / p.interval()), ResetAfter: load,
	}
	if !p.fits(load) {
		d.RetryAfter = load + p.interval() - p.full()
	}
	return d
}

// unlimited is the answer of a policy that is off.
var unlimited = Decision{Allowed: true}
