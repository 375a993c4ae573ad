package simulator

import (
	"context"
	"encoding/json"
	"time"
)

// How long a guest may edit and take back a message (Meta's pages of 2026).
const (
	editWithin   = 15 * time.Minute
	revokeWithin = 48 * time.Hour
)

// Edit changes the text of one of the guest's messages. Meta tells it to numbers that are in the Business app too, as
// "edit" or, by the knob, as "unsupported".
func (g *Guest) Edit(ctx context.Context, wamid, text string) (string, error) {
	return g.Sends(ctx, Inbound{Type: "edit", MessageID: wamid, Text: text})
}

// Revoke takes one of the guest's messages back.
func (g *Guest) Revoke(ctx context.Context, wamid string) (string, error) {
	return g.Sends(ctx, Inbound{Type: "revoke", MessageID: wamid})
}

// AnswerFlow sends a form's answers, for a message with a flow.
func (g *Guest) AnswerFlow(ctx context.Context, wamid string, answers map[string]any) (string, error) {
	a, guest, err := g.open()
	if err != nil {
		return "", err
	}
	var flow *Choice
	if e := guest.find(wamid); e != nil {
		for _, c := range e.Choices {
			if c.Kind == ChoiceFlow {
				flow = &c
			}
		}
	}
	a.mu.Unlock()
	if flow == nil {
		return "", ErrNoChoice
	}
	return g.Sends(ctx, Inbound{Type: "interactive", ReplyTo: wamid, choice: flow, answers: answers})
}

// MovesTo changes the guest's number: a system message tells it, the chat goes on under the new number, and the
// business-scoped user id is a new one. With a hidden number Meta tells the new id alone.
func (g *Guest) MovesTo(ctx context.Context, phone string) (*Guest, error) {
	if !isPhone(phone) {
		return nil, ErrBadPhone
	}
	a, guest, err := g.open()
	if err != nil {
		return nil, err
	}
	defer a.mu.Unlock()
	if a.guests[canonicalPhone(phone)] != nil {
		return nil, badInbound("somebody has this number already")
	}
	if err := ctx.Err(); err != nil {
		return nil, ErrClosed
	}
	from, before, hidden := guest.waID, guest.userID, guest.hides(g.sim.clock.time())
	delete(a.guests, guest.key)
	delete(a.byUserID, guest.userID)
	guest.key, guest.phone = canonicalPhone(phone), digitsOf(phone)
	guest.waID, guest.userID = g.sim.waIDFor(guest.phone), bsuidOf(guest.key, a.info.Load().WABAID)
	a.guests[guest.key], a.byUserID[guest.userID] = guest, guest
	system := map[string]any{
		"type": "user_changed_number", "body": "User " + orText(guest.settings.Name, from) + " changed from " + from + " to " + guest.waID,
		"wa_id": guest.waID, "user_id": guest.userID, "previous_user_id": before,
	}
	if hidden {
		system["type"], system["body"] = "user_changed_user_id", "User changed their user ID"
		delete(system, "wa_id")
		from = ""
	}
	raw := asciiJSON(system, false)
	_, err = g.sim.receive(a, guest, &Inbound{Type: "system", Raw: raw, from: &from, fromID: before}, nil)
	return &Guest{sim: g.sim, account: g.account, phone: phone}, err
}

// SetMarketing stops or resumes marketing messages of this business; the user_preferences webhook tells it.
func (g *Guest) SetMarketing(stopped bool) error {
	a, guest, err := g.open()
	if err != nil {
		return err
	}
	defer a.mu.Unlock()
	guest.settings.StoppedMarketing = stopped
	value, detail := "resume", "User requested to resume marketing messages"
	if stopped {
		value, detail = "stop", "User requested to stop marketing messages"
	}
	now := g.sim.clock.time()
	contact := guest.contact(now, true)
	preference := map[string]any{
		"user_id": guest.userID, "category": "marketing_messages", "value": value, "detail": detail, "timestamp": now.Unix(),
	}
	if contact.WaID != "" {
		preference["wa_id"] = contact.WaID
	}
	a.touch(guest, nil)
	a.emitAbout("user_preferences", guest.key, map[string]any{
		"contacts": []contactJSON{contact}, "user_preferences": []any{preference},
	})
	return nil
}

// Calls rings the business: connect, and terminate after a while. A call opens the service window.
func (g *Guest) Calls(lasts time.Duration) (string, error) {
	a, guest, err := g.open()
	if err != nil {
		return "", err
	}
	defer a.mu.Unlock()
	now, to := g.sim.clock.time(), a.info.Load().DisplayNumber
	id := "wacid." + g.sim.ids.secret()
	contact := guest.contact(now, true)
	call := func(event string, more map[string]any) {
		object := map[string]any{
			"id": id, "to": to, "event": event, "direction": "USER_INITIATED", "timestamp": unixText(g.sim.clock.time()),
			"from_user_id": guest.userID,
		}
		if contact.WaID != "" {
			object["from"] = contact.WaID
		}
		for key, v := range more {
			object[key] = v
		}
		a.emitAbout("calls", guest.key, map[string]any{"contacts": []contactJSON{contact}, "calls": []any{object}})
	}
	guest.windowUntil = now.Add(serviceWindow)
	a.touch(guest, nil)
	call("connect", map[string]any{"session": map[string]any{"sdp_type": "offer", "sdp": "v=0\r\n"}})
	g.sim.clock.after(lasts, func() {
		call("terminate", map[string]any{
			"status": "COMPLETED", "start_time": unixText(now), "end_time": unixText(now.Add(lasts)), "duration": int(lasts.Seconds()),
		})
	})
	return id, nil
}

// Plays plays a voice note of the hotel's; Meta tells it once.
func (g *Guest) Plays(wamid string) error {
	a, guest, err := g.open()
	if err != nil {
		return err
	}
	e := guest.find(wamid)
	var voice struct {
		Voice bool `json:"voice"`
	}
	if e != nil {
		_ = json.Unmarshal(e.Content, &voice)
	}
	a.mu.Unlock()
	if e == nil || e.From != FromHotel || !voice.Voice {
		return ErrNoMessage
	}
	g.sim.report(sentMessage{acc: a, guest: guest, entry: e}, StatusPlayed, nil)
	return nil
}
