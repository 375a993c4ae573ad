package simulator

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
)

// getObject answers GET /{id} for a number, a WhatsApp business account, a media id and debug_token.
func (s *Simulator) getObject(w http.ResponseWriter, r *http.Request, id string) *graphError {
	switch {
	case id == "debug_token":
		return s.debugToken(w, r)
	case s.account(id) != nil:
		return s.getNumber(w, r, id)
	case s.media.get(id, s.clock.time()) != nil:
		return s.getMedia(w, r, id)
	}
	accounts, gerr := s.waba(r, id)
	if gerr != nil {
		return gerr
	}
	info := accounts[0].info.Load()
	return s.writeFields(w, r, "WhatsAppBusinessAccount", map[string]any{
		"id": info.WABAID, "name": info.Name, "currency": "BRL", "timezone_id": "25", "country": "BR",
		"message_template_namespace": "simulator", "account_review_status": "APPROVED",
		"business_verification_status": "verified", "ownership_type": "SELF",
	}, "id", "name", "timezone_id", "message_template_namespace")
}

func (s *Simulator) getNumber(w http.ResponseWriter, r *http.Request, id string) *graphError {
	a, gerr := s.number(r, id)
	if gerr != nil {
		return gerr
	}
	return s.writeFields(w, r, "WhatsAppBusinessPhoneNumber", a.numberFields(),
		"id", "verified_name", "display_phone_number", "quality_rating", "code_verification_status", "platform_type",
		"throughput", "webhook_configuration")
}

func (a *account) numberFields() map[string]any {
	info := a.info.Load()
	url, _, _ := a.target()
	return map[string]any{
		"id": info.PhoneNumberID, "display_phone_number": spacedNumber(info.DisplayNumber), "verified_name": info.Name,
		"quality_rating": "GREEN", "code_verification_status": "VERIFIED", "name_status": "APPROVED",
		"status": "CONNECTED", "platform_type": "CLOUD_API", "throughput": map[string]any{"level": "STANDARD"},
		"account_mode": "LIVE", "is_official_business_account": false, "is_on_biz_app": false,
		"webhook_configuration":                     map[string]any{"application": url},
		"whatsapp_business_manager_messaging_limit": "TIER_2K",
		"health_status":                             map[string]any{"can_send_message": "AVAILABLE"},
	}
}

// spacedNumber is the formatted form of API answers: +55 11 3333-4444.
func spacedNumber(digits string) string {
	if len(digits) < 12 || !strings.HasPrefix(digits, "55") {
		return "+" + digits
	}
	cut := len(digits) - 4
	return "+55 " + digits[2:4] + " " + digits[4:cut] + "-" + digits[cut:]
}

// writeFields answers with the fields asked for in ?fields=, or the usual ones; an unknown field is refused.
func (s *Simulator) writeFields(
	w http.ResponseWriter, r *http.Request, node string, all map[string]any, usual ...string,
) *graphError {
	wanted := usual
	if q := r.URL.Query().Get("fields"); q != "" {
		wanted = append(strings.Split(q, ","), "id")
	}
	out := map[string]any{}
	for _, field := range wanted {
		field = strings.TrimSpace(field)
		v, ok := all[field]
		if !ok {
			e := refusal(100, "")
			e.message, e.noData = "(#100) Tried accessing nonexistent field ("+field+") on node type ("+node+")", true
			return e
		}
		out[field] = v
	}
	s.writeGraph(w, http.StatusOK, out)
	return nil
}

type pageJSON struct {
	Data any `json:"data"`
}

func (s *Simulator) listNumbers(w http.ResponseWriter, r *http.Request, id string) *graphError {
	accounts, gerr := s.waba(r, id)
	if gerr != nil {
		return gerr
	}
	data := make([]any, 0, len(accounts))
	for _, a := range accounts {
		data = append(data, a.numberFields())
	}
	s.writeGraph(w, http.StatusOK, pageJSON{Data: data})
	return nil
}

func (s *Simulator) listTemplates(w http.ResponseWriter, r *http.Request, id string) *graphError {
	accounts, gerr := s.waba(r, id)
	if gerr != nil {
		return gerr
	}
	data := []any{}
	for _, t := range accounts[0].info.Load().Templates {
		status := t.Status
		if status == "" {
			status = "APPROVED"
		}
		data = append(data, map[string]any{
			"id": t.ID, "name": t.Name, "language": t.Language, "category": t.Category, "status": status,
			"components": []any{map[string]any{"type": "BODY", "text": t.Body}},
		})
	}
	s.writeGraph(w, http.StatusOK, pageJSON{Data: data})
	return nil
}

// updateNumber sets or lifts the webhook override of a number; other settings are accepted and forgotten.
func (s *Simulator) updateNumber(w http.ResponseWriter, r *http.Request, id string) *graphError {
	a, gerr := s.number(r, id)
	if gerr != nil {
		return gerr
	}
	body, gerr := s.readBody(r)
	if gerr != nil {
		return gerr
	}
	var req struct {
		Pin     string `json:"pin"`
		Webhook *struct {
			URL   string `json:"override_callback_uri"`
			Token string `json:"verify_token"`
		} `json:"webhook_configuration"`
	}
	if err := json.Unmarshal(body, &req); err != nil {
		return refusal(100, "The request body is not a JSON object.")
	}
	if req.Webhook != nil {
		if gerr := s.checkOverride(r.Context(), req.Webhook.URL, req.Webhook.Token); gerr != nil {
			return gerr
		}
		a.mu.Lock()
		a.override = req.Webhook.URL
		a.mu.Unlock()
	}
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

// checkOverride does Meta's handshake with a new address; the empty address lifts an override.
func (s *Simulator) checkOverride(ctx context.Context, url, token string) *graphError {
	if url == "" {
		return nil
	}
	if len(url) > 200 || checkWebhookURL(url) != nil {
		return refusal(100, "override_callback_uri is not a valid URL of at most 200 characters.")
	}
	if err := s.handshake(ctx, url, token); err != nil {
		e := refusal(2200, "")
		e.message, e.noData = "(#2200) Callback verification failed: "+err.Error(), true
		return e
	}
	return nil
}

func (s *Simulator) subscribe(w http.ResponseWriter, r *http.Request, id string) *graphError {
	accounts, gerr := s.waba(r, id)
	if gerr != nil {
		return gerr
	}
	body, gerr := s.readBody(r)
	if gerr != nil {
		return gerr
	}
	var req struct {
		URL   string `json:"override_callback_uri"`
		Token string `json:"verify_token"`
	}
	if len(body) > 0 && json.Unmarshal(body, &req) != nil {
		return refusal(100, "The request body is not a JSON object.")
	}
	if gerr := s.checkOverride(r.Context(), req.URL, req.Token); gerr != nil {
		return gerr
	}
	s.setSubscription(accounts, true, req.URL)
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

func (s *Simulator) unsubscribe(w http.ResponseWriter, r *http.Request, id string) *graphError {
	accounts, gerr := s.waba(r, id)
	if gerr != nil {
		return gerr
	}
	s.setSubscription(accounts, false, "")
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

func (s *Simulator) setSubscription(accounts []*account, on bool, override string) {
	for _, a := range accounts {
		a.mu.Lock()
		a.subscribed, a.wabaOverride = on, override
		a.mu.Unlock()
	}
}

func (s *Simulator) listSubscriptions(w http.ResponseWriter, r *http.Request, id string) *graphError {
	accounts, gerr := s.waba(r, id)
	if gerr != nil {
		return gerr
	}
	data := []any{}
	accounts[0].mu.Lock()
	subscribed, override := accounts[0].subscribed, accounts[0].wabaOverride
	accounts[0].mu.Unlock()
	if subscribed {
		app := map[string]any{"whatsapp_business_api_data": map[string]any{
			"id": appID, "name": "Simulator", "link": "https://www.facebook.com/games/?app_id=" + appID,
		}}
		if override != "" {
			app["override_callback_uri"] = override
		}
		data = append(data, app)
	}
	s.writeGraph(w, http.StatusOK, pageJSON{Data: data})
	return nil
}

// appID is the one app of the simulator.
const appID = "900100000000001"

// debugToken tells whether a token works and for which business accounts. Any token may ask about itself.
func (s *Simulator) debugToken(w http.ResponseWriter, r *http.Request) *graphError {
	asked := r.URL.Query().Get("input_token")
	if asked == "" {
		return refusal(100, "The parameter input_token is required.")
	}
	if token := tokenOf(r); !strings.HasPrefix(token, appID+"|") {
		if gerr := s.checkToken(token); gerr != nil {
			return gerr
		}
	}
	targets := []string{}
	for _, a := range s.allAccounts() {
		if info := a.info.Load(); info.AccessToken == asked {
			targets = append(targets, info.WABAID)
		}
	}
	data := map[string]any{"app_id": appID, "is_valid": len(targets) > 0, "type": "SYSTEM_USER", "expires_at": 0}
	if len(targets) == 0 {
		data["error"] = map[string]any{"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
	} else {
		scopes := []string{"whatsapp_business_management", "whatsapp_business_messaging"}
		data["scopes"] = scopes
		granular := []any{}
		for _, scope := range scopes {
			granular = append(granular, map[string]any{"scope": scope, "target_ids": targets})
		}
		data["granular_scopes"] = granular
	}
	s.writeGraph(w, http.StatusOK, pageJSON{Data: data})
	return nil
}
