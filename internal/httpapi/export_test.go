package httpapi

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/user"
)

// Row is a line of the table of routes, as tests outside of the package see it.
type Row struct {
	Method, Path string
	Who          string // "anybody", "somebody", "colleague", "insider" or "flow"
	Roles        user.RoleSet
	Scope        string // "nothing", "self", "seen", "hotel" or "platform"
	Limit        string // "", "api", "create", "n8n" or "media"
	Summary      string
	Status       int
	MaxBody      int64
}

// Name is how tests call a row.
func (r Row) Name() string { return r.Method + " " + r.Path }

// Rows lists the table of routes.
func Rows() []Row {
	who := map[access]string{anybody: "anybody", somebody: "somebody", colleague: "colleague", insider: "insider", flow: "flow"}
	limits := map[limit]string{limitNone: "", limitAPI: "api", limitCreate: "create", limitN8N: "n8n", limitMedia: "media"}
	scopes := map[scope]string{nothing: "nothing", ownSelf: "self", seen: "seen", wholeHotel: "hotel", wholePlatform: "platform"}
	rows := make([]Row, 0, len(routes))
	for _, r := range routes {
		rows = append(rows, Row{r.method, r.path, who[r.who], r.roles, scopes[r.scope], limits[r.limit], r.summary, r.status, maxBody(r)})
	}
	return rows
}

// ZAPIWords words the body of a call of Z-API's as ours.
func ZAPIWords(call string, body []byte) []byte {
	name, ending, _ := strings.Cut(call, "/")
	return (&zapiBody{call: name, ending: ending}).word(body)
}

// Groups lists the sets of roles that rows may name, the narrowest first.
func Groups() []user.RoleSet { return []user.RoleSet{none, platform, managers, leads, sellers, team} }

// Addresses lists the paths under which a path of the table is served.
func Addresses(path string) []string { return addresses(path) }

// Document is the OpenAPI document before it is written.
func Document() *huma.OpenAPI {
	api := humachi.New(chi.NewRouter(), apiConfig("test"))
	(&server{}).mount(api, routes)
	return api.OpenAPI()
}

// PagePolicy is the policy of our own pages.
var PagePolicy = pagePolicy

// Examples is what the document shows of bodies.
var Examples = examples

// BotContents reads a body as every send-* would, and returns what each would send.
func BotContents(data []byte) map[string]content.Content {
	find := func(address string) (content.File, error) { return content.File{Link: address}, nil }
	out := map[string]content.Content{}
	for name, says := range map[string]botSays{
		"text": &BotText{}, "buttons": &BotButtons{}, "list": &BotList{}, "media": &BotMedia{}, "template": &BotTemplate{}, "quick replies": &BotQuickReplies{},
	} {
		if storableJSON.Unmarshal(data, says) != nil {
			continue
		}
		what, err := says.content(find)
		if err != nil {
			continue
		}
		out[name] = content.Fit(what)
		if err := content.Check(out[name]); err != nil {
			for _, d := range fault.Of(err).Details {
				_ = says.field(d.Path)
			}
			delete(out, name)
		}
	}
	return out
}
