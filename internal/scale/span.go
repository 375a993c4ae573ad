package scale

import (
	"fmt"
	"sort"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// span is what happened in a stretch of time, table by table.
type span struct {
	number                                                        int
	contact, alias, conversation, tag, escalation, message, audit rows
}

func (s *span) tables() []*rows {
	return []*rows{&s.contact, &s.alias, &s.conversation, &s.tag, &s.escalation, &s.message, &s.audit}
}

func newSpan(number int) *span {
	return &span{
		number:  number,
		contact: rows{table: "contact", names: "tenant_id, id, phone, wa_id, name, email, company_name, created_at, updated_at"},
		alias:   rows{table: "contact_alias", names: "tenant_id, kind, value, contact_id"},
		conversation: rows{table: "conversation", names: `tenant_id, id, contact_id, number_id, assigned_to, state, priority, source, unit,
			locked, locked_at, locked_by, is_opportunity, opportunity_at, unread, last_message_at, last_inbound_at, last_message,
			created_at, closed_at, first_reply_at, first_human_at, escalated_at`},
		tag:        rows{table: "conversation_tag", names: "tenant_id, conversation_id, tag_id"},
		escalation: rows{table: "escalation", names: "tenant_id, id, conversation_id, reason, reason_detail, unit, state, attended_by, attended_at, created_at, resolved_at"},
		message: rows{table: "message", names: `tenant_id, id, conversation_id, contact_id, number_id, wamid, client_id, direction, sender,
			kind, content, metadata, status, failure, sent_by, attempts, timestamp, created_at`},
		audit: rows{table: "audit_entry", names: "tenant_id, id, actor, action, entity, entity_id, before, after, ip, request_id, created_at"},
	}
}

// happen makes one of the spans.
func (p *platform) happen(number int) *span {
	s := newSpan(number)
	step := (p.until - p.first) / spans
	from, to := p.first+int64(number)*step, p.first+int64(number+1)*step
	if number == spans-1 {
		to = p.until
	}
	for _, h := range p.hotels {
		for guest, born := range h.born {
			if born >= from && born < to {
				p.writeGuest(s, h, uint32(guest))
			}
		}
	}
	after := func(at int64) int {
		return sort.Search(len(p.talks), func(i int) bool { return p.talks[i].at >= at })
	}
	for _, b := range p.talks[after(from):after(to)] {
		p.write(s, p.live(b))
	}
	return s
}

func (p *platform) writeGuest(s *span, h *hotel, guest uint32) {
	r := p.dice(ofGuest, h.index, uint64(guest))
	name, born, id := fullName(r), h.born[guest], p.guestID(h, guest)
	// Every guest of a hotel has another number: 7919 and 90 million share no divisor.
	phone := fmt.Sprintf("55%d9%08d", oneOf(r, []int{11, 12, 21, 31, 41, 47, 71, 81, 92}), 10_000_000+(int(guest)*7919+h.index*31337)%90_000_000)
	email, company := "", ""
	if happens(r, 0.2) {
		email = fmt.Sprintf("hospede%d@exemplo%d.com.br", guest, h.index)
	}
	if happens(r, 0.05) {
		company = oneOf(r, companies)
	}
	w := &s.contact
	w.id(h.id)
	w.id(id)
	w.str(phone)
	w.str(phone)
	w.str(name)
	w.str(email)
	w.str(company)
	w.time(born)
	w.time(born)
	w.end(born)
	a := &s.alias
	a.id(h.id)
	a.str("phone")
	a.str(phone)
	a.id(id)
	a.end(born)
}

func (p *platform) write(s *span, t *talk) {
	p.writeConversation(&s.conversation, t)
	for _, tag := range t.tags {
		s.tag.id(t.hotel.id)
		s.tag.id(t.id)
		s.tag.id(tag)
		s.tag.end(t.at)
	}
	if t.escalated != 0 {
		p.writeEscalation(&s.escalation, t)
	}
	for i, m := range t.messages {
		p.writeMessage(&s.message, t, i, m)
	}
	p.writeAudit(&s.audit, t)
}

func (p *platform) messageID(t *talk, i int) uuid.UUID {
	return p.id(ofMessage, t.hotel.index, uint64(t.serial)<<8|uint64(i), t.messages[i].at)
}

func (p *platform) writeConversation(w *rows, t *talk) {
	last := len(t.messages) - 1
	locked := t.closed == 0 && (t.assignee != nil || t.escalated != 0)
	w.id(t.hotel.id)
	w.id(t.id)
	w.id(p.guestID(t.hotel, t.guest))
	w.id(t.hotel.number)
	w.idOrNull(t.assignee)
	w.str(t.state)
	w.str(t.priority)
	w.str("whatsapp")
	w.str(t.unit)
	w.bool(locked)
	if locked {
		w.time(max(t.escalated, t.at))
		w.str("system")
	} else {
		w.null()
		w.str("")
	}
	w.bool(t.opportunityAt != 0)
	w.time(t.opportunityAt)
	w.int(t.unread())
	w.time(t.messages[last].at)
	w.time(t.lastInbound)
	w.str(p.preview(t, last))
	w.time(t.at)
	w.time(t.closed)
	w.time(t.firstReply)
	w.time(t.firstHuman)
	w.time(t.escalated)
	w.end(t.at)
}

func (p *platform) preview(t *talk, i int) string {
	m := t.messages[i]
	return `{"id":"` + p.messageID(t, i).String() + `","content":` + quoted(m.text) + `,"direction":"` + directionOf(m) + `","type":"` + m.kind +
		`","timestamp":"` + time.UnixMilli(m.at).UTC().Format("2006-01-02T15:04:05.000Z") + `"}`
}

func directionOf(m said) string {
	if m.sender == "GUEST" {
		return "INBOUND"
	}
	return "OUTBOUND"
}

func (p *platform) writeEscalation(w *rows, t *talk) {
	state, resolved := "RESOLVED", t.closed
	switch {
	case t.closed == 0 && t.firstHuman == 0:
		state = "PENDING"
	case t.closed == 0:
		state = "IN_PROGRESS"
	}
	w.id(t.hotel.id)
	w.id(p.id(ofEscalation, t.hotel.index, uint64(t.serial), t.escalated))
	w.id(t.id)
	w.str([]string{"USER_REQUESTED", "AI_UNABLE", "COMPLAINT", "SALES_OPPORTUNITY", "OTHER"}[t.serial%5])
	w.str("O hóspede quer falar com uma pessoa")
	w.str(t.unit)
	w.str(state)
	w.idOrNull(t.assignee)
	w.time(t.firstHuman)
	w.time(t.escalated)
	w.time(resolved)
	w.end(t.escalated)
}

func (p *platform) writeMessage(w *rows, t *talk, i int, m said) {
	id := p.messageID(t, i)
	w.id(t.hotel.id)
	w.id(id)
	w.id(t.id)
	w.id(p.guestID(t.hotel, t.guest))
	w.id(t.hotel.number)
	w.str("wamid.HBgN" + strconv.FormatUint(p.hash(ofMessage, t.hotel.index, uint64(t.serial)<<8|uint64(i)), 36) + id.String()[24:])
	if m.sender == "PERSON" && i%2 == 0 {
		w.str("tab-" + id.String())
	} else {
		w.null()
	}
	w.str(directionOf(m))
	w.str(m.sender)
	w.str(m.kind)
	w.str(m.text)
	if m.kind == "IMAGE" {
		w.str(`{"mimeType":"image/jpeg","mediaUrl":"/api/media/` + t.hotel.id.String() + `/` + id.String() + `.jpg"}`)
	} else {
		w.str("{}")
	}
	w.str(m.status)
	if m.status == "FAILED" {
		w.str(`{"code":131026,"message":"Message undeliverable"}`)
	} else {
		w.null()
	}
	if m.sender == "PERSON" {
		w.idOrNull(t.assignee)
	} else {
		w.null()
	}
	if m.sender == "GUEST" {
		w.int(0)
	} else {
		w.int(1)
	}
	w.time(m.at)
	w.time(m.at + 300)
	w.end(m.at)
}

// writeAudit notes who took and who closed a conversation.
func (p *platform) writeAudit(w *rows, t *talk) {
	entry := func(n uint64, at int64, action, before, after string) {
		w.id(t.hotel.id)
		w.id(p.id(ofAudit, t.hotel.index, uint64(t.serial)<<2|n, at))
		w.str(t.assignee.id.String())
		w.str(action)
		w.str("conversation")
		w.str(t.id.String())
		w.str(before)
		w.str(after)
		w.str("203.0.113.7")
		w.str(t.code)
		w.time(at)
		w.end(at)
	}
	if t.assignee == nil {
		return
	}
	taken := max(t.escalated, t.at)
	entry(0, taken, "ASSIGN_CONVERSATION", `{"status":"OPEN","assignedToId":null}`, `{"status":"IN_PROGRESS","assignedToId":"`+t.assignee.id.String()+`"}`)
	if t.closed != 0 {
		entry(1, t.closed, "CLOSE_CONVERSATION", `{"status":"IN_PROGRESS"}`, `{"status":"`+t.state+`"}`)
	}
}
