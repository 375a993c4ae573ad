package apptest_test

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestErasedGuest: a guest whom bot and people dealt with in every way is erased: screens
// forget them, nothing in the database names them, and whoever writes again is new.
func TestErasedGuest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := apptest.Start(t, apptest.Setting("DATA_DIR", dir))
	hotel := w.Hotel("mar-azul")
	admin := hotel.Admin()
	guest := hotel.Guest("Quitéria Marcada")
	guest.Writes("Tem jabuticaba no café?")
	hotel.Flow.Hears("Tem jabuticaba no café?")
	hotel.Bot.Says(guest.Phone, "Temos sim, jabuticaba fresca")
	guest.Sees("Temos sim, jabuticaba fresca")
	guest.Reads()
	called := hotel.Bot.Escalates(guest.Phone, apptest.Ilhabela)
	conversation, contact := called.Text("conversation.id"), admin.Get("/api/contacts").Text("data.0.id")
	change := map[string]any{"firstName": "Quitéria", "companyName": "Jabuticaba Ltda", "email": "quiteria@example.com", "metadata": map[string]any{"notes": "jabuticaba"}}
	if a := admin.Patch("/api/contacts/"+contact, change); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Raw)
	}
	logtest.Said("A jabuticaba chegou")
	admin.Answers(conversation, "A jabuticaba chegou", "tab-1")
	guest.Sees("A jabuticaba chegou")
	admin.Get("/api/contacts/" + contact + "/export")
	hotel.Bot.Says(guest.Phone, "jabuticaba, mas calado")
	apptest.Eventually(t, "all is done and findable", func() bool {
		return w.Waiting(lane.Inbox)+w.Waiting(lane.Deliver)+w.Waiting(lane.Handoff) == 0 && len(admin.Get("/api/messages/search?query=jabuticaba").List("data")) >= 3
	})
	words := []string{guest.Phone, guest.Phone[:4] + guest.Phone[5:], "quitéria", "quiteria", "jabuticaba"}
	for _, word := range words[2:] {
		if len(pgtest.Traces(t, w.DB, word)) == 0 {
			t.Fatalf("nothing said %s before", word)
		}
	}
	screen := admin.Screen(apptest.WebSocket)
	erased := admin.Post("/api/contacts/"+contact+"/erase", map[string]any{"confirm": guest.Phone, "reason": "Pedido do titular"})
	if erased.Status != http.StatusOK {
		t.Fatalf("%d %s", erased.Status, erased.Raw)
	}
	closed := screen.Hears("conversation:updated", func(e apptest.Event) bool { return e.Text("conversation.id") == conversation })
	if closed.Text("conversation.status") != "CLOSED" || closed.Text("conversation.contact.phoneNumber") != "" {
		t.Errorf("screens were told %v", closed.Data)
	}
	screen.Hears("contact:deleted", func(e apptest.Event) bool {
		return e.Text("id") == contact || e.Text("contactId") == contact || e.Text("contact.id") == contact
	})
	for _, left := range append(pgtest.Traces(t, w.DB, words...), inFiles(t, dir, words...)...) {
		t.Error(left)
	}
	guest.Writes("Olá de novo")
	apptest.Eventually(t, "the guest is somebody new", func() bool {
		a := admin.Get("/api/contacts")
		return len(a.List("data")) == 1 && a.Text("data.0.id") != contact
	})
}

// TestUpkeepRemovesWhatIsOld: nobody has to ask for it.
func TestUpkeepRemovesWhatIsOld(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t, apptest.Before(func(db *postgres.DB) {
		hotel := pgtest.Tenant(t, db)
		pgtest.Exec(t, db, "INSERT INTO webhook_delivery (tenant_id, id, received_at, fate, body) SELECT $1, gen_random_uuid(), now() - n * interval '10 days', 'QUEUED', '{}' FROM generate_series(1, 5) n", hotel.ID)
	}))
	owner := pgtest.Owner(t, w.DB)
	apptest.Eventually(t, "those of 40 and 50 days are gone", func() bool {
		var n int
		if err := owner.QueryRow(t.Context(), "SELECT count(*) FROM webhook_delivery").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n == 3
	})
}

// inFiles lists the files of a folder in which a text stands.
func inFiles(t *testing.T, dir string, texts ...string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, text := range texts {
			if strings.Contains(strings.ToLower(string(content)), text) {
				found = append(found, path+" has "+text)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
