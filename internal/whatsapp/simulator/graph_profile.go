package simulator

import (
	"encoding/json"
	"net/http"
	"strings"
)

// profileLimits are the lengths of a business profile (Meta's profile page and SDKs).
var profileLimits = map[string]int{
	"about": 139, "address": 256, "description": 512, "email": 128, "vertical": 40, "profile_picture_handle": 1000,
}

// profile is GET and POST /{number}/whatsapp_business_profile.
func (s *Simulator) profile(w http.ResponseWriter, r *http.Request, id string) *graphError {
	a, gerr := s.number(r, id)
	if gerr != nil {
		return gerr
	}
	if r.Method == http.MethodGet {
		a.mu.Lock()
		all := map[string]any{"messaging_product": "whatsapp"}
		for key, v := range a.number.profile {
			all[key] = v
		}
		a.mu.Unlock()
		picked, gerr := pickFields(all, orText(r.URL.Query().Get("fields"), "messaging_product"), "WhatsAppBusinessProfile")
		if gerr != nil {
			return gerr
		}
		delete(picked, "id")
		s.writeGraph(w, http.StatusOK, pageJSON{Data: []any{picked}})
		return nil
	}
	body, gerr := s.readBody(r)
	if gerr != nil {
		return gerr
	}
	return s.setProfile(w, a, body)
}

func (s *Simulator) setProfile(w http.ResponseWriter, a *account, body []byte) *graphError {
	var o object
	if json.Unmarshal(body, &o) != nil {
		return refusal(100, "The request body is not a JSON object.")
	}
	c := &checker{sim: s}
	c.only("", o, "messaging_product", "about", "address", "description", "email", "vertical", "profile_picture_handle", "websites")
	values := map[string]any{}
	for key, limit := range profileLimits {
		if o[key] != nil {
			values[key] = c.optional("", o, key, limit)
		}
	}
	if o["websites"] != nil {
		var sites []string
		for _, raw := range c.list("websites", o["websites"], 0, 2) {
			site := c.required("websites", object{"url": raw}, "url", 256)
			sites = append(sites, site)
		}
		values["websites"] = sites
	}
	if values["about"] == "" {
		c.bad("about", "must have 1 to 139 characters")
	}
	if c.err != nil {
		return c.err
	}
	if values["profile_picture_handle"] != nil {
		values["profile_picture_url"] = "https://simulator.example/picture.jpg"
		delete(values, "profile_picture_handle")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for key, v := range values {
		a.number.profile[key] = v
	}
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}

// blockLimit is how many guests a number may block (Meta's block page).
const blockLimit = 64_000

// blockUsers is GET, POST and DELETE /{number}/block_users. Only guests who wrote in the last 24 hours can be blocked;
// when some cannot, the answer is 400 with both lists.
func (s *Simulator) blockUsers(w http.ResponseWriter, r *http.Request, id string) *graphError {
	var req struct {
		Product string `json:"messaging_product"`
		Users   []struct {
			User string `json:"user"`
		} `json:"block_users"`
	}
	a, gerr := s.numberBody(r, id, &req)
	if gerr != nil {
		return gerr
	}
	if r.Method == http.MethodGet {
		return s.writePage(w, r, a.blockedRows(), "BlockedUser")
	}
	if len(req.Users) == 0 {
		return refusal(100, "The parameter block_users is required.")
	}
	var good, bad []any
	a.mu.Lock()
	for _, u := range req.Users {
		key := canonicalPhone(u.User)
		g := a.guests[key]
		row := map[string]any{"input": u.User, "wa_id": digitsOf(u.User)}
		switch {
		case r.Method == http.MethodDelete:
			delete(a.number.blocked, key)
			good = append(good, row)
		case g == nil || !s.clock.time().Before(g.windowUntil) || len(a.number.blocked) >= blockLimit:
			row["errors"] = []any{map[string]any{"message": "Re-engagement required", "code": 131047, "error_data": map[string]any{"details": "The user has not written within 24 hours."}}}
			bad = append(bad, row)
		default:
			a.number.blocked[key] = true
			good = append(good, row)
		}
	}
	a.mu.Unlock()
	s.writeBlocked(w, r.Method, good, bad)
	return nil
}

func (s *Simulator) writeBlocked(w http.ResponseWriter, method string, good, bad []any) {
	key, status := "added_users", http.StatusOK
	if method == http.MethodDelete {
		key = "removed_users"
	}
	lists := map[string]any{key: good}
	out := map[string]any{"messaging_product": "whatsapp", "block_users": lists}
	if len(bad) > 0 {
		status = http.StatusBadRequest
		lists["failed_users"] = bad
		out["error"] = refusal(139100, "Some users could not be blocked.").body(s.ids.trace()).Error
	}
	s.writeGraph(w, status, out)
}

func (a *account) blockedRows() []map[string]any {
	a.mu.Lock()
	defer a.mu.Unlock()
	var rows []map[string]any
	for el := a.recent.Front(); el != nil; el = el.Next() {
		if g, _ := el.Value.(*guest); a.number.blocked[g.key] {
			rows = append(rows, map[string]any{"messaging_product": "whatsapp", "wa_id": g.waID, "id": g.waID})
		}
	}
	return rows
}

// forgetContact is DELETE /{number}/contact_book?bsuid=: Meta forgets the number of a guest with a username.
func (s *Simulator) forgetContact(w http.ResponseWriter, r *http.Request, id string) *graphError {
	a, gerr := s.number(r, id)
	if gerr != nil {
		return gerr
	}
	bsuid := r.URL.Query().Get("bsuid")
	if !strings.Contains(bsuid, ".") {
		return refusal(100, "The parameter bsuid is required.")
	}
	a.mu.Lock()
	if g := a.byUserID[bsuid]; g != nil {
		g.inBook = false
	}
	a.mu.Unlock()
	s.writeGraph(w, http.StatusOK, successJSON{Success: true})
	return nil
}
