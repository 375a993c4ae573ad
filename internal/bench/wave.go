package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/whatsapp"
)

// hotel is one of the hotels that guests write to.
type hotel struct {
	index         int
	slug          string
	phoneNumberID string
	secret        string
	email         string
	password      string
	webhookPath   string // path and query
}

// ref names a message of ours wherever it turns up: it is the end of its wamid.
type ref struct{ wave, guest, seq int }

const wamidPrefix = "wamid.bench."

func (r ref) wamid() string { return fmt.Sprintf("%s%d.%d.%d", wamidPrefix, r.wave, r.guest, r.seq) }

// parseRef reads a reference from what follows wamidPrefix.
func parseRef(text []byte) (ref, bool) {
	var parts [3]int
	at := 0
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			parts[at] = parts[at]*10 + int(c-'0')
		case c == '.' && at < 2:
			at++
		default:
			return ref{parts[0], parts[1], parts[2]}, at == 2
		}
	}
	return ref{parts[0], parts[1], parts[2]}, at == 2
}

// webhook is one signed call, ready to be written to a connection.
type webhook struct {
	request []byte
	refs    []ref
	sent    time.Time // just before it was written; set by the connection that sends it
}

// wave is the traffic of one run. A guest's messages travel on one connection, one
// after the other, so that the order in which the product must keep them is known.
type wave struct {
	number   int
	perGuest []int // messages of each guest
	hotels   []hotel
	lines    [][]*webhook // of each connection, in order
	webhooks int
	messages int
}

func (w *wave) hotelOf(guest int) *hotel { return &w.hotels[guest%len(w.hotels)] }

// messagesOf is how many messages a hotel gets.
func (w *wave) messagesOf(hotel int) int {
	n := 0
	for g, count := range w.perGuest {
		if g%len(w.hotels) == hotel {
			n += count
		}
	}
	return n
}

// newWave prepares and signs a run's traffic: webhook after webhook goes to the next
// connection, each of them to the next hotel, for the next guests there.
func newWave(number int, o options, messages int, hotels []hotel, now time.Time) *wave {
	w := &wave{number: number, perGuest: make([]int, o.guests), hotels: hotels, lines: make([][]*webhook, o.connections)}
	turn := make([]int, o.connections*len(hotels)) // whose turn it is, by connection and hotel
	for i := 0; w.messages < messages; i++ {
		c := i % o.connections
		h := (i/o.connections + c) % len(hotels)
		refs := make([]ref, min(o.batch, messages-w.messages))
		for j := range refs {
			refs[j] = w.next(&turn[c*len(hotels)+h], c, h)
		}
		w.lines[c] = append(w.lines[c], w.sign(&hotels[h], refs, now))
		w.messages += len(refs)
		w.webhooks++
	}
	return w
}

// next returns the next message of the guest whose turn it is. Guest g writes to
// hotel g mod hotels, on connection (g / hotels) mod connections.
func (w *wave) next(turn *int, connection, hotel int) ref {
	stride := len(w.hotels) * len(w.lines)
	guest := connection*len(w.hotels) + hotel + *turn*stride
	if guest >= len(w.perGuest) {
		*turn, guest = 0, connection*len(w.hotels)+hotel
	}
	*turn++
	r := ref{w.number, guest, w.perGuest[guest]}
	w.perGuest[guest]++
	return r
}

func (w *wave) phone(guest int) string {
	return fmt.Sprintf("55119%08d", 80_000_000+w.number*100_000+guest)
}

// sign writes a webhook as Meta does (text message, Graph API v25, September 2026).
func (w *wave) sign(h *hotel, refs []ref, now time.Time) *webhook {
	var contacts, messages []string
	for _, r := range refs {
		phone := w.phone(r.guest)
		contacts = append(contacts, fmt.Sprintf(`{"profile":{"name":"H\u00f3spede %d"},"wa_id":"%s","user_id":"BR.7%s"}`, r.guest, phone, phone))
		messages = append(messages, fmt.Sprintf(`{"from":"%s","from_user_id":"BR.7%s","id":"%s","timestamp":"%d","type":"text","text":{"body":"Boa tarde! H\u00e1 quarto para dois com caf\u00e9 da manh\u00e3 no s\u00e1bado? (%d)"}}`,
			phone, phone, r.wamid(), now.Unix(), r.seq))
	}
	body := `{"object":"whatsapp_business_account","entry":[{"id":"` + h.waba() + `","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"551130000000","phone_number_id":"` +
		h.phoneNumberID + `"},"contacts":[` + strings.Join(contacts, ",") + `],"messages":[` + strings.Join(messages, ",") + `]}}]}]}`
	head := "POST " + h.webhookPath + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: facebookexternalua\r\nContent-Type: application/json\r\nX-Hub-Signature-256: " +
		whatsapp.Sign(h.secret, []byte(body)) + "\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n"
	return &webhook{request: []byte(head + body), refs: refs}
}

func (h *hotel) waba() string { return "30120000000" + strconv.Itoa(1000+h.index) }
