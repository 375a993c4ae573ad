package socketio_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/realtime/socketio"
)

// The cases of the Socket.IO protocol's test suite (revision 5). Its first
// half, on transports, repeats Engine.IO's and is tested in engineio.

// suite is the server that the protocol's test suite asks for.
func suite(o *socketio.Options) {
	o.Namespaces = []string{"/custom"}
	o.Authenticate = func(_ context.Context, h socketio.Handshake) (any, error) { return h.Auth, nil }
	onConnect(func(s *socketio.Socket) { _ = s.Emit("auth", s.Data()) })(o)
}

func TestConnect(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ connect, reply, auth string }{
		"main namespace":                   {"40", "40", `42["auth",{}]`},
		"main namespace with a payload":    {`40{"token":"123"}`, "40", `42["auth",{"token":"123"}]`},
		"custom namespace":                 {"40/custom,", "40/custom,", `42/custom,["auth",{}]`},
		"custom namespace without comma":   {"40/custom", "40/custom,", `42/custom,["auth",{}]`},
		"custom namespace with a payload":  {`40/custom,{"token":"abc"}`, "40/custom,", `42/custom,["auth",{"token":"abc"}]`},
		"payload that tries recovery only": {`40{"pid":7}`, "40", `42["auth",{"pid":7}]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cl := setup(t, suite).open()
			cl.send(c.connect)
			if s := cl.wantConnect(c.reply); s.PID != "" {
				t.Errorf("pid %q without recovery", s.PID)
			}
			cl.want(c.auth)
		})
	}
	t.Run("unknown namespace", func(t *testing.T) {
		t.Parallel()
		c := setup(t, suite).open()
		c.send("40/random")
		c.want(`44/random,{"message":"Invalid namespace"}`)
		c.send("40")
		c.wantConnect("40")
	})
	t.Run("two namespaces on one transport", func(t *testing.T) {
		t.Parallel()
		c := setup(t, suite).open()
		c.send("40", "40/custom,")
		main := c.wantConnect("40")
		c.want(`42["auth",{}]`)
		if custom := c.wantConnect("40/custom,"); custom.SID == main.SID {
			t.Error("both sockets have the same id")
		}
	})
	for name, packet := range map[string]string{
		"invalid handshake":           "4abc",
		"event before CONNECT":        `42["message"]`,
		"DISCONNECT before CONNECT":   "41",
		"payload that is no object":   "40[]",
		"payload that is null":        "40null",
		"payload that is broken":      `40{"token":`,
		"CONNECT_ERROR by the client": `44{"message":"no"}`,
	} {
		t.Run("closes upon/"+name, func(t *testing.T) {
			t.Parallel()
			c := setup(t, suite).open()
			c.send(packet)
			c.wantClose()
		})
	}
	t.Run("closes when no CONNECT comes", func(t *testing.T) {
		t.Parallel()
		setup(t, func(o *socketio.Options) { o.ConnectTimeout = 20 * time.Millisecond }).open().wantClose()
	})
	t.Run("a second CONNECT is ignored", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		c, s, _ := w.connect()
		c.send("40")
		c.wantNothing()
		if local := w.server.Everyone().Local(); len(local) != 1 || local[0] != s {
			t.Errorf("%d sockets", len(local))
		}
	})
}

func TestConnectRefused(t *testing.T) {
	t.Parallel()
	refusing := func(err error) change {
		return func(o *socketio.Options) {
			o.Authenticate = func(context.Context, socketio.Handshake) (any, error) { return nil, err }
		}
	}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"with a message":          {&socketio.AuthError{Message: "Token <expired>"}, `44{"message":"Token \u003cexpired\u003e"}`},
		"with data":               {&socketio.AuthError{Message: "no", Data: map[string]int{"code": 7}}, `44{"message":"no","data":{"code":7}}`},
		"wrapped":                 {errors.Join(&socketio.AuthError{Message: "no"}), `44{"message":"no"}`},
		"other errors stay here":  {errors.New("sql: secret"), `44{"message":"Authentication failed"}`},
		"data that is not encode": {&socketio.AuthError{Message: "no", Data: func() {}}, `44{"message":"Authentication failed"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cl := setup(t, refusing(c.err)).open()
			cl.send("40")
			cl.want(c.want)
		})
	}
	t.Run("a panic is a refusal", func(t *testing.T) {
		t.Parallel()
		c := setup(t, func(o *socketio.Options) {
			o.Authenticate = func(context.Context, socketio.Handshake) (any, error) { panic("boom") }
		}).open()
		c.send("40")
		c.want(`44{"message":"Authentication failed"}`)
	})
	t.Run("a refused client may try again, but not for ever", func(t *testing.T) {
		t.Parallel()
		c := setup(t, refusing(&socketio.AuthError{Message: "no"})).open()
		for range 10 {
			c.send("40")
			c.want(`44{"message":"no"}`)
		}
		c.wantClose()
	})
}

func TestHandshakeShowsTheRequest(t *testing.T) {
	t.Parallel()
	got := make(chan socketio.Handshake, 1)
	w := setup(t, func(o *socketio.Options) {
		o.ClientIP = func(*http.Request) string { return "203.0.113.9" }
		o.Authenticate = func(_ context.Context, h socketio.Handshake) (any, error) {
			got <- h
			return "ana", nil
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := dial(ctx, w.url, "&tenantSlug=praia", w.http, http.Header{"Authorization": {"Bearer x"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()
	c := &client{t, conn}
	c.read()
	c.send(`40{"token":"y"}`)
	c.wantConnect("40")
	h := await(t, got, "handshake")
	want := []string{"/", "Bearer x", "praia", "203.0.113.9", `{"token":"y"}`}
	have := []string{h.Namespace, h.Header.Get("Authorization"), h.Query.Get("tenantSlug"), h.IP, string(h.Auth)}
	if diff := cmp.Diff(want, have); diff != "" || !strings.HasPrefix(h.RemoteAddr, "127.0.0.1:") {
		t.Errorf("handshake from %q (-want +got):\n%s", h.RemoteAddr, diff)
	}
	s := await(t, w.connected, "socket")
	if s.Data() != "ana" || s.Handshake().Auth != nil || s.Handshake().IP != "203.0.113.9" {
		t.Errorf("socket has data %v and handshake %+v", s.Data(), s.Handshake())
	}
}

func TestDisconnect(t *testing.T) {
	t.Parallel()
	t.Run("from the main namespace", func(t *testing.T) {
		t.Parallel()
		reason := make(chan string, 1)
		w := setup(t, onConnect(func(s *socketio.Socket) { s.OnDisconnect(func(r string) { reason <- r }) }))
		c, s, _ := w.connect()
		c.send("41")
		if got := await(t, reason, "OnDisconnect"); got != socketio.ReasonClientDisconnect {
			t.Errorf("reason %q", got)
		}
		await(t, s.Context().Done(), "context")
		c.send("40") // the transport is still there
		c.wantConnect("40")
	})
	t.Run("from a custom namespace only", func(t *testing.T) {
		t.Parallel()
		c := setup(t, suite).open()
		c.send("40", "40/custom")
		c.wantConnect("40")
		c.want(`42["auth",{}]`)
		c.wantConnect("40/custom,")
		c.want(`42/custom,["auth",{}]`)
		c.send("41/custom", `42["message","message to main namespace"]`)
		c.want(`42["message-back","message to main namespace"]`)
	})
	t.Run("an abandoned transport is closed", func(t *testing.T) {
		t.Parallel()
		c, _, _ := setup(t, func(o *socketio.Options) { o.ConnectTimeout = 50 * time.Millisecond }).connect()
		c.send("41")
		c.wantClose()
	})
}

func TestMessages(t *testing.T) {
	t.Parallel()
	const two = `{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}`
	t.Run("text", func(t *testing.T) {
		t.Parallel()
		c, _, _ := setup(t).connect()
		c.send(`42["message",1,"2",{"3":[true]}]`)
		c.want(`42["message-back",1,"2",{"3":[true]}]`)
	})
	t.Run("binary", func(t *testing.T) {
		t.Parallel()
		c, _, _ := setup(t).connect()
		c.send(`452-["message",` + two + `]`)
		c.sendBinary(1, 2, 3)
		c.sendBinary(4, 5, 6)
		c.want(`452-["message-back",` + two + `]`)
		c.wantBinary(1, 2, 3)
		c.wantBinary(4, 5, 6)
	})
	t.Run("binary deep inside", func(t *testing.T) {
		t.Parallel()
		c, _, _ := setup(t).connect()
		c.send(`452-["message",{"a":[{"b":{"_placeholder":true,"num":1}}],"n":12345678901234567890},[{"_placeholder":true,"num":0}]]`)
		c.sendBinary(1)
		c.sendBinary(2)
		c.want(`452-["message-back",{"a":[{"b":{"_placeholder":true,"num":0}}],"n":12345678901234567890},[{"_placeholder":true,"num":1}]]`)
		c.wantBinary(2)
		c.wantBinary(1)
	})
	t.Run("text with an ack", func(t *testing.T) {
		t.Parallel()
		c, _, _ := setup(t).connect()
		c.send(`42456["message-with-ack",1,"2",{"3":[false]}]`, `420["message-with-ack"]`)
		c.want(`43456[1,"2",{"3":[false]}]`, `430[]`)
	})
	t.Run("binary with an ack", func(t *testing.T) {
		t.Parallel()
		c, _, _ := setup(t).connect()
		c.send(`452-789["message-with-ack",` + two + `]`)
		c.sendBinary(1, 2, 3)
		c.sendBinary(4, 5, 6)
		c.want(`462-789[` + two + `]`)
		c.wantBinary(1, 2, 3)
		c.wantBinary(4, 5, 6)
	})
	t.Run("a placeholder in plain text is only text", func(t *testing.T) {
		t.Parallel()
		c, _, _ := setup(t).connect()
		c.send(`42["message",{"_placeholder":true,"num":7}]`)
		c.want(`42["message-back",{"_placeholder":true,"num":7}]`)
	})
	t.Run("events nobody handles are ignored", func(t *testing.T) {
		t.Parallel()
		c, _, _ := setup(t).connect()
		c.send(`421["unknown",1]`, `42[7,"numbered"]`)
		c.wantNothing()
	})
}

func TestInvalidPacketsCloseTheConnection(t *testing.T) {
	t.Parallel()
	for name, packets := range map[string][]string{
		"unknown type":              {"4abc"},
		"type beyond the last":      {"47"},
		"empty":                     {"4"},
		"payload is an object":      {"42{}"},
		"payload is missing":        {"42"},
		"payload is empty":          {"42[]"},
		"payload is broken":         {`42["message"`},
		"payload has a tail":        {`42["message"]x`},
		"ack id is no number":       {`42abc["message-with-ack",1]`},
		"ack id is huge":            {`42` + strings.Repeat("9", 17) + `["message"]`},
		"ack without id":            {"43[]"},
		"ack is an object":          {"431{}"},
		"event name is an object":   {"42[{}]"},
		"event name is null":        {"42[null]"},
		"event name is reserved":    {`42["disconnect"]`},
		"disconnect with payload":   {"41[]"},
		"unknown namespace":         {`42/other,["message"]`},
		"namespace without end":     {"42/" + strings.Repeat("x", 300)},
		"no attachments announced":  {`450-["message"]`},
		"attachments are missing":   {`45["message"]`},
		"attachments are negative":  {`45-1-["message"]`},
		"attachments beyond limit":  {`4511-["message"]`},
		"attachments absurd":        {`45999999999999-["message"]`},
		"text instead of binary":    {`451-["message",{"_placeholder":true,"num":0}]`, `42["message"]`},
		"deep nesting":              {"42" + strings.Repeat("[", 20_000)},
		"name that is half escaped": {`42["\u00`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			c, s, _ := w.connect()
			c.send(packets...)
			if code := c.wantClose(); code != websocket.StatusProtocolError {
				t.Errorf("closed with %v, want a clean close", code)
			}
			await(t, s.Context().Done(), "disconnect")
			if w.logs.contains("panic") {
				t.Error("there was a panic")
			}
		})
	}
	for name, num := range map[string]string{
		"out of range": "1", "negative": "-1", "huge": "99999999999999999999", "fraction": "0.5", "text": `"0"`, "missing": "null",
	} {
		t.Run("placeholder "+name, func(t *testing.T) {
			t.Parallel()
			c, _, _ := setup(t).connect()
			c.send(`451-["message",{"_placeholder":true,"num":` + num + `}]`)
			c.sendBinary(1)
			c.wantClose()
		})
	}
	t.Run("binary that nobody announced", func(t *testing.T) {
		t.Parallel()
		c, _, _ := setup(t).connect()
		c.sendBinary(1)
		c.wantClose()
	})
	t.Run("attachments larger than a message may be", func(t *testing.T) {
		t.Parallel()
		c, _, _ := setup(t, func(o *socketio.Options) { o.MaxPayload = 1000 }).connect()
		c.send(`452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`)
		c.sendBinary(make([]byte, 600)...)
		c.sendBinary(make([]byte, 600)...)
		c.wantClose()
	})
}

func TestOnlyItsOwnPath(t *testing.T) {
	t.Parallel()
	w := setup(t, func(o *socketio.Options) { o.Path = "/live/socket.io/" })
	for path, want := range map[string]int{
		"/live/socket.io/": 200, "/live/socket.io": 200, "/socket.io/": 404, "/live/socket.io/x": 404,
	} {
		req, err := http.NewRequestWithContext(context.Background(), "GET", w.url+path+"?EIO=4&transport=polling", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := w.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("GET %s = %d, want %d", path, res.StatusCode, want)
		}
	}
}

func TestArgs(t *testing.T) {
	t.Parallel()
	got := make(chan socketio.Args, 1)
	w := setup(t, onConnect(func(s *socketio.Socket) {
		s.On("args", func(_ context.Context, args socketio.Args, _ socketio.Ack) { got <- args })
	}))
	c, _, _ := w.connect()
	c.send(`42["args",{"conversationId":"c1"},null]`)
	args := await(t, got, "event")
	var first struct{ ConversationID string }
	if err := args.Decode(0, &first); err != nil || first.ConversationID != "c1" {
		t.Errorf("Decode(0) = %+v, %v", first, err)
	}
	if err := args.Decode(2, &first); !errors.Is(err, socketio.ErrNoArg) {
		t.Errorf("Decode(2) = %v", err)
	}
	if args.Len() != 2 || string(args.Raw(1)) != "null" || args.Raw(-1) != nil {
		t.Errorf("args %d, %q", args.Len(), args.Raw(1))
	}
	var number int
	if err := args.Decode(0, &number); err == nil {
		t.Error("an object was decoded as a number")
	}
}
