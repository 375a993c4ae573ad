package whatsapp

import (
	"net"
	"time"
)

// NewTransport is the transport of a client that was given none.
var NewTransport = newTransport

// CountConn counts what is written to a connection, as the transport of a client that was given none does.
func CountConn(conn net.Conn) net.Conn { return &countedConn{Conn: conn} }

// ErrorCode is one row of the table of errors.
type ErrorCode struct {
	From, To int
	Rule     Rule
}

// ErrorCodes lists the table of errors.
func ErrorCodes() []ErrorCode {
	var all []ErrorCode
	for _, row := range errorCodes {
		all = append(all, ErrorCode{row.from, row.to, row.Rule})
	}
	return all
}

// Pairs tells how many pairs are remembered.
func (l *PairLimiter) Pairs() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.pairs)
}

// Pause changes how long a download may bring nothing.
func (c *Client) Pause(d time.Duration) { c.pause = d }
