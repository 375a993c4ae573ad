package simulator

import "errors"

// Verdicts of template reviews, and other switches for what Meta leaves open.
const (
	VerdictApprove = "approve"
	VerdictReject  = "reject"
	VerdictWait    = "wait" // until DecideTemplate

	PricingOnSent      = "sent"
	PricingOnDelivered = "delivered"
	PricingNever       = "never"

	LinksTrusted = "trust" // every link holds a fitting file
	LinksFetched = "fetch" // links are fetched, from this machine only; any other host fails with 131053

	EditsAsEdit        = "edit"
	EditsAsUnsupported = "unsupported" // as Meta's page of 2026 warns

	ForeignAs33 = "subcode33" // a token without rights: code 100 with subcode 33
	ForeignAs10 = "10"        // … or code 10
)

// Rules are the switches of the planes besides sending: templates, prices, media, limits. They stand in Knobs under
// "rules" and keep their milliseconds, so that one form serves Go and the control API.
type Rules struct {
	// ReviewMs is how long the review of a template takes, Verdict what comes of it.
	ReviewMs int64  `json:"reviewMs"`
	Verdict  string `json:"verdict"`
	// Pacing holds the first so many messages of a template that was approved, for PacingMs (0: until decided).
	Pacing   int   `json:"pacing"`
	PacingMs int64 `json:"pacingMs"`
	// Pricing is the status that carries the price; FreeService how many service messages a number has free each month
	// from October 2026 on.
	Pricing     string `json:"pricing"`
	FreeService int    `json:"freeService"`
	// Links says what becomes of media by link.
	Links string `json:"links"`
	// AnyUserAgent lets downloads without User-Agent pass, HexSums gives sha256 in hexadecimal, NoMediaURL leaves the
	// url out of inbound media.
	AnyUserAgent bool `json:"anyUserAgent"`
	HexSums      bool `json:"hexSums"`
	NoMediaURL   bool `json:"noMediaUrl"`
	// Edits is the type under which a guest's edit arrives.
	Edits string `json:"edits"`
	// ForeignToken answers a token that has no right to the object.
	ForeignToken string `json:"foreignToken"`
	// LimitStatus is the HTTP status of 130429 (400 or 429); LateLimit lets that share in percent of the refused be
	// accepted and fail later.
	LimitStatus int `json:"limitStatus"`
	LateLimit   int `json:"lateLimit"`
	// MessagingLimit is the code beyond the tier: 131048 or 130429; 0 is off.
	MessagingLimit int `json:"messagingLimit"`
	// ManagementCalls is how many an hour may have per business account; 0 is off.
	ManagementCalls int `json:"managementCalls"`
	// ChatOpen is the share in percent of messages that are read without having been delivered.
	ChatOpen int `json:"chatOpen"`
	// StrictNinth refuses (131026, later) the form of a Brazilian number that is not the guest's wa_id.
	StrictNinth bool `json:"strictNinth"`
	// SHA1 adds the legacy X-Hub-Signature header.
	SHA1 bool `json:"sha1"`
}

func defaultRules() Rules {
	return Rules{
		ReviewMs: 2000, Verdict: VerdictApprove, Pricing: PricingOnSent, FreeService: 1000, Links: LinksTrusted,
		Edits: EditsAsEdit, ForeignToken: ForeignAs33, LimitStatus: 400, MessagingLimit: 131048, ManagementCalls: 5000,
	}
}

func (r *Rules) check() error {
	for _, mode := range []struct {
		name    string
		value   *string
		allowed []string
	}{
		{"rules.verdict", &r.Verdict, []string{VerdictApprove, VerdictReject, VerdictWait}},
		{"rules.pricing", &r.Pricing, []string{PricingOnSent, PricingOnDelivered, PricingNever}},
		{"rules.links", &r.Links, []string{LinksTrusted, LinksFetched}},
		{"rules.edits", &r.Edits, []string{EditsAsEdit, EditsAsUnsupported}},
		{"rules.foreignToken", &r.ForeignToken, []string{ForeignAs33, ForeignAs10}},
	} {
		if err := checkMode(mode.name, mode.value, mode.allowed); err != nil {
			return err
		}
	}
	if r.LimitStatus == 0 {
		r.LimitStatus = 400
	}
	for _, n := range []int64{r.ReviewMs, r.PacingMs, int64(r.Pacing), int64(r.FreeService), int64(r.LateLimit), int64(r.ChatOpen), int64(r.ManagementCalls)} {
		if n < 0 {
			return errors.New("rules must not be negative")
		}
	}
	if r.LateLimit > 100 || r.ChatOpen > 100 {
		return errors.New("rules.lateLimit and rules.chatOpen are percentages")
	}
	return nil
}
