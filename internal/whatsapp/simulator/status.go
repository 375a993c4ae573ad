package simulator

import (
	"context"
	"slices"
	"strings"
	"time"
)

// sentMessage is an accepted message whose statuses are to come.
type sentMessage struct {
	acc     *account
	guest   *guest
	entry   *Entry
	failure *StatusError // ends as failed with it
}

// follow lets an accepted message take its course: sent → delivered → read, or failed.
func (s *Simulator) follow(m sentMessage) {
	k := s.knobs.Load()
	switch {
	case m.failure != nil:
		s.clock.after(k.Statuses.Sent, func() { s.fail(m) })
	case k.Statuses.Off:
		s.arriveSilently(m)
	default:
		s.clock.after(k.Statuses.Sent, func() { s.markSent(m, nil) })
	}
}

// sendStatusFirst delivers the sent status now and waits until the webhook was taken, at most five seconds.
func (s *Simulator) sendStatusFirst(ctx context.Context, m sentMessage) {
	if m.failure != nil || s.knobs.Load().Statuses.Off {
		s.follow(m)
		return
	}
	taken := make(chan struct{})
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	s.markSent(m, func(bool) { close(taken) })
	select {
	case <-taken:
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
}

func (s *Simulator) markSent(m sentMessage, done func(bool)) {
	s.report(m, StatusSent, done)
	if m.entry.Type == "reaction" {
		return
	}
	s.clock.after(s.knobs.Load().Statuses.Delivered, func() { s.markDelivered(m) })
}

func (s *Simulator) markDelivered(m sentMessage) {
	m.acc.mu.Lock()
	settings := m.guest.settings
	m.acc.mu.Unlock()
	if settings.Offline {
		return
	}
	s.report(m, StatusDelivered, nil)
	if read := s.knobs.Load().Statuses.Read; read > 0 && !settings.NoReadReceipts {
		s.clock.after(read, func() { s.report(m, StatusRead, nil) })
	}
}

func (s *Simulator) arriveSilently(m sentMessage) {
	m.acc.mu.Lock()
	defer m.acc.mu.Unlock()
	if !m.guest.settings.Offline && m.entry.advance(StatusDelivered) {
		m.acc.touch(m.guest, m.entry)
	}
}

func (s *Simulator) fail(m sentMessage) {
	s.count.failedLater.Add(1)
	m.acc.mu.Lock()
	m.entry.Error = m.failure
	m.acc.mu.Unlock()
	s.report(m, StatusFailed, nil)
}

// report moves a message's state and sends the status webhook, unless a knob keeps it back.
func (s *Simulator) report(m sentMessage, status string, done func(bool)) {
	m.acc.mu.Lock()
	if !m.entry.advance(status) {
		m.acc.mu.Unlock()
		if done != nil {
			done(false)
		}
		return
	}
	m.acc.touch(m.guest, m.entry)
	k := s.knobs.Load()
	st := s.statusOf(m, status)
	contact := m.guest.contact()
	m.acc.mu.Unlock()

	s.count.statuses.Add(1)
	if slices.Contains(k.DropStatuses, status) {
		s.count.statusesDropped.Add(1)
		if done != nil {
			done(false)
		}
		return
	}
	it := item{guest: m.guest.key, status: asciiJSON(st, k.EscapeSlash), done: done}
	if status != StatusFailed {
		it.contact = &contact // failed statuses carry no contacts (Meta, BSUID page, 2026)
	}
	m.acc.sender.enqueue(it)
}

// statusOf builds the statuses[] element. The caller holds the account's mutex.
func (s *Simulator) statusOf(m sentMessage, status string) statusJSON {
	now := s.clock.time()
	st := statusJSON{
		ID: m.entry.ID, Status: status, Timestamp: unixText(now), RecipientID: m.guest.waID, Opaque: m.entry.Opaque,
	}
	if m.guest.settings.HidePhone {
		st.RecipientID = ""
	}
	if status == StatusFailed {
		st.Errors = []*StatusError{m.entry.Error}
		return st
	}
	st.RecipientUserID = m.guest.userID
	category := strings.ToLower(m.entry.category)
	if category == "" {
		category = "service"
	}
	if status == StatusSent {
		st.Pricing = priceOf(category, now) // reported once per message, here with sent
	}
	if m.acc.info.Load().WebhookVersion < 24 {
		st.Conversation = conversationOf(m, category, status, now)
	}
	return st
}

// freeServiceEnds is when service messages and utility templates inside the window stop being free (Meta's pricing
// page of September 2026).
var freeServiceEnds = time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)

func priceOf(category string, now time.Time) *pricingJSON {
	p := &pricingJSON{Billable: true, Model: "PMP", Type: "regular", Category: category}
	if category == "service" && now.Before(freeServiceEnds) {
		p.Billable, p.Type = false, "free_customer_service"
	}
	return p
}

// conversationOf is the block of field versions before 24: a fresh id per message, the expiry on sent only.
func conversationOf(m sentMessage, category, status string, now time.Time) *conversationJSON {
	c := &conversationJSON{ID: conversationID(m.entry.ID), Origin: originJSON{Type: category}}
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
