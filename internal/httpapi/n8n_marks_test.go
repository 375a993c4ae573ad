package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestMarksByFlows: what a flow notes is there for people, and looks as contract §2.3 says.
func TestMarksByFlows(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	key, admin := keyed(h.key), as(w.token(h.Admin))
	to := w.chat(h)
	phone := string(to.card.Contact.Phone)
	post := func(at string, body map[string]any) response { return w.do(http.MethodPost, "/api/n8n/"+at, body, key) }
	seen := func() map[string]any {
		return w.do(http.MethodGet, "/api/conversations/"+to.card.ID.String(), nil, admin).json()
	}

	post("set-hotel-unit", obj{"phoneNumber": phone, "hotelUnit": "ILHA BELA"}).golden("bot_unit")
	if got := seen()["hotelUnit"]; got != "Ilhabela" {
		t.Errorf("the unit is %v", got)
	}
	post("set-hotel-unit", obj{"phone": phone, "hotelUnit": "Lua"}).want(http.StatusBadRequest, "unit_unknown")
	post("set-hotel-unit", obj{"phone": phone}).want(http.StatusBadRequest, "validation_error")
	post("set-hotel-unit", obj{"hotelUnit": "Camburi"}).want(http.StatusBadRequest, "validation_error")
	post("set-hotel-unit", obj{"phone": "5511900001111", "hotelUnit": "Camburi"}).want(http.StatusNotFound, "contact_not_found")

	w.exec(`UPDATE conversation SET metadata = '{"mine":1}' WHERE id = $1`, to.card.ID)
	post("mark-followup-sent", obj{"phone": phone}).golden("bot_followup")
	post("mark-opportunity", obj{"phone": phone}).golden("bot_opportunity")
	post("mark-opportunity", obj{"phone": phone, "reason": "wants_reservation", "followupResponse": "Sim, quero"}).golden("bot_opportunity_reason")
	c := seen()
	notes, _ := c["metadata"].(map[string]any)
	for name, want := range map[string]any{
		"mine": 1.0, "followupSent": true, "followupFlowType": "default", "opportunityReason": "wants_reservation", "followupResponse": "Sim, quero",
		"opportunityReasonDescription": "O hóspede quer fazer uma reserva.",
	} {
		if notes[name] != want {
			t.Errorf("%s is %v, want %v", name, notes[name], want)
		}
	}
	if notes["followupSentAt"] == nil || notes["markedAsOpportunityAt"] == nil || c["isOpportunity"] != true || c["iaLocked"] != false {
		t.Errorf("the conversation is %v", c)
	}
	sales := as(w.token(w.user(h.ID, user.Sales, "")))
	w.do(http.MethodGet, "/api/conversations/"+to.card.ID.String(), nil, sales).want(http.StatusOK)

	// The twelve-digit form of the number is the same guest.
	guest := pgtest.Contact(t, w.db, h.ID, func(c *contact.Contact) { c.WAID, c.Phone = "551288887777", "5512988887777" })
	pgtest.Conversation(t, w.db, h.Hotel, pgtest.With(guest))
	for _, spelling := range []string{"551288887777", "(12) 8888-7777", "+55 12 98888-7777"} {
		post("mark-opportunity", obj{"phone": spelling}).want(http.StatusOK)
	}
	// Whoever works on it keeps it; what is closed is not opened.
	busy := w.chat(h, pgtest.InState(conversation.InProgress), pgtest.AssignedTo(h.Admin.ID))
	if got := post("mark-opportunity", obj{"phone": string(busy.card.Contact.Phone)}).json()["status"]; got != "IN_PROGRESS" {
		t.Errorf("a conversation in progress became %v", got)
	}
	closed := w.chat(h, pgtest.InState(conversation.Closed))
	post("mark-followup-sent", obj{"phone": string(closed.card.Contact.Phone)}).want(http.StatusNotFound, "conversation_not_found")
	if n := w.count(`SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND actor = 'bot' AND action = 'MARK_OPPORTUNITY'`, h.ID); n != 7 {
		t.Errorf("%d audit entries, want 7", n)
	}
}

// TestEscalationInTexts: n8n writes objects as JSON in texts too.
func TestEscalationInTexts(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	const history = `[{"role":"user","content":"Oi"},{"role":"assistant","content":"Olá"},{"role":"user","content":"Oi"},{"role":"user","content":"Oi"}]`
	r := w.do(http.MethodPost, "/api/n8n/escalate", obj{"contactPhone": "5511900002222", "aiContext": `{"intent":"reserva"}`, "messageHistory": history}, keyed(h.key)).want(http.StatusCreated)
	about, _ := r.json()["escalation"].(map[string]any)["aiContext"].(map[string]any)
	if about["intent"] != "reserva" {
		t.Errorf("the context is %v", about)
	}
	if told, _ := about["messageHistory"].([]any); len(told) != 4 {
		t.Errorf("the history is %v", about["messageHistory"])
	}
	if n := w.count(`SELECT count(*) FROM message WHERE tenant_id = $1`, h.ID); n != 3 {
		t.Errorf("%d messages of it are kept, want 3", n)
	}
}
