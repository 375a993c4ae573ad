package mail_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"

	"github.com/botreserva/botreserva/internal/mail"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// post is a mail server, with what it got.
type post struct {
	mu       sync.Mutex
	letters  []string
	to       []string
	logins   []string
	refuse   error
	password string // wanted, if set
}

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &session{post: p, in: p.password == ""}, nil
}

// quiet is the log of a server whose clients hang up on it.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

type session struct {
	post *post
	in   bool
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) AuthMechanisms() []string {
	if s.post.password == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if password != s.post.password {
			return errors.New("wrong")
		}
		s.post.mu.Lock()
		defer s.post.mu.Unlock()
		s.post.logins = append(s.post.logins, username)
		s.in = true
		return nil
	}), nil
}

func (s *session) Mail(string, *smtp.MailOptions) error {
	if !s.in {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	if s.post.refuse != nil {
		return s.post.refuse
	}
	s.post.to = append(s.post.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	s.post.letters = append(s.post.letters, string(text))
	return err
}

// serve starts the server on the loopback address and returns host:port.
func serve(t *testing.T, p *post, secure *tls.Config, implicit bool) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	server := smtp.NewServer(p)
	server.Domain, server.AllowInsecureAuth, server.TLSConfig = "localhost", true, secure
	server.ErrorLog = quiet{}
	if implicit {
		l = tls.NewListener(l, secure)
	}
	ended := make(chan struct{})
	go func() { _ = server.Serve(l); close(ended) }()
	t.Cleanup(func() {
		_, _ = server.Close(), l.Close() // the server may not know of the listener yet
		<-ended
	})
	return address
}

func sender(t *testing.T, address string) *mail.Sender {
	t.Helper()
	s, err := mail.New(address, "Bot Reserva <no-reply@example.com>")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestSend(t *testing.T) {
	t.Parallel()
	p := &post{password: "s3cr3t"}
	s := sender(t, "smtp://desk:s3cr3t@"+serve(t, p, nil, false))
	m := mail.Message{To: "ana@example.com", Subject: "Sua senha é só sua", Text: "Olá, Zoë!\nhttps://app.example.com/reset-password?token=ABC=\n.\nfim\n"}
	if err := s.Send(within(t), m); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(within(t)); err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.letters) != 1 || len(p.to) != 1 || p.to[0] != "ana@example.com" || len(p.logins) != 2 || p.logins[0] != "desk" {
		t.Fatalf("%d letters to %v, log-ins %v", len(p.letters), p.to, p.logins)
	}
	got, err := netmail.ReadMessage(strings.NewReader(p.letters[0]))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	if err != nil || subject != m.Subject || got.Header.Get("From") == "" || got.Header.Get("To") == "" || got.Header.Get("Message-Id") == "" || got.Header.Get("Date") == "" {
		t.Errorf("header: %q %v", got.Header, err)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(got.Body))
	if err != nil || strings.ReplaceAll(string(text), "\r\n", "\n") != m.Text {
		t.Errorf("text: %q, %v", text, err)
	}
}

// TestNoHeadersBesides: whatever is in a name or an address makes no header and no
// second recipient.
func TestNoHeadersBesides(t *testing.T) {
	t.Parallel()
	p := &post{}
	s := sender(t, "smtp://"+serve(t, p, nil, false))
	for _, m := range []mail.Message{
		{To: "ana@example.com\r\nBcc: mallory@example.com"},
		{To: "ana@example.com, mallory@example.com"},
		{To: "Ana <ana@example.com>"},
		{To: ""},
		{To: "ana"},
		{To: "ana@example.com", Subject: "x\r\nBcc: mallory@example.com"},
		{To: "ana@example.com", Subject: "x\nX-Y: z"},
		{To: "<ana@example.com>\x00"},
	} {
		if err := s.Send(within(t), m); err == nil || mail.MayPass(err) || strings.Contains(err.Error(), "mallory") {
			t.Errorf("%+v: %v", m, err)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.letters) > 0 {
		t.Errorf("sent: %q", p.letters)
	}
}

// TestRefusals: whether to try again is told, who was written to is not.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		refuse error
		pass   bool
	}{
		"later":     {&smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "ana@example.com is busy"}, true},
		"never":     {&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "ana@example.com is unknown"}, false},
		"no server": {nil, true},
	} {
		p := &post{refuse: c.refuse}
		address := serve(t, p, nil, false)
		if c.refuse == nil {
			address = "127.0.0.1:1"
		}
		err := sender(t, "smtp://"+address).Send(within(t), mail.Message{To: "ana@example.com", Subject: "x", Text: "x"})
		if err == nil || mail.MayPass(err) != c.pass || strings.Contains(err.Error(), "ana@") {
			t.Errorf("%s: %v, may pass: %v", name, err, mail.MayPass(err))
		}
	}
	p := &post{password: "right"}
	s := sender(t, "smtp://desk:s3cr3t-wrong@"+serve(t, p, nil, false))
	if err := s.Check(within(t)); err == nil || strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("a wrong password: %v", err)
	}
}

// TestEncryption: a server's certificate is checked, under smtps and where it offers
// STARTTLS.
func TestEncryption(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"smtp", "smtps"} {
		p := &post{}
		address := serve(t, p, selfMade(t), scheme == "smtps")
		err := sender(t, scheme+"://"+address).Send(within(t), mail.Message{To: "ana@example.com", Subject: "x", Text: "x"})
		if err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("%s: a certificate that nobody vouches for: %v", scheme, err)
		}
	}
}

// selfMade is a certificate that nobody vouches for.
func selfMade(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
}

func TestNew(t *testing.T) {
	t.Parallel()
	const from = "no-reply@example.com"
	for _, good := range []string{"smtp://mail.example.com", "smtp://desk:s3cr3t@mail.example.com:587", "smtps://desk:s3cr3t@mail.example.com", "smtp://[::1]:25"} {
		if _, err := mail.New(good, from); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://desk:s3cr3t@", "smtp://desk:s3cr3t@mail:x", "smtp://desk:s3cr3t@mail:99999"} {
		if _, err := mail.New(bad, from); err == nil || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for _, bad := range []string{"", "x", "a@b.c\r\nBcc: d@e.f"} {
		if _, err := mail.New("smtp://mail.example.com", bad); err == nil {
			t.Errorf("sender %q is taken", bad)
		}
	}
}
