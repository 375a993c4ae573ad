package n8n

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
)

// content is the part of the payload that depends on the kind of message. Names that the original and Z-API spelled
// differently are both there (url and imageUrl, filename and fileName).
type content struct {
	kind   string // the payload's type
	spoken string // the payload's chatInput

	Text                   *text           `json:"text,omitempty"`
	Image                  *image          `json:"image,omitempty"`
	Sticker                *sticker        `json:"sticker,omitempty"`
	Video                  *video          `json:"video,omitempty"`
	Audio                  *audio          `json:"audio,omitempty"`
	Document               *document       `json:"document,omitempty"`
	Location               *location       `json:"location,omitempty"`
	Reaction               *reaction       `json:"reaction,omitempty"`
	ButtonReply            *buttonReply    `json:"buttonReply,omitempty"`
	ButtonResponseMessage  *selectedButton `json:"buttonResponseMessage,omitempty"`
	ButtonsResponseMessage *pressedButton  `json:"buttonsResponseMessage,omitempty"`
	ListResponseMessage    *selectedRow    `json:"listResponseMessage,omitempty"`
	FormReply              *formReply      `json:"formReply,omitempty"`
	ExternalAdReply        *advert         `json:"externalAdReply,omitempty"`
	Order                  *order          `json:"order,omitempty"`
	Product                *product        `json:"product,omitempty"` // that the guest asks about
	Contacts               []sharedCard    `json:"contacts,omitempty"`
	Card                   *sharedCard     `json:"contact,omitempty"` // the only one; at the top of a payload the guest stands there
}

type (
	text struct {
		Message string `json:"message"`
	}
	image struct {
		URL      string `json:"url,omitempty"`
		ImageURL string `json:"imageUrl,omitempty"`
		Caption  string `json:"caption,omitempty"`
		MimeType string `json:"mimeType,omitempty"`

		ThumbnailURL  string `json:"thumbnailUrl,omitempty"`
		Width         int    `json:"width,omitempty"`
		Height        int    `json:"height,omitempty"`
		ViewOnce      bool   `json:"viewOnce"`
		DownloadError bool   `json:"downloadError,omitempty"` // it will never come
	}
	sticker struct {
		StickerURL string `json:"stickerUrl,omitempty"`
		MimeType   string `json:"mimeType,omitempty"`
	}
	video struct {
		URL      string `json:"url,omitempty"`
		VideoURL string `json:"videoUrl,omitempty"`
		Caption  string `json:"caption,omitempty"`
		MimeType string `json:"mimeType,omitempty"`

		Width         int  `json:"width,omitempty"`
		Height        int  `json:"height,omitempty"`
		Seconds       int  `json:"seconds,omitempty"`
		ViewOnce      bool `json:"viewOnce"`
		DownloadError bool `json:"downloadError,omitempty"`
	}
	audio struct {
		URL      string `json:"url,omitempty"`
		AudioURL string `json:"audioUrl,omitempty"`
		MimeType string `json:"mimeType,omitempty"`
		PTT      bool   `json:"ptt"` // recorded in the chat ("push to talk")

		Transcription string `json:"transcription,omitempty"`
		Seconds       int    `json:"seconds,omitempty"`
		ViewOnce      bool   `json:"viewOnce"`
		DownloadError bool   `json:"downloadError,omitempty"`
	}
	document struct {
		URL         string `json:"url,omitempty"`
		DocumentURL string `json:"documentUrl,omitempty"`
		Filename    string `json:"filename,omitempty"`
		FileName    string `json:"fileName,omitempty"`
		Title       string `json:"title,omitempty"`
		Caption     string `json:"caption,omitempty"`
		MimeType    string `json:"mimeType,omitempty"`

		ThumbnailURL  string `json:"thumbnailUrl,omitempty"`
		DownloadError bool   `json:"downloadError,omitempty"`
	}
	location struct {
		Latitude  float64 `json:"latitude"`
		Longitude float64 `json:"longitude"`
		Name      string  `json:"name,omitempty"`
		Address   string  `json:"address,omitempty"`
		URL       string  `json:"url"`
	}
	reaction struct {
		Value             string     `json:"value"` // empty: the reaction was taken back
		ReferencedMessage referenced `json:"referencedMessage"`
		Time              int64      `json:"time,omitempty"` // milliseconds
		ReactionBy        string     `json:"reactionBy,omitempty"`
	}
	referenced struct {
		MessageID string `json:"messageId"`
		FromMe    bool   `json:"fromMe"`
		Phone     string `json:"phone,omitempty"`
	}
	buttonReply struct {
		ID        string     `json:"id"`
		Title     string     `json:"title"`
		PressID   string     `json:"pressId,omitempty"`
		Offered   *bool      `json:"offered,omitempty"`
		OfferedAt *time.Time `json:"offeredAt,omitempty"`
	}
	selectedButton struct {
		SelectedButtonID   string `json:"selectedButtonId"`
		SelectedButtonText string `json:"selectedButtonText"`
	}
	pressedButton struct {
		ButtonID string `json:"buttonId"`
		Message  string `json:"message"`
	}
	selectedRow struct {
		SelectedRowID string `json:"selectedRowId"`
		Title         string `json:"title"`
		Message       string `json:"message"`
		Description   string `json:"description,omitempty"`
	}
	formReply struct {
		Name      string          `json:"name,omitempty"`
		FlowToken string          `json:"flowToken,omitempty"` // tells which form it was, if the hotel gave one
		Answers   json.RawMessage `json:"answers"`             // an object by the form's own names; empty if it failed
		Failed    bool            `json:"failed"`
		Raw       json.RawMessage `json:"raw,omitempty"` // of one that failed: what came instead
	}
	advert struct {
		Title      string `json:"title,omitempty"`
		Body       string `json:"body,omitempty"`
		SourceType string `json:"sourceType,omitempty"`
		SourceID   string `json:"sourceId,omitempty"`
		SourceURL  string `json:"sourceUrl,omitempty"`
		CTWAClid   string `json:"ctwaClid,omitempty"`

		MediaType    string `json:"mediaType,omitempty"`
		MediaURL     string `json:"mediaUrl,omitempty"`
		ThumbnailURL string `json:"thumbnailUrl,omitempty"`
	}
)

func contentOf(m message.Message) content {
	c := byKind(m)
	c.ExternalAdReply = advertOf(m.Metadata.Referral)
	c.share(m.Metadata)
	return c
}

func byKind(m message.Message) content {
	switch meta := m.Metadata; {
	case meta.Form != nil:
		return formContent(m.Content, *meta.Form)
	case meta.Button != nil:
		return choiceContent("button_reply", *meta.Button)
	case meta.List != nil:
		return choiceContent("list", *meta.List)
	case m.Kind.HasMedia():
		return mediaContent(m)
	case m.Kind == message.Location && meta.Location != nil:
		return placeContent(*meta.Location)
	case m.Kind == message.Reaction && meta.Reaction != nil:
		return reactionContent(*meta.Reaction)
	case m.Kind == message.Location:
		return textContent("[localização]") // Content would be coordinates that could not be read
	default:
		return textContent(m.Content)
	}
}

func textContent(said string) content {
	return content{kind: "text", spoken: said, Text: &text{said}}
}

// formContent gives the answers as data, and their readable lines as a text: a flow that knows nothing of forms, or a
// language model, has something to work with.
func formContent(said string, f message.Form) content {
	c := textContent(said)
	c.FormReply = &formReply{Name: f.Name, FlowToken: f.Token, Answers: f.Answers, Failed: f.Failed}
	if f.Failed || len(f.Answers) == 0 {
		c.FormReply.Answers, c.FormReply.Raw = json.RawMessage("{}"), f.Answers
	}
	return c
}

// choiceContent fills every object that a flow may look at for a tap, whichever of the two the guest tapped: the same
// flow serves hotels that send buttons and hotels that send lists.
func choiceContent(kind string, c message.Choice) content {
	return content{
		kind: kind, spoken: c.Title,
		Text:                   &text{c.Title},
		ButtonReply:            &buttonReply{ID: c.ID, Title: c.Title},
		ButtonResponseMessage:  &selectedButton{c.ID, c.Title},
		ButtonsResponseMessage: &pressedButton{c.ID, c.Title},
		ListResponseMessage:    &selectedRow{SelectedRowID: c.ID, Title: c.Title, Message: c.Title, Description: c.Description},
	}
}

func mediaContent(m message.Message) content {
	meta, url := m.Metadata, m.Metadata.MediaURL
	var shown message.Shown
	if meta.Shown != nil {
		shown = *meta.Shown
	}
	seconds, isLost := int(math.Round(shown.Duration)), shown.MediaError != nil
	switch m.Kind {
	case message.Video:
		return content{
			kind: "video", spoken: placeholder("vídeo", meta.Caption),
			Video: &video{
				URL: url, VideoURL: url, Caption: meta.Caption, MimeType: meta.MimeType,
				Width: shown.Width, Height: shown.Height, Seconds: seconds, DownloadError: isLost,
			},
		}
	case message.Audio:
		var words string
		if meta.Heard != nil {
			words = meta.Heard.Text
		}
		return content{
			kind: "audio", spoken: placeholder("áudio", words),
			Audio: &audio{
				URL: url, AudioURL: url, MimeType: meta.MimeType, PTT: meta.Voice, Transcription: words, Seconds: seconds, DownloadError: isLost,
			},
		}
	case message.Document:
		return content{
			kind: "document", spoken: placeholder("documento", meta.Filename, meta.Caption),
			Document: &document{
				URL: url, DocumentURL: url, Filename: meta.Filename, FileName: meta.Filename, Title: meta.Filename,
				Caption: meta.Caption, MimeType: meta.MimeType, ThumbnailURL: shown.ThumbnailURL, DownloadError: isLost,
			},
		}
	case message.Sticker:
		return content{
			kind: "sticker", spoken: "[figurinha]",
			Sticker: &sticker{url, meta.MimeType},
			Image:   pictureOf(url, meta, shown), // where the original put stickers
		}
	default:
		return content{kind: "image", spoken: placeholder("imagem", meta.Caption), Image: pictureOf(url, meta, shown)}
	}
}

func pictureOf(url string, meta message.Metadata, shown message.Shown) *image {
	return &image{
		URL: url, ImageURL: url, Caption: meta.Caption, MimeType: meta.MimeType, ThumbnailURL: shown.ThumbnailURL,
		Width: shown.Width, Height: shown.Height, DownloadError: shown.MediaError != nil,
	}
}

func placeContent(p message.Place) content {
	return content{
		kind: "location", spoken: placeholder("localização", p.Name, p.Address),
		Location: &location{
			Latitude: p.Latitude, Longitude: p.Longitude, Name: p.Name, Address: p.Address,
			URL: fmt.Sprintf("https://www.google.com/maps?q=%g,%g", p.Latitude, p.Longitude),
		},
	}
}

func reactionContent(r message.ReactionTo) content {
	c := textContent("[reação]")
	c.Reaction = &reaction{Value: r.Emoji, ReferencedMessage: referenced{MessageID: r.WAMID}}
	return c
}

// placeholder says in words what a language model cannot see: "[imagem] Vista do quarto".
func placeholder(what string, said ...string) string {
	out := "[" + what + "]"
	for _, s := range said {
		if s = strings.TrimSpace(s); s != "" {
			out += " " + s
		}
	}
	return out
}

// advertOf reads Meta's referral, which says from which advertisement the guest came. One that cannot be read is left
// out: it must not keep the message from the flow.
func advertOf(referral json.RawMessage) *advert {
	var r struct {
		Headline     string `json:"headline"`
		Body         string `json:"body"`
		SourceType   string `json:"source_type"`
		SourceID     string `json:"source_id"`
		SourceURL    string `json:"source_url"`
		CTWAClid     string `json:"ctwa_clid"`
		MediaType    string `json:"media_type"`
		ImageURL     string `json:"image_url"`
		VideoURL     string `json:"video_url"`
		ThumbnailURL string `json:"thumbnail_url"`
	}
	if len(referral) == 0 || json.Unmarshal(referral, &r) != nil {
		return nil
	}
	a := advert{
		Title: r.Headline, Body: r.Body, SourceType: r.SourceType, SourceID: r.SourceID, SourceURL: webURL(r.SourceURL), CTWAClid: r.CTWAClid,
		MediaType: r.MediaType, MediaURL: webURL(cmp.Or(r.VideoURL, r.ImageURL)), ThumbnailURL: webURL(cmp.Or(r.ThumbnailURL, r.ImageURL)),
	}
	if a == (advert{}) {
		return nil
	}
	return &a
}

// webURL leaves out what is none: "javascript:…" would be one click away in whatever shows it.
func webURL(text string) string {
	if strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://") {
		return text
	}
	return ""
}
