package simulator

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// writePage answers a list: fields as asked for, a page at a time, with cursors that only this simulator can make.
func (s *Simulator) writePage(w http.ResponseWriter, r *http.Request, rows []map[string]any, node string) *graphError {
	q := r.URL.Query()
	limit, err := strconv.Atoi(orText(q.Get("limit"), "25"))
	if err != nil || limit < 1 || limit > 1000 {
		return refusal(100, "Param limit must be 1 to 1000.")
	}
	from, ok1 := s.readCursor(q.Get("after"), 0)
	until, ok2 := s.readCursor(q.Get("before"), len(rows))
	if !ok1 || !ok2 || from > len(rows) || s.faults.takePlain(EffectBadCursor) {
		return refusal(131059, "The pagination cursor is invalid or has expired: start the listing again.")
	}
	if q.Has("before") {
		from = max(0, until-limit)
	}
	to := min(len(rows), from+limit, until)
	data := make([]any, 0, limit)
	if s.faults.takePlain(EffectEmptyPage) {
		to = from
	}
	for _, row := range rows[from:max(from, to)] {
		picked, gerr := pickFields(row, q.Get("fields"), node)
		if gerr != nil {
			return gerr
		}
		data = append(data, picked)
	}
	out := map[string]any{"data": data}
	if len(rows) > 0 {
		out["paging"] = s.paging(r, from, to, len(rows))
	}
	s.writeGraph(w, http.StatusOK, out)
	return nil
}

func (s *Simulator) paging(r *http.Request, from, to, total int) map[string]any {
	before, after := s.cursor(from), s.cursor(to)
	paging := map[string]any{"cursors": map[string]any{"before": before, "after": after}}
	if to < total {
		paging["next"] = s.pageAddress(r, "after", after)
	}
	if from > 0 {
		paging["previous"] = s.pageAddress(r, "before", before)
	}
	return paging
}

func (s *Simulator) pageAddress(r *http.Request, key, cursor string) string {
	q := url.Values{}
	for k, v := range r.URL.Query() {
		if k != "after" && k != "before" && k != "access_token" {
			q[k] = v
		}
	}
	q.Set(key, cursor)
	return s.base(r) + r.URL.Path + "?" + q.Encode()
}

// base is where this simulator is reachable.
func (s *Simulator) base(r *http.Request) string {
	if s.opts.PublicURL != "" {
		return strings.TrimRight(s.opts.PublicURL, "/")
	}
	return "http://" + r.Host
}

// cursor is opaque, and proves that it was made here.
func (s *Simulator) cursor(at int) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.%x", at, mix(s.ids.seed^uint64(at)+1)))
}

func (s *Simulator) readCursor(text string, none int) (int, bool) {
	if text == "" {
		return none, true
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return 0, false
	}
	number, _, _ := strings.Cut(string(raw), ".")
	at, err := strconv.Atoi(number)
	return at, err == nil && at >= 0 && s.cursor(at) == text
}

// pickFields keeps what ?fields= names, and the id; without it everything.
func pickFields(all map[string]any, fields, node string) (map[string]any, *graphError) {
	if fields == "" {
		return all, nil
	}
	out := map[string]any{"id": all["id"]}
	for _, field := range strings.Split(fields, ",") {
		field = strings.TrimSpace(field)
		v, ok := all[field]
		if !ok && !optionalFields[field] {
			return nil, errNoField(field, node)
		}
		if ok {
			out[field] = v
		}
	}
	return out, nil
}

// optionalFields exist at Meta and are left out of answers while they are empty.
var optionalFields = map[string]bool{
	"previous_category": true, "correct_category": true, "message_send_ttl_seconds": true, "new_name_status": true,
	"profile_picture_url": true, "about": true, "address": true, "description": true, "email": true, "websites": true, "vertical": true,
}

func errNoField(field, node string) *graphError {
	e := refusal(100, "")
	e.message, e.noData = "(#100) Tried accessing nonexistent field ("+field+") on node type ("+node+")", true
	return e
}

func orText(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

// readStrict decodes a JSON body and refuses unknown keys.
func (s *Simulator) readStrict(r *http.Request, v any) *graphError {
	body, gerr := s.readBody(r)
	if gerr != nil {
		return gerr
	}
	if err := strictJSON(body, v); err != nil && len(body) > 0 {
		return refusal(100, err.Error())
	}
	return nil
}

// drained reads what is left of a body that does not matter.
func drained(r *http.Request) { _, _ = io.Copy(io.Discard, io.LimitReader(r.Body, 1<<20)) }
