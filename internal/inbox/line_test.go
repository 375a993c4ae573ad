package inbox

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/sealed"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

const lineSecret = "segredo-da-plataforma"

// exchange takes in what Meta sends for any number of hotels.
type exchange struct {
	db        *postgres.DB
	owner     *pgx.Conn
	receiver  *Receiver
	processor *Processor

	mu     sync.Mutex
	events map[id.Tenant][]event.Event
}

func newExchange(t *testing.T) *exchange {
	t.Helper()
	db := pgtest.DB(t)
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	dir := directory.New(db, box, clock.System{})
	x := &exchange{
		db: db, owner: pgtest.Owner(t, db), events: map[id.Tenant][]event.Event{},
		receiver: NewReceiver(db, dir, lineSecret, logtest.Logger()), processor: NewProcessor(db, dir, clock.System{}, logtest.Logger()),
	}
	t.Cleanup(x.receiver.Close)
	db.OnCommit(postgres.Hooks{Publish: func(_ context.Context, events []event.Event) {
		x.mu.Lock()
		defer x.mu.Unlock()
		for _, e := range events {
			x.events[e.TenantID] = append(x.events[e.TenantID], e)
		}
	}})
	return x
}

// line is one number of a hotel with a bot; times count from its base.
type line struct {
	*exchange
	t     failer
	hotel pgtest.Hotel
	base  time.Time
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func (x *exchange) line(t *testing.T) *line {
	t.Helper()
	hotel := pgtest.Tenant(t, x.db, func(row *postgres.TenantRow) { row.Bot.URL = "https://fluxo.example/webhook" })
	return &line{exchange: x, t: t, hotel: hotel, base: time.Now().Add(-40 * time.Minute).UTC().Truncate(time.Second)}
}

// at is a time of Meta's, so many seconds after the base.
func (l *line) at(seconds int) string { return fmt.Sprint(l.base.Unix() + int64(seconds)) }

// fill puts times ("@10") and the hotel's ids into a payload.
func (l *line) fill(text string) string {
	text = strings.NewReplacer("#NUMBER", l.hotel.Number.PhoneNumberID, "#WABA", l.hotel.Number.WABAID, "#DISPLAY", digitsOf(l.hotel.Number.Display)).Replace(text)
	for {
		before, rest, found := strings.Cut(text, "@")
		if !found {
			return text
		}
		digits := 0
		for digits < len(rest) && strings.ContainsRune("-0123456789", rune(rest[digits])) {
			digits++
		}
		var n int
		_, _ = fmt.Sscan(rest[:digits], &n)
		text = before + l.at(n) + rest[digits:]
	}
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// change is a change of a field; its value is without the metadata of the number.
func change(field, value string) string {
	return `{"field":"` + field + `","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"#DISPLAY","phone_number_id":"#NUMBER"},` + value + `}}`
}

// account is a change about the account.
func account(field, value string) string { return `{"field":"` + field + `","value":{` + value + `}}` }

// post delivers changes in one call, signed; time is when Meta says they happened.
func (l *line) post(seconds int, changes ...string) {
	l.t.Helper()
	body := []byte(l.fill(fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"#WABA","time":@%d,"changes":[%s]}]}`, seconds, strings.Join(changes, ","))))
	header := http.Header{"X-Hub-Signature-256": {whatsapp.Sign(lineSecret, body)}}
	if err := l.receiver.Receive(context.Background(), header, body, ""); err != nil {
		l.t.Fatalf("refused: %v\n%s", err, body)
	}
}

// work applies everything that arrived, so many lanes at once.
func (l *line) work(lanes int) {
	l.t.Helper()
	for range 10_000 {
		l.sql("UPDATE lane SET ready_at = now() WHERE tenant_id = $1 AND lease IS NULL", l.hotel.ID)
		claimed, err := l.db.ClaimLanes(context.Background(), l.hotel.ID, lane.Inbox, lanes)
		if err != nil {
			l.t.Fatalf("claim: %v", err)
		}
		if len(claimed) == 0 {
			return
		}
		l.processor.Work(context.Background(), claimed)
	}
	l.t.Fatalf("the work does not end")
}

func (l *line) sql(text string, args ...any) {
	l.t.Helper()
	if _, err := l.owner.Exec(context.Background(), text, args...); err != nil {
		l.t.Fatalf("%s: %v", text, err)
	}
}

func (l *line) rows(text string) []string {
	l.t.Helper()
	rows, err := l.owner.Query(context.Background(), text, l.hotel.ID, l.base)
	if err != nil {
		l.t.Fatalf("%s: %v", text, err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		l.t.Fatalf("%s: %v", text, err)
	}
	return out
}

// state is everything that people see, and what it is made of, by names that do not depend
// on when and in which order it was stored.
func (l *line) state() []string {
	var out []string
	for _, query := range stateQueries {
		out = append(out, l.rows(query)...)
	}
	for i := range out {
		out[i] = strings.NewReplacer(l.hotel.Number.WABAID, "WABA", digitsOf(l.hotel.Number.Display), "DISPLAY").Replace(out[i])
	}
	return out
}

// Who a guest is, in the rows below: the addresses by which they are known.
const whoSQL = `(SELECT string_agg(a.value, '+' ORDER BY a.kind DESC, a.value) FROM contact_alias a WHERE a.tenant_id = $1 AND a.contact_id = %s)`

func secondsSQL(column string) string {
	return `coalesce(extract(epoch FROM ` + column + ` - $2::timestamptz)::bigint::text, '-')`
}

// metadataSQL leaves out times, which count from the base.
const metadataSQL = `(m.metadata #- '{editedAt}' #- '{revokedAt}' #- '{reactions,0,at}' #- '{reactions,1,at}' #- '{raw,timestamp}')`

var stateQueries = []string{
	`SELECT 'guest ' || coalesce(` + fmt.Sprintf(whoSQL, "g.id") + `, '?') || ' phone=' || phone || ' replyTo=' || wa_id || ' bsuid=' || bsuid || ' username=' || username ||
		' name=' || name || ' kept=' || name_kept || ' noOffers=' || marketing_stopped FROM contact g WHERE tenant_id = $1 AND ($2::timestamptz IS NOT NULL) ORDER BY 1`,
	`SELECT 'given up ' || value || ' at ' || ` + secondsSQL("until") + ` FROM contact_alias WHERE tenant_id = $1 AND until IS NOT NULL ORDER BY 1`,
	`SELECT 'conversation of ' || ` + fmt.Sprintf(whoSQL, "c.contact_id") + ` || ' ' || state || ' ' || source || ' locked=' || locked || ' unread=' || unread ||
		' inbound=' || ` + secondsSQL("last_inbound_at") + ` || ' last=' || ` + secondsSQL("last_message_at") + ` || ' shows=' || coalesce(last_message ->> 'content', '-')
		FROM conversation c WHERE tenant_id = $1 ORDER BY 1`,
	`SELECT 'message ' || ` + secondsSQL("m.timestamp") + ` || ' ' || coalesce(wamid, '-') || ' of ' || ` + fmt.Sprintf(whoSQL, "m.contact_id") + ` || ' ' || direction || ' ' || sender || ' ' ||
		kind || ' ' || status || ' "' || content || '" ' || ` + metadataSQL + ` || CASE WHEN m.metadata ? 'editedAt' THEN ' edited' ELSE '' END ||
		coalesce(' failure=' || (failure ->> 'code'), '') || coalesce(' told=' || array_to_string(ARRAY(SELECT jsonb_object_keys(progress) ORDER BY 1), ','), '') ||
		CASE WHEN (SELECT c.contact_id FROM conversation c WHERE c.tenant_id = $1 AND c.id = m.conversation_id) <> m.contact_id THEN ' STRAY' ELSE '' END
		FROM message m WHERE tenant_id = $1 ORDER BY m.timestamp, wamid`,
	`SELECT 'change ' || kind || ' ' || id || ' of ' || target || ' by ' || direction || ' ' || emoji || ' applied=' || applied || ' words=' || coalesce(words ->> 'content', '-')
		FROM message_change WHERE tenant_id = $1 AND $2::timestamptz IS NOT NULL AND (kind <> 'original' OR words IS NOT NULL) ORDER BY target, at, id`,
	`SELECT 'parked ' || wamid || ' ' || status FROM parked_status WHERE tenant_id = $1 AND $2::timestamptz IS NOT NULL ORDER BY 1`,
	`SELECT 'book ' || phone || ' ' || name FROM address_book WHERE tenant_id = $1 AND $2::timestamptz IS NOT NULL ORDER BY 1`,
	`SELECT 'news ' || kind || ' ' || name || ' ' || severity || ' ' || subject || ' ' || reason FROM account_event WHERE tenant_id = $1 AND $2::timestamptz IS NOT NULL ORDER BY 1`,
	`SELECT 'template ' || name || ' ' || language || ' ' || status || ' ' || reason || ' ' || quality || ' ' || category FROM template_state
		WHERE tenant_id = $1 AND $2::timestamptz IS NOT NULL ORDER BY 1`,
	`SELECT 'number quality=' || quality || ' limit=' || coalesce(daily_limit::text, '-') || ' name=' || verified_name || ' ' || name_state || ' account=' || account_state
		FROM whatsapp_number WHERE tenant_id = $1 AND $2::timestamptz IS NOT NULL AND (quality_at, limit_at, name_at, account_at) IS DISTINCT FROM (NULL, NULL, NULL, NULL) ORDER BY 1`,
	`SELECT 'put aside ' || code || ' ' || reason FROM dead_letter WHERE tenant_id = $1 AND $2::timestamptz IS NOT NULL ORDER BY 1`,
}

// told is what screens heard, in order.
func (l *line) told() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for _, e := range l.events[l.hotel.ID] {
		text := "event " + string(e.Name)
		if e.Message != nil {
			text += fmt.Sprintf(" %q %s", e.Message.Content, e.Message.Status)
		}
		if e.Message != nil && e.Message.Quoted != nil {
			text += fmt.Sprintf(" quoting %q", e.Message.Quoted.Content)
		}
		if e.News != nil {
			text += " " + string(e.News.Kind) + " " + e.News.Name
		}
		out = append(out, text)
	}
	return out
}

// handedOver is what the bot is to hear, in order.
func (l *line) handedOver() []string {
	var out []string
	for _, payload := range l.rows(`SELECT convert_from(payload, 'UTF8') FROM lane_item WHERE tenant_id = $1 AND kind = 'handoff' AND $2::timestamptz IS NOT NULL ORDER BY id`) {
		h, err := lane.ReadHandover(lane.Item{Payload: []byte(payload)})
		if err != nil {
			l.t.Fatalf("%v", err)
		}
		m, err := l.db.Message(context.Background(), l.hotel.ID, h.MessageID)
		if err != nil {
			l.t.Fatalf("%v", err)
		}
		if !m.IsRevoked() { // it is asked again when its turn comes
			out = append(out, fmt.Sprintf("bot hears %q", m.Content))
		}
	}
	return out
}
