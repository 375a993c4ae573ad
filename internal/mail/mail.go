// Package mail sends a letter by SMTP. What it says and to whom is the caller's; that it
// has no more headers than it should, goes over an encrypted connection where a password
// does, and that errors name nobody, is settled here.
package mail

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	smtp "github.com/wneessen/go-mail"
)

// Message is a letter in plain text to one person.
type Message struct {
	To      string // an address without a name
	Subject string
	Text    string
}

// Sender sends letters through one server.
type Sender struct {
	client func() (*smtp.Client, error)
	from   string
}

// timeout bounds a whole delivery.
const timeout = 20 * time.Second

// Mistakes of whoever asked.
var (
	errURL     = errors.New("an address of a mail server is smtp://user:password@host:587 or smtps://user:password@host:465")
	errFrom    = errors.New("a sender is ana@example.com or Ana <ana@example.com>")
	errMessage = errors.New("the letter's address or subject is not fit for a header")
)

// New reads the address of a server, smtp:// (STARTTLS where the server offers it, always
// with a password to another machine) or smtps:// (encrypted from the start), and the
// sender of all letters.
func New(address, from string) (*Sender, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errURL // without the cause, which repeats the password
	}
	if parsed, err := mail.ParseAddress(from); err != nil || parsed.Address == "" || hasControls(from) {
		return nil, errFrom
	}
	options := optionsOf(u)
	s := &Sender{from: from, client: func() (*smtp.Client, error) { return smtp.NewClient(u.Hostname(), options...) }}
	_, err = s.client()
	if err != nil {
		return nil, errURL
	}
	return s, nil
}

func optionsOf(u *url.URL) []smtp.Option {
	options := []smtp.Option{smtp.WithTimeout(timeout), smtp.WithoutNoop()}
	password, hasPassword := u.User.Password()
	switch {
	case u.Scheme == "smtps":
		options = append(options, smtp.WithSSLPort(false))
	case hasPassword && !isHere(u.Hostname()):
		options = append(options, smtp.WithTLSPortPolicy(smtp.TLSMandatory))
	default:
		options = append(options, smtp.WithTLSPortPolicy(smtp.TLSOpportunistic))
	}
	if port := u.Port(); port != "" {
		n, _ := strconv.Atoi(port) // url.Parse took digits only
		options = append(options, smtp.WithPort(n))
	}
	if hasPassword {
		kind := smtp.SMTPAuthAutoDiscover
		if isHere(u.Hostname()) {
			kind = smtp.SMTPAuthPlainNoEnc
		}
		options = append(options, smtp.WithSMTPAuth(kind), smtp.WithUsername(u.User.Username()), smtp.WithPassword(password))
	}
	return options
}

// isHere reports whether a server runs on this machine, where no wire can be tapped.
func isHere(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// Send delivers a letter to the server. The error never names the recipient, and MayPass
// tells whether trying again can help.
func (s *Sender) Send(ctx context.Context, m Message) error {
	if parsed, err := mail.ParseAddress(m.To); err != nil || parsed.Address != m.To || hasControls(m.To) || hasControls(m.Subject) {
		return errMessage
	}
	letter := smtp.NewMsg(smtp.WithEncoding(smtp.EncodingQP))
	if letter.From(s.from) != nil || letter.To(m.To) != nil {
		return errMessage
	}
	letter.Subject(m.Subject)
	letter.SetDate()
	letter.SetMessageID()
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // so that no holiday answers it
	letter.SetBodyString(smtp.TypeTextPlain, m.Text)
	client, err := s.client()
	if err != nil {
		return errURL
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return discreet(client.DialAndSendWithContext(ctx, letter))
}

// Check connects and logs in, and sends nothing.
func (s *Sender) Check(ctx context.Context) error {
	client, err := s.client()
	if err != nil {
		return errURL
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := client.DialWithContext(ctx); err != nil {
		return discreet(err)
	}
	return discreet(client.Close())
}

func hasControls(text string) bool { return strings.ContainsFunc(text, unicode.IsControl) }

// failure is why a letter was not taken, without whose it was.
type failure struct {
	text string
	pass bool
}

func (f *failure) Error() string { return f.text }

// discreet takes out of an error who was written to: servers like to repeat it.
func discreet(err error) error {
	if err == nil {
		return nil
	}
	var refused *smtp.SendError
	if errors.As(err, &refused) {
		return &failure{fmt.Sprintf("mail server refused: %s (code %d)", refused.Reason, refused.ErrorCode()), refused.IsTemp()}
	}
	return &failure{"reach mail server: " + err.Error(), true}
}

// MayPass reports whether sending failed for a reason that may pass.
func MayPass(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.pass
}
