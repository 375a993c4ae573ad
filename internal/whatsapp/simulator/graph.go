package simulator

import (
	"context"
	"io"
	"net/http"
	"regexp"
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
	handler := s.graphRoute(r.Method, parts[1:])
	if handler == nil {
		s.serveUnknown(w, r)
		return
	}
	if err := handler(w, r, parts[1]); err != nil {
		s.writeGraphError(w, err)
	}
}

// graphHandler answers itself or returns the error to answer with.
type graphHandler func(w http.ResponseWriter, r *http.Request, id string) *graphError

func (s *Simulator) graphRoute(method string, path []string) graphHandler {
	switch len(path) {
	case 1:
		return map[string]graphHandler{
			"GET": s.getObject, "POST": s.updateNumber, "DELETE": s.deleteMedia,
		}[method]
	case 2:
		return map[string]graphHandler{
			"POST messages":          s.postMessage,
			"POST media":             s.uploadMedia,
			"GET phone_numbers":      s.listNumbers,
			"GET message_templates":  s.listTemplates,
			"GET subscribed_apps":    s.listSubscriptions,
			"POST subscribed_apps":   s.subscribe,
			"DELETE subscribed_apps": s.unsubscribe,
		}[method+" "+path[1]]
	}
	return nil
}

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
	if a := s.account(id); a != nil && token != "" && a.info.Load().AccessToken == token {
		return a, nil
	}
	if err := s.checkToken(token); err != nil {
		return nil, err
	}
	return nil, errNoObject(r.Method, id)
}

func (s *Simulator) checkToken(token string) *graphError {
	if token == "" {
		return errNoToken()
	}
	for _, a := range s.allAccounts() {
		if a.info.Load().AccessToken == token {
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
		return nil, errNoObject(r.Method, id)
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
