// Package ratelimit counts what a caller does and says when it is too much. The rule is GCRA (generic cell rate
// algorithm): Count events at once, then one for each Window/Count, and the full Count again after a quiet Window. Per
// key it stores one point in time, and there is no edge of a window at which twice the Count would pass.
//
// Here: what callers see (this file), the arithmetic (gcra.go), the limiter of one process (memory.go), and that of
// several which count together (shared.go, gcra.lua). Not here: which routes have which limits, what a key is made of, and the headers of the answer; those are the caller's.
package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Policy is a limit with a name. Keys of different names do not touch each other. A Count of 0 is no limit.
type Policy struct {
	Name   string
	Count  int
	Window time.Duration
}

// Decision is the answer to one event.
type Decision struct {
	Allowed bool
	// Limit is the policy's Count; 0 when there is no limit, and then the fields below say nothing.
	Limit int
	// Remaining is how many more events would be allowed right now.
	Remaining int
	// ResetAfter is how long it takes, without further events, until Remaining is Limit again.
	ResetAfter time.Duration
	// RetryAfter is how long it takes until one event is allowed; 0 when one is allowed now.
	RetryAfter time.Duration
}

// Limiter decides. All methods may be called concurrently, and each is one step: no other call comes between its
// question and its charge. Errors are those of a shared store, or ErrPolicy; whether to go on without a limit is then the
// caller's choice.
//
// To count only failures, such as wrong passwords, there are two ways. Allow before and Refund after success holds
// against parallel guesses, because what is under way counts. Peek before and Charge after failure never refuses people
// who type correctly at the same moment, but lets as many guesses pass as can be under way at once: it is for failures
// that are a nuisance, not for passwords.
type Limiter interface {
	// Allow charges one event if the policy allows it. A refused event costs nothing.
	Allow(ctx context.Context, key string, p Policy) (Decision, error)
	// Peek answers as Allow would and charges nothing.
	Peek(ctx context.Context, key string, p Policy) (Decision, error)
	// Charge counts an event that happened, allowed or not; Allowed says whether the next one would be. Debt ends at a full
	// Count: however many events were charged, one is allowed again after Window/Count.
	Charge(ctx context.Context, key string, p Policy) (Decision, error)
	// Refund takes back one event that Allow or Charge counted. More refunds than events have no effect.
	Refund(ctx context.Context, key string, p Policy) error
}

// ErrPolicy is returned for a policy that means nothing: a negative Count, or more than one event in a microsecond.
var ErrPolicy = errors.New("not a rate limit")

func (p Policy) off() bool { return p.Count == 0 }

// valid wants an interval of a microsecond, the finest time that every store can keep.
func (p Policy) valid() error {
	if p.Count < 0 || (p.Count > 0 && p.interval() < time.Microsecond) {
		return fmt.Errorf("%w: %s %d/%s", ErrPolicy, p.Name, p.Count, p.Window)
	}
	return nil
}
