package httpapi_test

import (
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/httpapi"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// call says how to call a route so that it succeeds. A route without a call fails
// TestEveryRouteHasACall: whoever adds a route says here how it is used, and it is
// tried with every role, a foreign hotel and bad input.
type call struct {
	body  func(c chat) map[string]any
	query func(c chat) string
	// form is the body where that is no JSON.
	form func(c chat) form
	// at is the whole address where the path names something by other names than {id}.
	at func(c chat) string
	// id makes what {id} in the path names, anew for each call; without it, that is the
	// conversation.
	id func(c chat) string
	// names is what the call names: a conversation by id in its path or body, or what
	// belongs to one and is seen with it; something of the hotel that all see whom the row
	// admits; a guest or message of the hotel as flows name them; or nothing.
	names string
	// missing is the code of the refusal when it is another hotel's; without it,
	// conversation_not_found.
	missing string
	// platform is what a super admin gets for it who names no hotel, when that is no
	// success.
	platform int
	// unseen is what those get who do not see the conversation; without it, 404.
	unseen int
	// foreign is what another hotel's people or flow get for it, when that is no refusal
	// of missing.
	foreign int
	// answers is the status that a good call gets while its part of the product is to
	// come; without it, the row's.
	answers int
	// own: the call changes the caller's own log-in or what the hotel knows, so that nobody else
	// may use them.
	own bool
}

// hotelFor is a hotel for the calls of a row: one that is shared, or one of its own.
func (w *world) hotelFor(row httpapi.Row, shared hotel) hotel {
	w.t.Helper()
	if calls[row.Name()].own {
		return w.hotel()
	}
	return shared
}

const (
	nothing        = ""
	byConversation = "conversation"
	byThing        = "thing"
	byGuest        = "guest"
)

// status is what a good call of a row gets.
func (c call) status(row httpapi.Row) int {
	if c.answers != 0 {
		return c.answers
	}
	return row.Status
}

// notFound is the code of the refusal when the call names what is not there.
func (c call) notFound() string {
	if c.missing == "" {
		return "conversation_not_found"
	}
	return c.missing
}

// chat is a conversation with its guest's message, and what calls name besides.
type chat struct {
	w       *world
	hotel   hotel
	caller  user.User // whose token is shown, if any
	card    conversation.Card
	message message.Message
	other   user.User // whom calls assign to
	refresh func() string
}

func only(key string, value any) func(chat) map[string]any {
	return func(chat) map[string]any { return map[string]any{key: value} }
}

// calls is the whole table; a resource may keep its rows in a file of its own.
var calls = map[string]call{
	"POST /auth/login": {body: func(c chat) map[string]any {
		return map[string]any{"email": c.other.Email, "password": password}
	}},
	"POST /auth/refresh": {body: func(c chat) map[string]any { return map[string]any{"refreshToken": c.refresh()} }},
	"GET /auth/me":       {},
	"POST /auth/logout":  {},

	"GET /api/conversations":        {query: func(chat) string { return "?status=OPEN,BOT_HANDLING&page=1&limit=5&search=a" }},
	"GET /api/conversations/{id}":   {names: byConversation},
	"PATCH /api/conversations/{id}": {names: byConversation, body: only("priority", "HIGH")},
	"POST /api/conversations/{id}/assign": {names: byConversation, body: func(c chat) map[string]any {
		return map[string]any{"userId": c.other.ID.String()}
	}},
	"POST /api/conversations/{id}/unassign": {names: byConversation},
	"POST /api/conversations/{id}/close": {names: byConversation, body: func(chat) map[string]any {
		return map[string]any{"reason": "Reserva confirmada"}
	}},
	"POST /api/conversations/{id}/read":             {names: byConversation},
	"PATCH /api/conversations/{id}/ia-lock":         {names: byConversation, body: only("locked", true)},
	"GET /api/conversations/{id}/messages":          {names: byConversation},
	"POST /api/conversations/{id}/messages":         {names: byConversation, body: only("content", "Bom dia!")},
	"GET /api/messages/conversations/{id}/messages": {names: byConversation},
	"POST /api/messages": {names: byConversation, body: func(c chat) map[string]any {
		return map[string]any{"conversationId": c.card.ID.String(), "content": "Bom dia!"}
	}},

	"POST /api/n8n/send-text": {names: byGuest, foreign: 404, body: func(c chat) map[string]any {
		return map[string]any{"phone": string(c.card.Contact.Phone), "message": "Oi"}
	}},
	// A call for help never fails: another hotel gets a guest of its own.
	"POST /api/n8n/escalate": {names: byGuest, foreign: 201, body: func(c chat) map[string]any {
		return map[string]any{"phone": string(c.card.Contact.Phone), "reason": "USER_REQUESTED"}
	}},
	"GET /api/n8n/check-ia-lock": {names: byGuest, foreign: 200, query: func(c chat) string {
		return "?phone=" + string(c.card.Contact.Phone)
	}},
	"POST /api/n8n/mark-read": {names: byGuest, foreign: 404, body: func(c chat) map[string]any {
		return map[string]any{"messageId": c.message.WAMID}
	}},

	"GET /health":       {},
	"GET /health/live":  {},
	"GET /health/ready": {},
	"GET /api/health":   {},
}

func TestEveryRouteHasACall(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, row := range httpapi.Rows() {
		known[row.Name()] = true
		if _, ok := calls[row.Name()]; !ok {
			t.Errorf("%s: say in calls how it is used, so that it is tested", row.Name())
		}
		if row.Who == "" || row.Status == 0 {
			t.Errorf("%s: says not who may call or how it succeeds", row.Name())
		}
	}
	for name := range calls {
		if !known[name] {
			t.Errorf("%s: there is no such route", name)
		}
	}
}

// chat makes a conversation in Camburi, which the bot handles, with one message.
func (w *world) chat(h hotel, options ...pgtest.ConversationOption) chat {
	w.t.Helper()
	c := chat{w: w, hotel: h, caller: h.Admin, other: w.user(h.ID, user.Attendant, "Ilhabela")}
	c.card = pgtest.Conversation(w.t, w.db, h.Hotel, append([]pgtest.ConversationOption{pgtest.OfUnit("Camburi")}, options...)...)
	c.message = pgtest.Message(w.t, w.db, h.ID, c.card)
	c.refresh = func() string {
		_, tokens, err := w.auth.Login(w.t.Context(), c.other.Email, password, "")
		if err != nil {
			w.t.Fatal(err)
		}
		return tokens.Refresh
	}
	return c
}

// path is where a row is called, one of the addresses it has.
func path(row httpapi.Row, c chat) string {
	if at := calls[row.Name()].at; at != nil {
		return at(c)
	}
	named := c.card.ID.String()
	if id := calls[row.Name()].id; id != nil {
		named = id(c)
	}
	p := strings.Replace(row.Path, "{id}", named, 1)
	if query := calls[row.Name()].query; query != nil {
		p += query(c)
	}
	return p
}

// body is what a row is called with; nil for none.
func body(row httpapi.Row, c chat) any {
	if compose := calls[row.Name()].body; compose != nil {
		return compose(c)
	}
	if fill := calls[row.Name()].form; fill != nil {
		return fill(c)
	}
	return nil
}

// pass is what the row's callers show: a person's token or a flow's key.
func (w *world) pass(row httpapi.Row, h hotel) []option {
	w.t.Helper()
	switch row.Who {
	case "somebody", "colleague", "insider":
		if !row.Roles.Has(user.TenantAdmin) {
			return []option{as(w.token(pgtest.User(w.t, w.db, tenantless, user.SuperAdmin, "")))}
		}
		return []option{as(w.token(h.Admin))}
	case "flow":
		return []option{keyed(h.key)}
	default:
		return nil
	}
}
