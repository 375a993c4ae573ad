package demobot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

const (
	maxBody       = 1 << 20
	maxDeliveryID = 100
)

// delivery is one message of a guest, as the product posts it.
type delivery struct {
	id   string
	slug string
	said said
}

// said is the part of the payload that this flow uses.
type said struct {
	Phone          string `json:"phone"`
	Type           string `json:"type"`
	MessageID      string `json:"messageId"`
	ConversationID string `json:"conversationId"`
	ContactName    string `json:"contactName"`
	IsNew          bool   `json:"isNewConversation"`
	HotelUnit      string `json:"hotelUnit"`
	DeliveryID     string `json:"deliveryId"`
	Text           struct {
		Message string `json:"message"`
	} `json:"text"`
}

// guest is the key under which messages are put in order and a talk is remembered.
func (d delivery) guest() string {
	if d.said.ConversationID != "" {
		return d.slug + "/" + d.said.ConversationID
	}
	return d.slug + "/" + d.said.Phone
}

// receive takes a message and answers at once, as a webhook node set to "respond immediately" does. The statuses are
// n8n's: 404 for a flow that does not exist, 403 for a bad signature.
func (b *Bot) receive(w http.ResponseWriter, r *http.Request) {
	slug := r.PathValue("slug")
	if b.opts.Keys(slug) == "" {
		notRegistered(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		respond(w, statusOf(err), "The body could not be read")
		return
	}
	if !isSigned(b.opts.Secret(slug), r.Header.Get("X-BotReserva-Signature"), body, b.opts.Now()) {
		respond(w, http.StatusForbidden, "Authorization data is wrong!")
		return
	}
	d, err := read(slug, r.Header.Get("X-BotReserva-Delivery"), body)
	if err != nil {
		respond(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	if !b.accept(d) {
		w.Header().Set("Retry-After", "5")
		respond(w, http.StatusServiceUnavailable, "Too many messages are waiting")
		return
	}
	respond(w, http.StatusOK, "Workflow was started")
}

// read finds the message in the payload, which has it at the top and again under "body".
func read(slug, deliveryID string, body []byte) (delivery, error) {
	var payload struct {
		said
		Body *said `json:"body"`
	}
	if err := json.Unmarshal(body, &payload); err != nil {
		return delivery{}, fmt.Errorf("read payload: %w", err)
	}
	d := delivery{id: deliveryID, slug: slug, said: payload.said}
	if d.said.Phone == "" && payload.Body != nil {
		d.said = *payload.Body
	}
	if d.said.Phone == "" {
		return delivery{}, errors.New("read payload: no phone")
	}
	if d.id == "" {
		d.id = d.said.DeliveryID
	}
	if d.id == "" || len(d.id) > maxDeliveryID {
		sum := sha256.Sum256(body)
		d.id = hex.EncodeToString(sum[:])
	}
	return d, nil
}

func statusOf(err error) int {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

func notRegistered(w http.ResponseWriter, r *http.Request) {
	said := "The requested webhook is not registered."
	if r.Method != http.MethodPost {
		said = "This webhook is not registered for " + r.Method + " requests. Did you mean to make a POST request?"
	}
	respond(w, http.StatusNotFound, said)
}

func respond(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message}) // the caller went away: nobody to tell
}
