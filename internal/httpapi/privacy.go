package httpapi

import (
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
)

// archiveTime is how long everything about a guest may take to be fetched.
const archiveTime = 15 * time.Minute

// exportContact writes everything that is kept of a guest.
func (s *server) exportContact(w http.ResponseWriter, r *http.Request, c caller) error {
	guest, err := ContactPath{ID: chi.URLParam(r, "id")}.id()
	if err != nil {
		return err
	}
	e, err := s.deps.Privacy.Export(r.Context(), c.tenant, c.User, guest)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="contato-%s-%s.zip"`, guest, e.At.UTC().Format(time.DateOnly)))
	connection := http.NewResponseController(w)
	_ = connection.SetWriteDeadline(time.Now().Add(archiveTime)) //nolint:forbidigo // the connection knows only the machine's time
	defer func() { _ = connection.SetWriteDeadline(time.Time{}) }()
	if err := e.WriteTo(r.Context(), w); err != nil {
		s.deps.Log.WarnContext(r.Context(), "export of a contact ended early", "contact_id", guest, "err", err)
		panic(http.ErrAbortHandler) // half an archive must not look like a whole one
	}
	return nil
}

// describeContactArchive says in the document what comes.
func describeContactArchive(op *huma.Operation, _ huma.Registry) {
	op.Parameters = []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}}
	op.Responses["200"] = &huma.Response{
		Description: "A ZIP: contact.json, conversations.json, messages.jsonl, escalations.json, audit.json, media/, and manifest.json with the SHA-256 of each",
		Content:     map[string]*huma.MediaType{"application/zip": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}
}
