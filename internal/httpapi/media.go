package httpapi

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
)

const (
	// mediaPolicy lets what is shown of a file run nothing and load nothing.
	mediaPolicy = "default-src 'none'; sandbox"
	// pdfPolicy does the same for browsers' PDF viewers, which a sandbox would stop.
	pdfPolicy = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
	// downloadTime is how long a file may take to be fetched.
	downloadTime = 15 * time.Minute
)

// serveMedia gives a file to whoever has a signed address of it, or is logged in at its
// hotel. What is odd about an address is told no more than what is missing.
func (s *server) serveMedia(w http.ResponseWriter, r *http.Request, _ caller) error {
	tenantID, err := id.ParseTenant(chi.URLParam(r, "tenantId"))
	name := chi.URLParam(r, "fileId")
	if err != nil || !media.IsName(name) {
		return media.ErrNotFound
	}
	fresh, err := s.mayFetch(r, tenantID, name)
	if err != nil {
		return err
	}
	f, err := s.deps.Files.Find(r.Context(), tenantID, name)
	if err != nil {
		return err
	}
	mediaHeaders(w.Header(), f, fresh)
	if strings.Contains(r.Header.Get("Range"), ",") {
		r.Header.Del("Range") // several ranges at once: players ask for one
	}
	connection := http.NewResponseController(w)
	_ = connection.SetWriteDeadline(time.Now().Add(downloadTime)) //nolint:forbidigo // the connection knows only the machine's time
	defer func() { _ = connection.SetWriteDeadline(time.Time{}) }()
	content := s.deps.Files.Open(r.Context(), f)
	defer func() { _ = content.Close() }()
	http.ServeContent(&refusing{ResponseWriter: w, r: r, s: s}, r, "", f.CreatedAt, content)
	return nil
}

// mayFetch returns for how long what is fetched may be kept.
func (s *server) mayFetch(r *http.Request, tenantID id.Tenant, name string) (time.Duration, error) {
	q := r.URL.Query()
	if !q.Has("e") && !q.Has("s") {
		c, err := s.identify(r, somebody, team)
		if err == nil && c.User.Role != user.SuperAdmin && c.User.TenantID != tenantID {
			err = media.ErrNotFound
		}
		return time.Hour, err
	}
	until, err := s.deps.Links.Check(tenantID, name, q.Get("e"), q.Get("s"))
	if err != nil {
		return 0, err
	}
	hotel, err := s.deps.Directory.Hotel(r.Context(), tenantID)
	if errors.Is(err, tenant.ErrUnknown) || err == nil && hotel.MayWork(s.deps.Clock.Now()) != nil {
		err = media.ErrNotFound
	}
	return until.Sub(s.deps.Clock.Now()), err
}

func mediaHeaders(h http.Header, f media.File, fresh time.Duration) {
	h.Set("Content-Type", "application/octet-stream")
	disposition := "attachment"
	h.Set("Content-Security-Policy", mediaPolicy)
	if f.MayShow() {
		h.Set("Content-Type", f.MimeType)
		disposition = "inline"
	}
	if f.MimeType == "application/pdf" {
		h.Set("Content-Security-Policy", pdfPolicy)
	}
	filename := f.Filename
	if filename == "" {
		filename = f.Name
	}
	h.Set("Content-Disposition", disposition+named(filename))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // <img> of a dashboard that is served from elsewhere
	h.Set("ETag", fmt.Sprintf(`"%x"`, f.SHA256[:16]))
	h.Set("Cache-Control", fmt.Sprintf("private, max-age=%d, immutable", int(fresh.Seconds())))
}

// named writes a file's name twice: in ASCII for old clients, in full as RFC 5987 wants it.
func named(filename string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, filename)
	return fmt.Sprintf(`; filename="%s"; filename*=UTF-8''%s`, plain, strings.ReplaceAll(url.QueryEscape(filename), "+", "%20"))
}

// refusing words the refusals of http.ServeContent (a range that is none, a condition
// that does not hold) as all of ours are.
type refusing struct {
	http.ResponseWriter
	r       *http.Request
	s       *server
	refused bool
}

var (
	errRange     = fault.New(fault.Invalid, "range_invalid", "The file has no such range of bytes.")
	errCondition = fault.New(fault.Invalid, "condition_failed", "The file is not the one that the request means.")
)

// WriteHeader implements http.ResponseWriter.
func (w *refusing) WriteHeader(status int) {
	if status < http.StatusBadRequest {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.refused = true
	why := errRange
	if status == http.StatusPreconditionFailed {
		why = errCondition
	}
	h := w.Header()
	for _, name := range []string{"Content-Disposition", "Content-Length", "Content-Encoding", "ETag", "Last-Modified"} {
		h.Del(name)
	}
	for name, value := range everyAnswer {
		h.Set(name, value)
	}
	p := problemOf(why, "")
	p.status = status
	writeProblem(w.ResponseWriter, report(w.r, w.s.deps.Log, p))
}

// Write implements http.ResponseWriter.
func (w *refusing) Write(p []byte) (int, error) {
	if w.refused {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

func describeMedia(op *huma.Operation, _ huma.Registry) {
	text := &huma.Schema{Type: huma.TypeString}
	op.Parameters = []*huma.Param{
		{Name: "tenantId", In: "path", Required: true, Schema: text},
		{Name: "fileId", In: "path", Required: true, Schema: text, Description: "With its extension"},
		{Name: "e", In: "query", Schema: text, Description: "When the address ends; together with s, in place of a token"},
		{Name: "s", In: "query", Schema: text, Description: "Signature of the address"},
	}
	file := map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	op.Responses["200"] = &huma.Response{Description: "The file, under its own type", Content: file}
	op.Responses["206"] = &huma.Response{Description: "The range of it that was asked for", Content: file}
	op.Responses["304"] = &huma.Response{Description: "It has not changed"}
}
