package whatsapp_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/template"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

var account = whatsapp.Account{WABAID: "301200000000001", AccessToken: "EAAG-token-de-teste"}

// stay has every part that a template without cards can have.
var stay = template.Form{
	Header: &template.Header{Format: "TEXT", Text: "Olá {{nome}}", Example: "Marina"}, Body: "De {{checkin}} a {{checkout}}, certo?",
	Footer: "Hotel Exemplo", Examples: []string{"12/12", "15/12"},
	Buttons: []template.Button{
		{Type: "QUICK_REPLY", Text: "Sim"},
		{Type: "URL", Text: "Ver", URL: "https://hotel.example/r/{{1}}", Example: "https://hotel.example/r/1"},
		{Type: "PHONE_NUMBER", Text: "Ligar", Phone: "+551133334444"},
		{Type: "COPY_CODE", Example: "VERAO"},
		{Type: "FLOW", Text: "Preencher", FlowID: "77", Action: "navigate", Screen: "INICIO"},
	},
}

var rooms = template.Form{Body: "Escolha, {{1}}!", Examples: []string{"Ana"}, Cards: []template.Form{
	{Header: &template.Header{Format: "IMAGE", Example: "4::a"}, Body: "Vista {{1}} linda", Examples: []string{"mar"}, Buttons: []template.Button{{Type: "QUICK_REPLY", Text: "Este"}}},
	{Header: &template.Header{Format: "IMAGE", Example: "4::b"}, Body: "Vista {{1}} linda", Examples: []string{"rua"}, Buttons: []template.Button{{Type: "QUICK_REPLY", Text: "Este"}}},
}}

// TestFormsComeBack: what is handed in to Meta reads as the same when Meta lists it.
func TestFormsComeBack(t *testing.T) {
	t.Parallel()
	offer := template.Form{Body: "Só hoje", Offer: &template.Offer{Text: "20%", Expires: true}, Header: &template.Header{Format: "IMAGE", Example: "4::a"}}
	code := template.Form{Security: true, Minutes: 5, Buttons: []template.Button{{Type: "OTP", OTP: "COPY_CODE"}}}
	for name, d := range map[string]template.Draft{
		"define_stay":  {Name: "estadia", Language: "pt_BR", Category: template.Utility, Form: stay},
		"define_rooms": {Name: "quartos", Language: "pt_BR", Category: template.Marketing, Form: rooms, TTL: 3600},
		"define_offer": {Name: "oferta", Language: "pt_BR", Category: template.Marketing, Form: offer},
		"define_code":  {Name: "codigo", Language: "pt_BR", Category: template.Authentication, Form: code},
	} {
		var kept struct {
			Components json.RawMessage `json:"components"`
		}
		var body []byte
		client := serve(t, func(w http.ResponseWriter, r *http.Request) {
			switch r.Method {
			case http.MethodPost:
				body, _ = io.ReadAll(r.Body)
				_ = json.Unmarshal(body, &kept)
				_, _ = io.WriteString(w, `{"id":"9001","status":"PENDING","category":"`+d.Category+`"}`)
			default:
				_, _ = fmt.Fprintf(w, `{"data":[{"id":9001,"name":"%s","language":"pt_BR","status":"approved","components":%s,"rejected_reason":"NONE"}]}`, d.Name, kept.Components)
			}
		})
		made, err := client.CreateTemplate(t.Context(), account, d)
		if err != nil || made.ID != "9001" || made.Status != template.Pending || made.Category != d.Category {
			t.Fatalf("%s: made %+v, %v", name, made, err)
		}
		golden(t, "testdata/request/"+name+".golden.json", json.RawMessage(body))
		all, err := client.Templates(t.Context(), account)
		if err != nil || len(all) != 1 {
			t.Fatalf("%s: listed %+v, %v", name, all, err)
		}
		if diff := cmp.Diff(&d.Form, all[0].Form); diff != "" || all[0].Status != template.Approved || all[0].Reason != "" {
			t.Errorf("%s: came back as %+v: %s", name, all[0], diff)
		}
	}
}

// TestTemplatePages follows the pages, begins anew when the list changed, and never sends
// the token to an address that an answer names.
func TestTemplatePages(t *testing.T) {
	t.Parallel()
	asked := 0
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch after := r.URL.Query().Get("after"); {
		case asked == 2: // the cursor is stale, once
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error":{"code":131059,"message":"cursor"}}`)
		case after == "":
			_, _ = io.WriteString(w, `{"data":[{"id":"1","name":"a","language":"es","status":"APPROVED"},{"name":"no id"},7],"paging":{"cursors":{"after":"x"},"next":"https://evil.example/"}}`)
		case after == "x":
			_, _ = io.WriteString(w, `{"data":[],"paging":{"cursors":{"after":"y"},"next":"https://evil.example/"}}`)
		default:
			_, _ = io.WriteString(w, `{"data":[{"id":"2","name":"b","language":"es","status":"PAUSED","quality_score":{"score":"RED"},"components":{"odd":1}}],"paging":{"cursors":{"after":"z"}}}`)
		}
	})
	all, err := client.Templates(t.Context(), account)
	if err != nil || len(all) != 2 || asked != 5 || all[1].Quality != "RED" {
		t.Errorf("%+v, %v after %d questions", all, err, asked)
	}
}

func TestTemplateRefusals(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete && r.URL.Query().Get("hsm_id") == "1" && r.URL.Query().Get("name") == "a b" {
			_, _ = io.WriteString(w, `{"success":true}`)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":{"code":100,"error_subcode":2388299,"message":"Invalid parameter","error_user_title":"Variáveis","error_user_msg":"no início"}}`)
	})
	err := client.EditTemplate(t.Context(), account, "9001", template.Draft{Form: stay}, "")
	var refusal *whatsapp.APIError
	if !errors.As(err, &refusal) || refusal.DraftField() != "body" || refusal.UserMessage != "Variáveis no início" {
		t.Errorf("%#v", err)
	}
	if err := client.DeleteTemplate(t.Context(), account, "a b", "1"); err != nil {
		t.Error(err)
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for version, near := range map[string]bool{"v21.0": true, "v22.0": false, "v25.0": false, "v26.0": false} {
		if s := whatsapp.StateOfVersion(version, at); s.Near != near || !s.Known || (s.Warning() != "") != near {
			t.Errorf("%+v", s)
		}
	}
	if s := whatsapp.StateOfVersion(whatsapp.DefaultVersion, time.Date(2028, 7, 29, 0, 0, 0, 0, time.UTC)); !s.Ended {
		t.Errorf("%+v", s)
	}
	if s := whatsapp.StateOfVersion("v99.0", at); s.Known || s.Warning() == "" {
		t.Errorf("%+v", s)
	}
}
