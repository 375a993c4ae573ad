package inbox

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

var update = flag.Bool("update", false, "write the golden file anew")

// The matrix is §11 of our reference of Meta's Cloud API: what a receiver must bear. Each
// case has its number there; elsewhere has those that are tested in other packages.

// step is one webhook call: changes, and when Meta says they happened.
type step struct {
	at      int
	changes []string
}

func call(at int, changes ...string) step { return step{at, changes} }

const marina = `"contacts":[{"wa_id":"5511987654321","user_id":"BR.1","profile":{"name":"Marina"}}],`

// said is a message of Marina's, by what it has besides id and time.
func said(wamid string, at int, rest string) string {
	return change("messages", marina+fmt.Sprintf(`"messages":[{"from":"5511987654321","from_user_id":"BR.1","id":"%s","timestamp":"@%d",%s}]`, wamid, at, rest))
}

func text(body string) string { return `"type":"text","text":{"body":"` + body + `"}` }

func raw(inside string) string { return change("messages", inside) }

func echoed(wamid string, at int, rest string) string {
	return change("smb_message_echoes", fmt.Sprintf(`"message_echoes":[{"from":"#DISPLAY","to":"5511987654321","id":"%s","timestamp":"@%d",%s}]`, wamid, at, rest))
}

// status is one of the message wamid.OUT, which the hotel has sent to Marina.
func status(name string, at int, rest string) string {
	return raw(fmt.Sprintf(`"statuses":[{"id":"wamid.OUT","status":"%s","timestamp":"@%d","recipient_id":"5511987654321"%s}]`, name, at, rest))
}

func template(event string) string {
	return account("message_template_status_update", `"event":"`+event+`","message_template_id":9,"message_template_name":"reserva","message_template_language":"pt_BR"`)
}

const (
	like   = `"type":"reaction","reaction":{"message_id":"wamid.A","emoji":"👍"}`
	unlike = `"type":"reaction","reaction":{"message_id":"wamid.A","emoji":""}`
	edit   = `"type":"edit","edit":{"original_message_id":"wamid.A","message":{"type":"text","text":{"body":"13/12"}}}`
	revoke = `"type":"revoke","revoke":{"original_message_id":"wamid.A"}`
)

var hello = said("wamid.A", 10, text("Oi"))

var matrix = map[string][]step{
	"047 unknown field":                          {call(1, account("novidade", `"x":1`))},
	"048 field missing":                          {call(1, strings.Replace(echoed("wamid.E", 10, text("Oi")), `"field":"smb_message_echoes",`, "", 1))},
	"053 errors of the account":                  {call(1, raw(`"errors":[{"code":130429,"title":"Rate limit hit"}]`))},
	"054 extra keys at every level":              {call(1, raw(`"novo":1,"messages":[{"novo":[1],"from":"5511987654321","id":"wamid.A","timestamp":"@10","type":"text","text":{"body":"Oi","novo":{}}}]`))},
	"055 one invalid among valid ones":           {call(1, raw(`"messages":[{"from":"5511987654321","id":"wamid.A","timestamp":"@10","type":"text","text":{"body":"um"}},{"id":7},{"from":"5511987654321","id":"wamid.B","timestamp":"@20","type":"text","text":{"body":"dois"}}]`))},
	"058 the same twice in one call":             {call(1, hello, hello)},
	"059 the same in two calls":                  {call(1, hello), call(1, hello)},
	"061 the newer arrives first":                {call(1, said("wamid.B", 20, text("dois"))), call(1, hello)},
	"062 seven days old":                         {call(1, said("wamid.A", -604000, text("velha")))},
	"064 time as a number":                       {call(1, strings.Replace(hello, `"@10"`, `@10`, 1))},
	"065 no number, a BSUID":                     {call(1, raw(`"messages":[{"from_user_id":"BR.9","id":"wamid.A","timestamp":"@10","type":"text","text":{"body":"Oi"}}]`))},
	"066 nobody":                                 {call(1, raw(`"messages":[{"id":"wamid.A","timestamp":"@10","type":"text","text":{"body":"Oi"}}]`))},
	"067 BSUID in the place of the number":       {call(1, raw(`"contacts":[{"wa_id":"BR.9","profile":{"name":"Ana"}}],"messages":[{"from":"BR.9","id":"wamid.A","timestamp":"@10","type":"text","text":{"body":"Oi"}}]`))},
	"068 senders that are none":                  {call(1, raw(`"messages":[{"from":"bla","from_user_id":"foo_bar","id":"wamid.A","timestamp":"@10","type":"text","text":{"body":"Oi"}}]`))},
	"069 no contacts":                            {call(1, raw(`"messages":[{"from":"5511987654321","id":"wamid.A","timestamp":"@10","type":"text","text":{"body":"Oi"}}]`))},
	"070 contacts in crossed order":              {call(1, raw(`"contacts":[{"wa_id":"5521988887777","profile":{"name":"Bia"}},{"wa_id":"5511987654321","profile":{"name":"Ana"}}],"messages":[{"from":"5511987654321","id":"wamid.A","timestamp":"@10","type":"text","text":{"body":"Ana"}},{"from":"5521988887777","id":"wamid.B","timestamp":"@20","type":"text","text":{"body":"Bia"}}]`))},
	"071 hostile name":                           {call(1, raw(`"contacts":[{"wa_id":"5511987654321","profile":{"name":"\u202e<b>Ana</b>"}}],"messages":[{"from":"5511987654321","id":"wamid.A","timestamp":"@10","type":"text","text":{"body":"Oi"}}]`))},
	"072 username, then number":                  {call(1, raw(`"contacts":[{"user_id":"BR.1","profile":{"username":"marina.d"}}],"messages":[{"from_user_id":"BR.1","id":"wamid.0","timestamp":"@5","type":"text","text":{"body":"Oi"}}]`)), call(1, said("wamid.B", 20, text("agora com número")))},
	"074 without and with the ninth digit":       {call(1, raw(`"messages":[{"from":"558187654321","id":"wamid.A","timestamp":"@10","type":"text","text":{"body":"um"}},{"from":"5581987654321","id":"wamid.B","timestamp":"@20","type":"text","text":{"body":"dois"}}]`))},
	"075 landline":                               {call(1, raw(`"messages":[{"from":"551133334444","id":"wamid.A","timestamp":"@10","type":"text","text":{"body":"Oi"}}]`))},
	"076 new number, later message joins":        {call(1, hello), call(1, moved), call(1, fromNew("wamid.N", 40))},
	"076 new number, both known already":         {call(1, hello), call(1, fromNew("wamid.N", 40)), call(1, moved)},
	"077 new id without a number":                {call(1, hello), call(1, raw(`"messages":[{"id":"wamid.S","timestamp":"@30","type":"system","system":{"type":"user_changed_user_id","user_id":"BR.2","previous_user_id":"BR.1"}}]`)), call(1, raw(`"messages":[{"from_user_id":"BR.2","id":"wamid.N","timestamp":"@40","type":"text","text":{"body":"ainda eu"}}]`))},
	"078 number recycled":                        {call(1, hello), call(1, moved), call(1, raw(`"contacts":[{"wa_id":"5511987654321","user_id":"BR.7","profile":{"name":"Outra"}}],"messages":[{"from":"5511987654321","from_user_id":"BR.7","id":"wamid.N","timestamp":"@50","type":"text","text":{"body":"quem é?"}}]`))},
	"079 reaction before its message":            {call(1, said("wamid.R", 20, like)), call(1, hello)},
	"079 reaction to what never comes":           {call(1, said("wamid.R", 20, like))},
	"080 reaction removed by an empty emoji":     {call(1, hello), call(1, said("wamid.R", 20, like)), call(1, said("wamid.Q", 30, unlike))},
	"080 reaction removed by a missing key":      {call(1, hello), call(1, said("wamid.R", 20, like)), call(1, said("wamid.Q", 30, strings.Replace(unlike, `,"emoji":""`, "", 1)))},
	"081 older reaction arrives late":            {call(1, hello), call(1, said("wamid.Q", 30, unlike)), call(1, said("wamid.R", 20, like))},
	"082 reply to an unknown message":            {call(1, said("wamid.A", 10, text("Sim")+`,"context":{"id":"wamid.X"}`))},
	"082 reply to a known message":               {call(1, hello), call(1, said("wamid.B", 20, text("Isso")+`,"context":{"id":"wamid.A"}`))},
	"083 edit before the original":               {call(1, said("wamid.E", 20, edit)), call(1, hello)},
	"083 edit":                                   {call(1, hello), call(1, said("wamid.E", 20, edit))},
	"083 edit after a revocation":                {call(1, hello), call(1, said("wamid.V", 20, revoke)), call(1, said("wamid.E", 30, edit))},
	"084 revocation":                             {call(1, hello), call(1, said("wamid.V", 20, revoke))},
	"084 revocation before the original":         {call(1, said("wamid.V", 20, revoke)), call(1, hello)},
	"085 unsupported as first contact":           {call(1, said("wamid.A", 10, `"type":"unsupported","unsupported":{"type":"poll_creation"},"errors":[{"code":131051}]`))},
	"085 unsupported without errors":             {call(1, said("wamid.A", 10, `"type":"unsupported"`))},
	"086 hologram":                               {call(1, said("wamid.A", 10, `"type":"hologram","hologram":{"x":1}`))},
	"087 text without text, image without image": {call(1, said("wamid.A", 10, `"type":"text"`), said("wamid.B", 20, `"type":"image"`), said("wamid.C", 30, `"type":"interactive","errors":[{"code":131051}]`))},
	"091 button without context and payload":     {call(1, said("wamid.A", 10, `"type":"button","button":{"text":"Sim"}`))},
	"092 form that cannot be read":               {call(1, said("wamid.A", 10, `"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"[1,"}}`))},
	"093 order with odd numbers":                 {call(1, said("wamid.A", 10, `"type":"order","order":{"product_items":[{"product_retailer_id":"A","quantity":1000000000,"item_price":-1,"currency":"XXX"}]}`))},
	"094 referral with a hostile link":           {call(1, said("wamid.A", 10, text("Oi")+`,"referral":{"source_url":"javascript:alert(1)"}`))},
	"101 file that Meta lost":                    {call(1, said("wamid.A", 10, `"type":"image","errors":[{"code":131052}]`))},
	"104 location off the earth":                 {call(1, said("wamid.A", 10, `"type":"location","location":{"latitude":91,"longitude":181}`))},
	"105 group":                                  {call(1, said("wamid.A", 10, text("Oi, grupo")+`,"group_id":"120363"`))},
	"106 voice under its older name":             {call(1, said("wamid.A", 10, `"type":"voice","voice":{"id":"7"}`))},
	"109 sent, delivered, read":                  {call(1, status("sent", 10, "")), call(1, status("delivered", 20, "")), call(1, status("read", 30, ""))},
	"110 in reverse":                             {call(1, status("read", 30, "")), call(1, status("delivered", 20, "")), call(1, status("sent", 10, ""))},
	"111 read without delivered":                 {call(1, status("read", 30, ""))},
	"112 delivered twice":                        {call(1, status("delivered", 20, "")), call(1, status("delivered", 20, ""))},
	"114 status of an unknown message":           {call(1, strings.Replace(status("read", 30, ""), "wamid.OUT", "wamid.X", 1))},
	"115 failed 131047":                          {call(1, status("failed", 20, `,"errors":[{"code":131047}]`))},
	"115 failed 131050":                          {call(1, status("failed", 20, `,"errors":[{"code":131050}]`))},
	"115 failed 130429":                          {call(1, status("failed", 20, `,"errors":[{"code":130429}]`))},
	"116 failed after delivered":                 {call(1, status("delivered", 10, "")), call(1, status("failed", 20, `,"errors":[{"code":131026}]`))},
	"117 delivered after failed":                 {call(1, status("failed", 10, `,"errors":[{"code":131026}]`)), call(1, status("delivered", 20, ""))},
	"118 failed without errors":                  {call(1, status("failed", 20, ""))},
	"119 in orbit, deleted, warning":             {call(1, status("in_orbit", 10, ""), status("deleted", 20, ""), status("warning", 30, ""))},
	"120 played":                                 {call(1, status("played", 20, ""))},
	"121 price on delivered, none on read":       {call(1, status("delivered", 10, `,"pricing":{"pricing_model":"PMP","type":"novo","category":"desconhecida"}`)), call(1, status("read", 20, ""))},
	"122 status with a BSUID only":               {call(1, strings.Replace(status("read", 20, ""), `"recipient_id":"5511987654321"`, `"recipient_user_id":"BR.1"`, 1))},
	"123 status names a username and a BSUID":    {call(1, raw(`"contacts":[{"wa_id":"5511987654321","user_id":"BR.1","profile":{"name":"Marina","username":"marina.d"}}],"statuses":[{"id":"wamid.OUT","status":"read","timestamp":"@20","recipient_id":"5511987654321"}]`))},
	"125 group statuses":                         {call(1, raw(`"statuses":[{"id":"wamid.G","status":"read","timestamp":"@20","recipient_type":"group","recipient_id":"1","recipient_participant_id":"5511987654321"}]`))},
	"127 template approved, late pending":        {call(100, template("APPROVED")), call(50, template("PENDING"))},
	"128 rejection beside the value":             {call(1, strings.Replace(template("REJECTED"), `"value":`, `"rejection_info":{"reason":"Sem exemplo"},"value":`, 1))},
	"129 template paused":                        {call(1, template("APPROVED")), call(50, template("PAUSED"))},
	"130 stop then resume, in reverse":           {call(1, hello), call(1, offers("resume", 30)), call(1, offers("stop", 20))},
	"130 stop":                                   {call(1, hello), call(1, offers("stop", 20))},
	"131 account banned":                         {call(1, account("account_update", `"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE"}`))},
	"131 account reinstated":                     {call(1, account("account_update", `"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE"}`)), call(9, account("account_update", `"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"REINSTATE"}`))},
	"132 unknown event of the account":           {call(1, account("account_update", `"event":"SOMETHING_NEW"`))},
	"134 echo":                                   {call(1, hello), call(1, echoed("wamid.E", 20, text("Respondido"))), call(1, said("wamid.B", 15, text("atrasada")))},
	"134 echo to somebody new":                   {call(1, echoed("wamid.E", 20, text("Olá")))},
	"135 echo of what we sent ourselves":         {call(1, echoed("wamid.OUT", 20, text("Olá!")))},
	"136 history, out of order and again":        {call(1, past("wamid.H2", 20, "segunda")), call(1, past("wamid.H1", 10, "primeira")), call(1, past("wamid.H2", 20, "segunda"))},
	"137 history declined":                       {call(1, change("history", `"history":[{"errors":[{"code":2593109,"title":"History sharing is off"}]}]`))},
	"138 address book: named, then removed":      {call(1, book("add", "Marina do 204", 10)), call(1, hello), call(1, book("remove", "", 30))},
	"138 address book: after the guest wrote":    {call(1, hello), call(1, book("add", "Marina do 204", 20)), call(1, book("add", "Antiga", 15))},
	"139 call":                                  {call(1, change("calls", `"calls":[{"id":"wacid.1","from":"5511987654321","event":"connect","direction":"USER_INITIATED","timestamp":"@10"}]`))},
	"140 standby":                               {call(1, change("standby", `"standby":{`+marina+`"messages":[{"from":"5511987654321","id":"wamid.A","timestamp":"@10",`+text("Oi")+`}]}`))},
	"141 limit as a number":                     {call(1, account("phone_number_quality_update", `"display_phone_number":"#DISPLAY","event":"ONBOARDING","max_daily_conversations_per_business":2000`))},
	"141 limit as a tier":                       {call(1, account("business_capability_update", `"max_daily_conversations_per_business":"TIER_UNLIMITED"`))},
	"141 limit, the older arrives late":         {call(9, account("business_capability_update", `"max_daily_conversations_per_business":"TIER_10K"`)), call(5, account("business_capability_update", `"max_daily_conversations_per_business":250`))},
	"000 request_welcome, of before March 2026": {call(1, said("wamid.A", 10, `"type":"request_welcome"`))},
	"000 security":                              {call(1, account("security", `"display_phone_number":"#DISPLAY","event":"PIN_CHANGED"`)), call(1, account("security", `"display_phone_number":"#DISPLAY","event":"PIN_CHANGED"`))},
	"000 permission to call":                    {call(1, said("wamid.A", 10, `"type":"interactive","interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"accept"}}`))},
}

var moved = raw(`"messages":[{"from":"5511987654321","id":"wamid.S","timestamp":"@30","type":"system","system":{"type":"user_changed_number","wa_id":"5521998877665","user_id":"BR.2","previous_user_id":"BR.1"}}]`)

func fromNew(wamid string, at int) string {
	return raw(fmt.Sprintf(`"messages":[{"from":"5521998877665","from_user_id":"BR.2","id":"%s","timestamp":"@%d",%s}]`, wamid, at, text("número novo")))
}

func offers(value string, at int) string {
	return change("user_preferences", fmt.Sprintf(`"user_preferences":[{"wa_id":"5511987654321","category":"marketing_messages","value":"%s","timestamp":@%d}]`, value, at))
}

func past(wamid string, at int, body string) string {
	return change("history", fmt.Sprintf(`"history":[{"metadata":{"phase":0,"progress":50},"threads":[{"id":"5511987654321","messages":[{"from":"5511987654321","id":"%s","timestamp":"@%d",%s,"history_context":{"status":"READ"}}]}]}]`, wamid, at, text(body)))
}

func book(action, name string, at int) string {
	return change("smb_app_state_sync", fmt.Sprintf(`"state_sync":[{"type":"contact","contact":{"full_name":"%s","phone_number":"5511987654321"},"action":"%s","metadata":{"timestamp":"@%d"}}]`, name, action, at))
}

// Every case of the matrix leaves the rows, tells the screens and hands over to the bot what
// its part of the golden file says.
func TestMatrix(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	var out []string
	for _, name := range sortedKeys(matrix) {
		l := x.line(t)
		if strings.Contains(name, "1") && strings.Contains(fmt.Sprint(matrix[name]), "wamid.OUT") {
			sendTo(t, l)
		}
		for _, s := range matrix[name] {
			l.post(s.at, s.changes...)
			l.work(8)
		}
		out = append(out, "# "+name)
		out = append(out, l.state()...)
		out = append(out, l.told()...)
		out = append(out, l.handedOver()...)
		out = append(out, "")
	}
	got := strings.Join(out, "\n")
	const file = "testdata/matrix.golden.txt"
	if *update {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("-golden +now:\n%s", diff)
	}
}

func sortedKeys[V any](of map[string]V) []string {
	keys := make([]string, 0, len(of))
	for k := range of {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// sendTo makes a conversation with Marina in which the hotel has sent wamid.OUT.
func sendTo(t *testing.T, l *line) {
	t.Helper()
	l.post(0, said("wamid.0", 0, text("Quero reservar")))
	l.work(1)
	var talk conversation.Card
	cards := l.rows(`SELECT id::text FROM conversation WHERE tenant_id = $1 AND $2::timestamptz IS NOT NULL`)
	for _, text := range cards {
		if err := talk.ID.Scan(text); err != nil {
			t.Fatal(err)
		}
	}
	talk, err := l.db.Card(t.Context(), l.hotel.ID, talk.ID)
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Message(t, l.db, l.hotel.ID, talk, func(m *message.Message) {
		m.Direction, m.Sender, m.Status, m.WAMID, m.Content = message.Outbound, message.Bot, message.Sent, "wamid.OUT", "Olá!"
		m.Timestamp = l.base
	})
}
