package httpapi

import (
	"bytes"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/inbox"
)

const (
	// maxDelivery exceeds Meta's largest payload, 3 MB (webhooks overview, 2026).
	maxDelivery = 4 << 20
	// deliveryTime is how long the body may take to arrive.
	deliveryTime = 10 * time.Second
	maxChallenge = 4096
)

var (
	errEncoding  = fault.New(fault.Invalid, "content_encoding", "Send the body as it is, not compressed.")
	errChallenge = fault.New(fault.Invalid, "challenge_invalid", "hub.mode, hub.verify_token and hub.challenge are needed, once each.")
	errVerify    = fault.New(fault.Forbidden, "verify_token_wrong", "The verify token is wrong: compare it with the WhatsApp settings.")
)

// receiveWhatsApp takes a delivery of Meta's in: the raw bytes, capped, before
// anything is parsed. It answers 200 once the delivery is on disk. A limit counts only
// what could not be verified, so that Meta is never refused for being busy.
func (s *server) receiveWhatsApp(w http.ResponseWriter, r *http.Request) {
	err := s.takeIn(w, r)
	if errors.Is(err, inbox.ErrSignature) {
		if limited := s.count(w, r, limitWebhook, caller{}); limited != nil {
			err = limited
		}
	}
	if errors.Is(err, errTooLarge) {
		w.Header().Set("Connection", "close") // the rest of the body is not waited for
	}
	if err != nil {
		writeProblem(w, report(r, s.deps.Log, err))
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "EVENT_RECEIVED")
}

func (s *server) takeIn(w http.ResponseWriter, r *http.Request) error {
	if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return errEncoding
	}
	if r.ContentLength > maxDelivery {
		return errTooLarge
	}
	// Not every connection has deadlines (tests); then the server's own applies.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(deliveryTime)) //nolint:forbidigo // the connection knows only the machine's time
	body, err := readAll(http.MaxBytesReader(w, r.Body, maxDelivery), r.ContentLength)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errTooLarge
	}
	if err != nil {
		return errJSON.Because(err)
	}
	return s.deps.Receiver.Receive(r.Context(), r.Header, body, tenantHint(r))
}

// usualDelivery is more than nearly every delivery has.
const usualDelivery = 64 << 10

// readAll reads a body into one buffer of the announced size. A large one grows with
// what arrives: strangers must not reserve megabytes by announcing them.
func readAll(body io.Reader, announced int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(min(max(announced, 0), usualDelivery)) + bytes.MinRead)
	_, err := b.ReadFrom(body)
	return b.Bytes(), err
}

// tenantHint is the hotel named in the callback URL, as the original's were.
func tenantHint(r *http.Request) string {
	if slug := r.URL.Query().Get("tenant"); slug != "" {
		return slug
	}
	return r.Header.Get("X-Tenant-Slug")
}

// verifyWhatsApp answers Meta's check of the callback URL: the challenge, if the
// token is the hotel's or the platform's.
func (s *server) verifyWhatsApp(w http.ResponseWriter, r *http.Request) {
	challenge, err := s.challenge(r)
	if err != nil {
		writeProblem(w, report(r, s.deps.Log, err))
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, challenge)
}

func (s *server) challenge(r *http.Request) (string, error) {
	q := r.URL.Query()
	mode, token, challenge := q["hub.mode"], q["hub.verify_token"], q["hub.challenge"]
	if len(challenge) != 1 || challenge[0] == "" || len(challenge[0]) > maxChallenge || len(token) > 1 || len(mode) > 1 {
		return "", errChallenge
	}
	if len(mode) != 1 || mode[0] != "subscribe" || len(token) != 1 {
		return "", errVerify
	}
	expected := []string{s.deps.PlatformVerifyToken}
	if slug := tenantHint(r); slug != "" {
		if hotel, err := s.deps.Directory.BySlug(r.Context(), slug); err == nil {
			expected = append(expected, hotel.VerifyToken)
		}
	}
	for _, e := range expected {
		if e != "" && subtle.ConstantTimeCompare([]byte(e), []byte(token[0])) == 1 {
			return challenge[0], nil
		}
	}
	return "", errVerify
}
