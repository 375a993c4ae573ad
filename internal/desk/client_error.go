package desk

import (
	"context"
	"net/url"
	"regexp"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
)

// ClientError is what a dashboard reports when it broke.
type ClientError struct {
	Message, Stack, ComponentStack, URL, UserAgent string
}

// What a report may be made of that a guest said or typed: texts in quotation marks (a
// parser quotes what it could not read), addresses of e-mail, and long numbers.
var guestsWords = regexp.MustCompile(
	`"[^"]{3,}"|“[^”]{3,}”|'[^'\n]{12,}'|` + "`[^`]{12,}`" + `|[\w.+-]+@[\w-]+\.[\w.]+|\+?\d[\d ().-]{6,}\d`)

// Limits in characters, as in the contract.
const (
	maxErrorMessage = 2000
	maxErrorStack   = 5000
	maxErrorPlace   = 500
)

// ReportClientError writes a dashboard's failure into the audit log, without what a
// guest may have said.
func (d *Desk) ReportClientError(ctx context.Context, tenant id.Tenant, by user.User, report ClientError) error {
	detail := map[string]any{"message": masked(cut(report.Message, maxErrorMessage))}
	for key, text := range map[string]string{
		"stack": masked(cut(report.Stack, maxErrorStack)), "componentStack": masked(cut(report.ComponentStack, maxErrorStack)),
		"userAgent": cut(report.UserAgent, maxErrorPlace), "url": cut(withoutQuery(report.URL), maxErrorPlace),
	} {
		if text != "" {
			detail[key] = text
		}
	}
	return d.note(ctx, tenant, postgres.Entry{Actor: by.ID.String(), Action: "CLIENT_ERROR", Entity: "dashboard", Detail: detail, At: d.clock.Now()})
}

// note writes an entry into a hotel's audit log; into the platform's, for the zero
// tenant.
func (d *Desk) note(ctx context.Context, tenant id.Tenant, e postgres.Entry) error {
	if tenant.IsZero() {
		return d.db.SystemAuditPlatform(ctx, e)
	}
	return d.db.InTx(ctx, tenant, func(tx *postgres.Tx) error { return tx.Audit(ctx, e) })
}

func masked(text string) string { return guestsWords.ReplaceAllString(text, "…") }

func cut(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit])
	}
	return text
}

// withoutQuery leaves of an address where it leads, not what was searched there.
func withoutQuery(text string) string {
	at, err := url.Parse(text)
	if err != nil {
		return ""
	}
	at.RawQuery, at.Fragment, at.User = "", "", nil
	return at.String()
}
