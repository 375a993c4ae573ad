package simulator

import (
	"encoding/json"
	"net/url"
	"strconv"
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
	req.mediaID, req.mediaURL = c.mediaSource(a, req.msgType, o)
	req.text = c.optional(req.msgType, o, "caption", 1024)
	if name := c.optional(req.msgType, o, "filename", 255); req.text == "" {
		req.text = name
	}
	c.boolean(req.msgType, o, "voice")
}

// mediaSource wants exactly one of id and link.
func (c *checker) mediaSource(a *account, path string, o object) (id, link string) {
	id, link = c.optional(path, o, "id", 64), c.optional(path, o, "link", 2048)
	switch {
	case id == "" && link == "":
		c.missing(join(path, "id"))
	case id != "" && link != "":
		c.bad(path, "must have id or link, not both")
	case id != "":
		if m := c.sim.media.get(id, c.sim.clock.time()); m == nil || m.account != a.info.Load().PhoneNumberID {
			c.bad(join(path, "id"), "is not a media id of this phone number")
		}
	default:
		if u, err := url.Parse(link); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			c.bad(join(path, "link"), "is not a valid URL")
		}
	}
	return id, link
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

func checkContacts(c *checker, _ *account, req *sendRequest) {
	for i, raw := range c.list("contacts", req.content, 1, 257) {
		path := "contacts[" + strconv.Itoa(i) + "]"
		o := c.object(path, raw)
		name := c.object(path+".name", o["name"])
		formatted := c.required(path+".name", name, "formatted_name", 1024)
		if i == 0 {
			req.text = formatted
		}
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
