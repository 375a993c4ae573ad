package outbox

import (
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// job is a message about to be sent.
type job struct {
	hotel   *directory.Hotel
	line    directory.Line
	message message.Message
	card    conversation.Card
	content content.Content
	// uploaded holds Meta's ids of files of ours; nil until they have been given to it.
	uploaded map[id.Media]string
	old      []id.Media // those of them that Meta has had for a while
}

// needsFiles reports whether files of ours must be given to Meta before the message.
func (j *job) needsFiles() bool { return j.uploaded == nil && len(content.Files(j.content)) > 0 }

func (j *job) credentials() whatsapp.Credentials {
	return whatsapp.Credentials{PhoneNumberID: j.line.PhoneNumberID, AccessToken: j.line.AccessToken}
}

func (j *job) outgoing() whatsapp.Outgoing {
	to := j.card.Contact.WAID
	if to == "" {
		to = string(j.card.Contact.Phone)
	}
	out := whatsapp.Outgoing{
		To: to, BSUID: j.card.Contact.BSUID, Content: j.content, Uploaded: j.uploaded, Opaque: j.message.Opaque(),
	}
	if quoted := j.message.Metadata.Context; quoted != nil {
		out.ReplyTo = quoted.WAMID
	}
	return out
}
