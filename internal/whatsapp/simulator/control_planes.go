package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// planeRoutes are the control calls for numbers, business accounts, templates and events.
func (s *Simulator) planeRoutes() map[string]controlHandler {
	return map[string]controlHandler{
		"PATCH /simulator/accounts/{id}/number":                           s.controlNumber,
		"POST /simulator/accounts/{id}/events":                            s.controlEvent,
		"POST /simulator/accounts/{id}/echoes":                            s.controlEcho,
		"POST /simulator/accounts/{id}/history":                           s.controlHistory,
		"POST /simulator/accounts/{id}/signup-code":                       s.controlSignup,
		"PATCH /simulator/businesses/{waba}":                              s.controlBusiness,
		"GET /simulator/businesses/{waba}/templates":                      s.controlTemplates,
		"POST /simulator/businesses/{waba}/templates/{template}/decision": s.controlDecide,
		"GET /simulator/events":                                           controlEvents,
		"GET /simulator/effects":                                          controlEffects,
		"POST /simulator/faults/bad-day":                                  s.controlBadDay,
		"POST /simulator/accounts/{id}/check":                             s.controlCheck,
		"POST /simulator/accounts/{id}/load":                              s.controlLoad,
		"GET /simulator/assert":                                           func(*http.Request) (any, error) { return s.Assert(), nil },

		"POST /simulator/guests/{phone}/edit":      s.controlEdit,
		"POST /simulator/guests/{phone}/revoke":    s.controlRevoke,
		"POST /simulator/guests/{phone}/flow":      s.controlFlow,
		"POST /simulator/guests/{phone}/number":    s.controlMove,
		"POST /simulator/guests/{phone}/marketing": s.controlMarketing,
		"POST /simulator/guests/{phone}/call":      s.controlCall,
		"POST /simulator/guests/{phone}/play":      s.controlPlay,
	}
}

// patch decodes a body over a value and refuses unknown keys.
func patch[T any](body []byte, into *T) error {
	next := *into
	if err := strictJSON(body, &next); err != nil {
		return &badRequestError{err.Error()}
	}
	*into = next
	return nil
}

func (s *Simulator) controlNumber(r *http.Request) (any, error) {
	var raw json.RawMessage
	if err := decode(r, &raw); err != nil {
		return nil, err
	}
	var bad error
	err := s.ChangeNumber(r.PathValue("id"), func(n *NumberState) { bad = patch(raw, n) })
	if err := errors.Join(err, bad); err != nil {
		return nil, err
	}
	return s.Number(r.PathValue("id"))
}

func (s *Simulator) controlBusiness(r *http.Request) (any, error) {
	var raw json.RawMessage
	if err := decode(r, &raw); err != nil {
		return nil, err
	}
	var bad error
	err := s.ChangeBusiness(r.PathValue("waba"), func(b *BusinessState) { bad = patch(raw, b) })
	if err := errors.Join(err, bad); err != nil {
		return nil, err
	}
	return s.business(r.PathValue("waba")).present(), nil
}

func (s *Simulator) controlTemplates(r *http.Request) (any, error) {
	return s.Templates(r.PathValue("waba")), nil
}

func (s *Simulator) controlDecide(r *http.Request) (any, error) {
	var req struct {
		Decision string `json:"decision"`
		Reason   string `json:"reason"`
	}
	if err := decode(r, &req); err != nil {
		return nil, err
	}
	return done, s.DecideTemplate(r.PathValue("waba"), r.PathValue("template"), req.Decision, req.Reason)
}

func (s *Simulator) controlEvent(r *http.Request) (any, error) {
	var req struct {
		Field string          `json:"field"`
		Event string          `json:"event"`
		Value json.RawMessage `json:"value"`
	}
	if err := decode(r, &req); err != nil {
		return nil, err
	}
	return done, s.SendEvent(r.PathValue("id"), req.Field, req.Event, req.Value)
}

func controlEvents(*http.Request) (any, error) {
	out := map[string][]string{}
	for _, field := range EventFields() {
		out[field] = EventNames(field)
	}
	return out, nil
}

func controlEffects(*http.Request) (any, error) {
	out := map[string]map[string]any{}
	for name, e := range Effects {
		out[name] = map[string]any{"plane": e.Plane, "modes": append([]string{}, e.modes...)}
	}
	return out, nil
}

func (s *Simulator) controlBadDay(*http.Request) (any, error) {
	var ids []string
	for _, f := range BadDay() {
		id, err := s.AddFault(f)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return map[string][]string{"ids": ids}, nil
}

func (s *Simulator) controlEcho(r *http.Request) (any, error) {
	var req struct {
		Phone string `json:"phone"`
		Inbound
	}
	if err := decode(r, &req); err != nil {
		return nil, err
	}
	id, err := s.Echo(r.Context(), r.PathValue("id"), req.Phone, req.Inbound)
	return map[string]string{"id": id}, err
}

func (s *Simulator) controlHistory(r *http.Request) (any, error) {
	var plan HistoryPlan
	if err := decode(r, &plan); err != nil {
		return nil, err
	}
	return done, s.SyncHistory(r.PathValue("id"), plan)
}

// controlCheck takes a few seconds; controlLoad as long as its plan.
func (s *Simulator) controlCheck(r *http.Request) (any, error) {
	return s.CheckReceiver(r.Context(), r.PathValue("id"))
}

func (s *Simulator) controlLoad(r *http.Request) (any, error) {
	var plan LoadPlan
	if err := decode(r, &plan); err != nil {
		return nil, err
	}
	return s.Load(r.Context(), r.PathValue("id"), plan)
}

func (s *Simulator) controlSignup(r *http.Request) (any, error) {
	code, err := s.SignupCode(r.PathValue("id"))
	return map[string]string{"code": code, "clientId": appID}, err
}

// guestAct is the body of what a guest does besides writing.
type guestAct struct {
	Account   string         `json:"account"`
	MessageID string         `json:"messageId"`
	Text      string         `json:"text"`
	Answers   map[string]any `json:"answers"`
	Phone     string         `json:"phone"`
	Stopped   bool           `json:"stopped"`
	LastsMs   int64          `json:"lastsMs"`
}

// act decodes one and does it; the answer names a message or a call.
func (s *Simulator) act(r *http.Request, do func(g *Guest, req guestAct) (string, error)) (any, error) {
	var req guestAct
	if err := decode(r, &req); err != nil {
		return nil, err
	}
	g, err := s.guestOf(r, req.Account)
	if err != nil {
		return nil, err
	}
	id, err := do(g, req)
	if err != nil {
		return nil, err
	}
	return map[string]any{"ok": true, "id": id}, nil
}

func (s *Simulator) controlEdit(r *http.Request) (any, error) {
	return s.act(r, func(g *Guest, req guestAct) (string, error) { return g.Edit(r.Context(), req.MessageID, req.Text) })
}

func (s *Simulator) controlRevoke(r *http.Request) (any, error) {
	return s.act(r, func(g *Guest, req guestAct) (string, error) { return g.Revoke(r.Context(), req.MessageID) })
}

func (s *Simulator) controlFlow(r *http.Request) (any, error) {
	return s.act(r, func(g *Guest, req guestAct) (string, error) {
		return g.AnswerFlow(r.Context(), req.MessageID, req.Answers)
	})
}

func (s *Simulator) controlMove(r *http.Request) (any, error) {
	return s.act(r, func(g *Guest, req guestAct) (string, error) {
		_, err := g.MovesTo(r.Context(), req.Phone)
		return "", err
	})
}

func (s *Simulator) controlMarketing(r *http.Request) (any, error) {
	return s.act(r, func(g *Guest, req guestAct) (string, error) { return "", g.SetMarketing(req.Stopped) })
}

func (s *Simulator) controlCall(r *http.Request) (any, error) {
	return s.act(r, func(g *Guest, req guestAct) (string, error) { return g.Calls(millis(req.LastsMs)) })
}

func (s *Simulator) controlPlay(r *http.Request) (any, error) {
	return s.act(r, func(g *Guest, req guestAct) (string, error) { return req.MessageID, g.Plays(req.MessageID) })
}

// Assertion is something that a good client keeps, and whether it did.
type Assertion struct {
	Name   string `json:"name"`
	Holds  bool   `json:"holds"`
	Detail string `json:"detail"`
}

// ackLimit is Meta's target for answers to webhooks: fewer than one in a hundred above it.
const ackLimit = time.Second

// Assert says what the client under test kept so far.
func (s *Simulator) Assert() []Assertion {
	c := s.Counters()
	var slow, refused int
	for _, d := range s.Deliveries() {
		if d.Took > ackLimit {
			slow++
		}
		if d.Status != http.StatusOK {
			refused++
		}
	}
	return []Assertion{
		{"no message was sent twice with the same callback data", c.SentTwice == 0, fmt.Sprintf("%d sent again", c.SentTwice)},
		{"no free-form message outside of the window", s.late.count(131047) == 0, fmt.Sprintf("%d failed with 131047", s.late.count(131047))},
		{"no marketing to those who stopped it", s.late.count(131050) == 0, fmt.Sprintf("%d failed with 131050", s.late.count(131050))},
		{"no call that Meta does not know", c.UnknownRequests == 0, fmt.Sprintf("%d unknown calls", c.UnknownRequests)},
		{"every webhook of the log was answered 200", refused == 0, fmt.Sprintf("%d were not", refused)},
		{"every webhook of the log was answered within a second", slow == 0, fmt.Sprintf("%d were not", slow)},
	}
}
