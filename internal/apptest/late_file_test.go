package apptest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// impatient is a hotel whose flow gets messages without files that take longer than a second.
func impatient(w *apptest.World, quiet int) *apptest.Hotel {
	hotel := w.Hotel("mar-azul")
	second := 1
	hotel.Set(provision.Change{MediaWaitSeconds: &second, QuietSeconds: &quiet})
	return hotel
}

// withholds lets Meta give no files until the returned function is called.
func withholds(t *testing.T, w *apptest.World) (gives func()) {
	t.Helper()
	id, err := w.Sim.AddFault(simulator.Fault{Call: "GET media", Code: 131000, HTTPStatus: http.StatusServiceUnavailable})
	if err != nil {
		t.Fatal(err)
	}
	return func() { w.Sim.RemoveFault(id) }
}

// opens fetches an address as n8n does, without a key.
func opens(t *testing.T, w *apptest.World, address string) int {
	t.Helper()
	i := strings.Index(address, "/api/media/")
	if i < 0 {
		t.Fatalf("%q is no address of a file", address)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+address[i:], nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// TestLateFile: a file that takes too long follows its message, once, whether or not the flow hears
// guests in turns, and can be fetched for more than an hour.
func TestLateFile(t *testing.T) {
	t.Parallel()
	for name, quiet := range map[string]int{"message by message": 0, "in turns": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := apptest.Start(t)
			hotel := impatient(w, quiet)
			gives := withholds(t, w)
			guest := hotel.Guest("Marina")
			guest.Sends(simulator.Image("o quarto"))
			first := hotel.Flow.AwaitPosts(1)[0]
			if first.Value("image.url") != "" || first.Value("image.caption") != "o quarto" {
				t.Fatalf("the flow gets %v", first.Body)
			}
			guest.Writes("e então?")
			hotel.Flow.AwaitPosts(2)
			gives()
			w.LaterUntil(10*time.Second, "the flow has the file", func() bool { return len(hotel.Flow.Heard()) > 2 })
			file := hotel.Flow.Heard()[2]
			got := []any{file.Value("event"), file.Value("messageId"), file.Value("image.caption"), file.Body["turn"], file.DeliveryID == first.DeliveryID}
			if want := []any{n8n.EventFile, first.Value("messageId"), "o quarto", 2.0, false}; !cmp.Equal(got, want) {
				t.Errorf("then it gets %v, want %v", got, want)
			}
			if a := hotel.Bot.Answers(file, "Que lindo!"); a.Status != http.StatusOK {
				t.Errorf("the bot answers that: %d %s", a.Status, a.Raw)
			}
			w.Later(time.Hour)
			if status := opens(t, w, file.Value("image.imageUrl")); status != http.StatusOK {
				t.Errorf("after an hour the file is %d", status)
			}
			apptest.Eventually(t, "nothing waits", func() bool { return hotel.Queued(lane.Handoff)+hotel.Queued(lane.Media) == 0 })
			if n := len(hotel.Flow.Heard()); n != 3 {
				t.Errorf("%d posts, want 3", n)
			}
		})
	}
}

// TestLateFileOfAPersons: a person has taken over before the file came: the flow hears nothing.
func TestLateFileOfAPersons(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := impatient(w, 0)
	gives := withholds(t, w)
	guest, admin := hotel.Guest("Marina"), hotel.Admin()
	guest.Sends(simulator.Voice())
	hotel.Flow.AwaitPosts(1)
	c, _ := admin.Conversations()[0]["id"].(string)
	admin.Answers(c, "Já ouço.", "")
	gives()
	w.LaterUntil(10*time.Second, "nothing waits", func() bool { return hotel.Queued(lane.Handoff)+hotel.Queued(lane.Media) == 0 })
	if posts := hotel.Flow.Posts(); len(posts) != 1 {
		t.Errorf("the flow got %v", posts[1].Body)
	}
	if url, _ := admin.Messages(c)[0]["mediaUrl"].(string); url == "" {
		t.Error("people do not have the file")
	}
}
