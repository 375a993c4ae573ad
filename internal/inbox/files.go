package inbox

import (
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/transcribe"
)

// filesLook is how often it is looked whether a file is here: whoever brings one wakes the lane,
// but not while we hold it.
const filesLook = 2 * time.Second

// filesWait returns how long to wait before it is looked again whether files that guests sent are
// here and recordings are in words, and 0 when they are, when they will never be, or when they took
// too long: then the flow gets the messages without.
func filesWait(bot tenant.Bot, said []postgres.Spoken, now time.Time) time.Duration {
	var wait time.Duration
	for _, s := range said {
		until := s.Message.CreatedAt.Add(bot.MediaWait)
		switch {
		case isAwaited(s.Message):
			wait = max(wait, until.Sub(now))
		case isUnheard(bot, s.Message):
			wait = max(wait, until.Add(transcribe.Limit).Sub(now))
		}
	}
	return min(max(wait, 0), filesLook)
}

// wordsWait is filesWait for a recording that came late, and that is told of by itself.
func wordsWait(bot tenant.Bot, late message.Message, since, now time.Time) time.Duration {
	if !isUnheard(bot, late) {
		return 0
	}
	return min(max(since.Add(transcribe.Limit).Sub(now), 0), filesLook)
}

// isUnheard reports whether a recording is here whose words may still come.
func isUnheard(bot tenant.Bot, m message.Message) bool {
	return bot.Transcription.IsOn() && m.Kind == message.Audio && m.Metadata.MediaURL != "" && m.Metadata.Heard == nil
}

func isAwaited(m message.Message) bool {
	meta := m.Metadata
	isLost := meta.Shown != nil && meta.MediaError != nil
	return m.Kind.HasMedia() && meta.MediaID != "" && meta.MediaURL == "" && !isLost && !m.IsRevoked()
}
