package realtime_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/news"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestWhoHears: whoever may see a conversation hears of it, once; nobody else does.
func TestWhoHears(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := pgtest.Tenant(t, w.db), pgtest.Tenant(t, w.db)
	staff := func(role user.Role, unit string) user.User { return pgtest.User(t, w.db, h.ID, role, unit) }
	super := pgtest.User(t, w.db, id.Tenant{}, user.SuperAdmin, "")
	assignee := staff(user.Attendant, "Ilhabela")
	screens := map[string]*screen{
		"admin": w.open(h.Admin), "head": w.open(staff(user.Head, "")), "head of Camburi": w.open(staff(user.Head, "Camburi")),
		"head of Ilhabela": w.open(staff(user.Head, "Ilhabela")), "attendant of Camburi": w.open(staff(user.Attendant, "Camburi")),
		"attendant of Ilhabela": w.open(staff(user.Attendant, "Ilhabela")), "attendant": w.open(staff(user.Attendant, "")),
		"sales": w.open(staff(user.Sales, "")), "assignee": w.open(assignee), "super admin": w.open(super),
		"super admin here": w.open(super, h.Slug), "super admin there": w.open(super, other.Slug), "other hotel": w.open(other.Admin),
		"other hotel's Camburi": w.open(pgtest.User(t, w.db, other.ID, user.Attendant, "Camburi")),
	}
	always := []string{"admin", "head", "super admin here"}
	for name, c := range map[string]struct {
		options []pgtest.ConversationOption
		hear    []string
	}{
		"of Camburi":       {[]pgtest.ConversationOption{pgtest.OfUnit("Camburi")}, []string{"head of Camburi", "attendant of Camburi"}},
		"of no unit":       {nil, nil},
		"assigned":         {[]pgtest.ConversationOption{pgtest.AssignedTo(assignee.ID)}, []string{"assignee"}},
		"an opportunity":   {[]pgtest.ConversationOption{pgtest.AsOpportunity()}, []string{"sales"}},
		"everything":       {[]pgtest.ConversationOption{pgtest.OfUnit("Ilhabela"), pgtest.AssignedTo(assignee.ID), pgtest.AsOpportunity()}, []string{"head of Ilhabela", "attendant of Ilhabela", "assignee", "sales"}},
		"of another hotel": {nil, nil},
	} {
		hotel := h
		wanted := map[string]int{}
		for _, who := range append(always, c.hear...) {
			wanted[who] = 1
		}
		if name == "of another hotel" {
			hotel, wanted = other, map[string]int{"other hotel": 1, "super admin there": 1}
		}
		card := pgtest.Conversation(t, w.db, hotel, c.options...)
		m := pgtest.Message(t, w.db, hotel.ID, card)
		if wanted["admin"] == 1 {
			screens["admin"].join(card) // in two rooms now, and still told once
		}
		w.server.Publish(context.Background(), []event.Event{{TenantID: hotel.ID, Name: event.MessageNew, Card: &card, Message: &m}})
		for who, s := range screens {
			got := s.all()
			if len(got) != wanted[who] {
				t.Errorf("%s: %s heard %d times, want %d", name, who, len(got), wanted[who])
			}
			for _, e := range got {
				wantMessage(t, e, card, m.ID)
			}
		}
	}
}

// TestWhoHearsOfTheAccount: what Meta says of a hotel's account is for its administrators, and
// for whoever runs the platform and looks at that hotel.
func TestWhoHearsOfTheAccount(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := pgtest.Tenant(t, w.db), pgtest.Tenant(t, w.db)
	super := pgtest.User(t, w.db, id.Tenant{}, user.SuperAdmin, "")
	screens := map[string]*screen{
		"admin": w.open(h.Admin), "second admin": w.open(pgtest.User(t, w.db, h.ID, user.TenantAdmin, "")), "super admin here": w.open(super, h.Slug),
		"super admin": w.open(super), "super admin there": w.open(super, other.Slug), "other hotel's admin": w.open(other.Admin),
	}
	for _, role := range []user.Role{user.Head, user.Attendant, user.Sales} {
		screens[string(role)] = w.open(pgtest.User(t, w.db, h.ID, role, ""))
		screens[string(role)+" of a unit"] = w.open(pgtest.User(t, w.db, h.ID, role, "Camburi"))
	}
	n := news.Event{ID: id.NewNews(), Kind: news.TemplateStatus, Name: "PAUSED", Severity: news.Warning, Data: json.RawMessage(`{}`)}
	w.server.Publish(context.Background(), []event.Event{{TenantID: h.ID, Name: event.AccountNews, News: &n}})
	hear := map[string]bool{"admin": true, "second admin": true, "super admin here": true}
	for who, s := range screens {
		got := s.all()
		if want := hear[who]; want != (len(got) == 1) || len(got) > 1 {
			t.Errorf("%s heard %d events", who, len(got))
		}
		for _, e := range got {
			if e.name != string(event.AccountNews) || !strings.Contains(string(e.data), n.ID.String()) {
				t.Errorf("%s heard %s %s", who, e.name, e.data)
			}
		}
	}
}

// wantMessage checks that an event carries the whole of what a list shows.
func wantMessage(t *testing.T, e heard, card conversation.Card, m id.Message) {
	t.Helper()
	var got struct {
		ConversationID        string
		Conversation, Message map[string]any
		Seq                   int64
	}
	e.into(t, &got)
	if e.name != "message:new" || got.ConversationID != card.ID.String() || got.Message["id"] != m.String() || got.Seq == 0 {
		t.Errorf("heard %s %s", e.name, e.data)
	}
	for _, key := range []string{"id", "contact", "assignedTo", "tags", "lastMessage", "unreadCount", "status", "createdAt"} {
		if _, ok := got.Conversation[key]; !ok {
			t.Errorf("the conversation has no %s", key)
		}
	}
}

// TestEventsShowFiles: screens get addresses that they can fetch, as lists do.
func TestEventsShowFiles(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := pgtest.Tenant(t, w.db)
	admin := w.open(h.Admin)
	card := pgtest.Conversation(t, w.db, h)
	m := pgtest.Message(t, w.db, h.ID, card, func(m *message.Message) {
		m.Kind, m.Metadata = message.Image, message.Metadata{MediaURL: "/api/media/x/a.jpg"}
	})
	w.server.Publish(context.Background(), []event.Event{{TenantID: h.ID, Name: event.MessageNew, Card: &card, Message: &m}})
	all := admin.all()
	if len(all) != 1 {
		t.Fatalf("heard %d events", len(all))
	}
	var got struct{ Message struct{ MediaURL string } }
	all[0].into(t, &got)
	if got.Message.MediaURL != "https://files.example.com/api/media/x/a.jpg?signed" {
		t.Errorf("heard %s", all[0].data)
	}
}

// TestFarewell: who may no longer see a conversation is told that it is gone, nothing
// else, and hears no more of it although it was followed.
func TestFarewell(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := pgtest.Tenant(t, w.db)
	keeper := pgtest.User(t, w.db, h.ID, user.Attendant, "Camburi")
	before := pgtest.Conversation(t, w.db, h, pgtest.OfUnit("Camburi"), pgtest.AssignedTo(keeper.ID))
	admin, keeps := w.open(h.Admin), w.open(keeper)
	loses := w.open(pgtest.User(t, w.db, h.ID, user.Attendant, "Camburi"))
	gains := w.open(pgtest.User(t, w.db, h.ID, user.Attendant, "Ilhabela"))
	uninvolved := w.open(pgtest.User(t, w.db, h.ID, user.Sales, ""))
	for _, s := range []*screen{admin, keeps, loses} {
		s.join(before)
	}
	after := before
	after.Unit = "Ilhabela"
	w.updated(h.ID, after, before)
	var gone map[string]any
	loses.next("conversation:removed").into(t, &gone)
	if len(gone) != 1 || gone["conversationId"] != before.ID.String() {
		t.Errorf("told %v", gone)
	}
	w.updated(h.ID, after)
	const twice = "conversation:updated conversation:updated"
	for s, want := range map[*screen]string{admin: twice, keeps: twice, gains: twice, loses: "", uninvolved: ""} {
		if got := s.names(); got != want {
			t.Errorf("%s heard %q, want %q", s.name, got, want)
		}
	}
	pgtest.Exec(t, w.db, "UPDATE conversation SET unit = 'Ilhabela' WHERE id = $1", before.ID) // else coming back is allowed
	loses.emit("conversation:join", before.ID.String())
	admin.emit("conversation:typing", map[string]any{"conversationId": before.ID.String(), "isTyping": true})
	admin.all()
	for _, e := range loses.all() {
		if e.name == "conversation:typing" {
			t.Error("still in the conversation's room")
		}
	}
}

// TestAssignmentEnds: who had a conversation only by assignment loses it with that.
func TestAssignmentEnds(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := pgtest.Tenant(t, w.db)
	ana := pgtest.User(t, w.db, h.ID, user.Attendant, "")
	before := pgtest.Conversation(t, w.db, h, pgtest.AssignedTo(ana.ID))
	one, two := w.open(ana), w.open(ana)
	one.join(before)
	after := before
	after.Conversation, after.Assignee = before.Unassign(time.Now()), nil
	w.updated(h.ID, after, before)
	w.updated(h.ID, after)
	for _, s := range []*screen{one, two} {
		if got := s.names(); got != "conversation:removed" {
			t.Errorf("heard %q", got)
		}
	}
}

// TestNothingSecretInEvents: what screens get is what a fetch returns, and no more.
func TestNothingSecretInEvents(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := pgtest.Tenant(t, w.db)
	card := pgtest.Conversation(t, w.db, h)
	m := pgtest.Message(t, w.db, h.ID, card)
	e := pgtest.Escalation(t, w.db, h.ID, card)
	s := w.open(h.Admin)
	w.server.Publish(context.Background(), []event.Event{
		{TenantID: h.ID, Name: event.ConversationNew, Card: &card},
		{TenantID: h.ID, Name: event.MessageStatus, Card: &card, Message: &m},
		{TenantID: h.ID, Name: event.EscalationNew, Card: &card, Escalation: &e},
	})
	got := s.all()
	if len(got) != 3 {
		t.Fatalf("heard %d events", len(got))
	}
	for i, want := range []string{
		"conversation conversationId epoch seq", "conversationId epoch externalMessageId messageId seq status", "conversation conversationId epoch escalation seq",
	} {
		if keys := keysOf(t, got[i]); keys != want {
			t.Errorf("%s has %s, want %s", got[i].name, keys, want)
		}
	}
}

func keysOf(t *testing.T, e heard) string {
	t.Helper()
	var all map[string]json.RawMessage
	e.into(t, &all)
	return strings.Join(slices.Sorted(maps.Keys(all)), " ")
}

// TestLostWhileItMoved: who was offline while a conversation went to another unit gets
// none of it when the connection is recovered, although the screen followed it.
func TestLostWhileItMoved(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := pgtest.Tenant(t, w.db)
	u := pgtest.User(t, w.db, h.ID, user.Attendant, "Camburi")
	before := pgtest.Conversation(t, w.db, h, pgtest.OfUnit("Camburi"))
	first, answer := w.dial(map[string]string{"token": w.token(u, time.Hour)}, nil)
	var known struct{ PID string }
	if err := json.Unmarshal([]byte(strings.TrimPrefix(answer, "40")), &known); err != nil || known.PID == "" {
		t.Fatalf("let in with %q: %v", answer, err)
	}
	first.next("sync:hello")
	first.join(before)
	_ = first.conn.CloseNow()
	w.awaitConnections(0)

	after := before
	after.Unit = "Ilhabela"
	w.updated(h.ID, after, before)
	m := pgtest.Message(t, w.db, h.ID, after)
	w.server.Publish(context.Background(), []event.Event{{TenantID: h.ID, Name: event.MessageNew, Card: &after, Message: &m}})

	second, answer := w.dial(map[string]string{"token": w.token(u, time.Hour), "pid": known.PID}, nil)
	if !strings.Contains(answer, known.PID) {
		t.Fatalf("not recovered: %q", answer)
	}
	w.updated(h.ID, after)
	if got := strings.Fields(second.names()); slices.Contains(got, "message:new") || slices.Contains(got, "conversation:updated") {
		t.Errorf("heard %v of a conversation of another unit", got)
	} else if !slices.Contains(got, "conversation:removed") {
		t.Errorf("heard %v, not that the conversation is gone", got)
	}
}

// TestDeleted: who could see a conversation hears that it is gone, and nothing of what
// it was; nobody follows it any more.
func TestDeleted(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := pgtest.Tenant(t, w.db)
	card := pgtest.Conversation(t, w.db, h, pgtest.OfUnit("Camburi"))
	admin, ana := w.open(h.Admin), w.open(pgtest.User(t, w.db, h.ID, user.Attendant, "Camburi"))
	other := w.open(pgtest.User(t, w.db, h.ID, user.Attendant, "Ilhabela"))
	admin.join(card)
	ana.join(card)
	w.server.Publish(context.Background(), []event.Event{{TenantID: h.ID, Name: event.ConversationDeleted, Card: &card}})
	for _, s := range []*screen{admin, ana} {
		e := s.next("conversation:deleted")
		if keys := keysOf(t, e); keys != "conversationId epoch seq" || !strings.Contains(string(e.data), card.ID.String()) {
			t.Errorf("%s was told %s", s.name, e.data)
		}
	}
	ana.emit("conversation:typing", map[string]any{"conversationId": card.ID.String(), "isTyping": true})
	ana.all()
	for _, s := range []*screen{admin, other} {
		if got := s.names(); got != "" {
			t.Errorf("%s heard %s", s.name, got)
		}
	}
}

// TestHotelEvents: what is no conversation's is heard by everybody at the hotel, and by
// nobody else.
func TestHotelEvents(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := pgtest.Tenant(t, w.db), pgtest.Tenant(t, w.db)
	tag, guest := pgtest.Tag(t, w.db, h.ID, "VIP"), pgtest.Contact(t, w.db, h.ID)
	inside := []*screen{w.open(h.Admin)}
	for _, role := range []user.Role{user.Attendant, user.Sales, user.Head} {
		inside = append(inside, w.open(pgtest.User(t, w.db, h.ID, role, "Camburi")))
	}
	outside := w.open(other.Admin)
	w.server.Publish(context.Background(), []event.Event{
		{TenantID: h.ID, Name: event.TagCreated, Tag: &tag},
		{TenantID: h.ID, Name: event.TagUpdated, Tag: &tag},
		{TenantID: h.ID, Name: event.TagDeleted, Tag: &tag},
		{TenantID: h.ID, Name: event.ContactCreated, Contact: &guest},
		{TenantID: h.ID, Name: event.ContactUpdated, Contact: &guest},
		{TenantID: h.ID, Name: event.ContactDeleted, Contact: &guest},
	})
	for _, s := range inside {
		got := s.all()
		wanted := []string{
			"epoch seq tag tagId", "epoch seq tag tagId", "epoch seq tagId",
			"contact contactId epoch seq", "contact contactId epoch seq", "contactId epoch seq",
		}
		if len(got) != len(wanted) {
			t.Fatalf("heard %d events", len(got))
		}
		for i, want := range wanted {
			if keys := keysOf(t, got[i]); keys != want {
				t.Errorf("%s has %s, want %s", got[i].name, keys, want)
			}
		}
	}
	if got := outside.names(); got != "" {
		t.Errorf("another hotel heard %q", got)
	}
}

// TestInOrder: however many publish at once, a screen hears of its hotel's events in the
// order of their numbers.
func TestInOrder(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := pgtest.Tenant(t, w.db)
	card := pgtest.Conversation(t, w.db, h)
	s := w.open(h.Admin)
	var publishers sync.WaitGroup
	for range 8 {
		publishers.Go(func() {
			for range 25 {
				w.updated(h.ID, card)
			}
		})
	}
	publishers.Wait()
	for want := range int64(200) {
		var got hello
		s.next("conversation:updated").into(t, &got)
		if got.Seq != want+1 {
			t.Fatalf("heard number %d after %d", got.Seq, want)
		}
	}
}
