package simulator

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Every type of the inbound pages that is more than a message of its own: told by the control API, compared with its
// golden file.
func TestEveryOtherInboundTypeByTheControlAPI(t *testing.T) {
	t.Parallel()
	say := func(body string) func(*testing.T, *world) {
		return func(t *testing.T, w *world) {
			t.Helper()
			w.act(t, "messages", body)
		}
	}
	for name, do := range map[string]func(t *testing.T, w *world){
		"in_frequently_forwarded": say(`{"text":"Corrente","frequentlyForwarded":true}`),
		"in_referred_product":     say(`{"text":"Quanto?","referredProduct":{"catalog_id":"800","product_retailer_id":"luxo"}}`),
		"in_location_url":         say(`{"type":"location","latitude":-23.5,"longitude":-46.6,"url":"https://exemplo.com.br/local"}`),
		"in_sticker_animated":     say(`{"type":"sticker","animated":true}`),
		"in_group":                say(`{"text":"Oi a todos","groupId":"120363000000000001"}`),
		"in_request_welcome":      say(`{"type":"request_welcome"}`),
		"in_unsupported_media":    say(`{"type":"unsupported","unsupported":"image","code":131052}`),
		"in_order":                say(`{"type":"order","raw":{"catalog_id":"800","text":"Entregar no 204","product_items":[{"product_retailer_id":"AGUA","quantity":2,"item_price":7.5,"currency":"BRL"}]}}`),
		"in_reply": func(t *testing.T, w *world) {
			t.Helper()
			a := w.sendsText(t, "Qual data?")
			w.act(t, "messages", `{"text":"12/12","replyTo":"`+a.WAMID+`"}`)
		},
		"in_reaction_removed": func(t *testing.T, w *world) {
			t.Helper()
			a := w.sendsText(t, "Bem-vinda")
			w.act(t, "messages", `{"type":"reaction","messageId":"`+a.WAMID+`"}`)
		},
		"in_flow_reply": func(t *testing.T, w *world) {
			t.Helper()
			a := w.sends(t, "interactive", interactive("flow", `{"name":"flow","parameters":{"flow_message_version":"3","flow_id":"1","flow_cta":"Começar","flow_token":"chk-8841"}}`, ""))
			w.act(t, "flow", `{"messageId":"`+a.WAMID+`","answers":{"hora_chegada":"15:00"}}`)
		},
		"in_call_permission": func(t *testing.T, w *world) {
			t.Helper()
			w.sends(t, "interactive", `{"type":"call_permission_request","action":{"name":"call_permission_request"}}`)
			w.act(t, "taps", `{"choice":"accept"}`)
		},
		"in_contact_request": func(t *testing.T, w *world) {
			t.Helper()
			w.sends(t, "interactive", interactive("request_contact_info", `{"name":"request_contact_info"}`, ""))
			w.act(t, "taps", `{"choice":"share"}`)
		},
		"in_user_changed_number": func(t *testing.T, w *world) {
			t.Helper()
			w.act(t, "number", `{"phone":"5521998877665"}`)
		},
		"in_user_changed_id": func(t *testing.T, w *world) {
			t.Helper()
			if err := w.marina().Set(GuestSettings{Name: "Marina Duarte", HidePhone: true}); err != nil {
				t.Fatal(err)
			}
			w.act(t, "number", `{"phone":"5521998877665"}`)
		},
		"in_marketing_stopped": func(t *testing.T, w *world) {
			t.Helper()
			w.act(t, "marketing", `{"stopped":true}`)
		},
		"in_call": func(t *testing.T, w *world) {
			t.Helper()
			w.act(t, "call", `{"lastsMs":55000}`)
		},
		"in_echo": func(t *testing.T, w *world) {
			t.Helper()
			w.control(t, "POST", "accounts/"+hotel+"/echoes", `{"phone":"`+marina+`","text":"Respondido pelo celular da recepção"}`, nil)
		},
		"in_echo_image": func(t *testing.T, w *world) {
			t.Helper()
			w.control(t, "POST", "accounts/"+hotel+"/echoes", `{"phone":"`+marina+`","type":"image","caption":"O quarto"}`, nil)
		},
		"in_history_declined": func(t *testing.T, w *world) {
			t.Helper()
			w.control(t, "POST", "accounts/"+hotel+"/history", `{"declined":true}`, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := frozen(t)
			tune(t, w, func(k *Knobs) { k.Window = Off; k.Statuses.Off = true })
			do(t, w)
			golden(t, name, w.recv.await(t, 1)[0].body)
		})
	}
}

// act makes Marina do something and wants it to be taken.
func (w *world) act(t *testing.T, what, body string) {
	t.Helper()
	if a := w.control(t, "POST", "guests/"+marina+"/"+what, body, nil); a.status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", what, body, a.status, a.raw)
	}
}

func TestEditsAndRevocations(t *testing.T) {
	t.Parallel()
	w := frozen(t)
	wamid := w.says(t, "12/12")
	w.act(t, "edit", `{"messageId":"`+wamid+`","text":"Corrigindo: 13/12"}`)
	golden(t, "in_edit", w.recv.await(t, 2)[1].body)
	tune(t, w, func(k *Knobs) { k.Rules.Edits = EditsAsUnsupported })
	w.act(t, "edit", `{"messageId":"`+wamid+`","text":"14/12"}`)
	golden(t, "in_edit_unsupported", w.recv.await(t, 3)[2].body)
	if e := w.marina().Transcript()[0]; e.Text != "14/12" || !e.Edited {
		t.Errorf("original %+v", e)
	}
	w.act(t, "revoke", `{"messageId":"`+wamid+`"}`)
	golden(t, "in_revoke", w.recv.await(t, 4)[3].body)
	if !w.marina().Transcript()[0].Revoked {
		t.Error("the original is still there")
	}
	for what, age := range map[string]time.Duration{"edit": 16 * time.Minute, "revoke": 49 * time.Hour} {
		wamid := w.says(t, "x")
		w.sim.Advance(age)
		if a := w.control(t, "POST", "guests/"+marina+"/"+what, `{"messageId":"`+wamid+`","text":"y"}`, nil); a.status != 400 {
			t.Errorf("%s after %v: %d", what, age, a.status)
		}
	}
}

// A guest with a username is known by id alone until the business writes to the number, and 30 days on from then if the
// contact book forgets.
func TestUsernameHidesTheNumber(t *testing.T) {
	t.Parallel()
	w := start(t)
	if err := w.marina().Set(GuestSettings{Name: "Marina", Username: "marina.d", ParentID: "BR.ENT.90817263544536271809"}); err != nil {
		t.Fatal(err)
	}
	shows := func(body []byte) bool { return strings.Contains(string(body), marina) }
	w.says(t, "Oi")
	body := w.recv.await(t, 1)[0].body
	if shows(body) || !strings.Contains(string(body), `"username":"marina.d"`) || !strings.Contains(string(body), `"from_parent_user_id":"BR.ENT.`) {
		t.Fatalf("stranger: %s", body)
	}
	w.sendsText(t, "Olá") // to the number: now it is known
	w.idle(t)
	w.says(t, "ainda eu")
	if hooks := w.recv.all(); !shows(hooks[len(hooks)-1].body) {
		t.Errorf("known: %s", hooks[len(hooks)-1].body)
	}
	if a := w.call(t, "DELETE", "/v25.0/"+hotel+"/contact_book?messaging_product=whatsapp&bsuid="+w.sim.Guests(hotel)[0].UserID, ""); a.status != 200 {
		t.Fatal(a.raw)
	}
	w.sim.Advance(31 * 24 * time.Hour)
	w.says(t, "depois")
	if hooks := w.recv.all(); shows(hooks[len(hooks)-1].body) {
		t.Errorf("forgotten: %s", hooks[len(hooks)-1].body)
	}
	if a := w.call(t, "POST", messages, `{"messaging_product":"whatsapp","recipient":"BR.ENT.90817263544536271809","type":"text","text":{"body":"x"}}`); a.status != 200 {
		t.Errorf("by parent id: %s", a.raw)
	}
}

// Whoever moves keeps the chat; what is sent to the old number goes to somebody else.
func TestMovedGuestKeepsTheChat(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	before := w.sim.Guests(hotel)[0].UserID
	moved, err := w.marina().MovesTo(within(t), "+55 21 99887-7665")
	if err != nil {
		t.Fatal(err)
	}
	view, err := moved.View()
	if err != nil || view.UserID == before || len(moved.Transcript()) != 2 {
		t.Errorf("%+v %v", view, err)
	}
	if _, err := moved.MovesTo(within(t), "12"); err == nil {
		t.Error("moved to no number")
	}
}

func TestHistoryComesInPhasesAndChunks(t *testing.T) {
	t.Parallel()
	w := start(t)
	if a := w.call(t, "POST", "/v25.0/"+hotel+"/smb_app_data", `{"messaging_product":"whatsapp","sync_type":"history"}`); a.status != 400 {
		t.Errorf("a number of the API alone: %s", a.raw)
	}
	w.control(t, "PATCH", "accounts/"+hotel+"/number", `{"coexistence":true}`, nil)
	if a := w.call(t, "POST", "/v25.0/"+hotel+"/smb_app_data", `{"messaging_product":"whatsapp","sync_type":"smb_app_state_sync"}`); a.status != 200 {
		t.Fatal(a.raw)
	}
	if a := w.call(t, "POST", "/v25.0/"+hotel+"/smb_app_data", `{"messaging_product":"whatsapp","sync_type":"history"}`); a.status != 200 {
		t.Fatal(a.raw)
	}
	hooks := w.recv.await(t, 8)
	var phases []float64
	for _, h := range hooks {
		var p struct {
			Entry []struct {
				Changes []struct {
					Field string
					Value struct {
						History []struct {
							Metadata map[string]float64
							Threads  []json.RawMessage
						}
					}
				}
			}
		}
		if err := json.Unmarshal(h.body, &p); err != nil {
			t.Fatal(err)
		}
		for _, history := range p.Entry[0].Changes[0].Value.History {
			phases = append(phases, history.Metadata["phase"])
		}
	}
	if len(phases) != 6 || phases[0] != 0 || phases[5] != 2 {
		t.Errorf("phases %v", phases)
	}
	if a := w.call(t, "POST", "/v25.0/"+hotel+"/smb_app_data", `{"messaging_product":"whatsapp","sync_type":"history"}`); a.Code != 2593107 {
		t.Errorf("a second time: %s", a.raw)
	}
}

// Every event of Meta's account pages can be sent, by name, and has its field.
func TestEveryAccountEventIsSent(t *testing.T) {
	t.Parallel()
	w := start(t)
	sent := 0
	for _, field := range EventFields() {
		for _, event := range EventNames(field) {
			if a := w.control(t, "POST", "accounts/"+hotel+"/events", `{"field":"`+field+`","event":"`+event+`"}`, nil); a.status != 200 {
				t.Errorf("%s %s: %s", field, event, a.raw)
			}
			sent++
			hooks := w.recv.await(t, sent)
			body := string(hooks[sent-1].body)
			if !strings.Contains(body, `"field":"`+field+`"`) || strings.Contains(body, `"time":`) == strings.Contains(body, `"metadata":{"display`) {
				t.Errorf("%s %s: %s", field, event, body)
			}
			if strings.Contains(body, `"event":""`) || strings.Contains(body, `"decision":""`) {
				t.Errorf("%s has no name: %s", event, body)
			}
		}
	}
	for _, field := range []string{
		"account_alerts", "account_review_update", "account_update", "business_capability_update", "business_username_updates", "calls",
		"flows", "group_lifecycle_update", "group_participants_update", "group_settings_update", "group_status_update", "history",
		"message_template_components_update", "message_template_quality_update", "message_template_status_update",
		"phone_number_name_update", "phone_number_quality_update", "security", "smb_app_state_sync", "standby",
		"template_category_update", "user_preferences",
	} {
		if len(EventNames(field)) == 0 {
			t.Errorf("no sample of %s", field)
		}
	}
	if a := w.control(t, "POST", "accounts/"+hotel+"/events", `{"field":"tides","value":{"height":3}}`, nil); a.status != 200 {
		t.Error(a.raw)
	}
	if a := w.control(t, "POST", "accounts/"+hotel+"/events", `{"field":"tides"}`, nil); a.status != 400 {
		t.Error(a.raw)
	}
}

func TestFieldsThatNobodySubscribedAreNotSent(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.Accounts[0].Fields = []string{"messages"} })
	if err := w.sim.SendEvent(hotel, "account_alerts", "", nil); err != nil {
		t.Fatal(err)
	}
	w.says(t, "Oi")
	w.idle(t)
	if n := len(w.recv.all()); n != 1 {
		t.Errorf("%d webhooks", n)
	}
}
