package simulator

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// appID is the one app of the simulator.
const appID = "900100000000001"

// codeLives is how long the code of an embedded signup may be exchanged (Meta, 2025).
const codeLives = 30 * time.Second

// appState is what belongs to the app: signup codes and uploads.
type appState struct {
	mu      sync.Mutex
	codes   map[string]signupCode
	uploads map[string]*resumable
}

type signupCode struct {
	account string
	until   time.Time
}

// debugToken tells whether a token works and for which business accounts. Any token may ask about itself.
func (s *Simulator) debugToken(w http.ResponseWriter, r *http.Request, _ string) *graphError {
	asked := r.URL.Query().Get("input_token")
	if asked == "" {
		return refusal(100, "The parameter input_token is required.")
	}
	if token := tokenOf(r); !isAppToken(token) {
		if gerr := s.checkToken(token); gerr != nil {
			return gerr
		}
	}
	targets, expires := []string{}, int64(0)
	for _, a := range s.allAccounts() {
		if info := a.info.Load(); info.AccessToken == asked && s.tokenLives(info) {
			targets = append(targets, info.WABAID)
			if !info.TokenExpires.IsZero() {
				expires = info.TokenExpires.Unix()
			}
		}
	}
	data := map[string]any{"app_id": appID, "is_valid": len(targets) > 0, "type": "SYSTEM_USER", "expires_at": expires}
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

// An app token is "app-id|app-secret". The secrets of all accounts are the app's.
func isAppToken(token string) bool { return strings.HasPrefix(token, appID+"|") }

func (s *Simulator) isAppSecret(secret string) bool {
	return slices.ContainsFunc(s.allAccounts(), func(a *account) bool { return a.info.Load().AppSecret == secret })
}

// SignupCode makes the code that the login dialog of embedded signup gives to the browser, for an account's token.
func (s *Simulator) SignupCode(accountID string) (string, error) {
	if s.account(accountID) == nil {
		return "", ErrNoAccount
	}
	code := "AQ" + s.ids.secret()
	s.app.mu.Lock()
	defer s.app.mu.Unlock()
	if s.app.codes == nil {
		s.app.codes = map[string]signupCode{}
	}
	s.app.codes[code] = signupCode{account: accountID, until: s.clock.time().Add(codeLives)}
	return code, nil
}

// exchangeCode is GET /oauth/access_token: a code works once, for 30 seconds.
func (s *Simulator) exchangeCode(w http.ResponseWriter, r *http.Request, _ string) *graphError {
	q := r.URL.Query()
	if q.Get("client_id") != appID || !s.isAppSecret(q.Get("client_secret")) {
		return refusal(1, "Error validating client secret.")
	}
	s.app.mu.Lock()
	code, ok := s.app.codes[q.Get("code")]
	delete(s.app.codes, q.Get("code"))
	s.app.mu.Unlock()
	if !ok || s.clock.time().After(code.until) {
		return refusal(100, "This authorization code has expired or has been used.")
	}
	s.writeGraph(w, http.StatusOK, map[string]any{"access_token": s.account(code.account).info.Load().AccessToken, "token_type": "bearer"})
	return nil
}

// appSubscriptions is GET and POST /{app}/subscriptions with the app token: address, verify token and fields.
func (s *Simulator) appSubscriptions(w http.ResponseWriter, r *http.Request, _ string) *graphError {
	_, secret, _ := strings.Cut(tokenOf(r), "|")
	if !isAppToken(tokenOf(r)) || !s.isAppSecret(secret) {
		return errBadToken()
	}
	var mine []*account
	for _, a := range s.allAccounts() {
		if a.info.Load().AppSecret == secret {
			mine = append(mine, a)
		}
	}
	if r.Method == http.MethodGet {
		info := mine[0].info.Load()
		s.writeGraph(w, http.StatusOK, pageJSON{Data: []any{map[string]any{
			"object": "whatsapp_business_account", "callback_url": info.WebhookURL, "active": true, "fields": fieldsJSON(info.Fields),
		}}})
		return nil
	}
	q := r.URL.Query()
	if q.Get("object") != "whatsapp_business_account" {
		return refusal(100, "Param object must be whatsapp_business_account.")
	}
	return s.subscribeApp(r.Context(), w, mine, q.Get("callback_url"), q.Get("verify_token"), q.Get("fields"))
}

func (s *Simulator) subscribeApp(ctx context.Context, w http.ResponseWriter, mine []*account, address, token, fields string) *graphError {
	if address == "" {
		return refusal(100, "The parameter callback_url is required.")
	}
	if gerr := s.checkOverride(ctx, address, token); gerr != nil {
		return gerr
	}
	for _, a := range mine {
		info := *a.info.Load()
		info.WebhookURL, info.VerifyToken, info.Fields = address, token, nil
		if fields != "" {
			info.Fields = strings.Split(fields, ",")
		}
		s.placeAccount(info)
	}
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

func fieldsJSON(fields []string) []any {
	if len(fields) == 0 {
		fields = append([]string{"messages"}, EventFields()...)
	}
	out := []any{}
	for _, f := range fields {
		out = append(out, map[string]any{"name": f, "version": "v25.0"})
	}
	return out
}

// Flows are a stub: enough to list them and to see their state.

func (s *Simulator) listFlows(w http.ResponseWriter, r *http.Request, id string) *graphError {
	if _, gerr := s.waba(r, id); gerr != nil {
		return gerr
	}
	b := s.business(id)
	b.mu.Lock()
	rows := slices.Clone(b.flows)
	b.mu.Unlock()
	return s.writePage(w, r, rows, "Flow")
}

func (s *Simulator) createFlow(w http.ResponseWriter, r *http.Request, id string) *graphError {
	if _, gerr := s.waba(r, id); gerr != nil {
		return gerr
	}
	var req struct {
		Name       string   `json:"name"`
		Categories []string `json:"categories"`
		JSON       string   `json:"flow_json"`
		Publish    bool     `json:"publish"`
		Endpoint   string   `json:"endpoint_uri"`
	}
	if gerr := s.readStrict(r, &req); gerr != nil {
		return gerr
	}
	if req.Name == "" || len(req.Categories) == 0 {
		return refusal(100, "name and categories are required.")
	}
	status := "DRAFT"
	if req.Publish {
		status = "PUBLISHED"
	}
	flow := map[string]any{
		"id": s.ids.digits('6'), "name": req.Name, "status": status, "categories": req.Categories, "validation_errors": []any{},
	}
	b := s.business(id)
	b.mu.Lock()
	b.flows = append(b.flows, flow)
	b.mu.Unlock()
	s.writeGraph(w, http.StatusOK, map[string]any{"id": flow["id"], "success": true, "validation_errors": []any{}})
	return nil
}

func (s *Simulator) flow(id string) (waba string, found map[string]any) {
	for _, b := range s.allBusinesses() {
		b.mu.Lock()
		for _, f := range b.flows {
			if f["id"] == id {
				waba, found = b.id, f
			}
		}
		b.mu.Unlock()
	}
	return waba, found
}

func (s *Simulator) isFlow(id string) bool { _, f := s.flow(id); return f != nil }

func (s *Simulator) getFlow(w http.ResponseWriter, r *http.Request, id string) *graphError {
	waba, f := s.flow(id)
	if _, gerr := s.waba(r, waba); gerr != nil {
		return gerr
	}
	return s.writeFields(w, r, "Flow", f, "id", "name", "status", "categories", "validation_errors")
}
