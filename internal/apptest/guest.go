package apptest

import (
	"fmt"

	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// Guest is somebody with a phone who writes to a hotel.
type Guest struct {
	*simulator.Guest
	h        *Hotel
	Phone    string // 13 digits, as the bot writes it
	settings simulator.GuestSettings
}

// Guest returns a guest of the hotel. change may alter what their phone shows.
func (h *Hotel) Guest(name string, change ...func(*simulator.GuestSettings)) *Guest {
	h.w.t.Helper()
	h.guests++
	phone := fmt.Sprintf("55119%08d", 60_000_000+h.guests)
	g := &Guest{h: h, Phone: phone, Guest: h.w.Sim.Guest(h.Account.PhoneNumberID, phone)}
	g.settings = simulator.GuestSettings{Name: name}
	for _, c := range change {
		c(&g.settings)
	}
	g.set()
	return g
}

func (g *Guest) set() {
	g.h.w.t.Helper()
	if err := g.Set(g.settings); err != nil {
		g.h.w.t.Fatalf("set up the guest's phone: %v", err)
	}
}

// TurnsPhoneOff lets messages wait at Meta until TurnsPhoneOn.
func (g *Guest) TurnsPhoneOff() {
	g.h.w.t.Helper()
	g.settings.Offline = true
	g.set()
}

// TurnsPhoneOn lets what waits arrive.
func (g *Guest) TurnsPhoneOn() {
	g.h.w.t.Helper()
	g.settings.Offline = false
	g.set()
}

// Writes sends a text and returns its wamid; the hotel may not have it yet.
func (g *Guest) Writes(text string) string {
	g.h.w.t.Helper()
	logtest.Said(text)
	return g.Sends(simulator.Text(text))
}

// WritesAndIsTaken is Writes, and waits until the product has answered 200.
func (g *Guest) WritesAndIsTaken(text string) {
	g.h.w.t.Helper()
	wamid := g.Writes(text)
	if _, err := g.Await(within(g.h.w.t), simulator.Taken(wamid)); err != nil {
		g.h.w.t.Fatalf("the product did not take %q: %v", text, err)
	}
}

// Sends sends anything and returns its wamid.
func (g *Guest) Sends(m simulator.Inbound) string {
	g.h.w.t.Helper()
	wamid, err := g.Guest.Sends(within(g.h.w.t), m)
	if err != nil {
		g.h.w.t.Fatalf("guest sends: %v", err)
	}
	return wamid
}

// Sees waits until a text of the hotel's is on the phone.
func (g *Guest) Sees(text string) simulator.Entry {
	g.h.w.t.Helper()
	entry, err := g.AwaitText(within(g.h.w.t), text)
	if err != nil {
		g.h.w.t.Fatalf("the phone does not show %q: %v", text, err)
	}
	return entry
}

// Reads opens the chat: what has arrived gets blue ticks.
func (g *Guest) Reads() {
	g.h.w.t.Helper()
	if _, err := g.MarkRead(within(g.h.w.t)); err != nil {
		g.h.w.t.Fatalf("guest reads: %v", err)
	}
}

// Shown lists the hotel's texts on the phone, in order.
func (g *Guest) Shown() []string {
	var out []string
	for _, e := range g.Transcript() {
		if e.From == simulator.FromHotel && e.Status != simulator.StatusFailed {
			out = append(out, e.Text)
		}
	}
	return out
}
