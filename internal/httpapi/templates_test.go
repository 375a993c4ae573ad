package httpapi_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/template"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

const templatesPath = "/api/whatsapp/templates"

// account gives a hotel templates as they would be read of its business account.
func (w *world) account(h hotel) {
	w.t.Helper()
	pgtest.Exec(w.t, w.db, "UPDATE whatsapp_number SET waba_id = $2 WHERE tenant_id = $1", h.ID, waba)
	w.directory.ForgetAll()
	at := w.clock.Now().Add(-time.Hour)
	pgtest.InTx(w.t, w.db, h.ID, func(tx *postgres.Tx) error {
		err := tx.SyncTemplates(w.t.Context(), waba, []template.Template{
			{
				ID: "9001", Name: "estadia", Language: "pt_BR", Status: "APPROVED", Category: "UTILITY", Quality: "GREEN", IsNamed: true,
				Form: &template.Form{
					Header: &template.Header{Format: "TEXT", Text: "Olá {{nome}}", Example: "Ana"}, Body: "Até {{dia}}, combinado?", Examples: []string{"12/12"},
					Footer: "Hotel", Buttons: []template.Button{{Type: "URL", Text: "Ver", URL: "https://hotel.example/r/{{1}}", Example: "https://hotel.example/r/1"}},
				},
			},
			{ID: "9002", Name: "oferta", Language: "pt_BR", Status: "PAUSED", Category: "MARKETING", Previous: "UTILITY", Reason: "FIRST_PAUSE", Form: &template.Form{Body: "Só hoje!"}},
		}, at)
		if err != nil {
			return err
		}
		return tx.AccountSynced(w.t.Context(), waba, "", at)
	})
}

// TestTemplateList shows templates to everybody of the hotel, narrowed as asked.
func TestTemplateList(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := w.hotel(), w.hotel()
	w.account(h)
	somebody := as(w.token(w.user(h.ID, user.Attendant, "")))
	w.do(http.MethodGet, templatesPath, nil, somebody).golden("templates")
	w.do(http.MethodGet, templatesPath+"/9001", nil, somebody).golden("template")
	for query, want := range map[string]int{
		"?search=combinado": 1, "?search=EST": 1, "?status=PAUSED": 1, "?category=UTILITY": 1, "?language=pt_PT": 0, "?quality=GREEN": 1,
		"?name=oferta": 1, "?name=ofer": 0, "?businessAccountId=1": 0, "?page=2&limit=1": 1, "?page=3&limit=1": 0, "?search=%25": 0,
	} {
		if got := len(w.do(http.MethodGet, templatesPath+query, nil, somebody).want(http.StatusOK).list()); got != want {
			t.Errorf("%s lists %d, want %d", query, got, want)
		}
	}
	if got := len(w.do(http.MethodGet, templatesPath, nil, as(w.token(other.Admin))).want(http.StatusOK).list()); got != 0 {
		t.Errorf("another hotel sees %d", got)
	}
	w.do(http.MethodGet, templatesPath+"/"+strings.Repeat("9", 65), nil, somebody).want(http.StatusNotFound, noTemplate)
	w.do(http.MethodPost, templatesPath, map[string]any{}, somebody).want(http.StatusForbidden, "role_forbidden")
}

// TestTemplatePreview shows how a template reads, also half filled.
func TestTemplatePreview(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	w.account(h)
	somebody := as(w.token(w.user(h.ID, user.Attendant, "")))
	const path = templatesPath + "/9001/preview"
	w.do(http.MethodPost, path, map[string]any{
		"header": map[string]any{"text": map[string]any{"text": "Marina"}}, "parameters": []string{"24/12"},
		"buttons": []any{map[string]any{"index": 0, "urlSuffix": "8841"}},
	}, somebody).golden("template_preview")
	w.do(http.MethodPost, path, map[string]any{"parameters": []string{"hoje\nà noite"}}, somebody).golden("template_preview_half")
	pgtest.Exec(t, w.db, "UPDATE template_state SET form = NULL")
	w.do(http.MethodPost, path, map[string]any{}, somebody).want(http.StatusConflict, "template_not_read")
}

// TestTemplatesAreHandedIn: what Meta would refuse is told by field before it is asked, and
// what it refuses too.
func TestTemplatesAreHandedIn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	draft := func() map[string]any {
		return map[string]any{"name": "nova", "category": "UTILITY", "components": map[string]any{"body": "Olá {{1}}, até já.", "examples": []string{"Ana"}}}
	}
	pgtest.Exec(t, w.db, "UPDATE whatsapp_number SET waba_id = ''")
	w.directory.ForgetAll()
	w.do(http.MethodPost, templatesPath, draft(), admin).want(http.StatusUnprocessableEntity, "account_missing")
	w.do(http.MethodPost, templatesPath+"/sync", nil, admin).want(http.StatusUnprocessableEntity, "account_missing")
	w.account(h)
	wrong := draft()
	wrong["name"], wrong["components"] = "Nova", map[string]any{"body": "{{1}}"}
	w.do(http.MethodPost, templatesPath, wrong, admin).golden("refused_template_draft")
	w.do(http.MethodPost, templatesPath, draft(), admin).want(http.StatusCreated)
	if asked := w.meta.last(); asked["language"] != "pt_BR" || asked["parameter_format"] != "POSITIONAL" {
		t.Errorf("Meta was asked %v", asked)
	}
	w.do(http.MethodPatch, templatesPath+"/9001", map[string]any{"components": map[string]any{"body": "Mudou tudo."}}, admin).want(http.StatusOK)
	if got := w.do(http.MethodGet, templatesPath+"/9001", nil, admin).want(http.StatusOK).json(); got["status"] != "PENDING" {
		t.Errorf("edited: %v", got)
	}
	w.do(http.MethodDelete, templatesPath+"/9001", nil, admin).want(http.StatusNoContent)
	w.do(http.MethodGet, templatesPath+"/9001", nil, admin).want(http.StatusNotFound, noTemplate)
	if n := w.count("SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action LIKE '%_TEMPLATE'", h.ID); n != 3 {
		t.Errorf("%d changes are in the log", n)
	}
	says := func(text string) {
		w.meta.mu.Lock()
		defer w.meta.mu.Unlock()
		w.meta.answer = func(rw http.ResponseWriter, _ map[string]any) bool {
			rw.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(rw, text)
			return true
		}
	}
	says(`{"error":{"code":100,"error_subcode":2388293,"message":"Invalid parameter","error_user_msg":"Há parâmetros demais."}}`)
	w.do(http.MethodPost, templatesPath, draft(), admin).golden("refused_template_by_meta")
	says(`{"error":{"code":190,"message":"expired"}}`)
	w.do(http.MethodPost, templatesPath+"/sync", nil, admin).want(http.StatusUnprocessableEntity, "whatsapp_refused")
	list := w.do(http.MethodGet, templatesPath, nil, admin).want(http.StatusOK).json()
	state, _ := list["accounts"].([]any)[0].(map[string]any)
	if state["failure"] == nil || state["syncedAt"] == nil || state["templates"] != float64(2) {
		t.Errorf("after a reading that failed: %v", state)
	}
	says(`{"error":{"code":80007,"message":"limit"}}`)
	w.do(http.MethodDelete, templatesPath+"/9002", nil, admin).want(http.StatusServiceUnavailable, "whatsapp_busy")
	says(`<html>`)
	w.do(http.MethodPost, templatesPath+"/sync", nil, admin).want(http.StatusUnprocessableEntity)
}

// TestNumbersAsMetaSeesThem reads how numbers stand, and lets the hotel choose one.
func TestNumbersAsMetaSeesThem(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	w.account(h)
	pgtest.Exec(t, w.db, "UPDATE whatsapp_number SET display = '+55 12 3000-0000'")
	w.directory.ForgetAll()
	w.meta.answer = func(rw http.ResponseWriter, _ map[string]any) bool {
		_, _ = io.WriteString(rw, `{"id":"1","display_phone_number":"+55 11 3333-4444","verified_name":"Hotel Exemplo","name_status":"APPROVED",
			"quality_rating":"YELLOW","status":"CONNECTED","throughput":{"level":"STANDARD"},"whatsapp_business_manager_messaging_limit":"TIER_2K"}`)
		return true
	}
	w.do(http.MethodPost, "/api/whatsapp/numbers/sync", nil, admin).golden("account_numbers")
	second := w.do(http.MethodPost, "/api/tenants/numbers", map[string]any{"phoneNumberId": "77001", "accessToken": "x"}, admin).want(http.StatusCreated).json()
	id, _ := second["id"].(string)
	w.do(http.MethodPost, "/api/whatsapp/numbers/"+id+"/default", nil, admin).want(http.StatusOK)
	list := w.do(http.MethodGet, "/api/whatsapp/numbers", nil, admin).want(http.StatusOK).list()
	first := list[0]
	if len(list) != 2 || first["id"] != id || first["isDefault"] != true {
		t.Errorf("listed %v", list)
	}
	w.do(http.MethodPost, "/api/whatsapp/numbers/none/default", nil, admin).want(http.StatusNotFound, "number_not_found")
	w.meta.answer = func(rw http.ResponseWriter, _ map[string]any) bool {
		rw.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(rw, `{"error":{"code":190,"message":"expired"}}`)
		return true
	}
	for range 2 {
		w.do(http.MethodPost, "/api/whatsapp/numbers/sync", nil, admin).want(http.StatusOK)
	}
	if news := w.do(http.MethodGet, "/api/whatsapp/account-events?severity=critical", nil, admin).want(http.StatusOK).list(); len(news) != 2 {
		t.Errorf("administrators are told %d times of two numbers", len(news))
	}
}
