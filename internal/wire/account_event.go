package wire

import (
	"encoding/json"

	"github.com/botreserva/botreserva/internal/domain/news"
)

// AccountEvent is a piece of news about a WhatsApp account, a number or a template.
type AccountEvent struct {
	ID         string          `json:"id"`
	Kind       news.Kind       `json:"kind" doc:"What it is about: template_status, number_quality, account_update and others"`
	Event      string          `json:"event" doc:"What happened, in Meta's words: APPROVED, PIN_CHANGED"`
	Severity   news.Severity   `json:"severity" enum:"info,warning,critical" doc:"critical: messages are not sent, or soon will not be"`
	Subject    string          `json:"subject" doc:"The template, number or entity"`
	Reason     string          `json:"reason" doc:"Meta's own words, or empty"`
	NumberID   *string         `json:"numberId"`
	WABAID     *string         `json:"wabaId"`
	Data       json.RawMessage `json:"data" doc:"All that Meta said"`
	OccurredAt Time            `json:"occurredAt"`
	CreatedAt  Time            `json:"createdAt" doc:"When we were told"`
}

// AccountEventOf writes a piece of news.
func AccountEventOf(n news.Event) AccountEvent {
	out := AccountEvent{
		ID: n.ID.String(), Kind: n.Kind, Event: n.Name, Severity: n.Severity, Subject: n.Subject, Reason: n.Reason, WABAID: orNull(n.WABAID),
		Data: n.Data, OccurredAt: At(n.At), CreatedAt: At(n.SeenAt),
	}
	if len(out.Data) == 0 {
		out.Data = json.RawMessage("null")
	}
	if !n.NumberID.IsZero() {
		number := n.NumberID.String()
		out.NumberID = &number
	}
	return out
}
