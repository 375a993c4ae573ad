package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// flow stands in for the hotels' n8n: it answers every post at once and counts the
// message in it. It speaks just enough HTTP for that, to leave the machine to the
// product.
type flow struct {
	listener net.Listener
	tally    atomic.Pointer[tally]
	odd      atomic.Int64 // requests that it could not read

	mu     sync.Mutex
	conns  map[net.Conn]bool
	closed bool
	busy   sync.WaitGroup
}

const flowAnswer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 34\r\n\r\n{\"message\":\"Workflow was started\"}"

var flowKey = []byte(`"externalMessageId":"` + wamidPrefix)

func startFlow(ctx context.Context) (*flow, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the flow: %w", err)
	}
	f := &flow{listener: l, conns: map[net.Conn]bool{}}
	f.busy.Go(f.accept)
	return f, nil
}

func (f *flow) url(slug string) string {
	return "http://" + f.listener.Addr().String() + "/webhook/" + slug
}

func (f *flow) accept() {
	for {
		conn, err := f.listener.Accept()
		if err != nil {
			return
		}
		f.mu.Lock()
		if f.closed {
			f.mu.Unlock()
			_ = conn.Close()
			return
		}
		f.conns[conn] = true
		f.mu.Unlock()
		f.busy.Go(func() { f.serve(conn) })
	}
}

func (f *flow) serve(conn net.Conn) {
	defer func() {
		_ = conn.Close()
		f.mu.Lock()
		delete(f.conns, conn)
		f.mu.Unlock()
	}()
	in := bufio.NewReaderSize(conn, 16<<10)
	var body []byte
	for {
		length, err := readHead(in)
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
				f.odd.Add(1)
			}
			return
		}
		if cap(body) < length {
			body = make([]byte, length)
		}
		body = body[:length]
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		if t := f.tally.Load(); t != nil {
			t.find(body, flowKey, time.Now())
		}
		if _, err := io.WriteString(conn, flowAnswer); err != nil {
			return
		}
	}
}

// readHead reads a request up to its body and returns how long that is.
func readHead(in *bufio.Reader) (length int, err error) {
	length = -1
	for {
		text, err := in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(text) <= 2 {
			if length < 0 {
				return 0, errors.New("a request without Content-Length")
			}
			return length, nil
		}
		if value, ok := header(text, "content-length"); ok {
			if length, err = strconv.Atoi(value); err != nil {
				return 0, fmt.Errorf("odd Content-Length %q", value)
			}
		}
	}
}

func (f *flow) close() {
	_ = f.listener.Close()
	f.mu.Lock()
	f.closed = true
	for conn := range f.conns {
		_ = conn.Close()
	}
	f.mu.Unlock()
	f.busy.Wait()
}
