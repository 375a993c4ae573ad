package outbox

import (
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/template"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Failures that are ours to explain. Meta's are explained in package whatsapp.
var (
	outcomeUnknown = message.Failure{
		Message:   "Não foi possível confirmar se a mensagem chegou. Confira com o hóspede antes de reenviar.",
		MessageEN: "Nobody could tell whether the message arrived. Ask the guest before you send it again.",
		Details:   "outcome_unknown", CanRetry: true,
	}
	noNumber = message.Failure{
		Message:   "O número de WhatsApp desta conversa não está mais conectado ao hotel.",
		MessageEN: "The WhatsApp number of this conversation is no longer connected to the hotel.",
		Details:   tenant.ErrNoNumber.Code, CanRetry: true,
	}
)

// refusalsInPortuguese says what refusals mean that come after a message was accepted, and
// whether the same message may get through another time.
var refusalsInPortuguese = map[string]struct {
	text     string
	canRetry bool
}{
	conversation.ErrIALocked.Code:     {"Um atendente assumiu a conversa antes do envio; a resposta automática não foi enviada.", false},
	conversation.ErrTurnOver.Code:     {"O hóspede escreveu de novo, ou um atendente assumiu, antes do envio; a resposta automática não foi enviada.", false},
	conversation.ErrOvertaken.Code:    {"O hóspede escreveu de novo, ou um atendente assumiu; o resto da resposta automática não foi enviado.", false},
	errPartFailed.Code:                {"Uma mensagem anterior da mesma resposta não foi entregue; esta não foi enviada.", true},
	conversation.ErrBotPaused.Code:    {"O robô do hotel está pausado; a resposta automática não foi enviada.", true},
	conversation.ErrWindowClosed.Code: {"A janela de 24 horas fechou antes do envio. Use um modelo aprovado.", true},
	conversation.ErrClosed.Code:       {"A conversa foi encerrada antes do envio.", false},
	conversation.ErrNotFound.Code:     {"Quem agendou a mensagem não tem mais acesso à conversa.", false},
	content.ErrStored.Code:            {"A mensagem foi guardada em um formato que esta versão não consegue enviar. Escreva-a de novo.", false},
	content.ErrInvalid.Code:           {"O WhatsApp não aceita o conteúdo da mensagem. Escreva-a de novo.", false},
	media.ErrNotFound.Code:            {"O arquivo da mensagem não existe mais. Anexe-o de novo.", false},
	ErrFiles.Code:                     {"O arquivo não pode ser enviado agora. Tente de novo mais tarde.", true},
	ErrPointed.Code:                   {"A mensagem citada não está mais na conversa.", false},
	ErrPointedUnsent.Code:             {"A mensagem citada não chegou ao WhatsApp.", false},
	errMakerGone.Code:                 {"Quem agendou a mensagem não trabalha mais no hotel.", false},
	template.ErrOptedOut.Code:         {"O hóspede pediu ao WhatsApp para não receber ofertas do hotel.", false},
	template.ErrNotReady.Code:         {"O WhatsApp não aprova mais este modelo. Escolha outro.", false},
	template.ErrUnknown.Code:          {"O WhatsApp não aprova mais este modelo. Escolha outro.", false},
	tenant.ErrNoNumber.Code:           {"O hotel não tem um número de WhatsApp conectado.", true},
	tenant.ErrPlanLimit.Code:          {"O limite de mensagens do plano do hotel foi atingido.", true},
	tenant.ErrSuspended.Code:          {"A conta do hotel está suspensa.", true},
	tenant.ErrTrialEnded.Code:         {"O período de teste do hotel terminou.", true},
}

// IsMetasTrouble reports whether a message failed for a reason that passes without anybody changing
// the message: Meta was away or had enough, or the hotel's number was stopped. Then nothing was
// sent, and saying the same again may work.
func IsMetasTrouble(f *message.Failure) bool {
	if f == nil || !f.CanRetry || f.Code == whatsapp.CodeTooManyOffers || f.Details == outcomeUnknown.Details {
		return false
	}
	_, isOurs := refusalsInPortuguese[f.Details]
	return !isOurs
}

// failureOf explains a refusal to people, in both languages.
func failureOf(refusal error) message.Failure {
	f := fault.Of(refusal)
	out := message.Failure{Message: "A mensagem não pôde ser enviada. Confira o conteúdo e escreva-a de novo.", MessageEN: f.Text, Details: f.Code}
	if known, ok := refusalsInPortuguese[f.Code]; ok {
		out.Message, out.CanRetry = known.text, known.canRetry
	}
	return out
}
