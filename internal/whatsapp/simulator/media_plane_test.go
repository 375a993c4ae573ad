package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func (w *world) uploads(t *testing.T, mimeType string, data []byte, more map[string]string) string {
	t.Helper()
	fields := map[string]string{"messaging_product": "whatsapp", "type": mimeType}
	for k, v := range more {
		fields[k] = v
	}
	a := w.upload(t, mimeType, data, fields)
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(a.raw), &made); err != nil || made.ID == "" {
		t.Fatalf("upload: %s", a.raw)
	}
	return made.ID
}

// fails waits for the failed status of a message and returns its body.
func (w *world) fails(t *testing.T, a answer) string {
	t.Helper()
	if a.status != 200 {
		t.Fatalf("refused at once: %s", a.raw)
	}
	w.idle(t)
	for _, h := range w.recv.all() {
		if strings.Contains(string(h.body), a.WAMID) && strings.Contains(string(h.body), `"failed"`) {
			return string(h.body)
		}
	}
	return ""
}

func TestMediaOfTheWrongKindFailsLater(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	photo := w.uploads(t, "image/jpeg", sampleJPEG(), nil)
	for name, send := range map[string][2]string{
		"photo as film":    {"video", `{"id":"` + photo + `"}`},
		"photo as sticker": {"sticker", `{"id":"` + photo + `"}`},
		"voice as MP3":     {"audio", `{"id":"` + w.uploads(t, "audio/mpeg", []byte("ID3"), nil) + `","voice":true}`},
		"large sticker":    {"sticker", `{"id":"` + w.uploads(t, "image/webp", append(sampleWebP(), make([]byte, 100e3)...), nil) + `"}`},
	} {
		if body := w.fails(t, w.sends(t, send[0], send[1])); !strings.Contains(body, "131053") {
			t.Errorf("%s: %s", name, body)
		}
	}
	if a := w.sends(t, "document", `{"id":"`+photo+`"}`); a.status != 200 {
		t.Errorf("a photo is a document too: %s", a.raw)
	}
	short := w.uploads(t, "image/jpeg", sampleJPEG(), map[string]string{"ttl_minutes": "60"})
	w.sim.Advance(61 * time.Minute)
	w.says(t, "ainda aqui")
	if body := w.fails(t, w.sends(t, "image", `{"id":"`+short+`"}`)); !strings.Contains(body, "expired") {
		t.Errorf("expired id: %s", body)
	}
	w.sim.Advance(31 * 24 * time.Hour)
	if a := w.call(t, "GET", "/v25.0/"+photo, ""); a.Sub != 33 {
		t.Errorf("after 31 days: %s", a.raw)
	}
}

func TestDownloadRangesHashesAndUserAgent(t *testing.T) {
	t.Parallel()
	w := start(t)
	id := w.uploads(t, "image/jpeg", sampleJPEG(), nil)
	m := w.mediaOf(t, id)
	sum := sha256.Sum256(sampleJPEG())
	if m.SHA256 != base64.StdEncoding.EncodeToString(sum[:]) {
		t.Errorf("sha256 %q", m.SHA256)
	}
	tune(t, w, func(k *Knobs) { k.Rules.HexSums, k.Rules.AnyUserAgent = true, true })
	if m := w.mediaOf(t, id); m.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("sha256 %q", m.SHA256)
	}
	if a := w.download(t, m.URL, "token-1", ""); a.status != 200 {
		t.Errorf("without User-Agent, by the switch: %d", a.status)
	}
	req, err := http.NewRequestWithContext(within(t), "GET", m.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer token-1")
	req.Header.Set("Range", "bytes=10-19")
	if a, err := do(w.http.Client(), req); err != nil || a.status != 206 || a.raw != string(sampleJPEG()[10:20]) {
		t.Errorf("range: %d %v", a.status, err)
	}
}

func TestDownloadsGoWrongOnRequest(t *testing.T) {
	t.Parallel()
	w := start(t)
	data := sampleJPEG()
	m := w.mediaOf(t, w.uploads(t, "image/jpeg", data, nil))
	type got struct {
		status int
		header http.Header
		length int64
	}
	get := func(f Fault) (got, string, error) {
		t.Helper()
		f.Times = 1
		addFault(t, w, f)
		req, err := http.NewRequestWithContext(within(t), "GET", m.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer token-1")
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		t.Cleanup(client.CloseIdleConnections)
		resp, err := client.Do(req)
		if err != nil {
			t.Fatalf("%s: %v", f.Effect, err)
		}
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		return got{resp.StatusCode, resp.Header, resp.ContentLength}, string(body), err
	}
	if resp, _, _ := get(Fault{Effect: EffectGone}); resp.status != 404 {
		t.Errorf("gone: %d", resp.status)
	}
	if _, body, err := get(Fault{Effect: EffectTruncated}); err == nil || len(body) >= len(data) {
		t.Errorf("truncated: %d bytes, %v", len(body), err)
	}
	if _, body, err := get(Fault{Effect: EffectWrongHash}); err != nil || len(body) != len(data) || body == string(data) {
		t.Errorf("wrong hash: %v", err)
	}
	if resp, _, _ := get(Fault{Effect: EffectWrongType}); resp.header.Get("Content-Type") != "text/html" {
		t.Errorf("type %q", resp.header.Get("Content-Type"))
	}
	if resp, _, _ := get(Fault{Effect: EffectRedirect, Details: "http://127.0.0.1:9/elsewhere"}); resp.header.Get("Location") != "http://127.0.0.1:9/elsewhere" {
		t.Errorf("location %q", resp.header.Get("Location"))
	}
	if resp, _, err := get(Fault{Effect: EffectHuge}); err == nil || resp.length != 10_000_000_000 {
		t.Errorf("huge: %d, %v", resp.length, err)
	}
	begun := time.Now()
	if _, body, err := get(Fault{Effect: EffectSlow, LatencyMs: 2}); err != nil || body != string(data) || time.Since(begun) < 10*time.Millisecond {
		t.Errorf("slow: %v in %v", err, time.Since(begun))
	}
}

func TestLinksAreFetchedFromThisMachineOnly(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	tune(t, w, func(k *Knobs) { k.Rules.Links = LinksFetched })
	fetched := 0
	files := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		fetched++
		switch r.URL.Path {
		case "/a.jpg":
			out.Header().Set("Content-Type", "image/jpeg")
			_, _ = out.Write(sampleJPEG())
		case "/a.exe":
			out.Header().Set("Content-Type", "application/octet-stream")
		default:
			out.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(files.Close)
	send := func(kind, link string) answer { return w.sends(t, kind, `{"link":"`+link+`"}`) }
	for range 2 {
		if body := w.fails(t, send("image", files.URL+"/a.jpg")); body != "" {
			t.Errorf("a good link: %s", body)
		}
	}
	if fetched != 1 {
		t.Errorf("fetched %d times within ten minutes", fetched)
	}
	w.sim.Advance(11 * time.Minute)
	w.fails(t, send("image", files.URL+"/a.jpg"))
	if fetched != 2 {
		t.Errorf("fetched %d times after eleven", fetched)
	}
	for name, a := range map[string]answer{
		"missing": send("image", files.URL+"/none"), "type": send("image", files.URL+"/a.exe"),
		"kind": send("video", files.URL+"/a.jpg"), "elsewhere": send("image", "https://hotel.example/a.jpg"),
	} {
		if body := w.fails(t, a); !strings.Contains(body, "131053") {
			t.Errorf("%s: %q", name, body)
		}
	}
}
