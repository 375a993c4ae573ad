package realtime_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/realtime"
	"github.com/botreserva/botreserva/internal/stale"
)

// TestLetIn: a good token opens, in either place; everything else is refused in the
// words that dashboards know.
func TestLetIn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := pgtest.Tenant(t, w.db)
	out := pgtest.Tenant(t, w.db, func(row *postgres.TenantRow) { row.Status = tenant.Suspended })
	gone := pgtest.User(t, w.db, h.ID, user.Attendant, "")
	pgtest.Exec(t, w.db, "UPDATE account SET status = 'INACTIVE' WHERE id = $1", gone.ID)
	good := w.token(h.Admin, time.Hour)
	bearer := http.Header{"Authorization": {"Bearer " + good}}
	type auth = map[string]any
	const missing, failed = "Authentication token required", "Authentication failed"
	for name, c := range map[string]struct {
		shown  any
		header http.Header
		want   string // of the refusal; empty: let in
	}{
		"token":                   {auth{"token": good}, nil, ""},
		"token with a scheme":     {auth{"token": "Bearer " + good}, nil, ""},
		"in the header":           {auth{}, bearer, ""},
		"no token":                {auth{}, nil, missing},
		"token is no text":        {auth{"token": 7}, nil, missing},
		"garbage":                 {auth{"token": "x"}, nil, failed},
		"a bad one beats a good":  {auth{"token": "x"}, bearer, failed},
		"expired":                 {auth{"token": w.token(h.Admin, -time.Second)}, nil, failed},
		"inactive":                {auth{"token": w.token(gone, time.Hour)}, nil, failed},
		"suspended hotel":         {auth{"token": w.token(out.Admin, time.Hour)}, nil, failed},
		"huge":                    {auth{"token": strings.Repeat("a", 100_000)}, nil, failed},
		"another hotel's address": {auth{"token": good, "tenantSlug": out.Slug}, nil, ""}, // counts for super admins only
	} {
		_, answer := w.dial(c.shown, c.header)
		refusal, refused := strings.CutPrefix(answer, "44")
		if refused != (c.want != "") || refused && !strings.Contains(refusal, `"message":"`+c.want+`"`) {
			t.Errorf("%s: %s", name, answer)
		}
	}
	if logs := w.logs.String(); strings.Contains(logs, good) {
		t.Error("a token is in the logs")
	}
}

// TestLetInWhileTheDatabaseIsAway: a dashboard must be able to tell that its log-in may
// still be good.
func TestLetInWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	w := setup(t)
	token := w.token(pgtest.Tenant(t, w.db).Admin, time.Hour)
	w.db.Close()
	if _, answer := w.dial(map[string]string{"token": token}, nil); !strings.Contains(answer, `"code":"unavailable"`) {
		t.Errorf("answered %s", answer)
	}
}

// TestHello: a screen learns where the numbering stands; every event of its hotel has
// the next number, whether somebody looked or not.
func TestHello(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := pgtest.Tenant(t, w.db), pgtest.Tenant(t, w.db)
	c, theirs := pgtest.Conversation(t, w.db, h), pgtest.Conversation(t, w.db, other)
	w.updated(h.ID, c)
	w.updated(h.ID, c)
	s, start := w.openWith(h.Admin, time.Hour)
	if start.Seq != 2 || start.Epoch == "" {
		t.Errorf("greeted with %+v", start)
	}
	for want := int64(3); want < 6; want++ {
		w.updated(other.ID, theirs)
		w.updated(h.ID, c)
		var got hello
		s.next("conversation:updated").into(t, &got)
		if got.Seq != want || got.Epoch != start.Epoch {
			t.Errorf("numbered %+v, want %d", got, want)
		}
	}
	if _, later := w.openWith(other.Admin, time.Hour); later.Seq != 3 || later.Epoch != start.Epoch {
		t.Errorf("another hotel's screen is greeted with %+v", later)
	}
}

// TestTokenExpires: a screen is sent away when its token ends.
func TestTokenExpires(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := pgtest.Tenant(t, w.db)
	stays := w.open(h.Admin)
	s, _ := w.openWith(h.Admin, time.Second)
	w.clock.Advance(2 * time.Second)
	s.closed()
	if got := stays.names(); got != "" {
		t.Errorf("the other screen heard %s", got)
	}
}

// TestChangedWhileConnected: who may no longer work, or may see something else now, is
// sent away before the token ends.
func TestChangedWhileConnected(t *testing.T) {
	t.Parallel()
	w := setup(t)
	ana := pgtest.User(t, w.db, pgtest.Tenant(t, w.db).ID, user.Attendant, "")
	stays, _ := w.dial(map[string]string{"token": "Bearer " + w.token(pgtest.User(t, w.db, ana.TenantID, user.Head, ""), 5*time.Second)}, nil)
	s, _ := w.openWith(ana, 5*time.Second) // it is looked at again when the token would end
	moved := pgtest.User(t, w.db, ana.TenantID, user.Head, "")
	elsewhere, _ := w.openWith(moved, 5*time.Second)
	pgtest.Exec(t, w.db, "UPDATE account SET status = 'INACTIVE' WHERE id = $1", ana.ID)
	pgtest.Exec(t, w.db, "UPDATE account SET unit = 'Camburi' WHERE id = $1", moved.ID) // sees less now
	w.clock.Advance(4 * time.Second)                                                    // the tokens are still good
	s.closed()
	elsewhere.closed()
	if got := stays.names(); got != "sync:hello" {
		t.Errorf("the third heard %q", got)
	}
}

// TestJoin: one follows what one may see, and learns nothing of the rest.
func TestJoin(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := pgtest.Tenant(t, w.db), pgtest.Tenant(t, w.db)
	c := pgtest.Conversation(t, w.db, h, pgtest.OfUnit("Camburi"))
	theirs := pgtest.Conversation(t, w.db, other, pgtest.OfUnit("Camburi"))
	ana := pgtest.User(t, w.db, h.ID, user.Attendant, "Camburi")
	bia := pgtest.User(t, w.db, h.ID, user.Attendant, "Ilhabela")
	super := pgtest.User(t, w.db, id.Tenant{}, user.SuperAdmin, "")
	at := func(c string) any { return map[string]any{"conversationId": c} }
	for name, try := range map[string]struct {
		screen *screen
		data   any
		want   string
	}{
		"own":                        {w.open(ana), at(c.ID.String()), "conversation:joined"},
		"own, as a bare text":        {w.open(ana), c.ID.String(), "conversation:joined"},
		"of another unit":            {w.open(bia), at(c.ID.String()), "error"},
		"of another hotel":           {w.open(h.Admin), at(theirs.ID.String()), "error"},
		"super admin of this hotel":  {w.open(super, h.Slug), at(c.ID.String()), "conversation:joined"},
		"super admin of another":     {w.open(super, other.Slug), at(c.ID.String()), "error"},
		"super admin of none":        {w.open(super), at(c.ID.String()), "error"},
		"nothing":                    {w.open(ana), nil, "error"},
		"no id":                      {w.open(ana), at("x"), "error"},
		"nobody's id":                {w.open(ana), at(id.NewConversation().String()), "error"},
		"a number":                   {w.open(ana), 7, "error"},
		"a list":                     {w.open(ana), []any{c.ID.String()}, "error"},
		"another hotel's room":       {w.open(ana), at("tenant:" + other.ID.String()), "error"},
		"a room in place of an id":   {w.open(ana), "conversation:" + theirs.ID.String(), "error"},
		"an id with something after": {w.open(ana), c.ID.String() + "\x00", "error"},
	} {
		try.screen.emit("conversation:join", try.data)
		got := try.screen.next(try.want)
		if try.want == "error" && !strings.Contains(string(got.data), `"code":"conversation_not_found"`) {
			t.Errorf("%s: refused with %s", name, got.data)
		}
	}
}

// TestTyping: only those who follow a conversation hear who types, and only from those
// who follow it.
func TestTyping(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := pgtest.Tenant(t, w.db)
	c := pgtest.Conversation(t, w.db, h)
	ana, bia, caio := w.open(h.Admin), w.open(pgtest.User(t, w.db, h.ID, user.Head, "")), w.open(pgtest.User(t, w.db, h.ID, user.TenantAdmin, ""))
	ana.join(c)
	bia.join(c)
	says := map[string]any{"conversationId": c.ID.String(), "isTyping": true, "userName": "the boss", "userId": "forged"}
	ana.emit("conversation:typing", says)
	for _, name := range []string{"conversation:typing", "user:typing"} {
		var got struct {
			ConversationID, UserID, UserName string
			IsTyping                         bool
		}
		bia.next(name).into(t, &got)
		if got.ConversationID != c.ID.String() || got.UserID != h.Admin.ID.String() || got.UserName != h.Admin.Name || !got.IsTyping {
			t.Errorf("%s: %+v", name, got)
		}
	}
	caio.emit("user:typing", says) // follows nothing
	caio.emit("conversation:leave", c.ID.String())
	bia.emit("conversation:leave", c.ID.String())
	bia.next("conversation:left")
	ana.emit("user:typing", says)
	for s, want := range map[*screen]string{ana: "", bia: "", caio: "conversation:left"} {
		if got := s.names(); got != want {
			t.Errorf("%s heard %q, want %q", s.name, got, want)
		}
	}
}

// TestHostileEvents: what no dashboard sends does not end the connection, nor reach
// anybody else.
func TestHostileEvents(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := pgtest.Tenant(t, w.db)
	s, other := w.open(h.Admin), w.open(h.Admin)
	for _, packet := range []string{
		`42["conversation:typing"]`, `42["conversation:typing",null]`, `42["user:typing",[[[[]]]]]`, `42["conversation:leave",{"conversationId":{}}]`,
		`42["message:new",{"forged":true}]`, `42["join-tenant",{"tenantSlug":"x"}]`, `42["__proto__",{"a":1}]`,
		`42["messages:mark-read",{"messageIds":["x"]}]`, `42["` + strings.Repeat("a", 5000) + `"]`,
	} {
		s.send(packet)
	}
	if got := s.names(); strings.ReplaceAll(got, "conversation:left", "") != "messages:marked-read" {
		t.Errorf("answered with %q", got)
	}
	if got := other.names(); got != "" {
		t.Errorf("somebody else heard %s", got)
	}
}

// TestNotice: whom a notice concerns is looked at at once; others are left alone.
func TestNotice(t *testing.T) {
	t.Parallel()
	w := setup(t, func(o *realtime.Options) { o.RecheckEvery = time.Hour })
	h := pgtest.Tenant(t, w.db)
	ana, bia := pgtest.User(t, w.db, h.ID, user.Attendant, ""), pgtest.User(t, w.db, h.ID, user.Attendant, "")
	first, second := w.open(ana), w.open(bia)
	pgtest.Exec(t, w.db, "UPDATE account SET status = 'INACTIVE' WHERE tenant_id = $1", h.ID)
	w.clock.Advance(4 * time.Second) // what is remembered of them has ended
	w.server.Outdated(stale.User(ana.ID))
	first.closed()
	if got := second.names(); got != "" {
		t.Errorf("the other heard %s", got)
	}
	w.server.Outdated(stale.Tenant(h.ID))
	second.closed()
}

// TestChangeThatNobodyTold: it is found by looking, although what is remembered of somebody
// is still believed; nobody else is disturbed.
func TestChangeThatNobodyTold(t *testing.T) {
	t.Parallel()
	w := setup(t, func(o *realtime.Options) { o.RecheckEvery = time.Hour })
	h, other := pgtest.Tenant(t, w.db), pgtest.Tenant(t, w.db)
	ana := pgtest.User(t, w.db, h.ID, user.Attendant, "")
	first, again, stays, elsewhere := w.open(ana), w.open(ana), w.open(h.Admin), w.open(other.Admin)
	w.server.Sweep(t.Context())
	pgtest.Exec(t, w.db, "UPDATE account SET status = 'INACTIVE' WHERE id = $1", ana.ID)
	w.server.Sweep(t.Context())
	first.closed()
	again.closed()
	if got := stays.names() + elsewhere.names(); got != "" {
		t.Errorf("the others heard %s", got)
	}
	pgtest.Exec(t, w.db, "UPDATE tenant SET status = 'SUSPENDED' WHERE id = $1", h.ID)
	w.server.Sweep(t.Context())
	stays.closed()
	if got := elsewhere.names(); got != "" {
		t.Errorf("another hotel heard %s", got)
	}
}
