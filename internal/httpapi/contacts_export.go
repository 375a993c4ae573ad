package httpapi

import (
	"fmt"
	"io"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/guestbook"
	"github.com/botreserva/botreserva/internal/sheet"
)

// exportTime is how long a list of guests may take to be fetched.
const exportTime = 5 * time.Minute

// exportHeader names the columns for the people at the hotel.
var exportHeader = []string{
	"Nome", "Primeiro nome", "Sobrenome", "Empresa", "Cargo", "Telefone", "E-mail", "Conversas", "Última conversa",
	"Situação da última conversa", "Criado em", "Atualizado em",
}

// situations names the states of conversations for the people at the hotel.
var situations = map[string]string{
	"BOT_HANDLING": "Com o robô", "OPEN": "Aberta", "IN_PROGRESS": "Em atendimento", "WAITING": "Aguardando",
	"CLOSED": "Encerrada", "ARCHIVED": "Arquivada",
}

// exportContacts writes guests as a table, row by row.
func (s *server) exportContacts(w http.ResponseWriter, r *http.Request, c caller) error {
	format, search, err := exportAsked(r)
	if err != nil {
		return err
	}
	e, err := s.deps.Guests.Export(r.Context(), c.tenant, c.User, contact.SearchFor(search), format)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", exportTypes[format])
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="contatos-%s.%s"`, s.deps.Clock.Now().In(e.Zone).Format(time.DateOnly), format))
	if e.IsCut {
		h.Set("X-Export-Truncated", "true")
	}
	connection := http.NewResponseController(w)
	_ = connection.SetWriteDeadline(time.Now().Add(exportTime)) //nolint:forbidigo // the connection knows only the machine's time
	defer func() { _ = connection.SetWriteDeadline(time.Time{}) }()
	if err := writeContacts(w, r, e, format); err != nil {
		s.deps.Log.WarnContext(r.Context(), "export of contacts ended early", "err", err)
		panic(http.ErrAbortHandler) // half a table must not look like a whole one
	}
	return nil
}

var exportTypes = map[string]string{"csv": sheet.ContentType, "xlsx": sheet.ContentTypeXLSX}

// exportAsked reads the query as huma would.
func exportAsked(r *http.Request) (format, search string, err error) {
	q := r.URL.Query()
	format, search = "xlsx", q.Get("search")
	if q.Has("format") {
		format = q.Get("format")
	}
	if exportTypes[format] == "" {
		return "", "", wrongField("query.format", "Use xlsx or csv.")
	}
	if utf8.RuneCountInString(search) > 200 {
		return "", "", wrongField("query.search", "Use at most 200 characters.")
	}
	return format, search, nil
}

func writeContacts(w io.Writer, r *http.Request, e *guestbook.Export, format string) error {
	table, err := newTable(w, format)
	if err != nil {
		return err
	}
	err = e.Each(r.Context(), func(g contact.Record) error { return table.Write(exportRow(g, e.Zone)...) })
	if err == nil && e.IsCut {
		err = table.Write(fmt.Sprintf("A exportação termina em %d contatos; refine a busca para ver os demais.", guestbook.MaxExport))
	}
	if err != nil {
		return err
	}
	return table.Close()
}

func newTable(w io.Writer, format string) (sheet.Writer, error) {
	if format == "csv" {
		return sheet.NewCSV(w, exportHeader...)
	}
	return sheet.NewXLSX(w, "Contatos", exportHeader...)
}

func exportRow(g contact.Record, zone *time.Location) []any {
	var lastAt, situation any
	if g.Last != nil {
		lastAt, situation = g.Last.LastMessageAt.In(zone), situations[g.Last.State]
	}
	return []any{
		g.Name, g.FirstName, g.LastName, g.CompanyName, g.Designation, g.Phone.Readable(), g.Email, g.Conversations, lastAt,
		situation, g.CreatedAt.In(zone), g.UpdatedAt.In(zone),
	}
}

// describeExport says in the document what the query is and what comes.
func describeExport(op *huma.Operation, _ huma.Registry) {
	most := 200
	op.Parameters = []*huma.Param{
		{Name: "format", In: "query", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"xlsx", "csv"}, Default: "xlsx"}},
		{Name: "search", In: "query", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: &most}},
	}
	file := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	op.Responses["200"] = &huma.Response{
		Description: "A table with at most 10,000 rows; X-Export-Truncated says that there are more",
		Content:     map[string]*huma.MediaType{"text/csv": file, sheet.ContentTypeXLSX: file},
	}
}
