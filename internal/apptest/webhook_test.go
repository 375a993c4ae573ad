package apptest_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// What comes for a number before the hotel has connected it is kept, and processed
// when it is. What comes right after is not taken for a stranger's.
func TestUnknownNumberIsClaimed(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.HotelWithoutNumber("mar-azul")
	guest := hotel.Guest("Marina")
	for _, text := range []string{"um", "dois"} {
		guest.WritesAndIsTaken(text)
	}
	if heard := hotel.Flow.Heard(); len(heard) > 0 {
		t.Fatalf("the flow heard %v before the number was connected", heard)
	}
	hotel.Connects()
	guest.Writes("três")
	hotel.Flow.Hears("dois")
	hotel.Flow.Hears("três")
	if diff := cmp.Diff([]string{"um", "dois", "três"}, hotel.Flow.Texts()); diff != "" {
		t.Error(diff)
	}
}

// Nonsense between good messages, in the same delivery and of the same guest, costs
// its neighbours nothing.
func TestPoisonHurtsNobody(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	admin := hotel.Admin()
	const from = "5511960001234"
	now := w.Now()
	items := []any{apptest.TextMessage("wamid.first", from, "primeira", now)}
	for i, poison := range []any{
		map[string]any{"from": from, "type": "text"},
		map[string]any{"id": fmt.Sprintf("wamid.odd%d", 1), "from": from, "timestamp": "never", "type": "text", "text": "no object"},
		map[string]any{"id": "wamid.odd2", "from": []int{1}, "type": map[string]int{"text": 1}},
		map[string]any{"id": "wamid.odd3", "from": from, "timestamp": "1", "type": "hologram", "hologram": map[string]any{"a\x00b": "\x00"}},
		"no object at all", 17, nil,
		[]any{},
	} {
		items = append(items, poison, apptest.TextMessage(fmt.Sprintf("wamid.good%d", i), from, fmt.Sprintf("boa %d", i), now))
	}
	if a := w.Delivers(apptest.Change{Hotel: hotel, Messages: items}); a.Status != http.StatusOK {
		t.Fatalf("the webhook got %d %s", a.Status, a.Raw)
	}
	hotel.Flow.Hears("boa 7")
	conversations := admin.Conversations()
	id, _ := conversations[0]["id"].(string)
	var got []string
	for _, m := range admin.Messages(id) {
		if content, _ := m["content"].(string); m["type"] == "TEXT" && (content == "primeira" || len(content) > 3 && content[:3] == "boa") {
			got = append(got, content)
		}
	}
	want := []string{"primeira", "boa 0", "boa 1", "boa 2", "boa 3", "boa 4", "boa 5", "boa 6", "boa 7"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Meta repeats and reorders. Every message is stored once and handed over once.
func TestMetaRepeatsAndReorders(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t, apptest.Meta(func(k *simulator.Knobs) { k.Duplicates, k.OutOfOrder = 2, 200*time.Millisecond }))
	hotel := w.Hotel("mar-azul")
	admin, guest := hotel.Admin(), hotel.Guest("Marina")
	var want []string
	for i := range 8 {
		want = append(want, fmt.Sprintf("mensagem %d", i))
		guest.Writes(want[i])
	}
	for _, text := range want {
		hotel.Flow.Hears(text)
	}
	w.MetaIsDone()
	guest.Writes("fim") // what was queued before it is done
	hotel.Flow.Hears("fim")
	want = append(want, "fim")
	id, _ := admin.Conversations()[0]["id"].(string)
	var stored []string
	for _, m := range admin.Messages(id) {
		content, _ := m["content"].(string)
		stored = append(stored, content)
	}
	slices.Sort(stored)
	heard := hotel.Flow.Texts()
	slices.Sort(heard)
	slices.Sort(want)
	if diff := cmp.Diff(want, stored); diff != "" {
		t.Errorf("stored: %s", diff)
	}
	if diff := cmp.Diff(want, heard); diff != "" {
		t.Errorf("heard: %s", diff)
	}
}

// Messages that arrive out of order, seconds apart by Meta's clock, are shown in the
// order in which they were said.
func TestOrderIsThatOfTheGuest(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	admin, now := hotel.Admin(), w.Now()
	const from = "5511960001234"
	for _, i := range []int{2, 0, 1} {
		w.Delivers(apptest.Change{Hotel: hotel, Messages: []any{
			apptest.TextMessage(fmt.Sprintf("wamid.%d", i), from, fmt.Sprint(i), now.Add(time.Duration(i-10)*time.Second)),
		}})
		hotel.Flow.Hears(fmt.Sprint(i))
	}
	card := admin.Conversations()[0]
	id, _ := card["id"].(string)
	var got []any
	for _, m := range admin.Messages(id) {
		got = append(got, m["content"])
	}
	preview, _ := card["lastMessage"].(map[string]any)
	if diff := cmp.Diff([]any{"0", "1", "2"}, got); diff != "" || preview["content"] != "2" {
		t.Errorf("the list shows %v: %s", preview["content"], diff)
	}
}

// One POST may carry the messages of several hotels: each gets its own.
func TestTwoHotelsInOnePost(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	sea, hills, foreign := w.HotelOfPlatform("mar-azul"), w.HotelOfPlatform("serra-verde"), w.Hotel("outro-app")
	const from = "5511960001234" // the same person writes to all of them
	message := func(id, text string) []any { return []any{apptest.TextMessage(id, from, text, w.Now())} }
	a := w.Delivers(
		apptest.Change{Hotel: sea, Messages: message("wamid.1", "para o mar")},
		apptest.Change{Hotel: foreign, Messages: message("wamid.2", "assinada por outro")},
		apptest.Change{Hotel: hills, Messages: message("wamid.3", "para a serra")},
		apptest.Change{Hotel: sea, Messages: message("wamid.4", "de novo para o mar")},
	)
	if a.Status != http.StatusOK {
		t.Fatalf("the webhook got %d %s", a.Status, a.Raw)
	}
	sea.Flow.Hears("de novo para o mar")
	hills.Flow.Hears("para a serra")
	foreign.Guest("Marina").Writes("fim")
	foreign.Flow.Hears("fim")
	for _, c := range []struct {
		hotel *apptest.Hotel
		want  []string
	}{{sea, []string{"para o mar", "de novo para o mar"}}, {hills, []string{"para a serra"}}, {foreign, []string{"fim"}}} {
		if diff := cmp.Diff(c.want, c.hotel.Flow.Texts()); diff != "" {
			t.Errorf("%s: %s", c.hotel.Slug, diff)
		}
	}
}
