package httpapi_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

var reportNames = []string{"overview", "attendants", "hourly", "outside-hours", "units", "timeline", "bot"}

// january is three days of a hotel in Brazil, whose clocks are three hours behind.
const january = "startDate=2026-01-01&endDate=2026-01-03"

// hotelOfJanuary has five conversations in the first three days of 2026, and one before.
func (w *world) hotelOfJanuary() (hotel, user.User) {
	w.t.Helper()
	h := w.hotel(func(row *postgres.TenantRow) { row.Units = []string{"Camburi", "Ilhabela", "Búzios"} })
	ana := w.user(h.ID, user.Attendant, "Camburi")
	w.exec("UPDATE account SET name = 'Ana' WHERE id = $1", ana.ID)
	chat := func(unit string, state conversation.State, times string, options ...pgtest.ConversationOption) conversation.Card {
		c := pgtest.Conversation(w.t, w.db, h.Hotel, append(options, pgtest.OfUnit(unit), pgtest.InState(state))...)
		w.exec("UPDATE conversation SET "+times+" WHERE id = $1", c.ID)
		return c
	}
	// Thursday, 10:00 by the hotel's clock: the bot answers after 5 s and manages alone.
	chat("Camburi", conversation.Closed, "created_at = '2026-01-01 13:00Z', first_reply_at = '2026-01-01 13:00:05Z', closed_at = '2026-01-01 13:30Z'")
	// 22:15: the bot calls after a minute, Ana comes after ten more.
	called := chat("Camburi", conversation.Closed, `created_at = '2026-01-02 01:15Z', first_reply_at = '2026-01-02 01:15:07Z', escalated_at = '2026-01-02 01:16Z',
		first_human_at = '2026-01-02 01:26Z', closed_at = '2026-01-02 02:15Z'`, pgtest.AssignedTo(ana.ID))
	pgtest.Escalation(w.t, w.db, h.ID, called)
	w.exec("UPDATE escalation SET created_at = '2026-01-02 01:16Z' WHERE conversation_id = $1", called.ID)
	// Friday, 17:59: Ana is there before the bot calls.
	chat("Ilhabela", conversation.InProgress, "created_at = '2026-01-02 20:59Z', first_reply_at = '2026-01-02 21:01Z', first_human_at = '2026-01-02 21:01Z'", pgtest.AssignedTo(ana.ID))
	// 18:00: nobody has answered.
	chat("", conversation.Open, "created_at = '2026-01-02 21:00Z'")
	// Saturday, 23:59: archived, from before anything was noted.
	chat("Ilhabela", conversation.Archived, "created_at = '2026-01-04 02:59Z', closed_at = '2026-01-04 03:59Z'")
	chat("Ilhabela", conversation.Closed, "created_at = '2025-12-31 02:59Z', closed_at = '2025-12-31 03:59Z'")
	return h, ana
}

// TestShapesOfReports holds the JSON of every report, and its numbers.
func TestShapesOfReports(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, _ := w.hotelOfJanuary()
	admin := as(w.token(h.Admin))
	for _, name := range reportNames {
		w.do(http.MethodGet, "/api/reports/"+name+"?"+january, nil, admin).golden("report_" + name)
	}
}

// TestReportsOfNothing: a hotel without a conversation gets zeros, not failures.
func TestReportsOfNothing(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel()
	admin := as(w.token(h.Admin))
	for _, name := range reportNames {
		for _, query := range []string{"", "?period=1y", "?period=7d&startDate=&endDate=&hotelUnit=", "?startDate=2000-01-01&endDate=2000-01-01", "?format=csv", "?unknown=1"} {
			w.do(http.MethodGet, "/api/reports/"+name+query, nil, admin).want(http.StatusOK)
		}
		w.do(http.MethodGet, "/api/reports/"+name+"?startDate=2026-01-01&endDate=2026-01-07", nil, admin).golden("report_nothing_" + name)
	}
}

// TestReportsRefuse: what cannot be answered is refused with what to do.
func TestReportsRefuse(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, _ := w.hotelOfJanuary()
	admin := as(w.token(h.Admin))
	for _, name := range reportNames {
		for query, field := range map[string]string{
			"period=2d":           "period",
			"period=30D":          "period",
			"format=xlsx":         "format",
			"startDate=yesterday": "startDate",
			"endDate=2026-02-30":  "endDate",
			"startDate=2026-02-01&endDate=2026-01-01":    "startDate",
			"startDate=2023-01-01&endDate=2026-01-01":    "startDate",
			"startDate=" + strings.Repeat("1", 41):       "startDate",
			"hotelUnit=Nowhere":                          "hotelUnit",
			"hotelUnit=" + strings.Repeat("Camburi", 15): "hotelUnit",
		} {
			r := w.do(http.MethodGet, "/api/reports/"+name+"?"+query, nil, admin).want(http.StatusBadRequest)
			if !strings.Contains(string(r.body), field) {
				t.Errorf("%s?%s does not name the field: %s", name, query, r.body)
			}
		}
		w.do(http.MethodGet, "/api/reports/"+name+"?startDate="+strings.Repeat("1", 40), nil, admin).want(http.StatusBadRequest)
	}
	for query, status := range map[string]int{"page=0": 400, "limit=0": 400, "limit=1001": 400, "page=10001": 400, "page=x": 400, "limit=1000": 200, "page=10000": 200} {
		w.do(http.MethodGet, "/api/reports/outside-hours?"+query, nil, admin).want(status)
	}
}

// TestReportsOfUnits: who leads a unit is told about that unit only, and managers may
// choose, however they spell it.
func TestReportsOfUnits(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, _ := w.hotelOfJanuary()
	total := func(query string, pass ...option) any {
		w.t.Helper()
		return w.do(http.MethodGet, "/api/reports/overview?"+january+query, nil, pass...).want(http.StatusOK).json()["totalConversations"]
	}
	admin := as(w.token(h.Admin))
	head := as(w.token(pgtest.User(t, w.db, h.ID, user.Head, "Camburi")))
	boss := as(w.token(pgtest.User(t, w.db, h.ID, user.Head, "")))
	super := as(w.token(pgtest.User(t, w.db, tenantless, user.SuperAdmin, "")))
	for name, c := range map[string]struct {
		want  float64
		query string
		pass  []option
	}{
		"everything":                 {5, "", []option{admin}},
		"a unit":                     {2, "&hotelUnit=Ilhabela", []option{admin}},
		"spelled differently":        {2, "&hotelUnit=ilha+bela", []option{admin}},
		"a unit without any":         {0, "&hotelUnit=buzios", []option{admin}},
		"a head of a unit":           {2, "", []option{head}},
		"a head who names it":        {2, "&hotelUnit=CAMBURI", []option{head}},
		"a head of all units":        {5, "", []option{boss}},
		"the platform's super admin": {5, "", []option{super, with("X-Tenant-Slug", h.Slug)}},
	} {
		if got := total(c.query, c.pass...); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	for _, name := range reportNames {
		at := "/api/reports/" + name + "?" + january
		w.do(http.MethodGet, at+"&hotelUnit=Ilhabela", nil, head).want(http.StatusForbidden, "unit_forbidden")
		w.do(http.MethodGet, at, nil, super).want(http.StatusBadRequest, "tenant_required")
		text := string(w.do(http.MethodGet, at, nil, head).want(http.StatusOK).body)
		if strings.Contains(text, "Ilhabela") || strings.Contains(text, "Búzios") {
			t.Errorf("%s tells the head of Camburi about other units: %s", name, text)
		}
		for _, role := range []user.Role{user.Attendant, user.Sales} {
			w.do(http.MethodGet, at, nil, as(w.token(pgtest.User(t, w.db, h.ID, role, "Camburi")))).want(http.StatusForbidden, "role_forbidden")
		}
	}
}

// TestOutsideHoursPages: the list beside the number goes on page by page.
func TestOutsideHoursPages(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, _ := w.hotelOfJanuary()
	admin := as(w.token(h.Admin))
	var seen []string
	for page := 1; page <= 4; page++ {
		r := w.do(http.MethodGet, fmt.Sprintf("/api/reports/outside-hours?%s&limit=1&page=%d", january, page), nil, admin).want(http.StatusOK).json()
		if r["total"] != 3.0 {
			t.Errorf("page %d: total %v", page, r["total"])
		}
		for _, c := range r["conversations"].([]any) {
			seen = append(seen, c.(map[string]any)["createdAt"].(string))
		}
	}
	if diff := cmp.Diff([]string{"2026-01-04T02:59:00.000Z", "2026-01-02T21:00:00.000Z", "2026-01-02T01:15:00.000Z"}, seen); diff != "" {
		t.Error(diff)
	}
}

// TestBusinessHoursOfTheHotel: inside and outside follow what the hotel set, to the
// minute and by its own clock.
func TestBusinessHoursOfTheHotel(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, _ := w.hotelOfJanuary()
	admin := as(w.token(h.Admin))
	metrics := func() map[string]any {
		w.t.Helper()
		w.directory.ForgetAll()
		return w.do(http.MethodGet, "/api/reports/hourly?"+january, nil, admin).want(http.StatusOK).json()["businessHoursMetrics"].(map[string]any)
	}
	for name, c := range map[string]struct {
		hours, zone         string
		inside, from, until float64
	}{
		"at night, to the minute": {"{0,0,0,0,0,0,0,0,1335,1336,1080,1081,0,0}", "America/Sao_Paulo", 2, 18, 23},
		"always":                  {"{0,1440,0,1440,0,1440,0,1440,0,1440,0,1440,0,1440}", "America/Sao_Paulo", 5, 0, 24},
		"never":                   {"{0,0,0,0,0,0,0,0,0,0,0,0,0,0}", "America/Sao_Paulo", 0, 0, 0},
	} {
		w.exec("UPDATE tenant SET business_hours = $1::text::integer[], time_zone = $2 WHERE id = $3", c.hours, c.zone, h.ID)
		m := metrics()
		if m["insideCount"] != c.inside || m["outsideCount"] != 5-c.inside || m["businessHoursStart"] != c.from || m["businessHoursEnd"] != c.until {
			t.Errorf("%s: %v", name, m)
		}
	}
	w.exec("UPDATE tenant SET business_hours = '{480,1080,480,1080,480,1080,480,1080,480,1080,480,1080,480,1080}', time_zone = 'Asia/Kolkata' WHERE id = $1", h.ID)
	w.directory.ForgetAll()
	volume := w.do(http.MethodGet, "/api/reports/hourly?startDate=2026-01-01T00:00:00Z&endDate=2026-01-05T00:00:00Z", nil, admin).want(http.StatusOK).json()["hourlyVolume"].([]any)
	for hour, want := range map[int]float64{18: 1, 6: 1, 2: 2, 8: 1} { // 13:00, 01:15, 20:59 and 21:00, 02:59, and five and a half hours
		if got := volume[hour].(map[string]any)["count"]; got != want {
			t.Errorf("at %d in Kolkata: %v, want %v", hour, got, want)
		}
	}
}

// TestReportsAsCSV: every report can be opened in a spreadsheet program, and no name in
// it is run there.
func TestReportsAsCSV(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, ana := w.hotelOfJanuary()
	admin := as(w.token(h.Admin))
	w.exec("UPDATE account SET name = '=HYPERLINK(\"http://evil.example\")' WHERE id = $1", ana.ID)
	w.exec("UPDATE contact SET name = E'\\t@SUM(A1)' WHERE tenant_id = $1", h.ID)
	rows := map[string]int{"overview": 20, "attendants": 1, "hourly": 24, "outside-hours": 3, "units": 4, "timeline": 3, "bot": 4}
	for _, name := range reportNames {
		r := w.do(http.MethodGet, "/api/reports/"+name+"?"+january+"&format=csv", nil, admin).want(http.StatusOK)
		if got := r.header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
			t.Errorf("%s: content type %s", name, got)
		}
		if got := r.header.Get("Content-Disposition"); !strings.HasPrefix(got, `attachment; filename="`) || !strings.HasSuffix(got, `-2026-01-03.csv"`) {
			t.Errorf("%s: %s", name, got)
		}
		text, marked := strings.CutPrefix(string(r.body), "\ufeff")
		table, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || !marked {
			t.Errorf("%s: %v in %q", name, err, text)
			continue
		}
		if len(table)-1 != rows[name] {
			t.Errorf("%s: %d rows, want %d:\n%s", name, len(table)-1, rows[name], text)
		}
		for _, row := range table {
			for _, cell := range row {
				if strings.ContainsAny(cell[:min(1, len(cell))], "=@\t") {
					t.Errorf("%s: %q would be run", name, cell)
				}
			}
		}
	}
}
