package transfer_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
	"github.com/botreserva/botreserva/internal/transfer"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const pdf = "%PDF-1.7 voucher"

// meta stands in for Meta's two hosts; tests replace what it answers.
type meta struct {
	about   func(w http.ResponseWriter, r *http.Request) // GET /{media}
	file    func(w http.ResponseWriter, r *http.Request) // GET of an address
	asked   int
	fetched int
	url     string
}

func startMeta(t *testing.T) *meta {
	t.Helper()
	m := &meta{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer token" || r.UserAgent() == "" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if strings.HasPrefix(r.URL.Path, "/files/") {
			m.fetched++
			m.file(w, r)
			return
		}
		m.asked++
		m.about(w, r)
	}))
	t.Cleanup(server.Close)
	m.url = server.URL
	m.about = m.tells(m.url+"/files/1", sumOf(pdf), len(pdf))
	m.file = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, pdf) }
	return m
}

func (m *meta) tells(url, sum string, size int) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v25.0/700100000000004" || r.URL.Query().Get("phone_number_id") == "" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{
			"messaging_product": "whatsapp", "url": url, "mime_type": "application/pdf", "sha256": sum, "file_size": fmt.Sprint(size), "id": "700100000000004",
		})
	}
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// desk is a hotel with one message whose file is to be fetched.
type desk struct {
	t       *testing.T
	db      *postgres.DB
	hotel   pgtest.Hotel
	message message.Message
	meta    *meta
	store   *blob.Memory
	clock   *clock.Frozen
	fetcher *transfer.Fetcher
	events  []event.Event
}

func newDesk(t *testing.T, change ...func(*message.Message)) *desk {
	t.Helper()
	d := &desk{t: t, db: pgtest.DB(t), meta: startMeta(t), store: &blob.Memory{}, clock: clock.NewFrozen(time.Now())}
	d.hotel = pgtest.Tenant(t, d.db)
	d.message = pgtest.Message(t, d.db, d.hotel.ID, pgtest.Conversation(t, d.db, d.hotel), append([]func(*message.Message){func(m *message.Message) {
		sum := sha256.Sum256([]byte(pdf))
		m.Kind, m.Content, m.NumberID = message.Document, "voucher.pdf", d.hotel.Number.ID
		m.Metadata = message.Metadata{MediaID: "700100000000004", MimeType: "application/pdf", SHA256: hex.EncodeToString(sum[:]), Filename: "voucher.pdf"}
	}}, change...)...)
	d.queue()
	box, err := sealed.NewBox(strings.Repeat("ab", 32))
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Exec(t, d.db, "UPDATE whatsapp_number SET access_token = $1", box.Seal("token", d.hotel.ID.String()))
	client := whatsapp.NewClient(whatsapp.Options{BaseURL: d.meta.url})
	t.Cleanup(client.CloseIdleConnections)
	d.db.OnCommit(postgres.Hooks{Publish: func(_ context.Context, events []event.Event) { d.events = append(d.events, events...) }})
	d.fetcher = transfer.NewFetcher(d.db, directory.New(d.db, box, d.clock), client,
		filing.New(d.db, d.store, d.clock, logtest.Logger()), d.clock, logtest.Logger())
	return d
}

func (d *desk) queue() {
	d.t.Helper()
	pgtest.InTx(d.t, d.db, d.hotel.ID, func(tx *postgres.Tx) error {
		tx.Enqueue(lane.Media, transfer.Fetching(d.message))
		return nil
	})
}

// works lets the fetcher do what is ready, and reports whether there was something.
func (d *desk) works() bool {
	d.t.Helper()
	pgtest.Exec(d.t, d.db, "UPDATE lane SET ready_at = now() - interval '1 second' WHERE kind = 'media'")
	lanes, err := d.db.ClaimLanes(d.t.Context(), d.hotel.ID, lane.Media, 10)
	if err != nil {
		d.t.Fatal(err)
	}
	d.fetcher.Work(d.t.Context(), lanes)
	return len(lanes) > 0
}

func (d *desk) now() message.Message {
	d.t.Helper()
	m, err := d.db.Message(d.t.Context(), d.hotel.ID, d.message.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	return m
}

func (d *desk) letters() []postgres.DeadLetter {
	d.t.Helper()
	letters, err := d.db.DeadLetters(d.t.Context(), d.hotel.ID, lane.Media, 10)
	if err != nil {
		d.t.Fatal(err)
	}
	return letters
}

func (d *desk) count(sql string) (n int) {
	d.t.Helper()
	if err := pgtest.Owner(d.t, d.db).QueryRow(d.t.Context(), sql).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

// TestFetch: the file becomes ours, is shown with its message, and screens hear of it. The
// same bytes of another guest are kept once.
func TestFetch(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if !d.works() || d.works() {
		t.Error("there is not exactly one thing to do")
	}
	m := d.now()
	name := m.Metadata.MediaURL[strings.LastIndexByte(m.Metadata.MediaURL, '/')+1:]
	f, err := d.db.Media(t.Context(), d.hotel.ID, name)
	if err != nil || f.MimeType != "application/pdf" || f.Filename != "voucher.pdf" || !f.UploadedBy.IsZero() {
		t.Fatalf("%+v, %v", f, err)
	}
	content, err := d.store.Open(t.Context(), f.Key, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(content); string(got) != pdf {
		t.Errorf("kept %q", got)
	}
	if m.Metadata.Shown == nil || m.Metadata.FileSize != int64(len(pdf)) || m.Metadata.MediaID == "" {
		t.Errorf("the message says %+v", m.Metadata)
	}
	if len(d.events) != 1 || d.events[0].Name != event.MessageUpdated || d.events[0].Message.Metadata.MediaURL != m.Metadata.MediaURL || d.events[0].Card == nil {
		t.Errorf("screens heard %+v", d.events)
	}
	other := pgtest.Message(t, d.db, d.hotel.ID, pgtest.Conversation(t, d.db, d.hotel), func(o *message.Message) {
		o.Kind, o.NumberID, o.Metadata = m.Kind, d.hotel.Number.ID, d.message.Metadata
	})
	d.message = other
	d.queue()
	d.works()
	if again := d.now(); again.Metadata.MediaURL != m.Metadata.MediaURL || d.count("SELECT count(*) FROM media") != 1 || d.count("SELECT count(*) FROM message_media") != 2 {
		t.Errorf("the same bytes again: %+v", again.Metadata)
	}
	if _, err := d.store.Stat(t.Context(), f.Key); err != nil {
		t.Errorf("the bytes: %v", err)
	}
}

// TestFetchGivesUp: what cannot be had says so on its message, and waits for people.
func TestFetchGivesUp(t *testing.T) {
	t.Parallel()
	refused := func(status, code int) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"error":{"message":"no","code":%d,"error_subcode":33}}`, code)
		}
	}
	for name, c := range map[string]struct {
		of      func(*message.Message)
		meta    func(*meta)
		tries   int // before it is given up
		code    string
		unasked bool
	}{
		"an id that leads elsewhere": {of: func(m *message.Message) { m.Metadata.MediaID = "../me?fields=name" }, code: "media_id_invalid", unasked: true},
		"announced too large":        {meta: func(m *meta) { m.about = m.tells(m.url+"/files/1", "", 100_000_001) }, code: "media_too_large"},
		"ten gigabytes": {meta: func(m *meta) {
			m.file = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "10000000000")
				_, _ = w.Write([]byte(pdf))
			}
		}, code: "media_too_large"},
		"empty": {meta: func(m *meta) {
			m.about = m.tells(m.url+"/files/1", "", 0)
			m.file = func(http.ResponseWriter, *http.Request) {}
		}, code: "media_empty"},
		"another sum":         {of: func(m *message.Message) { m.Metadata.SHA256 = sumOf("another") }, tries: 30, code: "media_not_found"},
		"never heard of it":   {meta: func(m *meta) { m.about = refused(400, 100) }, tries: 30, code: "media_not_found"},
		"the address is dead": {meta: func(m *meta) { m.file = http.NotFound }, tries: 30, code: "media_not_found"},
		"another host":        {meta: func(m *meta) { m.about = m.tells("https://evil.example/files/1", "", 1) }, tries: 30, code: "media_not_found"},
		"older than 7 days": {
			of:   func(m *message.Message) { m.Timestamp = m.Timestamp.Add(-whatsapp.MediaLife - time.Hour) },
			meta: func(m *meta) { m.about = refused(401, 190) }, code: "media_expired",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, func(m *message.Message) {
				if c.of != nil {
					c.of(m)
				}
			})
			if c.meta != nil {
				c.meta(d.meta)
			}
			if c.tries > 1 {
				d.works()
				if len(d.letters()) != 0 {
					t.Fatal("given up at once")
				}
				pgtest.Exec(t, d.db, "UPDATE lane SET attempts = $1 WHERE kind = 'media'", c.tries-1)
			}
			d.works()
			letters, m := d.letters(), d.now()
			if len(letters) != 1 || letters[0].Code != c.code || letters[0].Reason == "" || d.works() {
				t.Fatalf("put aside: %+v", letters)
			}
			if s := m.Metadata.Shown; s == nil || s.MediaError == nil || s.MediaError.Code != c.code || len(d.events) != 1 || m.Metadata.MediaURL != "" {
				t.Errorf("the message says %+v; %d events", m.Metadata, len(d.events))
			}
			if d.count("SELECT count(*) FROM media") != 0 || c.unasked && d.meta.asked > 0 {
				t.Error("something was kept or asked")
			}
			if c.of == nil { // somebody mends it, and it is tried again
				d.meta.about = d.meta.tells(d.meta.url+"/files/1", sumOf(pdf), len(pdf))
				d.meta.file = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, pdf) }
				pgtest.InTx(t, d.db, d.hotel.ID, func(tx *postgres.Tx) error { return tx.Unbury(t.Context(), letters[0].ID) })
				d.works()
				if m := d.now(); m.Metadata.MediaURL == "" || m.Metadata.MediaError != nil {
					t.Errorf("tried again: %+v", m.Metadata)
				}
			}
		})
	}
}

// TestFetchGoesOn: what passes is tried again until the file is there.
func TestFetchGoesOn(t *testing.T) {
	t.Parallel()
	for name, break1 := range map[string]func(w http.ResponseWriter){
		"trouble at Meta": func(w http.ResponseWriter) { w.WriteHeader(http.StatusBadGateway) },
		"cut off": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte("%PDF"))
		},
		"the token is wrong": func(w http.ResponseWriter) { w.WriteHeader(http.StatusUnauthorized) },
		"sent to another host": func(w http.ResponseWriter) {
			w.Header().Set("Location", "https://evil.example/")
			w.WriteHeader(http.StatusFound)
		},
		"another file":           func(w http.ResponseWriter) { _, _ = w.Write(bytes.Repeat([]byte("x"), len(pdf))) },
		"a page of some proxy's": func(w http.ResponseWriter) { _, _ = w.Write([]byte("<html>")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			whole := d.meta.file
			d.meta.file = func(w http.ResponseWriter, _ *http.Request) { break1(w) }
			d.works()
			if m := d.now(); m.Metadata.MediaURL != "" || len(d.letters()) != 0 || d.count("SELECT count(*) FROM media") != 0 {
				t.Fatalf("after the first try: %+v", m.Metadata)
			}
			d.meta.file = whole
			d.works()
			if m := d.now(); m.Metadata.MediaURL == "" {
				t.Error("not fetched")
			}
		})
	}
}

// TestAddressIsAskedAgain: an address that expired between asking and fetching is asked for
// once more at once.
func TestAddressIsAskedAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	whole := d.meta.file
	d.meta.file = func(w http.ResponseWriter, r *http.Request) {
		if d.meta.fetched == 1 {
			http.NotFound(w, r)
			return
		}
		whole(w, r)
	}
	d.works()
	if m := d.now(); m.Metadata.MediaURL == "" || d.meta.asked != 2 || d.meta.fetched != 2 {
		t.Errorf("asked %d, fetched %d: %+v", d.meta.asked, d.meta.fetched, m.Metadata)
	}
}

// TestRevokedMeanwhile: what a guest takes back while it is being fetched is not kept.
func TestRevokedMeanwhile(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	whole := d.meta.file
	d.meta.file = func(w http.ResponseWriter, r *http.Request) {
		gone := d.message
		gone.Kind, gone.Content, gone.Metadata = message.Text, "", message.Metadata{RevokedAt: time.Now()}
		pgtest.InTx(t, d.db, d.hotel.ID, func(tx *postgres.Tx) error { return tx.SaveWords(context.Background(), gone) })
		whole(w, r)
	}
	for d.works() {
	}
	if d.count("SELECT count(*) FROM media") != 0 || d.count("SELECT coalesce(sum(depth), 0) FROM lane") != 0 {
		t.Error("it was kept")
	}
}

// TestOwing: a flow that got a message without its file is told when the fetching is over, and only
// if there is a file then.
func TestOwing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sum  string
		want int
	}{"it came": {"", 1}, "it was lost": {"../me", 0}} {
		d := newDesk(t, func(m *message.Message) {
			if c.sum != "" {
				m.Metadata.MediaID = c.sum
			}
		})
		pgtest.InTx(t, d.db, d.hotel.ID, func(tx *postgres.Tx) error {
			tx.Enqueue(lane.Media, transfer.Owing(d.message))
			return nil
		})
		for d.works() {
		}
		lanes, err := d.db.ClaimLanes(t.Context(), d.hotel.ID, lane.Handoff, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(lanes) != c.want {
			t.Errorf("%s: %d lanes of the flow, want %d", name, len(lanes), c.want)
			continue
		}
		for _, l := range lanes {
			if w, err := lane.ReadHandover(l.Items[0]); err != nil || len(l.Items) != 1 || !w.HasFile || w.MessageID != d.message.ID || l.Key != d.message.ConversationID.String() {
				t.Errorf("%s: the flow is told of %+v, %v", name, w, err)
			}
		}
	}
}
