package filing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/egress"
	"github.com/botreserva/botreserva/internal/picture"
)

// Refusals of pictures that lie elsewhere.
var (
	ErrAddress = fault.New(fault.Invalid, "url_forbidden",
		"This address cannot be fetched from here: it must be whole, begin with https:// or http://, and lead to the public internet.")
	ErrOutside = fault.New(fault.Unprocessable, "image_unreachable",
		"The picture could not be fetched from its address. Look whether it opens in a browser without a log-in.")
	ErrPicture = fault.New(fault.Unprocessable, "image_unreadable",
		"At this address lies no picture that WhatsApp can show. Use a JPEG or PNG of at most 20 MB and 16 million pixels.")
)

const (
	maxOutside   = 20 << 20 // of what is fetched
	maxPicture   = 4500_000 // of what is sent: WhatsApp takes 5 MB
	pictureEdge  = 1600     // of what is larger or of another form
	maxRedirects = 5
	aProgram     = "Mozilla/5.0 (compatible; BotReserva/1.0)" // some hosts refuse what names no browser
)

// Collector fetches pictures from addresses that strangers chose, and keeps them as files
// of the hotel's.
type Collector struct {
	files  *Cabinet
	client *http.Client
}

// NewCollector makes a collector. The client judges where addresses lead: see
// egress.NewClient.
func NewCollector(files *Cabinet, client *http.Client) *Collector { return &Collector{files, client} }

// Picture fetches a picture, makes it one that WhatsApp takes, and keeps it. It returns
// ErrAddress, ErrOutside or ErrPicture.
func (c *Collector) Picture(ctx context.Context, tenantID id.Tenant, address string) (media.File, error) {
	data, err := c.fetch(ctx, address)
	if err != nil {
		return media.File{}, err
	}
	if kind := typeOf(data[:min(len(data), headSize)], ""); kind != "image/jpeg" && kind != "image/png" || len(data) > maxPicture {
		if data, err = picture.Fit(data, pictureEdge); err != nil {
			return media.File{}, ErrPicture.Because(err)
		}
	}
	return c.files.Take(ctx, tenantID, "", c.files.clock.Now(), bytes.NewReader(data))
}

// fetch follows redirects by itself, so that each address on the way is judged.
func (c *Collector) fetch(ctx context.Context, address string) ([]byte, error) {
	for range maxRedirects {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
			return nil, ErrAddress
		}
		data, next, err := c.once(ctx, u)
		if err != nil || next == nil {
			return data, err
		}
		address = next.String()
	}
	return nil, ErrOutside
}

// once returns the bytes, or to where the address sends on.
func (c *Collector) once(ctx context.Context, u *url.URL) ([]byte, *url.URL, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, nil, ErrAddress
	}
	request.Header.Set("User-Agent", aProgram)
	request.Header.Set("Accept", "image/*")
	response, err := c.client.Do(request)
	if errors.Is(err, egress.ErrForbiddenAddress) {
		return nil, nil, ErrAddress
	}
	if err != nil {
		return nil, nil, ErrOutside.Because(err)
	}
	defer response.Body.Close()
	if next, err := response.Location(); err == nil && response.StatusCode >= 300 && response.StatusCode < 400 {
		return nil, next, nil
	}
	if response.StatusCode != http.StatusOK {
		return nil, nil, ErrOutside.Because(fmt.Errorf("status %d", response.StatusCode))
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxOutside+1))
	switch {
	case err != nil:
		return nil, nil, ErrOutside.Because(err)
	case len(data) > maxOutside, len(data) == 0:
		return nil, nil, ErrPicture
	}
	return data, nil, nil
}
