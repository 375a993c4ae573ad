package whatsapp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/egress"
)

// MediaLife is how long Meta keeps what a guest sent (since October 2025).
const MediaLife = 7 * 24 * time.Hour

// MaxInbound is the largest file that Meta passes on: larger ones arrive as error 131052.
const MaxInbound = 100_000_000

// DownloadTime is how long a whole download may take.
const DownloadTime = 4 * time.Minute

// downloadPause is how long a download may bring nothing.
const downloadPause = 30 * time.Second

// Refusals of downloads.
var (
	// ErrMediaID says that an id is none of Meta's; it is not put into an address.
	ErrMediaID = errors.New("not an id of media")
	// ErrMediaGone says that an address of a file leads nowhere any more: ask for a new one.
	ErrMediaGone = errors.New("the address of the file has expired")
	// ErrMediaHost says that an address is not Meta's, so that it gets no token.
	ErrMediaHost = errors.New("the address of the file is not Meta's")
	errStalled   = errors.New("the file stopped coming")
)

// mediaHosts are where Meta keeps files.
var mediaHosts = []string{"lookaside.fbsbx.com", "graph.facebook.com"}

// Media is what Meta says of a file.
type Media struct {
	URL      string // for five minutes, and only with the token
	MimeType string
	SHA256   string // base64 or hexadecimal
	Size     int64  // 0 when it is not told
}

// Media asks where a file can be fetched now. Errors are those of a call, and ErrMediaID.
func (c *Client) Media(ctx context.Context, who Credentials, mediaID string) (Media, error) {
	if mediaID == "" || strings.ContainsFunc(mediaID, isNoMediaID) {
		return Media{}, ErrMediaID
	}
	var answer struct {
		URL      string `json:"url"`
		MimeType loose  `json:"mime_type"`
		SHA256   loose  `json:"sha256"`
		Size     loose  `json:"file_size"` // a text in some samples
	}
	path := "?phone_number_id=" + url.QueryEscape(who.PhoneNumberID)
	if err := c.call(ctx, Credentials{PhoneNumberID: mediaID, AccessToken: who.AccessToken}, path, nil, &answer); err != nil {
		return Media{}, err
	}
	size, _ := strconv.ParseInt(string(answer.Size), 10, 64)
	return Media{URL: answer.URL, MimeType: string(answer.MimeType), SHA256: string(answer.SHA256), Size: max(size, 0)}, nil
}

func isNoMediaID(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '_'
}

// Download opens a file at an address that Media told. Close it. The token goes to Meta's
// hosts alone, and no redirect is followed. A download that takes longer than DownloadTime,
// or stops coming, fails. Errors besides those of the network: ErrMediaHost, ErrMediaGone
// and *APIError.
func (c *Client) Download(ctx context.Context, who Credentials, address string) (*Download, error) {
	if err := who.check(); err != nil {
		return nil, err
	}
	u, err := url.Parse(address)
	if err != nil || !c.isMetas(u) {
		return nil, ErrMediaHost
	}
	ctx, cancel := context.WithTimeout(ctx, DownloadTime)
	d := &Download{Size: -1, cancel: cancel}
	d.pause = c.pause
	d.stalled = time.AfterFunc(d.pause, cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, errors.Join(ErrMediaHost, d.Close())
	}
	request.Header.Set("Authorization", "Bearer "+who.AccessToken)
	request.Header.Set("User-Agent", "BotReserva") // without one there is no file
	request.Header.Set("Accept-Encoding", "identity")
	response, err := c.http.Do(request) //nolint:bodyclose // whoever gets the Download closes it
	if err != nil {
		return nil, errors.Join(fmt.Errorf("fetch file: %w", egress.WithoutURL(err)), d.Close())
	}
	d.body, d.Size = response.Body, response.ContentLength
	if response.StatusCode == http.StatusOK {
		return d, nil
	}
	answer, _ := io.ReadAll(io.LimitReader(d, maxAnswer))
	refused := errors.Join(readRefusal(answer).apiError(response), d.Close())
	if response.StatusCode == http.StatusNotFound || response.StatusCode == http.StatusGone {
		return nil, ErrMediaGone
	}
	return nil, refused
}

// isMetas reports whether the token may go to an address: to Meta's by https, or to the
// server that stands in for Meta, under the address by which we know it.
func (c *Client) isMetas(u *url.URL) bool {
	if u.User != nil || u.Opaque != "" {
		return false
	}
	if base, err := url.Parse(c.base); err == nil && u.Scheme == base.Scheme && u.Host == base.Host {
		return true
	}
	return u.Scheme == "https" && u.Port() == "" && slices.Contains(mediaHosts, strings.ToLower(u.Hostname()))
}

// Download is a file on its way to us. It must keep coming.
type Download struct {
	Size    int64 // as announced; negative when it was not
	body    io.ReadCloser
	cancel  context.CancelFunc
	pause   time.Duration // how long it may bring nothing
	stalled *time.Timer
}

// Read implements io.Reader. A body that is shorter than announced is an error, which
// net/http finds.
func (d *Download) Read(p []byte) (int, error) {
	n, err := d.body.Read(p)
	if n > 0 && !d.stalled.Reset(d.pause) {
		err = errors.Join(err, errStalled)
	}
	return n, err
}

// Close implements io.Closer.
func (d *Download) Close() error {
	d.stalled.Stop()
	d.cancel()
	if d.body == nil {
		return nil
	}
	return d.body.Close()
}

// UploadTime is how long giving a file to Meta may take.
const UploadTime = 3 * time.Minute

// Upload is a file to be given to Meta.
type Upload struct {
	MimeType string
	Filename string // letters, digits, "-", "_" and "."
	Size     int64
	Content  io.Reader
}

// UploadMedia gives a file to Meta and returns its id there, which holds for 30 days and for
// this number. The content is streamed. Errors are those of a call; after any of them it may
// be done again.
func (c *Client) UploadMedia(ctx context.Context, who Credentials, u Upload) (string, error) {
	if err := who.check(); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, UploadTime)
	defer cancel()
	request, sent, err := c.uploadRequest(ctx, who, u)
	if err != nil {
		return "", err
	}
	var accepted struct {
		ID loose `json:"id"`
	}
	if err := c.exchange(request, sent, &accepted); err != nil {
		return "", err
	}
	if accepted.ID == "" || strings.ContainsFunc(string(accepted.ID), isNoMediaID) {
		return "", &UnknownOutcomeError{HTTPStatus: http.StatusOK, Err: errUnreadable}
	}
	return string(accepted.ID), nil
}

// uploadRequest makes a form whose size is known before, so that it is sent as a whole and
// not in chunks.
func (c *Client) uploadRequest(ctx context.Context, who Credentials, u Upload) (*http.Request, *progress, error) {
	var head, tail bytes.Buffer
	form := multipart.NewWriter(&head)
	for _, field := range [][2]string{{"messaging_product", "whatsapp"}, {"type", u.MimeType}} {
		if err := form.WriteField(field[0], field[1]); err != nil {
			return nil, nil, fmt.Errorf("make form: %w", err)
		}
	}
	part := textproto.MIMEHeader{}
	part.Set("Content-Disposition", multipart.FileContentDisposition("file", u.Filename))
	part.Set("Content-Type", u.MimeType)
	if _, err := form.CreatePart(part); err != nil {
		return nil, nil, fmt.Errorf("make form: %w", err)
	}
	fmt.Fprintf(&tail, "\r\n--%s--\r\n", form.Boundary())
	size := int64(head.Len()) + u.Size + int64(tail.Len())
	sent := &progress{size: size}
	body := io.MultiReader(&head, io.LimitReader(u.Content, u.Size), &tail)
	request, err := http.NewRequestWithContext(sent.watch(ctx), http.MethodPost, c.base+who.PhoneNumberID+"/media", body)
	if err != nil {
		return nil, nil, fmt.Errorf("make request: %w", err)
	}
	request.ContentLength = size
	request.Header.Set("Authorization", "Bearer "+who.AccessToken)
	request.Header.Set("User-Agent", "BotReserva")
	request.Header.Set("Content-Type", form.FormDataContentType())
	return request, sent, nil
}
