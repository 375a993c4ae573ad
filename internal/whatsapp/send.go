package whatsapp

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// Outgoing is a message to a guest.
type Outgoing struct {
	To       string // the guest's WhatsApp id: digits, exactly as Meta gave them
	BSUID    string // used when To is empty
	Content  content.Content
	Uploaded map[id.Media]string // Meta's ids of those files of ours that the content names
	ReplyTo  string              // wamid of the message that is quoted; may be empty
	Opaque   string              // comes back in every status of the message; at most 512 characters
}

// Accepted is Meta's promise to try. Whether the guest gets the message is told by statuses, which may come before
// this answer does.
type Accepted struct {
	WAMID string
	WAID  string // the guest's WhatsApp id, which may differ from To; empty when sent to a BSUID
}

// Refusals of messages that Meta would not take.
var (
	ErrKind = fault.New(fault.Unprocessable, "message_kind_not_supported",
		"Messages of this kind cannot be sent.")
	ErrRecipient = fault.New(fault.Unprocessable, "recipient_missing",
		"The contact has neither a WhatsApp number nor a business-scoped user id.")
	ErrUpload = fault.New(fault.Unprocessable, "media_not_uploaded",
		"A file of this message has not been given to WhatsApp. Send it again.")
	ErrOpaque = fault.New(fault.Internal, "opaque_too_long", "The callback data has more than 512 characters.")
)

type wireOutgoing struct {
	Product       string       `json:"messaging_product"`
	RecipientType string       `json:"recipient_type"`
	To            string       `json:"to,omitempty"`
	Recipient     string       `json:"recipient,omitempty"`
	Type          string       `json:"type"`
	Context       *wireReplyTo `json:"context,omitempty"`
	Text          *wireBody    `json:"text,omitempty"`
	Opaque        string       `json:"biz_opaque_callback_data,omitempty"`
	*wireRich                  // anything but a text
}

type wireReplyTo struct {
	MessageID string `json:"message_id"`
}

type wireBody struct {
	Body       string `json:"body"`
	PreviewURL bool   `json:"preview_url"`
}

// Send asks Meta to send a message and returns its id. Errors:
//   - *APIError: refused, not sent; its Rule says what to do
//   - *NotSentError: it did not leave; safe to send again
//   - *UnknownOutcomeError: it may have been sent; wait for a status before sending again
//   - ErrKind, ErrUpload, ErrRecipient, ErrOpaque, ErrCredentials and those of content.Check: not even tried
func (c *Client) Send(ctx context.Context, who Credentials, o Outgoing) (Accepted, error) {
	body, err := o.wire()
	if err != nil {
		return Accepted{}, err
	}
	var answer struct {
		Contacts []struct {
			WAID loose `json:"wa_id"`
		} `json:"contacts"`
		Messages []struct {
			ID loose `json:"id"`
		} `json:"messages"`
	}
	if err := c.call(ctx, who, "/messages", body, &answer); err != nil {
		return Accepted{}, err
	}
	if len(answer.Messages) == 0 || wamid(answer.Messages[0].ID) == "" {
		return Accepted{}, &UnknownOutcomeError{HTTPStatus: 200, Err: errUnreadable}
	}
	accepted := Accepted{WAMID: wamid(answer.Messages[0].ID)}
	if len(answer.Contacts) > 0 {
		accepted.WAID = string(answer.Contacts[0].WAID)
	}
	return accepted, nil
}

func (o Outgoing) wire() (wireOutgoing, error) {
	w := wireOutgoing{Product: "whatsapp", RecipientType: "individual", Opaque: o.Opaque}
	if o.ReplyTo != "" {
		w.Context = &wireReplyTo{o.ReplyTo}
	}
	if err := content.Check(o.Content); err != nil {
		return w, err
	}
	if err := w.say(o.Content, o.Uploaded); err != nil {
		return w, err
	}
	switch {
	case len(o.Opaque) > maxOpaque && utf8.RuneCountInString(o.Opaque) > maxOpaque:
		return w, ErrOpaque
	case isDigits(o.To):
		w.To = "+" + o.To // without the plus Meta may put the business's own country code in front
	case contact.IsBSUID(o.BSUID):
		w.Recipient = o.BSUID
	default:
		return w, ErrRecipient
	}
	return w, nil
}

// say fills in the type and the one object that carries the content.
func (w *wireOutgoing) say(c content.Content, uploaded map[id.Media]string) error {
	if text, ok := c.(content.Text); ok {
		w.Type, w.Text = "text", &wireBody{Body: text.Body, PreviewURL: text.PreviewURL}
		return nil
	}
	s := speaker{uploaded: uploaded}
	w.Type, w.wireRich = s.rich(c)
	switch {
	case w.wireRich == nil:
		return ErrKind
	case s.missing:
		return ErrUpload
	}
	return nil
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
