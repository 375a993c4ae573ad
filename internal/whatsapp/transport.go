package whatsapp

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	connectTimeout  = 5 * time.Second
	idlePerHost     = 256
	idleConnections = 512
	// idleTimeout: we close idle connections before the other side does, so that a send rarely meets a closed one.
	idleTimeout = 50 * time.Second
)

// newTransport makes one of HTTP/1.1 only: a connection carries one request at a time, so that it can be told how
// much of a request left the machine.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: connectTimeout, KeepAlive: 30 * time.Second}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		Protocols:           protocols,
		TLSHandshakeTimeout: connectTimeout,
		MaxIdleConns:        idleConnections,
		MaxIdleConnsPerHost: idlePerHost,
		IdleConnTimeout:     idleTimeout,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &countedConn{Conn: conn}, nil
		},
	}
}

// countedConn counts the bytes that the machine's network took.
type countedConn struct {
	net.Conn
	written atomic.Int64
}

// Write counts all bytes before it writes and takes back those that were refused: whoever looks meanwhile must not
// think that less was sent than may have been.
func (c *countedConn) Write(data []byte) (int, error) {
	c.written.Add(int64(len(data)))
	n, err := c.Conn.Write(data)
	c.written.Add(int64(n - len(data)))
	return n, err
}

// counterOf finds the counter of a connection, below TLS too. It is nil for connections of a foreign transport.
func counterOf(conn net.Conn) *atomic.Int64 {
	if layer, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = layer.NetConn()
	}
	if counted, ok := conn.(*countedConn); ok {
		return &counted.written
	}
	return nil
}
