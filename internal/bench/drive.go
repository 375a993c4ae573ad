package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"time"
)

// driven is what came of sending a wave.
type driven struct {
	acks    []time.Duration // from just before a request was written until its 200
	refused int             // answers other than 200; such a webhook is sent again, as Meta does
	first   time.Time
	last    time.Time // the last 200
}

const (
	answerTime = 30 * time.Second
	againAfter = 100 * time.Millisecond
)

// drive sends a wave: each connection one webhook after the other, or, with a rate,
// each webhook at its time if its connection is free.
func drive(ctx context.Context, address string, w *wave, rate float64) (driven, error) {
	results := make([]driven, len(w.lines))
	errs := make([]error, len(w.lines))
	ready, conns, err := dialAll(ctx, address, len(w.lines))
	if err != nil {
		return driven{}, err
	}
	begin := time.Now()
	var all sync.WaitGroup
	for i, conn := range conns {
		l := &line{conn: conn, in: ready[i], begin: begin, rate: rate, step: len(w.lines), index: i}
		all.Go(func() {
			defer conn.Close()
			results[i], errs[i] = l.send(ctx, w.lines[i])
		})
	}
	all.Wait()
	out := driven{first: begin}
	for _, r := range results {
		out.acks = append(out.acks, r.acks...)
		out.refused += r.refused
		if r.last.After(out.last) {
			out.last = r.last
		}
	}
	return out, errors.Join(errs...)
}

func dialAll(ctx context.Context, address string, n int) ([]*bufio.Reader, []net.Conn, error) {
	var d net.Dialer
	readers, conns := make([]*bufio.Reader, n), make([]net.Conn, n)
	for i := range n {
		conn, err := d.DialContext(ctx, "tcp", address)
		if err != nil {
			for _, c := range conns[:i] {
				_ = c.Close()
			}
			return nil, nil, fmt.Errorf("connect to the product: %w", err)
		}
		readers[i], conns[i] = bufio.NewReaderSize(conn, 4096), conn
	}
	return readers, conns, nil
}

// line is one connection with its place in the time-table.
type line struct {
	conn        net.Conn
	in          *bufio.Reader
	begin       time.Time
	rate        float64
	step, index int
}

func (l *line) send(ctx context.Context, webhooks []*webhook) (driven, error) {
	var d driven
	for i, w := range webhooks {
		if l.rate > 0 {
			due := l.begin.Add(time.Duration(float64(i*l.step+l.index) / l.rate * float64(time.Second)))
			if err := until(ctx, due); err != nil {
				return d, err
			}
		}
		if err := l.deliver(ctx, w, &d); err != nil {
			return d, fmt.Errorf("post webhook: %w", err)
		}
	}
	return d, nil
}

// deliver posts a webhook until it is accepted.
func (l *line) deliver(ctx context.Context, w *webhook, d *driven) error {
	for {
		start := time.Now()
		w.sent = start
		status, err := l.post(ctx, w.request)
		if err != nil {
			return err
		}
		if status == 200 {
			d.last = time.Now()
			d.acks = append(d.acks, d.last.Sub(start))
			return nil
		}
		d.refused++
		if err := until(ctx, time.Now().Add(againAfter)); err != nil {
			return err
		}
	}
}

func (l *line) post(ctx context.Context, request []byte) (status int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := l.conn.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return 0, err
	}
	if _, err := l.conn.Write(request); err != nil {
		return 0, err
	}
	return readAnswer(l.in)
}

// readAnswer reads an answer with the least work, because what it costs is taken
// from the product under test: status line, Content-Length, body.
func readAnswer(in *bufio.Reader) (status int, err error) {
	length := -1
	for n := 0; ; n++ {
		text, err := in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		text = bytes.TrimRight(text, "\r\n")
		switch {
		case n == 0 && len(text) >= 12:
			if status, err = strconv.Atoi(string(text[9:12])); err != nil {
				return 0, fmt.Errorf("odd status line %q", text)
			}
		case len(text) == 0:
			if length < 0 {
				return 0, errors.New("an answer without Content-Length")
			}
			_, err = io.CopyN(io.Discard, in, int64(length))
			return status, err
		default:
			if value, ok := header(text, "content-length"); ok {
				if length, err = strconv.Atoi(value); err != nil {
					return 0, fmt.Errorf("odd Content-Length %q", value)
				}
			}
		}
	}
}

// header returns the value of a header line with this name, which is in lower case.
func header(line []byte, name string) (string, bool) {
	if len(line) <= len(name) || line[len(name)] != ':' || !bytes.EqualFold(line[:len(name)], []byte(name)) {
		return "", false
	}
	return string(bytes.TrimSpace(line[len(name)+1:])), true
}

// until waits for a time.
func until(ctx context.Context, due time.Time) error {
	wait := time.Until(due)
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
