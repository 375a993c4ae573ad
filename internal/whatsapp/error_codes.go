package whatsapp

import (
	"math"
	"time"
)

const codeInvalidParameter = 100

// Codes that others ask for.
const (
	CodeWindow        = 131047 // the 24-hour window is closed
	CodeTooManyOffers = 131049 // the guest got many offers: held back, and not to be tried again at once
)

// unlimited is for causes that somebody must mend: the message waits for that, not for a count.
const unlimited = math.MaxInt

// Reasons that several codes share.
const (
	reasonUnknown       = "O WhatsApp não aceitou a mensagem."
	reasonTrouble       = "O WhatsApp está com instabilidade. A mensagem será enviada de novo automaticamente."
	reasonTooFast       = "Muitas mensagens em pouco tempo. O envio continua mais devagar, automaticamente."
	reasonPermission    = "O acesso do hotel ao WhatsApp perdeu a permissão. Um administrador precisa renová-lo."
	reasonNumberUnknown = "O número ou o acesso configurado não existe ou perdeu a permissão. Um administrador precisa conferir."
	reasonAccount       = "O WhatsApp suspendeu o envio deste número. Um administrador precisa ver o aviso no painel da Meta."
	reasonRegister      = "O número não está registrado no WhatsApp. Um administrador precisa registrá-lo."
	reasonContent       = "O WhatsApp não aceitou o conteúdo da mensagem."
	reasonTemplate      = "O modelo de mensagem não está disponível. Escolha outro modelo."
	reasonTemplateData  = "Os dados não combinam com o modelo de mensagem."
	reasonPayment       = "Há um problema com o pagamento da conta do WhatsApp. Um administrador precisa regularizá-lo na Meta."
	reasonRecipient     = "O WhatsApp não entregou a mensagem a este hóspede."
	reasonCall          = "A ligação não pôde ser feita."
	reasonSetting       = "A configuração do WhatsApp não pôde ser alterada. Um administrador precisa conferir."
)

type codeRow struct {
	from, to int
	Rule
}

func one(code int, rule Rule) codeRow { return codeRow{code, code, rule} }

// Rules that many codes share.
func fix(reason string) Rule { return Rule{Action: FixRequest, Reason: reason, Tries: 1} }

func aboutTemplate(reason string) Rule {
	return Rule{Action: RefreshTemplate, Reason: reason, Tries: 1}
}
func guest(reason string) Rule { return Rule{Action: GiveUpRecipient, Reason: reason, Tries: 1} }
func stop(reason string) Rule  { return Rule{Action: StopNumber, Reason: reason, Tries: unlimited} }

func permission() Rule {
	return Rule{Action: Reauthenticate, Reason: reasonPermission, Tries: unlimited}
}
func retry(tries int) Rule { return Rule{Action: RetryLater, Reason: reasonTrouble, Tries: tries} }
func slower() Rule         { return Rule{Action: SlowDown, Reason: reasonTooFast, Tries: slowTries} }

// resendable marks the few codes after which even a message that failed later may be sent again by itself.
func resendable(r Rule) Rule { r.Resend = true; return r }

func after(wait time.Duration, r Rule) Rule { r.Wait = wait; return r }

// errorCodes is Meta's table of errors (error codes page, September 2026, with codes that maintained SDKs add) and
// what we do about each. The first row that holds a code counts.
var errorCodes = []codeRow{
	one(0, permission()),
	one(1, retry(2)),
	one(2, retry(3)),
	one(3, permission()),
	one(4, slower()),
	one(10, permission()),
	one(33, stop("O número configurado não existe mais no WhatsApp. Um administrador precisa conferir.")),
	one(codeInvalidParameter, fix(reasonContent)),
	one(190, Rule{Action: Reauthenticate, Reason: "O acesso do hotel ao WhatsApp expirou. Um administrador precisa renová-lo; as mensagens ficam guardadas.", Tries: unlimited}),
	{200, 299, permission()},
	one(codeAccountRestricted, stop(reasonAccount)),
	one(613, slower()),
	one(codeAccountRate, slower()),
	one(80008, slower()),

	one(130403, guest("O hotel bloqueou este hóspede no WhatsApp. Desbloqueie para enviar.")),
	one(130429, resendable(slower())),
	one(130472, guest("O WhatsApp não entrega promoções a este hóspede agora. Outras mensagens funcionam.")),
	one(130497, guest("O WhatsApp não permite que este número escreva para o país deste hóspede.")),
	one(130501, Rule{Action: NoAction, Reason: "Mensagem de grupo não suportada.", Tries: 1}),

	one(131000, resendable(retry(3))),
	one(131005, permission()),
	one(131008, fix(reasonContent)),
	one(131009, fix(reasonContent)),
	one(131014, fix("O WhatsApp não conseguiu baixar o arquivo. Confira o link.")),
	one(131016, resendable(retry(3))),
	one(131020, fix(reasonContent)),
	one(131021, fix("O destinatário é o próprio número do hotel.")),
	one(131026, guest("Não foi possível entregar: o número talvez não tenha WhatsApp, ou usa uma versão antiga.")),
	one(131030, fix("Este é um número de teste e o hóspede não está na lista de destinatários permitidos da Meta.")),
	one(131031, stop(reasonAccount)),
	one(131037, stop("O nome de exibição do número ainda não foi aprovado pela Meta.")),
	one(131041, fix(reasonContent)),
	one(codeAccountPayment, stop(reasonPayment)),
	one(131044, stop(reasonPayment)),
	one(131045, stop(reasonRegister)),
	one(CodeWindow, Rule{Action: OfferTemplate, Reason: "Passaram mais de 24 horas desde a última mensagem do hóspede. Envie um modelo de mensagem.", Tries: 1}),
	one(131048, stop("O WhatsApp limitou o número por denúncias de spam. Um administrador precisa ver a qualidade do número.")),
	one(CodeTooManyOffers, Rule{Action: NotNow, Reason: "O WhatsApp não entregou esta promoção para não cansar o hóspede. Tente só depois de 24 horas.", Tries: 1, Wait: 24 * time.Hour}),
	one(131050, guest("O hóspede pediu para não receber promoções. Outras mensagens funcionam.")),
	one(131051, fix("O WhatsApp não suporta este tipo de mensagem.")),
	one(codeMediaLost, Rule{Action: NoAction, Reason: "O arquivo do hóspede não pôde ser baixado. Peça que envie de novo.", Tries: 1}),
	one(131053, fix("O WhatsApp não aceitou o arquivo: confira tipo, tamanho e link.")),
	one(131055, fix(reasonTemplateData)),
	one(131056, resendable(Rule{Action: WaitPair, Reason: "Muitas mensagens seguidas para este hóspede. O envio continua em instantes, automaticamente.", Tries: pairTries})),
	one(131057, after(30*time.Second, resendable(Rule{Action: RetryLater, Reason: "O WhatsApp está em manutenção neste número. A mensagem será enviada de novo automaticamente.", Tries: MaxTries}))),
	one(131059, fix(reasonSetting)),
	one(131062, fix("Esta mensagem precisa do número de telefone do hóspede, que o WhatsApp não informou.")),
	one(131063, fix("O envio de modelos promocionais está desligado neste canal.")),
	one(131064, stop("O WhatsApp limitou a conta por uso indevido de modelos. Um administrador precisa ver o aviso da Meta.")),
	one(131201, fix(reasonContent)),

	one(132000, aboutTemplate(reasonTemplateData)),
	one(132001, aboutTemplate(reasonTemplate)),
	one(132005, fix("O texto do modelo ficou longo demais com os dados preenchidos.")),
	one(132007, fix(reasonContent)),
	one(132008, fix(reasonTemplateData)),
	one(132012, fix(reasonTemplateData)),
	one(132015, aboutTemplate("O modelo de mensagem foi pausado pela Meta por baixa qualidade. Escolha outro modelo.")),
	one(132016, aboutTemplate("O modelo de mensagem foi desativado pela Meta. Crie outro modelo.")),
	one(132018, fix(reasonTemplateData)),
	one(132068, fix("O formulário desta mensagem foi bloqueado pela Meta.")),
	one(132069, fix("O formulário desta mensagem está limitado pela Meta. Tente na próxima hora.")),

	one(133000, stop(reasonRegister)),
	one(133004, retry(3)),
	one(133005, fix("O PIN do número está errado. Um administrador precisa conferir.")),
	one(133006, stop("O número precisa ser verificado. Um administrador precisa concluir a verificação.")),
	one(133008, fix("Muitas tentativas de PIN. Aguarde o tempo indicado pela Meta.")),
	one(133009, fix("Tentativas de PIN rápidas demais. Aguarde o tempo indicado pela Meta.")),
	one(133010, stop(reasonRegister)),
	one(133015, after(5*time.Minute, retry(3))),
	one(133016, fix("Muitos registros do número em 72 horas. Tente mais tarde.")),
	one(134011, stop("Os termos de pagamento do WhatsApp não foram aceitos. Um administrador precisa aceitá-los.")),
	one(134100, fix(reasonTemplateData)),
	one(134101, after(10*time.Minute, retry(3))),
	one(134102, aboutTemplate(reasonTemplate)),
	one(135000, fix(reasonContent)),
	one(137000, guest("A identidade do hóspede mudou no WhatsApp. Confirme com ele antes de enviar.")),
	{138000, 138018, fix(reasonCall)},
	{139000, 139004, fix("O formulário não foi aceito pela Meta.")},
	one(139103, retry(3)),
	{139100, 139102, fix("O bloqueio do hóspede não foi concluído.")},
	{147001, 147005, fix(reasonSetting)},
	{200005, 200007, fix(reasonSetting)},
	{2388000, 2388999, fix("O modelo de mensagem não foi aceito pela Meta. Confira o texto e as variáveis.")},
	one(2494100, after(time.Minute, Rule{Action: RetryLater, Reason: reasonTrouble, Tries: MaxTries})),
	{2593107, 2593109, fix("O histórico não pôde ser importado.")},
}

func isKnown(code int) bool {
	for _, row := range errorCodes {
		if code >= row.from && code <= row.to {
			return true
		}
	}
	return false
}
