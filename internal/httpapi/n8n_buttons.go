package httpapi

import (
	"github.com/botreserva/botreserva/internal/domain/content"
)

// BotButtons is a text with buttons, as the original, Z-API (buttonList) and the Cloud API
// (reply) word it. Exported for huma.
type BotButtons struct {
	BotTo
	BotPace
	Message    loose                      `json:"message,omitempty" doc:"At most 1024 characters; what is beyond is cut off"`
	Title      loose                      `json:"title,omitempty" doc:"Stands above the text; at most 60 characters"`
	Footer     loose                      `json:"footer,omitempty" doc:"At most 60 characters"`
	Buttons    looseList[botButton]       `json:"buttons,omitempty" doc:"One to three"`
	ButtonList looseObject[botButtonList] `json:"buttonList,omitempty" doc:"As Z-API has it, with a picture or a video above the text"`
}

type botButtonList struct {
	Buttons looseList[botButton] `json:"buttons,omitempty"`
	Image   looseFile            `json:"image,omitempty"`
	Video   looseFile            `json:"video,omitempty"`
}

// botButton is a button in any spelling. Without an id of its own, its label comes back.
type botButton struct {
	ID       loose                  `json:"id,omitempty"`
	ButtonID loose                  `json:"buttonId,omitempty"`
	Label    loose                  `json:"label,omitempty" doc:"At most 20 characters; what is beyond is cut off"`
	Title    loose                  `json:"title,omitempty"`
	Text     loose                  `json:"text,omitempty"`
	Type     loose                  `json:"type,omitempty"`
	URL      loose                  `json:"url,omitempty"`
	Reply    looseObject[botChoice] `json:"reply,omitempty" doc:"As the Cloud API has it"`
}

type botChoice struct {
	ID    loose `json:"id,omitempty"`
	Title loose `json:"title,omitempty"`
}

func (b botButton) button() content.Button {
	var reply botChoice
	if b.Reply.of != nil {
		reply = *b.Reply.of
	}
	title := first(b.Label, b.Title, b.Text, reply.Title)
	return content.Button{ID: first(b.ID, b.ButtonID, reply.ID, loose(title)), Title: title}
}

func (b BotButtons) content(find func(string) (content.File, error)) (content.Content, error) {
	out := content.Buttons{Body: string(b.Message), Footer: string(b.Footer)}
	if b.Title != "" {
		out.Header = &content.Header{Text: string(b.Title)}
	}
	buttons := b.Buttons
	if list := b.ButtonList.of; list != nil {
		if len(buttons) == 0 {
			buttons = list.Buttons
		}
		header, err := list.header(find)
		if err != nil {
			return nil, err
		}
		if header != nil {
			out.Header = header
		}
	}
	for _, button := range buttons {
		out.Buttons = append(out.Buttons, button.button())
	}
	return out, nil
}

// header is the picture or video above the text, if there is one.
func (l botButtonList) header(find func(string) (content.File, error)) (*content.Header, error) {
	switch {
	case l.Image.address() != "":
		f, err := find(l.Image.address())
		return &content.Header{Image: &f}, err
	case l.Video.address() != "":
		f, err := find(l.Video.address())
		return &content.Header{Video: &f}, err
	}
	return nil, nil
}

func (b BotButtons) field(path string) string {
	names := map[string]string{"body": "message", "header.text": "title", "header.image": "buttonList.image", "header.video": "buttonList.video"}
	if len(b.Buttons) == 0 && b.ButtonList.of != nil {
		names["buttons"] = "buttonList.buttons"
	}
	return renamedPath(path, names)
}

// BotQuickReplies is a text with answers to tap, as the original worded it for all its
// channels. WhatsApp shows the first three. Exported for huma.
type BotQuickReplies struct {
	BotTo
	BotPace
	Message      loose                    `json:"message,omitempty" doc:"At most 1024 characters; what is beyond is cut off"`
	QuickReplies looseList[botQuickReply] `json:"quickReplies,omitempty" doc:"WhatsApp shows the first three"`
}

type botQuickReply struct {
	Title   loose `json:"title,omitempty" doc:"At most 20 characters; what is beyond is cut off"`
	Text    loose `json:"text,omitempty"`
	Payload loose `json:"payload,omitempty" doc:"Comes back when it is tapped; the title does without one. At most 256 characters"`
	ID      loose `json:"id,omitempty"`
}

// shownReplies is how many buttons a message of WhatsApp's has.
const shownReplies = 3

func (b BotQuickReplies) content(func(string) (content.File, error)) (content.Content, error) {
	out := content.Buttons{Body: string(b.Message)}
	for _, r := range b.QuickReplies[:min(len(b.QuickReplies), shownReplies)] {
		title := first(r.Title, r.Text)
		out.Buttons = append(out.Buttons, content.Button{ID: first(r.Payload, r.ID, loose(title)), Title: title})
	}
	return out, nil
}

func (BotQuickReplies) field(path string) string {
	return renamedPath(path, map[string]string{"body": "message", "buttons": "quickReplies"})
}
