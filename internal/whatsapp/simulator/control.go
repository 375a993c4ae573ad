package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// controlRoutes is the whole control API. Bodies and answers are JSON; errors are {"error": "…"}. It knows no
// authentication: the simulator is for development and belongs on loopback or a private network.
func (s *Simulator) controlRoutes() http.Handler {
	mux := http.NewServeMux()
	for pattern, handle := range map[string]controlHandler{
		"GET /simulator/health":  func(*http.Request) (any, error) { return map[string]string{"status": "ok"}, nil },
		"POST /simulator/reset":  s.controlReset,
		"POST /simulator/clock":  s.controlClock,
		"GET /simulator/knobs":   func(*http.Request) (any, error) { return s.Knobs(), nil },
		"PATCH /simulator/knobs": s.controlPatchKnobs,

		"GET /simulator/faults":         func(*http.Request) (any, error) { return s.Faults(), nil },
		"POST /simulator/faults":        s.controlAddFault,
		"DELETE /simulator/faults":      s.controlClearFaults,
		"DELETE /simulator/faults/{id}": s.controlRemoveFault,

		"GET /simulator/counters":   s.controlCounters,
		"GET /simulator/sends":      s.controlSends,
		"GET /simulator/deliveries": func(*http.Request) (any, error) { return s.Deliveries(), nil },
		"GET /simulator/unknown":    func(*http.Request) (any, error) { return s.UnknownRequests(), nil },

		"GET /simulator/accounts":                s.controlAccounts,
		"POST /simulator/accounts":               s.controlAddAccount,
		"PATCH /simulator/accounts/{id}":         s.controlPatchAccount,
		"POST /simulator/accounts/{id}/verify":   s.controlVerify,
		"POST /simulator/accounts/{id}/webhooks": s.controlRawWebhook,

		"GET /simulator/guests":                    s.controlGuests,
		"POST /simulator/guests":                   s.controlSetGuest,
		"PATCH /simulator/guests/{phone}":          s.controlSetGuest,
		"POST /simulator/guests/{phone}/messages":  s.controlSay,
		"POST /simulator/guests/{phone}/taps":      s.controlTap,
		"POST /simulator/guests/{phone}/read":      s.controlRead,
		"GET /simulator/guests/{phone}/transcript": s.controlTranscript,
		"POST /simulator/accounts/{id}/media":      s.controlUpload,
	} {
		mux.Handle(pattern, s.control(handle))
	}
	for pattern, handle := range s.planeRoutes() {
		mux.Handle(pattern, s.control(handle))
	}
	mux.HandleFunc("GET /simulator/media/{id}", s.serveMedia)
	mux.HandleFunc("GET /simulator/stream", s.serveStream)
	mux.Handle("/simulator/", s.control(func(*http.Request) (any, error) { return nil, errNoRoute }))
	return mux
}

// controlHandler returns the answer, or an error that control turns into a status.
type controlHandler func(r *http.Request) (any, error)

// badRequestError is a refusal whose text may be shown.
type badRequestError struct{ text string }

func (e *badRequestError) Error() string { return e.text }

var errNoRoute = errors.New("the simulator has no such control call")

func (s *Simulator) control(handle controlHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, max(s.opts.Bounds.RequestBody, 20<<20))
		v, err := handle(r)
		if err != nil {
			writeControl(w, controlStatus(err), map[string]string{"error": err.Error()})
			return
		}
		writeControl(w, http.StatusOK, v)
	})
}

func controlStatus(err error) int {
	var bad *badRequestError
	switch {
	case errors.Is(err, ErrNoAccount), errors.Is(err, ErrNoMessage), errors.Is(err, ErrNoChoice), errors.Is(err, ErrNoTemplate),
		errors.Is(err, errNoRoute):
		return http.StatusNotFound
	case errors.Is(err, ErrClosed):
		return http.StatusServiceUnavailable
	case errors.Is(err, ErrBadInbound), errors.Is(err, ErrBadPhone), errors.As(err, &bad):
		return http.StatusBadRequest
	}
	return http.StatusBadGateway // what is left concerns the webhook's receiver
}

func writeControl(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// decode reads a JSON body strictly; an empty body leaves v as it is.
func decode(r *http.Request, v any) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return &badRequestError{"the body could not be read"}
	}
	if len(body) == 0 {
		return nil
	}
	if err := strictJSON(body, v); err != nil {
		return &badRequestError{err.Error()}
	}
	return nil
}

func intParam(q url.Values, name string) (int64, error) {
	text := q.Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, &badRequestError{name + " must be a number of at least 0"}
	}
	return n, nil
}

var done = map[string]bool{"ok": true}

func (s *Simulator) controlReset(*http.Request) (any, error) {
	s.Reset()
	return done, nil
}

func (s *Simulator) controlClock(r *http.Request) (any, error) {
	var req struct {
		AdvanceMs int64     `json:"advanceMs"`
		Now       time.Time `json:"now"`
		Speed     float64   `json:"speed"`
	}
	if err := decode(r, &req); err != nil {
		return nil, err
	}
	ahead := millis(req.AdvanceMs)
	if !req.Now.IsZero() {
		ahead += req.Now.Sub(s.Now())
	}
	if ahead < 0 || req.Speed < 0 || req.Speed > maxSpeed {
		return nil, &badRequestError{"the clock only goes forward, at most 100,000 times as fast"}
	}
	s.Advance(ahead)
	if req.Speed > 0 {
		s.SetSpeed(req.Speed)
	}
	return map[string]time.Time{"now": s.Now()}, nil
}

func (s *Simulator) controlPatchKnobs(r *http.Request) (any, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, &badRequestError{"the body could not be read"}
	}
	var bad error
	err = s.Tune(func(k *Knobs) {
		changed := *k
		if bad = json.Unmarshal(body, &changed); bad == nil {
			*k = changed
		}
	})
	if err = errors.Join(bad, err); err != nil {
		return nil, &badRequestError{err.Error()}
	}
	return s.Knobs(), nil
}

func (s *Simulator) controlAddFault(r *http.Request) (any, error) {
	var f Fault
	if err := decode(r, &f); err != nil {
		return nil, err
	}
	id, err := s.AddFault(f)
	if err != nil {
		return nil, &badRequestError{err.Error()}
	}
	return map[string]string{"id": id}, nil
}

func (s *Simulator) controlClearFaults(*http.Request) (any, error) {
	s.faults.clear()
	return done, nil
}

func (s *Simulator) controlRemoveFault(r *http.Request) (any, error) {
	s.RemoveFault(r.PathValue("id"))
	return done, nil
}

// controlCounters answers the counters, or with ?opaque= how often that value was accepted.
func (s *Simulator) controlCounters(r *http.Request) (any, error) {
	if q := r.URL.Query(); q.Has("opaque") {
		return map[string]int{"accepted": s.AcceptedWith(q.Get("opaque"))}, nil
	}
	return struct {
		Counters
		Twice map[string]int `json:"twice"`
	}{s.Counters(), s.SentTwice()}, nil
}

// controlSends lists accepted sends, with ?limit= the last ones only.
func (s *Simulator) controlSends(r *http.Request) (any, error) {
	limit, err := intParam(r.URL.Query(), "limit")
	if err != nil {
		return nil, err
	}
	sends := s.Sends()
	if limit > 0 && int(limit) < len(sends) {
		sends = sends[len(sends)-int(limit):]
	}
	return sends, nil
}

// controlAccounts lists accounts without their secrets.
func (s *Simulator) controlAccounts(*http.Request) (any, error) {
	accounts := s.Accounts()
	for i := range accounts {
		accounts[i].AccessToken, accounts[i].AppSecret, accounts[i].VerifyToken = "", "", ""
	}
	if accounts == nil {
		accounts = []Account{}
	}
	return accounts, nil
}

// controlAddAccount answers the account with everything that was made up for it, secrets included: this is the one
// time they are shown.
func (s *Simulator) controlAddAccount(r *http.Request) (any, error) {
	var a Account
	if err := decode(r, &a); err != nil {
		return nil, err
	}
	added, err := s.AddAccount(a)
	if err != nil {
		return nil, &badRequestError{err.Error()}
	}
	return added, nil
}

func (s *Simulator) controlPatchAccount(r *http.Request) (any, error) {
	a := s.account(r.PathValue("id"))
	if a == nil {
		return nil, ErrNoAccount
	}
	info := *a.info.Load()
	id := info.PhoneNumberID
	if err := decode(r, &info); err != nil {
		return nil, err
	}
	info.PhoneNumberID = id
	if _, err := s.AddAccount(info); err != nil {
		return nil, &badRequestError{err.Error()}
	}
	return done, nil
}

func (s *Simulator) controlVerify(r *http.Request) (any, error) {
	if err := s.VerifyWebhook(r.Context(), r.PathValue("id")); err != nil {
		return nil, fmt.Errorf("verify webhook: %w", err)
	}
	return done, nil
}

// controlRawWebhook posts {"body": any JSON} or {"text": "any bytes"} to the receiver and answers its status.
func (s *Simulator) controlRawWebhook(r *http.Request) (any, error) {
	var req struct {
		Body      json.RawMessage `json:"body"`
		Text      string          `json:"text"`
		Signature string          `json:"signature"`
	}
	if err := decode(r, &req); err != nil {
		return nil, err
	}
	body := []byte(req.Body)
	if req.Text != "" {
		body = []byte(req.Text)
	}
	status, err := s.DeliverRaw(r.Context(), r.PathValue("id"), body, req.Signature)
	if err != nil {
		return nil, err
	}
	return map[string]int{"status": status}, nil
}
