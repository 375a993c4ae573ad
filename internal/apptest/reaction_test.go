package apptest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// TestReactions: a flow hears of reactions if it wants to, by themselves and as they come, also
// where it hears guests in turns.
func TestReactions(t *testing.T) {
	t.Parallel()
	for name, quiet := range map[string]int{"message by message": 0, "in turns": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := apptest.Start(t)
			hotel := hotelOfTurns(w, quiet)
			guest := hotel.Guest("Marina")
			wamid := guest.Writes("Boa tarde.")
			hotel.Flow.AwaitPosts(1)
			guest.Sends(simulator.Reaction(wamid, "👍")) // nobody asked for this one
			guest.Writes("Tem quarto?")
			hotel.Flow.AwaitPosts(2)
			isWanted := true
			hotel.Set(provision.Change{GetsReactions: &isWanted})
			w.Later(2 * time.Second) // WhatsApp tells the time of reactions in seconds
			guest.Sends(simulator.Reaction(wamid, "❤️"))
			hotel.Flow.AwaitPosts(3)
			w.Later(2 * time.Second)
			guest.Sends(simulator.Reaction(wamid, ""))
			posts := hotel.Flow.AwaitPosts(4)
			for i, emoji := range []string{"❤️", ""} {
				post := posts[2+i]
				got := []string{post.Value("event"), post.Value("type"), post.Value("reaction.value"), post.Value("reaction.referencedMessage.messageId"), post.Value("reaction.reactionBy")}
				if want := []string{n8n.EventReaction, "reaction", emoji, wamid, posts[0].Value("phone")}; !cmp.Equal(got, want) {
					t.Errorf("the flow gets %q, want %q", got, want)
				}
			}
			if posts[2].DeliveryID == posts[3].DeliveryID {
				t.Error("two reactions have the same name")
			}
		})
	}
}
