package httpapi

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/outbox"
)

// BotPace says how slowly a flow's words go out. Exported for huma.
type BotPace struct {
	Split        loose `json:"split,omitempty" doc:"true: of a text, each paragraph is a message of its own, at most five, with pauses between them as if somebody typed"`
	DelayTyping  loose `json:"delayTyping,omitempty" doc:"Seconds, up to 15, for which the guest sees somebody typing before each message; 0 or none: as long as typing it takes between messages, nothing before the first. The guest's messages get their blue ticks by that"`
	DelayMessage loose `json:"delayMessage,omitempty" doc:"The same as delayTyping"`
}

func (p BotPace) pace() BotPace { return p }

// maxDelay is how long a flow may have a guest wait for one message.
const maxDelay = 15 * time.Second

// delay returns the pause that is asked for; 0 for none. What is no number asks for none.
func (p BotPace) delay() time.Duration {
	text := strings.ReplaceAll(strings.TrimSpace(first(p.DelayTyping, p.DelayMessage)), ",", ".")
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || !(seconds > 0) { // NaN is none either
		return 0
	}
	return time.Duration(min(seconds, maxDelay.Seconds()) * float64(time.Second))
}

func (p BotPace) isSplit() bool {
	return slices.Contains([]string{"true", "1", "yes", "sim"}, strings.ToLower(strings.TrimSpace(string(p.Split))))
}

// bubbles makes of a content the messages that it is sent as.
func (p BotPace) bubbles(what content.Content) []outbox.Part {
	delay := p.delay()
	text, isText := what.(content.Text)
	if !isText || !p.isSplit() {
		return []outbox.Part{{Content: what, Pause: delay}}
	}
	var all []outbox.Part
	for i, bubble := range content.Split(text.Body) {
		pause := delay
		if pause == 0 && i > 0 {
			pause = content.TypingTime(bubble)
		}
		all = append(all, outbox.Part{Content: content.Text{Body: bubble, PreviewURL: text.PreviewURL}, Pause: pause})
	}
	if len(all) == 0 { // nothing is said, which is refused as any empty text
		return []outbox.Part{{Content: what}}
	}
	return all
}
