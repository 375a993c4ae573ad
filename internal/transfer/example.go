package transfer

import (
	"context"
	"slices"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Example gives Meta a file as example of what a template shows. It implements
// mirror.Examples.
func (g *Giver) Example(ctx context.Context, tenantID id.Tenant, accessToken string, of id.Media, types []string) (string, error) {
	f, err := g.db.MediaByID(ctx, tenantID, of)
	if err != nil {
		return "", err
	}
	if !slices.Contains(types, f.MimeType) {
		return "", media.ErrWrongType
	}
	from := g.files.Open(ctx, f)
	defer func() { _ = from.Close() }()
	handle, err := g.client.UploadExample(ctx, accessToken, whatsapp.Upload{MimeType: f.MimeType, Filename: f.Name, Size: f.Size, Content: from})
	if err != nil && filing.IsLost(err) {
		return "", media.ErrNotFound
	}
	return handle, err
}
