package simulator

import (
	"strings"
	"time"
)

// NumberState is what Meta knows of a number and may change.
type NumberState struct {
	Quality     string `json:"quality"`    // GREEN, YELLOW, RED, UNKNOWN
	Throughput  string `json:"throughput"` // STANDARD (80/s), HIGH (1,000/s), NOT_APPLICABLE
	Status      string `json:"status"`     // CONNECTED, BANNED, FLAGGED, …
	NameStatus  string `json:"nameStatus"` // APPROVED, PENDING_REVIEW, DECLINED, …
	Verified    bool   `json:"verified"`   // the code was entered
	Registered  bool   `json:"registered"`
	Coexistence bool   `json:"coexistence"` // also in the WhatsApp Business app: 20/s, edits, echoes, history
}

// number is the live state of a number, guarded by account.mu.
type number struct {
	NumberState

	newName     string
	pin         string
	code        string // of request_code, waiting for verify_code
	pinTries    int
	registered  []time.Time // register and deregister calls
	maintenance time.Time   // 131057 until then
	profile     map[string]any
	settings    map[string]any
	blocked     map[string]bool // by guest key
	synced      map[string]bool // sync types of coexistence that were asked for
	service     map[string]int  // free service messages used, by month
}

func newNumber() number {
	return number{
		NumberState: NumberState{
			Quality: "GREEN", Throughput: "STANDARD", Status: "CONNECTED", NameStatus: "APPROVED", Verified: true, Registered: true,
		},
		profile: map[string]any{}, settings: map[string]any{}, blocked: map[string]bool{}, synced: map[string]bool{},
		service: map[string]int{},
	}
}

// mps is the throughput of a number: the knob's for a usual one, Meta's figures for the others.
func (n *number) mps(standard int) int {
	switch {
	case standard == 0:
		return 0
	case n.Coexistence:
		return 20
	case n.Throughput == "HIGH":
		return 1000
	}
	return standard
}

// gate refuses what the state of number and business account does not allow. The caller holds a.mu.
func (a *account) gate(req *sendRequest, now time.Time) *graphError {
	state := a.business().present()
	switch n := &a.number; {
	case state.Restricted:
		return refusal(368, "The business account is restricted for policy violations.")
	case state.Maintenance, now.Before(n.maintenance):
		return refusal(131057, "Business Account is in maintenance mode.")
	case !n.Registered:
		return refusal(133010, "The phone number is not registered.")
	case n.Status == "BANNED", n.Status == "RESTRICTED":
		return refusal(131031, "The account has been locked.")
	case state.MarketingOff && strings.EqualFold(req.category, "MARKETING"):
		return refusal(131063, "Marketing templates are switched off on Cloud API for this account.")
	case req.to != "" && n.blocked[canonicalPhone(req.to)]:
		return refusal(130403, "The business blocked this user.")
	}
	return nil
}

// lateGate is what a send's recipient or account lets fail after it was accepted; nil when nothing does.
func (a *account) lateGate(req *sendRequest, g *guest, inWindow bool) *StatusError {
	marketing := strings.EqualFold(req.category, "MARKETING")
	switch set := g.settings; {
	case req.identity != "" && set.IdentityHash != "" && req.identity != set.IdentityHash:
		return newStatusError(137000, "")
	case a.business().present().NoPayment && (req.msgType == "template" || !inWindow):
		return newStatusError(131042, "")
	case !marketing:
		return nil
	case set.StoppedMarketing:
		return newStatusError(131050, "")
	case strings.HasPrefix(g.phone, "1") && len(g.phone) == 11 && !inWindow:
		return newStatusError(131049, "Marketing messages are not delivered to users in the United States.")
	case set.Experiment:
		return newStatusError(130472, "")
	case set.MarketingSpent && !inWindow:
		return newStatusError(131049, "")
	}
	return nil
}

// Number returns the state of an account's number.
func (s *Simulator) Number(accountID string) (NumberState, error) {
	a := s.account(accountID)
	if a == nil {
		return NumberState{}, ErrNoAccount
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.number.NumberState, nil
}

// upgradeTakes is how long a number is in maintenance while its throughput rises (Meta: up to a minute).
const upgradeTakes = time.Minute

// ChangeNumber changes the state of a number; what Meta would tell of it goes out as webhooks.
func (s *Simulator) ChangeNumber(accountID string, change func(*NumberState)) error {
	a := s.account(accountID)
	if a == nil {
		return ErrNoAccount
	}
	a.mu.Lock()
	before := a.number.NumberState
	change(&a.number.NumberState)
	after := a.number.NumberState
	if after.Throughput == "HIGH" && before.Throughput != "HIGH" {
		a.number.maintenance = s.clock.time().Add(upgradeTakes)
	}
	a.mu.Unlock()
	s.tellNumber(a, before, after)
	return nil
}

func (s *Simulator) tellNumber(a *account, before, after NumberState) {
	shown := a.info.Load().DisplayNumber
	tier := a.business().present().Tier
	if after.Throughput == "HIGH" && before.Throughput != "HIGH" {
		s.clock.after(upgradeTakes, func() {
			a.emit("phone_number_quality_update", map[string]any{
				"display_phone_number": shown, "event": "THROUGHPUT_UPGRADE", "max_daily_conversations_per_business": tier,
			})
		})
	}
	if event := qualityEvent(before.Quality, after.Quality); event != "" {
		a.emit("phone_number_quality_update", map[string]any{
			"display_phone_number": shown, "event": event, "max_daily_conversations_per_business": tier,
		})
	}
	if after.Status == "BANNED" && before.Status != "BANNED" {
		a.emit("account_update", map[string]any{
			"event": "DISABLED_UPDATE", "ban_info": map[string]any{"waba_ban_state": "DISABLE", "waba_ban_date": s.Now().Format("January 2, 2006")},
		})
	}
	if decision := nameDecisions[after.NameStatus]; decision != "" && after.NameStatus != before.NameStatus {
		a.emit("phone_number_name_update", map[string]any{
			"display_phone_number": shown, "decision": decision, "requested_verified_name": a.info.Load().Name, "rejection_reason": nil,
		})
	}
}

var nameDecisions = map[string]string{
	"APPROVED": "APPROVED", "DECLINED": "REJECTED", "PENDING_REVIEW": "PENDING", "DEFERRED": "DEFERRED",
}

// qualityEvent is the older samples' word for a change to or from RED.
func qualityEvent(before, after string) string {
	switch {
	case before == after:
		return ""
	case after == "RED":
		return "FLAGGED"
	case before == "RED":
		return "UNFLAGGED"
	}
	return ""
}

// ChangeBusiness changes the state of a business account; a new tier or review is told.
func (s *Simulator) ChangeBusiness(waba string, change func(*BusinessState)) error {
	if len(s.numbersOf(waba)) == 0 {
		return ErrNoAccount
	}
	b := s.business(waba)
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.state
	change(&b.state)
	if _, known := tiers[b.state.Tier]; !known {
		b.state = before
		return &badRequestError{"there is no such tier"}
	}
	if b.state.Tier != before.Tier {
		b.emit("business_capability_update", map[string]any{
			"max_daily_conversations_per_business": b.state.Tier, "max_phone_numbers_per_business": 20, "max_phone_numbers_per_waba": 20,
		})
	}
	if b.state.Review != before.Review {
		b.emit("account_review_update", map[string]any{"decision": b.state.Review})
	}
	if b.state.Restricted != before.Restricted {
		b.emit("account_update", map[string]any{
			"event": "ACCOUNT_RESTRICTION", "restriction_info": []any{map[string]any{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING"}},
		})
	}
	return nil
}
