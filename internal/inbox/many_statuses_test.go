package inbox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Case 126: 50,000 statuses a minute are 833 a second. Here come some thousands at once, as
// Meta batches them and out of order; each counts once, and nothing is left. How long it took
// is logged, not judged: it depends on the machine. Package bench measures answers under load.
func TestManyStatuses(t *testing.T) {
	t.Parallel()
	const messages, guests, inACall = 600, 50, 150
	x := newExchange(t)
	l := x.line(t)
	sendTo(t, l)
	l.sql(`INSERT INTO message (tenant_id, id, conversation_id, contact_id, number_id, wamid, direction, sender, kind, content, status, timestamp)
		SELECT m.tenant_id, gen_random_uuid(), m.conversation_id, m.contact_id, m.number_id, 'wamid.many.' || n, 'OUTBOUND', 'BOT', 'TEXT', 'Olá', 'SENT', m.timestamp
		FROM message m, generate_series(1, $2::integer) n WHERE m.tenant_id = $1 AND m.wamid = 'wamid.OUT'`, l.hotel.ID, messages)
	var all []string
	for n := range messages {
		for at, name := range []string{"read", "delivered", "sent", "delivered"} { // the worst order, and one repeated
			all = append(all, fmt.Sprintf(`{"id":"wamid.many.%d","status":"%s","timestamp":"@%d","recipient_id":"55119%08d"}`, n+1, name, 40-10*at, n%guests))
		}
	}
	began := time.Now()
	for from := 0; from < len(all); from += inACall {
		l.post(1, raw(`"statuses":[`+strings.Join(all[from:min(from+inACall, len(all))], ",")+`]`))
	}
	answered := time.Since(began)
	l.work(64)
	t.Logf("%d statuses answered after %v and applied after %v: %.0f a second", len(all), answered, time.Since(began), float64(len(all))/time.Since(began).Seconds())
	if n := l.rows(`SELECT count(*)::text FROM message WHERE tenant_id = $1 AND wamid LIKE 'wamid.many.%' AND status = 'READ' AND $2::timestamptz IS NOT NULL`); n[0] != fmt.Sprint(messages) {
		t.Errorf("%s of %d messages are read", n[0], messages)
	}
	if n := l.rows(`SELECT count(*)::text FROM lane_item WHERE tenant_id = $1 AND kind = 'inbox' AND $2::timestamptz IS NOT NULL`); n[0] != "0" {
		t.Errorf("%s items are left", n[0])
	}
}
