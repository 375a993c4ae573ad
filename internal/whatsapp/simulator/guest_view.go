package simulator

import "time"

// View is a guest as lists show it.
type View struct {
	AccountID   string        `json:"accountId"`
	Phone       string        `json:"phone"`
	WaID        string        `json:"waId"`
	UserID      string        `json:"userId"`
	Settings    GuestSettings `json:"settings"`
	Rev         int64         `json:"rev"`
	WindowUntil time.Time     `json:"windowUntil,omitzero"`
	TypingUntil time.Time     `json:"typingUntil,omitzero"` // the hotel is typing until then, or until it sends
	Unread      int           `json:"unread"`
	Last        *Entry        `json:"last,omitempty"`
}

// Guests lists an account's guests, the most recently active first.
func (s *Simulator) Guests(accountID string) []View {
	a := s.account(accountID)
	if a == nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.viewsAfter(0, len(a.guests))
}

// viewsAfter lists guests changed after rev, the most recent first. The caller holds a.mu.
func (a *account) viewsAfter(rev int64, limit int) []View {
	out := []View{}
	for el := a.recent.Front(); el != nil && len(out) < limit; el = el.Next() {
		g, _ := el.Value.(*guest)
		if g.rev <= rev {
			break
		}
		out = append(out, a.view(g))
	}
	return out
}

func (a *account) view(g *guest) View {
	v := View{
		AccountID: a.info.Load().PhoneNumberID, Phone: g.phone, WaID: g.waID, UserID: g.userID, Settings: g.settings,
		Rev: g.rev, WindowUntil: g.windowUntil, TypingUntil: g.typingUntil,
	}
	for i := len(g.entries) - 1; i >= 0; i-- {
		e := g.entries[i]
		if e.From == FromHotel && e.Status == StatusDelivered && e.Type != "reaction" {
			v.Unread++
		}
		if v.Last == nil && e.Type != "reaction" {
			last := *e
			v.Last = &last
		}
	}
	return v
}

// View returns the guest as lists show it, making the guest when it is new.
func (g *Guest) View() (View, error) {
	a, guest, err := g.open()
	if err != nil {
		return View{}, err
	}
	defer a.mu.Unlock()
	return a.view(guest), nil
}
