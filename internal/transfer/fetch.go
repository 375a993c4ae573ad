// Package transfer carries files between Meta and us: fetch.go brings what guests sent,
// give.go gives Meta what the hotel sends, listen.go has guests' recordings put into words.
// Files are kept by package filing; Meta's protocol is package whatsapp. Not here: when messages are sent, and who may see a file.
package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// fetching is what a lane of media carries: the id of a message. Each message has a lane
// of its own, named by its conversation too, so that none waits for another.
type fetching struct {
	MessageID id.Message `json:"messageId"`
	IsOwed    bool       `json:"owed,omitempty"` // not to fetch: to tell the flow, now that fetching is over
}

// Fetching is the work of fetching a message's file.
func Fetching(m message.Message) lane.New { return fetching{MessageID: m.ID}.of(m) }

func readFetching(item lane.Item) (w fetching, err error) {
	err = json.Unmarshal(item.Payload, &w)
	return w, err
}

func (w fetching) of(m message.Message) lane.New {
	text, err := json.Marshal(w)
	if err != nil {
		panic(fmt.Sprintf("encode fetching: %v", err)) // an id
	}
	return lane.New{Key: m.ConversationID.String() + "/" + m.ID.String(), NumberID: m.NumberID, Payload: text}
}

// Fetcher brings guests' files from Meta. Each is streamed into the store, and checked on
// the way; memory does not grow with it.
type Fetcher struct {
	db        *postgres.DB
	directory *directory.Directory
	client    *whatsapp.Client
	files     *filing.Cabinet
	clock     clock.Clock
	log       *slog.Logger
}

// NewFetcher makes a fetcher.
func NewFetcher(db *postgres.DB, dir *directory.Directory, client *whatsapp.Client, files *filing.Cabinet, c clock.Clock, log *slog.Logger) *Fetcher {
	return &Fetcher{db, dir, client, files, c, log}
}

// Work fetches the files of lanes.
func (f *Fetcher) Work(ctx context.Context, lanes []*lane.Lane) {
	for _, l := range lanes {
		f.lane(ctx, l)
	}
}

// fetchTime is longer than fetching a file and noting it may take. With less left of a
// lease none is begun: somebody else might take the lane and fetch the same.
const fetchTime = whatsapp.DownloadTime + 30*time.Second

func (f *Fetcher) lane(ctx context.Context, l *lane.Lane) {
	l.Items = l.Items[:1]
	if ctx.Err() != nil || l.Left() < fetchTime {
		f.release(ctx, l, l.Hold(0, 0))
		return
	}
	w, err := readFetching(l.Items[0])
	if err != nil {
		f.bury(ctx, l, message.Message{}, lost{code: "unreadable", reason: "The entry cannot be read.", cause: err})
		return
	}
	if w.IsOwed {
		f.tellFlow(ctx, l, w.MessageID)
		return
	}
	hotel, err := f.directory.Hotel(ctx, l.TenantID)
	if err != nil {
		f.retry(ctx, l, err)
		return
	}
	m, err := f.db.Message(ctx, l.TenantID, w.MessageID)
	switch {
	case errors.Is(err, postgres.ErrNoMessage), err == nil && !wants(m):
		f.release(ctx, l, l.Finished()) // deleted, taken back, or fetched before
	case err != nil:
		f.retry(ctx, l, err)
	default:
		f.message(ctx, l, hotel, m)
	}
}

// wants reports whether a message has a file that is not ours yet.
func wants(m message.Message) bool {
	return m.Kind.HasMedia() && m.Metadata.MediaID != "" && m.Metadata.MediaURL == "" && !m.IsRevoked()
}

// message fetches the file of one message and says what became of it.
func (f *Fetcher) message(ctx context.Context, l *lane.Lane, hotel *directory.Hotel, m message.Message) {
	ctx, done := lane.Linger(ctx)
	defer done()
	file, err := f.fetch(ctx, hotel, m)
	if err == nil {
		err = f.keep(ctx, hotel, l, m, file)
	}
	var final lost
	switch {
	case err == nil, errors.Is(err, postgres.ErrLeaseLost):
	case errors.As(err, &final):
		f.bury(ctx, l, m, final)
	case f.clock.Now().After(m.Timestamp.Add(whatsapp.MediaLife)):
		f.bury(ctx, l, m, lost{"media_expired", "WhatsApp no longer has the file: it keeps files for 7 days. Ask the guest to send it again.", err})
	case l.Attempts+1 >= unheardOf && isUnheardOf(err):
		f.bury(ctx, l, m, lost{"media_not_found", "WhatsApp does not have the file, or the hotel's access does not reach it. Ask the guest to send it again.", err})
	default:
		f.retry(ctx, l, err)
	}
}

// fetch stores the bytes of a message's file. Its address is asked for just before: it
// holds for five minutes. One that has expired all the same is asked for once more.
func (f *Fetcher) fetch(ctx context.Context, hotel *directory.Hotel, m message.Message) (media.File, error) {
	line, ok := hotel.Line(m.NumberID)
	if !ok {
		return media.File{}, errNoLine
	}
	who := whatsapp.Credentials{PhoneNumberID: line.PhoneNumberID, AccessToken: line.AccessToken}
	var file media.File
	var err error
	for range 2 {
		file, err = f.download(ctx, hotel.ID, who, m)
		if !errors.Is(err, whatsapp.ErrMediaGone) {
			break
		}
	}
	return file, err
}

var (
	errNoLine = errors.New("the number is not connected to the hotel")
	errSum    = errors.New("the file is not the one that was announced")
)

func (f *Fetcher) download(ctx context.Context, tenantID id.Tenant, who whatsapp.Credentials, m message.Message) (media.File, error) {
	told, err := f.client.Media(ctx, who, m.Metadata.MediaID)
	if errors.Is(err, whatsapp.ErrMediaID) {
		return media.File{}, lost{"media_id_invalid", "WhatsApp announced a file under an id that is none.", err}
	}
	if err != nil {
		return media.File{}, fmt.Errorf("ask for the address of a file: %w", err)
	}
	if told.Size > whatsapp.MaxInbound {
		return media.File{}, tooLarge(nil)
	}
	from, err := f.client.Download(ctx, who, told.URL)
	if err != nil {
		return media.File{}, err
	}
	defer func() { _ = from.Close() }()
	if from.Size > whatsapp.MaxInbound {
		return media.File{}, tooLarge(nil)
	}
	file, err := f.files.Arrive(ctx, tenantID, m.Metadata.Filename, whatsapp.MaxInbound, from)
	switch {
	case errors.Is(err, media.ErrTooLarge):
		return file, tooLarge(err)
	case errors.Is(err, media.ErrEmpty):
		return file, lost{"media_empty", "The guest's file is empty.", err}
	case err != nil:
		return file, fmt.Errorf("fetch file: %w", err)
	}
	if !isSum(file.SHA256, m.Metadata.SHA256) || !isSum(file.SHA256, told.SHA256) {
		f.files.Discard(ctx, tenantID, file)
		return media.File{}, errSum
	}
	return file, nil
}

// isSum compares a sum with Meta's, which writes it in base64 or hexadecimal, or not at all.
func isSum(sum [sha256.Size]byte, told string) bool {
	if told = strings.TrimSpace(told); told == "" || strings.EqualFold(told, hex.EncodeToString(sum[:])) {
		return true
	}
	unpadded := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(told, "="))
	return unpadded == base64.RawStdEncoding.EncodeToString(sum[:])
}

// keep notes the file, shows it with its message, and tells screens.
func (f *Fetcher) keep(ctx context.Context, hotel *directory.Hotel, l *lane.Lane, m message.Message, file media.File) error {
	kept, isNew := file, false
	err := f.db.Insist(ctx, l.TenantID, postgres.IsUnavailable, func(ctx context.Context, tx *postgres.Tx) error {
		isNew = false
		now, err := tx.LockMessage(ctx, m.ID)
		if errors.Is(err, postgres.ErrNoMessage) || err == nil && (!wants(now.Message) || now.Metadata.MediaID != m.Metadata.MediaID) {
			return tx.ReleaseLanes(ctx, l.Hold(0, 0)) // looked at again, from the beginning
		}
		if err != nil {
			return err
		}
		if kept, isNew, err = tx.KeepMedia(ctx, file); err != nil {
			return err
		}
		if err := tx.ShowMedia(ctx, m.ID, kept.ID); err != nil {
			return err
		}
		now.Metadata.MediaURL = media.Address(l.TenantID, kept.Name)
		now.Metadata.Shown = kept.Shown(l.TenantID)
		if err := say(ctx, tx, now.Message); err != nil {
			return err
		}
		if isToHear(hotel, now.Message) {
			tx.Enqueue(lane.Listen, listening(now.Message))
		}
		if err := tx.WakeLane(ctx, lane.Handoff, m.ConversationID.String()); err != nil { // it may wait for the file
			return err
		}
		return tx.ReleaseLanes(ctx, l.Finished())
	})
	if err != nil || !isNew {
		f.files.Discard(ctx, l.TenantID, file) // unless it was kept all the same
	}
	return err
}

// say saves what a message says now, and tells screens.
func say(ctx context.Context, tx *postgres.Tx, m message.Message) error {
	if err := tx.SaveWords(ctx, m); err != nil {
		return err
	}
	cards, err := tx.Cards(ctx, m.ConversationID)
	if err == nil && len(cards) > 0 {
		tx.Emit(event.Event{Name: event.MessageUpdated, Card: &cards[0], Message: &m})
	}
	return err
}

// lost is a file that will never be ours. Code and reason are for people.
type lost struct {
	code, reason string
	cause        error
}

// Error implements error.
func (l lost) Error() string {
	if l.cause == nil {
		return l.code
	}
	return l.code + ": " + l.cause.Error()
}

// Unwrap returns the cause.
func (l lost) Unwrap() error { return l.cause }

func tooLarge(cause error) error {
	return lost{"media_too_large", "The guest's file is larger than 100 MB.", cause}
}

// unheardOf is after how many tries we believe that Meta does not know a file: about a day.
// Until then somebody may mend the hotel's access, which Meta words the same way.
const unheardOf = 30

func isUnheardOf(err error) bool {
	var api *whatsapp.APIError
	return errors.Is(err, whatsapp.ErrMediaGone) || errors.Is(err, errSum) || errors.Is(err, whatsapp.ErrMediaHost) ||
		errors.As(err, &api) && api.Code == 100
}

const (
	firstPause = 2 * time.Second
	lastPause  = time.Hour
)

// pause is how long to wait after a number of failures: 2, 4, 8 … seconds up to an hour,
// each × 0.5 to 1.5, so that what failed together does not come back together.
func pause(attempts int) time.Duration {
	d := firstPause
	for range min(attempts-1, 16) {
		d = min(2*d, lastPause)
	}
	return time.Duration(float64(d) * (0.5 + rand.Float64()))
}

func (f *Fetcher) retry(ctx context.Context, l *lane.Lane, cause error) {
	attempts := l.Attempts + 1
	wait := pause(attempts)
	var api *whatsapp.APIError
	if errors.As(cause, &api) {
		wait = max(wait, api.RetryAfter)
	}
	f.log.InfoContext(ctx, "file is fetched later", "tenant_id", l.TenantID, "lane", l.Key, "attempt", attempts, "delay", wait, "err", cause)
	f.release(ctx, l, l.Retry(0, wait))
}

// bury gives a file up: it can be tried again by hand, and its message says so.
func (f *Fetcher) bury(ctx context.Context, l *lane.Lane, m message.Message, why lost) {
	f.log.WarnContext(ctx, "file is given up", "tenant_id", l.TenantID, "lane", l.Key, "code", why.code, "err", why.cause)
	f.insist(ctx, l, func(ctx context.Context, tx *postgres.Tx) error {
		if err := tx.Bury(ctx, l, l.Items[0], why.code, why.reason); err != nil {
			return err
		}
		now, err := tx.LockMessage(ctx, m.ID)
		if err == nil && wants(now.Message) {
			now.Metadata.Shown = &message.Shown{MediaError: &message.MediaLost{Code: why.code, Message: why.reason}}
			err = say(ctx, tx, now.Message)
		}
		if err != nil && !errors.Is(err, postgres.ErrNoMessage) {
			return err
		}
		return tx.ReleaseLanes(ctx, l.Finished())
	})
}

func (f *Fetcher) release(ctx context.Context, l *lane.Lane, outcome lane.Outcome) {
	f.insist(ctx, l, func(ctx context.Context, tx *postgres.Tx) error { return tx.ReleaseLanes(ctx, outcome) })
}

func (f *Fetcher) insist(ctx context.Context, l *lane.Lane, record func(context.Context, *postgres.Tx) error) {
	err := f.db.Insist(ctx, l.TenantID, postgres.LeaseIsOurs, record)
	if err != nil && postgres.LeaseIsOurs(err) {
		f.log.ErrorContext(ctx, "a lane of media stays leased until its lease runs out", "tenant_id", l.TenantID, "err", err)
	}
}
