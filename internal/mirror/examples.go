package mirror

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/template"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Examples gives Meta files of a hotel as examples of what templates show.
type Examples interface {
	// Example returns Meta's handle of a file, or media.ErrNotFound, media.ErrWrongType if the file is
	// of no type among types, and errors of whatsapp.Client.UploadExample.
	Example(ctx context.Context, tenantID id.Tenant, accessToken string, of id.Media, types []string) (string, error)
}

// exampleTypes are what Meta takes as example of a header.
var exampleTypes = map[string][]string{
	template.Image: {"image/jpeg", "image/png"}, template.Video: {"video/mp4"}, template.GIF: {"video/mp4"}, template.Document: {"application/pdf"},
}

// withExamples returns a form whose files Meta has.
func (k *Keeper) withExamples(ctx context.Context, tenantID id.Tenant, a whatsapp.Account, f template.Form) (template.Form, error) {
	header, err := k.withExample(ctx, tenantID, a, f.Header, "header")
	if err != nil {
		return f, err
	}
	f.Header, f.Cards = header, slices.Clone(f.Cards)
	for i := range f.Cards {
		path := fmt.Sprintf("cards[%d].header", i)
		if f.Cards[i].Header, err = k.withExample(ctx, tenantID, a, f.Cards[i].Header, path); err != nil {
			return f, err
		}
	}
	return f, nil
}

func (k *Keeper) withExample(ctx context.Context, tenantID id.Tenant, a whatsapp.Account, h *template.Header, path string) (*template.Header, error) {
	if h == nil || h.ExampleFile.IsZero() {
		return h, nil
	}
	if k.Examples == nil {
		return h, media.ErrNotFound
	}
	out := *h
	handle, err := k.Examples.Example(ctx, tenantID, a.AccessToken, h.ExampleFile, exampleTypes[h.Format])
	if f := fault.Of(err); errors.Is(err, media.ErrNotFound) || errors.Is(err, media.ErrWrongType) {
		return h, f.With(fault.Detail{Path: path + ".exampleFileId", Code: f.Code, Message: f.Text})
	}
	out.Example, out.ExampleFile = handle, id.Media{}
	return &out, explained(err)
}
