package whatsapp_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) { os.Exit(logtest.Verdict(code)) }))
}

// received is when the webhooks of these tests came in; their timestamps are around it.
var received = time.Unix(1795000900, 0).UTC()

var credentials = whatsapp.Credentials{PhoneNumberID: "401200000000001", AccessToken: "EAAG-token-de-teste"}

// newClient returns a client for a server on this machine; any other host fails the test.
func newClient(t *testing.T, base string) *whatsapp.Client {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base, nil)
	if err != nil {
		t.Fatal(err)
	}
	if ip := net.ParseIP(request.URL.Hostname()); ip == nil || !ip.IsLoopback() {
		t.Fatalf("%s is not this machine", base)
	}
	c := whatsapp.NewClient(whatsapp.Options{BaseURL: base, Version: "v25.0"})
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// serve starts a server that answers as told and returns a client for it.
func serve(t *testing.T, handler http.HandlerFunc) *whatsapp.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return newClient(t, server.URL)
}

// golden compares value, as JSON, with a file, or writes the file with -update.
func golden(t *testing.T, file string, value any) {
	t.Helper()
	got, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(bytes.ReplaceAll(got, []byte("\r"), nil))); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", file, diff)
	}
}
