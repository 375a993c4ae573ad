package apptest

import (
	"strings"

	"github.com/botreserva/botreserva/internal/domain/user"
)

// Variant is a state of the original's dashboards.
type Variant string

// The variants: of December 2025, of March 2026 before and after its paths moved to /api/v1.
const (
	December Variant = "D"
	March    Variant = "M"
	Head     Variant = "H"
)

// Variants lists every variant.
var Variants = []Variant{December, March, Head}

// DashboardOrigins is where the original's dashboards are served from, for FRONTEND_URL.
const DashboardOrigins = "http://localhost:3000,https://app.botreserva.com.br,https://hoteis-reserva.botreserva.com.br"

// DashboardHotel is the hotel that the original's shared addresses mean.
const DashboardHotel = "hoteis-reserva"

const dashboardScript = "dashboard.mjs"

// Dashboard is a browser with a dashboard of the original: its axios, its socket.io-client,
// its calls page by page and what it reads of the answers. See testdata/client.
type Dashboard struct {
	*Screen
	variant  Variant
	commands int
}

// Dashboard opens a dashboard at the log-in page, from where the variant is served unless
// an origin is given.
func (w *World) Dashboard(v Variant, origin ...string) *Dashboard {
	w.t.Helper()
	args := append([]string{w.URL, string(v)}, origin...)
	return &Dashboard{Screen: w.startClient(dashboardScript, args...), variant: v}
}

// Does has the dashboard do something, reports its mistakes and returns what came of it.
func (d *Dashboard) Does(what string, command map[string]any) any {
	d.t.Helper()
	d.commands++
	n := float64(d.commands)
	all := map[string]any{"n": n, "do": what}
	for key, value := range command {
		all[key] = value
	}
	d.command(all)
	e := d.Hears(".done", func(e Event) bool { return at(e.Data, "n") == n })
	mistakes, _ := at(e.Data, "mistakes").([]any)
	for _, m := range mistakes {
		d.t.Errorf("%s: %s %v: %v", d.variant, what, command["page"], m)
	}
	return at(e.Data, "value")
}

// Visits goes to a page, with what the page is about.
func (d *Dashboard) Visits(page string, about map[string]any) {
	d.t.Helper()
	d.Does("visit", map[string]any{"page": page, "with": about})
}

// LogsIn does so on the page.
func (d *Dashboard) LogsIn(email, password string) {
	d.t.Helper()
	d.Visits("login", map[string]any{"email": email, "password": password, "slug": DashboardHotel})
}

// Shows returns the path of the page that is shown.
func (d *Dashboard) Shows() string {
	d.t.Helper()
	path, _ := d.Does("location", nil).(string)
	return path
}

// Text returns a text of what came of something, by its path.
func Text(value any, path string) string {
	text, _ := at(value, path).(string)
	return text
}

// Number is Text for numbers.
func Number(value any, path string) float64 {
	n, _ := at(value, path).(float64)
	return n
}

// pages of each variant for each role, as menus and gates of the original had them.
var later = map[user.Role]string{
	user.SuperAdmin:  "tenants home board chat opportunities escalations contacts users tags quickReplies reports logs settings",
	user.TenantAdmin: "home board chat opportunities escalations contacts users tags quickReplies reports logs settings",
	user.Head:        "home board chat opportunities escalations quickReplies",
	user.Sales:       "home board chat opportunities quickReplies",
	user.Attendant:   "home board chat",
}

var december = map[user.Role]string{
	user.SuperAdmin:  "tenants",
	user.TenantAdmin: "home board chat contacts users reports settings",
	user.Attendant:   "home board chat contacts",
}

// Pages lists where somebody of a role comes to in a variant; nowhere if it did not know
// the role.
func (v Variant) Pages(role user.Role) []string {
	if v == December {
		return strings.Fields(december[role])
	}
	if pages := later[role]; pages != "" {
		return append(strings.Fields(pages), "broken")
	}
	return nil
}
