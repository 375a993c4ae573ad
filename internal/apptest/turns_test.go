package apptest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// hotelOfTurns has a flow that hears guests once they were silent for some seconds.
func hotelOfTurns(w *apptest.World, seconds int) *apptest.Hotel {
	hotel := w.Hotel("mar-azul")
	hotel.Set(provision.Change{QuietSeconds: &seconds})
	return hotel
}

func words(p apptest.Post) []string {
	var out []string
	list, _ := p.Body["messages"].([]any)
	for _, m := range list {
		object, _ := m.(map[string]any)
		text, _ := object["chatInput"].(string)
		out = append(out, text)
	}
	return out
}

// TestTurn: five quick messages, a voice note and a picture reach the flow once, complete, in
// order, with what was said before.
func TestTurn(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := hotelOfTurns(w, 2)
	guest := hotel.Guest("Marina")
	guest.Writes("Boa tarde.")
	first := hotel.Flow.AwaitPosts(1)[0]
	if first.Value("event") != "message.turn" || first.Value("chatInput") != "Boa tarde." || first.Body["isNewConversation"] != true {
		t.Errorf("the flow gets %v", first.Body)
	}
	if a := hotel.Bot.Answers(first, "Olá! Em que posso ajudar?"); a.Status != http.StatusOK {
		t.Errorf("the bot answers: %d %s", a.Status, a.Raw)
	}
	for _, text := range []string{"Tem quarto", "para sábado?", "somos dois", "e um bebê", "com berço"} {
		guest.WritesAndIsTaken(text)
	}
	guest.Sends(simulator.Inbound{Type: "audio", Voice: true})
	guest.Sends(simulator.Inbound{Type: "image", Caption: "um quarto assim"})
	posts := hotel.Flow.AwaitPosts(2)
	if len(posts) != 2 {
		t.Fatalf("%d posts, want 2", len(posts))
	}
	second := posts[1]
	want := []string{"Tem quarto", "para sábado?", "somos dois", "e um bebê", "com berço", "[áudio]", "[imagem] um quarto assim"}
	if !cmp.Equal(words(second), want) || second.Value("chatInput") != strings.Join(want, "\n") || second.Body["turn"] != 2.0 {
		t.Errorf("turn %v says %q, want %q", second.Body["turn"], words(second), want)
	}
	for _, path := range []string{"messages.5.audio.audioUrl", "messages.6.image.imageUrl", "image.url"} {
		if second.Value(path) == "" {
			t.Errorf("%s is missing in %v", path, second.Body)
		}
	}
	history := []string{second.Value("history.0.content"), second.Value("history.0.role"), second.Value("history.1.content"), second.Value("history.1.by")}
	if !cmp.Equal(history, []string{"Boa tarde.", "user", "Olá! Em que posso ajudar?", "bot"}) {
		t.Errorf("before that %q", history)
	}
}

// TestTurnSurvives: a flow that refuses a turn gets the same one again, and what the guest said
// meanwhile as the next.
func TestTurnSurvives(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := hotelOfTurns(w, 1)
	guest := hotel.Guest("Marina")
	hotel.Flow.Responds(func(apptest.Post) int { return http.StatusBadGateway })
	guest.WritesAndIsTaken("um")
	guest.WritesAndIsTaken("dois")
	refused := hotel.Flow.AwaitPosts(1)[0]
	guest.WritesAndIsTaken("três")
	hotel.Flow.Responds(nil)
	w.LaterUntil(time.Minute, "the flow has both turns", func() bool { return len(hotel.Flow.Heard()) == 2 })
	heard := hotel.Flow.Heard()
	if heard[0].DeliveryID != refused.DeliveryID || !cmp.Equal(words(heard[0]), []string{"um", "dois"}) || heard[0].Body["isRetry"] != true {
		t.Errorf("the flow gets %q as %s again, want that of %s", words(heard[0]), heard[0].DeliveryID, refused.DeliveryID)
	}
	if !cmp.Equal(words(heard[1]), []string{"três"}) || heard[1].Body["turn"] != 2.0 {
		t.Errorf("then it gets %q in turn %v", words(heard[1]), heard[1].Body["turn"])
	}
}

// TestTurnEndsWithATap: who taps a button has finished; nobody waits for more.
func TestTurnEndsWithATap(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := hotelOfTurns(w, 15)
	guest := hotel.Guest("Marina")
	guest.WritesAndIsTaken("oi")
	guest.Sends(simulator.Inbound{Type: "button", Raw: json.RawMessage(`{"payload":"falar_humano","text":"Falar com atendente"}`)})
	post := hotel.Flow.AwaitPosts(1)[0]
	if want := []string{"oi", "Falar com atendente"}; !cmp.Equal(words(post), want) || post.Value("buttonReply.id") != "falar_humano" {
		t.Errorf("the turn says %q, want %q", words(post), want)
	}
}

// TestTurnIsInterrupted: a person takes over while the guest is still writing.
func TestTurnIsInterrupted(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := hotelOfTurns(w, 2)
	guest, admin := hotel.Guest("Marina"), hotel.Admin()
	guest.WritesAndIsTaken("oi")
	apptest.Eventually(t, "the hotel sees the guest", func() bool { return len(admin.Conversations()) == 1 })
	c, _ := admin.Conversations()[0]["id"].(string)
	admin.Answers(c, "Bom dia!", "")
	apptest.Eventually(t, "nothing waits for the flow", func() bool { return hotel.Queued(lane.Handoff) == 0 })
	if posts := hotel.Flow.Posts(); len(posts) != 0 {
		t.Errorf("the flow got %q", words(posts[0]))
	}
}

// TestStyles: what a flow gets is laid out as the hotel says.
func TestStyles(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	guest := hotel.Guest("Marina")
	for i, style := range []tenant.Style{tenant.Legacy, tenant.Flat, tenant.ZAPI} {
		hotel.Set(provision.Change{PayloadStyle: &style})
		guest.Writes("oi")
		post := hotel.Flow.AwaitPosts(i + 1)[i]
		wrapped, typed := post.Body["body"] != nil, post.Value("type")
		if wrapped != (style == tenant.Legacy) || (typed == "ReceivedCallback") != (style == tenant.ZAPI) || post.Text() != "oi" {
			t.Errorf("%s: %v", style, post.Body)
		}
	}
}
