package whatsapp_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

type seenPart struct {
	WABAID, PhoneNumberID, Field string
	Errors                       []message.Failure `json:",omitempty"`
	Items                        []seenItem
}

type seenItem struct {
	Kind           whatsapp.ItemKind
	LaneKey, WAMID string
	At             time.Time
	Message        *whatsapp.Inbound      `json:",omitempty"`
	History        *whatsapp.History      `json:",omitempty"`
	Entry          *whatsapp.BookEntry    `json:",omitempty"`
	Preference     *whatsapp.Preference   `json:",omitempty"`
	News           *whatsapp.AccountNews  `json:",omitempty"`
	Status         *whatsapp.StatusUpdate `json:",omitempty"`
	Other          json.RawMessage        `json:",omitempty"`
}

// Every payload of testdata/webhook is read as its golden file says: one file for each type of message that Meta
// documents, and for what else comes.
func TestWebhooksAreReadAsTheirGoldenFilesSay(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/webhook/*.json")
	if err != nil || len(files) < 40 && !*update {
		t.Fatalf("found %d files: %v", len(files), err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".golden.json") {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			body, err := os.ReadFile(filepath.Clean(file))
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, ".json")+".golden.json", see(t, split(t, body)))
		})
	}
}

func split(t *testing.T, body []byte) whatsapp.Delivery {
	t.Helper()
	d, err := whatsapp.Split(body)
	if err != nil {
		t.Fatalf("Split: %v", err)
	}
	for _, p := range d.Parts {
		again, err := whatsapp.Split(p.Envelope())
		if err != nil || len(again.Parts) != 1 {
			t.Fatalf("the envelope of a part splits into %d parts: %v", len(again.Parts), err)
		}
		if diff := cmp.Diff(compact(t, p), compact(t, again.Parts[0]), cmpopts.IgnoreUnexported(whatsapp.Part{})); diff != "" {
			t.Fatalf("the envelope of a part is another part:\n%s", diff)
		}
	}
	return d
}

// compact takes the white space out of payloads, which an envelope does not keep.
func compact(t *testing.T, p whatsapp.Part) whatsapp.Part {
	t.Helper()
	items := make([]whatsapp.Item, len(p.Items))
	for i, item := range p.Items {
		payload, err := json.Marshal(item.Payload)
		if err != nil {
			t.Fatalf("payload is no JSON: %v\n%s", err, item.Payload)
		}
		item.Payload = payload
		items[i] = item
	}
	p.Items = items
	return p
}

func see(t *testing.T, d whatsapp.Delivery) []seenPart {
	t.Helper()
	var parts []seenPart
	for _, p := range d.Parts {
		seen := seenPart{WABAID: p.WABAID, PhoneNumberID: p.PhoneNumberID, Field: p.Field, Errors: p.Errors}
		for _, item := range p.Items {
			seen.Items = append(seen.Items, seeItem(t, item))
		}
		parts = append(parts, seen)
	}
	return parts
}

func seeItem(t *testing.T, item whatsapp.Item) seenItem {
	t.Helper()
	seen := seenItem{Kind: item.Kind, LaneKey: item.LaneKey, WAMID: item.WAMID, At: item.At}
	var err error
	switch item.Kind {
	case whatsapp.ItemMessage:
		seen.Message, err = pointer(whatsapp.ParseMessage(item.Payload, received))
	case whatsapp.ItemEcho:
		seen.Message, err = pointer(whatsapp.ParseEcho(item.Payload, received))
	case whatsapp.ItemCall:
		seen.Message, err = pointer(whatsapp.ParseCall(item.Payload, received))
	case whatsapp.ItemStatus:
		seen.Status, err = pointer(whatsapp.ParseStatus(item.Payload, received))
	case whatsapp.ItemHistory:
		seen.History, err = pointer(whatsapp.ParseHistory(item.Payload, received))
	case whatsapp.ItemEntry:
		seen.Entry, err = pointer(whatsapp.ParseEntry(item.Payload, received))
	case whatsapp.ItemPreference:
		seen.Preference, err = pointer(whatsapp.ParsePreference(item.Payload, received))
	case whatsapp.ItemAccount:
		seen.News, err = pointer(whatsapp.ParseAccount(item.Payload, received))
	case whatsapp.ItemOther:
		seen.Other = item.Payload
	}
	if err != nil {
		t.Fatalf("an item of kind %s: %v", item.Kind, err)
	}
	if item.Kind != whatsapp.ItemOther && whatsapp.KindOf(item.Payload) != item.Kind {
		t.Fatalf("an item of kind %s is taken for a %s", item.Kind, whatsapp.KindOf(item.Payload))
	}
	return seen
}

func pointer[T any](value T, err error) (*T, error) { return &value, err }
