package httpapi_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func init() { maps.Copy(calls, contactCalls) }

// numbers gives every call that enters a guest a phone number of its own.
var numbers atomic.Int64

func newNumber() string { return fmt.Sprintf("55119%08d", numbers.Add(1)) }

func guestOf(c chat) string { return c.card.ContactID.String() }

// lonelyGuest makes a guest without a conversation.
func lonelyGuest(c chat) string { return pgtest.Contact(c.w.t, c.w.db, c.hotel.ID).ID.String() }

// csvForm is a form with a file.
func csvForm(text string, fields ...string) form {
	f := form{contentType: "multipart/form-data; boundary=Between-Parts"}
	var b strings.Builder
	for i := 0; i+1 < len(fields); i += 2 {
		fmt.Fprintf(&b, "--Between-Parts\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", fields[i], fields[i+1])
	}
	fmt.Fprintf(&b, "--Between-Parts\r\nContent-Disposition: form-data; name=\"file\"; filename=\"hóspedes.csv\"\r\n\r\n%s\r\n--Between-Parts--\r\n", text)
	f.body = []byte(b.String())
	return f
}

var contactCalls = map[string]call{
	"GET /api/contacts":        {query: func(chat) string { return "?search=guest&sortBy=name&sortOrder=asc&page=1&limit=5" }},
	"GET /api/contacts/stats":  {},
	"GET /api/contacts/export": {query: func(chat) string { return "?format=csv&search=guest" }},
	"POST /api/contacts/import/preview": {form: func(chat) form {
		return csvForm("Nome;Telefone\nAna;" + newNumber())
	}},
	"POST /api/contacts/import": {form: func(chat) form {
		return csvForm("Nome;Telefone\nAna;" + newNumber())
	}},
	"GET /api/contacts/phone/{phoneNumber}": {names: byThing, missing: "contact_not_found", at: func(c chat) string {
		return "/api/contacts/phone/" + string(c.card.Contact.Phone)
	}},
	"POST /api/contacts": {body: func(chat) map[string]any {
		return map[string]any{"phoneNumber": newNumber(), "name": "Ana", "email": "ana@example.com"}
	}},
	"GET /api/contacts/{id}":               {names: byThing, missing: "contact_not_found", id: guestOf},
	"PATCH /api/contacts/{id}":             {names: byConversation, unseen: http.StatusForbidden, missing: "contact_not_found", id: guestOf, body: only("name", "Ana")},
	"DELETE /api/contacts/{id}":            {names: byThing, missing: "contact_not_found", id: lonelyGuest},
	"GET /api/contacts/{id}/conversations": {names: byThing, missing: "contact_not_found", id: guestOf},
}
