package privacy_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/privacy"
)

// marked is a guest who left words that nobody else uses everywhere.
type marked struct {
	contact.Contact
	talks []conversation.Card
	texts []string
	file  string // its key
}

func (w *world) marks() marked {
	w.t.Helper()
	g := marked{Contact: pgtest.Contact(w.t, w.db, w.hotel.ID, func(c *contact.Contact) {
		c.WAID, c.Phone, c.BSUID = "558187654321", "5581987654321", "BR.Zanzibar77"
		c.Name, c.Username, c.Email = "Quitéria Marcada", "quiteria.m", "quiteria@example.com"
	})}
	// Meta's ids hold the number.
	wamid := "wamid." + base64.StdEncoding.EncodeToString([]byte("HBgM558187654321"))
	g.texts = []string{"558187654321", "5581987654321", "zanzibar77", "quitéria", "quiteria", "jabuticaba", wamid}
	g.talks = []conversation.Card{
		pgtest.Conversation(w.t, w.db, w.hotel, pgtest.With(g.Contact), pgtest.InState(conversation.Closed)),
		pgtest.Conversation(w.t, w.db, w.hotel, pgtest.With(g.Contact)),
	}
	for i, c := range g.talks {
		m := pgtest.Message(w.t, w.db, w.hotel.ID, c, func(m *message.Message) {
			m.Content, m.WAMID = "Quero jabuticaba no café", wamid+fmt.Sprint(i)
			m.Metadata.Filename = "jabuticaba.pdf"
		})
		pgtest.Exec(w.t, w.db, `UPDATE conversation SET last_message = $2, metadata = '{"nota":"jabuticaba"}' WHERE id = $1`, c.ID, asJSON(m.Preview()))
		pgtest.Exec(w.t, w.db, `INSERT INTO message_search (tenant_id, message_id, conversation_id, timestamp, stems) VALUES ($1, $2, $3, now(), 'jabuticaba')`, w.hotel.ID, m.ID, c.ID)
		pgtest.Exec(w.t, w.db, `INSERT INTO scheduled_message (tenant_id, id, conversation_id, content, send_at, state, created_at)
			VALUES ($1, gen_random_uuid(), $2, '{"type":"text","text":{"body":"jabuticaba"}}', now() + interval '1 day', 'SCHEDULED', now())`, w.hotel.ID, c.ID)
		pgtest.Exec(w.t, w.db, `INSERT INTO parked_status (tenant_id, number_id, wamid, status) VALUES ($1, $2, $3, 'READ')`, w.hotel.ID, c.NumberID, m.WAMID)
	}
	pgtest.Exec(w.t, w.db, `INSERT INTO message_change (tenant_id, number_id, target, id, kind, direction, at, words)
		SELECT $1, number_id, wamid, wamid || 'edit', 'edit', 'INBOUND', now(), '{"text":"jabuticaba"}' FROM message WHERE tenant_id = $1 AND wamid LIKE $2 || '%'`, w.hotel.ID, wamid)
	pgtest.Exec(w.t, w.db, `INSERT INTO address_book VALUES ($1, $2, 'Quitéria da praia', now())`, w.hotel.ID, g.Phone)
	pgtest.Exec(w.t, w.db, `INSERT INTO account_event (tenant_id, id, key, kind, name, severity, data, at, seen_at)
		VALUES ($1, gen_random_uuid(), sha256('x'), 'other', 'x', 'info', '{"wa_id":"558187654321"}', now(), now())`, w.hotel.ID)
	pgtest.Exec(w.t, w.db, `UPDATE contact SET learned = '{"name":1,"nick":"Quitéria"}' WHERE id = $1`, g.ID)
	pgtest.Escalation(w.t, w.db, w.hotel.ID, g.talks[1])
	pgtest.Exec(w.t, w.db, `UPDATE escalation SET reason_detail = 'jabuticaba', notes = 'Quitéria', ai_context = '{"x":"jabuticaba"}' WHERE conversation_id = $1`, g.talks[1].ID)
	pgtest.Exec(w.t, w.db, `UPDATE contact SET email = $2, company_name = 'Jabuticaba Ltda', first_name = 'Quitéria', metadata = '{"gosta":"jabuticaba"}' WHERE id = $1`, g.ID, g.Email)
	g.file = w.sends(g.talks[1], "Carta de Quitéria sobre a jabuticaba").Key
	body := `{"messages":[{"from":"558187654321","text":{"body":"jabuticaba"}}],"contacts":[{"profile":{"name":"Quit\u00e9ria"},"wa_id":"558187654321"}]}`
	pgtest.Exec(w.t, w.db, `INSERT INTO webhook_delivery (tenant_id, id, fate, body) SELECT $1, gen_random_uuid(), 'QUEUED', $2 FROM generate_series(1, 3)`, w.hotel.ID, []byte(body))
	pgtest.Exec(w.t, w.db, `INSERT INTO dead_letter (tenant_id, id, kind, key, payload, code, reason) VALUES ($1, gen_random_uuid(), 'handoff', $2, $3, 'x', 'x')`, w.hotel.ID, g.talks[0].ID.String(), []byte(body))
	// Merged twice: what would undo the second merge, and the first one below it.
	taken := id.NewContact()
	for survivor, absorbed := range map[id.Contact]id.Contact{g.ID: taken, taken: id.NewContact()} {
		pgtest.Exec(w.t, w.db, `INSERT INTO contact_merge (tenant_id, id, survivor_id, absorbed_id, merged_by, merged_at, snapshot)
			VALUES ($1, gen_random_uuid(), $2, $3, 'x', now(), $4)`, w.hotel.ID, survivor, absorbed, asJSON(g.Contact))
	}
	pgtest.InTx(w.t, w.db, w.hotel.ID, func(tx *postgres.Tx) error {
		tx.Enqueue(lane.Inbox, lane.New{Key: "phone:5581987654321", NumberID: g.talks[1].NumberID, Payload: []byte(body)})
		tx.Enqueue(lane.Handoff, lane.New{Key: g.talks[1].ID.String(), Payload: []byte(body)})
		tx.Enqueue(lane.Listen, lane.New{Key: g.talks[1].ID.String() + "/x", Payload: []byte(body)})
		return nil
	})
	return g
}

// inFolder lists the files in which one of several texts stands, or whose names have it.
func (w *world) inFolder(texts ...string) (found []string) {
	w.t.Helper()
	err := filepath.WalkDir(w.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, text := range texts {
			if strings.Contains(strings.ToLower(path+string(content)), strings.ToLower(text)) {
				found = append(found, path+" has "+text)
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

func asJSON(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

// TestErase: after erasing, the guest's numbers, names and words stand nowhere in the
// database and the file is gone; another guest has lost nothing; what reports count is
// there; the report says what was done and cannot be changed.
func TestErase(t *testing.T) {
	t.Parallel()
	w := setup(t)
	g := w.marks()
	other := pgtest.Conversation(t, w.db, w.hotel)
	w.talks(other, 2)
	shared := w.sends(other, "Folheto do hotel")
	m := pgtest.Message(t, w.db, w.hotel.ID, g.talks[0])
	pgtest.InTx(t, w.db, w.hotel.ID, func(tx *postgres.Tx) error { return tx.ShowMedia(w.ctx, m.ID, shared.ID) })
	pgtest.Exec(t, w.db, `INSERT INTO webhook_delivery (tenant_id, id, fate, body) VALUES ($1, gen_random_uuid(), 'QUEUED', $2)`, w.hotel.ID, []byte(`{"from":"5511900000000"}`))
	owner := pgtest.Owner(t, w.db)
	for _, text := range g.texts {
		if len(pgtest.Traces(t, w.db, text)) == 0 {
			t.Errorf("%q stood nowhere before", text)
		}
	}
	if len(w.inFolder(g.texts...)) == 0 {
		t.Error("no file had a word of theirs before")
	}
	report, err := w.officer.Erase(w.ctx, w.hotel.ID, w.hotel.Admin, g.ID, "(81) 98765-4321", "Pedido do titular, protocolo 17")
	if err != nil {
		t.Fatal(err)
	}
	for _, left := range append(pgtest.Traces(t, w.db, g.texts...), w.inFolder(g.texts...)...) {
		t.Error(left)
	}
	for key, want := range map[string]error{g.file: blob.ErrNotFound, shared.Key: nil} {
		if _, err := w.store.Stat(w.ctx, key); !errors.Is(err, want) {
			t.Errorf("file: %v, want %v", err, want)
		}
	}
	for sql, want := range map[string]int{
		"SELECT count(*) FROM message": 7, "SELECT count(*) FROM conversation": 3, "SELECT count(*) FROM webhook_delivery": 1,
		"SELECT count(*) FROM message WHERE content <> ''": 3, "SELECT count(*) FROM media_leftover": 0, "SELECT count(*) FROM lane_item": 0,
		"SELECT count(*) FROM contact_alias": 1, "SELECT count(*) FROM audit_entry WHERE action = 'ERASE_CONTACT'": 1,
	} {
		var n int
		if err := owner.QueryRow(w.ctx, sql).Scan(&n); err != nil || n != want {
			t.Errorf("%s: %d, %v; want %d", sql, n, err, want)
		}
	}
	if _, err := w.db.Contact(w.ctx, w.hotel.ID, g.ID); !errors.Is(err, contact.ErrNotFound) {
		t.Errorf("the contact is still shown: %v", err)
	}
	all, n, err := w.db.Contacts(w.ctx, w.hotel.ID, postgres.ContactFilter{Limit: 10})
	if err != nil || n != 1 || len(all) != 1 || all[0].ID != other.ContactID {
		t.Errorf("the list: %d, %+v, %v", n, all, err)
	}
	w.checkReport(report)
	if _, err := w.officer.Erase(w.ctx, w.hotel.ID, w.hotel.Admin, g.ID, "x", "de novo"); !errors.Is(err, contact.ErrNotFound) {
		t.Errorf("erased twice: %v", err)
	}
}

func (w *world) checkReport(e postgres.Erasure) {
	w.t.Helper()
	kept, err := w.db.Erasure(w.ctx, w.hotel.ID, e.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	shown, err := json.MarshalIndent(privacy.Of(kept), "", "   ")
	if err != nil {
		w.t.Fatal(err)
	}
	r, err := privacy.Verify(shown, w.signer.PublicKeys()...)
	if err != nil {
		w.t.Fatalf("verify: %v", err)
	}
	want := postgres.Erased{Conversations: 2, Messages: 4, Escalations: 1, Files: 1, Aliases: 2, Deliveries: 3, Waiting: 3, DeadLetters: 1}
	if asJSON(r.Erased) != asJSON(want) || len(r.Subjects) != 2 || r.ErasedBy != w.hotel.Admin.ID.String() {
		w.t.Errorf("report: %s, %v", asJSON(r.Erased), r.Subjects)
	}
	forged := bytes.Replace(shown, []byte(`"messages": 4`), []byte(`"messages": 3`), 1)
	if _, err := privacy.Verify(forged, w.signer.PublicKeys()...); bytes.Equal(forged, shown) || !errors.Is(err, privacy.ErrForged) {
		w.t.Errorf("forged: %v", err)
	}
	stranger, _ := privacy.NewSigner(strings.Repeat("6b", 32))
	if _, err := privacy.Verify(shown, stranger.PublicKeys()...); !errors.Is(err, privacy.ErrForged) {
		w.t.Errorf("another's key: %v", err)
	}
}

// TestEraseRefused: nothing happens without a confirmation, or to another hotel's guest.
func TestEraseRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	guest := pgtest.Contact(t, w.db, w.hotel.ID, func(c *contact.Contact) { c.Name = "Ana Lúcia" })
	foreign := pgtest.Contact(t, w.db, pgtest.Tenant(t, w.db).ID)
	for name, c := range map[string]struct {
		guest           id.Contact
		confirm, reason string
		want            error
	}{
		"no confirmation":   {guest.ID, "", "Pedido", privacy.ErrNotConfirmed},
		"another name":      {guest.ID, "Ana", "Pedido", privacy.ErrNotConfirmed},
		"no reason":         {guest.ID, "ana lúcia", " ", privacy.ErrReason},
		"long reason":       {guest.ID, "ana lúcia", strings.Repeat("é", 501), privacy.ErrReason},
		"reason that names": {guest.ID, "ana lúcia", "Pedido de Ana Lúcia", privacy.ErrReason},
		"reason's number":   {guest.ID, "ana lúcia", "de " + string(guest.Phone), privacy.ErrReason},
		"another hotel's":   {foreign.ID, string(foreign.Phone), "Pedido", contact.ErrNotFound},
		"nobody":            {id.NewContact(), "x", "Pedido", contact.ErrNotFound},
	} {
		if _, err := w.officer.Erase(w.ctx, w.hotel.ID, w.hotel.Admin, c.guest, c.confirm, c.reason); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.db.Contact(w.ctx, w.hotel.ID, guest.ID); err != nil {
		t.Error(err)
	}
	if _, err := w.officer.Erase(w.ctx, w.hotel.ID, w.hotel.Admin, guest.ID, " ANA LÚCIA ", strings.Repeat("é", 500)); err != nil {
		t.Errorf("500 characters: %v", err)
	}
}

// TestFilesThatStay: what cannot be removed from the store at once is removed later.
func TestFilesThatStay(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := pgtest.Conversation(t, w.db, w.hotel)
	key := w.sends(card, "Não some").Key
	w.store.refuses.Store(true)
	if _, err := w.officer.Erase(w.ctx, w.hotel.ID, w.hotel.Admin, card.ContactID, string(card.Contact.Phone), "Pedido"); err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Hour)
	if err := w.db.SystemRemoveLeftovers(w.ctx, later, w.store.Delete); !errors.Is(err, errRefused) {
		t.Errorf("removed from a store that refuses: %v", err)
	}
	w.store.refuses.Store(false)
	if err := w.db.SystemRemoveLeftovers(w.ctx, later, w.store.Delete); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.Stat(w.ctx, key); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("the file is still there: %v", err)
	}
	if left := pgtest.Traces(t, w.db, key); len(left) > 0 {
		t.Error(left)
	}
}

var errRefused = errors.New("the disk is read-only")

// stubborn is a store that may refuse to remove.
type stubborn struct {
	blob.Store
	refuses atomic.Bool
}

func (s *stubborn) Delete(ctx context.Context, key string) error {
	if s.refuses.Load() {
		return errRefused
	}
	return s.Store.Delete(ctx, key)
}
