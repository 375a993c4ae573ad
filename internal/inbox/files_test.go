package inbox

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// has keeps a file of the hotel's, and shows it with messages.
func (l *line) has(t *testing.T, name string, by id.User, shownBy ...string) media.File {
	t.Helper()
	f := media.File{
		ID: id.NewMedia(), Name: name, Key: l.hotel.ID.String() + "/" + name, Kind: "IMAGE", MimeType: "image/jpeg", Size: 1,
		SHA256: sha256.Sum256([]byte(name)), UploadedBy: by, CreatedAt: time.Now(),
	}
	pgtest.InTx(t, l.db, l.hotel.ID, func(tx *postgres.Tx) error {
		_, _, err := tx.KeepMedia(t.Context(), f)
		return err
	})
	for _, wamid := range shownBy {
		l.sql("INSERT INTO message_media (tenant_id, message_id, media_id) SELECT tenant_id, id, $2 FROM message WHERE tenant_id = $1 AND wamid = $3", l.hotel.ID, f.ID, wamid)
		l.sql("UPDATE message SET metadata = metadata || jsonb_build_object('mediaUrl', $3::text) WHERE tenant_id = $1 AND wamid = $2", l.hotel.ID, wamid, media.Address(l.hotel.ID, name))
	}
	return f
}

// A guest takes a picture back: the file goes with the words, unless it is shown elsewhere or
// somebody at the hotel had uploaded it.
func TestRevokedFile(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	l := x.line(t)
	picture := `"type":"image","image":{"id":"7","caption":"Foto"}`
	l.post(1, said("wamid.A", 10, picture), said("wamid.B", 20, picture))
	l.work(8)
	l.has(t, "own.jpg", id.User{}, "wamid.A")
	l.has(t, "shared.jpg", id.User{}, "wamid.A", "wamid.B")
	l.has(t, "uploaded.jpg", l.hotel.Admin.ID, "wamid.A")
	l.post(1, said("wamid.V", 30, revoke))
	l.work(8)
	if diff := cmp.Diff([]string{"shared.jpg", "uploaded.jpg"}, l.rows("SELECT name FROM media WHERE tenant_id = $1 AND $2::timestamptz IS NOT NULL ORDER BY 1")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{l.hotel.ID.String() + "/own.jpg"}, l.rows("SELECT key FROM media_leftover WHERE tenant_id = $1 AND $2::timestamptz IS NOT NULL")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"wamid.B"}, l.rows("SELECT m.wamid FROM message_media s JOIN message m ON m.id = s.message_id WHERE s.tenant_id = $1 AND $2::timestamptz IS NOT NULL")); diff != "" {
		t.Error(diff)
	}
}

// Meta could not use a file of ours (131053): its id there is forgotten, so that sending the
// message again gives the file anew.
func TestUntakenFile(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	for code, want := range map[string]int{"131053": 1, "131026": 2} {
		l := x.line(t)
		sendTo(t, l)
		f, other := l.has(t, "a.jpg", l.hotel.Admin.ID, "wamid.OUT"), l.has(t, "b.jpg", l.hotel.Admin.ID)
		said, err := content.Describe(content.Image{File: content.File{FileID: f.ID}})
		if err != nil {
			t.Fatal(err)
		}
		l.sql("UPDATE message SET kind = 'IMAGE', metadata = jsonb_build_object('outgoing', $2::jsonb) WHERE tenant_id = $1 AND wamid = 'wamid.OUT'", l.hotel.ID, string(said.Outgoing))
		pgtest.InTx(t, l.db, l.hotel.ID, func(tx *postgres.Tx) error {
			if err := tx.KeepMetaMedia(t.Context(), other.ID, l.hotel.Number.ID, "900", time.Now()); err != nil {
				return err
			}
			return tx.KeepMetaMedia(t.Context(), f.ID, l.hotel.Number.ID, "901", time.Now())
		})
		l.post(1, status("failed", 20, `,"errors":[{"code":`+code+`}]`))
		l.work(1)
		left := l.rows("SELECT meta_id FROM media_upload WHERE tenant_id = $1 AND $2::timestamptz IS NOT NULL ORDER BY 1")
		if len(left) != want || left[0] != "900" {
			t.Errorf("%s: Meta's ids left: %v", code, left)
		}
		if got := l.rows("SELECT status FROM message WHERE tenant_id = $1 AND wamid = 'wamid.OUT' AND $2::timestamptz IS NOT NULL"); got[0] != string(message.Failed) {
			t.Errorf("%s: the message is %s", code, got)
		}
	}
}
