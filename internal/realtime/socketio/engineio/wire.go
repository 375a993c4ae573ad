package engineio

import (
	"bufio"
	"net"
	"net/http"
	"sync"
)

// An idle websocket costs mostly buffers: net/http hands over two of 4 KiB.
// Ours are as small as a control frame, and what is written is gathered in a
// shared buffer that a connection borrows only while it writes.
const (
	readBuffer  = 512
	writeBuffer = 256
	corkBuffer  = 16 << 10
)

var corks sync.Pool // of *[]byte

func newCork() *[]byte {
	if b, ok := corks.Get().(*[]byte); ok {
		return b
	}
	b := make([]byte, 0, corkBuffer)
	return &b
}

// wireConn is the TCP connection under a websocket. Between cork and uncork
// writes are gathered and go out together.
type wireConn struct {
	net.Conn
	early []byte // read by net/http before the hijack, not yet by us

	mu     sync.Mutex
	corked *[]byte
}

func (c *wireConn) Read(p []byte) (int, error) {
	if len(c.early) > 0 {
		n := copy(p, c.early)
		c.early = c.early[n:]
		return n, nil
	}
	return c.Conn.Read(p)
}

func (c *wireConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.corked == nil {
		return c.Conn.Write(p)
	}
	if len(*c.corked)+len(p) > corkBuffer {
		if err := c.drain(); err != nil {
			return 0, err
		}
		if len(p) > corkBuffer {
			return c.Conn.Write(p)
		}
	}
	*c.corked = append(*c.corked, p...)
	return len(p), nil
}

func (c *wireConn) cork() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.corked = newCork()
}

func (c *wireConn) uncork() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.drain()
	corks.Put(c.corked)
	c.corked = nil
	return err
}

func (c *wireConn) drain() error {
	if len(*c.corked) == 0 {
		return nil
	}
	_, err := c.Conn.Write(*c.corked)
	*c.corked = (*c.corked)[:0]
	return err
}

// smallBuffers is a ResponseWriter whose Hijack gives small buffers.
type smallBuffers struct {
	http.ResponseWriter
	wire *wireConn
}

func (h *smallBuffers) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	early, _ := buffered.Reader.Peek(buffered.Reader.Buffered())
	h.wire = &wireConn{Conn: conn, early: append([]byte(nil), early...)}
	return h.wire, bufio.NewReadWriter(
		bufio.NewReaderSize(h.wire, readBuffer),
		bufio.NewWriterSize(h.wire, writeBuffer),
	), nil
}
