package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// remembered is for how long Meta's id of a file is used again: it holds for 30 days.
const remembered = 29 * 24 * time.Hour

// Giver gives Meta the hotel's own files. It implements outbox.Files.
type Giver struct {
	db     *postgres.DB
	client *whatsapp.Client
	files  *filing.Cabinet
	clock  clock.Clock
	log    *slog.Logger
	once   singleflight.Group // of many messages that show a file, one uploads it
}

// NewGiver makes a giver.
func NewGiver(db *postgres.DB, client *whatsapp.Client, files *filing.Cabinet, c clock.Clock, log *slog.Logger) *Giver {
	return &Giver{db: db, client: client, files: files, clock: c, log: log}
}

// Check returns the files that are to be sent, or refuses all that are not this hotel's or
// that WhatsApp would not take as what they are sent.
func (g *Giver) Check(ctx context.Context, tenantID id.Tenant, uses []content.Use) (map[id.Media]media.File, error) {
	ids := make([]id.Media, 0, len(uses))
	for _, u := range uses {
		ids = append(ids, u.File)
	}
	found, err := g.db.MediaByIDs(ctx, tenantID, ids...)
	if err != nil {
		return nil, err
	}
	var details []fault.Detail
	var first error
	for _, u := range uses {
		why, err := g.refuse(ctx, found, u)
		if err != nil {
			return nil, err
		}
		if why != nil {
			details = append(details, fault.Detail{Path: u.Path, Code: why.Code, Message: why.Text})
			if first == nil {
				first = why
			}
		}
	}
	if first != nil {
		return nil, fault.Of(first).With(details...)
	}
	return found, nil
}

// refuse returns what is wrong with one file, or nil.
func (g *Giver) refuse(ctx context.Context, found map[id.Media]media.File, u content.Use) (*fault.Fault, error) {
	f, known := found[u.File]
	if !known {
		return media.ErrNotFound, nil
	}
	if why := f.SendableAs(u.Kind, u.Voice); why != nil {
		return fault.Of(why), nil
	}
	head, err := g.head(ctx, f)
	if errors.Is(err, media.ErrNotFound) {
		return media.ErrNotFound, nil
	}
	if err != nil {
		return nil, err
	}
	if why := f.SendableWith(head, u.Kind, u.Voice); why != nil {
		return fault.Of(why), nil
	}
	return nil, nil //nolint:nilnil // nothing is wrong with it
}

// head reads the beginning of a file.
func (g *Giver) head(ctx context.Context, f media.File) ([]byte, error) {
	from := g.files.Open(ctx, f)
	head, err := io.ReadAll(io.LimitReader(from, media.HeadSize))
	if err = errors.Join(err, from.Close()); err != nil {
		if filing.IsLost(err) {
			return nil, media.ErrNotFound
		}
		return nil, fmt.Errorf("look into file: %w", err)
	}
	return head, nil
}

// Upload returns Meta's id of a file for a number, and whether it is remembered: then Meta
// may have forgotten it. Errors are *whatsapp.APIError, *whatsapp.NotSentError and
// *whatsapp.UnknownOutcomeError, and media.ErrNotFound.
func (g *Giver) Upload(ctx context.Context, tenantID id.Tenant, number id.Number, who whatsapp.Credentials, use content.Use) (metaID string, isOld bool, err error) {
	metaID, err = g.db.MetaMedia(ctx, tenantID, use.File, number, g.clock.Now().Add(-remembered))
	if err != nil || metaID != "" {
		return metaID, metaID != "", err
	}
	result := g.once.DoChan(tenantID.String()+use.File.String()+number.String(), func() (any, error) {
		// On its own: whoever asked first must not end it for the others.
		return g.upload(context.WithoutCancel(ctx), tenantID, number, who, use.File)
	})
	select {
	case r := <-result:
		metaID, _ = r.Val.(string)
		return metaID, false, r.Err
	case <-ctx.Done():
		return "", false, &whatsapp.NotSentError{Err: ctx.Err()}
	}
}

func (g *Giver) upload(ctx context.Context, tenantID id.Tenant, number id.Number, who whatsapp.Credentials, of id.Media) (string, error) {
	f, err := g.db.MediaByID(ctx, tenantID, of)
	if err != nil {
		return "", err
	}
	from := g.files.Open(ctx, f)
	defer func() { _ = from.Close() }()
	metaID, err := g.client.UploadMedia(ctx, who, whatsapp.Upload{MimeType: f.MimeType, Filename: f.Name, Size: f.Size, Content: from})
	if err != nil {
		if filing.IsLost(err) {
			return "", media.ErrNotFound
		}
		return "", err
	}
	err = g.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error {
		return tx.KeepMetaMedia(ctx, of, number, metaID, g.clock.Now())
	})
	if err != nil { // it costs another upload
		g.log.WarnContext(ctx, "a file will be given to meta again: its id there is not remembered", "tenant_id", tenantID, "media_id", of, "err", err)
	}
	return metaID, nil
}
