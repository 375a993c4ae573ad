package message

import (
	"strconv"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/id"
)

// Opaque is the text that travels to WhatsApp and back in every status: the message's id, and
// from the second sending on which one it is.
func (m Message) Opaque() string {
	if m.Resends == 0 {
		return m.ID.String()
	}
	return m.ID.String() + "." + strconv.Itoa(m.Resends)
}

// ParseOpaque reads what Opaque wrote; false for what others sent along.
func ParseOpaque(text string) (of id.Message, resends int, ok bool) {
	name, count, again := strings.Cut(text, ".")
	of, err := id.ParseMessage(name)
	if err != nil {
		return of, 0, false
	}
	if again {
		if resends, err = strconv.Atoi(count); err != nil || resends < 1 || strconv.Itoa(resends) != count {
			return id.Message{}, 0, false
		}
	}
	return of, resends, true
}
