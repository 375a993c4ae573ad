package inbox

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/transfer"
)

// application is one transaction over a batch of one tenant's items. Each step is
// one statement for the whole batch.
type application struct {
	tx      *postgres.Tx
	hotel   *directory.Hotel
	now     time.Time
	origins []id.Contact   // of each message's alias; see guests
	ended   []string       // lanes whose turns are over at once: the guest tapped a button
	more    map[string]int // what was queued in lanes that wait for the rest of a turn
	changes map[postgres.Received][]message.Change
	quoted  map[postgres.Received]message.Message
	before  []postgres.Changed  // what messages said that were changed before they came
	wished  map[id.Contact]bool // who wants no offers, as far as this batch changed it
}

// messages stores what was said between guests and the hotel: contact, conversation,
// message once, who answers, events and hand-overs.
func (a *application) messages(ctx context.Context, all []received) error {
	if all = a.fromOthers(all); len(all) == 0 {
		return nil
	}
	fresh, changed, err := a.dropKnown(ctx, all)
	if err != nil || len(fresh) == 0 {
		return err
	}
	slices.SortStableFunc(fresh, func(x, y received) int { return x.At.Compare(y.At) })
	guests, err := a.guests(ctx, fresh)
	if err != nil {
		return err
	}
	fresh, guests = a.shown(fresh, guests)
	if len(fresh) == 0 {
		return nil
	}
	talks, err := a.conversations(ctx, guests)
	if err != nil {
		return err
	}
	if err := a.lookUp(ctx, fresh, guests, talks, changed); err != nil {
		return err
	}
	stored := make([]message.Message, 0, len(fresh))
	for i, m := range fresh {
		stored = append(stored, a.say(talks[guests[i].ID], m))
	}
	if err := a.save(ctx, talks, stored); err != nil {
		return err
	}
	if err := a.wishes(ctx, fresh, guests, talks); err != nil {
		return err
	}
	return a.noteOrigins(ctx, fresh, guests, talks, stored)
}

// shown leaves out what was only news of who a guest is.
func (a *application) shown(fresh []received, guests []contact.Contact) ([]received, []contact.Contact) {
	if !slices.ContainsFunc(fresh, func(m received) bool { return !m.isShown() }) {
		return fresh, guests
	}
	var said []received
	var who []contact.Contact
	var origins []id.Contact
	for i, m := range fresh {
		if m.isShown() {
			said, who, origins = append(said, m), append(who, guests[i]), append(origins, a.origins[i])
		}
	}
	a.origins = origins
	return said, who
}

func (m received) key() postgres.Received { return postgres.Received{Number: m.number, WAMID: m.WAMID} }

// dropKnown leaves out what Meta repeats, within the batch or from before. It also returns
// of which messages something is known that was done to them.
func (a *application) dropKnown(ctx context.Context, all []received) (fresh []received, changed []postgres.Received, err error) {
	keys := make([]postgres.Received, len(all))
	for i, m := range all {
		keys[i] = m.key()
	}
	known, err := a.tx.KnownMessages(ctx, keys)
	if err != nil {
		return nil, nil, err
	}
	seen := make(map[postgres.Received]bool, len(all))
	for i, m := range all {
		if known[keys[i]].IsStored || seen[keys[i]] {
			continue
		}
		seen[keys[i]] = true
		fresh = append(fresh, m)
		if known[keys[i]].IsChanged {
			changed = append(changed, keys[i])
		}
	}
	return fresh, changed, nil
}

// talk is a conversation in the course of a batch.
type talk struct {
	conversation.Card
	isNew   bool
	replied time.Time // up to when somebody answered on the hotel's phone
}

// conversations returns the active conversation of each guest, locked; guests
// without one get a new one in the unit where they last were.
func (a *application) conversations(ctx context.Context, guests []contact.Contact) (map[id.Contact]*talk, error) {
	ids := distinct(guests)
	active, err := a.tx.ActiveCards(ctx, ids...)
	if err != nil {
		return nil, err
	}
	talks := make(map[id.Contact]*talk, len(ids))
	for _, card := range active {
		talks[card.ContactID] = &talk{Card: card}
	}
	if len(active) == len(ids) {
		return talks, nil
	}
	missing := slices.DeleteFunc(ids, func(c id.Contact) bool { return talks[c] != nil })
	units, err := a.tx.LastUnits(ctx, missing...)
	if err != nil {
		return nil, err
	}
	for _, g := range guests {
		if talks[g.ID] == nil {
			talks[g.ID] = &talk{isNew: true, Card: conversation.Card{
				Conversation: conversation.Begin(g.ID, "whatsapp", units[g.ID], a.now), Contact: g,
			}}
		}
	}
	return talks, nil
}

func distinct(guests []contact.Contact) []id.Contact {
	seen := map[id.Contact]bool{}
	var ids []id.Contact
	for _, g := range guests {
		if !seen[g.ID] {
			seen[g.ID] = true
			ids = append(ids, g.ID)
		}
	}
	return ids
}

// say adds a message to its conversation, tells screens, and hands it to the bot if
// the bot is to answer.
func (a *application) say(t *talk, in received) message.Message {
	m := message.Message{
		ID: id.NewMessage(), ConversationID: t.ID, ContactID: t.ContactID, NumberID: in.number, WAMID: in.WAMID,
		Direction: message.Inbound, Sender: message.Guest, Kind: in.Kind, Content: in.Content, Metadata: in.Metadata,
		Status: message.Delivered, Timestamp: in.At, CreatedAt: a.now,
	}
	if in.ours {
		m.Direction, m.Sender, m.Status = message.Outbound, message.Person, message.Sent
	}
	m = a.asChanged(in, m)
	postgres.FillQuote(&m, a.quoted)
	opens := t.isNew && t.LastMessageAt.IsZero()
	if !in.At.Before(t.LastMessageAt) || t.NumberID.IsZero() {
		t.NumberID = in.number
	}
	if in.ours {
		a.personSpoke(t, in.At)
	} else if m.IsRevoked() || !in.At.After(t.replied) { // nobody need read it any more
		unread := t.Unread
		t.Conversation = t.GuestWrote(in.At)
		m.Status, t.Unread = message.Read, unread
	} else {
		t.Conversation = t.GuestWrote(in.At)
	}
	t.Conversation = t.Show(m.Preview())
	a.fetch(m)
	card := t.Card
	if opens {
		a.tx.Emit(event.Event{Name: event.ConversationNew, Card: &card})
	}
	a.tx.Emit(event.Event{Name: event.MessageNew, Card: &card, Message: &m})
	if !in.ours && !in.Observed && !a.isColleague(in) && !m.IsRevoked() && t.Route(a.facts(m)) == conversation.ByBot {
		a.handOver(t, m, opens)
	}
	return m
}

// handOver queues a message for the bot. While the hotel has paused its bot it waits there.
func (a *application) handOver(t *talk, m message.Message, opens bool) {
	w := lane.Handover{MessageID: m.ID, IsNew: opens}
	if !a.hotel.Bot.Turns() { // each message is a turn of its own
		t.Turn++
		w.Turn = t.Turn
	}
	a.tx.Enqueue(lane.Handoff, w.In(t.ID, m.NumberID))
	if m.Metadata.Button != nil || m.Metadata.List != nil {
		a.ended = append(a.ended, t.ID.String())
	} else if a.hotel.Bot.Turns() {
		if a.more == nil {
			a.more = map[string]int{}
		}
		a.more[t.ID.String()]++
	}
}

// fetch queues the file of a message, if it has one that is not ours yet.
func (a *application) fetch(m message.Message) {
	if m.Kind.HasMedia() && m.Metadata.MediaID != "" && m.Metadata.MediaURL == "" {
		a.tx.Enqueue(lane.Media, transfer.Fetching(m))
	}
}

// personSpoke is what answering on the hotel's phone does: the person there holds the
// conversation, so the bot is silent. It opens no window. What comes days late holds
// nothing any more.
func (a *application) personSpoke(t *talk, at time.Time) {
	if a.now.Sub(at) < conversation.Window {
		t.Conversation = t.To(conversation.InProgress, a.now).LockFor(conversation.System, a.now)
	}
	for _, first := range []*time.Time{&t.FirstReplyAt, &t.FirstHumanAt} {
		if first.IsZero() || at.Before(*first) {
			*first = at
		}
	}
}

func (a *application) facts(m message.Message) conversation.Facts {
	bot := a.hotel.Bot
	return conversation.Facts{
		HasBot: a.hotel.HasFlow(), IsBarred: a.hotel.MayWork(a.now) != nil, ForwardWhileLocked: bot.ForwardWhileLocked,
		WakesBot: m.Kind.WakesBot(), SentAt: m.Timestamp, Now: a.now,
	}
}

// save writes what the batch made and changed. Messages go before the conversations
// that were there already: their foreign key is checked against the row as it was,
// which is cheaper than against one changed a moment ago.
func (a *application) save(ctx context.Context, talks map[id.Contact]*talk, messages []message.Message) error {
	var made, changed []conversation.Conversation
	for _, t := range talks {
		if t.LastMessageAt.IsZero() {
			t.LastMessageAt = a.now // begun with something that is not shown as a message
		}
		if t.isNew {
			made = append(made, t.Conversation)
		} else {
			changed = append(changed, t.Conversation)
		}
	}
	if err := a.tx.InsertConversations(ctx, made...); err != nil {
		return err
	}
	if err := a.tx.InsertMessages(ctx, a.now, messages...); err != nil {
		return err
	}
	if err := a.tx.SaveConversations(ctx, changed...); err != nil {
		return err
	}
	for _, key := range a.ended {
		if err := a.tx.WakeLane(ctx, lane.Handoff, key); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(a.more)) {
		if err := a.tx.WakeFullLane(ctx, lane.Handoff, key, turnMost-a.more[key]); err != nil {
			return err
		}
	}
	return a.saveSeldom(ctx, talks, messages)
}
