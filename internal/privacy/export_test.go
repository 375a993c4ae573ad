package privacy_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/privacy"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// world is a hotel whose guests have rights.
type world struct {
	t       *testing.T
	ctx     context.Context //nolint:containedctx // of one test
	db      *postgres.DB
	hotel   pgtest.Hotel
	dir     string // where files lie
	store   *stubborn
	files   *filing.Cabinet
	signer  *privacy.Signer
	officer *privacy.Officer
}

func setup(t *testing.T) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	w := &world{t: t, ctx: ctx, db: pgtest.DB(t), dir: t.TempDir()}
	folder, err := blob.OpenFolder(w.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	w.store = &stubborn{Store: folder}
	w.hotel = pgtest.Tenant(t, w.db)
	w.files = filing.New(w.db, w.store, clock.System{}, logtest.Logger())
	signer, err := privacy.NewSigner(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	w.signer, w.officer = signer, privacy.New(w.db, w.files, signer, clock.System{}, logtest.Logger())
	return w
}

// sends lets a guest send a file in a conversation.
func (w *world) sends(c conversation.Card, content string) media.File {
	w.t.Helper()
	f, err := w.files.Upload(w.ctx, w.hotel.ID, w.hotel.Admin, "carta.txt", strings.NewReader(content))
	if err != nil {
		w.t.Fatal(err)
	}
	m := pgtest.Message(w.t, w.db, w.hotel.ID, c, func(m *message.Message) {
		m.Kind, m.Metadata.MediaURL = message.Document, filing.Stored(w.hotel.ID, f.Name)
		m.Metadata.Heard = &message.Transcription{Text: "heard in " + content}
	})
	pgtest.InTx(w.t, w.db, w.hotel.ID, func(tx *postgres.Tx) error { return tx.ShowMedia(w.ctx, m.ID, f.ID) })
	return f
}

// talks writes n messages into a conversation, the first ones all at one moment.
func (w *world) talks(c conversation.Card, n int) (contents []string) {
	w.t.Helper()
	at := time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	all := make([]message.Message, n)
	for i := range all {
		all[i] = message.Message{
			ID: id.NewMessage(), ConversationID: c.ID, ContactID: c.ContactID, NumberID: c.NumberID, WAMID: fmt.Sprintf("wamid.%s.%d", c.ID, i),
			Direction: message.Inbound, Sender: message.Guest, Kind: message.Text, Content: fmt.Sprintf("%s nº %d", c.ID, i),
			Status: message.Delivered, Timestamp: at.Add(time.Duration(max(0, i-600)) * time.Second),
		}
		contents = append(contents, all[i].Content)
	}
	pgtest.InTx(w.t, w.db, w.hotel.ID, func(tx *postgres.Tx) error { return tx.InsertMessages(w.ctx, at, all...) })
	return contents
}

func (w *world) export(guest id.Contact) map[string][]byte {
	w.t.Helper()
	e, err := w.officer.Export(w.ctx, w.hotel.ID, w.hotel.Admin, guest)
	if err != nil {
		w.t.Fatal(err)
	}
	var out bytes.Buffer
	if err := e.WriteTo(w.ctx, &out); err != nil {
		w.t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		w.t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			w.t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			w.t.Fatal(err)
		}
	}
	return files
}

// TestExport: everything about the guest is in the archive, each file as the manifest
// says, and nothing of anybody else.
func TestExport(t *testing.T) {
	t.Parallel()
	w := setup(t)
	guest := pgtest.Contact(t, w.db, w.hotel.ID, func(c *contact.Contact) { c.Name = "Márcia Export" })
	old := pgtest.Conversation(t, w.db, w.hotel, pgtest.With(guest), pgtest.InState(conversation.Closed))
	open := pgtest.Conversation(t, w.db, w.hotel, pgtest.With(guest))
	said := slices.Concat(w.talks(old, 1203), w.talks(open, 3))
	e := pgtest.Escalation(t, w.db, w.hotel.ID, open)
	sent, lost := w.sends(open, "Prezados senhores"), w.sends(open, "Esta se perde")
	if err := w.store.Delete(w.ctx, lost.Key); err != nil {
		t.Fatal(err)
	}
	pgtest.Exec(t, w.db, `INSERT INTO contact_merge (tenant_id, id, survivor_id, absorbed_id, merged_by, merged_at, snapshot)
		VALUES ($1, gen_random_uuid(), $2, gen_random_uuid(), 'x', now(), '{"name": "Márcia Antiga"}')`, w.hotel.ID, guest.ID)
	stranger := pgtest.Conversation(t, w.db, w.hotel)
	w.talks(stranger, 1)
	strangers := w.sends(stranger, "De outra pessoa")

	files := w.export(guest.ID)
	names := []string{
		"LEIA-ME.txt", "audit.json", "contact.json", "conversations.json", "escalations.json", "manifest.json", "merges.json",
		"media/" + sent.Name, "messages.jsonl",
	}
	slices.Sort(names)
	got := make([]string, 0, len(files))
	for name, content := range files {
		got = append(got, name)
		for _, foreign := range []string{stranger.ID.String(), stranger.ContactID.String(), strangers.Name, string(stranger.Contact.Phone)} {
			if bytes.Contains(content, []byte(foreign)) {
				t.Errorf("%s has something of another guest: %s", name, foreign)
			}
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(names, got); diff != "" {
		t.Fatal(diff)
	}
	if !bytes.Contains(files["messages.jsonl"], []byte("heard in Prezados senhores")) {
		t.Error("what a machine heard is missing")
	}
	var written []string
	for line := range strings.Lines(string(files["messages.jsonl"])) {
		var m struct{ Content string }
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		written = append(written, m.Content)
	}
	if len(written) != len(said)+2 {
		t.Errorf("%d messages of %d", len(written), len(said)+2)
	}
	missing := slices.DeleteFunc(said, func(text string) bool { return slices.Contains(written, text) })
	if len(missing) > 0 {
		t.Errorf("missing: %q", missing)
	}
	for name, part := range map[string]string{
		"contact.json": string(guest.Phone), "conversations.json": old.ID.String(), "escalations.json": e.ID.String(),
		"audit.json": "EXPORT_CONTACT", "merges.json": "Márcia Antiga", "messages.jsonl": `"media/` + sent.Name, "media/" + sent.Name: "Prezados senhores",
	} {
		want := !(name == "audit.json") // this export's own entry is younger than what it holds
		if bytes.Contains(files[name], []byte(part)) != want {
			t.Errorf("%s: has %s: %v", name, part, !want)
		}
	}
	checkManifest(t, files, "media/"+lost.Name)
	if again := w.export(guest.ID); !bytes.Contains(again["audit.json"], []byte("EXPORT_CONTACT")) {
		t.Error("the second export does not tell of the first")
	}
}

func checkManifest(t *testing.T, files map[string][]byte, lost string) {
	t.Helper()
	var m struct {
		Files []struct {
			Name, SHA256 string
			Size         int
		}
		Missing []string
	}
	if err := json.Unmarshal(files["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Files) != len(files)-1 || !slices.Equal(m.Missing, []string{lost}) {
		t.Errorf("manifest: %+v", m)
	}
	for _, f := range m.Files {
		sum := sha256.Sum256(files[f.Name])
		if f.SHA256 != hex.EncodeToString(sum[:]) || f.Size != len(files[f.Name]) {
			t.Errorf("%s is not what the manifest says", f.Name)
		}
	}
}

// TestExportOfNobody: a guest that is not there, or is another hotel's.
func TestExportOfNobody(t *testing.T) {
	t.Parallel()
	w := setup(t)
	other := pgtest.Tenant(t, w.db)
	foreign := pgtest.Contact(t, w.db, other.ID)
	for _, guest := range []id.Contact{id.NewContact(), foreign.ID} {
		if _, err := w.officer.Export(w.ctx, w.hotel.ID, w.hotel.Admin, guest); !errors.Is(err, contact.ErrNotFound) {
			t.Errorf("export: %v", err)
		}
	}
}
