package whatsapp

import (
	"context"
	"fmt"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
)

// NotSentError says that the request cannot have been understood by Meta, because it did not leave whole (no address, no
// connection, no TLS, or a connection that was closed before). It is safe to send again.
type NotSentError struct{ Err error }

// Error says what failed.
func (e *NotSentError) Error() string { return "not sent: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *NotSentError) Unwrap() error { return e.Err }

// UnknownOutcomeError says that the request left and no clear answer came (time-out, reset, a server's error without an
// error object, an acceptance that cannot be read). The message may or may not reach the guest. Meta has no key
// against doubles: wait for the status webhook that brings Outgoing.Opaque back before sending again.
type UnknownOutcomeError struct {
	HTTPStatus int // 0 when no answer came
	Err        error
}

// Error says what failed.
func (e *UnknownOutcomeError) Error() string {
	if e.HTTPStatus == 0 {
		return "outcome unknown: " + e.Err.Error()
	}
	return fmt.Sprintf("outcome unknown: http %d: %v", e.HTTPStatus, e.Err)
}

// Unwrap returns the cause.
func (e *UnknownOutcomeError) Unwrap() error { return e.Err }

// progress watches how far a request got. Its trace is called by goroutines of net/http, also after the call ended.
type progress struct {
	size int64 // of the body

	mu           sync.Mutex
	wroteHeaders bool
	counter      *atomic.Int64 // bytes written to the connection, by all its requests
	before       int64         // what it showed when the request got the connection
}

func (p *progress) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			p.mu.Lock()
			defer p.mu.Unlock()
			if p.counter = counterOf(info.Conn); p.counter != nil {
				p.before = p.counter.Load()
			}
		},
		WroteHeaders: func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.wroteHeaders = true
		},
	})
}

// outcome sorts an error that came instead of an answer. Headers are written before the body, so without them no
// byte of it left. They may also have stopped in a buffer: when the connection took fewer bytes than the body has,
// Meta cannot have had all of it. That is how a kept-alive connection shows that had been closed meanwhile.
func (p *progress) outcome(err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	incomplete := p.counter != nil && p.counter.Load()-p.before < p.size
	if !p.wroteHeaders || incomplete {
		return &NotSentError{err}
	}
	return &UnknownOutcomeError{Err: err}
}
