package faulttest

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/redisbus/redistest"
)

// newTwinsBehindNginx are twins with the nginx that we ship in front of them.
func newTwinsBehindNginx(t *testing.T, b burst) (*twins, *nginx) {
	t.Helper()
	tw := &twins{redis: redistest.Start(t), ports: [2]int{freePort(t), freePort(t)}}
	n := newNginx(t, tw.ports[0], tw.ports[1])
	tw.more = []string{"PUBLIC_URL=" + n.url(), "TRUSTED_PROXIES=127.0.0.1", "SHUTDOWN_DELAY=500ms", "RATE_LIMIT_LOGIN=off"}
	tw.world = newWorldBehind(t, newCluster(t).url(), b, n.plain())
	tw.addHotel()
	tw.start(0)
	tw.start(1)
	return tw, n
}

// TestNginx: what our settings promise to the world outside, by the words of a real nginx.
func TestNginx(t *testing.T) {
	t.Parallel()
	_, n := newTwinsBehindNginx(t, few)
	n.transport()
	n.bodies()
	n.polling()
	n.floods()
}

func (n *nginx) get(url string) (status int, header http.Header) {
	n.t.Helper()
	answer, err := n.client.Get(url)
	if err != nil {
		n.t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode, answer.Header
}

// transport: no way in without TLS, none with an old one, and browsers remember that.
func (n *nginx) transport() {
	n.t.Helper()
	status, header := n.get("http://" + domain + ":" + strconv.Itoa(n.http) + "/conversas?x=1")
	if to := header.Get("Location"); status != http.StatusMovedPermanently || to != n.url()+"/conversas?x=1" {
		n.t.Errorf("without TLS: %d to %q", status, to)
	}
	status, header = n.get(n.url() + "/health/live")
	if hsts := header.Get("Strict-Transport-Security"); status != http.StatusOK || !strings.HasPrefix(hsts, "max-age=31536000") {
		n.t.Errorf("live: %d, Strict-Transport-Security %q", status, hsts)
	}
	if server := header.Get("Server"); server != "nginx" {
		n.t.Errorf("Server: %q tells more than it should", server)
	}
	if status, _ := n.get(n.url() + "/metrics"); status != http.StatusNotFound {
		n.t.Errorf("/metrics from outside: %d", status)
	}
	address := domain + ":" + strconv.Itoa(n.https)
	for what, c := range map[string]struct {
		config *tls.Config
		isOK   bool
	}{
		"TLS 1.3 and HTTP/2": {&tls.Config{ServerName: domain, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS13}, true},
		"TLS 1.2":            {&tls.Config{ServerName: domain, MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12}, true},
		"TLS 1.1":            {&tls.Config{ServerName: domain, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, false},
		"another name":       {&tls.Config{ServerName: "hotel.example", MinVersion: tls.VersionTLS12}, false},
	} {
		c.config.RootCAs = n.authority
		conn, err := tls.Dial("tcp", address, c.config)
		if err == nil {
			if want := append(c.config.NextProtos, "")[0]; conn.ConnectionState().NegotiatedProtocol != want {
				n.t.Errorf("%s: speaks %q", what, conn.ConnectionState().NegotiatedProtocol)
			}
			_ = conn.Close()
		}
		if (err == nil) != c.isOK {
			n.t.Errorf("%s: %v", what, err)
		}
	}
}

// bodies: each address takes what the product takes there, and no more.
func (n *nginx) bodies() {
	n.t.Helper()
	for path, c := range map[string]struct{ taken, tooLarge int }{
		"/api/conversations": {1 << 20, 3 << 20},
		"/webhooks/whatsapp": {3 << 20, 5 << 20},
		"/api/media/upload":  {40 << 20, 60 << 20},
		"/api/n8n/send-text": {1 << 20, 80 << 20},
	} {
		for size, isTooLarge := range map[int]bool{c.taken: false, c.tooLarge: true} {
			answer, err := n.client.Post(n.url()+path, "application/json", bytes.NewReader(make([]byte, size)))
			if err != nil {
				continue // cut off in mid-body: refused all the same, or the product's 401 came before the end
			}
			_ = answer.Body.Close()
			if (answer.StatusCode == http.StatusRequestEntityTooLarge) != isTooLarge {
				n.t.Errorf("%d bytes to %s: %d", size, path, answer.StatusCode)
			}
		}
	}
}

var sessionID = regexp.MustCompile(`"sid":"([^"]+)"`)

// polling: each request of a session reaches the instance that has it.
func (n *nginx) polling() {
	n.t.Helper()
	for i := range 12 {
		request, err := http.NewRequestWithContext(within(n.t), http.MethodGet, n.url()+"/socket.io/?EIO=4&transport=polling", nil)
		if err != nil {
			n.t.Fatal(err)
		}
		request.Header.Set("User-Agent", "browser "+strconv.Itoa(i)) // so that both instances get some
		opened := n.read(request)
		sid := sessionID.FindStringSubmatch(opened)
		if sid == nil {
			n.t.Fatalf("no session: %s", opened)
		}
		again := request.Clone(request.Context())
		again.Method, again.URL.RawQuery = http.MethodPost, "EIO=4&transport=polling&sid="+sid[1]
		again.Body, again.ContentLength = io.NopCloser(strings.NewReader("3")), 1
		if said := n.read(again); said != "ok" {
			n.t.Fatalf("browser %d: its instance does not know it: %s", i, said)
		}
	}
}

func (n *nginx) read(r *http.Request) string {
	n.t.Helper()
	answer, err := n.client.Do(r)
	if err != nil {
		n.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return string(text)
}

// floods: who guesses passwords is slowed down before the product hears of it.
func (n *nginx) floods() {
	n.t.Helper()
	refused := 0
	for range 60 {
		answer, err := n.client.Post(n.url()+"/auth/login", "application/json", strings.NewReader(`{`))
		if err != nil {
			n.t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused == 0 {
		n.t.Error("sixty log-ins at once, and none was refused")
	}
}

// TestNginx_rolling_restart: instances are replaced one after the other in the middle of a burst, and then one is killed.
// Nothing is lost, nothing doubled, and a screen goes on.
func TestNginx_rolling_restart(t *testing.T) {
	t.Parallel()
	tw, _ := newTwinsBehindNginx(t, usual)
	tw.flow.takes = 20 * time.Millisecond // so that some always are under way
	token := tw.logIn(tw.front, tw.admin)
	openScreen(t, tw.front, token)
	tw.begin()
	for i := range 2 {
		share := (i + 1) * tw.burst.messages() / 6
		await(t, "a part of the burst", func() bool { return tw.flow.count() >= share })
		if code, _ := tw.runs[i].stop(t); code != 0 {
			t.Errorf("instance %d ended with %d", i, code)
		}
		tw.start(i)
	}
	await(t, "half of the burst", func() bool { return tw.flow.count() >= tw.burst.messages()/2 })
	tw.runs[0].kill()
	tw.start(0)
	tw.settle()
	tw.check()
	for status, count := range tw.webhookAnswers() {
		t.Logf("%d webhooks were answered with %d", count, status)
	}
	openScreen(t, tw.front, tw.logIn(tw.front, tw.admin))
}
