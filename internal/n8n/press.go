package n8n

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Press is what is known of a button or row that a guest pressed. Its id came through the
// guest's phone: without Offered it is the guest's word only.
type Press struct {
	ID        string    // the same each time this button of this message is pressed
	Offered   bool      // the hotel's message to this guest has the button
	OfferedAt time.Time // when that message was sent; zero where it is not known
	Unknown   bool      // the message does not tell what it holds
}

// PressID names a button of a message of Meta's id, without holding the guest's number, which
// that id does.
func PressID(wamid, button string) string {
	sum := sha256.Sum256([]byte(wamid + "\x00" + button))
	return "press-" + hex.EncodeToString(sum[:12])
}

// press adds what is known of the button to what the flow gets of it.
func (p *payload) press(known *Press) {
	if known == nil || p.ButtonReply == nil {
		return
	}
	p.ButtonReply.PressID = known.ID
	if known.Unknown {
		return
	}
	p.ButtonReply.Offered = &known.Offered
	if !known.OfferedAt.IsZero() {
		at := known.OfferedAt.UTC()
		p.ButtonReply.OfferedAt = &at
	}
}
