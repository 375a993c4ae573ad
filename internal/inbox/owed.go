package inbox

import (
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
)

// A flow that got a message before its file was here gets the message once more with it: the
// item waits in the lane of the file (transfer.Owing), and comes back to that of the
// conversation when the file is here.

// owes returns which of the messages that the flow has just got lacked their files.
func owes(said ...postgres.Spoken) []message.Message {
	var out []message.Message
	for _, s := range said {
		if isAwaited(s.Message) {
			out = append(out, s.Message)
		}
	}
	return out
}

// fileWait is how long a message waits for its file, or its file for the words in it.
func (h *Handoff) fileWait(hotel *directory.Hotel, said postgres.Spoken, item lane.Item, w lane.Handover) time.Duration {
	if w.HasFile {
		return wordsWait(hotel.Bot, said.Message, item.QueuedAt, h.clock.Now())
	}
	return filesWait(hotel.Bot, []postgres.Spoken{said}, h.clock.Now())
}

// link makes addresses of what a message was stored with.
func (h *Handoff) link(hotel *directory.Hotel, m *message.Message) {
	meta := &m.Metadata
	if h.Links == nil || meta.MediaURL == "" {
		return
	}
	meta.MediaURL = h.Links(hotel.ID, meta.MediaURL)
	if meta.Shown != nil && meta.ThumbnailURL != "" {
		shown := *meta.Shown
		shown.ThumbnailURL = h.Links(hotel.ID, shown.ThumbnailURL)
		meta.Shown = &shown
	}
}
