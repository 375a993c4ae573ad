package filing

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/picture"
	"github.com/botreserva/botreserva/internal/sound"
)

// derive makes of a file what screens show before they load it: a small picture, how long
// it is and how loud where. Documents have none: dashboards show a symbol by their type.
// Whatever goes wrong, the file is kept without.
func (c *Cabinet) derive(ctx context.Context, tenantID id.Tenant, f media.File) media.Derived {
	content := c.Open(ctx, f)
	d, err := c.look(ctx, tenantID, f, content)
	if err = errors.Join(err, content.Close()); err != nil {
		c.log.InfoContext(ctx, "nothing is shown of a file beforehand", "tenant_id", tenantID, "media_id", f.ID, "type", f.MimeType, "err", err)
	}
	return d
}

func (c *Cabinet) look(ctx context.Context, tenantID id.Tenant, f media.File, content io.ReadSeeker) (media.Derived, error) {
	switch {
	case f.MimeType == "image/jpeg", f.MimeType == "image/png", f.MimeType == "image/gif", f.MimeType == "image/webp":
		return c.small(ctx, tenantID, f, content)
	case f.MimeType == "audio/ogg":
		heard, err := sound.HearOgg(content)
		return media.Derived{Duration: heard.Duration, Waveform: heard.Waveform}, err
	case f.MimeType == "audio/mp4", strings.HasPrefix(f.MimeType, "video/") && f.Kind == "VIDEO", f.MimeType == "video/quicktime":
		heard, err := sound.HearMP4(content)
		return media.Derived{Duration: heard.Duration}, err
	default:
		return media.Derived{}, nil
	}
}

// small keeps a small picture beside the large one.
func (c *Cabinet) small(ctx context.Context, tenantID id.Tenant, f media.File, content io.Reader) (media.Derived, error) {
	thumb, err := picture.Small(content)
	if err != nil {
		return media.Derived{}, err
	}
	key := strings.TrimSuffix(f.Key, path.Ext(f.Key)) + ".thumb.jpg"
	if err := c.expect(ctx, tenantID, key); err != nil {
		return media.Derived{}, err
	}
	size, err := c.store.Put(ctx, key, bytes.NewReader(thumb.JPEG), int64(len(thumb.JPEG)))
	if err != nil {
		return media.Derived{}, err
	}
	return media.Derived{ThumbKey: key, ThumbSize: size, Width: thumb.Width, Height: thumb.Height}, nil
}
