package egress

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestClientRefusesPrivateAddresses(t *testing.T) {
	t.Parallel()
	server, hits := countingServer(t)
	client := newClient(t, Options{})
	port := strings.TrimPrefix(server.URL, "http://127.0.0.1")
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "[::]"} {
		if _, err := get(t, client, "http://"+host+port); !errors.Is(err, ErrForbiddenAddress) {
			t.Errorf("%s: %v, want %v", host, err, ErrForbiddenAddress)
		}
	}
	if hits.Load() != 0 {
		t.Errorf("%d requests arrived", hits.Load())
	}
}

func TestClientAllowingPrivateAddresses(t *testing.T) {
	t.Parallel()
	server, _ := countingServer(t)
	client := newClient(t, Options{AllowPrivate: true})
	if status, err := get(t, client, server.URL); err != nil || status != http.StatusOK {
		t.Fatalf("got %d, %v", status, err)
	}
	if _, err := get(t, client, "http://169.254.169.254/latest/meta-data/"); !errors.Is(err, ErrForbiddenAddress) {
		t.Errorf("metadata: %v, want %v", err, ErrForbiddenAddress)
	}
}

// The name answers with a public address when it is checked, and with loopback when it is dialled.
func TestClientJudgesTheAddressThatIsDialled(t *testing.T) {
	t.Parallel()
	server, hits := countingServer(t)
	names := startNames(t)
	port := strings.TrimPrefix(server.URL, "http://127.0.0.1")
	address := "http://fluxo.example.com" + port

	names.set("203.0.113.9")
	if err := CheckURL(address, false); err != nil {
		t.Fatal(err)
	}
	names.set("127.0.0.1")
	strict := newClient(t, Options{Resolver: names.resolver()})
	if _, err := get(t, strict, address); !errors.Is(err, ErrForbiddenAddress) {
		t.Errorf("rebound name: %v, want %v", err, ErrForbiddenAddress)
	}
	if hits.Load() != 0 {
		t.Fatalf("%d requests arrived", hits.Load())
	}
	// The same name arrives when private addresses are allowed: the refusal above is the judge's.
	if status, err := get(t, newClient(t, Options{AllowPrivate: true, Resolver: names.resolver()}), address); err != nil || status != http.StatusOK {
		t.Errorf("allowed: %d, %v", status, err)
	}
}

func TestClientFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	target, hits := countingServer(t)
	from := httptest.NewServer(http.RedirectHandler(target.URL, http.StatusTemporaryRedirect))
	t.Cleanup(from.Close)
	status, err := get(t, newClient(t, Options{AllowPrivate: true}), from.URL)
	if err != nil || status != http.StatusTemporaryRedirect {
		t.Fatalf("got %d, %v", status, err)
	}
	if hits.Load() != 0 {
		t.Error("the redirect was followed")
	}
}

func TestClientUsesNoProxy(t *testing.T) {
	t.Parallel()
	// Go reads the proxy variables once per process, so that the field is what a test can look at.
	client := NewClient(Options{})
	transport, ok := client.Transport.(*http.Transport)
	if !ok || transport.Proxy != nil {
		t.Error("a proxy of the environment would be used")
	}
}

func TestClientGivesUp(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(slow.Close)
	t.Cleanup(func() { close(release) })
	_, err := get(t, newClient(t, Options{AllowPrivate: true, Timeout: 50 * time.Millisecond}), slow.URL)
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Fatalf("got %v, want a time-out", err)
	}
}

func TestJudgeRefusesOtherNetworks(t *testing.T) {
	t.Parallel()
	for network, address := range map[string]string{"unix": "/run/x.sock", "udp4": "8.8.8.8:53", "tcp4": "nonsense"} {
		if err := judge(true)(network, address, nil); err == nil {
			t.Errorf("%s %s passed", network, address)
		}
	}
}

func newClient(t *testing.T, o Options) *http.Client {
	t.Helper()
	client := NewClient(o)
	t.Cleanup(client.CloseIdleConnections)
	return client
}

func get(t *testing.T, client *http.Client, address string) (int, error) {
	t.Helper()
	response, err := client.Get(address)
	if err != nil {
		var wrapped *url.Error
		if !errors.As(err, &wrapped) {
			t.Errorf("got %T", err)
		}
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, err
}

func countingServer(t *testing.T) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var hits atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	t.Cleanup(server.Close)
	return server, &hits
}

// names is a name server on loopback that gives every name the same, changeable IPv4 address.
type names struct {
	conn    net.PacketConn
	mu      sync.Mutex
	address netip.Addr
}

func startNames(t *testing.T) *names {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &names{conn: conn}
	done := make(chan struct{})
	go func() { defer close(done); n.serve() }()
	t.Cleanup(func() { conn.Close(); <-done })
	return n
}

func (n *names) set(address string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.address = netip.MustParseAddr(address)
}

func (n *names) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp4", n.conn.LocalAddr().String())
	}}
}

func (n *names) serve() {
	query := make([]byte, 512)
	for {
		size, from, err := n.conn.ReadFrom(query)
		if err != nil {
			return
		}
		n.mu.Lock()
		answer := answerTo(query[:size], n.address)
		n.mu.Unlock()
		_, _ = n.conn.WriteTo(answer, from)
	}
}

// answerTo writes a DNS answer (RFC 1035 §4): the question back, and for type A one address.
func answerTo(query []byte, address netip.Addr) []byte {
	end := 12 + bytes.IndexByte(query[12:], 0) + 5 // name, type, class
	isA := query[end-3] == 1
	answer := append([]byte(nil), query[:end]...)
	copy(answer[2:], []byte{0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0})
	if isA {
		answer[7] = 1
		answer = append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
		answer = append(answer, address.AsSlice()...)
	}
	return answer
}
