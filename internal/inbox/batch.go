package inbox

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// batch is what lanes hold, read.
type batch struct {
	now         time.Time
	messages    []received // and news of who guests are
	changes     []postgres.Changed
	statuses    []reported
	histories   []history
	entries     []whatsapp.BookEntry
	preferences []whatsapp.Preference
	news        []whatsapp.AccountNews
	unreadable  []unreadable
}

// received is a message between a guest and a number of the hotel's.
type received struct {
	whatsapp.Inbound
	number id.Number
	ours   bool           // somebody wrote it on the hotel's phone
	status message.Status // of what is past
}

type reported struct {
	whatsapp.StatusUpdate
	number id.Number
}

type history struct {
	whatsapp.History
	number id.Number
}

type unreadable struct {
	lane *lane.Lane
	item lane.Item
	err  error
}

// read parses every item. Those that cannot be read cost their neighbours nothing.
func read(lanes []*lane.Lane, now time.Time) batch {
	b := batch{now: now}
	for _, l := range lanes {
		for _, item := range l.Items {
			if err := b.add(item); err != nil {
				b.unreadable = append(b.unreadable, unreadable{l, item, err})
			}
		}
	}
	return b
}

func (b *batch) add(item lane.Item) error {
	switch whatsapp.KindOf(item.Payload) {
	case whatsapp.ItemStatus:
		s, err := whatsapp.ParseStatus(item.Payload, item.QueuedAt)
		if err == nil && !s.Ignored {
			b.statuses = append(b.statuses, reported{s, item.NumberID})
		}
		return err
	case whatsapp.ItemEcho:
		m, err := whatsapp.ParseEcho(item.Payload, item.QueuedAt)
		return b.say(received{Inbound: m, number: item.NumberID, ours: true}, err)
	case whatsapp.ItemCall:
		m, err := whatsapp.ParseCall(item.Payload, item.QueuedAt)
		return b.say(received{Inbound: m, number: item.NumberID}, err)
	case whatsapp.ItemHistory:
		return keep(&b.histories, func() (history, error) {
			h, err := whatsapp.ParseHistory(item.Payload, item.QueuedAt)
			return history{h, item.NumberID}, err
		})
	case whatsapp.ItemEntry:
		return keep(&b.entries, func() (whatsapp.BookEntry, error) { return whatsapp.ParseEntry(item.Payload, item.QueuedAt) })
	case whatsapp.ItemPreference:
		return keep(&b.preferences, func() (whatsapp.Preference, error) { return whatsapp.ParsePreference(item.Payload, item.QueuedAt) })
	case whatsapp.ItemAccount:
		return keep(&b.news, func() (whatsapp.AccountNews, error) {
			n, err := whatsapp.ParseAccount(item.Payload, item.QueuedAt)
			n.NumberID = item.NumberID
			return n, err
		})
	default:
		m, err := whatsapp.ParseMessage(item.Payload, item.QueuedAt)
		return b.say(received{Inbound: m, number: item.NumberID}, err)
	}
}

func keep[T any](list *[]T, parse func() (T, error)) error {
	value, err := parse()
	if err == nil {
		*list = append(*list, value)
	}
	return err
}

// say sorts a message. What is said in a group is nobody's private conversation.
func (b *batch) say(m received, err error) error {
	switch {
	case err != nil || m.GroupID != "" || m.Nothing:
	case m.Change != nil:
		b.changes = append(b.changes, postgres.Changed{Number: m.number, Change: *m.Change})
	default:
		b.messages = append(b.messages, m)
	}
	return err
}

// isShown reports whether a message stands in the conversation, and is not only news of who
// the guest is.
func (m received) isShown() bool {
	return m.Kind != message.Notice || m.isActOfGuest()
}

// isActOfGuest reports whether the guest did something that lets the hotel write for 24
// hours: wrote, called, or answered a question of WhatsApp's.
func (m received) isActOfGuest() bool {
	if m.ours {
		return false
	}
	notice, permission := m.Metadata.Notice, m.Metadata.Permission
	return m.Kind != message.Notice || permission != nil && !permission.Automatic || notice != nil && notice.Type == message.CallMissed
}

// all applies a batch. Who guests are comes first, and what was done to messages after the
// messages themselves.
func (a *application) all(ctx context.Context, b batch) error {
	for _, step := range []func() error{
		func() error { return a.addressBook(ctx, b.entries) },
		func() error { return a.messages(ctx, b.messages) },
		func() error { return a.change(ctx, b.changes) },
		func() error { return a.statuses(ctx, b.statuses) },
		func() error { return a.histories(ctx, b.histories) },
		func() error { return a.preferences(ctx, b.preferences) },
		func() error { return a.news(ctx, b.news) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
