package app_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/bcrypt"

	"github.com/botreserva/botreserva/internal/app"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/config"
	"github.com/botreserva/botreserva/internal/importer"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

const (
	legacyKey   = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	jwtSecret   = "the same secret as in the original, 0123456789"
	mar         = "10000000-0000-4000-8000-000000000001"
	ana         = "20000000-0000-4000-8000-000000000002"
	talk        = "40000000-0000-4000-8000-000000000002"
	oldPassword = "old password"
)

// sealedThere seals as the original did.
func sealedThere(t *testing.T, plain string) string {
	t.Helper()
	key, err := hex.DecodeString(legacyKey)
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	iv, pad := bytes.Repeat([]byte{7}, 16), 16-len(plain)%16
	text := append([]byte(plain), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, text)
	return hex.EncodeToString(iv) + ":" + hex.EncodeToString(text)
}

// originalDatabase makes a database of the original's, in its later form or as it was in
// December.
func originalDatabase(t *testing.T, december bool) string {
	t.Helper()
	url := pgtest.EmptyURL(t)
	conn := pgtest.Connect(t, url, "")
	hash, err := bcrypt.GenerateFromPassword([]byte(oldPassword), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	files := []string{"original.sql", "original_rows.sql"}
	if december {
		files = append(files, "original_december.sql")
	}
	for _, file := range files {
		text, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		sql := strings.NewReplacer("$token", sealedThere(t, "PLANTED-secret"), "$hash", string(hash)).Replace(string(text))
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	return url
}

type importWorld struct {
	t         *testing.T
	url, from string
	variables map[string]string
}

func newImportWorld(t *testing.T, december bool) *importWorld {
	t.Helper()
	w := &importWorld{t: t, url: pgtest.URL(t), from: originalDatabase(t, december)}
	w.variables = map[string]string{
		"DATABASE_URL": w.url, "DATA_DIR": t.TempDir(), "LEGACY_ENCRYPTION_KEY": legacyKey, "JWT_SECRET": jwtSecret,
	}
	return w
}

func (w *importWorld) run(want int, args ...string) (r importer.Report) {
	w.t.Helper()
	var stdout, stderr bytes.Buffer
	code := app.Main(w.t.Context(), append([]string{"import", "--from", w.from}, args...), w.variables, &stdout, &stderr)
	if code != want {
		w.t.Fatalf("exit %d, want %d: %s\n%s", code, want, stderr.String(), stdout.String())
	}
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
		w.t.Fatalf("no report: %v: %s", err, stdout.String())
	}
	return r
}

// dump is the text of all rows of all tables, but for what every run makes anew.
func (w *importWorld) dump() string {
	w.t.Helper()
	conn := pgtest.Connect(w.t, w.url, "")
	var all string
	err := conn.QueryRow(w.t.Context(), `SELECT string_agg(query_to_xml('SELECT * FROM ' || quote_ident(table_name) || ' t ORDER BY t::text', true, true, '')::text, E'\n' ORDER BY table_name)
		FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT IN ('goose_db_version', 'instance')`).Scan(&all)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *importWorld) query(sql string) (text string) {
	w.t.Helper()
	if err := pgtest.Connect(w.t, w.url, "").QueryRow(w.t.Context(), sql).Scan(&text); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return text
}

// TestImport: both forms of the original arrive, odd rows are told of, and nothing secret
// comes along in the clear.
func TestImport(t *testing.T) {
	t.Parallel()
	for name, december := range map[string]bool{"March": false, "December": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newImportWorld(t, december)
			empty := w.dump()
			media := t.TempDir()
			if err := os.MkdirAll(media+"/"+mar+"/2025/07/02", 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(media+"/"+mar+"/2025/07/02/b.pdf", []byte("%PDF-1.4\nin the folder"), 0o600); err != nil {
				t.Fatal(err)
			}
			dry := w.run(0, "--dry-run", "--media-from", media)
			if diff := cmp.Diff(empty, w.dump()); diff != "" {
				t.Errorf("a dry run left something: %s", diff)
			}
			r := w.run(0, "--media-from", media)
			for _, report := range []importer.Report{dry, r} { // whether data is broken shows when it is stored
				delete(report.Hotels[0].Changed, "file moved into the store")
				delete(report.Hotels[0].Changed, "file cannot be stored: left where it was")
			}
			w.checkReport(r, december)
			dry.DryRun = false
			for i := range dry.Hotels {
				dry.Hotels[i].APIKey, dry.Hotels[i].BotSecret = r.Hotels[i].APIKey, r.Hotels[i].BotSecret
			}
			if diff := cmp.Diff(dry, r); diff != "" {
				t.Errorf("the dry run said something else: %s", diff)
			}
			w.checkRows()
			before := w.dump()
			if strings.Contains(before, "PLANTED") || !strings.Contains(before, "Message 240") {
				t.Error("a secret is in the database, or the messages are not")
			}
			again := w.run(0, "--media-from", media)
			if diff := cmp.Diff(before, w.dump()); diff != "" || again.Hotels[0].APIKey != "" {
				t.Errorf("a second run changed something: %s", diff)
			}
			w.checkProduct(r.Hotels[0].APIKey)
		})
	}
}

func (w *importWorld) checkReport(r importer.Report, december bool) {
	w.t.Helper()
	if len(r.Hotels) != 2 || !r.Complete || r.Hotels[0].Slug != "mar" {
		w.t.Fatalf("report: %+v", r)
	}
	got := map[string][3]int{}
	for table, c := range r.Hotels[0].Tables {
		got[table] = [3]int{c.Source, c.Imported, c.Skipped}
	}
	want := map[string][3]int{
		"users": {6, 3, 3}, "contacts": {4, 4, 0}, "conversations": {5, 4, 1}, "messages": {249, 246, 3}, "tags": {2, 1, 1},
		"_ConversationToTag": {1, 1, 0}, "escalations": {2, 1, 1}, "quick_replies": {1, 1, 0}, "usage_tracking": {2, 1, 1}, "audit_logs": {1, 1, 0},
	}
	if december {
		want["contacts"], want["conversations"], want["quick_replies"] = [3]int{3, 3, 0}, [3]int{4, 3, 1}, [3]int{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("counts: %s\n%+v", diff, r.Hotels[0].Odd)
	}
	if r.Hotels[0].SameNumber != 1 || len(r.Hotels[0].Warnings) != 3 || len(r.Hotels[1].Warnings) != 5 {
		w.t.Errorf("merge candidates %d, warnings %q, %q", r.Hotels[0].SameNumber, r.Hotels[0].Warnings, r.Hotels[1].Warnings)
	}
	if r.Platform.Tables["users"].Imported != 1 || r.Platform.Tables["audit_logs"].Imported != 1 {
		w.t.Errorf("the platform: %+v", r.Platform.Tables)
	}
}

// checkRows: what the original never settled is settled.
func (w *importWorld) checkRows() {
	w.t.Helper()
	for sql, want := range map[string]string{
		"SELECT array_to_string(units, ',') FROM tenant WHERE id = '" + mar + "'":                                                              "Ilhabela",
		"SELECT status || coalesce(trial_ends_at::text, ' without end') || ' ' || max_users FROM tenant WHERE id = '" + mar + "'":              "TRIAL without end 0",
		"SELECT state || ' ' || unit || ' ' || locked || ' ' || unread FROM conversation WHERE id = '" + talk + "'":                            "IN_PROGRESS Ilhabela true 41",
		"SELECT last_message ->> 'content' FROM conversation WHERE id = '" + talk + "'":                                                        "Odd kind",
		"SELECT count(*)::text FROM conversation WHERE state = 'CLOSED' AND closed_at IS NULL":                                                 "0",
		"SELECT state FROM conversation WHERE id = '40000000-0000-4000-8000-000000000001'":                                                     "CLOSED",
		"SELECT string_agg(value || ' ' || right(contact_id::text, 1), ',' ORDER BY value) FROM contact_alias WHERE tenant_id = '" + mar + "'": "5511987654321 1",
		"SELECT wa_id FROM contact WHERE id = '30000000-0000-4000-8000-000000000001'":                                                          "551187654321",
		"SELECT failure ->> 'code' FROM message WHERE content = 'Lost'":                                                                        "131047",
		"SELECT sender || coalesce(sent_by::text, ' nobody') || (metadata -> 'original')::text FROM message WHERE content = 'Choose'":          `PERSON nobody{"button": "yes", "location": 7}`,
		"SELECT kind || ' ' || status FROM message WHERE content = 'Odd kind'":                                                                 "UNSUPPORTED DELIVERED",
		"SELECT wamid || ' ' || (timestamp AT TIME ZONE 'UTC') FROM message WHERE content = 'Message 1'":                                       "wamid.1 2025-07-01 00:01:00",
		"SELECT after::text FROM audit_entry WHERE action = 'CREATE_USER'":                                                                     `{"raw": null, "name": "Bia", "nested": [{}]}`,
		"SELECT string_agg(m.content || ' ' || f.size || ' ' || (m.metadata ->> 'mediaUrl' = '/api/media/' || f.tenant_id || '/' || f.name), ', ' ORDER BY m.content) FROM message m JOIN message_media s ON s.message_id = m.id JOIN media f ON f.id = media_id": "In the folder 22 true, Inline 15 true",
		"SELECT metadata ->> 'mediaUrl' FROM message WHERE content = 'Broken'": "data:application/pdf;base64,J!",
		"SELECT count(*)::text FROM whatsapp_number":                           "1",
	} {
		if strings.Contains(sql, "units") && strings.Contains(w.query(sql), "Campos") {
			want += ",Campos do Jordão" // March has a conversation there
		}
		if got := w.query(sql); got != want {
			w.t.Errorf("%s\n got %s\nwant %s", sql, got, want)
		}
	}
}

// checkProduct: people go on working: with their old log-in, with the token that they
// have, and the flow with both keys.
func (w *importWorld) checkProduct(key string) {
	w.t.Helper()
	cfg, err := config.Load(w.variables)
	if err != nil {
		w.t.Fatal(err)
	}
	a, err := app.New(app.Options{Config: cfg, Log: logtest.Logger(), Clock: clock.System{}}, pgtest.Open(w.t, w.url))
	if err != nil {
		w.t.Fatal(err)
	}
	call := func(want int, method, path, body string, headers ...string) map[string]any {
		w.t.Helper()
		r := httptest.NewRequestWithContext(w.t.Context(), method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		rec := httptest.NewRecorder()
		a.Handler.ServeHTTP(rec, r)
		var out map[string]any
		if err := json.Unmarshal(rec.Body.Bytes(), &out); rec.Code != want || err != nil {
			w.t.Fatalf("%s %s: %d, want %d: %s", method, path, rec.Code, want, rec.Body.String())
		}
		return out
	}
	login := call(http.StatusOK, "POST", "/auth/login", `{"email":"ana@example.com","password":"`+oldPassword+`"}`, "X-Tenant-Slug", "mar")
	token, ok := login["accessToken"].(string)
	if !ok {
		w.t.Fatalf("log-in answered %v", login)
	}
	list := call(http.StatusOK, "GET", "/api/conversations?limit=50", "", "Authorization", "Bearer "+token, "X-Tenant-Slug", "mar")
	if found, _ := json.Marshal(list); !strings.Contains(string(found), talk) {
		w.t.Errorf("the list lacks the conversation: %s", found)
	}
	call(http.StatusOK, "GET", "/api/conversations/"+talk+"/messages?limit=100", "", "Authorization", "Bearer "+token, "X-Tenant-Slug", "mar")
	old, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"userId": ana, "role": "TENANT_ADMIN", "tenantId": mar, "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}).SignedString([]byte(jwtSecret))
	if err != nil {
		w.t.Fatal(err)
	}
	call(http.StatusOK, "GET", "/api/conversations/"+talk, "", "Authorization", "Bearer "+old, "X-Tenant-Slug", "mar")
	for _, flow := range []string{key, "mar:106540352242922"} {
		call(http.StatusOK, "GET", "/api/n8n/check-ia-lock?phone=5511987654321", "", "X-API-Key", flow)
	}
}

// TestImportGoesOn: a run that was cut off in the middle is finished by the next, with
// the same result as one that was not.
func TestImportGoesOn(t *testing.T) {
	t.Parallel()
	whole, cut := newImportWorld(t, false), newImportWorld(t, false)
	whole.run(0)
	ctx, cancel := context.WithCancel(t.Context())
	var stdout bytes.Buffer
	app.Main(ctx, []string{"import", "--from", cut.from}, cut.variables, &stdout, cutter{cancel})
	if got := cut.query("SELECT count(*)::text FROM message"); got == "246" || got == "0" {
		t.Fatalf("%s messages: it was not cut off in the middle", got)
	}
	cut.run(0)
	for _, table := range []string{"message", "conversation", "contact", "contact_alias", "escalation", "conversation_tag", "quick_reply", "conversation_shelf_move"} {
		sql := "SELECT count(*) || md5(string_agg((to_jsonb(t) - 'id' - 'metadata')::text, ',' ORDER BY (to_jsonb(t) - 'id' - 'metadata')::text)) FROM " + table + " t"
		if a, b := whole.query(sql), cut.query(sql); a != b {
			t.Errorf("%s: %s and %s", table, a, b)
		}
	}
}

// cutter ends a command when it tells of messages.
type cutter struct{ cancel func() }

func (c cutter) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("mar messages")) {
		c.cancel()
	}
	return len(p), nil
}

// TestImportRefusals: hotels made by other means stay as they are, and others are
// imported all the same.
func TestImportRefusals(t *testing.T) {
	t.Parallel()
	w := newImportWorld(t, false)
	var out bytes.Buffer
	if code := app.Main(t.Context(), []string{"tenant", "add", "--slug", "mar", "--name", "Mar", "--email", "own@example.com"}, w.variables, &out, &out); code != 0 {
		t.Fatal(out.String())
	}
	r := w.run(1)
	if r.Hotels[0].Refused == "" || r.Hotels[1].Refused != "" || r.Hotels[1].APIKey == "" || r.Complete {
		t.Errorf("%+v, %+v", r.Hotels[0], r.Hotels[1])
	}
	w.run(1, "--tenant", "nobody")
	if code := app.Main(t.Context(), []string{"import", "--from", w.url}, w.variables, &out, &out); code != 1 {
		t.Errorf("a database that is not the original's: exit %d", code)
	}
}
