package provision_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/whatsapp"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// TestCheck: what Meta says about a hotel's number is told, each thing with what to do
// about it.
func TestCheck(t *testing.T) {
	t.Parallel()
	w := setup(t)
	sim := simulator.New(simulator.Options{Accounts: []simulator.Account{{
		PhoneNumberID: "106540352242922", WABAID: "102290129340398", DisplayNumber: "551230000000", Name: "Grand Hotel",
		AccessToken: "PLANTED-access-token", WebhookURL: "https://api.example.com/webhooks/whatsapp?tenant=grand",
	}}})
	server := httptest.NewServer(sim.Handler())
	client := whatsapp.NewClient(whatsapp.Options{BaseURL: server.URL})
	t.Cleanup(func() {
		client.CloseIdleConnections()
		server.Close()
		_ = sim.Close(context.WithoutCancel(t.Context()))
	})
	h := grand()
	h.Display = ""
	made := w.add(h)
	checker := &provision.Checker{
		Meta: client, Provision: w.provision,
		WebhookURL: func(slug string) string { return "https://api.example.com/webhooks/whatsapp?tenant=" + slug },
	}
	check := func(change provision.Change) map[string]provision.Finding {
		t.Helper()
		if _, err := w.provision.Change(t.Context(), provision.System, made.Tenant.ID, change); err != nil {
			t.Fatal(err)
		}
		w.directory.ForgetAll()
		hotel, err := w.directory.Hotel(t.Context(), made.Tenant.ID)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]provision.Finding{}
		for _, f := range checker.Check(t.Context(), hotel) {
			found[f.Item] = f
			if f.OK == (f.Fix != "") || f.Message == "" || strings.Contains(f.Message+f.Fix, "PLANTED") {
				t.Errorf("found %+v", f)
			}
		}
		return found
	}
	want := func(what string, found map[string]provision.Finding, bad ...string) {
		t.Helper()
		wrong := strings.Join(bad, " ")
		for item, f := range found {
			if f.OK == strings.Contains(wrong, item) {
				t.Errorf("%s: %+v", what, f)
			}
		}
		for _, item := range bad {
			if _, ok := found[item]; !ok {
				t.Errorf("%s: nothing is said of %s", what, item)
			}
		}
	}
	found := check(provision.Change{})
	want("all well", found)
	if len(found) != 6 || !strings.Contains(found["number"].Message, "Grand Hotel") {
		t.Errorf("found %+v", found)
	}
	if rows, err := w.db.Numbers(t.Context(), made.Tenant.ID); err != nil || rows[0].Display != "+55 12 3000-0000" {
		t.Errorf("the number as people write it was not kept: %+v, %v", rows, err)
	}
	unsubscribe(t, server.URL+"/v25.0/102290129340398/subscribed_apps")
	want("no subscription", check(provision.Change{}), "subscription")
	if reason := check(provision.Change{})["subscription"].Reason; reason != provision.NotSubscribed {
		t.Errorf("not subscribed: %q", reason)
	}
	if f := check(provision.Change{WABAID: ptr("999")})["subscription"]; f.OK || f.Reason != provision.NumberUnknown {
		t.Errorf("another's account: %+v", f)
	}
	want("no account", check(provision.Change{WABAID: ptr("")}), "subscription")
	want("no app secret", check(provision.Change{AppSecret: ptr(""), WABAID: ptr("102290129340398")}), "appSecret", "subscription")
	wrong := check(provision.Change{AccessToken: ptr("wrong")})
	want("wrong token", wrong, "appSecret", "number")
	if wrong["number"].Reason != provision.TokenExpired {
		t.Errorf("wrong token: %+v", wrong["number"])
	}
	checker.PlatformApp = true
	checker.WebhookURL = func(string) string { return "https://elsewhere.example.com/webhooks/whatsapp" }
	want("posted elsewhere", check(provision.Change{AccessToken: ptr("PLANTED-access-token")}), "subscription", "webhook")
	server.Close()
	want("Meta is away", check(provision.Change{}), "number")
	if err := w.provision.RemoveNumber(t.Context(), provision.System, made.Tenant.ID, only(t, w, made.Tenant)); err != nil {
		t.Fatal(err)
	}
	want("no number", check(provision.Change{VerifyToken: ptr("")}), "number", "verifyToken")
}

func unsubscribe(t *testing.T, url string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer PLANTED-access-token")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("unsubscribed with %d", response.StatusCode)
	}
}

// only returns a hotel's only number.
func only(t *testing.T, w *world, of tenant.Tenant) id.Number {
	t.Helper()
	rows, err := w.db.Numbers(t.Context(), of.ID)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d numbers, %v", len(rows), err)
	}
	return rows[0].ID
}
