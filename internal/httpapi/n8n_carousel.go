package httpapi

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/outbox"
)

// BotCarousel is a carousel in either of the original's two modes: a template whose cards
// are filled, or an introduction and a message with a picture and buttons for each card.
// Exported for huma.
type BotCarousel struct {
	BotTo
	BotPace
	Template     looseName                  `json:"template,omitempty" doc:"The template's name; without one, each card is a message"`
	TemplateName loose                      `json:"templateName,omitempty" doc:"The same as template"`
	Language     looseName                  `json:"language,omitempty" doc:"pt_BR without one"`
	LanguageCode loose                      `json:"languageCode,omitempty" doc:"The same as language"`
	Parameters   looseList[botParameter]    `json:"parameters,omitempty" doc:"Texts for the gaps of the text above the cards"`
	Cards        looseList[botTemplateCard] `json:"cards,omitempty" doc:"Of a template: two to ten, as many as it has"`
	Message      loose                      `json:"message,omitempty" doc:"Without a template: a text that comes first"`
	Carousel     looseList[botCard]         `json:"carousel,omitempty" doc:"Without a template: the cards"`
}

type botTemplateCard struct {
	ImageURL       loose                   `json:"imageUrl,omitempty" doc:"Fetched from here; at most 20 MB"`
	Image          looseFile               `json:"image,omitempty"`
	BodyParams     looseList[botParameter] `json:"bodyParams,omitempty"`
	ButtonPayloads looseList[loose]        `json:"buttonPayloads,omitempty"`
	ButtonLabels   looseList[loose]        `json:"buttonLabels,omitempty" doc:"Ignored: the template has them"`
	ButtonURLs     looseList[loose]        `json:"buttonUrls,omitempty" doc:"Ignored: the template has them"`
}

type botCard struct {
	Text    loose                `json:"text,omitempty" doc:"At most 1024 characters; what is beyond is cut off"`
	Image   looseFile            `json:"image,omitempty"`
	Buttons looseList[botButton] `json:"buttons,omitempty" doc:"One to three; all of them answer, also those of type URL"`
}

// maxCarousel is how many cards one call may have.
const maxCarousel = 10

type botCarouselSent struct {
	Status int
	Body   botCarouselBody
}

type botCarouselBody struct {
	Success    bool           `json:"success"`
	MessageID  *string        `json:"messageId" doc:"Meta's id of the first message; null while Meta has not answered"`
	MessageIDs []*string      `json:"messageIds,omitempty" doc:"Meta's ids of all messages, in order"`
	CardsCount int            `json:"cardsCount"`
	Mode       string         `json:"mode" enum:"template,interactive"`
	ID         string         `json:"id" doc:"Our id of the first message"`
	ZaapID     string         `json:"zaapId" doc:"Our id, where Z-API has one"`
	State      message.Status `json:"status" doc:"Of the last message"`
	Duplicate  bool           `json:"duplicate,omitempty"`
	Stopped    string         `json:"stopped,omitempty" doc:"Why the rest was not said"`
	Response   botCarouselIDs `json:"botReservaResponse"`
}

type botCarouselIDs struct {
	MessageID  *string   `json:"messageId,omitempty"`
	MessageIDs []*string `json:"messageIds,omitempty"`
	CardsCount int       `json:"cardsCount"`
}

// botSendCarousel sends either mode. What is wrong with any card is refused before the first
// message goes out.
func (s *server) botSendCarousel(ctx context.Context, c caller, in *botSend[BotCarousel]) (*botCarouselSent, error) {
	mode, send := "interactive", s.botCards
	if in.Body.isTemplate() {
		mode, send = "template", s.botTemplateCards
	}
	parts, err := send(ctx, c, in.Body)
	var queued []outbox.Queued
	if err == nil {
		queued, err = s.botSay(ctx, c, says{to: in.Body.BotTo, parts: parts, key: in.IdempotencyKey, turn: in.Turn})
	}
	if err != nil {
		return nil, unsuccessful{repointed(err, in.Body.field)}
	}
	sent, stopped, err := s.botAwaitAll(ctx, c, queued)
	if err != nil {
		return nil, unsuccessful{err}
	}
	out := botCarouselBody{
		Success: true, CardsCount: len(in.Body.Cards), Mode: mode, Duplicate: queued[0].Duplicate, Stopped: stopped,
		MessageID: wamidOf(sent[0]), ID: sent[0].ID.String(), ZaapID: sent[0].ID.String(), State: stateOf(sent),
	}
	if in.Body.isTemplate() {
		out.Response = botCarouselIDs{MessageID: out.MessageID, CardsCount: out.CardsCount}
	} else {
		out.CardsCount, out.MessageIDs = len(in.Body.Carousel), wamidsOf(sent)
		out.Response = botCarouselIDs{MessageIDs: out.MessageIDs, CardsCount: out.CardsCount}
	}
	return &botCarouselSent{acceptedOr200(out.State), out}, nil
}

func (b BotCarousel) isTemplate() bool { return first(loose(b.Template), b.TemplateName) != "" }

// unsuccessful is a refusal that says success: false, as the original's carousels did.
type unsuccessful struct{ error }

// Unwrap returns the refusal itself.
func (u unsuccessful) Unwrap() error { return u.error }

// botCards is the introduction and each card as a message of its own, in order.
func (s *server) botCards(ctx context.Context, c caller, b BotCarousel) ([]outbox.Part, error) {
	contents, err := s.cardContents(ctx, c, b)
	var parts []outbox.Part
	for _, what := range contents {
		parts = append(parts, outbox.Part{Content: what, Pause: b.delay()})
	}
	return parts, err
}

// cardContents reads all messages of a call, and checks them all.
func (s *server) cardContents(ctx context.Context, c caller, b BotCarousel) ([]content.Content, error) {
	switch {
	case len(b.Carousel) == 0:
		return nil, missing("carousel", "Give the cards, or the template that has them.")
	case len(b.Carousel) > maxCarousel:
		return nil, fault.ErrInvalid.With(fault.Detail{Path: "carousel", Code: "too_many", Message: "A carousel has at most ten cards. Take some out."})
	}
	var all []content.Content
	if b.Message != "" {
		all = append(all, content.Fit(content.Text{Body: string(b.Message)}))
	}
	for i, card := range b.Carousel {
		buttons := content.Buttons{Body: string(card.Text)}
		if address := card.Image.address(); address != "" {
			f, err := s.flowFile(ctx, c, address)
			if err != nil {
				return nil, err
			}
			buttons.Header = &content.Header{Image: &f}
		}
		for _, button := range card.Buttons {
			buttons.Buttons = append(buttons.Buttons, button.button())
		}
		what := content.Fit(buttons)
		if err := content.Check(what); err != nil {
			return nil, repointed(err, func(path string) string {
				return fmt.Sprintf("carousel[%d].%s", i, renamedPath(path, map[string]string{"body": "text", "header": "image", "header.image.link": "image"}))
			})
		}
		all = append(all, what)
	}
	return all, nil
}

// botTemplateCards sends one template. Its pictures are fetched and given to Meta as the
// hotel's own: Meta fetches links late, and shows nothing when that fails.
func (s *server) botTemplateCards(ctx context.Context, c caller, b BotCarousel) ([]outbox.Part, error) {
	if len(b.Cards) > maxCarousel {
		return nil, fault.ErrInvalid.With(fault.Detail{Path: "cards", Code: "too_many", Message: "A carousel has at most ten cards. Take some out."})
	}
	t := content.Template{
		Name: first(loose(b.Template), b.TemplateName), Language: first(loose(b.Language), b.LanguageCode, "pt_BR"), Body: bodyOf(b.Parameters),
	}
	for i, card := range b.Cards {
		filled := content.TemplateCard{Body: bodyOf(card.BodyParams)}
		address := first(card.ImageURL, loose(card.Image.address()))
		if address == "" {
			return nil, missing(fmt.Sprintf("cards[%d].imageUrl", i), "A card shows a picture: give its address.")
		}
		filled.Header.Image = &content.File{Link: address}
		for n, payload := range card.ButtonPayloads {
			filled.Buttons = append(filled.Buttons, content.TemplateButton{Index: n, Payload: string(payload)})
		}
		t.Cards = append(t.Cards, filled)
	}
	if len(t.Cards) == 0 {
		return nil, missing("cards", "Give the cards that fill the template.")
	}
	if err := content.Check(forLinks(t)); err != nil {
		return nil, err
	}
	if err := s.bringPictures(ctx, c, t.Cards); err != nil {
		return nil, err
	}
	return b.bubbles(t), nil
}

// forLinks is the template as if its pictures lay where Meta fetches from, so that all else
// can be checked before anything is fetched.
func forLinks(t content.Template) content.Template {
	cards := make([]content.TemplateCard, 0, len(t.Cards))
	for _, card := range t.Cards {
		card.Header.Image = &content.File{Link: "https://example.com/"}
		cards = append(cards, card)
	}
	t.Cards = cards
	return t
}

const (
	fetchTime     = 30 * time.Second // for all pictures of a call
	fetchTogether = 3
)

// bringPictures fetches the pictures of all cards, a few at a time.
func (s *server) bringPictures(ctx context.Context, c caller, cards []content.TemplateCard) error {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	slots, wrong := make(chan struct{}, fetchTogether), make([]error, len(cards))
	var fetching sync.WaitGroup
	for i := range cards {
		slots <- struct{}{}
		fetching.Go(func() {
			defer func() { <-slots }()
			*cards[i].Header.Image, wrong[i] = s.bringPicture(ctx, c, cards[i].Header.Image.Link)
		})
	}
	fetching.Wait()
	for i, err := range wrong {
		if f := fault.Of(err); err != nil && f.Kind != fault.Internal {
			return f.With(fault.Detail{Path: fmt.Sprintf("cards[%d].imageUrl", i), Code: f.Code, Message: f.Text})
		} else if err != nil {
			return err
		}
	}
	return nil
}

// bringPicture makes a file of ours out of an address. Where we get nothing, Meta may.
func (s *server) bringPicture(ctx context.Context, c caller, address string) (content.File, error) {
	f, err := s.flowFile(ctx, c, address)
	if err != nil || f.Link == "" {
		return f, err
	}
	kept, err := s.deps.Outside.Picture(ctx, c.tenant, address)
	if errors.Is(err, filing.ErrOutside) && strings.HasPrefix(address, "https://") {
		return f, nil
	}
	return content.File{FileID: kept.ID}, err
}

func (b BotCarousel) field(path string) string {
	if !b.isTemplate() {
		return renamedPath(path, map[string]string{"body": "message"})
	}
	for from, to := range map[string]string{".body[": ".bodyParams[", ".buttons": ".buttonPayloads", ".header.image.fileId": ".imageUrl", ".header.image.link": ".imageUrl"} {
		path = strings.Replace(path, from, to, 1)
	}
	return renamedPath(path, map[string]string{"name": "template", "body": "parameters"})
}
