package simulator

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
)

// getObject answers GET /{id} for a number, a WhatsApp business account, a media id, a template and a flow.
func (s *Simulator) getObject(w http.ResponseWriter, r *http.Request, id string) *graphError {
	switch {
	case s.account(id) != nil:
		return s.getNumber(w, r, id)
	case strings.HasPrefix(id, "upload:"):
		return s.getUpload(w, r, id)
	case s.isMedia(id):
		return s.getMedia(w, r, id)
	case s.isTemplate(id):
		return s.getTemplate(w, r, id)
	case s.isFlow(id):
		return s.getFlow(w, r, id)
	}
	accounts, gerr := s.waba(r, id)
	if gerr != nil {
		return gerr
	}
	info, state := accounts[0].info.Load(), accounts[0].business().present()
	verified := "not_verified"
	if state.Verified {
		verified = "verified"
	}
	return s.writeFields(w, r, "WhatsAppBusinessAccount", map[string]any{
		"id": info.WABAID, "name": info.Name, "currency": "BRL", "timezone_id": "25", "country": "BR",
		"message_template_namespace": "simulator", "account_review_status": state.Review,
		"business_verification_status": verified, "ownership_type": "SELF", "health_status": healthOf(state, nil),
	}, "id", "name", "timezone_id", "message_template_namespace")
}

// postObject is POST /{id}: a number, a template or an upload.
func (s *Simulator) postObject(w http.ResponseWriter, r *http.Request, id string) *graphError {
	switch {
	case strings.HasPrefix(id, "upload:"):
		return s.continueUpload(w, r, id)
	case s.isTemplate(id):
		return s.editTemplate(w, r, id)
	}
	return s.updateNumber(w, r, id)
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
	info, state := a.info.Load(), a.business().present()
	a.mu.Lock()
	defer a.mu.Unlock()
	n := a.number
	webhooks := map[string]any{"application": info.WebhookURL}
	if a.wabaOverride != "" {
		webhooks["whatsapp_business_account"] = a.wabaOverride
	}
	if a.override != "" {
		webhooks["phone_number"] = a.override
	}
	verified := "NOT_VERIFIED"
	if n.Verified {
		verified = "VERIFIED"
	}
	out := map[string]any{
		"id": info.PhoneNumberID, "display_phone_number": spacedNumber(info.DisplayNumber), "verified_name": info.Name,
		"quality_rating": n.Quality, "code_verification_status": verified, "name_status": n.NameStatus,
		"status": n.Status, "platform_type": "CLOUD_API", "throughput": map[string]any{"level": n.Throughput},
		"account_mode": "LIVE", "is_official_business_account": false, "is_on_biz_app": n.Coexistence,
		"webhook_configuration": webhooks, "host_platform": "CLOUD_API", "search_visibility": "NON_VISIBLE",
		"whatsapp_business_manager_messaging_limit": state.Tier, "messaging_limit_tier": state.Tier,
		"health_status": healthOf(state, &n.NumberState),
	}
	if len(info.AllowedRecipients) > 0 {
		out["account_mode"] = "SANDBOX"
	}
	if !n.Registered {
		out["platform_type"], out["status"] = "NOT_APPLICABLE", "DISCONNECTED"
	}
	if n.newName != "" {
		out["new_name_status"] = "PENDING_REVIEW"
	}
	return out
}

// healthOf says whether messages can be sent, and what is in the way.
func healthOf(b BusinessState, n *NumberState) map[string]any {
	can := "AVAILABLE"
	switch {
	case b.Restricted, n != nil && (n.Status == "BANNED" || !n.Registered):
		can = "BLOCKED"
	case b.NoPayment, !b.Verified, n != nil && n.Quality == "RED":
		can = "LIMITED"
	}
	return map[string]any{"can_send_message": can, "entities": []any{
		map[string]any{"entity_type": "WABA", "can_send_message": can}, map[string]any{"entity_type": "APP", "can_send_message": "AVAILABLE"},
	}}
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
	fields := r.URL.Query().Get("fields")
	if fields == "" {
		fields = strings.Join(usual, ",")
	}
	out, gerr := pickFields(all, fields, node)
	if gerr != nil {
		return gerr
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
	rows := make([]map[string]any, 0, len(accounts))
	for _, a := range accounts {
		rows = append(rows, a.numberFields())
	}
	return s.writePage(w, r, rows, "WhatsAppBusinessPhoneNumber")
}

// updateNumber sets or lifts the webhook override of a number, its PIN, or asks for a new name.
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
		Name    string `json:"new_display_name"`
		Search  string `json:"search_visibility"`
		Webhook *struct {
			URL   string `json:"override_callback_uri"`
			Token string `json:"verify_token"`
		} `json:"webhook_configuration"`
	}
	if err := strictJSON(body, &req); err != nil {
		return refusal(100, err.Error())
	}
	if gerr := a.rename(req.Pin, req.Name); gerr != nil {
		return gerr
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
