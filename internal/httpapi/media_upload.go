package httpapi

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/media"
)

const (
	// maxForm is the largest file and what a form adds to it.
	maxForm = media.MaxSize + maxPreamble
	// maxPreamble bounds what comes before the file in a form, all of which is held in memory.
	maxPreamble = 64 << 10
	// uploadPause is how long an upload may say nothing, uploadTime how long it may take.
	uploadPause = 30 * time.Second
	uploadTime  = 15 * time.Minute
)

// Refusals of uploads.
var (
	errNoFile    = fault.New(fault.Invalid, "file_missing", "Send the file as multipart/form-data in a field named file.")
	errCutOff    = fault.New(fault.Invalid, "upload_incomplete", "The upload ended in the middle. Send the file again.")
	errNotAForm  = fault.New(fault.Invalid, "unsupported_media_type", "Send the file as multipart/form-data.")
	errTooSlowly = fault.New(fault.Invalid, "upload_too_slow", "The upload took too long. Try a better connection or a smaller file.")
)

type uploaded struct {
	URL      string `json:"url" doc:"Where the file can be fetched, for a day at least"`
	ID       string `json:"id"`
	MimeType string `json:"mimeType" doc:"Told by the content, not by the name"`
	Size     int64  `json:"size" doc:"In bytes"`
	Filename string `json:"filename"`
	Kind     string `json:"kind" enum:"IMAGE,VIDEO,AUDIO,DOCUMENT,STICKER" doc:"As what it is shown"`
	Sendable bool   `json:"sendable" doc:"Whether WhatsApp takes files of this type"`

	ThumbnailURL string  `json:"thumbnailUrl,omitempty" doc:"Of a picture: a JPEG of at most 320 pixels"`
	Width        int     `json:"width,omitempty" doc:"Of a picture, as it is shown"`
	Height       int     `json:"height,omitempty"`
	Duration     float64 `json:"duration,omitempty" doc:"Of sound and film, in seconds"`
}

// upload keeps a file of a form, as it arrives.
func (s *server) upload(w http.ResponseWriter, r *http.Request, c caller) error {
	content, filename, err := fileOf(w, r)
	if err != nil {
		w.Header().Set("Connection", "close") // the rest is not waited for
		return err
	}
	take := s.deps.Files.Upload
	if r.URL.Query().Get("voice") == "true" {
		take = s.deps.Files.UploadVoice
	}
	f, err := take(r.Context(), c.tenant, c.User, filename, content)
	if err != nil {
		w.Header().Set("Connection", "close")
		return err
	}
	out := uploaded{
		URL: s.deps.Links.To(c.tenant, f.Name), ID: f.ID.String(), MimeType: f.MimeType, Size: f.Size, Filename: f.Filename,
		Kind: string(f.Kind), Sendable: media.Sendable(f.MimeType), Width: f.Width, Height: f.Height, Duration: f.Duration.Seconds(),
	}
	if name := f.ThumbName(); name != "" {
		out.ThumbnailURL = s.deps.Links.To(c.tenant, name)
	}
	return writeJSON(w, http.StatusCreated, out)
}

// fileOf finds the file in a form, without reading it.
func fileOf(w http.ResponseWriter, r *http.Request) (content io.Reader, filename string, err error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || parameters["boundary"] == "" {
		return nil, "", &problem{status: http.StatusUnsupportedMediaType, Err: errNotAForm.Text, Message: errNotAForm.Text, Code: errNotAForm.Code}
	}
	if r.ContentLength > maxForm {
		return nil, "", media.ErrTooLarge
	}
	arriving := &arrival{
		from: http.MaxBytesReader(w, r.Body, maxForm), connection: http.NewResponseController(w), left: maxPreamble,
		end: time.Now().Add(uploadTime), //nolint:forbidigo // the connection knows only the machine's time
	}
	form := multipart.NewReader(arriving, parameters["boundary"])
	for {
		part, err := form.NextRawPart()
		if err != nil && arriving.left <= 0 {
			return nil, "", errNoFile // cut off by us, wherever that was
		}
		if err != nil {
			return nil, "", formProblem(err)
		}
		if part.FormName() == "file" {
			arriving.left = maxForm
			return partReader{part}, part.FileName(), nil
		}
	}
}

// arrival reads a body that must keep coming, and of which only so much may come until
// somebody says otherwise.
type arrival struct {
	from       io.Reader
	connection *http.ResponseController
	end        time.Time
	left       int64
}

// Read implements io.Reader.
func (a *arrival) Read(p []byte) (int, error) {
	if a.left <= 0 {
		return 0, errNoFile
	}
	pause := time.Now().Add(uploadPause) //nolint:forbidigo // the connection knows only the machine's time
	if pause.After(a.end) {
		pause = a.end
	}
	_ = a.connection.SetReadDeadline(pause) // not every connection has deadlines (tests)
	n, err := a.from.Read(p[:min(int64(len(p)), a.left)])
	a.left -= int64(n)
	return n, err
}

// partReader words what goes wrong while a file arrives.
type partReader struct{ part io.Reader }

// Read implements io.Reader.
func (p partReader) Read(b []byte) (int, error) {
	n, err := p.part.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = formProblem(err)
	}
	return n, err
}

// formProblem turns what a broken form causes into a refusal.
func formProblem(err error) error {
	var tooLarge *http.MaxBytesError
	var known *fault.Fault
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &tooLarge):
		return media.ErrTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &problem{status: http.StatusRequestTimeout, Err: errTooSlowly.Text, Message: errTooSlowly.Text, Code: errTooSlowly.Code, Retryable: new(true)}
	case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return errNoFile
	default:
		return errCutOff.Because(err)
	}
}

func describeUpload(op *huma.Operation, schemas huma.Registry) {
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type: huma.TypeObject, Required: []string{"file"},
		Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary", Description: "At most 50 MB; pictures 5 MB, sound and video 16 MB, stickers 500 KB"}},
	}}}}
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: "voice", In: "query", Schema: &huma.Schema{Type: huma.TypeBoolean},
		Description: "true: the file is a recording, and a voice note is made of it (OGG with Opus, one channel)",
	})
	op.Responses["201"] = &huma.Response{
		Description: "Created", Content: map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(reflect.TypeFor[uploaded](), true, "")}},
	}
}
