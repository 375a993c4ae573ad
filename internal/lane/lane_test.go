package lane_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/lane"
)

func TestOutcomes(t *testing.T) {
	t.Parallel()
	l := &lane.Lane{Attempts: 3, Items: []lane.Item{{ID: 1}, {ID: 2}}}
	cases := map[string]struct{ got, want lane.Outcome }{
		"finished":            {l.Finished(), lane.Outcome{Lane: l, Done: l.Items}},
		"first failed":        {l.Retry(0, time.Second), lane.Outcome{Lane: l, Done: l.Items[:0], Delay: time.Second, Attempts: 4}},
		"second failed":       {l.Retry(1, time.Second), lane.Outcome{Lane: l, Done: l.Items[:1], Delay: time.Second, Attempts: 1}},
		"first has to wait":   {l.Hold(0, time.Second), lane.Outcome{Lane: l, Done: l.Items[:0], Delay: time.Second, Attempts: 3}},
		"second has to wait":  {l.Hold(1, time.Second), lane.Outcome{Lane: l, Done: l.Items[:1], Delay: time.Second}},
		"all done, then wait": {l.Hold(2, time.Second), lane.Outcome{Lane: l, Done: l.Items, Delay: time.Second}},
	}
	for name, c := range cases {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: (- want, + got) %s", name, diff)
		}
	}
}
