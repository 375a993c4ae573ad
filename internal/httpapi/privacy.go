package httpapi

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/privacy"
	"github.com/botreserva/botreserva/internal/wire"
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
		Description: "A ZIP: contact.json, conversations.json, messages.jsonl, escalations.json, merges.json, audit.json, media/, and manifest.json with the SHA-256 of each",
		Content:     map[string]*huma.MediaType{"application/zip": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}
}

type eraseContactInput struct {
	ContactPath
	Body struct {
		Confirm string `json:"confirm" minLength:"1" maxLength:"200" doc:"The contact's phone number or name, typed anew"`
		Reason  string `json:"reason" minLength:"3" maxLength:"500" doc:"Kept in the report; it must not name the guest"`
	}
}

// signedReport is the proof that a guest's data was erased.
type signedReport struct {
	Report    any             `json:"report" doc:"Signed without white space between its parts"`
	Signature reportSignature `json:"signature"`
}

type reportSignature struct {
	Algorithm string `json:"algorithm"`
	PublicKey string `json:"publicKey" doc:"Base64"`
	Value     string `json:"value" doc:"Base64"`
}

func signedReportOf(e postgres.Erasure) signedReport {
	s := privacy.Of(e)
	base := base64.StdEncoding
	return signedReport{s.Report, reportSignature{s.Signature.Algorithm, base.EncodeToString(s.Signature.PublicKey), base.EncodeToString(s.Signature.Value)}}
}

// eraseContact takes away everything that names a guest, for good.
func (s *server) eraseContact(ctx context.Context, c caller, in *eraseContactInput) (*reply[signedReport], error) {
	guest, err := in.id()
	if err != nil {
		return nil, err
	}
	e, err := s.deps.Privacy.Erase(ctx, c.tenant, c.User, guest, in.Body.Confirm, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return answer(signedReportOf(e)), nil
}

type erasureRow struct {
	ID        string    `json:"id"`
	ContactID string    `json:"contactId"`
	ErasedBy  string    `json:"erasedBy"`
	ErasedAt  wire.Time `json:"erasedAt"`
}

type listErasuresInput struct {
	Page  int `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Limit int `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (s *server) listErasures(ctx context.Context, c caller, in *listErasuresInput) (*reply[list[erasureRow]], error) {
	found, total, err := s.deps.DB.Erasures(ctx, c.tenant, in.Limit, (in.Page-1)*in.Limit)
	if err != nil {
		return nil, err
	}
	out := list[erasureRow]{Data: make([]erasureRow, 0, len(found)), Pagination: paginate(in.Page, in.Limit, total)}
	for _, e := range found {
		out.Data = append(out.Data, erasureRow{e.ID.String(), e.ContactID.String(), e.ErasedBy.String(), wire.At(e.ErasedAt)})
	}
	return answer(out), nil
}

type erasureInput struct {
	ID string `path:"id"`
}

func (s *server) getErasure(ctx context.Context, c caller, in *erasureInput) (*reply[signedReport], error) {
	report, err := uuid.Parse(in.ID)
	if err != nil {
		return nil, postgres.ErrNoErasure
	}
	e, err := s.deps.DB.Erasure(ctx, c.tenant, report)
	if err != nil {
		return nil, err
	}
	return answer(signedReportOf(e)), nil
}

type reportKeys struct {
	Algorithm  string   `json:"algorithm"`
	PublicKeys []string `json:"publicKeys" nullable:"false" doc:"Base64; the one in use first"`
}

// reportKey tells with which keys reports of erasures are signed.
func (s *server) reportKey(context.Context, caller, *struct{}) (*reply[reportKeys], error) {
	out := reportKeys{Algorithm: privacy.Algorithm, PublicKeys: []string{}}
	for _, k := range s.deps.Privacy.PublicKeys() {
		out.PublicKeys = append(out.PublicKeys, base64.StdEncoding.EncodeToString(k))
	}
	return answer(out), nil
}
