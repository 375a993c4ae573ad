package stale_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/stale"
)

func TestConcerns(t *testing.T) {
	t.Parallel()
	hotel, ana, session := id.NewTenant(), id.NewUser(), id.NewSession()
	for name, c := range map[string]struct {
		notice stale.Notice
		want   bool
	}{
		"everything":      {stale.Everything(), true},
		"nothing":         {stale.Notice{}, false},
		"their hotel":     {stale.Tenant(hotel), true},
		"another hotel":   {stale.Tenant(id.NewTenant()), false},
		"the person":      {stale.User(ana), true},
		"somebody else":   {stale.User(id.NewUser()), false},
		"their log-in":    {stale.Session(session), true},
		"another log-in":  {stale.Session(id.NewSession()), false},
		"one of two fits": {stale.Notice{User: ana, Session: id.NewSession()}, true},
	} {
		if got := c.notice.Concerns(hotel, ana, session); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if stale.User(ana).Concerns(id.Tenant{}, id.User{}, id.Session{}) {
		t.Error("a notice about a person concerns nobody in particular")
	}
}

func TestBoard(t *testing.T) {
	t.Parallel()
	var b stale.Board
	var told []string
	b.Read(func(stale.Notice) { told = append(told, "first") })
	b.Read(func(stale.Notice) { told = append(told, "second") })
	b.Post(stale.Everything())
	b.Carry(func(stale.Notice) { told = append(told, "carrier") })
	b.Post(stale.Everything())
	b.Arrive(stale.Everything()) // from elsewhere: it is not sent back
	want := []string{"first", "second", "first", "second", "carrier", "first", "second"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}
