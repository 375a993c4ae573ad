package simulator

import (
	"context"
	"slices"
	"time"
)

// sentMessage is an accepted message whose statuses are to come.
type sentMessage struct {
	acc     *account
	guest   *guest
	entry   *Entry
	failure *StatusError // ends as failed with it
	fault   *Fault       // that struck the send, for its statuses
	held    bool         // by pacing
}

// follow lets an accepted message take its course: sent → delivered → read, or failed.
func (s *Simulator) follow(m sentMessage) {
	k := s.knobs.Load()
	switch {
	case m.fault.is(EffectReversed), m.fault.is(EffectContradict):
		s.stray(m)
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
	if settings.ChatOpen || s.opensChat(m) {
		s.report(m, StatusRead, nil)
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
	s.late.add(m.failure.Code)
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
	contact := m.guest.contact(s.clock.time(), status != StatusSent)
	m.acc.mu.Unlock()

	s.count.statuses.Add(1)
	if m.kept(status, k) {
		s.count.statusesDropped.Add(1)
		if done != nil {
			done(false)
		}
		return
	}
	it := item{guest: m.guest.key, status: asciiJSON(st, k.EscapeSlash), kind: status, done: done}
	if status != StatusFailed {
		it.contact = &contact // failed statuses carry no contacts (Meta, BSUID page, 2026)
	}
	m.acc.sender.enqueue(it)
}

// kept says whether a status never comes: by the knob, or by a fault.
func (m sentMessage) kept(status string, k *Knobs) bool {
	if m.fault.is(EffectLoseStatus) && (len(m.fault.Statuses) == 0 || slices.Contains(m.fault.Statuses, status)) {
		return true
	}
	return slices.Contains(k.DropStatuses, status)
}

// opensChat says whether this message finds the chat open, by the knob's share.
func (s *Simulator) opensChat(m sentMessage) bool {
	share := s.knobs.Load().Rules.ChatOpen
	return share > 0 && chance(s.ids.seed, m.entry.ID, 0)*100 < float64(share)
}

// stray sends statuses that contradict each other or come the wrong way round. The transcript keeps what was true.
func (s *Simulator) stray(m sentMessage) {
	course := []string{StatusSent, StatusDelivered, StatusFailed}
	switch {
	case m.fault.is(EffectReversed):
		course = []string{StatusRead, StatusDelivered, StatusSent}
	case m.fault.Mode == "revived":
		course = []string{StatusFailed, StatusDelivered}
	}
	m.acc.mu.Lock()
	m.entry.Error = m.failure
	if m.entry.Error == nil && m.fault.is(EffectContradict) {
		m.entry.Error = newStatusError(orInt(m.fault.Code, 131026), "")
	}
	for i, status := range course {
		st := s.statusOf(m, status)
		if m.fault.is(EffectReversed) { // the times are right, only the order is not
			st.Timestamp = unixText(s.clock.time().Add(time.Duration(len(course)-i) * time.Second))
		}
		it := item{guest: m.guest.key, status: asciiJSON(st, s.knobs.Load().EscapeSlash), kind: status}
		if status != StatusFailed {
			contact := m.guest.contact(s.clock.time(), status != StatusSent)
			it.contact = &contact
		}
		s.count.statuses.Add(1)
		m.acc.sender.enqueue(it)
	}
	end := StatusDelivered
	if m.fault.is(EffectReversed) {
		end = StatusRead
	}
	m.entry.Error = nil
	if m.entry.advance(end) {
		m.acc.touch(m.guest, m.entry)
	}
	m.acc.mu.Unlock()
}

// statusOf builds the statuses[] element. The caller holds the account's mutex.
func (s *Simulator) statusOf(m sentMessage, status string) statusJSON {
	now := s.clock.time()
	st := statusJSON{
		ID: m.entry.ID, Status: status, Timestamp: unixText(now), RecipientID: m.guest.waID, Opaque: m.entry.Opaque,
	}
	if m.guest.hides(now) {
		st.RecipientID = ""
	}
	if status == StatusFailed {
		st.Errors = []*StatusError{m.entry.Error}
		return st
	}
	st.RecipientUserID, st.RecipientParent = m.guest.userID, m.guest.settings.ParentID
	if on := s.knobs.Load().Rules.Pricing; !m.entry.priced && (on == PricingOnSent || on == PricingOnDelivered && status != StatusSent) {
		m.entry.priced = true // once per message
		st.Pricing = m.acc.price(m, now)
	}
	if m.acc.info.Load().WebhookVersion < 24 || m.entry.free {
		st.Conversation = conversationOf(m, status, now)
	}
	return st
}
