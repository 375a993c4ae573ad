package whatsapp_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/botreserva/botreserva/internal/whatsapp"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// TestMediaBothWays: what is given to Meta can be had back, through a server that was
// written from Meta's pages by itself.
func TestMediaBothWays(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Options{Accounts: []simulator.Account{{
		PhoneNumberID: credentials.PhoneNumberID, DisplayNumber: "551238950000", AccessToken: credentials.AccessToken, WebhookURL: "http://127.0.0.1:1/",
	}}})
	t.Cleanup(func() { _ = sim.Close(context.WithoutCancel(t.Context())) })
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(server.Close)
	c := newClient(t, server.URL)
	text := strings.Repeat("Tarifas de novembro\n", 10_000)
	mediaID, err := c.UploadMedia(t.Context(), credentials, whatsapp.Upload{MimeType: "text/plain", Filename: "tarifas.txt", Size: int64(len(text)), Content: strings.NewReader(text + "beyond")})
	if err != nil {
		t.Fatal(err)
	}
	told, err := c.Media(t.Context(), credentials, mediaID)
	if err != nil || told.Size != int64(len(text)) || told.MimeType != "text/plain" || told.SHA256 == "" {
		t.Fatalf("%+v, %v", told, err)
	}
	from, err := c.Download(t.Context(), credentials, told.URL)
	if err != nil || from.Size != int64(len(text)) {
		t.Fatalf("%+v, %v", from, err)
	}
	got, err := io.ReadAll(from)
	if err = errors.Join(err, from.Close()); err != nil || string(got) != text {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	_, err = c.Download(t.Context(), credentials, strings.Replace(told.URL, "hash=", "hash=0", 1))
	if !errors.Is(err, whatsapp.ErrMediaGone) {
		t.Errorf("an old address: %v", err)
	}
	var api *whatsapp.APIError
	_, err = c.UploadMedia(t.Context(), credentials, whatsapp.Upload{MimeType: "application/zip", Filename: "a.zip", Size: 1, Content: strings.NewReader("P")})
	if !errors.As(err, &api) || api.Code != 100 {
		t.Errorf("a type that WhatsApp does not take: %v", err)
	}
}

// TestTokenStaysAtMeta: an address that is not Meta's gets no request at all.
func TestTokenStaysAtMeta(t *testing.T) {
	t.Parallel()
	asked := 0
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "http://127.0.0.1:1/elsewhere", http.StatusFound)
	})
	for _, address := range []string{
		"", "/files/1", "ftp://lookaside.fbsbx.com/1", "http://lookaside.fbsbx.com/1", "https://lookaside.fbsbx.com.evil.example/1",
		"https://evil.example/lookaside.fbsbx.com", "https://lookaside.fbsbx.com@evil.example/1", "https://lookaside.fbsbx.com:8443/1",
		"https://169.254.169.254/latest/meta-data", "http://127.0.0.1:1/1", "https:lookaside.fbsbx.com", "https://[::1]/", "//lookaside.fbsbx.com/1",
	} {
		if _, err := c.Download(t.Context(), credentials, address); !errors.Is(err, whatsapp.ErrMediaHost) {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, mediaID := range []string{"", "../me", "1?fields=x", "1/2", "é", "1-2"} {
		if _, err := c.Media(t.Context(), credentials, mediaID); !errors.Is(err, whatsapp.ErrMediaID) {
			t.Errorf("%q: %v", mediaID, err)
		}
	}
	if asked != 0 {
		t.Errorf("%d requests", asked)
	}
}

// TestRedirectsOfFilesAreNotFollowed: the token would travel along.
func TestRedirectsOfFilesAreNotFollowed(t *testing.T) {
	t.Parallel()
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.URL.Path)
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	t.Cleanup(server.Close)
	c := newClient(t, server.URL)
	if _, err := c.Download(t.Context(), credentials, server.URL+"/1"); err == nil || len(paths) != 1 {
		t.Errorf("asked for %v: %v", paths, err)
	}
}

// TestUploadThatBreaks: a file that cannot be read to its end is not given to Meta.
func TestUploadThatBreaks(t *testing.T) {
	t.Parallel()
	whole := 0
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err == nil {
			whole++
		}
		_, _ = io.WriteString(w, `{"id":"1"}`)
	})
	broken := errors.New("the disk is gone")
	for name, content := range map[string]io.Reader{
		"breaks": io.MultiReader(bytes.NewReader(make([]byte, 1000)), iotest.ErrReader(broken)),
		"shrank": bytes.NewReader(make([]byte, 1000)),
	} {
		_, err := c.UploadMedia(t.Context(), credentials, whatsapp.Upload{MimeType: "text/plain", Filename: "a.txt", Size: 100_000, Content: content})
		if err == nil || whole != 0 {
			t.Errorf("%s: %v, %d arrived whole", name, err, whole)
		}
	}
}

// TestDownloadsThatStop: a server that begins a file and says nothing more, or never answers,
// is not waited for.
func TestDownloadsThatStop(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]string{"after a while": "%PDF", "at once": ""} {
		ended := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if begin != "" {
				_, _ = io.WriteString(w, begin)
				_ = http.NewResponseController(w).Flush()
			}
			<-r.Context().Done() // until the client goes
			close(ended)
		}))
		t.Cleanup(server.Close)
		c := newClient(t, server.URL)
		c.Pause(50 * time.Millisecond)
		from, err := c.Download(t.Context(), credentials, server.URL+"/1")
		if err == nil {
			_, err = io.ReadAll(from)
			_ = from.Close()
		}
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		<-ended
	}
}
