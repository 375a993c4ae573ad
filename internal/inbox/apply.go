package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
)

// application is one transaction over a batch of one tenant's items. Each step is
// one statement for the whole batch.
type application struct {
	tx      *postgres.Tx
	hotel   *directory.Hotel
	now     time.Time
	origins []id.Contact // of each message's alias; see guests
}

// messages stores guests' messages: contact, conversation, message once, who
// answers, events and hand-overs.
func (a *application) messages(ctx context.Context, all []received) error {
	fresh, err := a.dropKnown(ctx, all)
	if err != nil || len(fresh) == 0 {
		return err
	}
	slices.SortStableFunc(fresh, func(x, y received) int { return x.At.Compare(y.At) })
	guests, err := a.guests(ctx, fresh)
	if err != nil {
		return err
	}
	cards, err := a.conversations(ctx, guests)
	if err != nil {
		return err
	}
	if err := a.keepWindows(ctx, fresh, guests, cards); err != nil {
		return err
	}
	stored := make([]message.Message, 0, len(fresh))
	for i, m := range fresh {
		card := cards[guests[i].ID]
		stored = append(stored, a.say(card, m))
	}
	if err := a.save(ctx, cards, stored); err != nil {
		return err
	}
	return a.noteOrigins(ctx, fresh, guests, cards, stored)
}

// dropKnown leaves out what Meta repeats, within the batch or from before.
func (a *application) dropKnown(ctx context.Context, all []received) ([]received, error) {
	keys := make([]postgres.Received, len(all))
	for i, m := range all {
		keys[i] = postgres.Received{Number: m.number, WAMID: m.WAMID}
	}
	known, err := a.tx.KnownMessages(ctx, keys)
	if err != nil {
		return nil, err
	}
	if known == nil {
		known = map[postgres.Received]bool{}
	}
	var fresh []received
	for i, m := range all {
		if !known[keys[i]] {
			known[keys[i]] = true
			fresh = append(fresh, m)
		}
	}
	return fresh, nil
}

// talk is a conversation in the course of a batch.
type talk struct {
	conversation.Card
	isNew bool
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

// keepWindows lets the 24-hour window go on in conversations that begin with a
// reaction: it opens none, but the one that is open belongs to the guest.
func (a *application) keepWindows(ctx context.Context, fresh []received, guests []contact.Contact, talks map[id.Contact]*talk) error {
	for i, m := range fresh {
		t := talks[guests[i].ID]
		if m.Kind != message.Reaction || !t.isNew || !t.LastInboundAt.IsZero() {
			continue
		}
		last, err := a.tx.LatestConversation(ctx, t.ContactID)
		if err != nil && !errors.Is(err, conversation.ErrNotFound) {
			return err
		}
		t.LastInboundAt = last.LastInboundAt
	}
	return nil
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
	opens := t.isNew && t.LastMessageAt.IsZero()
	t.NumberID = in.number
	if in.Kind != message.Reaction {
		t.Conversation = t.GuestWrote(in.At).Show(m.Preview())
	}
	card := t.Card
	if opens {
		a.tx.Emit(event.Event{Name: event.ConversationNew, Card: &card})
	}
	a.tx.Emit(event.Event{Name: event.MessageNew, Card: &card, Message: &m})
	if t.Route(a.facts(m)) == conversation.ByBot {
		a.tx.Enqueue(lane.Handoff, lane.New{Key: t.ID.String(), NumberID: in.number, Payload: handoffPayload(m.ID, opens)})
	}
	return m
}

func (a *application) facts(m message.Message) conversation.Facts {
	bot := a.hotel.Bot
	return conversation.Facts{
		HasBot: bot.URL != "", BotPaused: a.hotel.BotPaused(a.now), ForwardWhileLocked: bot.ForwardWhileLocked,
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
	return a.tx.SaveConversations(ctx, changed...)
}

// handoff is what a hand-over lane carries: ids, not data.
type handoff struct {
	MessageID id.Message `json:"messageId"`
	IsNew     bool       `json:"isNew,omitempty"`
}

func handoffPayload(m id.Message, isNew bool) []byte {
	text, err := json.Marshal(handoff{m, isNew})
	if err != nil {
		panic(fmt.Sprintf("encode hand-over: %v", err)) // an id and a boolean
	}
	return text
}
