package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// audited returns what the newest entry of a hotel's log says changed.
func (w *world) audited(h hotel, action string) (after string) {
	w.t.Helper()
	conn := pgtest.Owner(w.t, w.db)
	err := conn.QueryRow(w.t.Context(), `SELECT coalesce(before::text, '') || ' → ' || after::text FROM audit_entry
		WHERE tenant_id = $1 AND action = $2 AND actor = $3 ORDER BY id DESC LIMIT 1`, h.ID, action, h.Admin.ID.String()).Scan(&after)
	if err != nil {
		w.t.Errorf("no entry %s: %v", action, err)
	}
	return after
}

// TestSettings: what a hotel changes about itself.
func TestSettings(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	const at = "/api/tenants/current"
	got := w.do(http.MethodPatch, at, map[string]any{
		"name": " Mar Azul ", "email": "x@y", "timeZone": "America/Noronha", "forwardWhileLocked": true, "botPaused": true,
		"keepDeliveriesDays": 1, "keepMediaDays": 0, "windowReminderMinutes": 90,
		"businessHours": map[string]any{"sunday": nil, "friday": map[string]any{"from": "00:00", "to": "24:00"}},
	}, admin).want(http.StatusOK).json()
	hours := got["businessHours"].(map[string]any)
	want := map[string]any{"from": "08:00", "to": "18:00"}
	if got["name"] != "Mar Azul" || got["timeZone"] != "America/Noronha" || got["forwardWhileLocked"] != true || got["botPaused"] != true || hours["sunday"] != nil {
		t.Errorf("changed into %v", got)
	}
	if got["windowReminderMinutes"] != 90.0 {
		t.Errorf("reminded %v minutes before the window closes", got["windowReminderMinutes"])
	}
	if got["keepDeliveriesDays"] != 1.0 || got["keepMediaDays"] != 0.0 {
		t.Errorf("kept for %v and %v days", got["keepDeliveriesDays"], got["keepMediaDays"])
	}
	if diff := cmp.Diff(want, hours["monday"]); diff != "" {
		t.Errorf("a day that was not named: %s", diff)
	}
	if diff := cmp.Diff(map[string]any{"from": "00:00", "to": "24:00"}, hours["friday"]); diff != "" {
		t.Error(diff)
	}
	if said := w.audited(h, "UPDATE_TENANT"); !strings.Contains(said, `"America/Sao_Paulo"`) || !strings.Contains(said, `"America/Noronha"`) || !strings.Contains(said, `"keepMediaDays": 365`) || strings.Contains(said, `"status"`) {
		t.Errorf("the log says %s", said)
	}
	for name, c := range map[string]struct {
		body map[string]any
		code string
	}{
		"no name":            {map[string]any{"name": " "}, "name_missing"},
		"name too long":      {map[string]any{"name": strings.Repeat("a", 101)}, "validation_error"},
		"zone of nowhere":    {map[string]any{"timeZone": "America/Atlantis"}, "time_zone_invalid"},
		"the server's zone":  {map[string]any{"timeZone": "Local"}, "time_zone_invalid"},
		"a file as zone":     {map[string]any{"timeZone": "../../etc/passwd"}, "time_zone_invalid"},
		"no zone":            {map[string]any{"timeZone": ""}, "time_zone_invalid"},
		"no such day":        {map[string]any{"businessHours": map[string]any{"domingo": nil}}, "validation_error"},
		"closes early":       {map[string]any{"businessHours": map[string]any{"monday": map[string]any{"from": "18:00", "to": "08:00"}}}, "validation_error"},
		"a minute too late":  {map[string]any{"businessHours": map[string]any{"monday": map[string]any{"from": "18:00", "to": "24:01"}}}, "validation_error"},
		"kept for no day":    {map[string]any{"keepDeliveriesDays": 0}, "validation_error"},
		"kept for eternity":  {map[string]any{"keepDeliveriesDays": 3651}, "validation_error"},
		"less than no day":   {map[string]any{"keepMediaDays": -1}, "validation_error"},
		"files for eternity": {map[string]any{"keepMediaDays": 3651}, "validation_error"},
		"half a day":         {map[string]any{"keepMediaDays": 0.5}, "validation_error"},
		"no hour":            {map[string]any{"businessHours": map[string]any{"monday": map[string]any{"from": "8", "to": "18"}}}, "validation_error"},
		"hours are a text":   {map[string]any{"businessHours": map[string]any{"monday": "08:00-18:00"}}, "validation_error"},
		"a unit twice":       {map[string]any{"units": []string{"São Paulo", "sao paulo"}}, "units_invalid"},
		"too many units":     {map[string]any{"units": strings.Split(strings.Repeat("x,", 101), ",")}, "validation_error"},
		"a unit too long":    {map[string]any{"units": []string{strings.Repeat("a", 101)}}, "units_invalid"},
		"rename of nothing":  {map[string]any{"renameUnits": []any{map[string]any{"from": "Paraty", "to": "X"}}}, "unit_unknown"},
		"rename to nothing":  {map[string]any{"renameUnits": []any{map[string]any{"from": "Camburi", "to": " "}}}, "units_invalid"},
		"rename to its like": {map[string]any{"renameUnits": []any{map[string]any{"from": "Camburi", "to": "ilha bela"}}}, "units_invalid"},
	} {
		if r := w.do(http.MethodPatch, at, c.body, admin); r.status != http.StatusBadRequest || r.json()["code"] != c.code {
			t.Errorf("%s: %d %.200s", name, r.status, r.body)
		}
	}
}

// TestUnits: a renamed unit is renamed wherever it stands; one that is used stays.
func TestUnits(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	to := w.chat(h) // in Camburi, with somebody of Ilhabela
	pgtest.Conversation(t, w.db, h.Hotel, pgtest.OfUnit("Camburi"), pgtest.InState(conversation.Closed))
	set := func(body map[string]any) response { return w.do(http.MethodPatch, "/api/tenants/current", body, admin) }
	set(map[string]any{"units": []string{"Ilhabela"}}).want(http.StatusConflict, "unit_in_use") // a conversation goes on
	set(map[string]any{"units": []string{"Camburi"}}).want(http.StatusConflict, "unit_in_use")  // somebody works there
	got := set(map[string]any{
		"units":       []string{"Camburi do Sul", "Ilha Bela", "Paraty"},
		"renameUnits": []any{map[string]any{"from": "CAMBURÍ", "to": "Camburi do Sul"}},
	}).want(http.StatusOK).json()
	if diff := cmp.Diff([]any{"Camburi do Sul", "Ilha Bela", "Paraty"}, got["units"]); diff != "" {
		t.Error(diff)
	}
	for sql, want := range map[string]int{
		"SELECT count(*) FROM conversation WHERE tenant_id = $1 AND unit = 'Camburi do Sul'":         2,
		"SELECT count(*) FROM account WHERE tenant_id = $1 AND unit = 'Ilha Bela'":                   1, // only its spelling changed
		"SELECT count(*) FROM conversation WHERE tenant_id = $1 AND unit IN ('Camburi', 'Ilhabela')": 0,
		"SELECT count(*) FROM account WHERE tenant_id = $1 AND unit IN ('Camburi', 'Ilhabela')":      0,
	} {
		if n := w.count(sql, h.ID); n != want {
			t.Errorf("%s: %d, want %d", sql, n, want)
		}
	}
	away := pgtest.User(t, w.db, h.ID, user.Attendant, "Camburi do Sul")
	w.do(http.MethodGet, "/api/conversations/"+to.card.ID.String(), nil, as(w.token(away))).want(http.StatusOK)
	set(map[string]any{"units": []string{"Camburi do Sul", "Ilha Bela"}}).want(http.StatusOK) // nobody was in Paraty
}

// TestWhatsAppConfig: the form of the original's settings page.
func TestWhatsAppConfig(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	const at = "/api/tenants/whatsapp-config"
	get := func() map[string]any { return w.do(http.MethodGet, at, nil, admin).want(http.StatusOK).json() }
	if got := get(); got["whatsappPhoneNumberId"] != h.Number.PhoneNumberID || got["isConnected"] != true || got["hasAppSecret"] != true ||
		got["whatsappWebhookVerifyToken"] != "verify-"+h.Slug || got["webhookUrl"] != "https://api.example.com/webhooks/whatsapp?tenant="+h.Slug {
		t.Errorf("got %v", got)
	}
	chat := w.chat(h)
	set := func(body map[string]any) response { return w.do(http.MethodPost, at, body, admin) }
	// Empty fields of the form change nothing: secrets are not shown in it.
	set(map[string]any{
		"whatsappPhoneNumberId": h.Number.PhoneNumberID, "whatsappAccessToken": "", "whatsappAppSecret": "", "whatsappBusinessAccountId": "209",
	}).want(http.StatusOK)
	if hotel, err := w.directory.Hotel(t.Context(), h.ID); err != nil || hotel.AppSecret != h.appSecret || hotel.Lines[0].AccessToken != "meta-token-"+h.Slug || hotel.Lines[0].WABAID != "209" {
		t.Errorf("an empty field changed a secret: %v", err)
	}
	set(map[string]any{"whatsappPhoneNumberId": "12 34", "whatsappAccessToken": "x"}).want(http.StatusBadRequest, "number_incomplete")
	set(map[string]any{"whatsappPhoneNumberId": "990001"}).want(http.StatusBadRequest, "number_incomplete")
	other := w.hotel()
	set(map[string]any{"whatsappPhoneNumberId": other.Number.PhoneNumberID, "whatsappAccessToken": "x"}).want(http.StatusConflict, "number_taken")
	set(map[string]any{"whatsappPhoneNumberId": "990001", "whatsappAccessToken": "PLANTED-token", "whatsappAppSecret": "PLANTED-secret"}).want(http.StatusOK)
	if got := get(); got["whatsappPhoneNumberId"] != "990001" || len(got["numbers"].([]any)) != 1 {
		t.Errorf("another number did not take the place of the only one: %v", got)
	}
	if n := w.count("SELECT count(*) FROM conversation c JOIN whatsapp_number n ON n.id = c.number_id WHERE c.id = $1 AND n.phone_number_id = '990001'", chat.card.ID); n != 1 {
		t.Error("the conversation does not go on through the new number")
	}
	if said := w.audited(h, "UPDATE_TENANT"); !strings.Contains(said, `"appSecret": "changed"`) || strings.Contains(said, "PLANTED") || strings.Contains(said, "v1.") {
		t.Errorf("the log says %s", said)
	}
}

// TestNumbers: several for one hotel.
func TestNumbers(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	const at = "/api/tenants/numbers"
	added := w.do(http.MethodPost, at, map[string]any{"phoneNumberId": "991001", "accessToken": "meta-token-x", "phoneNumber": "+55 12 3000-0000"}, admin).want(http.StatusCreated).json()
	again := w.do(http.MethodPost, at, map[string]any{"phoneNumberId": "991001", "accessToken": "meta-token-y", "businessAccountId": "7"}, admin).want(http.StatusCreated).json()
	if added["id"] != again["id"] || again["phoneNumber"] != "+55 12 3000-0000" || again["businessAccountId"] != "7" {
		t.Errorf("added %v, then changed it into %v", added, again)
	}
	w.do(http.MethodPost, at, map[string]any{"phoneNumberId": w.hotel().Number.PhoneNumberID, "accessToken": "x"}, admin).want(http.StatusConflict, "number_taken")
	w.do(http.MethodPost, "/api/tenants/whatsapp-config", map[string]any{"whatsappPhoneNumberId": "991002", "whatsappAccessToken": "x"}, admin).
		want(http.StatusBadRequest, "number_unnamed")
	if list := w.do(http.MethodGet, at, nil, admin).want(http.StatusOK).list(); len(list) != 2 || list[1]["id"] != added["id"] {
		t.Errorf("listed %v", list)
	}
	to := w.chat(h)
	w.do(http.MethodDelete, at+"/"+h.Number.ID.String(), nil, admin).want(http.StatusConflict, "number_in_use")
	w.do(http.MethodPost, "/api/conversations/"+to.card.ID.String()+"/close", nil, admin).want(http.StatusOK)
	w.do(http.MethodDelete, at+"/"+h.Number.ID.String(), nil, admin).want(http.StatusNoContent)
	w.do(http.MethodDelete, at+"/"+h.Number.ID.String(), nil, admin).want(http.StatusNotFound, "number_not_found")
	if n := w.count("SELECT count(*) FROM conversation WHERE id = $1 AND number_id IS NULL", to.card.ID); n != 1 {
		t.Error("the conversation still names the number")
	}
	if said := w.audited(h, "UPDATE_TENANT"); !strings.Contains(said, h.Number.PhoneNumberID) {
		t.Errorf("the log says %s", said)
	}
}

// TestTranscriptionConfig: the engine's key is never shown, and goes when the address changes.
func TestTranscriptionConfig(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	put := func(engine map[string]any) response {
		return w.do(http.MethodPut, "/api/tenants/n8n-config", map[string]any{"transcription": engine}, as(w.token(h.Admin)))
	}
	has := func(r response) bool { return r.json()["transcription"].(map[string]any)["hasKey"].(bool) }
	for _, url := range []string{"http://127.0.0.1:9000", "http://169.254.169.254", "ftp://x.example.com"} {
		put(map[string]any{"url": url}).want(http.StatusBadRequest, "transcription_url_invalid")
	}
	put(map[string]any{"language": "p1"}).want(http.StatusBadRequest, "transcription_settings_invalid")
	const key = "PLANTED-engine-key"
	set := put(map[string]any{"url": "https://api.openai.com", "key": key, "model": "whisper-1", "language": "PT"}).want(http.StatusOK)
	hotel, err := w.directory.Hotel(t.Context(), h.ID)
	if err != nil || !has(set) || strings.Contains(string(set.body), key) || hotel.TranscriptionKey != key || hotel.Bot.Transcription.Language != "pt" {
		t.Errorf("answered %s, %v", set.body, err)
	}
	if r := put(map[string]any{"model": "gpt-4o-transcribe"}).want(http.StatusOK); !has(r) {
		t.Error("the key is gone with another model")
	}
	if r := put(map[string]any{"url": "https://elsewhere.example.com"}).want(http.StatusOK); has(r) {
		t.Error("the key goes to another address")
	}
	if text := w.audited(h, "UPDATE_TENANT"); strings.Contains(text, key) || !strings.Contains(text, `"transcriptionKey": "changed"`) {
		t.Errorf("the log says %s", text)
	}
}

// TestFlowConfig: how a hotel connects its flow.
func TestFlowConfig(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	const at = "/api/tenants/n8n-config"
	put := func(body map[string]any) response { return w.do(http.MethodPut, at, body, admin) }
	for _, url := range []string{"http://127.0.0.1:5678/webhook", "http://169.254.169.254/latest", "ftp://x.example.com", "https://user:pass@x.example.com", "nonsense"} {
		put(map[string]any{"n8nWebhookUrl": url}).want(http.StatusBadRequest, "bot_url_invalid")
	}
	put(map[string]any{"secret": "too short"}).want(http.StatusBadRequest, "validation_error")
	got := put(map[string]any{"n8nWebhookUrl": "https://n8n.example.com/webhook-test/x", "paused": true, "rotateSecret": true}).want(http.StatusOK).json()
	secret, _ := got["secret"].(string)
	hotel, err := w.directory.Hotel(t.Context(), h.ID)
	if err != nil || len(secret) < 40 || hotel.BotSecret != secret || len(got["warnings"].([]any)) != 1 || got["paused"] != true {
		t.Errorf("answered %v, %v", got, err)
	}
	own := "a secret of our own"
	if r := put(map[string]any{"secret": own, "legacyKey": true, "n8nWebhookUrl": ""}).want(http.StatusOK); strings.Contains(string(r.body), own) || r.json()["n8nWebhookUrl"] != nil {
		t.Errorf("answered %s", r.body)
	} else if warnings := r.json()["warnings"].([]any); len(warnings) != 1 || !strings.Contains(warnings[0].(string), "can know") {
		t.Errorf("warned %v", warnings)
	}
	legacy := keyed(h.Slug + ":" + h.Number.PhoneNumberID)
	const check = "/api/n8n/check-ia-lock?phone=5512988887777"
	w.do(http.MethodGet, check, nil, legacy).want(http.StatusOK)
	put(map[string]any{"legacyKey": false}).want(http.StatusOK)
	w.do(http.MethodGet, check, nil, legacy).want(http.StatusUnauthorized, "invalid_api_key")

	rotated := w.do(http.MethodPost, at+"/rotate-key", map[string]any{"overlapHours": 0}, admin).want(http.StatusOK).json()
	w.do(http.MethodGet, check, nil, keyed(h.key)).want(http.StatusUnauthorized, "invalid_api_key")
	w.do(http.MethodGet, check, nil, keyed(rotated["apiKey"].(string))).want(http.StatusOK)
	for _, hours := range []int{-1, 721} {
		w.do(http.MethodPost, at+"/rotate-key", map[string]any{"overlapHours": hours}, admin).want(http.StatusBadRequest, "validation_error")
	}
	if said := w.audited(h, "ROTATE_API_KEY"); !strings.Contains(said, `"apiKey": "changed"`) || strings.Contains(said, "br_") {
		t.Errorf("the log says %s", said)
	}
}

// TestAllowList: a flow's key works from where the hotel says.
func TestAllowList(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	call := func(address string) response {
		return w.do(http.MethodGet, "/api/n8n/check-ia-lock?phone=5512988887777", nil, keyed(h.key), from(address))
	}
	allow := func(networks ...string) response {
		if networks == nil {
			networks = []string{}
		}
		return w.do(http.MethodPut, "/api/tenants/n8n-config/ip-allow-list", map[string]any{"ipAllowList": networks}, admin)
	}
	call("203.0.113.7:4711").want(http.StatusOK)
	got := allow(" 198.51.100.9/24", "2001:db8::5").want(http.StatusOK).json()
	if diff := cmp.Diff([]any{"198.51.100.0/24", "2001:db8::5/128"}, got["ipAllowList"]); diff != "" {
		t.Error(diff)
	}
	if warnings := fmt.Sprint(got["warnings"]); !strings.Contains(warnings, "203.0.113.7") {
		t.Errorf("a list that locks the flow out is not warned of: %v", warnings)
	}
	if r := call("203.0.113.7:4711").want(http.StatusForbidden, "ip_not_allowed"); !strings.Contains(string(r.body), "203.0.113.7") {
		t.Errorf("the refusal does not say from where: %s", r.body)
	}
	call("198.51.100.200:1").want(http.StatusOK)
	call("[2001:db8::5]:1").want(http.StatusOK)
	call("[2001:db8::6]:1").want(http.StatusForbidden, "ip_not_allowed")
	call("[::ffff:198.51.100.200]:1").want(http.StatusOK)
	// Whoever has no key learns nothing about the list.
	w.do(http.MethodGet, "/api/n8n/check-ia-lock?phone=5512988887777", nil, keyed(h.Slug+":wrong"), from("203.0.113.7:1")).want(http.StatusUnauthorized, "invalid_api_key")
	for _, wrong := range []string{"", "10.0.0.0/33", "example.com", "10.0.0.1-10.0.0.9", "fe80::1%eth0", "::ffff:10.0.0.0/100"} {
		allow(wrong).want(http.StatusBadRequest, "validation_error")
	}
	allow(strings.Split(strings.Repeat("10.0.0.1,", 100), ",")[:100]...).want(http.StatusOK)
	allow(strings.Split(strings.Repeat("10.0.0.1,", 101), ",")[:101]...).want(http.StatusBadRequest, "validation_error")
	allow().want(http.StatusOK)
	call("203.0.113.7:4711").want(http.StatusOK)
}
