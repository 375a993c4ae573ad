package message_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/domain/message"
)

var all = []message.Status{
	message.Pending, message.Unknown, message.Sent, message.Failed,
	message.Delivered, message.Read, message.Played,
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ from, news, want message.Status }{
		"sent after delivered is late":        {message.Delivered, message.Sent, message.Delivered},
		"read without delivered":              {message.Sent, message.Read, message.Read},
		"failed after delivered is ignored":   {message.Delivered, message.Failed, message.Delivered},
		"delivered after failed is believed":  {message.Failed, message.Delivered, message.Delivered},
		"a refusal ends a pending message":    {message.Pending, message.Failed, message.Failed},
		"a status settles an unknown message": {message.Unknown, message.Sent, message.Sent},
		"sent after failed stays failed":      {message.Failed, message.Sent, message.Failed},
		"an odd status changes nothing":       {message.Sent, "in_orbit", message.Sent},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.from.Advance(c.news); got != c.want {
				t.Fatalf("%s.Advance(%s) = %s, want %s", c.from, c.news, got, c.want)
			}
		})
	}
}

// Whatever the order in which the same statuses arrive, the end is the same.
func TestAdvanceDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		news := rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "news")
		shuffled := rapid.Permutation(news).Draw(t, "shuffled")
		if a, b := settle(news), settle(shuffled); a != b {
			t.Fatalf("%v ends in %s, %v in %s", news, a, shuffled, b)
		}
	})
}

func settle(news []message.Status) message.Status {
	s := message.Pending
	for _, n := range news {
		s = s.Advance(n)
	}
	return s
}
