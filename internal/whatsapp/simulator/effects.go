package simulator

import (
	"errors"
	"math"
	"time"
)

// Planes of a fault: what it is held against.
const (
	PlaneSend     = "send"     // POST …/messages; with Call, any other Graph call
	PlaneList     = "list"     // pages of lists
	PlaneDownload = "download" // files from the download address
	PlaneWebhook  = "webhook"  // messages, statuses and events on their way out
)

// Effects of a fault.
const (
	EffectRefuse      = "refuse"       // the error Code, the message is not sent
	EffectFailLater   = "fail-later"   // 200, then a failed status with Code
	EffectDelay       = "delay"        // only LatencyMs or Latency
	EffectHold        = "hold"         // accepted and delivered, statuses come, but no answer is ever written
	EffectHoldBefore  = "hold-before"  // nothing happens, and no answer is ever written
	EffectResetAfter  = "reset-after"  // accepted and delivered, then the connection is reset
	EffectResetBefore = "reset-before" // the connection is reset before anything happened
	EffectHTML        = "html"         // an HTML page with HTTPStatus, the message is not sent
	EffectHTMLAfter   = "html-after"   // accepted and delivered, then an HTML page with HTTPStatus
	EffectBadJSON     = "bad-json"     // accepted and delivered, 200 with a body that is no JSON
	EffectNoMessage   = "no-message"   // accepted and delivered, 200 with an empty list of messages
	EffectHalfBody    = "half-body"    // accepted and delivered, 200 with half an answer
	EffectStatusFirst = "status-first" // the sent status is delivered before the answer
	EffectLoseStatus  = "lose-status"  // the Statuses never come (all of them when empty)
	EffectReversed    = "reversed"     // read, then delivered, then sent
	EffectContradict  = "contradict"   // sent, delivered, then failed with Code; Mode "revived": failed, then delivered

	EffectBadCursor = "bad-cursor" // 131059
	EffectEmptyPage = "empty-page" // no rows, and more to come

	EffectGone      = "gone"       // 404, as of an address whose time is up
	EffectSlow      = "slow"       // a few bytes, a pause of LatencyMs, and so on
	EffectTruncated = "truncated"  // half of the promised bytes
	EffectWrongHash = "wrong-hash" // other bytes than sha256 says
	EffectWrongType = "wrong-type" // text/html as the content's type
	EffectRedirect  = "redirect"   // to Details, another host
	EffectHuge      = "huge"       // promises ten gigabytes

	EffectDuplicate = "duplicate" // Copies more, DelayMs later
	EffectLate      = "late"      // DelayMs later; what comes meanwhile overtakes it
	EffectLost      = "lost"      // never sent
	EffectSignature = "signature" // spoilt on the first attempt: Mode wrong, missing, sha1 or other-app
	EffectMangle    = "mangle"    // another body, rightly signed, on the first attempt: see Mode
	EffectForeign   = "foreign"   // the same bytes go to Target's address as well
)

// Effect says what a fault's effect is held against and which modes it has.
type Effect struct {
	Plane string
	modes []string
}

// Effects is the whole catalogue.
var Effects = map[string]Effect{
	EffectRefuse: {Plane: PlaneSend}, EffectFailLater: {Plane: PlaneSend}, EffectDelay: {Plane: PlaneSend},
	EffectHold: {Plane: PlaneSend}, EffectHoldBefore: {Plane: PlaneSend}, EffectResetAfter: {Plane: PlaneSend},
	EffectResetBefore: {Plane: PlaneSend}, EffectHTML: {Plane: PlaneSend}, EffectHTMLAfter: {Plane: PlaneSend},
	EffectBadJSON: {Plane: PlaneSend}, EffectNoMessage: {Plane: PlaneSend}, EffectHalfBody: {Plane: PlaneSend},
	EffectStatusFirst: {Plane: PlaneSend}, EffectLoseStatus: {Plane: PlaneSend}, EffectReversed: {Plane: PlaneSend},
	EffectContradict: {Plane: PlaneSend, modes: []string{"", "revived"}},

	EffectBadCursor: {Plane: PlaneList}, EffectEmptyPage: {Plane: PlaneList},

	EffectGone: {Plane: PlaneDownload}, EffectSlow: {Plane: PlaneDownload}, EffectTruncated: {Plane: PlaneDownload},
	EffectWrongHash: {Plane: PlaneDownload}, EffectWrongType: {Plane: PlaneDownload}, EffectRedirect: {Plane: PlaneDownload},
	EffectHuge: {Plane: PlaneDownload},

	EffectDuplicate: {Plane: PlaneWebhook}, EffectLate: {Plane: PlaneWebhook}, EffectLost: {Plane: PlaneWebhook},
	EffectForeign:   {Plane: PlaneWebhook},
	EffectSignature: {Plane: PlaneWebhook, modes: []string{SignatureWrong, SignatureMissing, SignatureSHA1, SignatureOther}},
	EffectMangle:    {Plane: PlaneWebhook, modes: mangles},
}

// More ways to sign a webhook.
const (
	SignatureSHA1  = "sha1"      // only the legacy header
	SignatureOther = "other-app" // the secret of another account
)

// Distributions of latency.
const (
	DistFixed    = "fixed"
	DistNormal   = "normal"
	DistLongTail = "long-tail" // most answers take Ms, one in a hundred P99Ms or more
)

// Latency draws how long an answer takes.
type Latency struct {
	Dist    string `json:"dist"`
	Ms      int64  `json:"ms"`      // mean, or median of the long tail
	SigmaMs int64  `json:"sigmaMs"` // of the normal distribution
	P99Ms   int64  `json:"p99Ms"`   // of the long tail
}

func (l *Latency) check() error {
	switch {
	case l == nil:
	case l.Dist != DistFixed && l.Dist != DistNormal && l.Dist != DistLongTail:
		return errors.New("latency.dist must be fixed, normal or long-tail")
	case l.Ms < 0 || l.SigmaMs < 0 || l.P99Ms < 0:
		return errors.New("latency must not be negative")
	case l.Dist == DistLongTail && (l.Ms == 0 || l.P99Ms <= l.Ms):
		return errors.New("latency.p99Ms must be above latency.ms")
	}
	return nil
}

// draw turns a number from 0 to 1 into a duration.
func (l *Latency) draw(p float64) time.Duration {
	if l == nil {
		return 0
	}
	ms := float64(l.Ms)
	switch l.Dist {
	case DistNormal:
		ms += float64(l.SigmaMs) * normalQuantile(p)
	case DistLongTail:
		const z99 = 2.326 // log-normal: the median at 0.5, P99Ms at 0.99
		ms *= math.Exp(math.Log(float64(l.P99Ms)/ms) / z99 * normalQuantile(p))
	}
	return time.Duration(max(0, ms) * float64(time.Millisecond))
}

func normalQuantile(p float64) float64 {
	p = min(max(p, 1e-9), 1-1e-9)
	return math.Sqrt2 * math.Erfinv(2*p-1)
}

// BadDay is a hard but ordinary day, for soak runs: 1 % duplicates, 2 % out of order, 1 % server errors, half a percent
// of answers that never come, and now and then a burst of the rate limit.
func BadDay() []Fault {
	return []Fault{
		{Effect: EffectDuplicate, Probability: 0.01, Copies: 1, DelayMs: 60_000},
		{Effect: EffectLate, Probability: 0.02, DelayMs: 5_000},
		{Effect: EffectRefuse, Code: 131000, Probability: 0.01},
		{Effect: EffectResetAfter, Probability: 0.005},
		{Effect: EffectRefuse, Code: 130429, Probability: 0.01, RetryAfter: 1},
	}
}
