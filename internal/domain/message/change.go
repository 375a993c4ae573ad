package message

import (
	"cmp"
	"slices"
	"time"
)

// Change is what somebody did to a message after it was sent: reacted to it, edited it
// or took it back. It may reach us before the message does. Whatever the order in which
// changes arrive, a message ends up the same: see With.
type Change struct {
	ID     string // Meta's id of the change itself
	Target string // Meta's id of the message
	Kind   ChangeKind
	By     Direction // Inbound: the guest did it; Outbound: the hotel, on its phone
	At     time.Time
	Emoji  string // of a reaction; none takes it back
	Text   *Words // of an edit; nil once what it said is forgotten
}

// ChangeKind is the sort of a change.
type ChangeKind string

// The kinds of changes.
const (
	Reacting ChangeKind = "reaction"
	Editing  ChangeKind = "edit"
	Revoking ChangeKind = "revoke"
	Original ChangeKind = "original" // not a change: what the message said before the first one
)

// Words is what a message says, apart from how it is going.
type Words struct {
	Kind     Kind     `json:"kind"`
	Content  string   `json:"content"`
	Metadata Metadata `json:"metadata"`
}

// Reacted is the emoji that one side has put on a message.
type Reacted struct {
	Emoji string    `json:"emoji"`
	By    Sender    `json:"by"` // GUEST, or PERSON for the hotel
	At    time.Time `json:"at"`
}

// RevokedContent is what people read in the place of a message that was taken back.
const RevokedContent = "[Mensagem apagada]"

// With returns the message after all changes that are known of it. Only whoever wrote a
// message can edit it or take it back; the last edit counts, nothing comes after a
// revocation, and each side has one reaction, its last.
func (m Message) With(changes ...Change) Message {
	changes = slices.Clone(changes)
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	m = m.firstSaid(changes)
	var guest, hotel Reacted
	for _, c := range changes {
		switch c.Kind {
		case Reacting:
			if c.By == Inbound {
				guest = Reacted{c.Emoji, Guest, c.At}
			} else {
				hotel = Reacted{c.Emoji, Person, c.At}
			}
		case Editing:
			m = m.edited(c)
		case Revoking:
			m = m.revoked(c)
		case Original:
		}
	}
	m.Metadata.Reactions = nil
	for _, r := range []Reacted{guest, hotel} {
		if r.Emoji != "" && m.Metadata.RevokedAt.IsZero() {
			m.Metadata.Reactions = append(m.Metadata.Reactions, r)
		}
	}
	return m
}

// firstSaid returns the message as it was before the first change. What became of its
// file since then stays.
func (m Message) firstSaid(changes []Change) Message {
	for _, c := range changes {
		if c.Kind != Original || c.Text == nil || m.IsRevoked() {
			continue
		}
		if m.Kind = c.Text.Kind; m.Kind.HasMedia() && m.Metadata.MediaID == c.Text.Metadata.MediaID {
			m.Content, m.Metadata.Caption, m.Metadata.EditedAt = c.Text.Content, c.Text.Metadata.Caption, time.Time{}
		} else {
			m.Content, m.Metadata = c.Text.Content, c.Text.Metadata
		}
	}
	return m
}

// Says returns what the message says now, to be kept before a change.
func (m Message) Says() *Words { return &Words{m.Kind, m.Content, m.Metadata} }

func (m Message) edited(c Change) Message {
	if c.By != m.Direction || c.Text == nil || !m.Metadata.RevokedAt.IsZero() {
		return m
	}
	m.Metadata.EditedAt = c.At
	switch w := c.Text; {
	case m.Kind.HasMedia() && (w.Kind == Text || w.Metadata.MediaID == ""): // only the words below the file
		m.Content, m.Metadata.Caption = w.Content, w.Content
	case w.Kind.HasMedia() && w.Metadata.MediaID == m.Metadata.MediaID:
		m.Content, m.Metadata.Caption = w.Content, w.Metadata.Caption
	default:
		before := m.Metadata
		m.Kind, m.Content, m.Metadata = w.Kind, w.Content, w.Metadata
		m.Metadata.EditedAt = c.At
		m.Metadata.Context, m.Metadata.Referral, m.Metadata.FromPhone = before.Context, before.Referral, before.FromPhone
		m.Metadata.ClockWrong, m.Metadata.ImportedFrom = before.ClockWrong, before.ImportedFrom
	}
	return m
}

// revoked empties the message: what it said, its file and what it quoted are gone.
func (m Message) revoked(c Change) Message {
	if c.By != m.Direction || !m.Metadata.RevokedAt.IsZero() {
		return m
	}
	m.Kind, m.Content = Text, RevokedContent
	m.Metadata = Metadata{
		RevokedAt: c.At, FromPhone: m.Metadata.FromPhone, ClockWrong: m.Metadata.ClockWrong, ImportedFrom: m.Metadata.ImportedFrom,
	}
	return m
}

// IsRevoked reports whether whoever wrote the message took it back.
func (m Message) IsRevoked() bool { return !m.Metadata.RevokedAt.IsZero() }
