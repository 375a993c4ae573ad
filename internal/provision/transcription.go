package provision

import (
	"fmt"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/postgres"
)

// TranscriptionChange is what can be changed about the engine that puts recordings into words;
// nil fields stay.
type TranscriptionChange struct {
	URL, Key, Model, Language *string
}

// ErrTranscriptionURL refuses addresses that may not be asked.
var ErrTranscriptionURL = fault.New(fault.Invalid, "transcription_url_invalid", "The address of the transcription cannot be used.")

func (p *Provisioner) applyTranscription(row *postgres.TenantRow, c TranscriptionChange) error {
	t := &row.Bot.Transcription
	if c.URL != nil && *c.URL != "" {
		if err := egress.CheckURL(*c.URL, p.AllowPrivate); err != nil {
			return ErrTranscriptionURL.Saying(fmt.Sprintf("The address of the transcription cannot be used: %v.", err))
		}
	}
	if c.URL != nil && *c.URL != t.URL && c.Key == nil {
		none := "" // a key goes to whom it was given for, not to wherever somebody points
		c.Key = &none
	}
	set(&t.URL, c.URL)
	set(&t.Model, c.Model)
	if c.Language != nil {
		t.Language = strings.ToLower(strings.TrimSpace(*c.Language))
	}
	p.seal(&row.TranscriptionKey, c.Key, row.ID)
	return nil
}
