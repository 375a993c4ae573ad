package transcribe_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/transcribe"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func recording() transcribe.Recording {
	const data = "OggS voz"
	return transcribe.Recording{Name: "a.ogg", MimeType: "audio/ogg", Size: int64(len(data)), Content: strings.NewReader(data)}
}

// TestOpenAI: the form is what OpenAI takes, wherever the hotel's address ends.
func TestOpenAI(t *testing.T) {
	t.Parallel()
	var got []string
	engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength <= 0 {
			t.Error("the form has no size")
		}
		file, head, err := r.FormFile("file")
		if err != nil {
			t.Error(err)
			return
		}
		data, _ := io.ReadAll(file)
		got = []string{r.Method, r.URL.Path, r.Header.Get("Authorization"), r.FormValue("model"), r.FormValue("language"), head.Filename, head.Header.Get("Content-Type"), string(data)}
		_, _ = io.WriteString(w, `{"text":" Tem quarto para sábado?\u0000 "}`)
	}))
	t.Cleanup(engine.Close)
	for _, ending := range []string{"", "/", "/v1", "/v1/", "/v1/audio/transcriptions"} {
		o := transcribe.OpenAI{Client: engine.Client(), URL: engine.URL + ending, Key: "sk-1", Model: "gpt-4o-transcribe", Language: "pt"}
		text, err := o.Transcribe(t.Context(), recording())
		if err != nil || text != "Tem quarto para sábado?" {
			t.Errorf("%q: %q, %v", ending, text, err)
		}
		want := []string{"POST", "/v1/audio/transcriptions", "Bearer sk-1", "gpt-4o-transcribe", "pt", "a.ogg", "audio/ogg", "OggS voz"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", ending, diff)
		}
	}
	if _, err := (transcribe.OpenAI{Client: engine.Client(), URL: engine.URL}).Transcribe(t.Context(), recording()); err != nil || got[2] != "" || got[3] != "whisper-1" || got[4] != "" {
		t.Errorf("without a key: %q, %v", got, err)
	}
}

// TestFailures: what passes is told from what somebody has to mend; nothing of an answer is quoted.
func TestFailures(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status    int
		answer    string
		isPassing bool
		says      string
	}{
		"busy":        {http.StatusTooManyRequests, `{"error":"segredo"}`, true, "429"},
		"broken":      {http.StatusBadGateway, "segredo", true, "502"},
		"wrong key":   {http.StatusUnauthorized, `{"error":"segredo"}`, false, "chave"},
		"wrong place": {http.StatusNotFound, "segredo", false, "endereço"},
		"elsewhere":   {http.StatusFound, "segredo", false, "endereço"},
		"refused":     {http.StatusBadRequest, "segredo", false, "modelo"},
		"no JSON":     {http.StatusOK, "segredo", false, "transcrição"},
		"no text":     {http.StatusOK, `{"texto":"segredo"}`, false, "transcrição"},
	} {
		engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.answer)
		}))
		_, err := transcribe.OpenAI{Client: engine.Client(), URL: engine.URL}.Transcribe(t.Context(), recording())
		engine.Close()
		var failed *transcribe.Error
		if !errors.As(err, &failed) || failed.IsPassing != c.isPassing || !strings.Contains(failed.Reason, c.says) || strings.Contains(failed.Error()+failed.Reason, "segredo") {
			t.Errorf("%s: %+v", name, err)
		}
	}
}

// TestOutOfBounds: an address in a private network is not asked, one that hangs not for ever.
func TestOutOfBounds(t *testing.T) {
	t.Parallel()
	free := make(chan struct{})
	engine := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-free }))
	t.Cleanup(engine.Close)
	t.Cleanup(func() { close(free) })
	for name, c := range map[string]struct {
		options   egress.Options
		isPassing bool
	}{
		"at home": {egress.Options{}, false},
		"hanging": {egress.Options{AllowPrivate: true, Timeout: 50 * time.Millisecond}, true},
	} {
		client := egress.NewClient(c.options)
		_, err := transcribe.OpenAI{Client: client, URL: engine.URL}.Transcribe(t.Context(), recording())
		client.CloseIdleConnections()
		var failed *transcribe.Error
		if !errors.As(err, &failed) || failed.IsPassing != c.isPassing || strings.Contains(failed.Error(), engine.URL) {
			t.Errorf("%s: %v", name, err)
		}
	}
	large := recording()
	large.Size = transcribe.MaxSize + 1
	if _, err := (transcribe.OpenAI{Client: engine.Client(), URL: engine.URL}).Transcribe(t.Context(), large); err == nil {
		t.Error("a recording that is too large was posted")
	}
}
