package outbox

import (
	"errors"

	"github.com/botreserva/botreserva/internal/whatsapp"
)

// count tells what came of a call of Meta, in few words: of a refusal, what the error table says is to be done.
func (d *Deliverer) count(sendErr error) {
	if d.Counted != nil {
		d.Counted(outcomeOf(sendErr))
	}
}

func outcomeOf(sendErr error) string {
	var unknown *whatsapp.UnknownOutcomeError
	var api *whatsapp.APIError
	var notSent *whatsapp.NotSentError
	switch {
	case sendErr == nil:
		return "sent"
	case errors.As(sendErr, &unknown):
		return "unknown"
	case errors.As(sendErr, &api):
		return "refused_" + api.Rule().Action.String()
	case errors.As(sendErr, &notSent):
		return "unreached"
	default:
		return "ours"
	}
}
