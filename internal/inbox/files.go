package inbox

import (
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
)

// filesLook is how often it is looked whether a file is here: whoever brings one wakes the lane,
// but not while we hold it.
const filesLook = 2 * time.Second

// filesWait returns how long to wait before it is looked again whether files that guests sent are
// here, and 0 when they are, when they will never be, or when they took too long: then the flow
// gets the messages without.
func filesWait(bot tenant.Bot, said []postgres.Spoken, now time.Time) time.Duration {
	var wait time.Duration
	for _, s := range said {
		if isAwaited(s.Message) {
			wait = max(wait, s.Message.CreatedAt.Add(bot.MediaWait).Sub(now))
		}
	}
	return min(max(wait, 0), filesLook)
}

func isAwaited(m message.Message) bool {
	meta := m.Metadata
	isLost := meta.Shown != nil && meta.MediaError != nil
	return m.Kind.HasMedia() && meta.MediaID != "" && meta.MediaURL == "" && !isLost && !m.IsRevoked()
}
