package apptest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/config"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// house is a hotel with guests and people, on whom dashboards of the original look.
type house struct {
	*apptest.World
	hotel *apptest.Hotel
	admin *apptest.Person
	tag   string
}

func openHouse(t *testing.T, options ...apptest.Option) *house {
	t.Helper()
	w := apptest.Start(t, append([]apptest.Option{apptest.Setting("FRONTEND_URL", apptest.DashboardOrigins)}, options...)...)
	h := &house{World: w, hotel: w.Hotel(apptest.DashboardHotel)}
	h.admin = h.hotel.Person(user.TenantAdmin, "")
	h.tag = h.admin.Post("/api/tags", map[string]string{"name": "VIP", "color": "#3B82F6"}).Text("id")
	h.admin.Post("/api/quick-replies", map[string]string{"title": "Café", "shortcut": "cafe", "content": "O café é das 7 às 10."})
	return h
}

// called is a conversation of a new guest, in Ilhabela, for which the bot called a person,
// and which may become a sale.
func (h *house) called(t *testing.T, name string) string {
	t.Helper()
	guest := h.hotel.Guest(name)
	guest.Writes("Bom dia, aqui é " + name)
	h.hotel.Flow.Hears("Bom dia, aqui é " + name)
	for _, m := range []simulator.Inbound{
		simulator.Image("A vista"), simulator.Video(""), simulator.Voice(), simulator.Document("reserva.pdf", ""), simulator.Sticker(),
		simulator.Location(-23.7785, -45.3581, "Ilhabela", ""), simulator.ContactCard("Dora", "5511960000001"), simulator.Unsupported("poll"),
	} {
		guest.Sends(m)
	}
	guest.WritesAndIsTaken("É isso")
	h.hotel.Flow.Hears("É isso")
	id := h.hotel.Bot.Escalates(guest.Phone, apptest.Ilhabela).Text("conversation.id")
	if a := h.admin.Patch("/api/conversations/"+id, map[string]any{"isOpportunity": true}); a.Status != 200 {
		t.Fatalf("make it an opportunity: %d %s", a.Status, a.Raw)
	}
	return id
}

// about is what pages are told: one answer for all of them.
func (h *house) about(t *testing.T, v apptest.Variant, role user.Role) map[string]any {
	t.Helper()
	key := strings.ToLower(fmt.Sprintf("%s-%s", v, strings.ReplaceAll(string(role), "_", "-")))
	account := h.hotel.Account
	return map[string]any{
		"conversation": h.called(t, "Guest of "+key), "text": "Pois não? Aqui é " + key, "tag": h.tag, "password": apptest.Password,
		"phone": fmt.Sprintf("55219%08d", 70_000_000+len(key)), "newcomer": "bia@" + key + ".example", "newSlug": "pousada-" + key,
		"whatsapp": map[string]any{
			"whatsappPhoneNumberId": account.PhoneNumberID, "whatsappAccessToken": account.AccessToken, "whatsappBusinessAccountId": account.WABAID,
		},
	}
}

// somebody has a role, and a unit where the role needs one.
func (h *house) somebody(role user.Role) *apptest.Person {
	switch role {
	case user.SuperAdmin:
		return h.SuperAdmin()
	case user.TenantAdmin:
		return h.hotel.Admin() // whose own log-in ends when the password changes
	case user.Attendant:
		return h.hotel.Attendant(apptest.Ilhabela)
	default:
		return h.hotel.Person(role, "")
	}
}

// TestDashboards: the original's dashboards, unmodified, find what they look for on every
// page, whoever is at them.
func TestDashboards(t *testing.T) {
	t.Parallel()
	for _, v := range apptest.Variants {
		t.Run(string(v), func(t *testing.T) {
			t.Parallel()
			h := openHouse(t)
			for _, role := range user.Roles {
				pages := v.Pages(role)
				if len(pages) == 0 {
					continue
				}
				t.Logf("%s: %v", role, pages)
				h.tours(t, v, role, pages)
			}
		})
	}
}

func (h *house) tours(t *testing.T, v apptest.Variant, role user.Role, pages []string) {
	t.Helper()
	who, about := h.somebody(role), h.about(t, v, role)
	d := h.Dashboard(v)
	d.Visits("mistyped", map[string]any{"email": who.Email})
	d.LogsIn(who.Email, apptest.Password)
	want := "/dashboard"
	if role == user.SuperAdmin {
		want = "/super-admin/tenants"
	}
	if at := d.Shows(); at != want {
		t.Errorf("%s: after the log-in of a %s the page is %s", v, role, at)
	}
	for _, page := range pages {
		d.Visits(page, about)
	}
	if strings.Contains(strings.Join(pages, " "), "board") {
		d.Visits("ending", about)
	}
}

// TestDashboardOfANewHotel: whoever gets a hotel logs in at its own address with the
// password that the operator's page showed once.
func TestDashboardOfANewHotel(t *testing.T) {
	t.Parallel()
	h := openHouse(t, apptest.Setting("FRONTEND_URL", apptest.DashboardOrigins+",https://pousada-do-sol.botreserva.com.br"))
	operator := h.Dashboard(apptest.Head)
	operator.LogsIn(h.SuperAdmin().Email, apptest.Password)
	operator.Visits("tenants", map[string]any{"newSlug": "pousada-do-sol"})
	made := operator.Does("made", nil)
	d := h.Dashboard(apptest.Head, "https://pousada-do-sol.botreserva.com.br")
	d.Visits("login", map[string]any{
		"email": apptest.Text(made, "email"), "password": apptest.Text(made, "password"), "slug": "pousada-do-sol",
	})
	d.Visits("home", nil)
	if at := d.Shows(); at != "/dashboard" {
		t.Errorf("the page is %s", at)
	}
}

// TestDashboardOfAnEmptyPlatform: its operator gets in although the page names a hotel that
// is not there yet, and makes it.
func TestDashboardOfAnEmptyPlatform(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t, apptest.Setting("FRONTEND_URL", apptest.DashboardOrigins))
	operator := w.SuperAdmin()
	for i, v := range apptest.Variants {
		d := w.Dashboard(v)
		d.LogsIn(operator.Email, apptest.Password)
		slug := fmt.Sprintf("pousada-%d", i)
		if v == apptest.Head {
			slug = apptest.DashboardHotel
		}
		d.Visits("tenants", map[string]any{"newSlug": slug})
		if v == apptest.Head {
			d.Visits("home", nil) // of the hotel that is there now
		}
	}
}

// TestDashboardOvernight: a dashboard that keeps nothing but the access token of a refresh
// stays in for days, and one that has no good token at all comes to the log-in page.
func TestDashboardOvernight(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	ana := h.hotel.Attendant(apptest.Ilhabela)
	d, thief := h.Dashboard(apptest.December), h.Dashboard(apptest.March)
	d.LogsIn(ana.Email, apptest.Password)
	for range 6 {
		h.Later(20 * time.Hour)
		d.Visits("home", nil)
		if at := d.Shows(); at != "/dashboard" {
			t.Fatalf("after the night the page is %s", at)
		}
	}
	if a := h.hotel.Admin().Patch("/api/users/"+ana.ID+"/status", map[string]string{"status": "SUSPENDED"}); a.Status != 200 {
		t.Fatalf("suspend: %d %s", a.Status, a.Raw)
	}
	d.Does("visitRefused", map[string]any{"page": "home"})
	if at := d.Shows(); at != "/login" {
		t.Errorf("after being suspended the page is %s", at)
	}
	thief.Does("forget", nil)
	thief.Does("visitRefused", map[string]any{"page": "home"})
	if at := thief.Shows(); at != "/login" {
		t.Errorf("without a log-in the page is %s", at)
	}
}

// TestDashboardLive: a tab with two sockets shows what is true after guests, bot and
// colleagues did their work, in every variant.
func TestDashboardLive(t *testing.T) {
	t.Parallel()
	for _, v := range apptest.Variants {
		t.Run(string(v), func(t *testing.T) {
			t.Parallel()
			h := openHouse(t)
			ana := h.hotel.Attendant(apptest.Ilhabela)
			guest := h.hotel.Guest("Carla")
			guest.Writes("Oi")
			h.hotel.Flow.Hears("Oi")
			id := h.hotel.Bot.Escalates(guest.Phone, apptest.Ilhabela).Text("conversation.id")
			if a := h.admin.Patch("/api/conversations/"+id, map[string]any{"isOpportunity": true}); a.Status != 200 {
				t.Fatalf("make it an opportunity: %d %s", a.Status, a.Raw)
			}
			lookers := []string{ana.Email, h.admin.Email}
			if v == apptest.March { // which knew more roles
				lookers = append(lookers, h.hotel.Person(user.Head, apptest.Ilhabela).Email, h.hotel.Person(user.Sales, "").Email, h.SuperAdmin().Email)
			}
			tabs := make([]*apptest.Dashboard, len(lookers))
			for i, email := range lookers {
				tabs[i] = h.Dashboard(v)
				tabs[i].LogsIn(email, apptest.Password)
			}
			d, other := tabs[0], tabs[1]
			for _, tab := range tabs {
				tab.Does("open", nil)
				tab.Does("look", map[string]any{"with": map[string]any{"conversation": id}})
			}
			other.Does("types", map[string]any{"with": map[string]any{"conversation": id}})
			h.day(t, ana, guest, id)
			seen := d.Does("settled", nil)
			if typed := fmt.Sprint(seen); !strings.Contains(typed, "user:typing") || !strings.Contains(typed, "conversation:typing") {
				t.Errorf("nobody was seen typing: %s", typed)
			}
			if notices := fmt.Sprint(seen); !strings.Contains(notices, "Quero um quarto") || !strings.Contains(notices, "USER_REQUESTED") {
				t.Errorf("no notice of the guest or of the call: %s", notices)
			}
			for _, tab := range tabs {
				tab.Does("compare", nil)
			}
		})
	}
}

// day is what happens while tabs look.
func (h *house) day(t *testing.T, ana *apptest.Person, guest *apptest.Guest, id string) {
	t.Helper()
	at := "/api/conversations/" + id
	ok := func(a apptest.Answer) {
		t.Helper()
		if a.Status >= 300 {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
	}
	ok(ana.Post(at+"/assign", map[string]string{"userId": ana.ID}))
	ok(ana.Answers(id, "Bom dia, Carla!", ""))
	guest.Sees("Bom dia, Carla!")
	guest.Reads()
	guest.WritesAndIsTaken("Quero um quarto")
	ok(h.admin.Patch(at, map[string]any{"priority": "URGENT", "tagIds": []string{h.tag}}))
	ok(h.admin.Patch(at+"/ia-lock", map[string]bool{"locked": true}))
	h.called(t, "Dora") // a new conversation, which the bot hands over
	ok(ana.Answers(id, "Temos dois.", ""))
	guest.Sees("Temos dois.")
	guest.Reads()
	ok(h.admin.Patch("/api/contacts/"+h.admin.Get(at).Text("contactId"), map[string]string{"name": "Carla Dias"}))
	ok(ana.Post(at+"/read", nil))
	ok(ana.Post(at+"/close", nil))
	rest(t, h.World, h.hotel)
}

// busy is how much there is to do at a hotel, and who looks on.
type busy struct {
	api             string // the limit
	minutes, guests int    // who write in each minute, and are answered
	tabs            int
	who             user.Role
	refused         bool
}

// TestBusyMinutes: busy minutes at dashboards that fetch their list anew at every event, on
// each of two sockets of a tab, stay within the limit as it is by default. A manager with
// two tabs sees the events of the whole hotel and needs the limit of the guide
// (docs/migrate-from-original.md).
func TestBusyMinutes(t *testing.T) {
	t.Parallel()
	defaults, err := config.Load(map[string]string{"APP_ENV": "test", "DATA_DIR": t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	byDefault := defaults.RateLimitAPI.String()
	for name, b := range map[string]busy{
		"an attendant":                       {byDefault, 10, 5, 1, user.Attendant, false},
		"a manager with two tabs":            {"600/1m", 3, 15, 2, user.TenantAdmin, false},
		"a manager with two tabs by default": {byDefault, 3, 15, 2, user.TenantAdmin, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked, refused := b.live(t)
			t.Logf("%.0f calls a minute", asked/float64(b.minutes))
			if refused != b.refused {
				t.Errorf("refused: %v", refused)
			}
		})
	}
}

// live lets the minutes pass and returns how often the tabs asked, and whether they were
// refused.
func (b busy) live(t *testing.T) (asked float64, refused bool) {
	t.Helper()
	h := openHouse(t, apptest.Setting("RATE_LIMIT_API", b.api), apptest.Setting("RATE_LIMIT_CREATE", "20/1m"),
		apptest.Meta(func(k *simulator.Knobs) { k.PairRate, k.Throughput = simulator.PairBurst, 0 }))
	guests, chats := make([]*apptest.Guest, b.guests), make([]string, b.guests)
	for i := range guests {
		guests[i] = h.hotel.Guest(fmt.Sprintf("Guest %d", i))
		guests[i].WritesAndIsTaken("Oi")
		chats[i] = h.hotel.Bot.Escalates(guests[i].Phone, apptest.Ilhabela).Text("conversation.id")
	}
	rest(t, h.World, h.hotel)
	who := h.somebody(b.who)
	tabs := make([]*apptest.Dashboard, b.tabs)
	for i := range tabs {
		tabs[i] = h.Dashboard(apptest.December)
		tabs[i].LogsIn(who.Email, apptest.Password)
		tabs[i].Does("open", map[string]any{"with": map[string]any{"refetches": true}})
	}
	for range b.minutes {
		for i, guest := range guests {
			h.Later(time.Minute / time.Duration(b.guests))
			guest.WritesAndIsTaken("Tem vaga?")
			tabs[0].Does("visitRefused", map[string]any{"page": "answers", "with": map[string]any{"conversation": chats[i], "text": "Temos."}})
			guest.Reads()
			rest(t, h.World, h.hotel)
			for _, tab := range tabs {
				tab.Does("settled", nil)
			}
		}
	}
	for _, tab := range tabs {
		counts := tab.Does("counts", nil)
		asked += apptest.Number(counts, "asked")
		refused = refused || !strings.Contains(fmt.Sprint(counts), "refused:[]")
	}
	return asked, refused
}
