package simulator

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// postMessage is the life of a send: read and validate, let a fault strike, accept, answer, let statuses follow.
func (s *Simulator) postMessage(w http.ResponseWriter, r *http.Request, id string) *graphError {
	return s.postSend(w, r, id, false)
}

// postMarketing is POST /{number}/marketing_messages: marketing templates only.
func (s *Simulator) postMarketing(w http.ResponseWriter, r *http.Request, id string) *graphError {
	return s.postSend(w, r, id, true)
}

func (s *Simulator) postSend(w http.ResponseWriter, r *http.Request, id string, marketing bool) *graphError {
	a, gerr := s.number(r, id)
	if gerr != nil {
		return gerr
	}
	body, gerr := s.readBody(r)
	if gerr != nil {
		return gerr
	}
	req, gerr := s.parseSend(a, body)
	if gerr == nil && marketing {
		gerr = req.checkMarketing()
	}
	if gerr != nil {
		s.count.sends.Add(1)
		s.count.refused.Add(1)
		return gerr
	}
	fault := s.faults.take(attempt{
		plane: PlaneSend, account: id, waba: a.info.Load().WABAID, recipient: req.to, kind: req.kind(), template: req.templateName(),
	})
	if !s.pause(r.Context(), fault.latency(s.ids.seed)) {
		return nil
	}
	if req.read {
		return s.markReadByHotel(w, r, a, req, fault)
	}
	s.count.sends.Add(1)
	if handled, gerr := s.strikeBefore(w, r, fault); handled {
		s.count.refused.Add(1)
		return gerr
	}
	m, gerr := s.accept(a, req, fault)
	if gerr != nil {
		s.count.refused.Add(1)
		return gerr
	}
	s.answer(w, r, req, m, fault)
	return nil
}

// checkMarketing refuses what the endpoint for marketing does not send.
func (r *sendRequest) checkMarketing() *graphError {
	switch {
	case r.read || r.msgType != "template":
		return refusal(131055, "Only template messages are supported by this endpoint.")
	case r.template != nil && !strings.EqualFold(r.category, "MARKETING"):
		return refusal(134100, "Only marketing templates are supported by this endpoint.")
	}
	return nil
}

func (r *sendRequest) templateName() string {
	if r.template == nil {
		return ""
	}
	return r.template.Name
}

// strikeBefore does what a fault does instead of accepting; it says whether it did something.
func (s *Simulator) strikeBefore(w http.ResponseWriter, r *http.Request, f *Fault) (bool, *graphError) {
	switch {
	case f.is(EffectHoldBefore):
		s.hold(w, r)
		return true, nil
	case f.is(EffectRefuse):
		return true, f.graphError()
	case f.is(EffectResetBefore):
		resetConnection(w)
		return true, nil
	case f.is(EffectHTML):
		writeHTMLError(w, f)
		return true, nil
	}
	return false, nil
}

// answer tells the caller, or does what a fault does instead, and starts the statuses.
func (s *Simulator) answer(w http.ResponseWriter, r *http.Request, req *sendRequest, m sentMessage, f *Fault) {
	follow := func() {
		if !m.held {
			s.follow(m)
		}
		s.open.Add(-1)
	}
	if !m.held && (s.knobs.Load().StatusFirst || f.is(EffectStatusFirst)) {
		s.sendStatusFirst(r.Context(), m)
		follow = func() { s.open.Add(-1) }
	}
	if f.is(EffectHold) {
		follow() // now: a held answer is never written
		s.hold(w, r)
		return
	}
	defer follow()
	reply := req.reply(m)
	switch {
	case f.is(EffectResetAfter):
		resetConnection(w)
	case f.is(EffectHTMLAfter):
		writeHTMLError(w, f)
	case f.is(EffectBadJSON):
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		_, _ = w.Write([]byte(`{"messaging_product":"whatsapp","contacts":[`))
	case f.is(EffectNoMessage):
		reply.Messages = []replyMessage{}
		s.writeGraph(w, http.StatusOK, reply)
	case f.is(EffectHalfBody):
		writeHalf(w, asciiJSON(reply, false))
	default:
		s.writeGraph(w, http.StatusOK, reply)
	}
}

type sendReply struct {
	Product  string         `json:"messaging_product"`
	Contacts []replyContact `json:"contacts"`
	Messages []replyMessage `json:"messages"`
}

type replyContact struct {
	Input  string `json:"input"`
	WaID   string `json:"wa_id,omitempty"`
	UserID string `json:"user_id,omitempty"`
}

type replyMessage struct {
	ID     string `json:"id"`
	Status string `json:"message_status,omitempty"`
}

// reply is the answer to an accepted send. Sent to a business-scoped user id it has no wa_id.
func (r *sendRequest) reply(m sentMessage) sendReply {
	contact := replyContact{Input: r.to, WaID: m.guest.waID}
	if r.to == "" {
		contact = replyContact{Input: r.recipient, UserID: m.guest.userID}
	}
	message := replyMessage{ID: m.entry.ID}
	if r.msgType == "template" {
		message.Status = "accepted"
	}
	if m.held {
		message.Status = "held_for_quality_assessment"
	}
	return sendReply{Product: "whatsapp", Contacts: []replyContact{contact}, Messages: []replyMessage{message}}
}

// accept takes a valid send: limits, the recipient, the window; then the transcript, the log and the counters.
func (s *Simulator) accept(a *account, req *sendRequest, f *Fault) (sentMessage, *graphError) {
	now, k, info := s.clock.time(), s.knobs.Load(), a.info.Load()
	linkFailure := s.fetchLinks(req, k)
	a.mu.Lock()
	defer a.mu.Unlock()
	if gerr := a.checkRecipient(req, info); gerr != nil {
		return sentMessage{}, gerr
	}
	if gerr := a.gate(req, now); gerr != nil {
		return sentMessage{}, gerr
	}
	g, known := a.resolve(req, k)
	late, gerr := a.checkRates(req, g, k, now)
	if gerr != nil {
		return sentMessage{}, gerr
	}
	inWindow := now.Before(g.windowUntil)
	m := sentMessage{acc: a, guest: g, entry: req.entry(s.ids.wamid(orText(g.waID, g.userID), false), now), fault: f}
	m.entry.inWindow, m.entry.free = inWindow, a.entryPoint(g, now)
	closed := req.msgType != "template" && !inWindow && known
	if closed && k.Window == WindowSync {
		return sentMessage{}, refusal(131047, lateDetails[131047])
	}
	m.failure = a.lateFailure(req, m, known, closed && k.Window == WindowAsync, f)
	for _, failure := range []*StatusError{late, req.late, linkFailure, a.lateGate(req, g, inWindow)} {
		if m.failure == nil {
			m.failure = failure
		}
	}
	if known {
		g.typingUntil = time.Time{}
		a.meet(g, req, now)
		a.add(g, m.entry)
	}
	m.held = s.holdBack(a, req, m)
	s.noteSend(a, req, m, now)
	s.open.Add(1) // until answer has started the statuses
	return m, nil
}

// checkRates holds a send against throughput, pair rate and messaging limit. Some of what is over the throughput is
// accepted and fails later. The caller holds a.mu.
func (a *account) checkRates(req *sendRequest, g *guest, k *Knobs, now time.Time) (late *StatusError, gerr *graphError) {
	if !a.rate.take(a.number.mps(k.Throughput), now, false) {
		const details = "Message failed to send because there were too many messages sent from this phone number in a short period of time."
		if chance(a.sim.ids.seed, "late-limit", a.sim.ids.next())*100 < float64(k.Rules.LateLimit) {
			return newStatusError(130429, details), nil
		}
		gerr = refusal(130429, details)
		gerr.status = k.Rules.LimitStatus
		return nil, gerr
	}
	if !g.pair.allow(k.PairRate, now) {
		return nil, refusal(131056, "Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.")
	}
	if code := k.Rules.MessagingLimit; code != 0 && req.msgType == "template" && !now.Before(g.windowUntil) && !a.business().mayReach(g.key, now) {
		return nil, refusal(code, "The messaging limit of the business portfolio is reached.")
	}
	return nil, nil
}

// entryPoint says whether a message is free because the guest came from an ad, and opens that time with the first
// answer. The caller holds a.mu.
func (a *account) entryPoint(g *guest, now time.Time) bool {
	if now.Before(g.offerUntil) && now.After(g.freeUntil) {
		g.freeUntil, g.offerUntil = now.Add(entryFree), time.Time{}
	}
	return now.Before(g.freeUntil)
}

// meet notes that the business wrote to a guest's number: from now on it may know it. The caller holds a.mu.
func (a *account) meet(g *guest, req *sendRequest, now time.Time) {
	if req.to != "" {
		g.inBook, g.phoneKnownUntil = true, now.Add(phoneKnownFor)
	}
}

// holdBack lets pacing hold a template's message. The caller holds a.mu.
func (s *Simulator) holdBack(a *account, req *sendRequest, m sentMessage) bool {
	if req.template == nil || m.failure != nil {
		return false
	}
	dropped := m
	dropped.failure = newStatusError(132015, "The template was paused before the message was sent.")
	return a.business().hold(req.template, heldMessage{
		release: func() { s.follow(m) }, drop: func() { s.follow(dropped) },
	})
}

// checkRecipient refuses what is wrong with the recipient whoever it is.
func (a *account) checkRecipient(req *sendRequest, info *Account) *graphError {
	if req.to == "" {
		return nil
	}
	if digitsOf(req.to) == info.DisplayNumber {
		return refusal(131021, "Sender and recipient phone number is the same")
	}
	if len(info.AllowedRecipients) == 0 {
		return nil
	}
	for _, allowed := range info.AllowedRecipients {
		if canonicalPhone(allowed) == canonicalPhone(req.to) {
			return nil
		}
	}
	return refusal(131030, "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.")
}

// resolve finds the guest behind "to" or "recipient". A stranger who is not on WhatsApp becomes a guest of no chat,
// only there to carry the failed status.
func (a *account) resolve(req *sendRequest, k *Knobs) (g *guest, known bool) {
	if req.to == "" {
		if g := a.byUserID[req.recipient]; g != nil {
			return g, true
		}
		if g := a.byParent(req.recipient); g != nil {
			return g, true
		}
		return &guest{key: req.recipient, userID: req.recipient}, false
	}
	key := canonicalPhone(req.to)
	if g := a.guests[key]; g != nil || k.Recipients == RecipientsExist {
		return a.guestFor(req.to), true
	}
	return &guest{key: key, phone: digitsOf(req.to), waID: digitsOf(req.to)}, false
}

// lateFailure is the error an accepted message ends with, or nil. The caller holds a.mu.
func (a *account) lateFailure(req *sendRequest, m sentMessage, known, windowClosed bool, f *Fault) *StatusError {
	switch {
	case f.is(EffectFailLater):
		return newStatusError(f.Code, f.Details)
	case !known || m.guest.settings.NotOnWhatsApp || m.guest.settings.Blocked:
		return newStatusError(131026, "")
	case a.sim.knobs.Load().Rules.StrictNinth && req.to != "" && digitsOf(req.to) != m.guest.waID:
		return newStatusError(131026, "")
	case windowClosed:
		return newStatusError(131047, "")
	case req.msgType == "reaction" && m.entry.At.Sub(a.sentAt(m.guest, req.reaction.MessageID)) > reactionLives:
		return newStatusError(131009, "The message to react to is older than 30 days or does not exist.")
	case req.msgType == "reaction" && !a.react(m.guest, req.reaction.MessageID, req.reaction.Emoji, FromHotel):
		return newStatusError(131009, "The message to react to does not exist.")
	}
	return nil
}

// reactionLives is how old a message may be that a reaction is for (Meta's reaction page).
const reactionLives = 30 * 24 * time.Hour

// sentAt is when a message of a chat was sent; long ago when there is none.
func (a *account) sentAt(g *guest, wamid string) time.Time {
	if e := g.find(wamid); e != nil {
		return e.At
	}
	return time.Time{}
}

func (s *Simulator) noteSend(a *account, req *sendRequest, m sentMessage, now time.Time) {
	s.count.accepted.Add(1)
	s.opaque.accept(req.opaque)
	to := req.to
	if to == "" {
		to = req.recipient
	}
	s.sends.add(Send{
		At: now, AccountID: a.info.Load().PhoneNumberID, WAMID: m.entry.ID, To: to, WaID: m.guest.waID,
		Type: req.msgType, Opaque: req.opaque, Body: string(req.raw),
	})
}

// typingLasts is how long a typing indicator stays when nothing is sent (Meta, 2026).
const typingLasts = 25 * time.Second

// markReadByHotel handles status "read", with or without typing indicator: earlier messages count as read too.
func (s *Simulator) markReadByHotel(w http.ResponseWriter, r *http.Request, a *account, req *sendRequest, f *Fault) *graphError {
	if handled, gerr := s.strikeBefore(w, r, f); handled {
		return gerr
	}
	if gerr := a.markRead(req); gerr != nil {
		return gerr
	}
	s.count.reads.Add(1)
	if req.typing {
		s.count.typing.Add(1)
	}
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

func (a *account) markRead(req *sendRequest) *graphError {
	now := a.sim.clock.time()
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := a.messages[req.messageID]
	if !ok && a.evicted {
		return nil // it may be one that was forgotten
	}
	if !ok || p.entry.From != FromGuest {
		return a.sim.invalid(131009, "The message to mark as read does not exist.")
	}
	upTo := slices.Index(p.guest.entries, p.entry)
	for i := upTo; i >= 0; i-- {
		if e := p.guest.entries[i]; e.From == FromGuest && e.advance(StatusRead) {
			a.touch(p.guest, e)
		}
	}
	if req.typing {
		p.guest.typingUntil = now.Add(typingLasts)
		a.touch(p.guest, nil)
	}
	return nil
}
