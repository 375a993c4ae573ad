package apptest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/apptest"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/provision"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// engineOf starts an engine that hears the same in every recording, or answers what answer says.
func engineOf(t *testing.T, hotel *apptest.Hotel, answer func(w http.ResponseWriter)) {
	t.Helper()
	engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, _, err := r.FormFile("file")
		if err != nil || r.Header.Get("Authorization") != "Bearer sk-hotel" || r.FormValue("language") != "pt" {
			t.Errorf("the engine is asked with %v, %v", r.Header, err)
			return
		}
		head := make([]byte, 4)
		if _, err := io.ReadFull(file, head); err != nil || string(head) != "OggS" {
			t.Errorf("the engine gets %q, %v", head, err)
		}
		answer(w)
	}))
	t.Cleanup(engine.Close)
	key, language := "sk-hotel", "pt"
	hotel.Set(provision.Change{Transcription: provision.TranscriptionChange{URL: &engine.URL, Key: &key, Language: &language}})
}

func hears(words string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"text":"`+words+`"}`) }
}

// TestTranscription: the flow gets a recording with the words that are in it, in a turn too, and
// people see them.
func TestTranscription(t *testing.T) {
	t.Parallel()
	for name, quiet := range map[string]int{"message by message": 0, "in turns": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := apptest.Start(t)
			hotel := hotelOfTurns(w, quiet)
			engineOf(t, hotel, hears("Tem quarto para sábado?"))
			admin := hotel.Admin()
			screen := admin.Screen(apptest.WebSocket)
			hotel.Guest("Marina").Sends(simulator.Voice())
			post := hotel.Flow.AwaitPosts(1)[0]
			if post.Value("audio.transcription") != "Tem quarto para sábado?" || post.Value("chatInput") != "[áudio] Tem quarto para sábado?" || post.Value("audio.audioUrl") == "" {
				t.Errorf("the flow gets %v", post.Body)
			}
			heard := screen.Hears("message:updated", func(e apptest.Event) bool { return e.Text("message.transcription") != "" })
			listed := admin.Messages(heard.Text("conversationId"))
			if listed[0]["transcription"] != "Tem quarto para sábado?" {
				t.Errorf("people see %v", listed[0])
			}
		})
	}
}

// TestTranscriptionFails: an engine that fails is asked three times, then the flow gets the
// recording without words; one that has the wrong key is not asked again.
func TestTranscriptionFails(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]int64{http.StatusBadGateway: 3, http.StatusUnauthorized: 1} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			w := apptest.Start(t)
			hotel := w.Hotel("mar-azul")
			var asked atomic.Int64
			engineOf(t, hotel, func(w http.ResponseWriter) {
				asked.Add(1)
				w.WriteHeader(status)
			})
			hotel.Guest("Marina").Sends(simulator.Voice())
			apptest.Eventually(t, "the engine is asked", func() bool { return asked.Load() > 0 })
			w.LaterUntil(2*time.Second, "the flow has the recording", func() bool { return len(hotel.Flow.Heard()) == 1 })
			post := hotel.Flow.Heard()[0]
			if post.Value("chatInput") != "[áudio]" || post.Value("audio.audioUrl") == "" || post.Value("audio.transcription") != "" {
				t.Errorf("the flow gets %v", post.Body)
			}
			w.LaterUntil(2*time.Second, "nothing waits", func() bool { return hotel.Queued(lane.Listen) == 0 })
			if n := asked.Load(); n != want {
				t.Errorf("the engine was asked %d times, want %d", n, want)
			}
		})
	}
}

// TestTranscriptionHangs: an engine that does not answer holds nobody up for longer than it may.
func TestTranscriptionHangs(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	free := make(chan struct{})
	var asked atomic.Bool
	engineOf(t, hotel, func(http.ResponseWriter) {
		asked.Store(true)
		<-free
	})
	t.Cleanup(func() { close(free) }) // before the engine closes
	hotel.Guest("Marina").Sends(simulator.Voice())
	apptest.Eventually(t, "the engine is asked", asked.Load)
	w.LaterUntil(5*time.Second, "the flow has the recording", func() bool { return len(hotel.Flow.Heard()) == 1 })
	if post := hotel.Flow.Heard()[0]; post.Value("audio.audioUrl") == "" {
		t.Errorf("the flow gets %v", post.Body)
	}
}
