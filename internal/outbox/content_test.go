package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// office is a hotel with a guest, somebody who writes to them, and a Meta that takes
// everything.
type office struct {
	t      *testing.T
	ctx    context.Context
	db     *postgres.DB
	hotel  pgtest.Hotel
	card   conversation.Card
	clock  *clock.Frozen
	sender *Sender
	d      *Deliverer

	mu     sync.Mutex
	sent   []json.RawMessage
	refuse string // what Meta answers instead of taking the next message
}

func open(t *testing.T) *office {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	o := &office{t: t, ctx: ctx, db: pgtest.DB(t), clock: clock.NewFrozen(time.Now().Truncate(time.Second))}
	o.hotel = pgtest.Tenant(t, o.db)
	o.card = pgtest.Conversation(t, o.db, o.hotel, pgtest.LastInboundAt(o.clock.Now()))
	meta := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		o.mu.Lock()
		o.sent = append(o.sent, body)
		refuse := o.refuse
		o.refuse = ""
		o.mu.Unlock()
		if refuse != "" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, refuse)
			return
		}
		_, _ = io.WriteString(w, `{"messages":[{"id":"wamid.`+id.NewMessage().String()+`"}]}`)
	}))
	t.Cleanup(meta.Close)
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Exec(t, o.db, `UPDATE whatsapp_number SET access_token = $1`, box.Seal("EAAG-token-de-teste", o.hotel.ID.String()))
	d, _ := newDeliverer(ctx, t, o.db, o.hotel, o.clock)
	d.client = whatsapp.NewClient(whatsapp.Options{BaseURL: meta.URL})
	t.Cleanup(d.client.CloseIdleConnections)
	o.d, o.sender = d, NewSender(o.db, d.directory, o.clock)
	return o
}

func (o *office) says(r Request) (message.Message, error) {
	o.t.Helper()
	r.ConversationID, r.Sender, r.By = o.card.ID, message.Person, o.hotel.Admin
	q, err := o.sender.Send(o.ctx, o.hotel.ID, r)
	return q.Message, err
}

// delivers does what lies in the conversation's lane, and returns what Meta was sent last.
func (o *office) delivers() string {
	o.t.Helper()
	lanes, err := o.db.ClaimLanes(o.ctx, o.hotel.ID, lane.Deliver, 1)
	if err != nil || len(lanes) != 1 {
		o.t.Fatalf("claimed %d lanes: %v", len(lanes), err)
	}
	outcome := o.d.lane(o.ctx, lanes[0])
	pgtest.InTx(o.t, o.db, o.hotel.ID, func(tx *postgres.Tx) error { return releaseOnce(o.ctx, tx, outcome) })
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.sent) == 0 {
		return ""
	}
	var sent struct{ Type, Opaque, To string }
	var all map[string]any
	if json.Unmarshal(o.sent[len(o.sent)-1], &all) != nil || json.Unmarshal(o.sent[len(o.sent)-1], &sent) != nil {
		o.t.Fatalf("sent %s", o.sent)
	}
	out, err := json.Marshal(map[string]any{"context": all["context"], sent.Type: all[sent.Type]})
	if err != nil {
		o.t.Fatal(err)
	}
	return string(out)
}

func (o *office) now(m message.Message) message.Message {
	o.t.Helper()
	stored, err := o.db.Message(o.ctx, o.hotel.ID, m.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return stored
}

// What is stored is delivered, whatever it is, with what it quotes: by our id or Meta's.
func TestContentsAreStoredAndDelivered(t *testing.T) {
	t.Parallel()
	o := open(t)
	in := pgtest.Message(t, o.db, o.hotel.ID, o.card)
	confirm := content.Buttons{Body: "Confirma?", Buttons: []content.Button{{ID: "1", Title: "Sim"}}}
	for name, c := range map[string]struct {
		r    Request
		want string
	}{
		"buttons, by our id": {
			Request{Content: confirm, ReplyTo: in.ID.String()},
			`{"context":{"message_id":"` + in.WAMID + `"},"interactive":{"action":{"buttons":[{"reply":{"id":"1","title":"Sim"},"type":"reply"}]},"body":{"text":"Confirma?"},"type":"button"}}`,
		},
		"a text, by Meta's": {
			Request{Content: content.Text{Body: "Oi", PreviewURL: true}, ReplyTo: in.WAMID},
			`{"context":{"message_id":"` + in.WAMID + `"},"text":{"body":"Oi","preview_url":true}}`,
		},
		"a reaction": {
			Request{Content: content.Reaction{WAMID: in.ID.String(), Emoji: "👍"}},
			`{"context":null,"reaction":{"emoji":"👍","message_id":"` + in.WAMID + `"}}`,
		},
	} {
		m, err := o.says(c.r)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := o.delivers()
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if m = o.now(m); m.Status != message.Sent || m.WAMID == "" {
			t.Errorf("%s: %s %q", name, m.Status, m.WAMID)
		}
		o.clock.Advance(10 * time.Second) // Meta's pace per guest
	}
}

// A reaction is no answer: it takes nothing over and is not what lists show last.
func TestReactionsMoveNothing(t *testing.T) {
	t.Parallel()
	o := open(t)
	in := pgtest.Message(t, o.db, o.hotel.ID, o.card)
	before, err := o.db.Card(o.ctx, o.hotel.ID, o.card.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.says(Request{Content: content.Reaction{WAMID: in.WAMID, Emoji: "👍"}}); err != nil {
		t.Fatal(err)
	}
	after, err := o.db.Card(o.ctx, o.hotel.ID, o.card.ID)
	if diff := cmp.Diff(before, after); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// What a message points at must be the same guest's, known to Meta, and fit for it.
func TestPointing(t *testing.T) {
	t.Parallel()
	o := open(t)
	other := pgtest.Message(t, o.db, o.hotel.ID, pgtest.Conversation(t, o.db, o.hotel))
	foreign := pgtest.Tenant(t, o.db)
	theirs := pgtest.Message(t, o.db, foreign.ID, pgtest.Conversation(t, o.db, foreign))
	waiting := pgtest.Message(t, o.db, o.hotel.ID, o.card, pgtest.FromBot)
	reaction := pgtest.Message(t, o.db, o.hotel.ID, o.card, func(m *message.Message) { m.Kind = message.Reaction })
	aged := func(d time.Duration) message.Message {
		return pgtest.Message(t, o.db, o.hotel.ID, o.card, func(m *message.Message) { m.Timestamp = o.clock.Now().Add(-d) })
	}
	old, older := aged(reactable), aged(reactable+time.Second)
	quote := func(named string) Request { return Request{Content: content.Text{Body: "Oi"}, ReplyTo: named} }
	react := func(named string) Request { return Request{Content: content.Reaction{WAMID: named, Emoji: "👍"}} }
	for name, c := range map[string]struct {
		r    Request
		want error
		path string
	}{
		"another guest's":              {quote(other.ID.String()), ErrPointed, "replyTo"},
		"another guest's, Meta's id":   {quote(other.WAMID), ErrPointed, "replyTo"},
		"another hotel's":              {quote(theirs.ID.String()), ErrPointed, "replyTo"},
		"another hotel's, Meta's id":   {react(theirs.WAMID), ErrPointed, "messageId"},
		"nobody's":                     {quote("wamid.none"), ErrPointed, "replyTo"},
		"what Meta does not know yet":  {quote(waiting.ID.String()), ErrPointedUnsent, "replyTo"},
		"a reaction to a reaction":     {react(reaction.WAMID), ErrReactTo, "messageId"},
		"a reaction after 30 days":     {react(old.WAMID), nil, ""},
		"a reaction a second later":    {react(older.WAMID), ErrReactTo, "messageId"},
		"an old message may be quoted": {quote(older.WAMID), nil, ""},
		"a reaction that quotes":       {Request{Content: content.Reaction{WAMID: old.WAMID, Emoji: "👍"}, ReplyTo: old.WAMID}, content.ErrInvalid, "replyTo"},
	} {
		_, err := o.says(c.r)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if err != nil && fault.Of(err).Details[0].Path != c.path {
			t.Errorf("%s: at %v", name, fault.Of(err).Details)
		}
	}
}

// A repeated request is the same message whatever PostgreSQL made of its JSON, and another
// one is refused.
func TestRepeatedContents(t *testing.T) {
	t.Parallel()
	o := open(t)
	ask := content.Flow{Body: "x", FlowID: "1", Label: "Abrir", Screen: "A", Data: json.RawMessage(`{"long":1, "a":{"z":1,"b":2}}`)}
	first, err := o.says(Request{Content: ask, ClientID: "1"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := o.says(Request{Content: ask, ClientID: "1"})
	if err != nil || again.ID != first.ID {
		t.Errorf("the same again: %v %v, want %v", again.ID, err, first.ID)
	}
	ask.Label = "Começar"
	if _, err := o.says(Request{Content: ask, ClientID: "1"}); !errors.Is(err, ErrReused) {
		t.Errorf("another: %v", err)
	}
}

// files stands in for what gives files to Meta.
type files struct {
	file         media.File
	refuse, fail error
	uploads      int
	isOld        bool
}

func (f *files) Check(_ context.Context, _ id.Tenant, uses []content.Use) (map[id.Media]media.File, error) {
	return map[id.Media]media.File{uses[0].File: f.file}, f.refuse
}

func (f *files) Upload(context.Context, id.Tenant, id.Number, whatsapp.Credentials, content.Use) (string, bool, error) {
	f.uploads++
	return "700100000000010", f.isOld, f.fail
}

// Files of ours are refused until something can give them to Meta, and are then given
// before the message is attempted.
func TestFilesOfOurs(t *testing.T) {
	t.Parallel()
	o := open(t)
	kept := media.File{ID: id.NewMedia(), Name: "v.ogg", Key: "k", Kind: message.Audio, MimeType: "audio/ogg", Size: 5, CreatedAt: o.clock.Now()}
	pgtest.InTx(t, o.db, o.hotel.ID, func(tx *postgres.Tx) error {
		_, _, err := tx.KeepMedia(o.ctx, kept)
		return err
	})
	voice := Request{Content: content.Voice{File: content.File{FileID: kept.ID}}}
	_, err := o.says(voice)
	if !errors.Is(err, ErrFiles) || fault.Of(err).Details[0].Path != "fileId" {
		t.Fatalf("without uploads: %v", err)
	}
	f := &files{file: kept, refuse: fault.New(fault.NotFound, "media_not_found", "x")}
	o.sender.Files, o.d.Files = f, f
	if _, err := o.says(voice); !errors.Is(err, f.refuse) {
		t.Errorf("a file that is not there: %v", err)
	}
	f.refuse, f.fail = nil, &whatsapp.UnknownOutcomeError{Err: errors.New("cut off")}
	m, err := o.says(voice)
	if err != nil {
		t.Fatal(err)
	}
	if url := media.Address(o.hotel.ID, "v.ogg"); m.Metadata.MediaURL != url || m.Metadata.MimeType != "audio/ogg" || m.Metadata.FileSize != 5 {
		t.Errorf("the message says %+v", m.Metadata)
	}
	sent := o.delivers()
	if sent != "" || f.uploads != 1 || o.now(m).Status != message.Pending {
		t.Errorf("after an upload that failed: sent %q, %d uploads, %s", sent, f.uploads, o.now(m).Status)
	}
	f.fail = nil
	o.clock.Advance(time.Hour)
	pgtest.InTx(t, o.db, o.hotel.ID, func(tx *postgres.Tx) error { return tx.WakeAllLanes(o.ctx, lane.Deliver) })
	if sent = o.delivers(); sent != `{"audio":{"id":"700100000000010","voice":true},"context":null}` || o.now(m).Status != message.Sent {
		t.Errorf("sent %s, %s", sent, o.now(m).Status)
	}
	f.fail = fault.New(fault.Unprocessable, "voice_too_long", "Too long.")
	o.clock.Advance(10 * time.Second)
	if m, err = o.says(voice); err != nil {
		t.Fatal(err)
	}
	o.delivers()
	if m = o.now(m); m.Status != message.Failed || m.Failure.Details != "voice_too_long" {
		t.Errorf("%s %+v", m.Status, m.Failure)
	}
}

// A form that this version cannot read fails the message and not its neighbours.
func TestUnreadableContents(t *testing.T) {
	t.Parallel()
	o := open(t)
	m, err := o.says(Request{Content: content.LocationRequest{Body: "Onde?"}})
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Exec(t, o.db, `UPDATE message SET metadata = '{"outgoing":{"type":"hologram","hologram":{}}}'`)
	if sent := o.delivers(); sent != "" {
		t.Errorf("sent %s", sent)
	}
	if m = o.now(m); m.Status != message.Failed || m.Failure.Details != content.ErrStored.Code {
		t.Errorf("%s %+v", m.Status, m.Failure)
	}
}

// TestMetaForgotAFile: an id that we remembered, and Meta does not know any more, costs
// another upload and not the message. It is tried once.
func TestMetaForgotAFile(t *testing.T) {
	t.Parallel()
	o := open(t)
	f := &files{isOld: true, file: media.File{ID: id.NewMedia(), Name: "v.jpg", Key: "k", Kind: message.Image, MimeType: "image/jpeg", Size: 5, CreatedAt: o.clock.Now()}}
	o.sender.Files, o.d.Files = f, f
	pgtest.InTx(t, o.db, o.hotel.ID, func(tx *postgres.Tx) error {
		_, _, err := tx.KeepMedia(o.ctx, f.file)
		return err
	})
	for _, c := range []struct {
		code  string
		again bool
	}{{"131053", true}, {"131009", true}, {`100`, true}, {"131026", false}, {`100,"error_subcode":33`, false}} {
		code, again := c.code, c.again
		f.isOld, f.uploads = true, 0
		o.clock.Advance(10 * time.Second)
		m, err := o.says(Request{Content: content.Image{File: content.File{FileID: f.file.ID}}})
		if err != nil {
			t.Fatal(err)
		}
		pgtest.InTx(t, o.db, o.hotel.ID, func(tx *postgres.Tx) error {
			return tx.KeepMetaMedia(o.ctx, f.file.ID, o.hotel.Number.ID, "700100000000010", o.clock.Now())
		})
		o.refuse = `{"error":{"message":"no","code":` + code + `}}`
		o.delivers()
		known, err := o.db.MetaMedia(o.ctx, o.hotel.ID, f.file.ID, o.hotel.Number.ID, time.Time{})
		if err != nil || (known == "") != again {
			t.Errorf("%s: Meta's id is %q, %v", code, known, err)
		}
		if !again {
			pgtest.Exec(t, o.db, "DELETE FROM lane_item")
			pgtest.Exec(t, o.db, "DELETE FROM lane")
			continue
		}
		f.isOld = false
		o.clock.Advance(10 * time.Second)
		pgtest.InTx(t, o.db, o.hotel.ID, func(tx *postgres.Tx) error { return tx.WakeAllLanes(o.ctx, lane.Deliver) })
		if code == "131009" { // it was not the file
			o.refuse = `{"error":{"message":"no","code":131009}}`
		}
		o.delivers()
		if got := o.now(m).Status; f.uploads != 2 || (got == message.Failed) != (code == "131009") {
			t.Errorf("%s: %d uploads, %s", code, f.uploads, got)
		}
	}
}
