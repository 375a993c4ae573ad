package transfer

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"path"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/transcribe"
)

// Listener has guests' recordings put into words by their hotel's engine: for people, who see the
// words with the message, and for the flow, which waits a while for them.
type Listener struct {
	db        *postgres.DB
	directory *directory.Directory
	files     *filing.Cabinet
	log       *slog.Logger
	// Engine makes the engine of a hotel.
	Engine func(t tenant.Transcription, key string) transcribe.Engine
}

// NewListener makes a listener. The client decides where hotels' engines may be: see
// egress.NewClient.
func NewListener(db *postgres.DB, dir *directory.Directory, files *filing.Cabinet, client *http.Client, log *slog.Logger) *Listener {
	return &Listener{db: db, directory: dir, files: files, log: log, Engine: func(t tenant.Transcription, key string) transcribe.Engine {
		return transcribe.OpenAI{Client: client, URL: t.URL, Key: key, Model: t.Model, Language: t.Language}
	}}
}

const (
	// hearTries is how often an engine is asked: a guest waits for an answer meanwhile.
	hearTries = 3
	hearPause = 2 * time.Second
	// hearTime is longer than asking and noting the answer may take.
	hearTime = transcribe.Limit + 30*time.Second
)

// listening is the work of putting a recording into words. Each message has a lane of its own.
func listening(m message.Message) lane.New { return Fetching(m) }

// isToHear reports whether a message has a recording that the hotel wants in words.
func isToHear(hotel *directory.Hotel, m message.Message) bool {
	return hotel.Bot.Transcription.IsOn() && m.Kind == message.Audio && m.Direction == message.Inbound &&
		m.Metadata.MediaURL != "" && (m.Metadata.Heard == nil || m.Metadata.Heard.Failed)
}

// Work listens to what lies in lanes.
func (l *Listener) Work(ctx context.Context, lanes []*lane.Lane) {
	for _, one := range lanes {
		l.lane(ctx, one)
	}
}

func (l *Listener) lane(ctx context.Context, on *lane.Lane) {
	on.Items = on.Items[:1]
	if ctx.Err() != nil || on.Left() < hearTime {
		l.insist(ctx, on, on.Hold(0, 0), nil)
		return
	}
	m, hotel, err := l.load(ctx, on)
	switch {
	case errors.Is(err, postgres.ErrNoMessage), err == nil && !isToHear(hotel, m):
		l.insist(ctx, on, on.Finished(), nil) // deleted or taken back, or nobody wants it any more
	case err != nil:
		l.log.WarnContext(ctx, "recording is listened to later", "tenant_id", on.TenantID, "err", err)
		l.insist(ctx, on, on.Hold(0, hearPause), nil)
	default:
		l.message(ctx, on, hotel, m)
	}
}

func (l *Listener) load(ctx context.Context, on *lane.Lane) (message.Message, *directory.Hotel, error) {
	w, err := readFetching(on.Items[0])
	if err != nil {
		return message.Message{}, nil, postgres.ErrNoMessage // nobody ever queued that
	}
	hotel, err := l.directory.Hotel(ctx, on.TenantID)
	if err != nil {
		return message.Message{}, nil, err
	}
	m, err := l.db.Message(ctx, on.TenantID, w.MessageID)
	return m, hotel, err
}

// message listens to one recording and says what became of it.
func (l *Listener) message(ctx context.Context, on *lane.Lane, hotel *directory.Hotel, m message.Message) {
	ctx, done := lane.Linger(ctx)
	defer done()
	text, err := l.hear(ctx, hotel, m)
	if err == nil {
		l.insist(ctx, on, on.Finished(), l.note(m.ID, message.Transcription{Text: text}))
		return
	}
	failed := &transcribe.Error{IsPassing: true, Reason: "A gravação não pôde ser aberta."}
	if !errors.As(err, &failed) && filing.IsLost(err) {
		failed.IsPassing = false
	}
	l.log.InfoContext(ctx, "recording not put into words", "tenant_id", on.TenantID, "message_id", m.ID, "attempt", on.Attempts+1, "err", err)
	if failed.IsPassing && on.Attempts+1 < hearTries {
		l.insist(ctx, on, on.Retry(0, hearPause), nil)
		return
	}
	note := l.note(m.ID, message.Transcription{Failed: true})
	l.insist(ctx, on, on.Finished(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := tx.Bury(ctx, on, on.Items[0], "transcription_failed", failed.Reason); err != nil {
			return err
		}
		return note(ctx, tx)
	})
}

// hear asks the engine of the hotel.
func (l *Listener) hear(ctx context.Context, hotel *directory.Hotel, m message.Message) (string, error) {
	f, err := l.db.Media(ctx, hotel.ID, path.Base(m.Metadata.MediaURL))
	if errors.Is(err, media.ErrNotFound) {
		return "", &transcribe.Error{Reason: "O arquivo da gravação não existe mais."}
	}
	if err != nil {
		return "", err
	}
	from := l.files.Open(ctx, f)
	defer func() { _ = from.Close() }()
	engine := l.Engine(hotel.Bot.Transcription, hotel.TranscriptionKey)
	return engine.Transcribe(ctx, transcribe.Recording{Name: f.Name, MimeType: f.MimeType, Size: f.Size, Content: from})
}

// note keeps what was heard with its message, tells screens, and wakes the flow's lane, which may
// wait for it.
func (l *Listener) note(of id.Message, heard message.Transcription) func(context.Context, *postgres.Tx) error {
	return func(ctx context.Context, tx *postgres.Tx) error {
		m, err := tx.LockMessage(ctx, of)
		if errors.Is(err, postgres.ErrNoMessage) || err == nil && m.Metadata.MediaURL == "" {
			return nil // taken back meanwhile
		}
		if err != nil {
			return err
		}
		m.Metadata.Heard = &heard
		if err := say(ctx, tx, m.Message); err != nil {
			return err
		}
		return tx.WakeLane(ctx, lane.Handoff, m.ConversationID.String())
	}
}

// insist ends the lease on a lane together with what is to be noted, whatever happens.
func (l *Listener) insist(ctx context.Context, on *lane.Lane, outcome lane.Outcome, note func(context.Context, *postgres.Tx) error) {
	err := l.db.Insist(ctx, on.TenantID, postgres.LeaseIsOurs, func(ctx context.Context, tx *postgres.Tx) error {
		if note != nil {
			if err := note(ctx, tx); err != nil {
				return err
			}
		}
		return tx.ReleaseLanes(ctx, outcome)
	})
	if err != nil && postgres.LeaseIsOurs(err) {
		l.log.ErrorContext(ctx, "a lane of recordings stays leased until its lease runs out", "tenant_id", on.TenantID, "err", err)
	}
}
