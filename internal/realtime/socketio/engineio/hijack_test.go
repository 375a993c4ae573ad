package engineio_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A client may send its first frames before it has read the handshake's
// answer. They have then been read by net/http and must not be lost.
func TestFramesBesideTheHandshake(t *testing.T) {
	t.Parallel()
	w := setup(t)
	conn, err := net.Dial("tcp", strings.Trim(w.url, "htp:/"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	limit := time.AfterFunc(patience, func() { _ = conn.Close() })
	defer limit.Stop()
	const handshake = "GET /?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	const frame = "\x81\x86\x00\x00\x00\x004early" // text, 6 bytes, masked with zeros
	if _, err := io.WriteString(conn, handshake+frame+frame); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	res, err := http.ReadResponse(r, nil)
	if err != nil || res.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("handshake: %v, %v", res, err)
	}
	_ = res.Body.Close()
	if got := readFrame(t, r); !strings.HasPrefix(got, "0{") {
		t.Errorf("first frame %q", got)
	}
	for range 2 {
		if got := readFrame(t, r); got != "4early" {
			t.Errorf("frame %q", got)
		}
	}
}

// readFrame reads a short, unmasked frame.
func readFrame(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		t.Fatal(err)
	}
	n := int(head[1])
	if n == 126 {
		if _, err := io.ReadFull(r, head[:]); err != nil {
			t.Fatal(err)
		}
		n = int(head[0])<<8 | int(head[1])
	}
	payload := make([]byte, n)
	if _, err := io.ReadFull(r, payload); err != nil {
		t.Fatal(err)
	}
	return string(payload)
}
