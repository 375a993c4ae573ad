package app

import (
	"context"
	"fmt"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/mail"
)

// openMail prepares letters for those who forgot their password, if there is a mail
// server.
func (a *App) openMail() error {
	cfg := a.opts.Config
	if !cfg.SMTPURL.IsSet() {
		return nil
	}
	sender, err := mail.New(cfg.SMTPURL.Reveal(), cfg.MailFrom)
	if err != nil {
		return fmt.Errorf("read SMTP_URL and MAIL_FROM: %w", err)
	}
	dashboard := cfg.PublicURL
	if len(cfg.FrontendOrigins) > 0 {
		dashboard = cfg.FrontendOrigins[0]
	}
	a.mail = sender
	a.auth.Letters = auth.NewLetters(sender.Send, dashboard, a.log)
	return nil
}

// examineMail logs in to the mail server and sends nothing.
func (a *App) examineMail(ctx context.Context) finding {
	if a.mail == nil {
		return finding{what: "e-mail: not set up, so that managers give new passwords themselves"}
	}
	f := finding{what: "e-mail"}
	if err := a.mail.Check(ctx); err != nil {
		f.wrong, f.fix = err.Error(), "correct SMTP_URL (host, port, user, password), or let this machine reach the mail server"
	}
	return f
}
