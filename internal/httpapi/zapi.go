package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/botreserva/botreserva/internal/domain/fault"
)

// The facade lets a flow that was written for Z-API speak by changing the base of its addresses:
// /instances/{slug}/token/{key}/send-text is POST /api/n8n/send-text with that key, so all that
// holds there holds here. Only the words differ (zapi_body.go). The key stands in the address as
// with Z-API, which logs of proxies show: hotels switch it on themselves.

// zapiCalls are the calls of Z-API's that WhatsApp's official API can do, and ours.
var zapiCalls = map[string]string{
	"send-text": "send-text", "send-image": "send-image", "send-video": "send-video", "send-audio": "send-audio", "send-document": "send-document",
	"send-button-list": "send-buttons", "send-option-list": "send-option-list", "send-button-actions": "send-content",
	"send-carousel": "send-carousel", "send-location": "send-location", "send-contact": "send-content", "send-contacts": "send-content",
	"send-reaction": "send-reaction", "send-remove-reaction": "send-reaction", "read-message": "mark-read",
}

var errFacadeOff = fault.New(fault.Forbidden, "zapi_facade_off",
	"This hotel does not take calls in Z-API's form. An administrator switches zapiFacade on in the settings of the flow.")

type facadeKey struct{}

// isFacade reports whether a request is one of Z-API's in our words.
func isFacade(ctx context.Context) bool { return ctx.Value(facadeKey{}) != nil }

// zapi answers a call of Z-API's.
func (s *server) zapi(router http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		call := chi.URLParam(r, "call")
		ours, known := zapiCalls[call]
		if !known {
			writeProblem(w, report(r, s.deps.Log, errNoCall).forFlow())
			return
		}
		body := &zapiBody{ReadCloser: r.Body, call: call, ending: chi.URLParam(r, "ending")}
		kept := &keptAnswer{ResponseWriter: w, header: http.Header{}, status: http.StatusOK}
		router.ServeHTTP(kept, inOurWords(r, ours, body))
		if body.refusal != nil && kept.status == http.StatusBadRequest {
			writeProblem(w, report(r, s.deps.Log, body.refusal).forFlow())
			return
		}
		kept.writeAsZAPI(w, call)
	}
}

var errNoCall = fault.New(fault.NotFound, "route_not_found",
	"There is no such call here. Those of groups, statuses, polls and Pix have no counterpart in WhatsApp's official API.")

// inOurWords makes of a call of Z-API's one of ours.
func inOurWords(r *http.Request, call string, body *zapiBody) *http.Request {
	ctx := context.WithValue(r.Context(), facadeKey{}, true)
	ctx = context.WithValue(ctx, chi.RouteCtxKey, (*chi.Context)(nil)) // it is routed anew
	out := r.Clone(ctx)
	out.URL = &url.URL{Path: "/api/n8n/" + call}
	out.RequestURI = out.URL.Path
	out.Body, out.ContentLength = body, -1
	out.Header.Del("Content-Length")
	out.Header.Set("X-API-Key", keyInAddress(r))
	return out
}

// keyInAddress reads the key: its secret alone, or whole as the settings show it.
func keyInAddress(r *http.Request) string {
	slug, token := chi.URLParam(r, "slug"), chi.URLParam(r, "key")
	if plain, err := url.PathUnescape(token); err == nil {
		token = plain
	}
	return slug + ":" + strings.TrimPrefix(token, slug+":")
}

// keptAnswer keeps what is answered, to be worded as Z-API does.
type keptAnswer struct {
	http.ResponseWriter
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (k *keptAnswer) Header() http.Header { return k.header }

// WriteHeader implements http.ResponseWriter.
func (k *keptAnswer) WriteHeader(status int) { k.status = status }

// Write implements io.Writer.
func (k *keptAnswer) Write(p []byte) (int, error) { return k.body.Write(p) }

// Unwrap lets http.ResponseController reach the connection.
func (k *keptAnswer) Unwrap() http.ResponseWriter { return k.ResponseWriter }

type zapiSent struct {
	ZaapID    string `json:"zaapId"`
	MessageID string `json:"messageId"`
	ID        string `json:"id"`
}

// writeAsZAPI answers 200 with three ids, or 204 to what is marked as read. While WhatsApp has not
// told its id, ours stands in its place: every call takes both. Refusals are ours.
func (k *keptAnswer) writeAsZAPI(w http.ResponseWriter, call string) {
	for name, values := range k.header {
		if name != "Content-Length" {
			w.Header()[name] = values
		}
	}
	if k.status >= http.StatusMultipleChoices {
		w.WriteHeader(k.status)
		_, _ = w.Write(k.body.Bytes()) // the caller has gone
		return
	}
	if call == "read-message" {
		w.Header().Del("Content-Type")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	var sent zapiSent
	_ = json.Unmarshal(k.body.Bytes(), &sent) // our own answer
	if sent.MessageID == "" {
		sent.MessageID = sent.ID
	}
	sent.ID = sent.MessageID
	_ = writeJSON(w, http.StatusOK, sent) // three texts
}
