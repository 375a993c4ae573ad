package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Files gives the hotel's own files to Meta, which sends them by an id of its own.
type Files interface {
	// Check returns the files. It refuses, before anything is stored, those that are not
	// this hotel's or that WhatsApp would not take as what they are sent.
	Check(ctx context.Context, tenant id.Tenant, uses []content.Use) (map[id.Media]media.File, error)
	// Upload returns Meta's id of a file for a number, which holds for 30 days, and whether
	// it is an old one that was remembered. Errors are *whatsapp.APIError and
	// *whatsapp.NotSentError, as those of sending are, and faults for what cannot be mended
	// by trying again.
	Upload(ctx context.Context, tenant id.Tenant, number id.Number, who whatsapp.Credentials, use content.Use) (metaID string, isOld bool, err error)
}

// ErrFiles refuses files of ours while nothing can give them to Meta.
var ErrFiles = fault.New(fault.Unprocessable, "media_upload_not_available",
	"Stored files cannot be sent yet. Send a public https:// link of the file, or Meta's id of it.")

func (s *Sender) checkFiles(ctx context.Context, tenantID id.Tenant, uses []content.Use) (map[id.Media]media.File, error) {
	switch {
	case len(uses) == 0:
		return nil, nil
	case s.Files == nil:
		var details []fault.Detail
		for _, u := range uses {
			details = append(details, fault.Detail{Path: u.Path, Code: ErrFiles.Code, Message: ErrFiles.Text})
		}
		return nil, ErrFiles.With(details...)
	}
	return s.Files.Check(ctx, tenantID, uses)
}

// show lets a message say of its file what screens need. Of a carousel, they show the
// cards.
func show(m *message.Message, tenantID id.Tenant, uses []content.Use, files map[id.Media]media.File) {
	for _, u := range uses {
		var card int
		if _, err := fmt.Sscanf(u.Path, "cards[%d]", &card); err == nil && m.Metadata.Rich != nil && card < len(m.Metadata.Cards) {
			m.Metadata.Cards[card].ImageURL = media.Address(tenantID, files[u.File].Name)
		}
	}
	if len(uses) != 1 {
		return
	}
	f := files[uses[0].File]
	m.Metadata.MediaURL, m.Metadata.MimeType, m.Metadata.Shown = media.Address(tenantID, f.Name), f.MimeType, f.Shown(tenantID)
	if m.Metadata.Filename == "" && uses[0].Kind == message.Document {
		m.Metadata.Filename = f.Filename
	}
}

// showFiles notes which files a message shows: as long as it does, they are kept.
func showFiles(ctx context.Context, tx *postgres.Tx, m id.Message, uses []content.Use) error {
	shown := map[id.Media]bool{}
	for _, u := range uses {
		if shown[u.File] {
			continue
		}
		shown[u.File] = true
		if err := tx.ShowMedia(ctx, m, u.File); err != nil {
			return err
		}
	}
	return nil
}

// uploadTime is longer than giving a file to Meta and then sending the message may take.
const uploadTime = whatsapp.UploadTime + callTime

// callTime is longer than sending a message may take.
const callTime = 45 * time.Second

// upload gives Meta the files of a message. It comes before the attempt is noted: it may
// take long, and whatever becomes of it, nothing was sent.
func (d *Deliverer) upload(ctx context.Context, j *job) error {
	j.uploaded = map[id.Media]string{}
	for _, use := range content.Files(j.content) {
		if d.Files == nil {
			return ErrFiles
		}
		if j.uploaded[use.File] != "" {
			continue
		}
		metaID, isOld, err := d.Files.Upload(ctx, j.hotel.ID, j.line.ID, j.credentials(), use)
		var unknown *whatsapp.UnknownOutcomeError
		if errors.As(err, &unknown) {
			// Its words alone: an upload may be repeated, a message may not.
			return &whatsapp.NotSentError{Err: errors.New(unknown.Error())}
		}
		if err != nil {
			return err
		}
		j.uploaded[use.File] = metaID
		if isOld {
			j.old = append(j.old, use.File)
		}
	}
	return nil
}

// mayBeForgotten reports whether Meta refused a message because it may not know a file any
// more by the id that we remembered.
func (j *job) mayBeForgotten(api *whatsapp.APIError) bool {
	return len(j.old) > 0 && api.IsAboutMedia()
}
