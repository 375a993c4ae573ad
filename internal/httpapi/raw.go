package httpapi

import (
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
)

// raw makes a handler of the table out of a method that reads and writes bytes rather
// than JSON: files. The row's guard stands before it as before any other; describe adds to
// the document what cannot be read off Go types.
func raw(handle func(s *server, w http.ResponseWriter, r *http.Request, c caller) error, describe func(op *huma.Operation, schemas huma.Registry)) func(*server, huma.API, huma.Operation) {
	return func(s *server, api huma.API, op huma.Operation) {
		schemas := api.OpenAPI().Components.Schemas
		op.Responses = map[string]*huma.Response{"default": {
			Description: "Error", Content: map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(reflect.TypeFor[problem](), true, "")}},
		}}
		describe(&op, schemas)
		if !op.Hidden {
			api.OpenAPI().AddOperation(&op)
		}
		api.Adapter().Handle(&op, op.Middlewares.Handler(func(ctx huma.Context) {
			r, w := humachi.Unwrap(ctx)
			if err := handle(s, w, r, callerOf(ctx.Context())); err != nil {
				writeProblem(w, report(r, s.deps.Log, err))
			}
		}))
	}
}

func writeJSON(w http.ResponseWriter, status int, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // the caller has gone
	return nil
}
