package simulator

import (
	"container/list"
	"sync"
	"sync/atomic"
	"time"
)

// account is the live state of one business number. Its mutex guards its guests and their transcripts too.
type account struct {
	sim    *Simulator
	sender *sender

	info atomic.Pointer[Account] // replaced as a whole, never changed

	mu           sync.Mutex
	subscribed   bool
	override     string // webhook address of the number, set through the Graph API
	wabaOverride string
	guests       map[string]*guest // by canonical phone
	byUserID     map[string]*guest
	recent       *list.List // of *guest, the most recently changed in front
	messages     map[string]placed
	evicted      bool // some message was forgotten: an unknown wamid may have been real
	rate         throughput
	number       number
	rev          int64
}

// placed finds a message's guest from its wamid.
type placed struct {
	guest *guest
	entry *Entry
}

// guest is one person's phone as one account sees it.
type guest struct {
	key         string
	phone       string // digits as first given
	settings    GuestSettings
	waID        string
	userID      string
	windowUntil time.Time
	typingUntil time.Time
	offerUntil  time.Time // an answer until then opens a free entry point
	freeUntil   time.Time // end of the free entry point
	inBook      bool      // Meta's contact book knows the number for this business
	// phoneKnownUntil ends 30 days after the business last wrote to the number.
	phoneKnownUntil time.Time
	pair            pairRate
	entries         []*Entry
	rev             int64
	place           *list.Element
	changed         broadcast
}

// GuestSettings are what a person may decide about their phone.
type GuestSettings struct {
	Name string `json:"name"` // empty: the profile has no name, as with many real guests
	// WaID is WhatsApp's id when it differs from the number, mostly a Brazilian one without the ninth digit.
	WaID string `json:"waId,omitempty"`
	// HidePhone leaves the number out of webhooks: only the business-scoped user id identifies the guest.
	HidePhone      bool `json:"hidePhone,omitempty"`
	Offline        bool `json:"offline,omitempty"`        // messages stay "sent" until the phone is back
	NoReadReceipts bool `json:"noReadReceipts,omitempty"` // never reports "read"
	NotOnWhatsApp  bool `json:"notOnWhatsApp,omitempty"`  // everything fails with 131026
	// Username hides the number from businesses that do not know it already.
	Username string `json:"username,omitempty"`
	ParentID string `json:"parentId,omitempty"` // parent business-scoped user id
	// IdentityHash is the key of the phone, for numbers that check it: another hash in a send fails with 137000.
	IdentityHash     string `json:"identityHash,omitempty"`
	ChatOpen         bool   `json:"chatOpen,omitempty"`         // "read" comes without "delivered"
	Blocked          bool   `json:"blocked,omitempty"`          // blocked the business: 131026
	StoppedMarketing bool   `json:"stoppedMarketing,omitempty"` // 131050
	MarketingSpent   bool   `json:"marketingSpent,omitempty"`   // per-user marketing limit: 131049
	Experiment       bool   `json:"experiment,omitempty"`       // 130472
}

// phoneKnownFor is how long a business knows the number of a guest with a username after writing to it (Meta, 2026).
const phoneKnownFor = 30 * 24 * time.Hour

// hides says whether webhooks leave the guest's number out. The caller holds a.mu.
func (g *guest) hides(now time.Time) bool {
	return g.settings.HidePhone || g.settings.Username != "" && !g.inBook && !now.Before(g.phoneKnownUntil)
}

// byParent finds a guest by the parent business-scoped user id. The caller holds a.mu.
func (a *account) byParent(id string) *guest {
	for _, g := range a.guests {
		if id != "" && g.settings.ParentID == id {
			return g
		}
	}
	return nil
}

func newAccount(s *Simulator, info Account) *account {
	a := &account{sim: s, subscribed: true}
	a.info.Store(&info)
	a.sender = newSender(s, a)
	a.forget()
	return a
}

// forget drops all guests and messages.
func (a *account) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, g := range a.guests {
		g.changed.notify()
	}
	a.guests, a.byUserID = map[string]*guest{}, map[string]*guest{}
	a.messages, a.recent = map[string]placed{}, list.New()
	a.rate, a.evicted, a.number = throughput{}, false, newNumber()
}

// target is where webhooks go now: the number's override, else the WABA's, else the app's address. The secret goes
// with it because the app signs.
func (a *account) target() (url, secret string, subscribed bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	info := a.info.Load()
	url = info.WebhookURL
	if a.wabaOverride != "" {
		url = a.wabaOverride
	}
	if a.override != "" {
		url = a.override
	}
	return url, info.AppSecret, a.subscribed
}

// guestFor finds or makes the guest with this phone. The caller holds a.mu.
func (a *account) guestFor(phone string) *guest {
	key := canonicalPhone(phone)
	if g := a.guests[key]; g != nil {
		return g
	}
	g := &guest{key: key, phone: digitsOf(phone)}
	g.waID = a.sim.waIDFor(g.phone)
	g.userID = bsuidOf(key, a.info.Load().WABAID)
	a.guests[key], a.byUserID[g.userID] = g, g
	g.place = a.recent.PushFront(g)
	a.touch(g, nil)
	for len(a.guests) > a.sim.opts.Bounds.Guests {
		a.dropOldestGuest()
	}
	return g
}

func (s *Simulator) waIDFor(phone string) string {
	switch s.knobs.Load().NinthDigit {
	case NinthDrop:
		return withoutNinth(phone)
	case NinthByArea:
		return ninthByArea(phone)
	}
	return phone
}

func (a *account) dropOldestGuest() {
	g, _ := a.recent.Remove(a.recent.Back()).(*guest)
	delete(a.guests, g.key)
	delete(a.byUserID, g.userID)
	for _, e := range g.entries {
		delete(a.messages, e.ID)
	}
	a.evicted = true
	a.sim.count.guestsForgotten.Add(1)
	g.changed.notify()
}

// touch notes a change of a guest and of one of its entries (or none) and wakes everybody who watches. The caller
// holds a.mu.
func (a *account) touch(g *guest, e *Entry) {
	a.rev++
	g.rev = a.rev
	if e != nil {
		e.Rev = a.rev
	}
	if a.guests[g.key] == g {
		a.recent.MoveToFront(g.place)
	}
	g.changed.notify()
	a.sim.changed.notify()
}

// add puts a new entry into a transcript, dropping the oldest beyond the bound. The caller holds a.mu.
func (a *account) add(g *guest, e *Entry) {
	if len(g.entries) >= a.sim.opts.Bounds.Transcript {
		delete(a.messages, g.entries[0].ID)
		g.entries[0] = nil
		g.entries = g.entries[1:]
		a.evicted = true
	}
	g.entries = append(g.entries, e)
	a.messages[e.ID] = placed{g, e}
	a.touch(g, e)
}

// contact is the contacts[] element of a guest. Of the statuses only delivered and read name the username.
func (g *guest) contact(now time.Time, username bool) contactJSON {
	c := contactJSON{UserID: g.userID, ParentID: g.settings.ParentID, Identity: g.settings.IdentityHash}
	c.Profile.Name = g.settings.Name
	if username {
		c.Profile.Username = g.settings.Username
	}
	if !g.hides(now) {
		c.WaID = g.waID
	}
	return c
}
