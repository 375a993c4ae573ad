package simulator

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Graph API versions that are accepted: the oldest that still worked and the newest as of September 2026.
const (
	oldestVersion = 16
	newestVersion = 26
)

var versionSegment = regexp.MustCompile(`^v(\d{1,3})\.\d$`)

// Handler serves all three planes.
func (s *Simulator) Handler() http.Handler {
	// Control calls change things without a password: other sites' pages must not make them.
	control, page := http.NewCrossOriginProtection().Handler(s.controlRoutes()), phonePage()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case s.isClosed():
			http.Error(w, "simulator is closed", http.StatusServiceUnavailable)
		case strings.HasPrefix(path, "/simulator/"):
			control.ServeHTTP(w, r)
		case path == "/phone" || strings.HasPrefix(path, "/phone/"):
			page.ServeHTTP(w, r)
		case strings.HasPrefix(path, "/sim-lookaside/"):
			s.count.requests.Add(1)
			s.serveLookaside(w, r)
		case path == "/":
			http.Redirect(w, r, "/phone", http.StatusFound)
		default:
			s.count.requests.Add(1)
			s.serveGraph(w, r)
		}
	})
}

// serveGraph routes a call to the imitated Graph API: /v25.0/{id} or /v25.0/{id}/{edge}.
func (s *Simulator) serveGraph(w http.ResponseWriter, r *http.Request) {
	if !s.pause(r.Context(), s.knobs.Load().Latency) {
		return
	}
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	version := versionSegment.FindStringSubmatch(parts[0])
	if version == nil {
		s.serveUnknown(w, r)
		return
	}
	if n, _ := strconv.Atoi(version[1]); n < oldestVersion || n > newestVersion {
		s.serveUnknown(w, r)
		return
	}
	w.Header().Set("Facebook-Api-Version", parts[0])
	handler, name := s.graphRoute(r.Method, parts[1:])
	if handler == nil {
		s.serveUnknown(w, r)
		return
	}
	if gerr := s.countCall(w, name, parts[1]); gerr != nil {
		s.writeGraphError(w, gerr)
		return
	}
	if s.strikeCall(w, r, name, parts[1]) {
		return
	}
	if err := handler(w, r, parts[1]); err != nil {
		s.writeGraphError(w, err)
	}
}

// countCall counts management calls, puts the count into the header that says how much is used, and refuses what is
// over the hour's limit.
func (s *Simulator) countCall(w http.ResponseWriter, name, id string) *graphError {
	_, edge, _ := strings.Cut(name, " ")
	limit := s.knobs.Load().Rules.ManagementCalls
	if limit == 0 || !slices.Contains(managed, edge) {
		return nil
	}
	b := s.business(id)
	b.mu.Lock()
	n := b.calls.count(s.clock.time())
	regain := int(time.Hour.Minutes() - s.clock.time().Sub(b.calls.hour).Minutes())
	b.mu.Unlock()
	if n <= limit {
		regain = 0
	}
	w.Header().Set("X-Business-Use-Case-Usage", fmt.Sprintf(
		`{"%s":[{"type":"whatsapp_business_management","call_count":%d,"total_cputime":0,"total_time":0,"estimated_time_to_regain_access":%d}]}`,
		id, min(100, n*100/limit), regain))
	if n > limit {
		return refusal(80008, "There have been too many calls to this WhatsApp Business account. Wait and try again.")
	}
	return nil
}

// strikeCall lets a fault strike another call than a send. It says whether the call was answered.
func (s *Simulator) strikeCall(w http.ResponseWriter, r *http.Request, name, id string) bool {
	if name == "POST messages" || name == "POST marketing_messages" {
		return false
	}
	f := s.faults.take(attempt{plane: PlaneSend, call: name, account: id, waba: id})
	if f == nil {
		return false
	}
	if !s.pause(r.Context(), f.latency(s.ids.seed)) {
		return true
	}
	if f.is(EffectHold) {
		s.hold(w, r)
		return true
	}
	handled, gerr := s.strikeBefore(w, r, f)
	if gerr != nil {
		s.writeGraphError(w, gerr)
	}
	return handled
}

// graphHandler answers itself or returns the error to answer with.
type graphHandler func(w http.ResponseWriter, r *http.Request, id string) *graphError

// graphRoute finds what imitates a call, and how the call is named for faults.
func (s *Simulator) graphRoute(method string, path []string) (handle graphHandler, name string) {
	switch len(path) {
	case 1:
		if fixed := map[string]graphHandler{"GET debug_token": s.debugToken}[method+" "+path[0]]; fixed != nil {
			return fixed, method + " " + path[0]
		}
		name = method + " object"
		if s.isMedia(path[0]) {
			name = method + " media"
		}
		return map[string]graphHandler{"GET": s.getObject, "POST": s.postObject, "DELETE": s.deleteMedia}[method], name
	case 2:
		name = method + " " + path[1]
		if path[0] == "oauth" {
			return map[string]graphHandler{"GET access_token": s.exchangeCode}[name], name
		}
		return s.edges()[name], name
	}
	return nil, ""
}

// edges are the calls below an object.
func (s *Simulator) edges() map[string]graphHandler {
	return map[string]graphHandler{
		"POST messages":           s.postMessage,
		"POST marketing_messages": s.postMarketing,
		"POST media":              s.uploadMedia,
		"POST uploads":            s.startUpload,

		"GET phone_numbers":              s.listNumbers,
		"POST request_code":              s.requestCode,
		"POST verify_code":               s.verifyCode,
		"POST register":                  s.register,
		"POST deregister":                s.deregister,
		"GET settings":                   s.numberSettings,
		"POST settings":                  s.numberSettings,
		"GET whatsapp_business_profile":  s.profile,
		"POST whatsapp_business_profile": s.profile,
		"GET block_users":                s.blockUsers,
		"POST block_users":               s.blockUsers,
		"DELETE block_users":             s.blockUsers,
		"DELETE contact_book":            s.forgetContact,
		"POST smb_app_data":              s.syncApp,

		"GET message_templates":    s.listTemplates,
		"POST message_templates":   s.createTemplate,
		"DELETE message_templates": s.deleteTemplates,
		"POST unpause":             s.unpauseTemplate,
		"GET flows":                s.listFlows,
		"POST flows":               s.createFlow,

		"GET subscribed_apps":    s.listSubscriptions,
		"POST subscribed_apps":   s.subscribe,
		"DELETE subscribed_apps": s.unsubscribe,
		"GET subscriptions":      s.appSubscriptions,
		"POST subscriptions":     s.appSubscriptions,
	}
}

// managed are the calls that count as management of a business account.
var managed = []string{"phone_numbers", "message_templates", "subscribed_apps", "assigned_users", "flows"}

// serveUnknown refuses a call that is not imitated and remembers it: a test of a client looks there first.
func (s *Simulator) serveUnknown(w http.ResponseWriter, r *http.Request) {
	s.count.unknown.Add(1)
	path := r.URL.Path
	if len(path) > 200 {
		path = path[:200]
	}
	s.unknown.add(UnknownRequest{At: s.clock.time(), Method: r.Method, Path: path})
	s.log.Warn("unknown request", "method", r.Method)
	s.writeGraphError(w, errUnknownPath(path))
}

// pause waits and says whether the caller is still there.
func (s *Simulator) pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	return false
}

// tokenOf reads the bearer token, or the access_token parameter that Meta takes too.
func tokenOf(r *http.Request) string {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if ok && (strings.EqualFold(scheme, "bearer") || strings.EqualFold(scheme, "oauth")) {
		return strings.TrimSpace(token)
	}
	return r.URL.Query().Get("access_token")
}

// number finds the account of a phone number id and checks the token: none → 200, unknown → 190, another account's →
// 100 with subcode 33.
func (s *Simulator) number(r *http.Request, id string) (*account, *graphError) {
	token := tokenOf(r)
	if a := s.account(id); a != nil && token != "" && a.info.Load().AccessToken == token && s.tokenLives(a.info.Load()) {
		return a, nil
	}
	if err := s.checkToken(token); err != nil {
		return nil, err
	}
	return nil, s.errForeign(r.Method, id)
}

// errForeign answers a token that has no right to an object: Meta has both forms.
func (s *Simulator) errForeign(method, id string) *graphError {
	if s.knobs.Load().Rules.ForeignToken == ForeignAs10 {
		e := refusal(10, "")
		e.message, e.noData = "(#10) Application does not have permission for this action", true
		return e
	}
	return errNoObject(method, id)
}

func (s *Simulator) tokenLives(info *Account) bool {
	return info.TokenExpires.IsZero() || s.clock.time().Before(info.TokenExpires)
}

func (s *Simulator) checkToken(token string) *graphError {
	if token == "" {
		return errNoToken()
	}
	for _, a := range s.allAccounts() {
		if info := a.info.Load(); info.AccessToken == token {
			if !s.tokenLives(info) {
				return errOldToken(info.TokenExpires)
			}
			return nil
		}
	}
	return errBadToken()
}

// waba finds the accounts of a WhatsApp business account that the token may see.
func (s *Simulator) waba(r *http.Request, id string) ([]*account, *graphError) {
	token := tokenOf(r)
	if err := s.checkToken(token); err != nil {
		return nil, err
	}
	var found []*account
	for _, a := range s.allAccounts() {
		if info := a.info.Load(); info.WABAID == id && info.AccessToken == token {
			found = append(found, a)
		}
	}
	if len(found) == 0 {
		return nil, s.errForeign(r.Method, id)
	}
	return found, nil
}

// readBody reads a bounded request.
func (s *Simulator) readBody(r *http.Request) ([]byte, *graphError) {
	limit := s.opts.Bounds.RequestBody
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return nil, refusal(100, "The request body could not be read.")
	}
	if int64(len(body)) > limit {
		return nil, refusal(100, "The request body is too large.")
	}
	return body, nil
}

// writeGraph answers as Meta does: JSON in ASCII, with the headers worth logging. The answer leaves at once, so that
// what follows it (statuses) follows it on the wire too.
func (s *Simulator) writeGraph(w http.ResponseWriter, status int, v any) {
	body := asciiJSON(v, false)
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=UTF-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("X-Fb-Request-Id", s.ids.trace())
	h.Set("X-Fb-Trace-Id", s.ids.trace())
	h.Set("X-Fb-Rev", "1000000000")
	h.Set("X-App-Usage", `{"call_count":0,"total_cputime":0,"total_time":0}`)
	w.WriteHeader(status)
	_, _ = w.Write(body)
	_ = http.NewResponseController(w).Flush()
}

type successJSON struct {
	Success bool `json:"success"`
}
