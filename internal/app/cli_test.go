package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/app"
)

func TestCommandLineRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args      []string
		variables map[string]string
		code      int
		says      string
	}{
		"unknown command":  {[]string{"nonsense"}, nil, 2, "see botreserva --help"},
		"wrong setting":    {[]string{"serve"}, map[string]string{"PORT": "abc"}, 1, "PORT has a wrong value"},
		"one role":         {[]string{"serve", "--role", "api"}, nil, 1, "needs others beside it"},
		"no such database": {[]string{"tenant", "list"}, map[string]string{"DATABASE_URL": "postgres://u:p@127.0.0.1:1/x"}, 1, "is DATABASE_URL right?"},
	} {
		var out, errOut bytes.Buffer
		variables := map[string]string{"DATA_DIR": t.TempDir()}
		maps.Copy(variables, c.variables)
		code := app.Main(t.Context(), c.args, variables, &out, &errOut)
		if code != c.code || !strings.Contains(errOut.String(), c.says) || out.Len() > 0 {
			t.Errorf("%s: exit %d, out %q, err %q", name, code, out.String(), errOut.String())
		}
	}
}

// What goes wrong while the product starts up ends it with a word and an exit code, not in silence.
func TestDemoSaysWhyItEnds(t *testing.T) {
	t.Parallel()
	var lc net.ListenConfig
	taken, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out, errOut bytes.Buffer
	code := app.Main(ctx, []string{"demo", "--simulator", "0", "--bot", port},
		map[string]string{"PORT": "0", "DATA_DIR": t.TempDir()}, &out, &errOut)
	if code != 1 || !strings.Contains(errOut.String(), "choose another port with --bot") {
		t.Errorf("exit %d, err %q", code, errOut.String())
	}
}

// Guests of an earlier run have their names and their open windows back after a restart.
func TestDemoRecallsItsGuests(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const marina = "/simulator/guests/5511987654321/transcript?account=401200000000001"
	demo(t, dir, func(simulator string) {
		for after := 0; ; { // until the bot has answered, and so the desk knows her
			chat := get(t, simulator+marina+"&wait=20&after="+strconv.Itoa(after))
			if slices.ContainsFunc(chat.Messages, func(m said) bool { return m.From == "hotel" }) || t.Failed() {
				return
			}
			after = chat.Rev
		}
	})
	demo(t, dir, func(simulator string) {
		g := get(t, simulator+marina).Guest
		if g.Settings.Name != "Marina Duarte" || time.Until(g.WindowUntil) < 23*time.Hour {
			t.Errorf("after the restart she is %+v", g)
		}
	})
}

type said struct{ From string }

type chat struct {
	Rev      int
	Messages []said
	Guest    struct {
		WindowUntil time.Time
		Settings    struct{ Name string }
	}
}

func get(t *testing.T, url string) (c chat) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Error(err)
		return c
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(&c); err != nil {
		t.Error(err)
	}
	return c
}

// demo runs the demonstration, calls fn once it has said where everything is, and stops it.
func demo(t *testing.T, dir string, fn func(simulator string)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	announced := make(chan string, 1)
	out := writer(func(p []byte) { announced <- string(p) })
	var errOut bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- app.Main(ctx, []string{"demo", "--simulator", "0", "--bot", "0"},
			map[string]string{"PORT": "0", "DATA_DIR": dir}, out, &errOut)
	}()
	select {
	case text := <-announced:
		fn(regexp.MustCompile(`Simulated WhatsApp +(\S+)`).FindStringSubmatch(text)[1])
		cancel()
		if code := <-ended; code != 0 {
			t.Errorf("exit %d: %s", code, errOut.String())
		}
	case code := <-ended:
		t.Fatalf("exit %d: %s", code, errOut.String())
	}
}

type writer func(p []byte)

func (w writer) Write(p []byte) (int, error) { w(p); return len(p), nil }
