package apptest_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/lane"
)

// While the flow is down nothing is lost; when it is back it hears everything once,
// each guest's words in their order.
func TestFlowIsDownForAWhile(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	hotel.Flow.Responds(func(apptest.Post) int { return http.StatusServiceUnavailable })
	marina, rafael := hotel.Guest("Marina"), hotel.Guest("Rafael")
	said := map[string][]string{marina.Phone: {"m1", "m2", "m3"}, rafael.Phone: {"r1", "r2"}}
	for i := range 3 {
		marina.Writes(said[marina.Phone][i])
		if i < 2 {
			rafael.Writes(said[rafael.Phone][i])
		}
	}
	hotel.Flow.AwaitPosts(4) // both were tried again
	hotel.Flow.Responds(nil)
	w.LaterUntil(time.Second, "the flow has heard everything", func() bool { return len(hotel.Flow.Heard()) == 5 })
	heard := map[string][]string{}
	for _, p := range hotel.Flow.Heard() {
		heard[p.Value("phone")] = append(heard[p.Value("phone")], p.Text())
	}
	if diff := cmp.Diff(said, heard); diff != "" {
		t.Error(diff)
	}
}

// A flow that refuses a message for good does not get it again, does not hold up the
// next one, and the hotel can see what was put aside.
func TestFlowRefuses(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	hotel.Flow.Responds(func(p apptest.Post) int {
		if p.Text() == "primeira" {
			return http.StatusBadRequest
		}
		return http.StatusOK
	})
	guest := hotel.Guest("Marina")
	guest.Writes("primeira")
	guest.Writes("segunda")
	hotel.Flow.Hears("segunda")
	if posts := hotel.Flow.Posts(); len(posts) != 2 || posts[0].Text() != "primeira" {
		t.Errorf("the flow got %v", posts)
	}
	var letters int
	apptest.Eventually(t, "the message is put aside", func() bool {
		found, err := w.DB.DeadLetters(context.Background(), hotel.Tenant.ID, lane.Handoff, 10)
		letters = len(found)
		return err == nil && letters > 0 && found[0].Code == "bot_rejected" && found[0].Reason != ""
	})
	if letters != 1 {
		t.Errorf("%d letters", letters)
	}
}

// A flow that hangs up may have understood: it gets the message once more, under the
// same delivery id, marked as a repeat.
func TestFlowHangsUp(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	hotel.Flow.Responds(func(p apptest.Post) int {
		if p.Attempt == 1 {
			return 0
		}
		return http.StatusOK
	})
	hotel.Guest("Marina").Writes("Oi")
	w.LaterUntil(time.Second, "the flow has heard it", func() bool { return len(hotel.Flow.Heard()) == 1 })
	posts := hotel.Flow.Posts()
	if len(posts) != 2 || posts[0].DeliveryID != posts[1].DeliveryID || posts[0].Body["isRetry"] != false || posts[1].Body["isRetry"] != true {
		t.Errorf("the flow got %+v", posts)
	}
}

// What waits for the flow is not handed over once a person has taken the guest.
func TestPersonTakesOverWhileTheFlowIsDown(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	hotel.Flow.Responds(func(apptest.Post) int { return http.StatusBadGateway })
	guest, admin := hotel.Guest("Marina"), hotel.Admin()
	guest.Writes("Alguém aí?")
	hotel.Flow.AwaitPosts(1)
	conversation, _ := admin.Conversations()[0]["id"].(string)
	locked := admin.Patch("/api/conversations/"+conversation+"/ia-lock", map[string]bool{"locked": true})
	if locked.Status != http.StatusOK || locked.At("iaLocked") != true {
		t.Fatalf("take over: %d %s", locked.Status, locked.Raw)
	}
	hotel.Flow.Responds(nil)
	w.LaterUntil(time.Second, "nothing waits for the flow", func() bool { return hotel.Queued(lane.Handoff) == 0 })
	if texts := hotel.Flow.Texts(); len(texts) > 0 {
		t.Errorf("the flow heard %v", texts)
	}
	handed := admin.Patch("/api/conversations/"+conversation+"/ia-lock", map[string]bool{"locked": false})
	guest.Writes("E agora?")
	hotel.Flow.Hears("E agora?")
	if !slices.Equal(hotel.Flow.Texts(), []string{"E agora?"}) || handed.Status != http.StatusOK {
		t.Errorf("hand back: %d; the flow heard %v", handed.Status, hotel.Flow.Texts())
	}
}
