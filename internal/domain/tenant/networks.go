package tenant

import (
	"net/netip"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Refusals of networks.
var (
	ErrBadNetwork   = fault.New(fault.Invalid, "network_invalid", "Write an address or a network, such as 203.0.113.7 or 203.0.113.0/24.")
	ErrIPNotAllowed = fault.New(fault.Forbidden, "ip_not_allowed", "This key may not be used from here. Add the address to the IP allow-list in the bot settings.")
)

// ParseNetwork reads a network, or an address as the network of it alone.
func ParseNetwork(text string) (netip.Prefix, error) {
	text = strings.TrimSpace(text)
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	n, err := netip.ParsePrefix(text)
	if err != nil || n.Addr().Is4In6() {
		return netip.Prefix{}, ErrBadNetwork
	}
	return n.Masked(), nil
}

// Admits reports whether the tenant's flow may call from an address.
func (b Bot) Admits(from netip.Addr) bool {
	for _, n := range b.Networks {
		if n.Contains(from.Unmap()) {
			return true
		}
	}
	return len(b.Networks) == 0
}
