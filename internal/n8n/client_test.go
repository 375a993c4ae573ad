package n8n_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/n8n"
)

const secretPath = "/webhook/caminho-secreto"

func newClient(t *testing.T, timeout time.Duration) *n8n.Client {
	t.Helper()
	c := egress.NewClient(egress.Options{AllowPrivate: true, Timeout: timeout})
	t.Cleanup(c.CloseIdleConnections)
	return n8n.NewClient(c)
}

func flow(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL + secretPath
}

func request(address string) n8n.Request {
	return n8n.Request{URL: address, Secret: "segredo", DeliveryID: "d-1", Body: []byte(`{"phone":"5511987654321"}`), At: wrote, Attempt: 3}
}

// failed returns the typed error, after checking that its text gives nothing away.
func failed(t *testing.T, err error) *n8n.PostError {
	t.Helper()
	var e *n8n.PostError
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a *PostError", err)
	}
	for _, text := range []string{e.Error(), e.Reason()} {
		if strings.Contains(text, "caminho-secreto") || strings.Contains(text, "Ana") {
			t.Errorf("tells the flow's URL or the guest's words: %q", text)
		}
	}
	if e.Reason() == "" || e.Outcome.String() == "none" {
		t.Errorf("says nothing: %q, %s", e.Reason(), e.Outcome)
	}
	return e
}

func TestPost(t *testing.T) {
	t.Parallel()
	got := make(chan *http.Request, 1)
	address := flow(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		got <- r
		_, _ = io.WriteString(w, `{"message":"Workflow was started"}`)
	})
	sent := request(address)
	if err := newClient(t, 0).Post(t.Context(), sent); err != nil {
		t.Fatal(err)
	}
	r := <-got
	body, _ := io.ReadAll(r.Body)
	if r.Method != http.MethodPost || r.URL.Path != secretPath || !bytes.Equal(body, sent.Body) {
		t.Errorf("%s %s %s", r.Method, r.URL, body)
	}
	for name, want := range map[string]string{
		"Content-Type":         "application/json",
		"User-Agent":           "Mozilla/5.0 (compatible; BotReserva/1.0; +https://botreserva.com.br)",
		"X-BotReserva-Attempt": "3", "X-BotReserva-Delivery": "d-1", "X-BotReserva-Event": "message.received",
	} {
		if v := r.Header.Get(name); v != want {
			t.Errorf("%s: %q, want %q", name, v, want)
		}
	}
	if err := n8n.VerifySignature("segredo", r.Header.Get(n8n.HeaderSignature), body, wrote, time.Minute); err != nil {
		t.Error(err)
	}
}

func TestPostWithoutSecretIsNotSigned(t *testing.T) {
	t.Parallel()
	got := make(chan http.Header, 1)
	r := request(flow(t, func(_ http.ResponseWriter, r *http.Request) { got <- r.Header }))
	r.Secret = ""
	if err := newClient(t, 0).Post(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if h := <-got; h.Get(n8n.HeaderSignature) != "" {
		t.Error("signed with nothing")
	}
}

func TestPostStatus(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]struct {
		outcome n8n.Outcome
		reason  string
	}{
		200: {}, 201: {}, 202: {}, 204: {},
		301: {n8n.Rejected, "redireciona"},
		302: {n8n.Rejected, "redireciona"},
		304: {n8n.Rejected, "redireciona"},
		307: {n8n.Rejected, "redireciona"},
		400: {n8n.Rejected, "(400)"},
		401: {n8n.Rejected, "autenticação"},
		403: {n8n.Rejected, "Ignore Bots"},
		404: {n8n.Refused, "fluxo não está publicado"},
		405: {n8n.Rejected, "POST"},
		408: {n8n.Refused, "408"},
		410: {n8n.Rejected, "410"},
		413: {n8n.Rejected, "grande demais"},
		422: {n8n.Rejected, "422"},
		429: {n8n.Refused, "devagar"},
		500: {n8n.Refused, "24 horas"},
		502: {n8n.Refused, "24 horas"},
		503: {n8n.Refused, "24 horas"},
		524: {n8n.Refused, "24 horas"},
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			err := newClient(t, 0).Post(t.Context(), request(flow(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "http://169.254.169.254/")
				w.WriteHeader(status)
				if status != 204 && status != 304 {
					_, _ = io.WriteString(w, "Olá, Ana\x00!\n")
				}
			})))
			if want.outcome == 0 {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			e := failed(t, err)
			if e.Status != status || e.Outcome != want.outcome || !strings.Contains(e.Reason(), want.reason) {
				t.Errorf("got %d, %s, %q", e.Status, e.Outcome, e.Reason())
			}
			if status != 304 && e.Answer != "Olá, Ana !" {
				t.Errorf("answer %q", e.Answer)
			}
		})
	}
}

func TestPostToTheTestAddress(t *testing.T) {
	t.Parallel()
	address := strings.Replace(flow(t, http.NotFound), "/webhook/", "/webhook-test/", 1)
	if e := failed(t, newClient(t, 0).Post(t.Context(), request(address))); !strings.Contains(e.Reason(), "/webhook-test/") {
		t.Errorf("got %q", e.Reason())
	}
}

func TestPostRetryAfter(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "0": 0, "-3": 0, "x": 0, "1e3": 0,
		"86400": time.Hour, "9223372036854775807": time.Hour, "99999999999999999999": 0,
		wrote.Add(90 * time.Second).Format(http.TimeFormat): 90*time.Second - 250*time.Millisecond,
		wrote.Add(-time.Hour).Format(http.TimeFormat):       0,
		wrote.Add(48 * time.Hour).Format(http.TimeFormat):   time.Hour,
	} {
		t.Run(header, func(t *testing.T) {
			t.Parallel()
			e := failed(t, newClient(t, 0).Post(t.Context(), request(flow(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", header)
				w.WriteHeader(http.StatusServiceUnavailable)
			}))))
			if e.RetryAfter != want {
				t.Errorf("got %v, want %v", e.RetryAfter, want)
			}
		})
	}
}

func TestPostKeepsOnlyTheBeginningOfAnAnswer(t *testing.T) {
	t.Parallel()
	e := failed(t, newClient(t, 0).Post(t.Context(), request(flow(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, strings.Repeat("a", 299)+"é"+strings.Repeat("b", 1<<20))
	}))))
	if want := strings.Repeat("a", 299); e.Answer != want {
		t.Errorf("kept %d bytes: …%q", len(e.Answer), e.Answer[max(0, len(e.Answer)-9):])
	}
}

// What happened to a message is told apart by how far the request had come.
func TestPostWithoutAnswer(t *testing.T) {
	t.Parallel()
	hang := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}
	for name, c := range map[string]struct {
		address func(t *testing.T) string
		body    int
		outcome n8n.Outcome
		reason  string
	}{
		"nobody listens": {closedPort, 10, n8n.Refused, "não aceitou a conexão"},
		"reset after the body": {func(t *testing.T) string {
			t.Helper()
			return rawServer(t, func(c net.Conn) { _, _ = http.ReadRequest(bufio.NewReader(c)) })
		}, 10, n8n.Unknown, "pode ter sido executado"},
		"closed before the body ends": {func(t *testing.T) string {
			t.Helper()
			return rawServer(t, func(c net.Conn) { _, _ = c.Read(make([]byte, 512)) })
		}, 32 << 20, n8n.Refused, "falhou"},
		"time-out after the body": {func(t *testing.T) string { t.Helper(); return flow(t, hang) }, 10, n8n.Unknown, "a tempo"},
		"nonsense instead of HTTP": {func(t *testing.T) string {
			t.Helper()
			return rawServer(t, func(c net.Conn) {
				_, _ = http.ReadRequest(bufio.NewReader(c))
				_, _ = io.WriteString(c, "220 smtp.example.com ESMTP\r\n")
			})
		}, 10, n8n.Unknown, "a tempo"},
		"no TLS": {func(t *testing.T) string {
			t.Helper()
			return strings.Replace(flow(t, hang), "http:", "https:", 1)
		}, 10, n8n.Refused, "HTTPS"},
		"a certificate that nobody knows": {func(t *testing.T) string {
			t.Helper()
			server := httptest.NewUnstartedServer(http.NotFoundHandler())
			server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
			server.StartTLS()
			t.Cleanup(server.Close)
			return server.URL + secretPath
		}, 10, n8n.Refused, "certificado"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := request(c.address(t))
			r.Body = bytes.Repeat([]byte(" "), c.body)
			patience := 500 * time.Millisecond
			if c.outcome == n8n.Refused { // nobody waits for the end of it
				patience = 10 * time.Second
			}
			e := failed(t, newClient(t, patience).Post(t.Context(), r))
			if e.Status != 0 || e.Outcome != c.outcome || !strings.Contains(e.Reason(), c.reason) {
				t.Errorf("got %d, %s, %q: %v", e.Status, e.Outcome, e.Reason(), e)
			}
		})
	}
}

func TestPostToABadAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "n8n", "ftp://n8n.example.com", "http://", "http://a b", "https://u:p@n8n.example.com", "://"} {
		if e := failed(t, newClient(t, 0).Post(t.Context(), request(address))); e.Outcome != n8n.Rejected || !strings.Contains(e.Reason(), "URL") {
			t.Errorf("%q: %s, %q", address, e.Outcome, e.Reason())
		}
	}
}

func TestPostToAPrivateAddress(t *testing.T) {
	t.Parallel()
	hit := false
	address := flow(t, func(http.ResponseWriter, *http.Request) { hit = true })
	strict := egress.NewClient(egress.Options{})
	e := failed(t, n8n.NewClient(strict).Post(t.Context(), request(address)))
	if e.Outcome != n8n.Rejected || !errors.Is(e, egress.ErrForbiddenAddress) || !strings.Contains(e.Reason(), "rede interna") || hit {
		t.Errorf("got %s, %v, %q, arrived %v", e.Outcome, e, e.Reason(), hit)
	}
}

func TestPostToAnUnknownName(t *testing.T) {
	t.Parallel()
	c := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "caminho-secreto.example.com", IsNotFound: true}}
	}}}
	var e *n8n.PostError
	if err := n8n.NewClient(c).Post(t.Context(), request("http://fluxo.example.com/webhook/x")); !errors.As(err, &e) ||
		e.Outcome != n8n.Refused || !strings.Contains(e.Reason(), "DNS") {
		t.Errorf("got %v", err)
	}
}

// roundTripper is a transport of a few lines.
type roundTripper func(r *http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A connection that was dead before the first byte is replaced by net/http; if the new one cannot be had, nothing
// was sent.
func TestPostStartsOverOnANewConnection(t *testing.T) {
	t.Parallel()
	c := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		trace := httptrace.ContextClientTrace(r.Context())
		trace.GetConn("dead")
		trace.WroteRequest(httptrace.WroteRequestInfo{})
		trace.GetConn("new")
		return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
	})}
	if e := failed(t, n8n.NewClient(c).Post(t.Context(), request("http://fluxo.example.com/webhook/x"))); e.Outcome != n8n.Refused {
		t.Errorf("got %s", e.Outcome)
	}
}

func TestPostCancelled(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	address := flow(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		close(arrived)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	if e := failed(t, newClient(t, 0).Post(ctx, request(address))); e.Outcome != n8n.Unknown || !errors.Is(e, context.Canceled) {
		t.Errorf("cancelled after the request: %s, %v", e.Outcome, e)
	}
	if e := failed(t, newClient(t, 0).Post(ctx, request(address))); e.Outcome != n8n.Refused || !errors.Is(e, context.Canceled) {
		t.Errorf("cancelled before the request: %s, %v", e.Outcome, e)
	}
}

// Whoever made the http.Client may have forgotten: a 307 would carry the guest's words to another host.
func TestPostFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	var hits atomic.Int64
	elsewhere := flow(t, func(http.ResponseWriter, *http.Request) { hits.Add(1) })
	server := httptest.NewServer(http.RedirectHandler(elsewhere, http.StatusTemporaryRedirect))
	t.Cleanup(server.Close)
	if e := failed(t, n8n.NewClient(server.Client()).Post(t.Context(), request(server.URL))); e.Status != 307 || hits.Load() != 0 {
		t.Errorf("got %d, %d posts elsewhere", e.Status, hits.Load())
	}
}

// One connection serves many posts, also after answers that nobody asked for.
func TestPostReusesConnections(t *testing.T) {
	t.Parallel()
	var connections atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", 20_000))
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	client := newClient(t, 0)
	for range 5 {
		if err := client.Post(t.Context(), request(server.URL)); err != nil {
			t.Fatal(err)
		}
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections for 5 posts", n)
	}
}

func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	return "http://" + l.Addr().String() + secretPath
}

// rawServer calls serve with each connection and resets it afterwards.
func rawServer(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serve(c)
			if tcp, ok := c.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return "http://" + l.Addr().String() + secretPath
}
