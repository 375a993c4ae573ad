package socketio_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/botreserva/botreserva/internal/realtime/socketio"
)

// What an idle connection costs is measured on a server in a process of its
// own: this test binary, started again with idleServerEnv set.
const idleServerEnv = "SOCKETIO_IDLE_SERVER"

// cost is what the server's process uses.
type cost struct {
	RSS        int // KiB
	Live       int // bytes of live heap and stacks
	Goroutines int
}

func serveIdle() {
	server := socketio.New(socketio.Options{
		PingInterval:   time.Hour, // its clients do not answer
		RecoveryWindow: socketio.DefaultRecoveryWindow,
		OnConnect: func(s *socketio.Socket) {
			for _, event := range []string{"join", "leave", "typing", "read", "ping"} {
				s.On(event, func(context.Context, socketio.Args, socketio.Ack) { s.Join("other") })
			}
			s.OnDisconnect(func(string) { s.Leave("other") })
			s.Join("tenant:1", "tenant:1:unit:2", "user:"+s.ID())
		},
	})
	mux := http.NewServeMux()
	mux.Handle("/socket.io/", server)
	mux.HandleFunc("/cost", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(ownCost())
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr())
	go func() { _ = http.Serve(listener, mux) }()
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test ends
}

func ownCost() cost {
	c := cost{Goroutines: runtime.NumGoroutine()}
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		_, _ = fmt.Sscanf(line, "VmRSS: %d kB", &c.RSS)
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	c.Live = int(m.HeapAlloc + m.StackInuse)
	return c
}

// startIdleServer returns its address.
func startIdleServer(tb testing.TB) string {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), idleServerEnv+"=1")
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
	})
	addr, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		tb.Fatal(err)
	}
	return strings.TrimSpace(addr)
}

func costOf(tb testing.TB, addr string) cost {
	tb.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	client := &http.Client{Transport: transport, Timeout: patience}
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, "http://"+addr+"/cost", nil)
	if err != nil {
		tb.Fatal(err)
	}
	res, err := client.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var c cost
	if err := json.NewDecoder(res.Body).Decode(&c); err != nil {
		tb.Fatal(err)
	}
	return c
}

// browser is what a dashboard's requests carry.
var browser = http.Header{
	"User-Agent":      {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"},
	"Accept-Encoding": {"gzip, deflate, br, zstd"},
	"Accept-Language": {"pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7"},
	"Cache-Control":   {"no-cache"},
	"Pragma":          {"no-cache"},
	"X-Forwarded-For": {"203.0.113.77"},
	"X-Request-Id":    {"0190b3a2-1f5e-7c3d-9a41-0c8f6f3d2b10"},
}

// connectIdle opens n connections that stay until the test ends.
func connectIdle(tb testing.TB, addr string, n int) {
	tb.Helper()
	auth := `40{"token":"` + strings.Repeat("x", 400) + `"}`
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	dialer := &http.Client{Transport: &http.Transport{}}
	for range n {
		conn, err := dial(ctx, "http://"+addr, "", dialer, browser)
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { _ = conn.CloseNow() })
		if err := conn.Write(ctx, websocket.MessageText, []byte(auth)); err != nil {
			tb.Fatal(err)
		}
		for range 2 { // greeting, CONNECT
			if _, _, err := conn.Read(ctx); err != nil {
				tb.Fatal(err)
			}
		}
	}
}

func TestIdleConnectionIsOneGoroutine(t *testing.T) {
	t.Parallel()
	const n = 100
	addr := startIdleServer(t)
	before := costOf(t, addr)
	connectIdle(t, addr, n)
	after := costOf(t, addr)
	// The request that asks is in both; a few may still be winding down.
	if used := after.Goroutines - before.Goroutines; used > n+n/10 {
		t.Errorf("%d connections use %d goroutines", n, used)
	}
}

// BenchmarkIdleConnections reports the memory of connections that do nothing:
//
//	go test -run '^$' -bench Idle -benchtime 1000x ./internal/realtime/socketio
func BenchmarkIdleConnections(b *testing.B) {
	addr := startIdleServer(b)
	connectIdle(b, addr, 50) // what is used once: pools, code pages
	before := costOf(b, addr)
	b.ResetTimer()
	connectIdle(b, addr, b.N)
	b.StopTimer()
	after := costOf(b, addr)
	n := float64(b.N)
	b.ReportMetric(float64(after.RSS-before.RSS)/n, "KiB-RSS/conn")
	b.ReportMetric(float64(after.Live-before.Live)/1024/n, "KiB-live/conn")
	b.ReportMetric(float64(after.Goroutines-before.Goroutines)/n, "goroutines/conn")
	b.ReportMetric(0, "ns/op")
}
