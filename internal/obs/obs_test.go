package obs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/obs"
)

// line logs once in JSON and returns what was written, without time, level and message.
func line(t *testing.T, log func(*slog.Logger)) map[string]any {
	t.Helper()
	var out bytes.Buffer
	log(obs.NewLogger(obs.Options{Output: &out, Level: slog.LevelDebug}))
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v in %q", err, out.String())
	}
	for _, key := range []string{"time", "level", "msg"} {
		if got[key] == nil || got[key] == "••••" {
			t.Errorf("%s is %v", key, got[key])
		}
		delete(got, key)
	}
	return got
}

func TestLogger_carriesTheRequestID(t *testing.T) {
	t.Parallel()
	ctx := obs.WithRequestID(t.Context(), "r-1")
	type group = map[string]any
	for name, tc := range map[string]struct {
		log  func(*slog.Logger)
		want group
	}{
		"plain":            {func(l *slog.Logger) { l.InfoContext(ctx, "m", "a", 1) }, group{"a": 1., "request_id": "r-1"}},
		"without one":      {func(l *slog.Logger) { l.InfoContext(context.Background(), "m", "a", 1) }, group{"a": 1.}},
		"without context":  {func(l *slog.Logger) { l.Info("m") }, group{}},
		"with attributes":  {func(l *slog.Logger) { l.With("b", 2).InfoContext(ctx, "m") }, group{"b": 2., "request_id": "r-1"}},
		"outside of group": {func(l *slog.Logger) { l.WithGroup("g").InfoContext(ctx, "m", "a", 1) }, group{"g": group{"a": 1.}, "request_id": "r-1"}},
		"all together": {
			func(l *slog.Logger) {
				l.With("b", 2).WithGroup("g").With("c", 3).WithGroup("h").With("d", 4).InfoContext(ctx, "m", "a", 1)
			},
			group{"b": 2., "g": group{"c": 3., "h": group{"d": 4., "a": 1.}}, "request_id": "r-1"},
		},
		"group without id": {func(l *slog.Logger) { l.WithGroup("g").With("c", 3).Info("m") }, group{"g": group{"c": 3.}}},
		"unnamed group":    {func(l *slog.Logger) { l.WithGroup("").InfoContext(ctx, "m", "a", 1) }, group{"a": 1., "request_id": "r-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, line(t, tc.log)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Two loggers that grew from one must not write into each other's attributes.
func TestLogger_siblingsStayApart(t *testing.T) {
	t.Parallel()
	ctx := obs.WithRequestID(t.Context(), "r-1")
	var out bytes.Buffer
	parent := obs.NewLogger(obs.Options{Output: &out}).WithGroup("g").With("a", 1).With("b", 2)
	one, other := parent.With("who", "one"), parent.With("who", "other")
	one.InfoContext(ctx, "m")
	other.InfoContext(ctx, "m")
	lines := strings.Split(out.String(), "\n")
	if !strings.Contains(lines[0], `"who":"one"`) || !strings.Contains(lines[1], `"who":"other"`) {
		t.Error(out.String())
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	if got := obs.RequestID(t.Context()); got != "" {
		t.Errorf("a plain context has %q", got)
	}
	inner := obs.WithRequestID(obs.WithRequestID(t.Context(), "outer"), "inner")
	if got := obs.RequestID(inner); got != "inner" {
		t.Errorf("got %q", got)
	}
}

func TestConceal_byKey(t *testing.T) {
	t.Parallel()
	for _, key := range []string{
		"token", "access_token", "accessToken", "X-Access-Token", "refresh_tokens", "password", "oldPassword", "password_hash",
		"secret", "APP_SECRET", "authorization", "Authorization", "cookie", "Set-Cookie", "api_key", "apiKey", "X-API-Key", "apikey",
		"body", "text", "content", "caption", "rawBody", "encryption_key", "jwt", "X-Hub-Signature-256", "credentials",
	} {
		got := line(t, func(l *slog.Logger) {
			l.Info("m", key, "hunter2", slog.Group("g", key, "hunter2"), slog.Group(key, "inner", "hunter2"))
		})
		if text, _ := json.Marshal(got); strings.Contains(string(text), "hunter2") {
			t.Errorf("%s passes: %s", key, text)
		}
	}
	for _, key := range []string{
		"tenant_id", "request_id", "body_bytes", "text_length", "content_type", "duration_ms", "phone_number_id", "err", "path",
		"key", "message_id", "wamid", "status", "addr", "msg_id",
	} {
		if got := line(t, func(l *slog.Logger) { l.Info("m", key, "5511987654321") }); got[key] != "5511987654321" {
			t.Errorf("%s is masked: %v", key, got)
		}
	}
}

func TestConceal_phonesKeepFourDigits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		key   string
		value any
		want  string
	}{
		{"phone", "+55 (11) 98765-4321", "••••4321"},
		{"guest_phone", "5511987654321", "••••4321"},
		{"guestPhone", 5511987654321, "••••4321"},
		{"phone_number", []byte("5511987654321"), "••••"},
		{"wa_id", "5511987654321", "••••4321"},
		{"phones", []string{"5511987654321", "5511987654322"}, "••••"},
		{"phone", "4321", "••••"},
		{"phone", "unknown", "••••"},
		{"phone", "", ""},
	} {
		got := line(t, func(l *slog.Logger) { l.Info("m", tc.key, tc.value) })[tc.key]
		if got != tc.want {
			t.Errorf("%s=%v shows as %v, want %q", tc.key, tc.value, got, tc.want)
		}
	}
}

type masked string

func (masked) LogValue() slog.Value { return slog.StringValue("own mask") }

type guest struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

func TestConceal_insideValues(t *testing.T) {
	t.Parallel()
	header := http.Header{"Authorization": {"Bearer hunter2"}, "Accept": {"*/*"}}
	got := line(t, func(l *slog.Logger) {
		l.Info("m", "header", header, "guest", &guest{"Rui", "5511987654321"},
			"deep", map[string]any{"list": []any{map[string]any{"password": "hunter2", "n": 12345678901234567, "wa_id": 5511987654321}}},
			"err", errors.New("dial: refused"), "addr", netip.MustParseAddr("10.0.0.1"), "own", masked("hunter2"),
			"broken", map[string]any{"token": "hunter2", "f": func() {}}, "nothing", nil, "at", time.Unix(0, 0).UTC(), "n", int64(7))
	})
	want := map[string]any{
		"header": map[string]any{"Authorization": "••••", "Accept": []any{"*/*"}},
		"guest":  map[string]any{"name": "Rui", "phone": "••••4321"},
		"deep":   map[string]any{"list": []any{map[string]any{"password": "••••", "n": 12345678901234567., "wa_id": "••••4321"}}},
		"err":    "dial: refused", "addr": "10.0.0.1", "own": "own mask",
		"broken":  "•••• (a map[string]interface {}, not shown: it has no JSON form)",
		"nothing": nil, "at": "1970-01-01T00:00:00Z", "n": 7.,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestConceal_showsWhetherThereIsSomething(t *testing.T) {
	t.Parallel()
	logged := []any{"token", "", "secret", true, "password", nil, "body", []byte("x"), "text", 17, "cookie", masked("x")}
	got := line(t, func(l *slog.Logger) { l.Info("m", logged...) })
	want := map[string]any{"token": "", "secret": true, "password": nil, "body": "••••", "text": "••••", "cookie": "••••"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestConceal_alsoForPeople(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	logger := obs.NewLogger(obs.Options{Output: &out, ForPeople: true})
	ctx := obs.WithRequestID(t.Context(), "r-1")
	before, group := []any{"password", "hunter2"}, "token"
	logged := []any{"phone", "5511987654321", "guest", guest{"Rui", "5511987654321"}, "err", errors.New("late"), slog.Group(group, "a", "hunter2")}
	logger.With(before...).WithGroup("g").InfoContext(ctx, "said hello", logged...)
	text := out.String()
	for _, wrong := range []string{"hunter2", "98765", `"msg"`} {
		if strings.Contains(text, wrong) {
			t.Errorf("shows %s: %s", wrong, text)
		}
	}
	for _, right := range []string{"said hello", "r-1", "4321", "Rui", "late", "INF"} {
		if !strings.Contains(text, right) {
			t.Errorf("does not show %s: %s", right, text)
		}
	}
}

func TestLogger_level(t *testing.T) {
	t.Parallel()
	for _, forPeople := range []bool{true, false} {
		var out bytes.Buffer
		var level slog.LevelVar
		logger := obs.NewLogger(obs.Options{Output: &out, Level: &level, ForPeople: forPeople})
		logger.Debug("too early")
		level.Set(slog.LevelDebug)
		logger.Debug("now")
		if strings.Contains(out.String(), "too early") || !strings.Contains(out.String(), "now") {
			t.Error(out.String())
		}
	}
	var out bytes.Buffer
	obs.NewLogger(obs.Options{Output: &out}).Debug("below the usual level")
	if out.Len() > 0 {
		t.Error(out.String())
	}
}

func TestForPeople(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	device, err := os.Open(os.DevNull) // a character device, as a terminal is
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	for name, tc := range map[string]struct {
		production bool
		output     *os.File
		want       bool
	}{
		"a file": {false, file, false}, "a terminal": {false, device, true},
		"production": {true, device, false}, "nothing": {false, nil, false},
	} {
		if got := obs.ForPeople(tc.production, tc.output); got != tc.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func BenchmarkLogger(b *testing.B) {
	logger := obs.NewLogger(obs.Options{Output: discard{}})
	ctx := obs.WithRequestID(b.Context(), "0192f6c2-7b1e-7c3a-9b51-000000000000")
	b.ReportAllocs()
	for b.Loop() {
		logger.InfoContext(ctx, "request finished", "method", "POST", "path", "/webhooks/whatsapp", "status", 200, "duration_ms", 3)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
