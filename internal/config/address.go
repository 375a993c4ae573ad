package config

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Origins are web origins as browsers send them in the Origin header: lower case, no default port, no slash at the end.
type Origins []string

// UnmarshalText reads a comma list and reports every bad item.
func (o *Origins) UnmarshalText(text []byte) error {
	var all []error
	*o = nil
	for _, item := range splitList(string(text)) {
		origin, err := parseOrigin(item)
		if err != nil {
			all = append(all, err)
		} else if !slices.Contains(*o, origin) {
			*o = append(*o, origin)
		}
	}
	return errors.Join(all...)
}

// String writes the list as it is set.
func (o Origins) String() string { return strings.Join(o, ",") }

func parseOrigin(item string) (string, error) {
	if strings.Contains(item, "*") {
		return "", wrongf("%s stands for many origins, and browsers refuse that together with log-ins", quote(item))
	}
	u, err := parseWebURL(item)
	if err != nil {
		return "", err
	}
	if u.Path != "" && u.Path != "/" {
		return "", wrongf("%s has a path, and an origin ends with the host", quote(item))
	}
	return originOf(u), nil
}

func originOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if (u.Scheme == "https" && u.Port() == "443") || (u.Scheme == "http" && u.Port() == "80") {
		host = strings.TrimSuffix(host, ":"+u.Port())
	}
	return u.Scheme + "://" + host
}

// parseWebURL takes an http or https address without credentials, query and fragment.
func parseWebURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil && strings.Contains(text, "@"):
		return nil, wrongf("it is not an address") // what stands before the @ may be a password
	case err != nil || (u.Scheme != "http" && u.Scheme != "https"):
		return nil, wrongf("%s does not begin with http:// or https://", quote(text))
	case u.User != nil:
		return nil, wrongf("it holds a user name or password, which would be shown to everybody")
	case !isHost(u.Host):
		return nil, wrongf("%s has no proper host", quote(text))
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, wrongf("%s has a query or a fragment", quote(text))
	}
	return u, nil
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*$`)

// isHost accepts a name or an address (IPv6 in brackets), with or without a port.
func isHost(text string) bool {
	host := text
	if name, port, err := net.SplitHostPort(text); err == nil {
		if !isPort(port) {
			return false
		}
		host = name
		if strings.Contains(name, ":") {
			host = "[" + name + "]"
		}
	}
	if inner, found := strings.CutPrefix(host, "["); found {
		addr, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		return err == nil && addr.Is6()
	}
	return len(host) <= 253 && hostName.MatchString(host)
}

func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n > 0
}

// Networks are blocks of IP addresses; a single address is a block of one.
type Networks []netip.Prefix

// UnmarshalText reads a comma list and reports every bad item.
func (n *Networks) UnmarshalText(text []byte) error {
	var all []error
	*n = nil
	for _, item := range splitList(string(text)) {
		prefix, err := parseNetwork(item)
		if err != nil {
			all = append(all, err)
		} else if !slices.Contains(*n, prefix) {
			*n = append(*n, prefix)
		}
	}
	return errors.Join(all...)
}

// String writes the list as it is set.
func (n Networks) String() string {
	items := make([]string, len(n))
	for i, prefix := range n {
		items[i] = prefix.String()
		if prefix.IsSingleIP() {
			items[i] = prefix.Addr().String()
		}
	}
	return strings.Join(items, ",")
}

// parseNetwork maps IPv4 written as IPv6 (::ffff:10.0.0.7) to plain IPv4, as whoever compares will do with the peer's.
func parseNetwork(item string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(item); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(item)
	if err != nil {
		return netip.Prefix{}, wrongf("%s is neither an address nor a network", quote(item))
	}
	if addr := prefix.Addr(); addr.Is4In6() && prefix.Bits() >= 96 {
		prefix = netip.PrefixFrom(addr.Unmap(), prefix.Bits()-96)
	}
	if prefix != prefix.Masked() {
		return netip.Prefix{}, wrongf("%s has address bits behind the mask, is %s meant?", quote(item), prefix.Masked())
	}
	return prefix, nil
}
