package egress

import (
	"net/netip"
	"slices"
)

// Address blocks that are not the public internet (IANA special-purpose address registries for IPv4 and IPv6, as of
// November 2026).
var (
	// private blocks are somebody's own network: reachable when private addresses are allowed.
	private = prefixes(
		"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
		"100.64.0.0/10", // between a provider and its customers (CGNAT)
		"127.0.0.0/8", "::1/128",
		"fc00::/7", // unique local
	)
	// reserved blocks are never a flow's address.
	reserved = prefixes(
		"0.0.0.0/8",      // "this network"; Linux dials 0.0.0.0 as loopback
		"169.254.0.0/16", // link-local; clouds answer with credentials at 169.254.169.254
		"192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",
		"192.88.99.0/24", // relays of 6to4
		"198.18.0.0/15",  // benchmarks
		"224.0.0.0/4", "240.0.0.0/4",
		"64:ff9b:1::/48", // NAT64 with a local meaning: the IPv4 address inside cannot be located
		"100::/64", "2001:db8::/32", "3fff::/20", "5f00::/16",
		"2001::/23", // Teredo, ORCHID and other protocols
		"fe80::/10", "fec0::/10", "ff00::/8",
	)
	// carriers are IPv6 blocks that stand for an IPv4 address, with the byte at which it begins. A gateway on the way
	// dials the address inside, so that one is judged.
	carriers = []carrier{
		{netip.MustParsePrefix("64:ff9b::/96"), 12}, // NAT64
		{netip.MustParsePrefix("2002::/16"), 2},     // 6to4
		{netip.MustParsePrefix("::/96"), 12},        // IPv4-compatible, obsolete
		{netip.MustParsePrefix("::ffff:0:0:0/96"), 12},
	}
)

type carrier struct {
	block netip.Prefix
	at    int
}

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, 0, len(texts))
	for _, text := range texts {
		out = append(out, netip.MustParsePrefix(text))
	}
	return out
}

// permitted reports whether a request may go to the address.
func permitted(a netip.Addr, allowPrivate bool) bool {
	a = a.WithZone("").Unmap()
	switch {
	case !a.IsValid(), a.IsUnspecified():
		return false
	case within(a, private):
		return allowPrivate
	case within(a, reserved):
		return false
	}
	if inner, ok := embedded(a); ok {
		return permitted(inner, allowPrivate)
	}
	return true
}

// embedded returns the IPv4 address that an IPv6 address stands for.
func embedded(a netip.Addr) (netip.Addr, bool) {
	for _, c := range carriers {
		if c.block.Contains(a) {
			b := a.As16()
			return netip.AddrFrom4([4]byte(b[c.at : c.at+4])), true
		}
	}
	return netip.Addr{}, false
}

func within(a netip.Addr, blocks []netip.Prefix) bool {
	return slices.ContainsFunc(blocks, func(p netip.Prefix) bool { return p.Contains(a) })
}
