package httpapi

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// ClientIP returns a function that tells who sent a request. X-Forwarded-For is
// believed only as far as trusted proxies wrote it: from the right, the first address
// that is not one of theirs.
func ClientIP(trusted []netip.Prefix) func(*http.Request) string {
	isTrusted := func(ip netip.Addr) bool {
		for _, p := range trusted {
			if p.Contains(ip) {
				return true
			}
		}
		return false
	}
	return func(r *http.Request) string {
		peer, ok := addrOf(r.RemoteAddr)
		if !ok {
			return r.RemoteAddr
		}
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0 && isTrusted(peer); i-- {
			next, ok := addrOf(strings.TrimSpace(hops[i]))
			if !ok {
				break
			}
			peer = next
		}
		return keyOf(peer)
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
