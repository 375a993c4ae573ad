package simulator

import (
	"net/http"
	"regexp"
	"slices"
	"time"
)

// Limits of registration (Meta's registration page).
const (
	registersAllowed = 10
	registersWithin  = 72 * time.Hour
	pinGuesses       = 5
)

var sixDigits = regexp.MustCompile(`^\d{6}$`)

// numberBody decodes a strict body for a number that the token may change.
func (s *Simulator) numberBody(r *http.Request, id string, v any) (*account, *graphError) {
	a, gerr := s.number(r, id)
	if gerr != nil {
		return nil, gerr
	}
	return a, s.readStrict(r, v)
}

// rename takes a new PIN or asks for a new name.
func (a *account) rename(pin, name string) *graphError {
	a.mu.Lock()
	defer a.mu.Unlock()
	if pin != "" {
		if !sixDigits.MatchString(pin) {
			return refusal(100, "Param pin must be six digits.")
		}
		a.number.pin = pin
		a.emit("security", map[string]any{"display_phone_number": a.info.Load().DisplayNumber, "event": "PIN_CHANGED", "requester": appID})
	}
	if name != "" {
		a.number.newName, a.number.NameStatus = name, "PENDING_REVIEW"
	}
	return nil
}

func (s *Simulator) requestCode(w http.ResponseWriter, r *http.Request, id string) *graphError {
	var req struct {
		Method   string `json:"code_method"`
		Language string `json:"language"`
	}
	a, gerr := s.numberBody(r, id, &req)
	if gerr != nil {
		return gerr
	}
	if q := r.URL.Query(); req.Method == "" {
		req.Method, req.Language = q.Get("code_method"), q.Get("language")
	}
	if req.Method != "SMS" && req.Method != "VOICE" || req.Language == "" {
		return refusal(100, "code_method must be SMS or VOICE, and language must be given.")
	}
	a.mu.Lock()
	a.number.code = "123456" // everybody knows the codes of a simulator
	a.mu.Unlock()
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

func (s *Simulator) verifyCode(w http.ResponseWriter, r *http.Request, id string) *graphError {
	var req struct {
		Code string `json:"code"`
	}
	a, gerr := s.numberBody(r, id, &req)
	if gerr != nil {
		return gerr
	}
	code := orText(req.Code, r.URL.Query().Get("code"))
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.number.code == "" || code != a.number.code {
		e := refusal(136025, "")
		e.message = "(#136025) Verify code error"
		return e
	}
	a.number.code, a.number.Verified = "", true
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

func (s *Simulator) register(w http.ResponseWriter, r *http.Request, id string) *graphError {
	var req struct {
		Product string `json:"messaging_product"`
		PIN     string `json:"pin"`
		Region  string `json:"data_localization_region"`
		Backup  any    `json:"backup"`
	}
	a, gerr := s.numberBody(r, id, &req)
	switch {
	case gerr != nil:
		return gerr
	case req.Product != "whatsapp":
		return refusal(100, "The parameter messaging_product is required.")
	case !sixDigits.MatchString(req.PIN):
		return refusal(100, "Param pin must be six digits.")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	n := &a.number
	if gerr := a.countRegister(); gerr != nil {
		return gerr
	}
	switch {
	case !n.Verified:
		return refusal(133006, "The phone number must be verified first.")
	case n.pinTries >= pinGuesses:
		return refusal(133008, "Too many PIN guesses. Try again in 1 hour.")
	case n.pin != "" && n.pin != req.PIN:
		n.pinTries++
		return refusal(133005, "The PIN is not right.")
	}
	n.pin, n.pinTries, n.Registered, n.Status = req.PIN, 0, true, "CONNECTED"
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

// countRegister counts a call to register or deregister. The caller holds a.mu.
func (a *account) countRegister() *graphError {
	n, now := &a.number, a.sim.clock.time()
	n.registered = slices.DeleteFunc(n.registered, func(at time.Time) bool { return now.Sub(at) >= registersWithin })
	if len(n.registered) >= registersAllowed {
		return refusal(133016, "The number was registered and deregistered 10 times within 72 hours.")
	}
	n.registered = append(n.registered, now)
	return nil
}

func (s *Simulator) deregister(w http.ResponseWriter, r *http.Request, id string) *graphError {
	a, gerr := s.number(r, id)
	if gerr != nil {
		return gerr
	}
	drained(r)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.number.Coexistence {
		return refusal(100, "A number that is also in the WhatsApp Business app cannot be deregistered.")
	}
	if gerr := a.countRegister(); gerr != nil {
		return gerr
	}
	a.number.Registered = false
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

// numberSettings is GET and POST /{number}/settings: kept and shown again.
func (s *Simulator) numberSettings(w http.ResponseWriter, r *http.Request, id string) *graphError {
	var req map[string]any
	a, gerr := s.numberBody(r, id, &req)
	if gerr != nil {
		return gerr
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.Method == http.MethodGet {
		s.writeGraph(w, http.StatusOK, a.number.settings)
		return nil
	}
	for key, v := range req {
		if !slices.Contains([]string{"calling", "user_identity_change", "storage_configuration", "payload_encryption", "messaging_product"}, key) {
			return refusal(100, "Unexpected key "+key+".")
		}
		a.number.settings[key] = v
	}
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

// syncApp is POST /{number}/smb_app_data: contacts first, then history, once each, of coexistence numbers.
func (s *Simulator) syncApp(w http.ResponseWriter, r *http.Request, id string) *graphError {
	var req struct {
		Product string `json:"messaging_product"`
		Type    string `json:"sync_type"`
	}
	a, gerr := s.numberBody(r, id, &req)
	if gerr != nil {
		return gerr
	}
	if req.Type != "smb_app_state_sync" && req.Type != "history" {
		return refusal(100, "Param sync_type must be smb_app_state_sync or history.")
	}
	a.mu.Lock()
	coexists := a.number.Coexistence
	fresh := !a.number.synced[req.Type]
	if coexists {
		a.number.synced[req.Type] = true
	}
	a.mu.Unlock()
	switch {
	case !coexists:
		return refusal(100, "The number is not in the WhatsApp Business app.")
	case !fresh:
		return refusal(2593107, "Synchronisation can be requested once.")
	}
	s.writeGraph(w, http.StatusOK, map[string]any{"messaging_product": "whatsapp", "request_id": s.ids.secret()})
	if req.Type == "history" {
		s.sendHistory(a, HistoryPlan{})
	} else {
		s.sendAddressBook(a)
	}
	return nil
}
