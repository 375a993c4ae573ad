package provision_test

import (
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/provision"
)

// TestSetTenantWholeOrNot: a change of a hotel and of a number is one change.
func TestSetTenantWholeOrNot(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.add(grand())
	w.add(provision.Hotel{Slug: "rival", Name: "Rival", Email: "rival@example.com", PhoneNumberID: "777", AccessToken: "x"})
	_, err := w.provision.SetTenant(t.Context(), "grand", provision.Change{Name: ptr("Stolen"), PhoneNumberID: ptr("777"), AccessToken: ptr("y")})
	w.refused("the rival's number", err, tenant.ErrNumber)
	if n := w.count("SELECT count(*) FROM tenant WHERE slug = 'grand' AND name = 'Grand Hotel'"); n != 1 {
		t.Error("half of the change was made")
	}
	if n := w.count("SELECT count(*) FROM audit_entry"); n != 0 {
		t.Errorf("%d entries in the log for nothing", n)
	}
	day := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	changed, err := w.provision.SetTenant(t.Context(), "grand", provision.Change{
		Plan: ptr(tenant.Enterprise), MaxUsers: ptr(3), MaxMessages: ptr(4), Status: ptr(tenant.Trial), TrialEnds: &day, TimeZone: ptr("America/Manaus"),
		KeepDeliveriesDays: ptr(3650), KeepMediaDays: ptr(0),
	})
	if err != nil || changed.Keep != (tenant.Retention{Deliveries: 3650}) || changed.Plan != tenant.Enterprise || changed.Limits != (tenant.Limits{Users: 3, Messages: 4}) || !changed.TrialEnds.Equal(day) {
		t.Errorf("changed into %+v, %v", changed, err)
	}
	for name, c := range map[string]struct {
		change provision.Change
		want   error
	}{
		"plan of nobody": {provision.Change{Plan: ptr(tenant.Plan("GOLD"))}, tenant.ErrBadPlan},
		"no retention":   {provision.Change{KeepDeliveriesDays: ptr(0)}, tenant.ErrBadRetention},
		"negative limit": {provision.Change{MaxUsers: ptr(-1)}, tenant.ErrBadLimit},
		"too much":       {provision.Change{MaxMessages: ptr(tenant.MaxLimit + 1)}, tenant.ErrBadLimit},
		"no time zone":   {provision.Change{TimeZone: ptr("Mars")}, tenant.ErrBadTimeZone},
	} {
		_, err := w.provision.SetTenant(t.Context(), "grand", c.change)
		w.refused(name, err, c.want)
	}
}
