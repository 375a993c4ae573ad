package outbox

import (
	"context"
	"errors"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Files gives the hotel's own files to Meta, which sends them by an id of its own.
type Files interface {
	// Check refuses, before anything is stored, files that are not this hotel's or that
	// WhatsApp would not take as what they are sent.
	Check(ctx context.Context, tenant id.Tenant, uses []content.Use) error
	// Upload returns Meta's id of a file for a number, which holds for 30 days: it may be
	// remembered. Errors are *whatsapp.APIError and *whatsapp.NotSentError, as those of
	// sending are, and faults for what cannot be mended by trying again.
	Upload(ctx context.Context, tenant id.Tenant, who whatsapp.Credentials, use content.Use) (string, error)
}

// ErrFiles refuses files of ours while nothing can give them to Meta.
var ErrFiles = fault.New(fault.Unprocessable, "media_upload_not_available",
	"Stored files cannot be sent yet. Send a public https:// link of the file, or Meta's id of it.")

func (s *Sender) checkFiles(ctx context.Context, tenantID id.Tenant, uses []content.Use) error {
	switch {
	case len(uses) == 0:
		return nil
	case s.Files == nil:
		var details []fault.Detail
		for _, u := range uses {
			details = append(details, fault.Detail{Path: u.Path, Code: ErrFiles.Code, Message: ErrFiles.Text})
		}
		return ErrFiles.With(details...)
	}
	return s.Files.Check(ctx, tenantID, uses)
}

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
		metaID, err := d.Files.Upload(ctx, j.hotel.ID, j.credentials(), use)
		var unknown *whatsapp.UnknownOutcomeError
		if errors.As(err, &unknown) {
			// Its words alone: an upload may be repeated, a message may not.
			return &whatsapp.NotSentError{Err: errors.New(unknown.Error())}
		}
		if err != nil {
			return err
		}
		j.uploaded[use.File] = metaID
	}
	return nil
}
