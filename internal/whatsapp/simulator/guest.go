package simulator

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Guest is a person's phone in a chat with one account. It is a cheap handle: guests come into being when they first
// say or are sent something.
type Guest struct {
	sim     *Simulator
	account string
	phone   string
}

// Errors of a guest's actions.
var (
	ErrNoAccount = errors.New("no such account")
	ErrNoMessage = errors.New("no such message in this chat")
	ErrNoChoice  = errors.New("no such button or row in this message")
	ErrBadPhone  = errors.New("a phone has 8 to 15 digits")
	ErrClosed    = errors.New("simulator is closed")
)

// Guest returns the phone with this number in its chat with an account (a PhoneNumberID). The number may have any
// format; with and without Brazil's ninth digit is the same guest.
func (s *Simulator) Guest(accountID, phone string) *Guest {
	return &Guest{sim: s, account: accountID, phone: phone}
}

// open returns the locked account and the guest, making the latter. The caller unlocks.
func (g *Guest) open() (*account, *guest, error) {
	a := g.sim.account(g.account)
	switch {
	case a == nil:
		return nil, nil, fmt.Errorf("%w: %s", ErrNoAccount, g.account)
	case !isPhone(g.phone):
		return nil, nil, ErrBadPhone
	case g.sim.isClosed():
		return nil, nil, ErrClosed
	}
	a.mu.Lock()
	return a, a.guestFor(g.phone), nil
}

// Set changes the guest's settings, making the guest when it is new.
func (g *Guest) Set(settings GuestSettings) error {
	a, guest, err := g.open()
	if err != nil {
		return err
	}
	defer a.mu.Unlock()
	if settings.WaID != "" {
		guest.waID = digitsOf(settings.WaID)
	}
	back := guest.settings.Offline && !settings.Offline
	guest.settings = settings
	a.touch(guest, nil)
	if back {
		g.sim.deliverMissed(a, guest)
	}
	return nil
}

// Wrote opens the service window as if the guest had written at that time, before this simulator was there to hear it:
// a simulator forgets with its process, the hotel's desk does not.
func (g *Guest) Wrote(at time.Time) error {
	a, guest, err := g.open()
	if err != nil {
		return err
	}
	defer a.mu.Unlock()
	if until := at.Add(serviceWindow); until.After(guest.windowUntil) {
		guest.windowUntil = until
		a.touch(guest, nil)
	}
	return nil
}

// messageTTL is how long Meta tries to deliver; one-time codes 10 minutes (Meta's template page).
const (
	messageTTL = 30 * 24 * time.Hour
	codeTTL    = 10 * time.Minute
)

// deliverMissed delivers what came while the phone was off. The caller holds a.mu.
func (s *Simulator) deliverMissed(a *account, guest *guest) {
	now := s.clock.time()
	for _, e := range guest.entries {
		expired := now.Sub(e.At) > orDuration(e.ttl, messageTTL) // it was dropped, and nobody is told
		if e.From == FromHotel && e.Status == StatusSent && e.Type != "reaction" && !expired {
			m := sentMessage{acc: a, guest: guest, entry: e}
			s.clock.after(0, func() { s.markDelivered(m) })
		}
	}
}

// Says sends a text and returns its wamid as soon as the webhook is queued. Await with Taken waits for the 200.
func (g *Guest) Says(ctx context.Context, text string) (string, error) {
	return g.Sends(ctx, Text(text))
}

// Sends sends a message of any type and returns its wamid as soon as the webhook is queued. Refusals wrap
// ErrBadInbound, ErrNoMessage, ErrNoAccount or ErrBadPhone.
func (g *Guest) Sends(ctx context.Context, m Inbound) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("guest sends: %w", err)
	}
	if err := m.check(); err != nil {
		return "", err
	}
	media, err := g.sim.inboundMedia(g.account, &m)
	if err != nil {
		return "", err
	}
	a, guest, err := g.open()
	if err != nil {
		return "", err
	}
	defer a.mu.Unlock()
	return g.sim.receive(a, guest, &m, media)
}

// receive takes a guest's message: transcript, window, webhook. The caller holds a.mu, so that the webhooks of one
// guest are queued in the order of the transcript.
func (s *Simulator) receive(a *account, g *guest, m *Inbound, media *mediaJSON) (string, error) {
	now, k := s.clock.time(), s.knobs.Load()
	out := &messageJSON{
		From: g.waID, FromUserID: g.userID, FromParent: g.settings.ParentID, Group: m.GroupID,
		ID: s.ids.wamid(g.waID, true), Timestamp: unixText(now), Type: m.Type, Referral: m.Referral,
	}
	if err := s.change(a, g, m, now); err != nil {
		return "", err
	}
	out.Type = m.Type
	e := &Entry{ID: out.ID, From: FromGuest, Type: m.Type, At: now, Status: StatusQueued, ReplyTo: m.ReplyTo}
	if g.hides(now) {
		out.From = ""
	}
	if m.from != nil {
		out.From, out.FromUserID = *m.from, m.fromID
	}
	if err := a.quote(g, m, out); err != nil {
		return "", err
	}
	if m.Type == "reaction" && !a.react(g, m.MessageID, m.Emoji, FromGuest) {
		return "", ErrNoMessage
	}
	m.fill(out, e, media)
	if m.choice != nil {
		m.fillAnswer(out, e, g, now)
		m.Type = out.Type
	}
	encoded := m.encode(out, k.EscapeSlash)
	e.Content = m.contentOf(encoded)
	a.rate.take(a.number.mps(k.Throughput), now, true)
	if !silentTypes[m.Type] && m.GroupID == "" {
		g.windowUntil = now.Add(serviceWindow)
	}
	if m.Referral != nil {
		g.offerUntil = now.Add(entryOffer)
	}
	a.add(g, e)
	s.count.guestMessages.Add(1)
	a.sender.enqueue(s.inboundItem(a, g, e, m, encoded))
	return e.ID, nil
}

func (s *Simulator) inboundItem(a *account, g *guest, e *Entry, m *Inbound, encoded []byte) item {
	it := item{guest: g.key, message: encoded, kind: m.Type, done: func(accepted bool) {
		to := StatusDelivered
		if !accepted {
			to = StatusDropped
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		if e.advance(to) {
			a.touch(g, e)
		}
	}}
	if m.Type != "system" { // system messages carry no contacts
		contact := g.contact(s.clock.time(), true)
		it.contact = &contact
	}
	return it
}

// quote fills context. The caller holds a.mu.
func (a *account) quote(g *guest, m *Inbound, out *messageJSON) error {
	if m.ReplyTo == "" && !m.Forwarded && !m.Often && m.Product == nil {
		return nil
	}
	out.Context = &contextJSON{Forwarded: m.Forwarded && !m.Often, Often: m.Often, Product: m.Product}
	if m.ReplyTo == "" {
		return nil
	}
	original := g.find(m.ReplyTo)
	if original == nil {
		return ErrNoMessage
	}
	out.Context.ID, out.Context.From = m.ReplyTo, a.info.Load().DisplayNumber
	if original.From == FromGuest {
		out.Context.From = out.From
	}
	return nil
}

// react puts an emoji on a message and says whether the message exists. The caller holds a.mu.
func (a *account) react(g *guest, wamid, emoji, from string) bool {
	e := g.find(wamid)
	if e == nil || e.Type == "reaction" {
		return false
	}
	if from == FromGuest {
		e.GuestReaction = emoji
	} else {
		e.HotelReaction = emoji
	}
	a.touch(g, e)
	return true
}

// React puts an emoji on a message; an empty one takes it back.
func (g *Guest) React(ctx context.Context, wamid, emoji string) (string, error) {
	return g.Sends(ctx, Reaction(wamid, emoji))
}

// Tap presses a button or list row of a received message, named by its id or title, and returns the wamid of the
// answer. It refuses what was not sent: ErrNoMessage, ErrNoChoice.
func (g *Guest) Tap(ctx context.Context, wamid, choice string) (string, error) {
	c, err := g.choose(wamid, choice)
	if err != nil {
		return "", err
	}
	m := Inbound{Type: "interactive", ReplyTo: wamid, choice: c}
	if c.Kind == ChoiceQuick {
		m.Type = "button"
	}
	return g.Sends(ctx, m)
}

// TapButton presses a button or list row of the latest message that has it.
func (g *Guest) TapButton(ctx context.Context, choice string) (string, error) {
	entries := g.Transcript()
	for i := len(entries) - 1; i >= 0; i-- {
		if findChoice(entries[i].Choices, choice) != nil {
			return g.Tap(ctx, entries[i].ID, choice)
		}
	}
	return "", ErrNoChoice
}

func (g *Guest) choose(wamid, choice string) (*Choice, error) {
	a, guest, err := g.open()
	if err != nil {
		return nil, err
	}
	defer a.mu.Unlock()
	e := guest.find(wamid)
	if e == nil || e.From != FromHotel {
		return nil, ErrNoMessage
	}
	c := findChoice(e.Choices, choice)
	if c == nil {
		return nil, ErrNoChoice
	}
	e.Chosen = c.ID
	a.touch(guest, e)
	return c, nil
}

func findChoice(choices []Choice, idOrTitle string) *Choice {
	for _, c := range choices {
		if c.ID == idOrTitle {
			return &c
		}
	}
	for _, c := range choices {
		if c.Title == idOrTitle {
			return &c
		}
	}
	return nil
}

// MarkRead reads every message that reached the phone and returns how many. With NoReadReceipts nothing is reported.
func (g *Guest) MarkRead(ctx context.Context) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("guest reads: %w", err)
	}
	a, guest, err := g.open()
	if err != nil {
		return 0, err
	}
	var unread []sentMessage
	for _, e := range guest.entries {
		if e.From == FromHotel && e.Status == StatusDelivered && e.Type != "reaction" {
			unread = append(unread, sentMessage{acc: a, guest: guest, entry: e})
		}
	}
	silent := guest.settings.NoReadReceipts || g.sim.knobs.Load().Statuses.Off
	a.mu.Unlock()
	for _, m := range unread {
		g.sim.read(m, silent)
	}
	return len(unread), nil
}

func (s *Simulator) read(m sentMessage, silent bool) {
	if !silent {
		s.report(m, StatusRead, nil)
		return
	}
	m.acc.mu.Lock()
	defer m.acc.mu.Unlock()
	if m.entry.advance(StatusRead) {
		m.acc.touch(m.guest, m.entry)
	}
}
