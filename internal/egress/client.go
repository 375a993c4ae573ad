// Package egress makes requests to addresses that strangers chose: a hotel types the URL of its flow, and without
// care that URL could point at our own database, at a neighbour in the data centre or at a cloud's metadata service.
//
// Here: the HTTP client for such URLs (this file), which addresses are out of bounds (address.go), and the check of a
// URL when somebody saves it (url.go). Not here: what is sent, retries, and clients for addresses that we chose
// ourselves, such as Meta's.
//
// The check at saving time is a courtesy to whoever types; the one that counts is made by the client on the IP address
// that is about to be dialled, so that a name which changes its mind after the check gains nothing.
package egress

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// ErrForbiddenAddress is the cause of a request's failure when the host's address is out of bounds. Nothing was sent.
var ErrForbiddenAddress = errors.New("the address belongs to a private or reserved network")

// Options configures NewClient.
type Options struct {
	// AllowPrivate lets requests reach loopback and private networks, for development and for a flow that runs beside
	// us. Link-local (where clouds keep their metadata), multicast and reserved addresses stay forbidden.
	AllowPrivate bool
	// Timeout is for a whole request, from the look-up of the name to the last byte of the answer. 0 means 30 s.
	Timeout time.Duration
	// Resolver looks names up; nil means the machine's.
	Resolver *net.Resolver
}

const (
	defaultTimeout = 30 * time.Second
	connectTimeout = 10 * time.Second
	// idleTimeout is below the 5 s after which Node's HTTP server, and so n8n, closes an idle connection: a request
	// must not be written into a connection that is just being closed, because then nobody knows whether it arrived.
	idleTimeout    = 4 * time.Second
	maxHeaderBytes = 64 << 10
)

// NewClient makes a client for URLs of strangers. It judges the IP address at the moment of dialling, follows no
// redirect (the 3xx is the answer), uses no proxy of the environment (a proxy would dial in our place, unjudged) and
// sends no cookies. A request to an address out of bounds fails with ErrForbiddenAddress.
func NewClient(o Options) *http.Client {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	dialer := &net.Dialer{
		Timeout:   connectTimeout,
		KeepAlive: 30 * time.Second,
		Resolver:  o.Resolver,
		Control:   judge(o.AllowPrivate),
	}
	return &http.Client{
		Timeout:       o.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  nil,
			DialContext:            dialer.DialContext,
			ForceAttemptHTTP2:      true,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    connectTimeout,
			IdleConnTimeout:        idleTimeout,
			MaxIdleConns:           256,
			MaxIdleConnsPerHost:    8,
			MaxResponseHeaderBytes: maxHeaderBytes,
		},
	}
}

// judge returns the dialer's hook: it runs after the look-up, once for each address that is tried, before a packet
// leaves.
func judge(allowPrivate bool) func(network, address string, _ syscall.RawConn) error {
	return func(network, address string, _ syscall.RawConn) error {
		if network != "tcp4" && network != "tcp6" {
			return fmt.Errorf("dial by %s: %w", network, ErrForbiddenAddress)
		}
		target, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("read the dialled address: %w", err)
		}
		if !permitted(target.Addr(), allowPrivate) {
			return ErrForbiddenAddress
		}
		return nil
	}
}
