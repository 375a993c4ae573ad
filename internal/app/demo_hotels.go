package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// demoPassword opens every log-in of the demonstration. It exists nowhere else.
const demoPassword = "demonstracao"

// demoHotel is one of the two hotels of the demonstration.
type demoHotel struct {
	slug, name, domain    string
	units                 []string
	phoneNumberID, number string
	wabaID                string
	staff                 []user.User
}

var demoHotels = []demoHotel{
	{
		slug: "pousada-mar-azul", name: "Pousada Mar Azul", domain: "marazul.example",
		units: []string{"Ilhabela", "Camburi"}, phoneNumberID: "401200000000001", number: "551238960001", wabaID: "301200000000001",
		staff: []user.User{
			{Name: "Ana Ribeiro", Email: "ana@marazul.example", Role: user.Attendant, Unit: "Ilhabela"},
			{Name: "Bruno Telles", Email: "bruno@marazul.example", Role: user.Attendant, Unit: "Camburi"},
			{Name: "Célia Prado", Email: "celia@marazul.example", Role: user.Head},
			{Name: "Elisa Campos", Email: "elisa@marazul.example", Role: user.Sales},
		},
	},
	{
		slug: "hotel-serra-verde", name: "Hotel Serra Verde", domain: "serraverde.example",
		units: []string{"Campos do Jordão", "Santo Antônio do Pinhal"}, phoneNumberID: "401200000000002", number: "551236620002", wabaID: "301200000000002",
		staff: []user.User{
			{Name: "Davi Moura", Email: "davi@serraverde.example", Role: user.Attendant, Unit: "Campos do Jordão"},
		},
	},
}

func (h demoHotel) adminEmail() string { return "admin@" + h.domain }

// users lists who can log in.
func (h demoHotel) users() []user.User {
	admin := user.User{Name: "Gerência", Email: h.adminEmail(), Role: user.TenantAdmin}
	return append([]user.User{admin}, h.staff...)
}

// What the simulated Meta and the product share about a hotel. Nothing outside this
// machine accepts them.
func (h demoHotel) accessToken() string { return "demo-token-" + h.slug }
func (h demoHotel) appSecret() string   { return "demo-app-secret-" + h.slug }
func (h demoHotel) verifyToken() string { return "demo-verify-" + h.slug }

// open makes sure that a hotel is there, gives its bot a fresh key, and connects its
// number to the simulator. It reports whether the hotel is new.
func (d *demo) open(ctx context.Context, a *App, h demoHotel, apiURL string) (bool, error) {
	hotel, isNew, err := d.settle(ctx, a, h)
	if err != nil {
		return false, err
	}
	key, err := a.Provisioner.RotateKey(ctx, h.slug, 0)
	if err != nil {
		return false, err
	}
	secret, err := a.Provisioner.BotSecret(ctx, h.slug)
	if err != nil {
		return false, err
	}
	d.mu.Lock()
	d.keys[h.slug], d.secrets[h.slug] = key, secret
	d.mu.Unlock()
	_, err = d.sim.AddAccount(simulator.Account{
		PhoneNumberID: h.phoneNumberID, DisplayNumber: h.number, WABAID: h.wabaID, Name: h.name,
		AccessToken: h.accessToken(), AppSecret: h.appSecret(), VerifyToken: h.verifyToken(),
		WebhookURL: apiURL + "/webhooks/whatsapp?tenant=" + h.slug,
	})
	if err != nil {
		return false, fmt.Errorf("connect the simulated number: %w", err)
	}
	return isNew, d.recall(ctx, a, h, hotel)
}

// settle creates the hotel with its people, or points its flow to where the demo bot
// is this time.
func (d *demo) settle(ctx context.Context, a *App, h demoHotel) (hotel id.Tenant, isNew bool, err error) {
	flow := d.botURL + "/webhook/" + h.slug
	made, err := a.Provisioner.AddTenant(ctx, provision.Hotel{
		Slug: h.slug, Name: h.name, Email: h.adminEmail(), Units: h.units, PhoneNumberID: h.phoneNumberID, Display: h.number,
		WABAID: h.wabaID, AccessToken: h.accessToken(), AppSecret: h.appSecret(), VerifyToken: h.verifyToken(),
		BotURL: flow, AdminName: "Gerência", AdminPassword: demoPassword,
	})
	if errors.Is(err, tenant.ErrSlugTaken) {
		known, err := a.Provisioner.SetTenant(ctx, h.slug, provision.Change{BotURL: &flow})
		return known.ID, false, err
	}
	if err != nil {
		return hotel, false, err
	}
	for _, u := range h.staff {
		if _, _, err := a.Provisioner.AddUser(ctx, h.slug, u, demoPassword); err != nil {
			return hotel, false, err
		}
	}
	return made.Tenant.ID, true, nil
}

// line is what a guest says in an example conversation.
type line struct {
	hotel demoHotel
	phone string
	name  string
	says  []string
}

func demoLines() []line {
	sea, hills := demoHotels[0], demoHotels[1]
	return []line{
		{sea, "5511987654321", "Marina Duarte", []string{"Oi, boa tarde!", "1"}},
		{sea, "5521998877665", "Rafael Nunes", []string{"Bom dia", "Vocês aceitam cachorro de pequeno porte?"}},
		{sea, "558187654321", "Lúcia Cavalcanti", []string{"Olá", "Quero falar com um atendente de Ilhabela, por favor"}},
		{hills, "5531991234567", "Família Andrade", []string{"Oi! Qual o horário do café da manhã?"}},
	}
}

// talk lets guests write to the hotels, through the same doors as everybody: the
// simulated WhatsApp carries their words, the demo bot answers.
func (d *demo) talk(ctx context.Context, _ string) error {
	for _, l := range demoLines() {
		guest := d.sim.Guest(l.hotel.phoneNumberID, l.phone)
		if err := guest.Set(simulator.GuestSettings{Name: l.name}); err != nil {
			return fmt.Errorf("name a guest: %w", err)
		}
		for _, text := range l.says {
			if err := d.say(ctx, guest, text); err != nil {
				return err
			}
		}
	}
	return nil
}

// say writes as a guest and waits for an answer, as a guest would.
func (d *demo) say(ctx context.Context, guest *simulator.Guest, text string) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	heard := received(guest.Transcript())
	if _, err := guest.Says(ctx, text); err != nil {
		return fmt.Errorf("say: %w", err)
	}
	_, err := guest.Await(ctx, func(entries []simulator.Entry) bool { return received(entries) > heard })
	return err
}

func received(entries []simulator.Entry) int {
	n := 0
	for _, e := range entries {
		if e.From != simulator.FromGuest {
			n++
		}
	}
	return n
}
