package whatsapp_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// parse reads one message, given by what it has besides id, sender and time.
func parse(t *testing.T, rest string) whatsapp.Inbound {
	t.Helper()
	in, err := whatsapp.ParseMessage(json.RawMessage(
		`{"message":{"id":"wamid.1","from":"5511987654321","timestamp":"1795000000",`+rest+`}}`), received)
	if err != nil {
		t.Fatalf("ParseMessage: %v", err)
	}
	return in
}

func TestKindsAndContents(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		rest    string
		kind    message.Kind
		content string
	}{
		"text with an emoji, escaped":       {`"type":"text","text":{"body":"Zo\u00eb \ud83c\udfe8"}`, message.Text, "Zoë 🏨"},
		"text of spaces":                    {`"type":"text","text":{"body":"   "}`, message.Text, "   "},
		"text like a formula":               {`"type":"text","text":{"body":"=HYPERLINK(1)"}`, message.Text, "=HYPERLINK(1)"},
		"zero characters":                   {`"type":"text","text":{"body":"a\u0000b"}`, message.Text, "ab"},
		"half of a surrogate pair":          {`"type":"text","text":{"body":"a\ud83d!"}`, message.Text, "a\ufffd!"},
		"invalid UTF-8":                     {"\"type\":\"text\",\"text\":{\"body\":\"a\xff!\"}", message.Text, "a\ufffd!"},
		"keys twice":                        {`"type":"image","type":"text","text":{"body":"um"},"text":{"body":"dois"}`, message.Text, "dois"},
		"image without caption":             {`"type":"image","image":{"id":"7"}`, message.Image, ""},
		"image with caption":                {`"type":"image","image":{"id":"7","caption":"Pix"}`, message.Image, "Pix"},
		"video":                             {`"type":"video","video":{"id":"7","caption":"Olhe"}`, message.Video, "Olhe"},
		"audio":                             {`"type":"audio","audio":{"id":"7","voice":true}`, message.Audio, ""},
		"voice, the older name":             {`"type":"voice","voice":{"id":"7"}`, message.Audio, ""},
		"sticker":                           {`"type":"sticker","sticker":{"id":"7","animated":true}`, message.Sticker, ""},
		"document with caption":             {`"type":"document","document":{"id":"7","filename":"v.pdf","caption":"Segue"}`, message.Document, "Segue"},
		"document without caption":          {`"type":"document","document":{"id":"7","filename":"v.pdf"}`, message.Document, "v.pdf"},
		"document without either":           {`"type":"document","document":{"id":"7"}`, message.Document, ""},
		"button without payload":            {`"type":"button","button":{"text":"Sim"}`, message.Text, "Sim"},
		"button without text":               {`"type":"button","button":{"payload":"SIM"}`, message.Text, "SIM"},
		"list without title":                {`"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"luxo"}}`, message.Text, "luxo"},
		"edit of nothing":                   {`"type":"edit","edit":{"message":{"type":"text","text":{"body":"x"}}}`, message.Unsupported, "[Mensagem editada pelo hóspede]"},
		"edit into a reaction":              {`"type":"edit","edit":{"original_message_id":"w","message":{"type":"reaction","reaction":{"message_id":"w"}}}`, message.Unsupported, "[Mensagem editada pelo hóspede]"},
		"revocation of nothing":             {`"type":"revoke","revoke":{}`, message.Unsupported, "[Mensagem apagada pelo hóspede]"},
		"reaction to nothing":               {`"type":"reaction","reaction":{"emoji":"👍"}`, message.Unsupported, "[Mensagem não suportada]"},
		"location, only coordinates":        {`"type":"location","location":{"latitude":-23.5,"longitude":-46}`, message.Location, `{"latitude":-23.5,"longitude":-46}`},
		"location off the earth":            {`"type":"location","location":{"latitude":91,"longitude":181}`, message.Unsupported, "[Localização inválida]"},
		"location in strings":               {`"type":"location","location":{"latitude":"-23","longitude":"-46"}`, message.Unsupported, "[Localização inválida]"},
		"location of null":                  {`"type":"location","location":{"latitude":null,"longitude":null}`, message.Unsupported, "[Localização inválida]"},
		"location of 1e400":                 {`"type":"location","location":{"latitude":1e400,"longitude":0}`, message.Unsupported, "[Localização inválida]"},
		"text without text":                 {`"type":"text"`, message.Unsupported, "[Mensagem não suportada]"},
		"text that is a string":             {`"type":"text","text":"oi"`, message.Unsupported, "[Mensagem não suportada]"},
		"image without image":               {`"type":"image"`, message.Unsupported, "[Imagem não recebida]"},
		"image without id":                  {`"type":"image","image":{"caption":"x"}`, message.Unsupported, "[Imagem não recebida]"},
		"image that Meta lost":              {`"type":"image","errors":[{"code":131052}]`, message.Unsupported, "[Arquivo não recebido: peça ao hóspede que envie de novo]"},
		"interactive without interactive":   {`"type":"interactive","errors":[{"code":131051}]`, message.Unsupported, "[Mensagem não suportada]"},
		"interactive of an unknown type":    {`"type":"interactive","interactive":{"type":"novo"}`, message.Unsupported, "[Mensagem não suportada]"},
		"form with an invalid answer":       {`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"[{"}}`, message.Text, "[Formulário respondido]"},
		"form without an answer":            {`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{}}`, message.Text, "[Formulário respondido]"},
		"form that is a string":             {`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":"x"}`, message.Unsupported, "[Formulário respondido]"},
		"permission to call, refused":       {`"type":"interactive","interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"reject"}}`, message.Notice, "[O hóspede não permite ligações]"},
		"permission to call, of a new kind": {`"type":"interactive","interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"x"}}`, message.Unsupported, "[Resposta ao pedido de ligação]"},
		"product, of unknown shape":         {`"type":"interactive","interactive":{"type":"product","product":{"x":1}}`, message.Unsupported, "[Produto]"},
		"order":                             {`"type":"order","order":{"product_items":[{"product_retailer_id":"A","quantity":1000000000,"item_price":-1.5,"currency":"XXX"},{"product_retailer_id":"B"},{"product_retailer_id":"C"},{"product_retailer_id":"D"}]}`, message.Text, "[Pedido] 1000000000 × A; × B; × C e mais 1"},
		"order of nothing":                  {`"type":"order","order":{"product_items":[]}`, message.Unsupported, "[Pedido]"},
		"order of strings":                  {`"type":"order","order":{"product_items":["x"]}`, message.Unsupported, "[Pedido]"},
		"contact with a name only":          {`"type":"contacts","contacts":[{"name":{"first_name":"Ana"}}]`, message.Text, "[Contato compartilhado] Ana"},
		"contact without a name":            {`"type":"contacts","contacts":[{"phones":[{"phone":"+55 11 98765-4321"}]}]`, message.Text, "[Contato compartilhado] +55 11 98765-4321"},
		"contact of nothing":                {`"type":"contacts","contacts":[{}]`, message.Unsupported, "[Contato compartilhado]"},
		"contacts that are a string":        {`"type":"contacts","contacts":"x"`, message.Unsupported, "[Contato compartilhado]"},
		"news of an unknown kind":           {`"type":"system","system":{"type":"x"}`, message.Unsupported, "[Mensagem não suportada]"},
		"identity changed":                  {`"type":"system","system":{"type":"customer_identity_changed"}`, message.Notice, "[O código de segurança do hóspede mudou: confirme que é a mesma pessoa]"},
		"unsupported without errors":        {`"type":"unsupported"`, message.Unsupported, "[Mensagem não suportada]"},
		"unsupported with its type":         {`"type":"unsupported","unsupported":{"type":"gif"}`, message.Unsupported, "[Mensagem não suportada]"},
		"hologram":                          {`"type":"hologram","hologram":{"x":1}`, message.Unsupported, "[Mensagem não suportada]"},
		"no type":                           {`"text":{"body":"oi"}`, message.Unsupported, "[Mensagem não suportada]"},
		"type of another type":              {`"type":{"a":1}`, message.Unsupported, "[Mensagem não suportada]"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := parse(t, c.rest)
			if in.Kind != c.kind || in.Content != c.content {
				t.Fatalf("%s %q, want %s %q", in.Kind, in.Content, c.kind, c.content)
			}
			if raw := in.Metadata.Raw != nil; raw != (c.kind == message.Unsupported) {
				t.Fatalf("raw form kept: %t", raw)
			}
		})
	}
}

func TestUnsupportedKeepsTypeAndRawForm(t *testing.T) {
	t.Parallel()
	in := parse(t, `"type":"hologram","hologram":{"n":1e400,"tiny":1e-9999,"deep":[{"a\u0000":"x\u0000\ud83dy"}],"emoji":"\ud83c\udfe8","price":7.50}`)
	const want = `{"from":"5511987654321","hologram":{"deep":[{"a":"x` + "\ufffd" + `y"}],"emoji":"🏨","n":"1e400","price":7.50,"tiny":"1e-9999"},` +
		`"id":"wamid.1","timestamp":"1795000000","type":"hologram"}`
	if diff := cmp.Diff(message.Metadata{Type: "hologram", Raw: json.RawMessage(want)}, in.Metadata); diff != "" {
		t.Fatal(diff)
	}
}

func TestRawFormIsBounded(t *testing.T) {
	t.Parallel()
	form := func(bytes int) json.RawMessage {
		return parse(t, `"type":"hologram","hologram":{"x":"`+strings.Repeat("x", bytes)+`"}`).Metadata.Raw
	}
	if got := form(200_000); len(got) < 200_000 {
		t.Fatalf("200 KB are kept in %d bytes", len(got))
	}
	if got := form(2_000_000); !strings.HasPrefix(string(got), `{"omittedBytes":2000`) {
		t.Fatalf("2 MB become %.60s", got)
	}
}

func TestChoicesAndMetadata(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		rest string
		want message.Metadata
	}{
		"button of a template": {
			`"type":"button","button":{"payload":"SIM","text":"Sim"}`,
			message.Metadata{Button: &message.Choice{ID: "SIM", Title: "Sim"}},
		},
		"button": {
			`"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"c:9","title":"Confirmar"}}`,
			message.Metadata{Button: &message.Choice{ID: "c:9", Title: "Confirmar"}},
		},
		"row of a list": {
			`"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"q:1","title":"Luxo","description":"Mar"}}`,
			message.Metadata{List: &message.Choice{ID: "q:1", Title: "Luxo", Description: "Mar"}},
		},
		"voice note, the older name": {
			`"type":"voice","voice":{"id":"7","mime_type":"audio/ogg; codecs=opus"}`,
			message.Metadata{MediaID: "7", MimeType: "audio/ogg; codecs=opus", Voice: true},
		},
		"media address is not read": {
			`"type":"image","image":{"id":"../7?x","url":"http://169.254.169.254/","sha256":"ab"}`,
			message.Metadata{MediaID: "../7?x", SHA256: "ab"},
		},
		"question about a product": {
			`"type":"image","image":{"id":"7"},"context":{"id":"w","referred_product":{"catalog_id":"c","product_retailer_id":"p"}}`,
			message.Metadata{MediaID: "7", Context: &message.Context{WAMID: "w", Product: &message.Product{CatalogID: "c", ProductID: "p"}}},
		},
		"form whose answer is no object": {
			`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"[1]"}}`,
			message.Metadata{Form: &message.Form{Answers: json.RawMessage(`"[1]"`), Failed: true}},
		},
		"form without a token": {
			`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"address_message","response_json":"{\"cep\":\"11630\"}"}}`,
			message.Metadata{Form: &message.Form{Name: "address_message", Answers: json.RawMessage(`{"cep":"11630"}`)}},
		},
		"permission to call": {
			`"type":"interactive","interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"accept","expiration_timestamp":1795604920,"response_source":"automatic"}}`,
			message.Metadata{Permission: &message.CallPermission{Accepted: true, Until: time.Unix(1795604920, 0).UTC(), Automatic: true}},
		},
		"reply": {
			`"type":"image","image":{"id":"7"},"context":{"id":"w","from":"551133334444"}`,
			message.Metadata{MediaID: "7", Context: &message.Context{WAMID: "w", From: "551133334444"}},
		},
		"forwarded": {
			`"type":"image","image":{"id":"7"},"context":{"forwarded":true,"frequently_forwarded":true}`,
			message.Metadata{MediaID: "7", Context: &message.Context{Forwarded: true, FrequentlyForwarded: true}},
		},
		"context of another type": {
			`"type":"image","image":{"id":"7"},"context":"x"`, message.Metadata{MediaID: "7"},
		},
		"context without anything": {
			`"type":"image","image":{"id":"7"},"context":{}`, message.Metadata{MediaID: "7"},
		},
		"referral, never followed": {
			`"type":"image","image":{"id":"7"},"referral":{"source_url":"javascript:alert(1)"}`,
			message.Metadata{MediaID: "7", Referral: json.RawMessage(`{"source_url":"javascript:alert(1)"}`)},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, parse(t, c.rest).Metadata); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func TestTimestamps(t *testing.T) {
	t.Parallel()
	week := received.Add(-7 * 24 * time.Hour)
	cases := map[string]struct {
		timestamp string
		want      time.Time
	}{
		"text":             {`"1795000000"`, time.Unix(1795000000, 0)},
		"number":           {`1795000000`, time.Unix(1795000000, 0)},
		"7 days old":       {fmt.Sprint(week.Unix()), week},
		"an hour ahead":    {fmt.Sprint(received.Unix() + 3600), received.Add(time.Hour)},
		"a day ahead":      {fmt.Sprint(received.Unix() + 86400), received},
		"zero":             {`"0"`, received},
		"negative":         {`-1795000000`, received},
		"milliseconds":     {`"1795000000000"`, received},
		"letters":          {`"asdf"`, received},
		"empty":            {`""`, received},
		"null":             {`null`, received},
		"an object":        {`{}`, received},
		"1e400":            {`1e400`, received},
		"40 digits":        {strings.Repeat("1", 40), received},
		"a fraction":       {`"1795000000.5"`, received},
		"before WhatsApp":  {`"86400"`, received},
		"the largest of 8": {`"9223372036854775807"`, received},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in, err := whatsapp.ParseMessage(json.RawMessage(
				`{"message":{"id":"w","from":"5511987654321","timestamp":`+c.timestamp+`,"type":"text","text":{"body":"x"}}}`), received)
			if err != nil {
				t.Fatal(err)
			}
			wrong := c.want.Equal(received)
			if !in.At.Equal(c.want) || in.Metadata.ClockWrong != wrong {
				t.Fatalf("at %v, flagged %t; want %v, %t", in.At, in.Metadata.ClockWrong, c.want, wrong)
			}
		})
	}
}

func TestSenders(t *testing.T) {
	t.Parallel()
	const bsuid = "BR.70231198450021937"
	cases := map[string]struct {
		inside string
		want   contact.Identity
	}{
		"no contacts":              {`"messages":[{"id":"w","from":"5511987654321"}]`, contact.Identity{WAID: "5511987654321"}},
		"BSUID alone":              {`"messages":[{"id":"w","from_user_id":"` + bsuid + `"}]`, contact.Identity{BSUID: bsuid}},
		"empty instead of omitted": {`"messages":[{"id":"w","from":"","from_user_id":"` + bsuid + `"}]`, contact.Identity{BSUID: bsuid}},
		"BSUID as number, in both": {
			`"contacts":[{"wa_id":"` + bsuid + `","profile":{"name":"Ana"}}],"messages":[{"id":"w","from":"` + bsuid + `"}]`,
			contact.Identity{BSUID: bsuid, Name: "Ana"},
		},
		"parent BSUID": {
			`"messages":[{"id":"w","from_user_id":"` + bsuid + `","from_parent_user_id":"BR.ENT.9"}]`,
			contact.Identity{BSUID: bsuid, Parent: "BR.ENT.9"},
		},
		"crossed order": {
			`"contacts":[{"wa_id":"5521988887777","profile":{"name":"Bia"}},{"wa_id":"5511987654321","profile":{"name":"Ana"}}],` +
				`"messages":[{"id":"w","from":"5511987654321"},{"id":"v","from":"5521988887777"}]`,
			contact.Identity{WAID: "5511987654321", Name: "Ana"},
		},
		"contact found by user id": {
			`"contacts":[{"user_id":"BR.1","profile":{"name":"Bia"}},{"user_id":"BR.2","profile":{"name":"Ana","username":"ana.s"}}],` +
				`"messages":[{"id":"w","from_user_id":"BR.2"}]`,
			contact.Identity{BSUID: "BR.2", Name: "Ana", Username: "ana.s"},
		},
		"a stranger's contact is not taken": {
			`"contacts":[{"wa_id":"5521988887777","profile":{"name":"Bia"}}],"messages":[{"id":"w","from":"5511987654321"}]`,
			contact.Identity{WAID: "5511987654321"},
		},
		"contact with the ninth digit, sender without": {
			`"contacts":[{"wa_id":"5581987654321","profile":{"name":"Ana"}}],"messages":[{"id":"w","from":"558187654321"}]`,
			contact.Identity{WAID: "558187654321", Name: "Ana"},
		},
		"profile missing":    {`"contacts":[{"wa_id":"5511987654321"}],"messages":[{"id":"w","from":"5511987654321"}]`, contact.Identity{WAID: "5511987654321"}},
		"profile a string":   {`"contacts":[{"wa_id":"5511987654321","profile":"x"}],"messages":[{"id":"w","from":"5511987654321"}]`, contact.Identity{WAID: "5511987654321"}},
		"contacts an object": {`"contacts":{"wa_id":"5511987654321","profile":{"name":"Ana"}},"messages":[{"id":"w","from":"5511987654321"}]`, contact.Identity{WAID: "5511987654321", Name: "Ana"}},
		"hostile name": {
			`"contacts":[{"wa_id":"5511987654321","profile":{"name":"\u202e<b>A\u0000n\u200ba</b>"}}],"messages":[{"id":"w","from":"5511987654321"}]`,
			contact.Identity{WAID: "5511987654321", Name: "<b>Ana</b>"},
		},
		"a landline": {`"messages":[{"id":"w","from":"551133334444"}]`, contact.Identity{WAID: "551133334444"}},
		"new ids and no sender": {
			`"messages":[{"id":"w","type":"system","system":{"type":"user_changed_user_id","user_id":"BR.8","previous_user_id":"BR.7"}}]`,
			contact.Identity{BSUID: "BR.7"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in, err := whatsapp.ParseMessage(items(split(t, value(c.inside)))[0].Payload, received)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, in.From); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func TestGroupMessageSaysSo(t *testing.T) {
	t.Parallel()
	if in := parse(t, `"group_id":"120363","type":"text","text":{"body":"oi"}`); in.GroupID != "120363" {
		t.Fatalf("group %q", in.GroupID)
	}
}

func TestFilenames(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"voucher.pdf":                   "voucher.pdf",
		"../../etc/passwd":              "passwd",
		`C:\\temp\\nota.pdf`:            "nota.pdf",
		"fatura.pdf.exe":                "fatura.pdf.exe",
		`foto\u202egpj.exe`:             "fotogpj.exe",
		"..":                            "",
		"/":                             "",
		"":                              "",
		strings.Repeat("a", 500) + ".p": strings.Repeat("a", 118) + ".p",
		strings.Repeat("é", 500):        strings.Repeat("é", 120),
		"." + strings.Repeat("x", 500):  "." + strings.Repeat("x", 119),
		`a\u0000b.txt`:                  "ab.txt",
	}
	for in, want := range cases {
		got := parse(t, `"type":"document","document":{"id":"7","filename":"`+in+`"}`).Metadata.Filename
		if got != want {
			t.Errorf("filename %.40q becomes %q, want %q", in, got, want)
		}
	}
}

func TestTextIsCappedByCharacters(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"a", "é", "🏨"} {
		for _, length := range []int{65_536, 65_537, 200_000} {
			in := parse(t, `"type":"text","text":{"body":"`+strings.Repeat(letter, length)+`"}`)
			if got := utf8.RuneCountInString(in.Content); got != 65_536 || !utf8.ValidString(in.Content) {
				t.Fatalf("%d × %s is kept with %d characters", length, letter, got)
			}
		}
	}
}

// Lists that a guest makes are kept up to a limit, and the text says that there is more.
func TestListsOfGuestsAreCapped(t *testing.T) {
	t.Parallel()
	phones := strings.TrimSuffix(strings.Repeat(`{"phone":"+55 11 98765-4321"},`, 1000), ",")
	cards := strings.TrimSuffix(strings.Repeat(`{"name":{"formatted_name":"Ana"},"phones":[`+phones+`]},`, 21), ",")
	in := parse(t, `"type":"contacts","contacts":[`+cards+`]`)
	if len(in.Metadata.Contacts) != 20 || len(in.Metadata.Contacts[0].Phones) != 20 || !strings.HasSuffix(in.Content, " e mais 18") {
		t.Errorf("%d contacts, %d phones, %q", len(in.Metadata.Contacts), len(in.Metadata.Contacts[0].Phones), in.Content)
	}
	for count, kept := range map[int]int{100: 100, 101: 100} {
		items := strings.TrimSuffix(strings.Repeat(`{"product_retailer_id":"A","quantity":"2"},`, count), ",")
		order := parse(t, `"type":"order","order":{"product_items":[`+items+`]}`).Metadata.Order
		if len(order.Items) != kept || order.More != count-kept {
			t.Errorf("of %d items %d are kept, %d more", count, len(order.Items), order.More)
		}
	}
}

// A change says what it is about and carries nothing else.
func TestChanges(t *testing.T) {
	t.Parallel()
	at := time.Unix(1795000000, 0).UTC()
	change := func(kind message.ChangeKind) *message.Change {
		return &message.Change{ID: "wamid.1", Target: "w", Kind: kind, By: message.Inbound, At: at}
	}
	thumb, edit := change(message.Reacting), change(message.Editing)
	thumb.Emoji = "👍"
	edit.Text = &message.Words{Kind: message.Text, Content: "13/12"}
	cases := map[string]*message.Change{
		`"type":"reaction","reaction":{"message_id":"w","emoji":"👍"}`:                                        thumb,
		`"type":"reaction","reaction":{"message_id":"w"}`:                                                    change(message.Reacting),
		`"type":"reaction","reaction":{"message_id":"w","emoji":""}`:                                         change(message.Reacting),
		`"type":"revoke","revoke":{"original_message_id":"w"}`:                                               change(message.Revoking),
		`"type":"edit","edit":{"original_message_id":"w","message":{"type":"text","text":{"body":"13/12"}}}`: edit,
	}
	for rest, want := range cases {
		in := parse(t, rest)
		if diff := cmp.Diff(want, in.Change); diff != "" || in.Kind != "" || in.Content != "" {
			t.Errorf("%s: %s %q %s", rest, in.Kind, in.Content, diff)
		}
	}
}
