package whatsapp

import "slices"

// codeMediaLost: Meta could not fetch the guest's file, or it has more than 100 MB.
const codeMediaLost = 131052

const placeholderUnsupported = "[Mensagem não suportada]"

// placeholders are what people read in the place of a message that is not shown. The type of an interactive
// message is the one inside it.
var placeholders = map[string]string{
	"contacts":              "[Contato compartilhado]",
	"order":                 "[Pedido]",
	"edit":                  "[Mensagem editada pelo hóspede]",
	"revoke":                "[Mensagem apagada pelo hóspede]",
	"location":              "[Localização inválida]",
	"image":                 "[Imagem não recebida]",
	"video":                 "[Vídeo não recebido]",
	"audio":                 "[Áudio não recebido]",
	"voice":                 "[Áudio não recebido]",
	"document":              "[Documento não recebido]",
	"sticker":               "[Figurinha não recebida]",
	"nfm_reply":             "[Formulário respondido]",
	"call_permission_reply": "[Resposta ao pedido de ligação]",
	"product":               "[Produto]",
}

func (m *wireMessage) placeholder() string {
	lost := func(e failure) bool { return e.code == codeMediaLost }
	if slices.ContainsFunc(readFailures(m.Errors), lost) {
		return "[Arquivo não recebido: peça ao hóspede que envie de novo]"
	}
	kind := string(m.Type)
	if kind == "interactive" {
		kind = string(m.Interactive.Type)
	}
	if text, known := placeholders[kind]; known {
		return text
	}
	return placeholderUnsupported
}
