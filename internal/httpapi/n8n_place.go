package httpapi

import (
	"strconv"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// BotLocation is a point on the map, as Z-API words it too. Exported for huma.
type BotLocation struct {
	BotTo
	BotPace
	Latitude  loose `json:"latitude,omitempty" doc:"Degrees, as a number or a text"`
	Longitude loose `json:"longitude,omitempty"`
	Name      loose `json:"name,omitempty"`
	Title     loose `json:"title,omitempty" doc:"The same as name"`
	Address   loose `json:"address,omitempty"`
}

func (b BotLocation) content(func(string) (content.File, error)) (content.Content, error) {
	at := message.Place{Name: first(b.Name, b.Title), Address: string(b.Address)}
	for field, part := range map[string]struct {
		given loose
		into  *float64
	}{"latitude": {b.Latitude, &at.Latitude}, "longitude": {b.Longitude, &at.Longitude}} {
		degrees, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(string(part.given)), ",", "."), 64)
		if err != nil {
			return nil, wrongField(field, "Give the degrees as a number, such as -23.7785.")
		}
		*part.into = degrees
	}
	return content.Location{Place: at}, nil
}

func (BotLocation) field(path string) string { return path }

// BotReaction is an emoji on a guest's message. Exported for huma.
type BotReaction struct {
	BotTo
	MessageID loose `json:"messageId,omitempty" doc:"Our id or WhatsApp's"`
	Reaction  loose `json:"reaction,omitempty" doc:"One emoji; empty takes it back"`
	Emoji     loose `json:"emoji,omitempty" doc:"The same as reaction"`
}

func (b BotReaction) content(func(string) (content.File, error)) (content.Content, error) {
	if b.MessageID == "" {
		return nil, missing("messageId", "Say to which message: messageId is missing.")
	}
	return content.Reaction{WAMID: string(b.MessageID), Emoji: first(b.Reaction, b.Emoji)}, nil
}

func (BotReaction) field(path string) string {
	return renamedPath(path, map[string]string{"emoji": "reaction"})
}
