package backup_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/backup"
)

func TestSpare(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		keep backup.Retention
		have string // days of 2026, the newest first; ! was tried out
		want string // stay
	}{
		"few":                         {backup.Retention{Days: 7}, "03-03! 03-02! 03-01!", "03-03 03-02 03-01"},
		"days":                        {backup.Retention{Days: 2}, "03-03! 03-02! 03-01!", "03-03 03-02"},
		"days that have one":          {backup.Retention{Days: 2}, "03-03! 02-01! 01-01!", "03-03 02-01"},
		"the good one of a day":       {backup.Retention{Days: 2}, "03-03! 03-03T1 03-02 03-02T1! 03-02T2!", "03-03 03-02T1"},
		"the newest whatever it is":   {backup.Retention{Days: 1}, "03-03 03-03T1! 03-02!", "03-03 03-03T1"},
		"the last good one":           {backup.Retention{Days: 2}, "03-05 03-04 03-03 03-02! 03-01!", "03-05 03-04 03-02"},
		"weeks end on Sunday":         {backup.Retention{Days: 1, Weeks: 2}, "03-03! 03-02! 03-01! 02-28! 02-22!", "03-03 03-01"},
		"months":                      {backup.Retention{Days: 1, Months: 3}, "03-03! 02-28! 02-27! 01-31! 01-01!", "03-03 02-28 01-31"},
		"nothing to keep, none there": {backup.Retention{Days: 1}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var have []backup.Made
			for _, text := range strings.Fields(c.have) {
				day, good := strings.CutSuffix(text, "!")
				date, earlier, _ := strings.Cut(day, "T")
				at, err := time.Parse(time.DateOnly, "2026-"+date)
				must(t, err)
				hours := 0
				_, _ = fmt.Sscan(earlier, &hours)
				have = append(have, backup.Made{Name: day, At: at.Add(12*time.Hour - time.Duration(hours)*time.Hour), Verified: good})
			}
			spare := map[string]bool{}
			for _, m := range c.keep.Spare(have) {
				spare[m.Name] = true
			}
			stay := []string{}
			for _, m := range have {
				if !spare[m.Name] {
					stay = append(stay, m.Name)
				}
			}
			if diff := cmp.Diff(c.want, strings.Join(stay, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
