package whatsapp

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// History is what a guest and the hotel said before the number came to us. It wakes nobody.
type History struct {
	Guest    contact.Identity
	Messages []Past // in the order of the payload; what cannot be read is left out
}

// Past is one message of a history.
type Past struct {
	Inbound
	Direction message.Direction
	Status    message.Status
}

type wireChunk struct {
	Raw     json.RawMessage `json:"metadata"`
	Threads rawList         `json:"threads"`
	Errors  rawList         `json:"errors"`
}

// progress returns how much of the history has come, in percent.
func (c wireChunk) progress() string {
	var m struct {
		Progress loose `json:"progress"`
	}
	_ = readLoosely(c.Raw, &m) // without any it is not complete
	return string(m.Progress)
}

type wireThread struct {
	ID       loose   `json:"id"`
	Messages rawList `json:"messages"`
}

// chunk is how many messages of a thread are one item: Meta sends thousands at once, and an item is worked on in
// one transaction.
const chunk = 100

// historyItems cuts a history into pieces of one guest each. Files follow in calls of their own, as messages. That
// the guest's hotel declined, or that all has come, is news for its administrators.
func (v *wireValue) historyItems(p Part, entry wireEntry) []Item {
	var items []Item
	line := p.display()
	for _, raw := range v.History {
		var c wireChunk
		if readObject(raw, &c) != nil {
			continue
		}
		if len(c.Errors) > 0 || len(c.Raw) > 0 && c.progress() == "100" {
			items = append(items, p.without(c).accountItem(entry))
		}
		for _, rawThread := range c.Threads {
			var t wireThread
			if readObject(rawThread, &t) != nil {
				continue
			}
			for part := range slices.Chunk(t.Messages, chunk) {
				items = append(items, historyItem(line, t.ID, part))
			}
		}
	}
	for _, raw := range v.Messages {
		items = append(items, historyItem(line, "", rawList{raw}))
	}
	return items
}

// display returns the number itself, which only histories need to know.
func (p Part) display() loose {
	var c struct {
		Value struct {
			Metadata struct {
				Display loose `json:"display_phone_number"`
			} `json:"metadata"`
		} `json:"value"`
	}
	_ = readLoosely(p.change, &c) // without it whoever is named first is the guest
	return c.Value.Metadata.Display
}

// without is the part with only what is news of a history.
func (p Part) without(c wireChunk) Part {
	type piece struct {
		Metadata json.RawMessage `json:"metadata,omitempty"`
		Errors   rawList         `json:"errors,omitempty"`
	}
	p.change = mustMarshal(map[string]any{"field": "history", "value": map[string][]piece{"history": {{c.Raw, c.Errors}}}})
	return p
}

type historyPayload struct {
	Line     loose   `json:"line,omitempty"`
	Thread   loose   `json:"thread,omitempty"`
	Messages rawList `json:"messages"`
}

func historyItem(line, thread loose, messages rawList) Item {
	h := historyPayload{line, thread, messages}
	payload := mustMarshal(map[string]historyPayload{"history": h})
	return Item{Kind: ItemHistory, LaneKey: h.guest().laneKey(wireContact{}), Payload: payload}
}

type wirePast struct {
	wireEcho
	History struct {
		Status loose `json:"status"`
	} `json:"history_context"`
}

// guest names with whom the hotel spoke.
func (h *historyPayload) guest() person {
	if h.Thread != "" {
		return person{waID: h.Thread}
	}
	for _, raw := range h.Messages {
		var w wirePast
		if readObject(raw, &w) != nil {
			continue
		}
		if w.From != "" && phoneKey(w.From) != phoneKey(h.Line) {
			return w.sender()
		}
		return w.recipient()
	}
	return person{}
}

var pastStatuses = map[loose]message.Status{
	"ERROR": message.Failed, "PENDING": message.Unknown, "SENT": message.Sent, "DELIVERED": message.Delivered,
	"READ": message.Read, "PLAYED": message.Played,
}

// ParseHistory reads the payload of an ItemHistory. Errors are ErrUnreadable and ErrNoSender.
func ParseHistory(payload json.RawMessage, receivedAt time.Time) (History, error) {
	var p struct {
		History historyPayload `json:"history"`
	}
	if err := readLoosely(payload, &p); err != nil {
		return History{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	who := p.History.guest()
	h := History{Guest: who.identity(wireContact{})}
	if !h.Guest.IsKnown() {
		return History{}, ErrNoSender
	}
	for _, raw := range p.History.Messages {
		var w wirePast
		if readObject(raw, &w) != nil || wamid(w.ID) == "" || w.GroupID != "" {
			continue
		}
		past := Past{Inbound: Inbound{WAMID: wamid(w.ID), From: h.Guest}, Direction: message.Outbound, Status: pastStatuses[w.History.Status]}
		if phoneKey(w.From) == phoneKey(who.waID) && w.From != "" || w.From == "" && w.FromUserID != "" {
			past.Direction, past.Status = message.Inbound, message.Read // whoever had the phone has seen it
		}
		if past.Status == "" {
			past.Status = message.Sent
		}
		w.fill(&past.Inbound, raw, receivedAt)
		if past.Change != nil || past.Nothing || past.Kind == message.Notice {
			continue
		}
		past.Metadata.FromPhone, past.Metadata.ImportedFrom = past.Direction == message.Outbound, "whatsapp"
		h.Messages = append(h.Messages, past)
	}
	return h, nil
}
