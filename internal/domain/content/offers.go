package content

import "github.com/botreserva/botreserva/internal/domain/message"

// Offers reports whether a message of the hotel's holds a button or row: what a guest pressed
// comes back through the guest's phone, with whatever id that phone likes. isKnown is false
// for messages that do not tell what they hold.
func Offers(m message.Message, pressed message.Choice) (offers, isKnown bool) {
	said, err := Of(m)
	if err != nil || m.Direction != message.Outbound {
		return false, false
	}
	switch c := said.(type) {
	case Buttons:
		return c.has(pressed.ID), true
	case List:
		return c.has(pressed.ID), true
	case Template:
		// A button that was sent without a payload comes back with its label, which the
		// approved template holds.
		return c.has(pressed.ID) || pressed.ID == pressed.Title, true
	default:
		return false, true
	}
}

func (b Buttons) has(id string) bool {
	for _, button := range b.Buttons {
		if button.ID == id {
			return true
		}
	}
	return false
}

func (l List) has(id string) bool {
	for _, section := range l.Sections {
		for _, row := range section.Rows {
			if row.ID == id {
				return true
			}
		}
	}
	return false
}

func (t Template) has(id string) bool {
	buttons := t.Buttons
	for _, card := range t.Cards {
		buttons = append(buttons[:len(buttons):len(buttons)], card.Buttons...)
	}
	for _, b := range buttons {
		if b.Payload != "" && b.Payload == id {
			return true
		}
	}
	return false
}
