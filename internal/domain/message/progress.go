package message

import "time"

// Progress is when a message got how far, and what it costs, as WhatsApp tells in
// statuses. They come in any order and repeatedly.
type Progress struct {
	Sent      time.Time `json:"sent,omitzero"`
	Delivered time.Time `json:"delivered,omitzero"`
	Read      time.Time `json:"read,omitzero"`
	Played    time.Time `json:"played,omitzero"`
	Failed    time.Time `json:"failed,omitzero"` // on some telephone, even if another one got it
	Pricing   *Pricing  `json:"pricing,omitempty"`
}

// Pricing is what WhatsApp charges for a message. All values are open lists.
type Pricing struct {
	Model    string `json:"model,omitempty"`
	Type     string `json:"type,omitempty"`
	Category string `json:"category,omitempty"`
	Billable *bool  `json:"billable,omitempty"` // Meta will stop telling: type and category say it
}

// IsZero reports whether nothing is known.
func (p Progress) IsZero() bool { return p == Progress{} }

// Note returns the progress with one more status. Of each the earliest time counts, and of
// the price what was told first.
func (p Progress) Note(s Status, at time.Time, pricing *Pricing) Progress {
	for _, f := range []struct {
		status Status
		at     *time.Time
	}{{Sent, &p.Sent}, {Delivered, &p.Delivered}, {Read, &p.Read}, {Played, &p.Played}, {Failed, &p.Failed}} {
		if f.status == s && !at.IsZero() && (f.at.IsZero() || at.Before(*f.at)) {
			*f.at = at.UTC()
		}
	}
	if p.Pricing == nil {
		p.Pricing = pricing
	}
	return p
}

// DeliveredAt returns when the message was on the guest's telephone: what was read was
// delivered, though WhatsApp may say only that it was read.
func (p Progress) DeliveredAt() time.Time { return earliest(p.Delivered, p.Read, p.Played) }

// ReadAt returns when the guest saw the message.
func (p Progress) ReadAt() time.Time { return earliest(p.Read, p.Played) }

func earliest(times ...time.Time) time.Time {
	var first time.Time
	for _, t := range times {
		if first.IsZero() || !t.IsZero() && t.Before(first) {
			first = t
		}
	}
	return first
}

// Told returns the message after a status, whatever the order of arrival.
func (m Message) Told(s Status, at time.Time, failure *Failure, pricing *Pricing) Message {
	next := m.Status.Advance(s)
	if next == Failed && m.Status != Failed {
		m.Failure = failure
	}
	if next != Failed {
		m.Failure = nil
	}
	m.Status, m.Progress = next, m.Progress.Note(s, at, pricing)
	return m
}
