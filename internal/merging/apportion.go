package merging

import (
	"slices"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
)

// shares says whose is what, of two guests who are two again.
type shares struct {
	theirs map[id.Conversation]bool // the absorbed guest's; all others are the survivor's
	moves  []move
}

// move is what was said in a conversation of the one guest and belongs to the other.
type move struct {
	from     id.Conversation
	toTheirs bool
	messages []postgres.Arrived
}

// apportion divides what is the merged guest's. Conversations go back to whose they were.
// One that began since is the absorbed guest's if nobody else wrote in it. What was said
// since goes with the alias by which it came; what the hotel said, with whom it was
// answering: replies go to whoever wrote last. said is everything since, in order.
func (s snapshot) apportion(all []id.Conversation, said []postgres.Arrived) shares {
	returning := s.returning()
	sh := shares{theirs: map[id.Conversation]bool{}}
	for _, c := range all {
		sh.theirs[c] = slices.Contains(s.Theirs, c) || !slices.Contains(s.Ours, c) && onlyFrom(returning, c, said)
	}
	answers := s.Address == s.Absorbed.ID
	for _, m := range said {
		switch {
		case m.Direction == message.Inbound && m.Origin.IsZero():
			continue // it was on its way during the merge, and stays where it is
		case m.Direction == message.Inbound:
			answers = returning[m.Origin]
		}
		if answers != sh.theirs[m.ConversationID] {
			sh.add(m, answers)
		}
	}
	return sh
}

func (sh *shares) add(m postgres.Arrived, toTheirs bool) {
	i := slices.IndexFunc(sh.moves, func(v move) bool { return v.from == m.ConversationID && v.toTheirs == toTheirs })
	if i < 0 {
		i = len(sh.moves)
		sh.moves = append(sh.moves, move{from: m.ConversationID, toTheirs: toTheirs})
	}
	sh.moves[i].messages = append(sh.moves[i].messages, m)
}

// onlyFrom reports whether guests wrote in a conversation, and only these.
func onlyFrom(guests map[id.Contact]bool, c id.Conversation, said []postgres.Arrived) bool {
	wrote := false
	for _, m := range said {
		if m.ConversationID != c || m.Direction != message.Inbound || m.Origin.IsZero() {
			continue
		}
		if !guests[m.Origin] {
			return false
		}
		wrote = true
	}
	return wrote
}

// returning is whose aliases the absorbed guest had: their own, and those of guests who
// were merged into them before.
func (s snapshot) returning() map[id.Contact]bool {
	out := map[id.Contact]bool{s.Absorbed.ID: true}
	for _, a := range s.Aliases {
		if a.Contact == s.Absorbed.ID && !a.Origin.IsZero() {
			out[a.Origin] = true
		}
	}
	return out
}

// apart returns whose each alias is when the guests are two again. One that was learned
// since goes with the alias by which it was learned.
func (s snapshot) apart(now []contact.OwnedAlias) []contact.OwnedAlias {
	returning := s.returning()
	merged := false // the survivor had merged others before, whose merges may still be undone
	for _, a := range s.Aliases {
		merged = merged || a.Contact == s.Before.ID && !a.Origin.IsZero()
	}
	out := slices.Clone(now)
	for i := range out {
		a := &out[i]
		j := slices.IndexFunc(s.Aliases, func(b contact.OwnedAlias) bool { return b.Alias == a.Alias })
		switch {
		case j >= 0:
			*a = s.Aliases[j]
		case returning[a.Origin]:
			a.Contact = s.Absorbed.ID
			if a.Origin == s.Absorbed.ID {
				a.Origin = id.Contact{}
			}
		case !merged:
			a.Origin = id.Contact{}
		}
	}
	return out
}
