package inbox

import (
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/transcribe"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func saidAfter(after time.Duration, text string) message.Message {
	return message.Message{Kind: message.Text, Content: text, CreatedAt: noon.Add(after)}
}

func TestTurnDue(t *testing.T) {
	t.Parallel()
	const s = time.Second
	tap := saidAfter(3*s, "Sim")
	tap.Metadata.Button = &message.Choice{ID: "sim"}
	picture := message.Message{Kind: message.Image, CreatedAt: noon.Add(3 * s)}
	captioned := picture
	captioned.Metadata.Caption = "O quarto."
	var ten []message.Message
	for n := range turnMost {
		ten = append(ten, saidAfter(time.Duration(n)*s, "e mais uma coisa."))
	}
	for name, c := range map[string]struct {
		said []message.Message
		want time.Duration
	}{
		"one message":                  {[]message.Message{saidAfter(0, "Tem quarto para sábado?")}, 4 * s},
		"the last one counts":          {[]message.Message{saidAfter(0, "Boa tarde."), saidAfter(3*s, "Tem quarto para sábado?")}, 7 * s},
		"a fragment goes on":           {[]message.Message{saidAfter(0, "oi")}, 6 * s},
		"so does what ends in a comma": {[]message.Message{saidAfter(0, "bom dia,")}, 6 * s},
		"a short question does not":    {[]message.Message{saidAfter(0, "tem vaga?")}, 4 * s},
		"a picture without a word":     {[]message.Message{picture}, 9 * s},
		"a picture with words":         {[]message.Message{captioned}, 7 * s},
		"a tap ends it":                {[]message.Message{saidAfter(0, "oi"), tap}, 0},
		"ten are enough":               {ten, 0},
		"nobody waits for ever":        {[]message.Message{saidAfter(0, "oi"), saidAfter(19*s, "e mais uma coisa.")}, 20 * s},
	} {
		if got := turnDue(tenant.Bot{Quiet: 4 * s}, c.said).Sub(noon); got != c.want {
			t.Errorf("%s: due after %s, want %s", name, got, c.want)
		}
	}
	if got := turnDue(tenant.Bot{Quiet: tenant.MaxQuiet}, []message.Message{saidAfter(0, "oi")}).Sub(noon); got != tenant.MaxQuiet {
		t.Errorf("the longest quiet time is %s after a fragment", got)
	}
}

func TestFilesWait(t *testing.T) {
	t.Parallel()
	bot := tenant.Bot{MediaWait: 10 * time.Second}
	waiting := message.Message{Kind: message.Audio, CreatedAt: noon, Metadata: message.Metadata{MediaID: "1"}}
	here, lost := waiting, waiting
	here.Metadata.MediaURL = "/x"
	lost.Metadata.Shown = &message.Shown{MediaError: &message.MediaLost{Code: "media_expired"}}
	heard := here
	heard.Metadata.Heard = &message.Transcription{}
	engine := bot
	engine.Transcription.URL = "https://engine.example.com"
	until := bot.MediaWait + transcribe.Limit
	for name, c := range map[string]struct {
		m    message.Message
		at   time.Duration
		want time.Duration
	}{
		"its words are on their way": {here, until - filesLook, filesLook},
		"its words took too long":    {here, until, 0},
		"its words are here":         {heard, 0, 0},
		"it is a word late already":  {waiting, 10 * time.Second, 0},
	} {
		if got := filesWait(engine, []postgres.Spoken{{Message: c.m}}, noon.Add(c.at)); got != c.want {
			t.Errorf("with an engine, %s: waits %s, want %s", name, got, c.want)
		}
	}
	if got := wordsWait(engine, here, noon, noon.Add(transcribe.Limit)); got != 0 {
		t.Errorf("a late file waits %s more for its words", got)
	}
	if got := wordsWait(engine, here, noon, noon); got != filesLook {
		t.Errorf("a late file waits %s for its words", got)
	}
	for name, c := range map[string]struct {
		m    message.Message
		at   time.Duration
		want time.Duration
	}{
		"it is on its way":       {waiting, 0, filesLook},
		"it took nearly so long": {waiting, 9500 * time.Millisecond, 500 * time.Millisecond},
		"it took too long":       {waiting, 10 * time.Second, 0},
		"it is here":             {here, 0, 0},
		"it will never be":       {lost, 0, 0},
		"a text has none":        {saidAfter(0, "oi"), 0, 0},
	} {
		if got := filesWait(bot, []postgres.Spoken{{Message: c.m}}, noon.Add(c.at)); got != c.want {
			t.Errorf("%s: waits %s, want %s", name, got, c.want)
		}
	}
}
