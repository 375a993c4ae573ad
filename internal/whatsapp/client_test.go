package whatsapp_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

var hello = whatsapp.Outgoing{To: "5511987654321", Content: content.Text{Body: "Olá <b> & ☕"}, Opaque: "outbox:1"}

const acceptance = `{"messaging_product":"whatsapp","contacts":[{"input":"+5581987654321","wa_id":"558187654321"}],"messages":[{"id":"wamid.OUT1"}]}`

// sentRequest is what a golden file says of a request.
type sentRequest struct {
	Method, Target, Authorization, ContentType string
	Body                                       json.RawMessage `json:",omitempty"`
}

func TestRequestsAreAsTheirGoldenFilesSay(t *testing.T) {
	t.Parallel()
	reply := hello
	reply.ReplyTo, reply.Content = "wamid.IN1", content.Text{Body: "Olá <b> & ☕", PreviewURL: true}
	stranger := hello
	stranger.To, stranger.BSUID, stranger.Opaque = "", "BR.70231198450021937", ""
	both := hello
	both.BSUID = "BR.70231198450021937"
	send := func(o whatsapp.Outgoing) func(*testing.T, *whatsapp.Client) error {
		return func(t *testing.T, c *whatsapp.Client) error {
			t.Helper()
			_, err := c.Send(t.Context(), credentials, o)
			return err
		}
	}
	read := func(typing bool) func(*testing.T, *whatsapp.Client) error {
		return func(t *testing.T, c *whatsapp.Client) error {
			t.Helper()
			return c.MarkRead(t.Context(), credentials, "wamid.IN1", typing)
		}
	}
	number := func(t *testing.T, c *whatsapp.Client) error {
		t.Helper()
		_, err := c.Number(t.Context(), credentials)
		return err
	}
	calls := map[string]func(*testing.T, *whatsapp.Client) error{
		"text": send(hello), "text_reply": send(reply), "text_to_bsuid": send(stranger), "text_number_wins": send(both),
		"read": read(false), "read_typing": read(true), "number": number,
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got sentRequest
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got = sentRequest{r.Method, r.URL.RequestURI(), r.Header.Get("Authorization"), r.Header.Get("Content-Type"), body}
				fmt.Fprint(w, `{"success":true,"messages":[{"id":"wamid.OUT1"}]}`)
			})
			if err := call(t, client); err != nil {
				t.Fatal(err)
			}
			golden(t, "testdata/request/"+name+".golden.json", got)
		})
	}
}

func TestSendTellsWhatMetaAccepted(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		answer string
		want   whatsapp.Accepted
	}{
		"a number":             {acceptance, whatsapp.Accepted{WAMID: "wamid.OUT1", WAID: "558187654321"}},
		"a BSUID":              {`{"contacts":[{"input":"BR.1","user_id":"BR.1"}],"messages":[{"id":"w"}]}`, whatsapp.Accepted{WAMID: "w"}},
		"contacts left out":    {`{"messages":[{"id":"w","message_status":"accepted"}]}`, whatsapp.Accepted{WAMID: "w"}},
		"contacts of any type": {`{"contacts":"x","messages":[{"id":"w"}]}`, whatsapp.Accepted{WAMID: "w"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, c.answer) })
			got, err := client.Send(t.Context(), credentials, hello)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func saying(text string) func(*whatsapp.Outgoing) {
	return func(o *whatsapp.Outgoing) { o.Content = content.Text{Body: text} }
}

func TestSendRefusesBeforeAsking(t *testing.T) {
	t.Parallel()
	change := func(edit func(*whatsapp.Outgoing)) whatsapp.Outgoing {
		o := hello
		edit(&o)
		return o
	}
	cases := map[string]struct {
		message whatsapp.Outgoing
		who     whatsapp.Credentials
		want    error
	}{
		"nothing":               {change(func(o *whatsapp.Outgoing) { o.Content = nil }), credentials, content.ErrNone},
		"no text":               {change(saying(" \n")), credentials, content.ErrInvalid},
		"4,097 letters":         {change(saying(strings.Repeat("é", 4097))), credentials, content.ErrInvalid},
		"2,049 emoji":           {change(saying(strings.Repeat("🏨", 2049))), credentials, content.ErrInvalid},
		"a file of ours":        {change(func(o *whatsapp.Outgoing) { o.Content = content.Voice{File: content.File{FileID: id.NewMedia()}} }), credentials, whatsapp.ErrUpload},
		"513 opaque characters": {change(func(o *whatsapp.Outgoing) { o.Opaque = strings.Repeat("x", 513) }), credentials, whatsapp.ErrOpaque},
		"nobody":                {change(func(o *whatsapp.Outgoing) { o.To = "" }), credentials, whatsapp.ErrRecipient},
		"a formatted number":    {change(func(o *whatsapp.Outgoing) { o.To = "+55 11" }), credentials, whatsapp.ErrRecipient},
		"an id that is neither": {change(func(o *whatsapp.Outgoing) { o.To, o.BSUID = "", "bla" }), credentials, whatsapp.ErrRecipient},
		"no number id":          {hello, whatsapp.Credentials{AccessToken: "t"}, whatsapp.ErrCredentials},
		"a number id of dots":   {hello, whatsapp.Credentials{PhoneNumberID: "../me", AccessToken: "t"}, whatsapp.ErrCredentials},
		"no token":              {hello, whatsapp.Credentials{PhoneNumberID: "401"}, whatsapp.ErrCredentials},
		"a token of two lines":  {hello, whatsapp.Credentials{PhoneNumberID: "401", AccessToken: "a\nb"}, whatsapp.ErrCredentials},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			client := serve(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
			if _, err := client.Send(t.Context(), c.who, c.message); !errors.Is(err, c.want) || asked.Load() != 0 {
				t.Fatalf("Send: %v after %d requests, want %v", err, asked.Load(), c.want)
			}
		})
	}
}

func TestLongestTextIsSent(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, acceptance) })
	longest := hello
	longest.Content, longest.Opaque = content.Text{Body: strings.Repeat("🏨", 2048)}, strings.Repeat("é", 512)
	if _, err := client.Send(t.Context(), credentials, longest); err != nil {
		t.Fatal(err)
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"display_phone_number":"+55 11 3333-4444","verified_name":"Hotel Maré","quality_rating":"GREEN","throughput":{"level":"STANDARD"},"id":"401"}`)
	})
	got, err := client.Number(t.Context(), credentials)
	want := whatsapp.NumberInfo{PhoneNumberID: "401", DisplayPhoneNumber: "+55 11 3333-4444", VerifiedName: "Hotel Maré", QualityRating: "GREEN", Throughput: "STANDARD"}
	if err != nil || got != want {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestMarkReadWantsSuccess(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"success":false}`) })
	var unknown *whatsapp.UnknownOutcomeError
	if err := client.MarkRead(t.Context(), credentials, "w", false); !errors.As(err, &unknown) {
		t.Fatalf("MarkRead: %v", err)
	}
}

// The token shows in no way of printing credentials, in no error and in no log.
func TestTokenNeverShows(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":{"code":190}}`)
	}))
	t.Cleanup(server.Close)
	logger := slog.New(slog.NewJSONHandler(logtest.To(&log), &slog.HandlerOptions{Level: slog.LevelDebug}))
	client := whatsapp.NewClient(whatsapp.Options{BaseURL: server.URL + "/", Logger: logger})
	t.Cleanup(client.CloseIdleConnections)
	_, err := client.Send(t.Context(), credentials, hello)
	logger.Info("asked", "number", credentials, "err", err)
	asJSON, marshalErr := json.Marshal(credentials)
	if marshalErr != nil {
		t.Fatal(marshalErr)
	}
	all := fmt.Sprintf("%v %+v %#v %s %s %v", credentials, credentials, credentials, log.String(), asJSON, err)
	if strings.Contains(all, credentials.AccessToken) || strings.Contains(all, hello.To) || strings.Contains(all, "Olá") {
		t.Fatalf("shows a secret: %s", all)
	}
	if !strings.Contains(log.String(), `"status":400`) {
		t.Fatalf("the answer is not logged: %s", log.String())
	}
}
