package inbox

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wished tells whether a hotel's guest gets offers, what was said to the guest, and how often
// the wish was noted.
func (l *line) wished() []string {
	out := l.rows(`SELECT 'no offers: ' || marketing_stopped FROM contact WHERE tenant_id = $1 AND $2::timestamptz IS NOT NULL`)
	out = append(out, l.rows(`SELECT 'said: ' || split_part(content, ' ', 3) || ' ' || split_part(content, ' ', 4) || ' ' || sender || ' ' || status FROM message
		WHERE tenant_id = $1 AND direction = 'OUTBOUND' AND kind = 'TEXT' AND wamid IS NULL AND $2::timestamptz IS NOT NULL ORDER BY id`)...)
	out = append(out, l.rows(`SELECT 'noted: ' || action || ' ' || (detail ->> 'toldBy') FROM audit_entry
		WHERE tenant_id = $1 AND entity = 'contact' AND action LIKE '%OFFERS' AND $2::timestamptz IS NOT NULL ORDER BY id`)...)
	return append(out, l.rows(`SELECT 'to be sent: ' || count(*) FROM lane_item WHERE tenant_id = $1 AND kind = 'deliver' AND $2::timestamptz IS NOT NULL`)...)
}

// Case 107: a guest who writes SAIR gets no more offers, and hears so once, however often
// and through whatever it is said.
func TestStopWord(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	sair := said("wamid.S", 20, text("SAIR"))
	stopped := []string{"no offers: true", "said: não receberá BOT PENDING", "noted: STOP_OFFERS message", "to be sent: 1"}
	for name, c := range map[string]struct {
		steps  []step
		before func(l *line)
		want   []string
	}{
		"once":              {steps: []step{call(1, sair)}, want: stopped},
		"repeated by Meta":  {steps: []step{call(1, sair), call(1, sair)}, want: stopped},
		"said again":        {steps: []step{call(1, sair), call(1, said("wamid.T", 30, text("parar promoções!")))}, want: stopped},
		"twice in one call": {steps: []step{call(1, sair, said("wamid.T", 30, text("sair")))}, want: stopped},
		"and told by Meta":  {steps: []step{call(1, sair), call(1, offers("stop", 40))}, want: stopped},
		"told by Meta before": {
			steps: []step{call(1, hello), call(1, offers("stop", 15)), call(1, sair)},
			want:  []string{"no offers: true", "noted: STOP_OFFERS whatsapp_preference", "to be sent: 0"},
		},
		"and back": {
			steps: []step{call(1, sair), call(1, said("wamid.T", 30, text("Receber ofertas")))},
			want:  []string{"no offers: false", "said: não receberá BOT PENDING", "said: voltará a BOT PENDING", "noted: STOP_OFFERS message", "noted: RESUME_OFFERS message", "to be sent: 2"},
		},
		"older than the way back": {
			steps: []step{call(1, hello), call(1, offers("resume", 30)), call(1, sair)},
			want:  []string{"no offers: false", "to be sent: 0"},
		},
		"days late":           {steps: []step{call(1, said("wamid.S", -200_000, text("SAIR")))}, want: []string{"no offers: true", "noted: STOP_OFFERS message", "to be sent: 0"}},
		"inside a sentence":   {steps: []step{call(1, said("wamid.S", 20, text("Quero sair às 10h")))}, want: []string{"no offers: false", "to be sent: 0"}},
		"by us, on the phone": {steps: []step{call(1, echoed("wamid.S", 20, text("SAIR")))}, want: []string{"no offers: false", "to be sent: 0"}},
		"while a person is there": {
			steps: []step{call(1, sair)},
			before: func(l *line) {
				l.post(1, hello)
				l.work(1)
				l.sql("UPDATE conversation SET locked = true, state = 'IN_PROGRESS'")
			},
			want: []string{"no offers: true", "noted: STOP_OFFERS message", "to be sent: 0"},
		},
		"an offer that WhatsApp refused": {
			steps:  []step{call(1, status("failed", 20, `,"errors":[{"code":131050}]`))},
			before: func(l *line) { sendTo(t, l) },
			want:   []string{"no offers: true", "noted: STOP_OFFERS offer_refused", "to be sent: 0"},
		},
	} {
		l := x.line(t)
		if c.before != nil {
			c.before(l)
		}
		for _, s := range c.steps {
			l.post(s.at, s.changes...)
			l.work(8)
		}
		if diff := cmp.Diff(c.want, l.wished()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if name == "once" && !strings.Contains(strings.Join(l.handedOver(), ""), "SAIR") {
			t.Error("the flow does not hear it")
		}
	}
}
