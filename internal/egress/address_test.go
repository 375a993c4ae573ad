package egress

import (
	"net/netip"
	"testing"
)

func TestPermitted(t *testing.T) {
	t.Parallel()
	const (
		always = "always"
		asked  = "when private addresses are allowed"
		never  = "never"
	)
	for address, want := range map[string]string{
		"8.8.8.8":              always,
		"177.71.128.1":         always,
		"172.15.255.255":       always,
		"172.32.0.0":           always,
		"100.63.255.255":       always,
		"2804:14c::1":          always,
		"2606:4700:4700::1111": always,
		"::ffff:8.8.8.8":       always,
		"64:ff9b::808:808":     always, // NAT64 of 8.8.8.8
		"2002:808:808::1":      always, // 6to4 of 8.8.8.8

		"127.0.0.1":                asked,
		"127.255.255.254":          asked,
		"10.0.0.1":                 asked,
		"172.16.0.1":               asked,
		"172.31.255.255":           asked,
		"192.168.1.1":              asked,
		"100.64.0.1":               asked,
		"100.127.255.255":          asked,
		"::1":                      asked,
		"fc00::1":                  asked,
		"fd12:3456:789a::1":        asked,
		"::ffff:127.0.0.1":         asked,
		"::ffff:10.1.2.3":          asked,
		"::ffff:0:127.0.0.1":       asked, // translated (SIIT)
		"::127.0.0.1":              asked, // IPv4-compatible
		"64:ff9b::7f00:1":          asked,
		"64:ff9b::192.168.0.1":     asked,
		"2002:7f00:1::":            asked,
		"2002:c0a8:101:1::1":       asked,
		"::ffff:64.64.0.1":         always,
		"2002:4040:1::":            always,
		"0.0.0.0":                  never,
		"0.1.2.3":                  never,
		"::":                       never,
		"::ffff:0.0.0.0":           never,
		"169.254.169.254":          never,
		"::ffff:169.254.169.254":   never,
		"64:ff9b::169.254.169.254": never,
		"2002:a9fe:a9fe::1":        never,
		"64:ff9b:1::8.8.8.8":       never,
		"fe80::1":                  never,
		"fe80::1%eth0":             never,
		"fec0::1":                  never,
		"ff02::1":                  never,
		"224.0.0.1":                never,
		"239.255.255.250":          never,
		"240.0.0.1":                never,
		"255.255.255.255":          never,
		"192.0.2.1":                never,
		"198.18.0.1":               never,
		"198.51.100.1":             never,
		"203.0.113.1":              never,
		"2001:db8::1":              never,
		"2001:0:4136:e378::1":      never, // Teredo
		"100::1":                   never,
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			a := netip.MustParseAddr(address)
			got := never
			switch {
			case permitted(a, false) && permitted(a, true):
				got = always
			case permitted(a, true):
				got = asked
			case permitted(a, false):
				t.Fatal("allowed only while private addresses are not")
			}
			if got != want {
				t.Fatalf("allowed %s, want %s", got, want)
			}
		})
	}
	if permitted(netip.Addr{}, true) {
		t.Error("no address at all is allowed")
	}
}
