package faulttest

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// importedMessages is how many messages the hotel brings along: enough to be killed in
// the middle of them three times.
const importedMessages = 30_000

// originalHotel is a hotel of the original's with one log-in and 60 guests.
const originalHotel = `
INSERT INTO tenants (id, name, slug, email, status, "whatsappPhoneNumberId", "n8nWebhookUrl")
	VALUES ('10000000-0000-4000-8000-000000000001', 'Hotel', 'hotel', 'hotel@hotel.example', 'ACTIVE', '` + phoneNumberID + `', '$flow');
INSERT INTO users (id, "tenantId", email, password, name, role)
	VALUES ('20000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 'ana@hotel.example', '$hash', 'Ana', 'TENANT_ADMIN');
INSERT INTO contacts (id, "tenantId", "externalId", "phoneNumber", name)
	SELECT '30000000-0000-4000-8000-' || lpad(n::text, 12, '0'), '10000000-0000-4000-8000-000000000001', phone, phone, 'Guest ' || n
	FROM generate_series(0, 59) n, LATERAL (SELECT '55119' || (80000000 + n) AS phone) p;
INSERT INTO conversations (id, "tenantId", "contactId", status)
	SELECT '40000000-0000-4000-8000-' || lpad(n::text, 12, '0'), '10000000-0000-4000-8000-000000000001', '30000000-0000-4000-8000-' || lpad(n::text, 12, '0'), 'OPEN'
	FROM generate_series(0, 59) n;
INSERT INTO messages (id, "tenantId", "conversationId", "externalMessageId", direction, content, timestamp)
	SELECT '50000000-0000-4000-8000-' || lpad(n::text, 12, '0'), '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-' || lpad((n % 60)::text, 12, '0'),
		'wamid.' || n, CASE WHEN n % 2 = 0 THEN 'INBOUND' ELSE 'OUTBOUND' END, 'Message ' || n, timestamp '2025-07-01' + n * interval '1 minute'
	FROM generate_series(1, $messages) n`

// TestImport_killed: a hotel that moves over arrives whole, although the import is killed
// again and again, and goes on with its guests where it was.
func TestImport_killed(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := newWorld(t, c.url(), burst{quiet: 1, perOne: 1})
	from := w.makeOriginal(c)
	if _, errOut, code := run(t, w.env(), "migrate", "up"); code != 0 {
		t.Fatal(errOut)
	}
	conn := connect(t, c.url())
	count := func(sql string) (n int) {
		if err := conn.QueryRow(within(t), sql).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const messages = "SELECT count(*) FROM message"
	for i := range 3 {
		p := launch(t, w.env(), "import", "--from", from)
		await(t, "messages to arrive", func() bool { return !p.isAlive() || count(messages) > (i+1)*importedMessages/8 })
		if !p.isAlive() {
			t.Fatalf("the import ended by itself: %v\n%s", p.err, p.log)
		}
		p.kill()
	}
	if got := count(messages); got >= importedMessages {
		t.Fatalf("all %d messages had arrived: it was not killed in the middle", got)
	}
	out, errOut, code := run(t, w.env(), "import", "--from", from)
	if code != 0 || !strings.Contains(out, `"complete": true`) {
		t.Fatalf("exit code %d: %s\n%s", code, errOut, out)
	}
	if got := count(messages); got != importedMessages {
		t.Errorf("%d messages, want %d", got, importedMessages)
	}
	if got := count("SELECT count(*) FROM (SELECT FROM message GROUP BY timestamp HAVING count(*) > 1) twice"); got != 0 {
		t.Errorf("%d messages are there twice", got)
	}
	w.goOn()
}

// makeOriginal makes a database of the original's beside our own, and returns its address.
func (w *world) makeOriginal(c *cluster) string {
	w.t.Helper()
	if _, err := connect(w.t, c.url()).Exec(within(w.t), "CREATE DATABASE original"); err != nil {
		w.t.Fatal(err)
	}
	tables, err := os.ReadFile("../app/testdata/original.sql")
	if err != nil {
		w.t.Fatal(err)
	}
	hash, err := bcrypt.GenerateFromPassword([]byte("senha-antiga"), bcrypt.MinCost)
	if err != nil {
		w.t.Fatal(err)
	}
	rows := strings.NewReplacer("$flow", w.flow.url(), "$hash", string(hash), "$messages", strconv.Itoa(importedMessages)).Replace(originalHotel)
	url := c.running.URL("original")
	conn := connect(w.t, url)
	for _, sql := range []string{string(tables), rows} {
		if _, err := conn.Exec(within(w.t), sql); err != nil {
			w.t.Fatal(err)
		}
	}
	return url
}

// goOn gives the hotel its number's secrets, and lets a guest whom it knows write and a
// person answer.
func (w *world) goOn() {
	w.t.Helper()
	if _, errOut, code := run(w.t, w.env(), "tenant", "set", "--slug", "hotel", "--phone-number-id", phoneNumberID,
		"--access-token", accessToken, "--waba-id", wabaID, "--app-secret", appSecret); code != 0 {
		w.t.Fatalf("tenant set: exit code %d\n%s", code, errOut)
	}
	w.serve()
	if _, err := w.guest(0).Says(within(w.t), "Voltei"); err != nil {
		w.t.Fatal(err)
	}
	token := w.logIn(w.apiURL(), login{"ana@hotel.example", "senha-antiga"})
	const conversation = "40000000-0000-4000-8000-000000000000"
	await(w.t, "the guest's message in the old conversation", func() bool {
		status, out := w.call(w.apiURL(), http.MethodGet, "/api/conversations/"+conversation+"/messages?limit=1", token, nil)
		text, err := json.Marshal(out)
		return status == http.StatusOK && err == nil && strings.Contains(string(text), "Voltei")
	})
	status, out := w.call(w.apiURL(), http.MethodPost, "/api/messages", token, map[string]string{"conversationId": conversation, "content": "Bem-vinda de volta"})
	if status != http.StatusCreated {
		w.t.Fatalf("sending after the import: %d %v", status, out)
	}
	await(w.t, "the answer on the guest's phone", func() bool {
		return slices.ContainsFunc(w.guest(0).Transcript(), func(e simulator.Entry) bool { return e.From == simulator.FromHotel && e.Text == "Bem-vinda de volta" })
	})
}
