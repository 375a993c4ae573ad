package whatsapp_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/whatsapp"
)

// outcome names the class of an error of Send.
func outcome(err error) string {
	var refused *whatsapp.APIError
	var notSent *whatsapp.NotSentError
	var unknown *whatsapp.UnknownOutcomeError
	switch {
	case err == nil:
		return "accepted"
	case errors.As(err, &refused):
		return "refused"
	case errors.As(err, &notSent):
		return "not sent"
	case errors.As(err, &unknown):
		return "unknown"
	default:
		return fmt.Sprintf("other: %v", err)
	}
}

func TestOutcomeOfAnswers(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		status int
		body   string
		want   string
	}{
		"accepted":                          {200, acceptance, "accepted"},
		"accepted, no id":                   {200, `{"messages":[]}`, "unknown"},
		"accepted, id of an odd type":       {200, `{"messages":[{"id":{}}]}`, "unknown"},
		"accepted, empty":                   {200, ``, "unknown"},
		"accepted, html":                    {200, `<html>`, "unknown"},
		"accepted, null":                    {200, `null`, "unknown"},
		"error object under 200":            {200, `{"error":{"code":131000}}`, "refused"},
		"error object under 400":            {400, `{"error":{"code":131047}}`, "refused"},
		"error object under 500":            {500, `{"error":{"code":131000}}`, "refused"},
		"error code as text":                {500, `{"error":{"code":"2"}}`, "refused"},
		"500 with html":                     {500, `<html>`, "unknown"},
		"502 with nothing":                  {502, ``, "unknown"},
		"503 with another's error":          {503, `{"error":"upstream"}`, "unknown"},
		"503 with an error without a code":  {503, `{"error":{"message":"upstream"}}`, "unknown"},
		"504 with null":                     {504, `{"error":null}`, "unknown"},
		"400 with html":                     {400, `<html>`, "refused"},
		"413 with nothing":                  {413, ``, "refused"},
		"429 with nothing":                  {429, ``, "refused"},
		"a redirect, which is not followed": {302, ``, "refused"},
		"a redirect that keeps the method":  {307, ``, "refused"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				requests.Add(1)
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			})
			_, err := client.Send(t.Context(), credentials, hello)
			if got := outcome(err); got != c.want || requests.Load() != 1 {
				t.Fatalf("%s after %d requests (%v), want %s after 1", got, requests.Load(), err, c.want)
			}
		})
	}
}

func TestDialRefusedIsNotSent(t *testing.T) {
	t.Parallel()
	listener := listen(t)
	address := listener.Addr().String()
	_ = listener.Close()
	_, err := newClient(t, "http://"+address).Send(t.Context(), credentials, hello)
	if got := outcome(err); got != "not sent" {
		t.Fatalf("%s: %v", got, err)
	}
}

func TestUnresolvedNameIsNotSent(t *testing.T) {
	t.Parallel()
	// .invalid is reserved for names that never resolve (RFC 2606); the dialer below asks nobody.
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "graph.invalid", IsNotFound: true}
	}}
	client := whatsapp.NewClient(whatsapp.Options{BaseURL: "http://graph.invalid", HTTP: &http.Client{Transport: transport}})
	_, err := client.Send(t.Context(), credentials, hello)
	if got := outcome(err); got != "not sent" {
		t.Fatalf("%s: %v", got, err)
	}
}

func TestFailedTLSIsNotSent(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	server.StartTLS() // with a certificate that nobody trusts
	t.Cleanup(server.Close)
	_, err := newClient(t, server.URL).Send(t.Context(), credentials, hello)
	if got := outcome(err); got != "not sent" {
		t.Fatalf("%s: %v", got, err)
	}
}

func TestCancelledBeforeIsNotSent(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, acceptance) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := client.Send(ctx, credentials, hello)
	if got := outcome(err); got != "not sent" || !errors.Is(err, context.Canceled) {
		t.Fatalf("%s: %v", got, err)
	}
}

// Reset, close and silence after the request was read whole.
func TestLostAnswerIsUnknown(t *testing.T) {
	t.Parallel()
	cases := map[string]func(conn net.Conn, cancel func()){
		"reset":                 func(conn net.Conn, _ func()) { _ = conn.(*net.TCPConn).SetLinger(0); _ = conn.Close() },
		"closed":                func(conn net.Conn, _ func()) { _ = conn.Close() },
		"closed in the headers": func(conn net.Conn, _ func()) { fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-"); _ = conn.Close() },
		"closed in the body": func(conn net.Conn, _ func()) {
			fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")
			_ = conn.Close()
		},
		"silence until time-out": func(_ net.Conn, cancel func()) { cancel() },
		"no HTTP":                func(conn net.Conn, _ func()) { fmt.Fprint(conn, "220 smtp ready\r\n\r\n"); _ = conn.Close() },
	}
	for name, act := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			var requests atomic.Int32
			address := accept(t, func(conn net.Conn) {
				if readRequest(bufio.NewReader(conn)) == nil {
					requests.Add(1)
					act(conn, cancel)
				}
			})
			_, err := newClient(t, "http://"+address).Send(ctx, credentials, hello)
			if got := outcome(err); got != "unknown" || requests.Load() != 1 {
				t.Fatalf("%s after %d requests: %v", got, requests.Load(), err)
			}
		})
	}
}

// The server answers once and closes the kept-alive connection when the second request comes: that one was written,
// so nobody knows, and it is not sent again behind our back.
func TestKeptConnectionClosedOnTheSecondRequest(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	address := accept(t, func(conn net.Conn) {
		reader := bufio.NewReader(conn)
		for readRequest(reader) == nil {
			if requests.Add(1) > 1 {
				_ = conn.Close()
				return
			}
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(acceptance), acceptance)
		}
	})
	client := newClient(t, "http://"+address)
	if _, err := client.Send(t.Context(), credentials, hello); err != nil {
		t.Fatal(err)
	}
	_, err := client.Send(t.Context(), credentials, hello)
	if got := outcome(err); got != "unknown" || requests.Load() != 2 {
		t.Fatalf("%s after %d requests: %v", got, requests.Load(), err)
	}
}

// The kept-alive connection is closed in the moment it is taken for the second request, before a byte is written:
// that one was not sent, and it is not sent behind our back either.
func TestKeptConnectionClosedBeforeTheSecondRequest(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"http", "https"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				requests.Add(1)
				fmt.Fprint(w, acceptance)
			}))
			server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
			client := startAndTrust(t, server, scheme == "https")
			if _, err := client.Send(t.Context(), credentials, hello); err != nil {
				t.Fatal(err)
			}
			reused := false
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
				reused = info.Reused
				_ = info.Conn.Close()
			}})
			_, err := client.Send(ctx, credentials, hello)
			if got := outcome(err); got != "not sent" || !reused || requests.Load() != 1 {
				t.Fatalf("%s on a reused (%t) connection after %d requests: %v", got, reused, requests.Load(), err)
			}
		})
	}
}

// faultyConn takes a number of bytes of the next write and then fails, once armed.
type faultyConn struct {
	net.Conn
	armed atomic.Bool
	takes int
}

func (c *faultyConn) Write(data []byte) (int, error) {
	if !c.armed.Load() {
		return c.Conn.Write(data)
	}
	n, _ := c.Conn.Write(data[:min(c.takes, len(data))])
	return n, syscall.EPIPE
}

// A kept-alive connection breaks while the second request is written: what decides is whether Meta can have had
// the whole of it.
func TestConnectionBreaksWhileWriting(t *testing.T) {
	t.Parallel()
	for taken, want := range map[int]string{0: "not sent", 10: "not sent", 100: "not sent", 100_000: "unknown"} {
		t.Run(fmt.Sprint(taken, " bytes taken"), func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if requests.Add(1) > 1 {
					<-r.Context().Done() // until the client hangs up
				}
				fmt.Fprint(w, acceptance)
			}))
			t.Cleanup(server.Close)
			var faulty *faultyConn
			transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, address)
				faulty = &faultyConn{Conn: conn, takes: taken}
				return whatsapp.CountConn(faulty), err
			}}
			client := whatsapp.NewClient(whatsapp.Options{BaseURL: server.URL, HTTP: &http.Client{Transport: transport}})
			t.Cleanup(client.CloseIdleConnections)
			if _, err := client.Send(t.Context(), credentials, hello); err != nil {
				t.Fatal(err)
			}
			faulty.armed.Store(true)
			_, err := client.Send(t.Context(), credentials, hello)
			if got := outcome(err); got != want {
				t.Fatalf("%s (%v), want %s", got, err, want)
			}
		})
	}
}

// startAndTrust starts a server and returns a client with the transport of production that trusts it.
func startAndTrust(t *testing.T, server *httptest.Server, secure bool) *whatsapp.Client {
	t.Helper()
	transport := whatsapp.NewTransport()
	if secure {
		server.StartTLS()
		transport.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	client := whatsapp.NewClient(whatsapp.Options{BaseURL: server.URL, HTTP: &http.Client{Transport: transport}})
	t.Cleanup(client.CloseIdleConnections)
	return client
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

// accept serves connections one after another with a function, and closes each at the end of the test.
func accept(t *testing.T, serve func(net.Conn)) (address string) {
	t.Helper()
	listener := listen(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serve(conn)
			t.Cleanup(func() { _ = conn.Close() })
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-done })
	return listener.Addr().String()
}

func readRequest(reader *bufio.Reader) error {
	request, err := http.ReadRequest(reader)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, request.Body)
	return err
}
