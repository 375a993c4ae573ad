package httpapi

import (
	"context"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/wire"
)

// voiceType is an audio that is played as if somebody had spoken.
const voiceType = "VOICE"

// NewMedia is a file for the guest: one of the hotel's, or one that WhatsApp is to fetch.
// Exported for huma.
type NewMedia struct {
	Type     string `json:"type" enum:"IMAGE,VIDEO,AUDIO,VOICE,DOCUMENT,STICKER" doc:"VOICE is a voice note: OGG with Opus"`
	MediaID  string `json:"mediaId,omitempty" maxLength:"100" doc:"The id that uploading gave; this or url"`
	URL      string `json:"url,omitempty" maxLength:"2048" doc:"The address that uploading gave, or a public https:// link"`
	Caption  string `json:"caption,omitempty" doc:"At most 1024 characters; of images, videos and documents"`
	Filename string `json:"filename,omitempty" doc:"Of documents, with its extension"`
	ClientID string `json:"clientId,omitempty" maxLength:"200" doc:"The same id sent twice is one message"`
	ReplyTo  string `json:"replyTo,omitempty" maxLength:"300" doc:"The message that is quoted: our id or WhatsApp's"`
}

// MediaTo is a file for a conversation that the body names. Exported for huma.
type MediaTo struct {
	NewMedia
	ConversationID string `json:"conversationId"`
}

func (s *server) sendMedia(ctx context.Context, c caller, in *rich[NewMedia]) (*reply[wire.Message], error) {
	return s.sendFile(ctx, c, in.ConversationPath, in.Body, in.IdempotencyKey)
}

func (s *server) sendMediaTo(ctx context.Context, c caller, in *richTo[MediaTo]) (*reply[wire.Message], error) {
	return s.sendFile(ctx, c, ConversationPath{in.Body.ConversationID}, in.Body.NewMedia, in.IdempotencyKey)
}

// mediaNames are those of the parts of a file.
var mediaNames = map[string]string{"fileId": "mediaId", "metaId": "mediaId", "link": "url", "": "url"}

func (s *server) sendFile(ctx context.Context, c caller, p ConversationPath, m NewMedia, key string) (*reply[wire.Message], error) {
	of := m.URL
	switch {
	case m.MediaID != "" && m.URL != "":
		return nil, wrongField("mediaId", "Send either mediaId or url.")
	case m.MediaID != "":
		of = m.MediaID
		if _, err := id.ParseMedia(of); err != nil {
			return nil, wrongField("mediaId", "This is no id of a file: use the one that uploading gave.")
		}
	case of == "":
		return nil, wrongField("mediaId", "Say which file: send mediaId or url.")
	}
	if m.ClientID != "" {
		key = m.ClientID
	}
	return s.say(ctx, c, p, saying{
		key: key, replyTo: m.ReplyTo, named: mediaNames,
		content: func() (content.Content, error) { return s.mediaOf(ctx, c, m.Type, of, m.Caption, m.Filename) },
	})
}

// mediaOf makes a content of a file. A caption where WhatsApp has none is refused rather
// than lost.
func (s *server) mediaOf(ctx context.Context, c caller, kind, of, caption, filename string) (content.Content, error) {
	file, err := s.fileAt(ctx, c, of)
	if err != nil {
		return nil, err
	}
	switch kind {
	case string(message.Image):
		return content.Image{File: file, Caption: caption}, nil
	case string(message.Video):
		return content.Video{File: file, Caption: caption}, nil
	case string(message.Document):
		return content.Document{File: file, Caption: caption, Filename: filename}, nil
	}
	if caption != "" {
		return nil, wrongField("caption", "WhatsApp shows no caption with audio and stickers. Send the text as a message of its own.")
	}
	switch kind {
	case string(message.Audio):
		return content.Audio{File: file}, nil
	case voiceType:
		return content.Voice{File: file}, nil
	default:
		return content.Sticker{File: file}, nil
	}
}

// fileAt reads how a call names a file: by the id or the address that uploading gave, or by
// a link to somewhere else.
func (s *server) fileAt(ctx context.Context, c caller, of string) (content.File, error) {
	if f, err := id.ParseMedia(of); err == nil {
		return content.File{FileID: f}, nil
	}
	name, ours := s.deps.Links.NameIn(c.tenant, of)
	if !ours {
		return content.File{Link: of}, nil
	}
	f, err := s.deps.DB.Media(ctx, c.tenant, name)
	return content.File{FileID: f.ID}, err
}
