package escalation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/escalation"
	"github.com/botreserva/botreserva/internal/domain/id"
)

func TestTo(t *testing.T) {
	t.Parallel()
	ana, bia := id.NewUser(), id.NewUser()
	first, second := time.Unix(1, 0), time.Unix(2, 0)
	attended := escalation.Escalation{State: escalation.InProgress, AttendedBy: ana, AttendedAt: first}
	for name, c := range map[string]struct {
		from, want escalation.Escalation
		to         escalation.State
	}{
		"who begins, attends":       {escalation.Escalation{State: escalation.Pending}, escalation.Escalation{State: escalation.InProgress, AttendedBy: bia, AttendedAt: second}, escalation.InProgress},
		"the first one stays":       {attended, attended, escalation.InProgress},
		"who ends, attended":        {escalation.Escalation{}, escalation.Escalation{State: escalation.Resolved, AttendedBy: bia, AttendedAt: second, ResolvedAt: second}, escalation.Resolved},
		"nobody attends to nothing": {escalation.Escalation{}, escalation.Escalation{State: escalation.Cancelled, ResolvedAt: second}, escalation.Cancelled},
		"ended once":                {escalation.Escalation{State: escalation.Resolved, AttendedAt: first, ResolvedAt: first}, escalation.Escalation{State: escalation.Cancelled, AttendedAt: first, ResolvedAt: first}, escalation.Cancelled},
		"waiting again":             {escalation.Escalation{State: escalation.Resolved, AttendedBy: ana, AttendedAt: first, ResolvedAt: first}, escalation.Escalation{State: escalation.Pending}, escalation.Pending},
	} {
		if diff := cmp.Diff(c.want, c.from.To(c.to, bia, second)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
