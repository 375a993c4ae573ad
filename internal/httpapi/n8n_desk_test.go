package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestFlowAtTheDesk: what a flow does to a conversation beyond the original's calls.
func TestFlowAtTheDesk(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	key := keyed(h.key)
	to := w.chat(h)
	phone := string(to.card.Contact.Phone)
	post := func(path string, more obj) response {
		t.Helper()
		body := obj{"phone": "+" + phone[:2] + " " + phone[2:4] + " " + phone[4:9] + "-" + phone[9:]}
		for k, v := range more {
			body[k] = v
		}
		return w.do(http.MethodPost, "/api/n8n/"+path, body, key)
	}
	if r := post("lock", nil).want(http.StatusOK); r.json()["locked"] != true {
		t.Errorf("locked: %s", r.body)
	}
	post("send-text", obj{"message": "Oi"}).want(http.StatusConflict, "ia_locked")
	if r := post("unlock", nil).want(http.StatusOK); r.json()["locked"] != false {
		t.Errorf("unlocked: %s", r.body)
	}
	post("notes", obj{"note": " Quer berço "}).want(http.StatusOK)
	if r := post("notes", obj{"text": "E andar alto"}).want(http.StatusOK); strings.Count(string(r.body), `"by":"bot"`) != 2 || !strings.Contains(string(r.body), `"Quer berço"`) {
		t.Errorf("notes: %s", r.body)
	}
	for _, bad := range []string{"", " ", strings.Repeat("x", 2001)} {
		post("notes", obj{"note": bad}).want(http.StatusBadRequest)
	}
	pgtest.Tag(t, w.db, h.ID, "VIP")
	pgtest.Tag(t, w.db, h.ID, "Novo")
	if r := post("tags", obj{"add": list{"vip", "NOVO"}}).want(http.StatusOK); !strings.Contains(string(r.body), `"VIP"`) {
		t.Errorf("tags: %s", r.body)
	}
	if r := post("tags", obj{"remove": "vip"}).want(http.StatusOK); strings.Contains(string(r.body), `"VIP"`) || !strings.Contains(string(r.body), `"Novo"`) {
		t.Errorf("tags: %s", r.body)
	}
	post("tags", obj{"add": list{"Novo", "nenhuma"}}).want(http.StatusNotFound, "tag_not_found")
	if r := w.do(http.MethodGet, "/api/n8n/conversation?phone="+phone, nil, key).want(http.StatusOK); !strings.Contains(string(r.body), to.card.ID.String()) {
		t.Errorf("conversation: %s", r.body)
	}
	changed := w.do(http.MethodPatch, "/api/n8n/contacts/"+phone, obj{"name": "Carla Dias", "email": "carla@example.com"}, key).want(http.StatusOK)
	if changed.json()["name"] != "Carla Dias" {
		t.Errorf("contact: %s", changed.body)
	}
	w.do(http.MethodPatch, "/api/n8n/contacts/"+phone, obj{"email": "nobody"}, key).want(http.StatusBadRequest)
	w.do(http.MethodGet, "/api/n8n/contacts/5511900000000", nil, key).want(http.StatusNotFound, "contact_not_found")
	w.do(http.MethodGet, "/api/n8n/contacts/nobody", nil, key).want(http.StatusNotFound, "contact_not_found")
	if n := w.count("SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND actor = 'bot'", h.ID); n < 7 {
		t.Errorf("%d entries in the audit log", n)
	}
}

// TestFlowDoesNotTakeBack: what a person holds the bot cannot unlock.
func TestFlowDoesNotTakeBack(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	ana := h.Admin.ID.String()
	for name, options := range map[string][]pgtest.ConversationOption{
		"taken over":     {pgtest.LockedBy(ana), pgtest.InState(conversation.InProgress), pgtest.AssignedTo(h.Admin.ID)},
		"locked by hand": {pgtest.LockedBy(ana)},
		"on the phone":   {pgtest.LockedBy(conversation.System), pgtest.InState(conversation.InProgress)},
	} {
		to := w.chat(h, options...)
		r := w.do(http.MethodPost, "/api/n8n/unlock", obj{"phone": string(to.card.Contact.Phone)}, keyed(h.key))
		if r.status != http.StatusConflict {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
}
