package simulator

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

func checkText(c *checker, _ *account, req *sendRequest) {
	o := c.object("text", req.content)
	c.only("text", o, "body", "preview_url")
	req.text = c.required("text", o, "body", 4096)
	c.boolean("text", o, "preview_url")
}

// mediaKeys are the keys beside id and link.
var mediaKeys = map[string][]string{
	"image": {"caption"}, "video": {"caption"}, "document": {"caption", "filename"}, "audio": {"voice"}, "sticker": {},
}

func checkMedia(c *checker, a *account, req *sendRequest) {
	o := c.object(req.msgType, req.content)
	c.only(req.msgType, o, append([]string{"id", "link"}, mediaKeys[req.msgType]...)...)
	req.mediaID, req.mediaURL = c.mediaSource(a, req.msgType, req.msgType, o, req)
	req.text = c.optional(req.msgType, o, "caption", 1024)
	if name := c.optional(req.msgType, o, "filename", 255); req.text == "" {
		req.text = name
	}
	c.boolean(req.msgType, o, "voice")
}

// mediaSource wants exactly one of id and link. A file of another kind than the message, or one whose time is up, is
// accepted and fails later, as at Meta.
func (c *checker) mediaSource(a *account, path, kind string, o object, req *sendRequest) (id, link string) {
	id, link = c.optional(path, o, "id", 64), c.optional(path, o, "link", 2048)
	switch {
	case id == "" && link == "":
		c.missing(join(path, "id"))
	case id != "" && link != "":
		c.bad(path, "must have id or link, not both")
	case id != "":
		c.uploaded(a, path, kind, id, o, req)
	case !isWebAddress(link):
		c.bad(join(path, "link"), "is not a valid URL")
	default:
		req.links = append(req.links, linkedFile{link, kind})
	}
	return id, link
}

func (c *checker) uploaded(a *account, path, kind, id string, o object, req *sendRequest) {
	item, alive := c.sim.media.find(id, c.sim.clock.time())
	switch {
	case item == nil || item.account != a.info.Load().PhoneNumberID:
		c.bad(join(path, "id"), "is not a media id of this phone number")
	case !alive:
		req.late = newStatusError(131053, "The media id has expired.")
	default:
		if why := misfit(kind, item, string(o["voice"]) == "true"); why != "" {
			req.late = newStatusError(131053, why)
		}
	}
}

// misfit says why a file cannot be sent as this kind, or nothing.
func misfit(kind string, item *mediaItem, voice bool) string {
	base, _, _ := strings.Cut(item.mime, ";")
	base = strings.TrimSpace(base)
	size := int64(len(item.data))
	switch {
	case kind == "sticker" && base != "image/webp", kind == "image" && base == "image/webp",
		kind != "document" && kind != "sticker" && !strings.HasPrefix(base, kind+"/"):
		return "A file of type " + base + " cannot be sent as " + kind + "."
	case voice && base != "audio/ogg":
		return "A voice message must be audio/ogg with the opus codec, mono."
	case kind == "sticker" && size > stickerLimit(item.data):
		return "The sticker is too large."
	}
	return ""
}

// stickerLimit is 500 KB for animated stickers and 100 KB for others (Meta's media page).
func stickerLimit(data []byte) int64 {
	if len(data) > 20 && string(data[12:16]) == "VP8X" && data[20]&2 != 0 {
		return 500e3
	}
	return 100e3
}

func isWebAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

func checkLocation(c *checker, _ *account, req *sendRequest) {
	o := c.object("location", req.content)
	c.only("location", o, "latitude", "longitude", "name", "address")
	c.coordinate(o, "latitude", 90)
	c.coordinate(o, "longitude", 180)
	req.text = c.optional("location", o, "name", 1000)
	c.optional("location", o, "address", 1000)
}

// coordinate takes a number or a string with one: Meta's page shows strings, clients send numbers.
func (c *checker) coordinate(o object, key string, limit float64) {
	path := join("location", key)
	raw, ok := o[key]
	if !ok {
		c.missing(path)
		return
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || v < -limit || v > limit {
		c.bad(path, "is not a coordinate")
	}
}

func checkReaction(c *checker, _ *account, req *sendRequest) {
	o := c.object("reaction", req.content)
	c.only("reaction", o, "message_id", "emoji")
	req.reaction.MessageID = c.required("reaction", o, "message_id", 512)
	req.reaction.Emoji = c.optional("reaction", o, "emoji", 32)
	req.text = req.reaction.Emoji
	if req.replyTo != "" {
		c.bad("context", "is not allowed with a reaction")
	}
}
