package apptest

import (
	"fmt"

	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// Password opens every log-in of a world.
const Password = "senha-dos-testes"

// Units of every hotel.
const (
	Ilhabela = "Ilhabela"
	Camburi  = "Camburi"
)

// Hotel is a hotel with its number at the simulated Meta and its flow.
type Hotel struct {
	w       *World
	Slug    string
	Tenant  tenant.Tenant
	Account simulator.Account
	APIKey  string
	Flow    *Flow
	Bot     *Bot
	people  int
	guests  int
}

// Hotel adds a hotel: number, units Ilhabela and Camburi, an administrator, a flow.
// change may alter it before it is made.
func (w *World) Hotel(slug string, change ...func(*provision.Hotel)) *Hotel {
	w.t.Helper()
	h := w.stranger(slug)
	h.join(change...)
	return h
}

// HotelOfPlatform is a hotel without a Meta app of its own: the platform's signs.
func (w *World) HotelOfPlatform(slug string) *Hotel {
	w.t.Helper()
	h := w.stranger(slug)
	h.Account.AppSecret = platformSecret
	h.addNumber()
	h.join(func(p *provision.Hotel) { p.AppSecret = "" })
	return h
}

// HotelWithoutNumber is a hotel of the platform's app whose number has not been
// connected yet: Connects does it.
func (w *World) HotelWithoutNumber(slug string) *Hotel {
	w.t.Helper()
	h := w.stranger(slug)
	h.Account.AppSecret = platformSecret
	h.addNumber()
	h.join(func(p *provision.Hotel) { p.AppSecret, p.PhoneNumberID, p.AccessToken = "", "", "" })
	return h
}

// Connects gives a hotel its number, as `tenant set` does.
func (h *Hotel) Connects() {
	h.w.t.Helper()
	a := h.Account
	h.Set(provision.Change{PhoneNumberID: &a.PhoneNumberID, AccessToken: &a.AccessToken, WABAID: &a.WABAID, Display: &a.DisplayNumber})
}

// stranger is a hotel that Meta knows and the product does not, yet.
func (w *World) stranger(slug string) *Hotel {
	w.t.Helper()
	w.hotels++
	h := &Hotel{w: w, Slug: slug, Flow: w.flows.of(slug), Account: simulator.Account{
		PhoneNumberID: fmt.Sprintf("40120000000%04d", w.hotels), WABAID: fmt.Sprintf("30120000000%04d", w.hotels),
		DisplayNumber: fmt.Sprintf("551238%06d", w.hotels), Name: slug, AppSecret: "app-secret-of-" + slug,
		AccessToken: "token-of-" + slug, VerifyToken: "verify-" + slug, WebhookURL: w.URL + "/webhooks/whatsapp",
	}}
	h.Bot = &Bot{h: h}
	h.addNumber()
	return h
}

// addNumber puts the hotel's number in place at Meta, or changes it.
func (h *Hotel) addNumber() {
	h.w.t.Helper()
	account, err := h.w.Sim.AddAccount(h.Account)
	if err != nil {
		h.w.t.Fatalf("add number of %s: %v", h.Slug, err)
	}
	h.Account = account
}

func (h *Hotel) join(change ...func(*provision.Hotel)) {
	h.w.t.Helper()
	made, err := h.w.App.Provisioner.AddTenant(within(h.w.t), h.provisioned(change...))
	if err != nil {
		h.w.t.Fatalf("add hotel %s: %v", h.Slug, err)
	}
	h.Tenant, h.APIKey = made.Tenant, made.APIKey
	h.Flow.secret = made.BotSecret
}

func (h *Hotel) provisioned(change ...func(*provision.Hotel)) provision.Hotel {
	p := provision.Hotel{
		Slug: h.Slug, Name: "Hotel " + h.Slug, Email: "admin@" + h.Slug + ".example", Units: []string{Ilhabela, Camburi},
		PhoneNumberID: h.Account.PhoneNumberID, Display: h.Account.DisplayNumber, WABAID: h.Account.WABAID,
		AccessToken: h.Account.AccessToken, AppSecret: h.Account.AppSecret, VerifyToken: h.Account.VerifyToken,
		BotURL: h.Flow.URL(), AdminPassword: Password,
	}
	for _, c := range change {
		c(&p)
	}
	return p
}

// Set changes the hotel, as `tenant set` does.
func (h *Hotel) Set(change provision.Change) {
	h.w.t.Helper()
	if _, err := h.w.App.Provisioner.SetTenant(within(h.w.t), h.Slug, change); err != nil {
		h.w.t.Fatalf("set %s: %v", h.Slug, err)
	}
}

// Admin logs the hotel's administrator in.
func (h *Hotel) Admin() *Person {
	h.w.t.Helper()
	return h.w.LogIn("admin@" + h.Slug + ".example")
}

// Attendant adds somebody of a unit and logs them in.
func (h *Hotel) Attendant(unit string) *Person {
	h.w.t.Helper()
	return h.Person(user.Attendant, unit)
}

// Person adds somebody with a role, and a unit if it has one, and logs them in.
func (h *Hotel) Person(role user.Role, unit string) *Person {
	h.w.t.Helper()
	h.people++
	email := fmt.Sprintf("person-%d@%s.example", h.people, h.Slug)
	_, _, err := h.w.App.Provisioner.AddUser(within(h.w.t), h.Slug, user.User{
		Email: email, Name: fmt.Sprintf("Person %d", h.people), Role: role, Unit: unit,
	}, Password)
	if err != nil {
		h.w.t.Fatalf("add user: %v", err)
	}
	return h.w.LogIn(email)
}

// SuperAdmin adds an operator of the platform and logs them in.
func (w *World) SuperAdmin() *Person {
	w.t.Helper()
	const email = "operator@platform.example"
	_, _, err := w.App.Provisioner.AddUser(within(w.t), "", user.User{Email: email, Name: "Operator", Role: user.SuperAdmin}, Password)
	if err != nil {
		w.t.Fatalf("add operator: %v", err)
	}
	return w.LogIn(email)
}
