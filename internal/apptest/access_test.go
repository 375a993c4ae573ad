package apptest_test

import (
	"net/http"
	"testing"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/provision"
)

// Only an operator of the platform chooses a hotel; everybody else has their own.
func TestWhoseHotel(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	sea, hills := w.Hotel("mar-azul"), w.Hotel("serra-verde")
	guest := sea.Guest("Marina")
	guest.Writes("Oi")
	conversation := sea.Flow.Hears("Oi").Value("conversationId")
	stranger := hills.Admin()
	stranger.Hotel = "mar-azul"
	if a := stranger.Get("/api/conversations"); a.Status != http.StatusForbidden || a.Text("code") == "" {
		t.Errorf("naming another hotel got %d %s", a.Status, a.Raw)
	}
	stranger.Hotel = ""
	if a := stranger.Get("/api/conversations/" + conversation); a.Status != http.StatusNotFound {
		t.Errorf("another hotel's conversation got %d %s", a.Status, a.Raw)
	}
	if a := stranger.Answers(conversation, "Oi!", ""); a.Status != http.StatusNotFound {
		t.Errorf("writing in another hotel's conversation got %d %s", a.Status, a.Raw)
	}
	operator := w.SuperAdmin()
	if a := operator.Get("/api/conversations"); a.Status != http.StatusBadRequest || a.Text("code") != "tenant_required" {
		t.Errorf("an operator who chose no hotel got %d %s", a.Status, a.Raw)
	}
	operator.Hotel = "mar-azul"
	if list := operator.Conversations(); len(list) != 1 || list[0]["id"] != conversation {
		t.Errorf("the operator sees %v", list)
	}
	screen := operator.Screen(apptest.WebSocket)
	guest.Writes("Alguém?")
	screen.HearsMessage("Alguém?")
	operator.Hotel = "serra-verde"
	if list := operator.Conversations(); len(list) != 0 {
		t.Errorf("in the other hotel the operator sees %v", list)
	}
}

// Whom a manager suspends, or gives another password, is out at once with every screen.
func TestPutOut(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	sea := w.Hotel("mar-azul")
	manager, ana, bia := sea.Admin(), sea.Attendant(apptest.Ilhabela), sea.Attendant(apptest.Camburi)
	anas, bias := ana.Screen(apptest.WebSocket), bia.Screen(apptest.WebSocket)
	for whom, change := range map[*apptest.Person]struct {
		path string
		body any
	}{
		ana: {"/status", map[string]string{"status": "SUSPENDED"}},
		bia: {"", map[string]string{"password": "another horse battery"}},
	} {
		at := "/api/users/" + whom.Get("/auth/me").Text("id") + change.path
		if a := manager.Patch(at, change.body); a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", at, a.Status, a.Raw)
		}
		if a := whom.Get("/api/conversations"); a.Status != http.StatusUnauthorized {
			t.Errorf("afterwards: %d %s", a.Status, a.Raw)
		}
	}
	for _, screen := range []*apptest.Screen{anas, bias} {
		screen.Hears(".disconnect", nil)
	}
	if a := manager.Get("/api/conversations"); a.Status != http.StatusOK {
		t.Errorf("the manager got %d %s", a.Status, a.Raw)
	}
}

// Who logs out is out at once, with all screens soon after; a suspended hotel's people
// and flow are out within seconds. Others stay.
func TestOut(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	sea, hills := w.Hotel("mar-azul"), w.Hotel("serra-verde")
	ana, bruno, célia := sea.Attendant(apptest.Ilhabela), sea.Attendant(apptest.Camburi), hills.Person(user.Head, "")
	anas, brunos, célias := ana.Screen(apptest.WebSocket), bruno.Screen(apptest.Polling), célia.Screen(apptest.Polling)
	if a := ana.Post("/auth/logout", nil); a.Status != http.StatusOK {
		t.Fatalf("log out: %d %s", a.Status, a.Raw)
	}
	suspended := tenant.Suspended
	hills.Set(provision.Change{Status: &suspended})
	if a := ana.Get("/auth/me"); a.Status != http.StatusUnauthorized {
		t.Errorf("after logging out Ana got %d %s", a.Status, a.Raw)
	}
	refusal := ana.Knocks(apptest.WebSocket).Hears(".connect_error", nil)
	if refusal.Text("message") != "Authentication failed" {
		t.Errorf("after logging out Ana's screen got %v", refusal.Data)
	}
	apptest.Eventually(t, "the suspended hotel's people are out", func() bool { return célia.Get("/api/conversations").Status == http.StatusForbidden })
	apptest.Eventually(t, "the suspended hotel's flow is out", func() bool {
		return hills.Bot.Says("5511960000001", "Oi").Status == http.StatusForbidden
	})
	for whose, screen := range map[string]*apptest.Screen{"Ana": anas, "Célia": célias} {
		if e := screen.Hears(".disconnect", nil); e.Text("reason") != "io server disconnect" {
			t.Errorf("%s's screen was sent away with %v", whose, e.Data)
		}
	}
	brunos.Flush()
	if a := bruno.Get("/api/conversations"); a.Status != http.StatusOK || len(brunos.Events(".disconnect")) > 0 {
		t.Errorf("Bruno, who did nothing, got %d and %v", a.Status, brunos.Events(".disconnect"))
	}
}
