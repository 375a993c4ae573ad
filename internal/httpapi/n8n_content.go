package httpapi

import "github.com/botreserva/botreserva/internal/domain/content"

// BotContent is anything that WhatsApp takes, by a flow: what the other send-* have no words
// for, in the words of POST /api/messages/content. Exported for huma.
type BotContent struct {
	BotTo
	BotPace
	ContentParts
}

func (b BotContent) content(func(string) (content.File, error)) (content.Content, error) {
	return b.parts()
}

func (b BotContent) field(path string) string {
	if path == "" || path == b.Type {
		return b.Type
	}
	return b.Type + "." + path
}
