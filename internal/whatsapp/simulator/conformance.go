package simulator

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Check is one demand on a webhook receiver and whether it was met.
type Check struct {
	Name   string `json:"name"`
	Must   bool   `json:"must"` // breaking it loses messages or lets strangers in; else it is advice
	Passed bool   `json:"passed"`
	Detail string `json:"detail,omitempty"`
}

// checkRun asks one receiver.
type checkRun struct {
	sim     *Simulator
	ctx     context.Context //nolint:containedctx // lives as long as one call
	account Account
	address string
	checks  []Check
	took    []time.Duration
	n       int
}

// CheckReceiver asks an account's webhook receiver everything that Meta's pages demand: handshake, signatures, strange
// and large bodies, repeated events, and how long answers take. The receiver gets real, rightly signed messages of a
// guest who does not exist; do not point it at guests' data that matter.
func (s *Simulator) CheckReceiver(ctx context.Context, accountID string) ([]Check, error) {
	a := s.account(accountID)
	if a == nil {
		return nil, ErrNoAccount
	}
	address, _, _ := a.target()
	if address == "" {
		return nil, errUnreachable
	}
	r := &checkRun{sim: s, ctx: ctx, account: *a.info.Load(), address: address}
	r.handshakes()
	r.signatures()
	r.bodies()
	r.repetition(a)
	r.latency()
	return r.checks, ctx.Err()
}

func (r *checkRun) note(must, passed bool, name, format string, args ...any) {
	r.checks = append(r.checks, Check{Name: name, Must: must, Passed: passed, Detail: fmt.Sprintf(format, args...)})
}

// ask does a handshake with parameters of our choice.
func (r *checkRun) ask(method, mode, token, challenge string) (status int, body string) {
	u, err := url.Parse(r.address)
	if err != nil {
		return 0, ""
	}
	q := u.Query()
	for key, value := range map[string]string{"hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge} {
		if value != "" {
			q.Set(key, value)
		}
	}
	u.RawQuery = q.Encode()
	req, err := http.NewRequestWithContext(r.ctx, method, u.String(), nil)
	if err != nil {
		return 0, ""
	}
	resp, err := r.sim.client.Do(req)
	if err != nil {
		return 0, ""
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return 0, ""
	}
	return resp.StatusCode, string(raw)
}

func (r *checkRun) handshakes() {
	token := r.account.VerifyToken
	for _, challenge := range []string{"1158201444", "aB3-_x"} {
		status, body := r.ask(http.MethodGet, "subscribe", token, challenge)
		r.note(true, status == http.StatusOK && body == challenge, "handshake with the right token echoes "+challenge, "status %d, body %.40q", status, body)
	}
	for name, c := range map[string][2]string{
		"handshake with a wrong token is refused": {"subscribe", token + "x"},
		"handshake without a token is refused":    {"subscribe", ""},
		"handshake of another mode is refused":    {"unsubscribe", token},
	} {
		status, body := r.ask(http.MethodGet, c[0], c[1], "8675309")
		r.note(true, status >= 400 && status < 500 && !strings.Contains(body, "8675309"), name, "status %d", status)
	}
	status, _ := r.ask(http.MethodPut, "", "", "")
	r.note(false, status == http.StatusMethodNotAllowed, "PUT is answered 405", "status %d", status)
	slices.SortStableFunc(r.checks, func(a, b Check) int { return strings.Compare(a.Name, b.Name) })
}

// text is a webhook with one text of a guest who does not exist, new each time.
func (r *checkRun) text(body string) []byte {
	r.n++
	return r.envelope(map[string]any{
		"contacts": []any{map[string]any{"profile": map[string]any{"name": "Zoë 🏨"}, "wa_id": checkGuest}},
		"messages": []any{map[string]any{
			"from": checkGuest, "id": r.sim.ids.wamid(checkGuest, true), "timestamp": unixText(r.sim.clock.time()),
			"type": "text", "text": map[string]any{"body": body},
		}},
	})
}

// checkGuest is nobody's number: 55 00 is no area code.
const checkGuest = "5500900000000"

func (r *checkRun) envelope(value map[string]any) []byte {
	value["messaging_product"] = "whatsapp"
	value["metadata"] = metadataJSON{DisplayNumber: r.account.DisplayNumber, PhoneNumberID: r.account.PhoneNumberID}
	return asciiJSON(envelopeJSON{Object: "whatsapp_business_account", Entry: []entryJSON{{
		ID: r.account.WABAID, Changes: []changeJSON{{Field: "messages", Value: value}},
	}}}, false)
}

func (r *checkRun) post(body []byte, headers http.Header) int {
	start := r.sim.opts.Now()
	status, err := r.sim.post(r.address, body, headers)
	if err != nil {
		return 0
	}
	r.took = append(r.took, r.sim.opts.Now().Sub(start))
	return status
}

func (r *checkRun) sign(body []byte) http.Header {
	return http.Header{"X-Hub-Signature-256": {Sign(r.account.AppSecret, body)}}
}

func (r *checkRun) signatures() {
	body := r.text("Olá ☕ Zoë")
	status := r.post(body, r.sign(body))
	r.note(true, status == http.StatusOK, "a rightly signed message with escaped letters is answered 200", "status %d", status)
	spaced := append(r.text("espaço"), " \n"...)
	status = r.post(spaced, r.sign(spaced))
	r.note(true, status == http.StatusOK, "spaces behind the body are signed with it", "status %d", status)

	right := Sign(r.account.AppSecret, body)
	for name, c := range map[string]struct {
		body   []byte
		header http.Header
	}{
		"no signature":                        {body, http.Header{}},
		"a signature of another secret":       {body, http.Header{"X-Hub-Signature-256": {Sign("another", body)}}},
		"the legacy signature alone":          {body, r.sim.signatures(r.account.AppSecret, body, SignatureSHA1)},
		"a signature without its prefix":      {body, http.Header{"X-Hub-Signature-256": {strings.TrimPrefix(right, "sha256=")}}},
		"a signature one digit short":         {body, http.Header{"X-Hub-Signature-256": {right[:len(right)-1]}}},
		"a signature that is not hexadecimal": {body, http.Header{"X-Hub-Signature-256": {"sha256=" + strings.Repeat("z", 64)}}},
		"the same JSON in other bytes":        {mangle(body, MangleReserialised), r.sign(body)},
		"one byte changed":                    {append(slices.Clone(body[:len(body)-1]), ' '), r.sign(body)},
	} {
		status := r.post(c.body, c.header)
		r.note(true, status >= 400 && status < 500, "refused: "+name, "status %d", status)
	}
}

// bodies are rightly signed; only what nobody could read may be refused, and nothing may break the receiver.
func (r *checkRun) bodies() {
	for mode, must := range map[string]bool{
		MangleUnknownField: true, MangleUnknownType: true, MangleNoContacts: true, MangleNoFrom: true, MangleExtraKeys: true,
		MangleNulls: true,
	} {
		body := mangle(r.text("estranho"), mode)
		status := r.post(body, r.sign(body))
		r.note(must, status == http.StatusOK, "answered 200 although strange: "+mode, "status %d", status)
	}
	for name, body := range map[string][]byte{
		"not JSON": []byte("<html>"), "ten thousand brackets": mangle(r.text("x"), MangleDeep), "a list": []byte("[1,2]"),
		"null": []byte("null"), "half a body": mangle(r.text("x"), MangleNotJSON), "empty": {},
	} {
		status := r.post(body, r.sign(body))
		r.note(true, status == http.StatusOK || status >= 400 && status < 500, "does not break: "+name, "status %d", status)
	}
	body := r.text("texto")
	h := r.sign(body)
	h.Set("Content-Type", "text/plain")
	status := r.post(body, h)
	r.note(false, status == http.StatusOK, "does not depend on the content type", "status %d", status)
	r.large()
}

func (r *checkRun) large() {
	statuses := make([]any, 1000)
	for i := range statuses {
		statuses[i] = map[string]any{
			"id": r.sim.ids.wamid(checkGuest, false), "status": "delivered", "timestamp": unixText(r.sim.clock.time()),
			"recipient_id": checkGuest, "biz_opaque_callback_data": strings.Repeat("x", 400),
		}
	}
	body := r.envelope(map[string]any{"statuses": statuses})
	status := r.post(body, r.sign(body))
	r.note(true, status == http.StatusOK, "1,000 statuses in one webhook are answered 200", "status %d, %d bytes", status, len(body))
	if status == http.StatusOK {
		took := r.took[len(r.took)-1]
		r.note(false, took <= ackLimit, "1,000 statuses are answered within a second", "%v", took.Round(time.Millisecond))
	}
	huge := []byte(strings.Repeat(" ", 8<<20))
	status = r.post(huge, r.sign(huge))
	r.note(false, status == http.StatusRequestEntityTooLarge || status == 0, "8 MB are refused with 413", "status %d", status)
}
