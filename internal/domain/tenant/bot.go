package tenant

import (
	"net/netip"
	"strings"
	"time"
	"unicode"

	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Bot is how a tenant's n8n flow is reached and treated.
type Bot struct {
	URL                string // where guests' messages are posted; empty means no bot
	Paused             bool
	ForwardWhileLocked bool           // for flows that check the lock by themselves
	LegacyKey          bool           // accept {slug}:{phoneNumberId} as key
	Networks           []netip.Prefix // from which it may call; empty: from anywhere

	HandBack  time.Duration // idle, then the bot has the guest again; 0: only when somebody gives them back
	Quiet     time.Duration // how long a guest must be silent before the bot gets what they said; 0: each message at once
	History   int           // messages that a turn tells of what was said before
	Style     Style
	MediaWait time.Duration // how long a message waits for its file
	NoReply   time.Duration // after how long a guest whom the bot neither heard nor answered is given to people; 0: never

	RepeatGuard   bool // the same call within half a minute says nothing new
	Facade        bool // it may call as Z-API is called, with its key in the address
	GetsReactions bool
	AnswersAtOnce bool // what it answers the post with is for the guest
	Transcription Transcription
}

// Transcription is the engine that puts guests' recordings into words.
type Transcription struct {
	URL      string // empty: none
	Model    string // empty: the engine's usual one
	Language string // two letters; empty: whatever is spoken
}

// IsOn reports whether the hotel has an engine.
func (t Transcription) IsOn() bool { return t.URL != "" }

// ErrBadTranscription refuses settings of an engine that are none.
var ErrBadTranscription = fault.New(fault.Invalid, "transcription_settings_invalid",
	"language is two letters, such as pt, or empty; model has at most 100 characters.")

const maxModel = 100

// Check refuses settings that are none.
func (t Transcription) Check() error {
	isLetter := func(r byte) bool { return r >= 'a' && r <= 'z' }
	isLanguage := len(t.Language) == 2 && isLetter(t.Language[0]) && isLetter(t.Language[1])
	if t.Language != "" && !isLanguage || len(t.Model) > maxModel || strings.ContainsFunc(t.Model, unicode.IsControl) {
		return ErrBadTranscription
	}
	return nil
}

// Style is how what a flow gets is laid out.
type Style string

// The styles.
const (
	Legacy Style = "legacy" // everything at the top and once more under "body", as flows of the original read it
	Flat   Style = "flat"   // only at the top
	ZAPI   Style = "zapi"   // only at the top, with Z-API's own values where they clash with the original's
)

// Turns reports whether the bot gets what a guest says in turns.
func (b Bot) Turns() bool { return b.Quiet > 0 }

// The limits of a bot's settings.
const (
	MaxQuiet     = 15 * time.Second
	MaxHandBack  = 7 * 24 * time.Hour
	MaxHistory   = 50
	MaxMediaWait = time.Minute
	MaxNoReply   = 24 * time.Hour
)

// ErrBadBot refuses settings of a bot that are none.
var ErrBadBot = fault.New(fault.Invalid, "bot_settings_invalid",
	"quietSeconds is 0 to 15, handBackMinutes 0 to 10080, history 0 to 50, mediaWaitSeconds 0 to 60, noReplyMinutes 0 to 1440, payloadStyle legacy, flat or zapi.")

// Check refuses settings that are none.
func (b Bot) Check() error {
	isWithin := func(d, most time.Duration) bool { return d >= 0 && d <= most }
	isStyle := b.Style == Legacy || b.Style == Flat || b.Style == ZAPI
	if !isWithin(b.Quiet, MaxQuiet) || !isWithin(b.HandBack, MaxHandBack) || !isWithin(b.MediaWait, MaxMediaWait) ||
		!isWithin(b.NoReply, MaxNoReply) ||
		b.History < 0 || b.History > MaxHistory || !isStyle {
		return ErrBadBot
	}
	return b.Transcription.Check()
}
