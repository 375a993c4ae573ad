package n8n

import (
	"fmt"
	"net/http"
	"time"
)

// Outcome is what a failed post means for the guest's message.
type Outcome uint8

// The outcomes.
const (
	Refused  Outcome = iota + 1 // the flow did not get it: try again, with growing delays
	Unknown                     // it was sent and no answer came: the flow may be at work on it
	Rejected                    // the flow will never take it as it is: somebody must change a setting
)

// String returns the outcome's name, for logs.
func (o Outcome) String() string {
	switch o {
	case Refused:
		return "refused"
	case Unknown:
		return "unknown"
	case Rejected:
		return "rejected"
	default:
		return "none"
	}
}

// PostError says how a post to a flow failed. Error and Reason hold neither the flow's URL, whose path may be its only
// secret, nor anything of the guest's.
type PostError struct {
	Status     int // of the HTTP answer; 0 when none came
	Outcome    Outcome
	RetryAfter time.Duration // what the flow's host asked for, at most an hour; 0 when it asked for nothing
	// Answer is the beginning of what the flow answered, up to 300 bytes. A flow may answer with a guest's words: show
	// it to the hotel's own administrators, never log it.
	Answer string

	cause  error
	hint   hint
	isTest bool // the URL is that of n8n's test button
}

// hint tells apart the failures without an HTTP status that people can do something about.
type hint uint8

const (
	noHint hint = iota
	badURL
	privateAddress
	noName
	noConnection
	badCertificate
	noTLS
	noAnswer
	stopped
)

// Error implements error.
func (e *PostError) Error() string {
	switch {
	case e.cause != nil:
		return fmt.Sprintf("post to flow: %s: %v", e.Outcome, e.cause)
	default:
		return fmt.Sprintf("post to flow: %s: status %d", e.Outcome, e.Status)
	}
}

// Unwrap returns the cause; nil when the flow answered with a status.
func (e *PostError) Unwrap() error { return e.cause }

// Next says whether to post again and after what delay. attempts counts the posts made so far and unknown those of
// them that ended as Unknown, this one included in both: an unknown outcome is tried once more under the same
// delivery id, since slow is not failed, and a second one is believed to have arrived.
func (e *PostError) Next(attempts, unknown int) (delay time.Duration, again bool) {
	if e.Outcome == Rejected || e.Outcome == Unknown && unknown > 1 {
		return 0, false
	}
	delay, giveUp := Backoff(attempts)
	if giveUp {
		return 0, false
	}
	return max(delay, e.RetryAfter), true
}

// Reason says in Portuguese, to the hotel's administrators, what happened and what they can do.
func (e *PostError) Reason() string {
	if e.Status != 0 {
		return e.reasonOfStatus()
	}
	switch e.hint {
	case badURL:
		return "O endereço do fluxo não é válido. Confira a URL do webhook nas configurações."
	case privateAddress:
		return "O endereço do fluxo aponta para uma rede interna, que não pode ser acessada daqui. Use o endereço público do n8n."
	case noName:
		return "O endereço do n8n não foi encontrado (DNS). Confira se a URL está escrita corretamente."
	case noConnection:
		return "O n8n não aceitou a conexão. Verifique se ele está no ar."
	case badCertificate:
		return "O certificado HTTPS do n8n não é válido. Renove o certificado ou confira o endereço."
	case noTLS:
		return "O servidor não fala HTTPS neste endereço. Confira a porta, ou use http:// se o n8n estiver numa rede protegida."
	case noAnswer:
		return "O n8n recebeu a mensagem, mas não respondeu a tempo. O fluxo pode ter sido executado; confira as execuções no n8n."
	case stopped:
		return "O envio ao fluxo foi interrompido e será retomado."
	default:
		return "A conexão com o n8n falhou. Verifique se ele está no ar."
	}
}

func (e *PostError) reasonOfStatus() string {
	switch {
	case e.Status == http.StatusNotFound && e.isTest:
		return "O endereço é o de teste do n8n (/webhook-test/), que só funciona por dois minutos após um clique. Use o endereço de produção (/webhook/)."
	case e.Status == http.StatusNotFound:
		return "O fluxo não está publicado: o n8n respondeu 404. Ative (publique) o fluxo ou confira a URL do webhook."
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden:
		return fmt.Sprintf("O n8n recusou o acesso (%d). Confira a autenticação do nó Webhook e desligue a opção \"Ignore Bots\".", e.Status)
	case e.Status == http.StatusMethodNotAllowed:
		return "O nó Webhook não aceita POST (405). Mude o método HTTP do nó para POST."
	case e.Status == http.StatusRequestEntityTooLarge:
		return "O n8n achou a mensagem grande demais (413). Aumente N8N_PAYLOAD_SIZE_MAX."
	case e.Status == http.StatusTooManyRequests:
		return "O n8n está recebendo mensagens demais (429). Vamos tentar de novo mais devagar."
	case e.Status == http.StatusRequestTimeout:
		return "O n8n demorou demais para receber a mensagem (408). Vamos tentar de novo."
	case e.Status >= 500:
		return fmt.Sprintf("O n8n não está bem (%d). Vamos tentar de novo por até 24 horas.", e.Status)
	case e.Status >= 300 && e.Status < 400:
		return fmt.Sprintf("O endereço do fluxo redireciona para outro (%d). Informe o endereço final, começando por https://.", e.Status)
	default:
		return fmt.Sprintf("O n8n recusou a mensagem (%d). Confira o nó Webhook do fluxo.", e.Status)
	}
}

// Code names what happened, for programs; it never changes its meaning.
func (e *PostError) Code() string {
	if e.Status != 0 {
		return e.codeOfStatus()
	}
	switch e.hint {
	case badURL:
		return "invalid_url"
	case privateAddress:
		return "refused_host"
	case noName:
		return "dns"
	case noConnection:
		return "unreachable"
	case badCertificate, noTLS:
		return "tls"
	case noAnswer:
		return "timeout"
	case stopped:
		return "interrupted"
	default:
		return "connection_failed"
	}
}

func (e *PostError) codeOfStatus() string {
	switch {
	case e.Status == http.StatusNotFound && e.isTest:
		return "test_url"
	case e.Status == http.StatusNotFound:
		return "not_published"
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden:
		return "unauthorized"
	case e.Status == http.StatusMethodNotAllowed:
		return "wrong_method"
	case e.Status == http.StatusRequestEntityTooLarge:
		return "too_large"
	case e.Status == http.StatusTooManyRequests:
		return "rate_limited"
	case e.Status >= 500:
		return "flow_error"
	case e.Status >= 300 && e.Status < 400:
		return "redirected"
	default:
		return "refused"
	}
}

// IsFlows reports whether the flow or its host failed, and not we or a setting: it was not there,
// or answered that it cannot now. A slow answer is no failure.
func (e *PostError) IsFlows() bool {
	return e.Outcome == Refused && e.hint != stopped && (e.Status != 0 || e.cause != nil)
}
