package click_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/click"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/id"
)

func query(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func TestLinks(t *testing.T) {
	t.Parallel()
	now := clock.NewFrozen(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	old, fresh := strings.Repeat("5a", 32), strings.Repeat("6b", 32)
	links, err := click.New("https://api.example.com/x", now, old)
	if err != nil {
		t.Fatal(err)
	}
	want := click.Link{Tenant: id.NewTenant(), Conversation: id.NewConversation(), Unit: "Ilhabela", Room: "Luxo & Mar", Redirect: "https://hotel.example.com/?a=b&c=d"}
	address := links.To(want)
	if !strings.HasPrefix(address, "https://api.example.com/x?") {
		t.Error(address)
	}
	if got, err := links.Read(query(t, address+"&fbclid=added")); err != nil || got != want {
		t.Errorf("%+v %v", got, err)
	}
	for _, name := range []string{"t", "c", "unidade", "quarto", "redirect", "e", "s"} {
		q := query(t, address)
		q.Set(name, q.Get(name)+"0")
		if _, err := links.Read(q); !errors.Is(err, click.ErrUnsigned) {
			t.Errorf("%s was changed: %v", name, err)
		}
		q.Del(name)
		if _, err := links.Read(q); !errors.Is(err, click.ErrUnsigned) {
			t.Errorf("%s was taken away: %v", name, err)
		}
	}
	// Moving a letter from one parameter to the next is a change, too.
	moved := query(t, address)
	moved.Set("unidade", "IlhabelaL")
	moved.Set("quarto", "uxo & Mar")
	if _, err := links.Read(moved); !errors.Is(err, click.ErrUnsigned) {
		t.Errorf("moved: %v", err)
	}
	rotated, err := click.New("https://api.example.com/x", now, fresh, old)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rotated.Read(query(t, address)); err != nil {
		t.Errorf("after a new key: %v", err)
	}
	if _, err := links.Read(query(t, rotated.To(want))); !errors.Is(err, click.ErrUnsigned) {
		t.Errorf("of an unknown key: %v", err)
	}
	now.Advance(91 * 24 * time.Hour)
	if _, err := links.Read(query(t, address)); !errors.Is(err, click.ErrExpired) {
		t.Errorf("after 91 days: %v", err)
	}
	if _, err := click.New("", now); err == nil {
		t.Error("no key, no error")
	}
	if _, err := click.New("", now, "zz"); err == nil {
		t.Error("a bad key, no error")
	}
}
