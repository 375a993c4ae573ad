package httpapi

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/guestbook"
)

const (
	maxImportFile = 5 << 20
	maxMapping    = 64 << 10
	// importTime is how long a file may take to arrive.
	importTime = time.Minute
)

var (
	errImportForm = fault.New(fault.Invalid, "unsupported_media_type", "Send the file as multipart/form-data, in a part called file.")
	errImportPart = fault.New(fault.Invalid, "import_file_missing", "Send the file in a part called file.")
	errImportSize = fault.New(fault.TooLarge, "import_too_large", "The file is larger than 5 MB. Send it in parts.")
)

// importedColumn is a column of the file; field is null when it is left out.
type importedColumn struct {
	Column string  `json:"column"`
	Field  *string `json:"field"`
}

type importProblem struct {
	Line    int    `json:"line"`
	Column  string `json:"column"`
	Message string `json:"message"`
}

// importCounts is what became, or would become, of the rows.
type importCounts struct {
	Total   int `json:"total"`
	Created int `json:"created"`
	Updated int `json:"updated"`
	Skipped int `json:"skipped" doc:"The same as in the book already"`
	Failed  int `json:"failed"`
}

// ImportOutcome is what came, or would come, of a file. It is exported because huma passes
// over embedded fields that are not.
type ImportOutcome struct {
	Counts         importCounts     `json:"counts"`
	Columns        []importedColumn `json:"columns" nullable:"false"`
	UnknownColumns []string         `json:"unknownColumns" nullable:"false"`
	Separator      string           `json:"separator"`
	Encoding       string           `json:"encoding"`
	Errors         []importProblem  `json:"errors" nullable:"false"`
}

// importRow is what would become of a row, with the values as they would be written.
type importRow struct {
	Line              int             `json:"line"`
	Action            string          `json:"action" enum:"create,update,skip,error"`
	PhoneNumber       string          `json:"phoneNumber"`
	Name              *string         `json:"name"`
	FirstName         *string         `json:"firstName"`
	LastName          *string         `json:"lastName"`
	CompanyName       *string         `json:"companyName"`
	Designation       *string         `json:"designation"`
	Email             *string         `json:"email"`
	ExistingContactID *string         `json:"existingContactId"`
	Errors            []importProblem `json:"errors" nullable:"false"`
}

type importPreview struct {
	ImportOutcome
	Data []importRow `json:"data" nullable:"false"`
}

func (s *server) previewImport(w http.ResponseWriter, r *http.Request, c caller) error {
	data, mapping, err := importedFile(w, r)
	if err != nil {
		return err
	}
	plan, err := s.deps.Guests.Preview(r.Context(), c.tenant, data, mapping)
	if err != nil {
		return err
	}
	out := importPreview{ImportOutcome: outcomeOf(plan), Data: make([]importRow, 0, len(plan.Lines))}
	for _, l := range plan.Lines {
		out.Data = append(out.Data, importRowOf(l))
	}
	return writeJSON(w, http.StatusOK, out)
}

func (s *server) importContacts(w http.ResponseWriter, r *http.Request, c caller) error {
	data, mapping, err := importedFile(w, r)
	if err != nil {
		return err
	}
	plan, err := s.deps.Guests.Import(r.Context(), c.tenant, c.User, data, mapping)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, outcomeOf(plan))
}

// importedFile reads the form: the file, and perhaps which column holds which field.
func importedFile(w http.ResponseWriter, r *http.Request) (data []byte, mapping map[string]string, err error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || parameters["boundary"] == "" {
		p := problemOf(errImportForm, "")
		p.status = http.StatusUnsupportedMediaType
		return nil, nil, p
	}
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(time.Now().Add(importTime)) //nolint:forbidigo // the connection knows only the machine's time
	defer func() { _ = connection.SetReadDeadline(time.Time{}) }()
	body := http.MaxBytesReader(w, r.Body, maxImportFile+2*maxMapping)
	form := multipart.NewReader(body, parameters["boundary"])
	for {
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, importProblemOf(err)
		}
		switch part.FormName() {
		case "file":
			data, err = upTo(part, maxImportFile)
		case "mapping":
			mapping, err = mappingOf(part)
		}
		if err != nil {
			return nil, nil, importProblemOf(err)
		}
	}
	if data == nil {
		return nil, nil, errImportPart
	}
	return data, mapping, nil
}

func importProblemOf(err error) error {
	var f *fault.Fault
	var size *http.MaxBytesError
	switch {
	case errors.As(err, &f):
		return err
	case errors.As(err, &size):
		return errImportSize
	default:
		return errImportPart.Because(err)
	}
}

func upTo(part io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(part, most+1))
	if err == nil && int64(len(data)) > most {
		err = errImportSize
	}
	if data == nil {
		data = []byte{}
	}
	return data, err
}

func mappingOf(part io.Reader) (map[string]string, error) {
	text, err := upTo(part, maxMapping)
	if err != nil || len(text) == 0 {
		return nil, err
	}
	var mapping map[string]string
	if err := json.Unmarshal(text, &mapping); err != nil {
		return nil, guestbook.ErrMapping
	}
	return mapping, nil
}

func outcomeOf(p *guestbook.Plan) ImportOutcome {
	out := ImportOutcome{
		Counts: importCounts{
			Total: len(p.Lines), Created: p.Count(guestbook.Create), Updated: p.Count(guestbook.Update),
			Skipped: p.Count(guestbook.Skip), Failed: p.Count(guestbook.Refuse),
		},
		Columns: make([]importedColumn, 0, len(p.Columns)), UnknownColumns: []string{},
		Separator: p.Separator, Encoding: p.Encoding, Errors: importProblems(p.Problems()),
	}
	for _, column := range p.Columns {
		shown := importedColumn{Column: column.Heading}
		if column.Field == "" {
			out.UnknownColumns = append(out.UnknownColumns, column.Heading)
		} else {
			shown.Field = &column.Field
		}
		out.Columns = append(out.Columns, shown)
	}
	return out
}

func importProblems(all []guestbook.Problem) []importProblem {
	out := make([]importProblem, 0, len(all))
	for _, p := range all {
		out = append(out, importProblem(p))
	}
	return out
}

func importRowOf(l guestbook.Line) importRow {
	about := l.About
	row := importRow{
		Line: l.Number, Action: string(l.Fate), PhoneNumber: string(l.Phone), Name: about.Name, FirstName: about.FirstName,
		LastName: about.LastName, CompanyName: about.CompanyName, Designation: about.Designation, Email: about.Email,
		Errors: importProblems(l.Problems),
	}
	if !l.Existing.IsZero() {
		existing := l.Existing.String()
		row.ExistingContactID = &existing
	}
	return row
}

// describeImport and describePreview say in the document what is sent and what comes.
func describeImport(op *huma.Operation, schemas huma.Registry) {
	describeImported(op, schemas, reflect.TypeFor[ImportOutcome]())
}

func describePreview(op *huma.Operation, schemas huma.Registry) {
	describeImported(op, schemas, reflect.TypeFor[importPreview]())
}

func describeImported(op *huma.Operation, schemas huma.Registry, answer reflect.Type) {
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type: huma.TypeObject, Required: []string{"file"},
		Properties: map[string]*huma.Schema{
			"file": {Type: huma.TypeString, Format: "binary", Description: "CSV, at most 5 MB and 10,000 rows, in UTF-8 or Windows-1252"},
			"mapping": {
				Type:        huma.TypeString,
				Description: `Which column holds which field, as JSON: {"Fone fixo": "phoneNumber", "Obs": ""}. Columns that are not named are known by their headings.`,
			},
		},
	}}}}
	op.Responses["200"] = &huma.Response{
		Description: "OK", Content: map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(answer, true, "")}},
	}
}
