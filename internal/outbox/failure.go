package outbox

import (
	"errors"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/template"
)

// Failures that are ours to explain.
var (
	outcomeUnknown = message.Failure{Message: "Não foi possível confirmar se a mensagem chegou. Confira com o hóspede antes de reenviar."}
	noNumber       = message.Failure{Message: "O número de WhatsApp desta conversa não está mais conectado ao hotel."}
)

func failureOf(refusal error) message.Failure {
	f := fault.Of(refusal)
	switch {
	case errors.Is(refusal, conversation.ErrIALocked):
		return message.Failure{Message: "Um atendente assumiu a conversa antes do envio; a resposta automática não foi enviada.", Details: f.Code}
	case errors.Is(refusal, conversation.ErrWindowClosed):
		return message.Failure{Message: "A janela de 24 horas fechou antes do envio. Use um modelo aprovado.", Details: f.Code}
	case errors.Is(refusal, template.ErrOptedOut):
		return message.Failure{Message: "O hóspede pediu ao WhatsApp para não receber ofertas do hotel.", MessageEN: f.Text, Details: f.Code}
	case errors.Is(refusal, template.ErrNotReady), errors.Is(refusal, template.ErrUnknown):
		return message.Failure{Message: "O WhatsApp não aprova mais este modelo. Escolha outro.", MessageEN: f.Text, Details: f.Code}
	default:
		return message.Failure{Message: f.Text, Details: f.Code}
	}
}
