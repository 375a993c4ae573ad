package simulator

import (
	"strings"
	"time"
)

// freeServiceEnds is when service messages and utility templates inside the window stop being free (Meta's pricing
// page of September 2026).
var freeServiceEnds = time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)

// Free entry point: 72 hours from the answer to a click on an ad, if the answer comes within 24 hours.
const (
	entryOffer = 24 * time.Hour
	entryFree  = 72 * time.Hour
)

// categoryOf is the category of a message's price.
func categoryOf(e *Entry) string {
	if e.category == "" {
		return "service"
	}
	return strings.ToLower(e.category)
}

// price is what Meta charges for a message. The caller holds a.mu.
func (a *account) price(m sentMessage, now time.Time) *pricingJSON {
	category := categoryOf(m.entry)
	if m.entry.free {
		return &pricingJSON{Model: "PMP", Type: "free_entry_point", Category: "referral_conversion"}
	}
	p := &pricingJSON{Billable: true, Model: "PMP", Type: "regular", Category: category}
	if a.isFree(category, m.entry.inWindow, now) {
		p.Billable, p.Type = false, "free_customer_service"
	}
	return p
}

// isFree: until 30 September 2026 service messages and utility templates inside the window; from then on service
// messages within the number's free tier of the month.
func (a *account) isFree(category string, inWindow bool, now time.Time) bool {
	if now.Before(freeServiceEnds) {
		return category == "service" || category == "utility" && inWindow
	}
	if category != "service" {
		return false
	}
	month := now.UTC().Format("2006-01")
	a.number.service[month]++
	return a.number.service[month] <= a.sim.knobs.Load().Rules.FreeService
}

// conversationOf is the block of field versions before 24, a fresh id per message; later versions have it in a free
// entry point only. The expiry stands on sent only.
func conversationOf(m sentMessage, status string, now time.Time) *conversationJSON {
	c := &conversationJSON{ID: conversationID(m.entry.ID), Origin: originJSON{Type: strings.ReplaceAll(categoryOf(m.entry), "-", "_")}}
	if m.entry.free {
		c.Origin.Type = "referral_conversion"
	}
	if status == StatusSent {
		c.Expiration = unixText(now.Add(serviceWindow))
	}
	return c
}

func conversationID(wamid string) string {
	const digits = "0123456789abcdef"
	out := make([]byte, 32)
	for i, h := 0, hashString(wamid); i < len(out); i++ {
		h = mix(h + uint64(i))
		out[i] = digits[h&15]
	}
	return string(out)
}
