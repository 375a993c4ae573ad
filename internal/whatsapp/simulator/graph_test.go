package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestUnknownCallsAreRefusedAndRemembered(t *testing.T) {
	t.Parallel()
	w := start(t)
	paths := []string{
		"/messages", "/v25.0", "/v25.0/" + hotel + "/shoes", "/v99.0/" + hotel + "/messages",
		"/v25/" + hotel + "/messages", "/v25.0/" + hotel + "/messages/x", "/favicon.ico",
	}
	for _, path := range paths {
		if a := w.call(t, "POST", path, "{}"); a.status != 400 || a.Code != 2500 {
			t.Errorf("%s: %d %s", path, a.status, a.raw)
		}
	}
	w.call(t, "GET", messages, "")
	if c := w.sim.Counters(); c.UnknownRequests != int64(len(paths))+1 {
		t.Errorf("%d unknown requests", c.UnknownRequests)
	}
	if got := w.sim.UnknownRequests(); got[0].Path != "/messages" || got[0].Method != "POST" {
		t.Errorf("%+v", got[0])
	}
	for v := oldestVersion; v <= newestVersion; v++ {
		if a := w.call(t, "GET", fmt.Sprintf("/v%d.0/%s", v, hotel), ""); a.status != 200 {
			t.Errorf("v%d: %s", v, a.raw)
		}
	}
}

func TestNumberFields(t *testing.T) {
	t.Parallel()
	w := start(t)
	a := w.call(t, "GET", "/v25.0/"+hotel+"?fields=display_phone_number,verified_name,quality_rating", "")
	want := `{"display_phone_number":"+55 11 3333-4444","id":"` + hotel + `","quality_rating":"GREEN","verified_name":"Hotel Exemplo"}`
	if a.raw != want {
		t.Errorf("got %s, want %s", a.raw, want)
	}
	if a := w.call(t, "GET", "/v25.0/"+hotel+"?fields=shoe_size", ""); a.Code != 100 || !strings.Contains(a.Msg, "shoe_size") {
		t.Error(a.raw)
	}
	if a := w.call(t, "GET", "/v25.0/301200000000001?fields=name,currency", ""); !strings.Contains(a.raw, `"currency":"BRL"`) {
		t.Error(a.raw)
	}
	if a := w.call(t, "GET", "/v25.0/301200000000001/phone_numbers", ""); !strings.Contains(a.raw, hotel) {
		t.Error(a.raw)
	}
}

func TestDebugToken(t *testing.T) {
	t.Parallel()
	w := start(t)
	if a := w.call(t, "GET", "/v25.0/debug_token?input_token=token-1", ""); !strings.Contains(a.raw, `"is_valid":true`) || !strings.Contains(a.raw, "301200000000001") {
		t.Error(a.raw)
	}
	if a := w.call(t, "GET", "/v25.0/debug_token?input_token=nope", ""); a.status != 200 || !strings.Contains(a.raw, `"is_valid":false`) {
		t.Error(a.raw)
	}
	if a := w.call(t, "GET", "/v25.0/debug_token", ""); a.Code != 100 {
		t.Error(a.raw)
	}
}

// upload posts a form with a file part.
func (w *world) upload(t *testing.T, mimeType string, data []byte, fields map[string]string) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for k, v := range fields {
		_ = form.WriteField(k, v)
	}
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="quarto.jpg"`}, "Content-Type": {mimeType},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(data)
	_ = form.Close()
	req, err := http.NewRequestWithContext(within(t), "POST", w.http.URL+"/v25.0/"+hotel+"/media", &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer token-1")
	req.Header.Set("Content-Type", form.FormDataContentType())
	a, err := do(w.http.Client(), req)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

type mediaAnswer struct {
	ID, URL, SHA256 string
	MIME            string `json:"mime_type"`
	Size            string `json:"file_size"`
}

func (w *world) mediaOf(t *testing.T, id string) mediaAnswer {
	t.Helper()
	a := w.call(t, "GET", "/v25.0/"+id, "")
	var m mediaAnswer
	if err := json.Unmarshal([]byte(a.raw), &m); err != nil || m.URL == "" {
		t.Fatalf("media: %s", a.raw)
	}
	return m
}

func (w *world) download(t *testing.T, url, token, agent string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(within(t), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	req.Header.Set("User-Agent", agent)
	a, err := do(w.http.Client(), req)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestMediaLife(t *testing.T) {
	t.Parallel()
	w := start(t)
	product := map[string]string{"messaging_product": "whatsapp", "type": "image/jpeg"}
	a := w.upload(t, "image/jpeg", sampleJPEG(), product)
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(a.raw), &made); err != nil || made.ID == "" {
		t.Fatal(a.raw)
	}
	m := w.mediaOf(t, made.ID)
	if m.MIME != "image/jpeg" || m.Size != fmt.Sprint(len(sampleJPEG())) {
		t.Errorf("media %+v", m)
	}
	got := w.download(t, m.URL, "token-1", "test")
	if got.status != 200 || got.raw != string(sampleJPEG()) || got.header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("download %d", got.status)
	}
	for name, c := range map[string]struct{ url, token, agent, want string }{
		"no token": {m.URL, "", "test", "401"}, "no agent": {m.URL, "token-1", "", "403"},
		"forged": {strings.Replace(m.URL, "hash=", "hash=0", 1), "token-1", "test", "404"},
		"other":  {strings.Replace(m.URL, made.ID, "799999999999999", 1), "token-1", "test", "404"},
	} {
		if got := w.download(t, c.url, c.token, c.agent); fmt.Sprint(got.status) != c.want {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	w.sim.Advance(6 * time.Minute)
	if got := w.download(t, m.URL, "token-1", "test"); got.status != 404 {
		t.Errorf("old link: %d", got.status)
	}
	if a := w.call(t, "GET", "/v25.0/"+made.ID+"?phone_number_id=1", ""); a.Sub != 33 {
		t.Error(a.raw)
	}
	if a := w.call(t, "DELETE", "/v25.0/"+made.ID, ""); a.raw != `{"success":true}` {
		t.Error(a.raw)
	}
	if a := w.call(t, "GET", "/v25.0/"+made.ID, ""); a.Sub != 33 {
		t.Error(a.raw)
	}
}

func TestBadUploads(t *testing.T) {
	t.Parallel()
	w := start(t)
	product := map[string]string{"messaging_product": "whatsapp"}
	for name, c := range map[string]struct {
		mime   string
		data   []byte
		fields map[string]string
		code   int
	}{
		"no product":  {"image/jpeg", sampleJPEG(), nil, 100},
		"type":        {"application/zip", []byte("PK"), product, 100},
		"not a JPEG":  {"image/jpeg", []byte("hello"), product, 131053},
		"too large":   {"image/png", bytes.Repeat([]byte{0}, 5e6+1), product, 131053},
		"type beside": {"image/jpeg", sampleJPEG(), map[string]string{"messaging_product": "whatsapp", "type": "image/heic"}, 100},
	} {
		if a := w.upload(t, c.mime, c.data, c.fields); a.status != 400 || a.Code != c.code {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
}

func TestInboundMediaCanBeDownloaded(t *testing.T) {
	t.Parallel()
	w := start(t)
	for kind, want := range map[string]string{
		"image": "image/jpeg", "audio": "application/ogg", "video": "video/mp4", "document": "application/pdf", "sticker": "image/webp",
	} {
		if _, err := w.marina().Sends(within(t), Inbound{Type: kind}); err != nil {
			t.Fatal(err)
		}
		entries := w.marina().Transcript()
		m := w.mediaOf(t, entries[len(entries)-1].MediaID)
		got := w.download(t, m.URL, "token-1", "test")
		if sniffed := http.DetectContentType([]byte(got.raw)); sniffed != want {
			t.Errorf("%s: content is %s", kind, sniffed)
		}
	}
	w.sim.Advance(8 * 24 * time.Hour)
	if a := w.call(t, "GET", "/v25.0/"+w.marina().Transcript()[0].MediaID, ""); a.Sub != 33 {
		t.Errorf("after 8 days: %s", a.raw)
	}
}

func TestLimitsAlone(t *testing.T) {
	t.Parallel()
	now := time.Unix(1795000000, 0)
	var burst pairRate
	for i := range pairBurst {
		if !burst.allow(PairBurst, now) {
			t.Fatalf("message %d of the burst refused", i+1)
		}
	}
	if burst.allow(PairBurst, now) || burst.allow(PairBurst, now.Add(5*time.Second)) {
		t.Error("the burst never ends")
	}
	if !burst.allow(PairBurst, now.Add(6*time.Second)) {
		t.Error("refused after 6 s")
	}
	var strict pairRate
	var allowed []int
	for second := range 40 {
		if strict.allow(PairStrict, now.Add(time.Duration(second)*time.Second)) {
			allowed = append(allowed, second)
		}
	}
	// Six within the first 6 s close the pair until second 36; then a new burst begins.
	if diff := cmp.Diff([]int{0, 1, 2, 3, 4, 5, 36, 37, 38, 39}, allowed); diff != "" {
		t.Error(diff)
	}
	var rate throughput
	if !rate.take(1, now, false) || rate.take(1, now, false) || !rate.take(1, now, true) {
		t.Error("one token: first, refused, forced")
	}
	if rate.take(1, now.Add(500*time.Millisecond), false) || !rate.take(1, now.Add(1600*time.Millisecond), false) {
		t.Error("the bucket fills at 1 per second")
	}
}
