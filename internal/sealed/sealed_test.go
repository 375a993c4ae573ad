package sealed_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/sealed"
)

const (
	oldKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	newKey = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
)

func box(t *testing.T, keys ...string) *sealed.Box {
	t.Helper()
	b, err := sealed.NewBox(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealAndOpen(t *testing.T) {
	t.Parallel()
	b := box(t, oldKey)
	v := b.Seal("EAAG-token", "tenant-1")
	if strings.Contains(v, "EAAG") {
		t.Fatal("the secret is readable in the sealed value")
	}
	if v == b.Seal("EAAG-token", "tenant-1") {
		t.Fatal("two seals of one secret are equal: the nonce repeats")
	}
	plain, err := b.Open(v, "tenant-1")
	if err != nil || plain != "EAAG-token" {
		t.Fatalf("Open = %q, %v", plain, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	b := box(t, oldKey)
	v := b.Seal("EAAG-token", "tenant-1")
	cases := map[string]struct {
		box            *sealed.Box
		value, context string
	}{
		"a value moved to another tenant": {b, v, "tenant-2"},
		"an unknown key":                  {box(t, newKey), v, "tenant-1"},
		"a damaged value":                 {b, v[:len(v)-2] + "AA", "tenant-1"},
		"a truncated value":               {b, v[:15], "tenant-1"},
		"plain text":                      {b, "EAAG-token", "tenant-1"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := c.box.Open(c.value, c.context); !errors.Is(err, sealed.ErrOpen) {
				t.Fatalf("err = %v, want ErrOpen", err)
			}
		})
	}
}

func TestRotation(t *testing.T) {
	t.Parallel()
	v := box(t, oldKey).Seal("secret", "c")
	plain, err := box(t, newKey, oldKey).Open(v, "c")
	if err != nil || plain != "secret" {
		t.Fatalf("Open after rotation = %q, %v", plain, err)
	}
}

func TestNewBoxRefusesBadKeys(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "abcd", strings.Repeat("z", 64), oldKey + "00"} {
		if _, err := sealed.NewBox(key); err == nil {
			t.Fatalf("NewBox(%q) succeeded", key)
		}
	}
}
