package httpapi_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/blob"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/httpapi"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

const pdf = "%PDF-1.7\n"

// TestUpload: what comes back can be fetched, and says what the file is, whatever its
// sender called it.
func TestUpload(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	w.do(http.MethodPost, "/api/media/upload", formOf("file", "Suíte – vista.png", pixel), admin).want(http.StatusCreated).golden("media_uploaded")
	for name, c := range map[string]struct {
		filename, content, mimeType, kind string
		sendable                          bool
	}{
		"picture called page":     {"page.html", pixel, "image/png", "IMAGE", true},
		"page called picture":     {"photo.jpg", "<!DOCTYPE html><script>alert(1)</script>", "text/html", "DOCUMENT", false},
		"drawing with a script":   {"logo.png", `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "image/svg+xml", "DOCUMENT", false},
		"document":                {"voucher.pdf", pdf, "application/pdf", "DOCUMENT", true},
		"sound":                   {"a.ogg", "OggS\x00\x02" + strings.Repeat("\x00", 20) + "OpusHead", "audio/ogg", "AUDIO", true},
		"sheet with hidden parts": {"tarifas.xlsx", archive("xl.bin"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "DOCUMENT", true},
		"archive":                 {"a.zip", archive("notes.bin"), "application/zip", "DOCUMENT", false},
		"program":                 {"a.pdf", "MZ\x90\x00" + strings.Repeat("\x00", 100), "application/vnd.microsoft.portable-executable", "DOCUMENT", false},
		"words":                   {"", "Olá, tudo bem?", "text/plain", "DOCUMENT", true},
	} {
		r := w.do(http.MethodPost, "/api/media/upload", formOf("file", c.filename, c.content), admin).want(http.StatusCreated)
		got := r.json()
		if got["mimeType"] != c.mimeType || got["kind"] != c.kind || got["sendable"] != c.sendable || got["size"] != float64(len(c.content)) {
			t.Errorf("%s: %s", name, r.body)
		}
		at, _ := got["url"].(string)
		fetched := w.do(http.MethodGet, strings.TrimPrefix(at, "https://api.example.com"), nil).want(http.StatusOK)
		if string(fetched.body) != c.content {
			t.Errorf("%s: fetched %q", name, fetched.body)
		}
	}
	if n := w.count("SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'UPLOAD_MEDIA' AND actor = $2", h.ID, h.Admin.ID.String()); n != 9 { // one came twice
		t.Errorf("%d audit entries, want 9", n)
	}
}

// archive is a zip file with one file inside.
func archive(name string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	_, err := z.Create(name)
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(err) // memory does not fail
	}
	return b.String()
}

// TestUploadTwice: the same bytes are kept once in a hotel, and apart in two.
func TestUploadTwice(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := w.hotel(), w.hotel()
	send := func(token string, filename string, options ...option) map[string]any {
		return w.do(http.MethodPost, "/api/media/upload", formOf("file", filename, pixel), append(options, as(token))...).want(http.StatusCreated).json()
	}
	first, again := send(w.token(h.Admin), "a.png"), send(w.token(h.Admin), "b.png")
	super := pgtest.User(t, w.db, tenantless, user.SuperAdmin, "")
	operator := send(w.token(super), "c.png", with("X-Tenant-Slug", h.Slug))
	theirs := send(w.token(other.Admin), "d.png")
	if first["id"] != again["id"] || first["id"] != operator["id"] || first["id"] == theirs["id"] {
		t.Errorf("ids: %v %v %v, another hotel's %v", first["id"], again["id"], operator["id"], theirs["id"])
	}
	if n := w.count("SELECT count(*) FROM media"); n != 2 {
		t.Errorf("%d rows", n)
	}
}

// TestBadUploads: what is no file in a form is refused, and nothing of it is kept.
func TestBadUploads(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := setup(t, onDisk(t, dir))
	h := w.hotel()
	admin := as(w.token(h.Admin))
	good := formOf("file", "a.png", pixel)
	for name, c := range map[string]struct {
		body   form
		status int
		code   string
	}{
		"JSON":              {form{"application/json", []byte(`{"file":"x"}`)}, 415, "unsupported_media_type"},
		"no type":           {form{"", good.body}, 415, "unsupported_media_type"},
		"no boundary":       {form{"multipart/form-data", good.body}, 415, "unsupported_media_type"},
		"another multipart": {form{"multipart/mixed; boundary=x", good.body}, 415, "unsupported_media_type"},
		"nothing":           {form{good.contentType, nil}, 400, "file_missing"},
		"another field":     {formOf("image", "a.png", pixel), 400, "file_missing"},
		"empty file":        {formOf("file", "a.png", ""), 400, "media_empty"},
		"cut off":           {form{good.contentType, good.body[:len(good.body)-40]}, 400, "upload_incomplete"},
		"cut off early":     {form{good.contentType, good.body[:30]}, 400, "file_missing"},
		"wrong boundary":    {form{good.contentType + "x", good.body}, 400, "file_missing"},
		"endless preamble":  {formOf("note", "", strings.Repeat("x", 70_000)), 400, "file_missing"},
		"endless header":    {form{"multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=file\r\nX: " + strings.Repeat("y", 1<<20))}, 400, "file_missing"},
		"many fields":       {form{"multipart/form-data; boundary=x", bytes.Repeat([]byte("--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n"), 5000)}, 400, "file_missing"},
		"garbage":           {form{"multipart/form-data; boundary=x", []byte("\x00\xff\xfe--x--")}, 400, "file_missing"},
	} {
		r := w.do(http.MethodPost, "/api/media/upload", c.body, admin).want(c.status)
		if r.json()["code"] != c.code {
			t.Errorf("%s: %s", name, r.body)
		}
		if r.header.Get("Connection") != "close" {
			t.Errorf("%s: the rest would be waited for", name)
		}
	}
	w.do(http.MethodPost, "/api/media/upload", good, with("Authorization", "Bearer x")).want(http.StatusUnauthorized)
	if n := w.count("SELECT count(*) FROM media"); n != 0 {
		t.Errorf("%d rows", n)
	}
	if left := filesBelow(t, dir); len(left) > 0 {
		t.Errorf("left on disk: %v", left)
	}
}

// onDisk keeps files in a folder.
func onDisk(t *testing.T, dir string) change {
	t.Helper()
	folder, err := blob.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	return func(d *httpapi.Deps) { d.Files = filing.New(d.DB, folder, d.Clock, d.Log) }
}

func filesBelow(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// sized is a form whose file has a beginning and so many bytes, made as it is read.
func sized(filename, begin string, size int64) (contentType string, length int64, body io.Reader) {
	frame := formOf("file", filename, begin)
	at := bytes.Index(frame.body, []byte(begin)) + len(begin)
	rest := size - int64(len(begin))
	return frame.contentType, int64(len(frame.body)) + rest,
		io.MultiReader(bytes.NewReader(frame.body[:at]), io.LimitReader(zeros{}, rest), bytes.NewReader(frame.body[at:]))
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestUploadLimits: at the limit of its kind a file is taken, one byte beyond it is not.
func TestUploadLimits(t *testing.T) {
	t.Parallel()
	w := setup(t, onDisk(t, t.TempDir()))
	admin := as(w.token(w.hotel().Admin))
	for begin, limit := range map[string]int64{
		pixel[:40]:                     5_000_000,
		"RIFF\x00\x00\x00\x00WEBPVP8 ": 500_000,
		"\x00\x00\x00\x18ftypmp42":     16_000_000,
		pdf:                            50 << 20,
		"\x00":                         50 << 20,
	} {
		for size, want := range map[int64]int{limit: http.StatusCreated, limit + 1: http.StatusRequestEntityTooLarge} {
			contentType, _, body := sized("x", begin, size)
			r := w.do(http.MethodPost, "/api/media/upload", body, admin, with("Content-Type", contentType)).want(want)
			if want != http.StatusCreated && (r.json()["code"] != "media_too_large" || !strings.Contains(fmt.Sprint(r.json()["error"]), "at most")) {
				t.Errorf("%q of %d bytes: %s", begin[:1], size, r.body)
			}
		}
	}
	announced := w.do(http.MethodPost, "/api/media/upload", "x", admin, with("Content-Type", "multipart/form-data; boundary=x"), func(r *request) { r.length = 60 << 20 })
	announced.want(http.StatusRequestEntityTooLarge, "media_too_large")
}

// TestUploadsOfMany: memory does not grow with what is uploaded. Twenty files of 20 MB at
// once, through a real connection, allocate less than two of them, client included. With
// UPLOADS_OF_MANY=100x50 (make test-uploads) it is a hundred of 50 MB, and the figures are shown.
func TestUploadsOfMany(t *testing.T) { //nolint:paralleltest // what others allocate at the same time would be counted
	if testing.Short() {
		t.Skip("writes 400 MB")
	}
	files, megabytes := 20, 20
	if of := os.Getenv("UPLOADS_OF_MANY"); of != "" {
		if _, err := fmt.Sscanf(of, "%dx%d", &files, &megabytes); err != nil {
			t.Fatal(err)
		}
	}
	size := uint64(megabytes) << 20
	w := setup(t, onDisk(t, t.TempDir()))
	token := w.token(w.hotel().Admin)
	server := httptest.NewServer(w.handler)
	defer server.Close()
	defer server.Client().CloseIdleConnections()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	begun, peak := time.Now(), watchHeap()
	var all sync.WaitGroup
	for i := range files {
		all.Go(func() {
			contentType, length, body := sized("x.pdf", fmt.Sprintf("%s%d\n", pdf, i), int64(size))
			in, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/media/upload", body)
			if err != nil {
				t.Error(err)
				return
			}
			in.ContentLength = length
			in.Header.Set("Content-Type", contentType)
			in.Header.Set("Authorization", "Bearer "+token)
			out, err := server.Client().Do(in)
			if err != nil {
				t.Error(err)
				return
			}
			if out.StatusCode != http.StatusCreated {
				t.Errorf("status %d", out.StatusCode)
			}
			_ = out.Body.Close()
		})
	}
	all.Wait()
	runtime.ReadMemStats(&after)
	grown, highest := after.TotalAlloc-before.TotalAlloc, peak()
	t.Logf("%d files of %d MB at once: %s, %d MB allocated in all, heap from %d MB to %d MB at most", files, megabytes,
		time.Since(begun).Round(100*time.Millisecond), grown>>20, before.HeapInuse>>20, highest>>20)
	if grown > 40<<20 {
		t.Errorf("%d MB were allocated for %d MB of files", grown>>20, files*megabytes)
	}
}

// watchHeap looks at the heap until the function is called that it returns, which tells the
// most that was in use.
func watchHeap() func() uint64 {
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		highest := uint64(0)
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			highest = max(highest, now.HeapInuse)
			select {
			case <-tick.C:
			case <-stop:
				tick.Stop()
				most <- highest
				return
			}
		}
	}()
	return func() uint64 {
		close(stop)
		return <-most
	}
}

// slowly is a connection that notes until when it is read.
type slowly struct {
	*httptest.ResponseRecorder
	deadlines []time.Time
}

func (s *slowly) SetReadDeadline(t time.Time) error {
	s.deadlines = append(s.deadlines, t)
	return nil
}

// TestSlowUploads: an upload that stops coming is ended, not waited for.
func TestSlowUploads(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	good := formOf("file", "a.pdf", pdf+strings.Repeat("x", 20_000))
	stuck := io.MultiReader(bytes.NewReader(good.body[:10_000]), readerFunc(func([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }))
	in := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/api/media/upload", stuck)
	in.Header.Set("Content-Type", good.contentType)
	in.Header.Set("Authorization", "Bearer "+w.token(h.Admin))
	out := &slowly{ResponseRecorder: httptest.NewRecorder()}
	begun := time.Now()
	w.handler.ServeHTTP(out, in)
	if out.Code != http.StatusRequestTimeout || !strings.Contains(out.Body.String(), "upload_too_slow") {
		t.Errorf("%d %s", out.Code, out.Body)
	}
	if len(out.deadlines) < 2 {
		t.Fatalf("the deadline was set %d times", len(out.deadlines))
	}
	for _, d := range out.deadlines {
		if wait := d.Sub(begun); wait > 45*time.Second || wait < 0 {
			t.Errorf("a deadline in %s", wait)
		}
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
