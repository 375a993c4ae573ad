package whatsapp_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

func parseStatus(t *testing.T, rest string) whatsapp.StatusUpdate {
	t.Helper()
	s, err := whatsapp.ParseStatus(json.RawMessage(
		`{"status":{"id":"wamid.1","timestamp":"1795000000","recipient_id":"5511987654321",`+rest+`}}`), received)
	if err != nil {
		t.Fatalf("ParseStatus: %v", err)
	}
	return s
}

func TestStatusValues(t *testing.T) {
	t.Parallel()
	cases := map[string]message.Status{
		`"status":"sent"`:                    message.Sent,
		`"status":"delivered"`:               message.Delivered,
		`"status":"read"`:                    message.Read,
		`"status":"played"`:                  message.Played,
		`"status":"failed"`:                  message.Failed,
		`"status":"in_orbit"`:                "",
		`"status":"deleted"`:                 "",
		`"status":"warning"`:                 "",
		`"status":null`:                      "",
		`"status":"SENT"`:                    "",
		`"type":"call","status":"sent"`:      "",
		`"type":"message","status":"sent"`:   message.Sent,
		`"status":"sent","conversation":"x"`: message.Sent,
	}
	for rest, want := range cases {
		t.Run(rest, func(t *testing.T) {
			t.Parallel()
			if got := parseStatus(t, rest); got.Status != want || got.Ignored != (want == "") {
				t.Fatalf("status %q, ignored %t; want %q", got.Status, got.Ignored, want)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	unknown := &message.Failure{Message: "O WhatsApp não aceitou a mensagem.", MessageEN: "WhatsApp did not accept the message."}
	window := &message.Failure{
		Code: 131047, Message: whatsapp.RuleFor(131047).Reason, Details: "d",
		MessageEN: "More than 24 hours have passed since the guest's last message. Send a message template.",
	}
	busy := &message.Failure{
		Code: 130429, Message: whatsapp.RuleFor(130429).Reason, Details: "d", CanRetry: true,
		MessageEN: "Too many messages in a short time. Sending goes on more slowly, automatically.",
	}
	cases := map[string]struct {
		rest string
		want *message.Failure
	}{
		"no errors":            {`"status":"failed"`, unknown},
		"empty errors":         {`"status":"failed","errors":[]`, unknown},
		"errors null":          {`"status":"failed","errors":null`, unknown},
		"errors of strings":    {`"status":"failed","errors":["x"]`, unknown},
		"two errors":           {`"status":"failed","errors":[{"code":131047,"error_data":{"details":"d"}},{"code":1}]`, window},
		"code as text":         {`"status":"failed","errors":[{"code":"131047","error_data":{"details":"d"}}]`, window},
		"details as text":      {`"status":"failed","errors":[{"code":131047,"error_data":"d"}]`, window},
		"an object, no list":   {`"status":"failed","errors":{"code":131047,"error_data":{"details":"d"}}`, window},
		"old form, only title": {`"status":"failed","errors":[{"code":131047,"title":"d"}]`, window},
		"sending again helps":  {`"status":"failed","errors":[{"code":130429,"error_data":{"details":"d"}}]`, busy},
		"sent has none":        {`"status":"sent","errors":[{"code":131047}]`, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, parseStatus(t, c.rest).Failure); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func TestStatusCarriesWhatMatchesIt(t *testing.T) {
	t.Parallel()
	body := value(`"contacts":[{"wa_id":"5581987654321","user_id":"BR.1","profile":{"name":"Zoë","username":"zoe"}}],` +
		`"statuses":[{"id":"w","status":"read","timestamp":1795000000,"recipient_id":"558187654321",` +
		`"biz_opaque_callback_data":"outbox:1","pricing":{"type":"novo","category":"desconhecida"}}]`)
	got, err := whatsapp.ParseStatus(items(split(t, body))[0].Payload, received)
	if err != nil {
		t.Fatal(err)
	}
	want := whatsapp.StatusUpdate{
		WAMID: "w", Opaque: "outbox:1", Status: message.Read, At: time.Unix(1795000000, 0).UTC(),
		To:      contact.Identity{WAID: "558187654321", BSUID: "BR.1", Name: "Zoë", Username: "zoe"},
		Pricing: &message.Pricing{Type: "novo", Category: "desconhecida"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
}

func TestStatusWithoutNumberOrTime(t *testing.T) {
	t.Parallel()
	got, err := whatsapp.ParseStatus(json.RawMessage(
		`{"status":{"id":"w","status":"sent","timestamp":"asdf","recipient_user_id":"BR.1"}}`), received)
	if err != nil || got.To != (contact.Identity{BSUID: "BR.1"}) || !got.At.Equal(received) {
		t.Fatalf("%+v, %v", got, err)
	}
}

// Three participants of a group give three statuses, each with its own person.
func TestGroupStatusesNameTheParticipant(t *testing.T) {
	t.Parallel()
	body := value(`"statuses":[` +
		`{"id":"w","status":"read","recipient_type":"group","recipient_id":"1203630","recipient_participant_id":"5511987654321"},` +
		`{"id":"w","status":"read","recipient_type":"group","recipient_id":"1203630","recipient_participant_user_id":"BR.2"},` +
		`{"id":"w","status":"read","recipient_type":"group","recipient_id":"1203630"}]`)
	want := []contact.Identity{{WAID: "5511987654321"}, {BSUID: "BR.2"}, {}}
	for i, item := range items(split(t, body)) {
		got, err := whatsapp.ParseStatus(item.Payload, received)
		if err != nil || got.To != want[i] {
			t.Errorf("status %d is to %+v (%v), want %+v", i, got.To, err, want[i])
		}
	}
}
