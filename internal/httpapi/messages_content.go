package httpapi

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/wire"
)

// NewContent is anything that WhatsApp takes, by a person. It is also how scheduled messages are
// written. Exported for huma.
type NewContent struct {
	ContentParts
	ClientID string `json:"clientId,omitempty" maxLength:"200" doc:"The same id sent twice is one message"`
	ReplyTo  string `json:"replyTo,omitempty" maxLength:"300" doc:"The message that is quoted: our id or WhatsApp's"`
}

// ContentParts is anything that WhatsApp takes, in one shape: the type, and under its name what
// belongs to it. Exported for huma.
type ContentParts struct {
	Type string `json:"type" enum:"text,image,video,audio,voice,document,sticker,location,contacts,reaction,buttons,list,link,locationRequest,flow,template,product,productList,catalogue,carousel,productCarousel" doc:"Says which of the other fields is sent"`

	Text            *content.Text            `json:"text,omitempty"`
	Image           *content.Image           `json:"image,omitempty"`
	Video           *content.Video           `json:"video,omitempty"`
	Audio           *content.Audio           `json:"audio,omitempty"`
	Voice           *content.Voice           `json:"voice,omitempty" doc:"A voice note: OGG with Opus"`
	Document        *content.Document        `json:"document,omitempty"`
	Sticker         *content.Sticker         `json:"sticker,omitempty"`
	Location        *content.Location        `json:"location,omitempty"`
	Contacts        *content.Contacts        `json:"contacts,omitempty"`
	Reaction        *content.Reaction        `json:"reaction,omitempty" doc:"messageId is our id or WhatsApp's; an empty emoji takes the reaction back"`
	Buttons         *content.Buttons         `json:"buttons,omitempty"`
	List            *content.List            `json:"list,omitempty"`
	Link            *content.Link            `json:"link,omitempty" doc:"A text with a button that opens an address"`
	LocationRequest *content.LocationRequest `json:"locationRequest,omitempty" doc:"Asks the guest where they are"`
	Flow            *content.Flow            `json:"flow,omitempty" doc:"A form of the hotel's"`
	Template        *content.Template        `json:"template,omitempty" doc:"With all its parts; the only type that is sent outside the 24-hour window"`
	Product         *content.Product         `json:"product,omitempty"`
	ProductList     *content.ProductList     `json:"productList,omitempty"`
	Catalogue       *content.Catalogue       `json:"catalogue,omitempty"`
	Carousel        *content.Carousel        `json:"carousel,omitempty"`
	ProductCarousel *content.ProductCarousel `json:"productCarousel,omitempty"`
}

// ContentTo is anything for a conversation that the body names. Exported for huma.
type ContentTo struct {
	NewContent
	ConversationID string `json:"conversationId"`
}

// content returns what is sent. What was sent of other types is ignored, as unknown keys are.
func (n ContentParts) parts() (content.Content, error) {
	c := map[string]content.Content{
		"text": given(n.Text), "image": given(n.Image), "video": given(n.Video), "audio": given(n.Audio), "voice": given(n.Voice),
		"document": given(n.Document), "sticker": given(n.Sticker), "location": given(n.Location), "contacts": given(n.Contacts),
		"reaction": given(n.Reaction), "buttons": given(n.Buttons), "list": given(n.List), "link": given(n.Link),
		"locationRequest": given(n.LocationRequest), "flow": given(n.Flow), "template": given(n.Template),
		"product": given(n.Product), "productList": given(n.ProductList), "catalogue": given(n.Catalogue),
		"carousel": given(n.Carousel), "productCarousel": given(n.ProductCarousel),
	}[n.Type]
	if c == nil {
		return nil, fault.ErrInvalid.With(fault.Detail{Path: n.Type, Code: requiredCode, Message: "This is missing: say under the name of the type what to send."})
	}
	return c, nil
}

func given[C content.Content](c *C) content.Content {
	if c == nil {
		return nil
	}
	return *c
}

// below points a refusal of a content at where the call has it.
func below(name string, err error) error {
	if !errors.Is(err, content.ErrInvalid) {
		return err
	}
	f := *fault.Of(err)
	f.Details = slices.Clone(f.Details)
	for i, d := range f.Details {
		switch d.Path {
		case "replyTo", name:
		case "":
			f.Details[i].Path = name
		default:
			f.Details[i].Path = name + "." + d.Path
		}
	}
	return &f
}

func (s *server) sendContent(ctx context.Context, c caller, in *rich[NewContent]) (*reply[wire.Message], error) {
	return s.sayAnything(ctx, c, in.ConversationPath, in.Body, in.IdempotencyKey)
}

func (s *server) sendContentTo(ctx context.Context, c caller, in *richTo[ContentTo]) (*reply[wire.Message], error) {
	return s.sayAnything(ctx, c, ConversationPath{in.Body.ConversationID}, in.Body.NewContent, in.IdempotencyKey)
}

func (s *server) sayAnything(ctx context.Context, c caller, p ConversationPath, n NewContent, key string) (*reply[wire.Message], error) {
	sent, err := s.say(ctx, c, p, saying{content: n.parts, key: cmp.Or(n.ClientID, key), replyTo: n.ReplyTo})
	return sent, below(n.Type, err)
}
