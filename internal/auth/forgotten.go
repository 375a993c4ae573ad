package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/mail"
	"github.com/botreserva/botreserva/internal/obs"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/stale"
)

// ErrMailOff says that nobody can be written to. It says nothing about accounts.
var ErrMailOff = fault.New(fault.Unprocessable, "mail_not_configured",
	"This server sends no e-mail, so it cannot help with a forgotten password. Ask whoever manages your hotel to give you a new one.")

const (
	// letterGoodFor is how long the link in a letter works.
	letterGoodFor = time.Hour
	// lettersAnHour is how many of them one account gets, whoever asks.
	lettersAnHour = 3
	lettersWait   = 100
	letterTries   = 3
	firstPause    = time.Second
)

// Letters sends what replaces a forgotten password. It works behind the request that asked:
// whether there is an account must not show in the time that the answer takes. What waits
// when the process ends is lost; the person asks again.
type Letters struct {
	send  func(ctx context.Context, m mail.Message) error
	page  string // the address to which the token is appended
	log   *slog.Logger
	queue chan asked
}

// asked is somebody who forgot a password, with what the audit log wants to know.
type asked struct{ email, ip, requestID string }

// NewLetters makes letters with links to a dashboard at base. Run sends them.
func NewLetters(send func(ctx context.Context, m mail.Message) error, base string, log *slog.Logger) *Letters {
	return &Letters{send: send, page: strings.TrimRight(base, "/") + "/reset-password?token=", log: log, queue: make(chan asked, lettersWait)}
}

// Forgot has a letter sent to whoever logs in with the e-mail address, if anybody does.
// It returns ErrMailOff, or fault.ErrUnavailable when too many wait.
func (s *Service) Forgot(ctx context.Context, email string) error {
	if s.Letters == nil {
		return ErrMailOff
	}
	select {
	case s.Letters.queue <- asked{email: strings.TrimSpace(email), ip: obs.ClientIP(ctx), requestID: obs.RequestID(ctx)}:
		return nil
	default:
		return fault.ErrUnavailable
	}
}

// SendLetters works until ctx ends.
func (s *Service) SendLetters(ctx context.Context) {
	if s.Letters == nil {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case a := <-s.Letters.queue:
			ctx := obs.WithClientIP(obs.WithRequestID(ctx, a.requestID), a.ip)
			if err := s.sendLetter(ctx, a.email); err != nil && ctx.Err() == nil {
				s.Letters.log.WarnContext(ctx, "letter for a forgotten password was not sent", "err", err)
			}
		}
	}
}

// sendLetter writes to an active account that did not get enough letters lately.
func (s *Service) sendLetter(ctx context.Context, email string) error {
	account, err := s.db.SystemAccountByEmail(ctx, email)
	if errors.Is(err, user.ErrNotFound) || err == nil && account.Status != user.Active {
		return nil
	}
	if err != nil {
		return err
	}
	token, now := rand.Text(), s.clock.Now()
	stored, err := s.db.SystemInsertReset(ctx, postgres.Reset{
		Hash: hashOf(token), Account: account.User, CreatedAt: now, ExpiresAt: now.Add(letterGoodFor),
	}, now.Add(-time.Hour), lettersAnHour, s.entry("FORGOT_PASSWORD", account.User))
	if err != nil || !stored {
		return err
	}
	return s.Letters.insist(ctx, letterTo(account.User, s.Letters.page+url.QueryEscape(token)))
}

// insist tries again what may pass.
func (l *Letters) insist(ctx context.Context, m mail.Message) error {
	for try, pause := 1, firstPause; ; try, pause = try+1, 5*pause {
		err := l.send(ctx, m)
		if err == nil || try == letterTries || !mail.MayPass(err) {
			return err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
	}
}

// letterTo is in Portuguese, as the hotels are.
func letterTo(u user.User, link string) mail.Message {
	return mail.Message{
		To: u.Email, Subject: "Redefinir sua senha do Bot Reserva",
		Text: "Olá, " + u.Name + "!\n\n" +
			"Recebemos um pedido para redefinir a senha da sua conta no Bot Reserva.\n" +
			"Para escolher uma nova senha, abra este endereço em até 1 hora:\n\n" + link + "\n\n" +
			"O endereço funciona uma única vez. Se não foi você quem pediu, ignore esta\n" +
			"mensagem: a sua senha continua a mesma.\n",
	}
}

// ResetPassword gives the account of a letter's token another password and ends all of
// its log-ins, or returns postgres.ErrResetUnknown.
func (s *Service) ResetPassword(ctx context.Context, token, password string) error {
	if err := CheckPassword(password); err != nil {
		return err
	}
	u, err := s.db.SystemAccountOfReset(ctx, hashOf(token), s.clock.Now())
	if err != nil {
		return err
	}
	hash, err := s.Hash(ctx, password)
	if err != nil {
		return err
	}
	defer s.Forget(stale.User(u.ID))
	return s.db.SystemUseReset(ctx, hashOf(token), u, hash, s.entry("RESET_PASSWORD", u))
}
