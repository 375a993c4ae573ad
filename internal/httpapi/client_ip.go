package httpapi

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// ClientAddr returns a function that tells from which address a request was sent.
// X-Forwarded-For is believed only as far as trusted proxies wrote it: from the right, the
// first address that is not one of theirs. The zero address means that it cannot be told.
func ClientAddr(trusted []netip.Prefix) func(*http.Request) netip.Addr {
	return func(r *http.Request) netip.Addr {
		peer, ok := addrOf(r.RemoteAddr)
		if !ok {
			return netip.Addr{}
		}
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0 && contains(trusted, peer); i-- {
			next, ok := addrOf(strings.TrimSpace(hops[i]))
			if !ok {
				break
			}
			peer = next
		}
		return peer
	}
}

// ClientIP is ClientAddr in the form in which callers are counted.
func ClientIP(trusted []netip.Prefix) func(*http.Request) string {
	addr := ClientAddr(trusted)
	return func(r *http.Request) string {
		if ip := addr(r); ip.IsValid() {
			return keyOf(ip)
		}
		return r.RemoteAddr
	}
}

// keyOf is the address itself, or the network of an IPv6 address: one subscriber has
// all addresses of a /64.
func keyOf(ip netip.Addr) string {
	if ip.Is4() {
		return ip.String()
	}
	network, err := ip.Prefix(64)
	if err != nil {
		return ip.String()
	}
	return network.String()
}

func addrOf(text string) (netip.Addr, bool) {
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	ip, err := netip.ParseAddr(text)
	return ip.Unmap().WithZone(""), err == nil
}
