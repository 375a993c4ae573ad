package whatsapp_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/whatsapp"
)

// messages makes a body with the given elements of messages[].
func messages(elements ...string) []byte {
	return value(`"contacts":[{"profile":{"name":"Ana"},"wa_id":"5511987654321"}],"messages":[` + strings.Join(elements, ",") + `]`)
}

func value(inside string) []byte {
	return []byte(`{"object":"whatsapp_business_account","entry":[{"id":"301","changes":[{"field":"messages","value":` +
		`{"metadata":{"phone_number_id":"401"},` + inside + `}}]}]}`)
}

func say(id, from string) string {
	return fmt.Sprintf(`{"id":%q,"from":%q,"timestamp":"1795000000","type":"text","text":{"body":"Oi"}}`, id, from)
}

func TestSplitRefusesPoison(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		body string
		want error
	}{
		"empty":                 {"", whatsapp.ErrEmpty},
		"only space":            {" \n\t", whatsapp.ErrEmpty},
		"only a BOM":            {"\xef\xbb\xbf", whatsapp.ErrEmpty},
		"html":                  {"<html></html>", whatsapp.ErrNotJSON},
		"truncated":             {`{"object":"whatsapp_business_account","entry":[{`, whatsapp.ErrNotJSON},
		"truncated in a string": {`{"object":"whats`, whatsapp.ErrNotJSON},
		"ends in a backslash":   {`{"object":"\`, whatsapp.ErrNotJSON},
		"two values":            {`{}{}`, whatsapp.ErrNotJSON},
		"an array":              {`[]`, whatsapp.ErrNotJSON},
		"a string":              {`"oi"`, whatsapp.ErrNotJSON},
		"null":                  {`null`, whatsapp.ErrNotJSON},
		"depth 65":              {strings.Repeat(`{"a":`, 65) + "1" + strings.Repeat("}", 65), whatsapp.ErrTooDeep},
		"depth 10,000":          {`{"a":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "}", whatsapp.ErrTooDeep},
		"depth without an end":  {`{"a":` + strings.Repeat("[", 3_000_000), whatsapp.ErrTooDeep},
		"100,002 elements":      {`{"a":[` + strings.Repeat("0,", 100_001) + `0]}`, whatsapp.ErrTooMany},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := whatsapp.Split([]byte(c.body))
			if !errors.Is(err, c.want) || len(d.Parts) != 0 {
				t.Fatalf("Split = %v, %v; want %v", d, err, c.want)
			}
		})
	}
}

func TestSplitToleratesWhatIsOddAround(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		body string
		want int // items
	}{
		"byte order mark":              {"\xef\xbb\xbf" + string(messages(say("a", "5511987654321"))), 1},
		"trailing newline":             {string(messages(say("a", "5511987654321"))) + "\n", 1},
		"brackets inside a text":       {string(messages(say("a", strings.Repeat("[{", 40)))), 1},
		"another object":               {`{"object":"page","entry":[{"changes":[{"field":"messages","value":{"messages":[{}]}}]}]}`, 0},
		"no object":                    {`{"entry":[{"changes":[{"field":"messages","value":{"messages":[{}]}}]}]}`, 1},
		"no entry":                     {`{"object":"whatsapp_business_account"}`, 0},
		"entry null":                   {`{"object":"whatsapp_business_account","entry":null}`, 0},
		"entry empty":                  {`{"object":"whatsapp_business_account","entry":[]}`, 0},
		"entry of another type":        {`{"object":"whatsapp_business_account","entry":"x"}`, 0},
		"entries of another type":      {`{"entry":[1,"x",null,{"changes":[{"field":"messages","value":{"messages":[{}]}}]}]}`, 1},
		"changes of another type":      {`{"entry":[{"changes":[1,"x",null,{"field":"messages","value":{"messages":[{}]}}]}]}`, 1},
		"value null":                   {`{"entry":[{"changes":[{"field":"messages","value":null}]}]}`, 0},
		"value empty":                  {`{"entry":[{"changes":[{"field":"messages","value":{}}]}]}`, 0},
		"value an array":               {`{"entry":[{"changes":[{"field":"messages","value":[{"messages":[{}]}]}]}]}`, 0},
		"field missing":                {`{"entry":[{"changes":[{"value":{"statuses":[{}]}}]}]}`, 1},
		"field inside value":           {`{"entry":[{"changes":[{"value":{"field":"messages","messages":[{}]}}]}]}`, 1},
		"field missing, value unknown": {`{"entry":[{"changes":[{"value":{"x":1}}]}]}`, 0},
		"field unknown":                {`{"entry":[{"changes":[{"field":"novidade","value":{"messages":[{}]}}]}]}`, 1},
		"one message, not in a list":   {`{"entry":[{"changes":[{"field":"messages","value":{"messages":{"id":"a"}}}]}]}`, 1},
		"messages null":                {`{"entry":[{"changes":[{"field":"messages","value":{"messages":null}}]}]}`, 0},
		"keys unknown at every level":  {`{"a":1,"entry":[{"a":{},"changes":[{"a":[],"field":"messages","value":{"a":1,"messages":[{"a":1}]}}]}]}`, 1},
		"ids as numbers":               {`{"entry":[{"id":301,"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":401},"messages":[{}]}}]}]}`, 1},
		"display number as an object":  {`{"entry":[{"changes":[{"field":"messages","value":{"metadata":{"display_phone_number":{}},"messages":[{}]}}]}]}`, 1},
		"keys twice":                   {`{"entry":[],"entry":[{"changes":[{"field":"x","field":"messages","value":{"messages":[{},{}],"messages":[{}]}}]}]}`, 1},
		"invalid UTF-8":                {string(messages("{\"id\":\"a\",\"from\":\"\xff\xfe\"}")), 1},
		"1e400 and 40 digits":          {string(messages(`{"id":` + strings.Repeat("9", 40) + `,"timestamp":1e400}`)), 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := items(split(t, []byte(c.body))); len(got) != c.want {
				t.Fatalf("%d items, want %d: %v", len(got), c.want, got)
			}
		})
	}
}

func items(d whatsapp.Delivery) []whatsapp.Item {
	var all []whatsapp.Item
	for _, p := range d.Parts {
		all = append(all, p.Items...)
	}
	return all
}

func TestPartsAreRoutedByIDsOnly(t *testing.T) {
	t.Parallel()
	d := split(t, []byte(`{"entry":[{"id":301,"changes":[{"field":"messages","value":{"metadata":`+
		`{"phone_number_id":401,"display_phone_number":"+55 11 3333-4444"},"messages":[{}]}}]}]}`))
	if got := d.Parts[0]; got.WABAID != "301" || got.PhoneNumberID != "401" {
		t.Fatalf("routed by %q and %q", got.WABAID, got.PhoneNumberID)
	}
}

// One element that cannot be read is refused by itself; its neighbours are read.
func TestGarbageElementIsQuarantinedAlone(t *testing.T) {
	t.Parallel()
	for _, garbage := range []string{
		`"oi"`, `null`, `17`, `[]`, `{}`, `{"id":null}`, `{"id":{"a":1}}`, `{"id":"x"}`, `{"id":"x","from":"bla"}`,
		`{"id":"x","from_user_id":"foo_bar"}`, `{"id":"","from":"5511987654321"}`, `{"id":"x","from":"123"}`,
		`{"id":"` + strings.Repeat("w", 513) + `","from":"5511987654321"}`,
		`{"id":` + strings.Repeat("1", 40) + `,"from":"5511987654321"}`,
	} {
		t.Run(garbage[:min(len(garbage), 40)], func(t *testing.T) {
			t.Parallel()
			got := items(split(t, messages(say("a", "5511987654321"), garbage, say("b", "5511987654321"))))
			if len(got) != 3 {
				t.Fatalf("%d items, want 3", len(got))
			}
			for i, item := range got {
				_, err := whatsapp.ParseMessage(item.Payload, received)
				if refused := err != nil; refused != (i == 1) {
					t.Errorf("item %d: %v", i, err)
				}
			}
			if _, err := whatsapp.ParseStatus([]byte(`{"status":`+garbage+`}`), received); err == nil && garbage[:5] != `{"id"` {
				t.Error("garbage is read as a status")
			}
		})
	}
}

func TestGarbageGoesToTheLaneOfUnknowns(t *testing.T) {
	t.Parallel()
	for _, garbage := range []string{`"oi"`, `null`, `{}`, `{"from":"bla"}`, `{"from":"123"}`, `{"from":"12345678901234567"}`} {
		if got := items(split(t, messages(garbage)))[0]; got.LaneKey != "unknown" || got.Kind != whatsapp.ItemMessage {
			t.Errorf("%s goes to %s %q", garbage, got.Kind, got.LaneKey)
		}
	}
}

func TestLaneKeys(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ inside, want string }{
		"a mobile without the nine": {`"messages":[{"from":"558187654321"}]`, "phone:5581987654321"},
		"only a BSUID":              {`"messages":[{"from_user_id":"BR.7"}]`, "bsuid:BR.7"},
		"a BSUID as the number":     {`"messages":[{"from":"BR.7"}]`, "bsuid:BR.7"},
		"both":                      {`"messages":[{"from":"5511987654321","from_user_id":"BR.7"}]`, "phone:5511987654321"},
		"from as a number":          {`"messages":[{"from":5511987654321}]`, "phone:5511987654321"},
		"number known from the contact": {
			`"contacts":[{"wa_id":"5511987654321","user_id":"BR.7"}],"messages":[{"from_user_id":"BR.7"}]`, "phone:5511987654321",
		},
		"the ids changed, no sender":    {`"messages":[{"type":"system","system":{"user_id":"BR.8","previous_user_id":"BR.7"}}]`, "bsuid:BR.7"},
		"a status, without the nine":    {`"statuses":[{"recipient_id":"558187654321"}]`, "phone:5581987654321"},
		"a status with a BSUID":         {`"statuses":[{"recipient_user_id":"BR.7"}]`, "bsuid:BR.7"},
		"a status without recipient":    {`"statuses":[{"id":"x"}]`, "unknown"},
		"a status of a group":           {`"statuses":[{"recipient_type":"group","recipient_id":"1203630","recipient_participant_id":"5511987654321"}]`, "phone:5511987654321"},
		"a status in place of a string": {`"statuses":["x"]`, "unknown"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := items(split(t, value(c.inside)))[0].LaneKey; got != c.want {
				t.Fatalf("lane %q, want %q", got, c.want)
			}
		})
	}
}

func TestFieldNamesAreTame(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"account_update":            "account_update",
		"messages":                  "messages",
		"Messages":                  "unknown",
		`a\u0000b`:                  "ab",
		"a b":                       "unknown",
		strings.Repeat("a", 65):     "unknown",
		"business_username_updates": "business_username_updates",
	}
	for field, want := range cases {
		d := split(t, []byte(`{"entry":[{"changes":[{"field":"`+field+`","value":{}}]}]}`))
		if got := d.Parts[0].Field; got != want {
			t.Errorf("field %q becomes %q, want %q", field, got, want)
		}
	}
}

// One change holds messages and statuses, there are several changes and entries: all come, in order.
func TestSplitWalksEverything(t *testing.T) {
	t.Parallel()
	change := func(n int) string {
		return fmt.Sprintf(`{"value":{"statuses":[{"id":"%[1]d-s1"},{"id":"%[1]d-s2"}],"messages":[{"id":"%[1]d-m1"},{"id":"%[1]d-m2"}]},"field":"messages"}`, n)
	}
	d := split(t, []byte(`{"entry":[{"id":"1","changes":[`+change(1)+`,`+change(2)+`,`+change(3)+`]},{"id":"2","changes":[`+change(4)+`]}]}`))
	var got, wabas []string
	for _, p := range d.Parts {
		wabas = append(wabas, p.WABAID)
		for _, item := range p.Items {
			got = append(got, item.WAMID)
		}
	}
	want := []string{
		"1-m1", "1-m2", "1-s1", "1-s2", "2-m1", "2-m2", "2-s1", "2-s2",
		"3-m1", "3-m2", "3-s1", "3-s2", "4-m1", "4-m2", "4-s1", "4-s2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	if !slices.Equal(wabas, []string{"1", "1", "1", "2"}) {
		t.Fatalf("accounts %v", wabas)
	}
}

func TestThousandMessagesFromThousandGuests(t *testing.T) {
	t.Parallel()
	var list []string
	for i := range 1000 {
		list = append(list, say(fmt.Sprintf("m%d", i), fmt.Sprintf("55119%08d", i)))
	}
	got := items(split(t, messages(list...)))
	if len(got) != 1000 {
		t.Fatalf("%d items", len(got))
	}
	for i, item := range got {
		if want := fmt.Sprintf("phone:55119%08d", i); item.LaneKey != want || item.WAMID != fmt.Sprintf("m%d", i) {
			t.Fatalf("item %d is %s in lane %s", i, item.WAMID, item.LaneKey)
		}
	}
}

// A contact that is larger than any real one is not copied to a thousand messages.
func TestLargeContactIsNotMultiplied(t *testing.T) {
	t.Parallel()
	contact := `"contacts":[{"wa_id":"5511987654321","profile":{"name":"` + strings.Repeat("a", 100_000) + `"}}],`
	got := items(split(t, value(contact+`"messages":[`+say("a", "5511987654321")+`]`)))
	if size := len(got[0].Payload); size > 1000 {
		t.Fatalf("payload has %d bytes", size)
	}
}
