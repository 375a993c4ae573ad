package httpapi

import (
	"context"
	"errors"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/botreserva/botreserva/internal/auth"
)

// to makes a handler of the table out of a method: it gets who asks and a checked
// input, and returns what to answer or why not.
func to[I, O any](handle func(s *server, ctx context.Context, c caller, in *I) (*O, error)) func(*server, huma.API, huma.Operation) {
	return func(s *server, api huma.API, op huma.Operation) {
		huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
			out, err := handle(s, ctx, callerOf(ctx), in)
			if err != nil {
				return nil, s.refuse(ctx, op, err)
			}
			return out, nil
		})
	}
}

// maxJSON is how large a body may be, but for files.
const maxJSON = 1 << 20

// maxBody is more for what flows send files in.
func maxBody(r route) int64 {
	switch strings.TrimPrefix(r.path, "/api/n8n/") {
	case "send-media", "send-image", "send-video", "send-audio", "send-document", "send-buttons", "send-carousel":
		return maxFileJSON
	}
	return maxJSON
}

// mount adds routes, each under all its addresses.
func (s *server) mount(api huma.API, rows []route) {
	for _, r := range rows {
		if s.isHidden(r) {
			continue
		}
		for i, path := range addresses(r.path) {
			op := huma.Operation{
				OperationID: operationID(r, i), Method: r.method, Path: path, Summary: r.summary, DefaultStatus: r.status, MaxBodyBytes: maxBody(r) + 1, // the library refuses the number itself
				Middlewares: huma.Middlewares{s.guard(r)}, Hidden: i > 0,
			}
			r.add(s, api, op)
		}
	}
	complete(api.OpenAPI(), rows)
}

// guard lets only those through whom the route admits, and no more often than its
// limit allows.
func (s *server) guard(r route) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		request, w := humachi.Unwrap(ctx)
		request.Header.Set("Content-Type", inLowerCase(request.Header.Get("Content-Type"))) // huma compares it as it is
		c, err := s.identify(request, r.who, r.roles)
		c.ip, c.answer = s.deps.ClientIP(request), w.Header()
		if r.who == flow {
			c.said = overhear(request, r.path)
		}
		if r.who == flow && errors.Is(err, auth.ErrKey) {
			if limited := s.count(w, request, r.limit, caller{}); limited != nil { // by address: a guess is nobody's call
				err = limited
			}
		}
		if err == nil {
			err = checkText(request)
		}
		if err == nil {
			err = s.count(w, request, r.limit, c)
		}
		if err != nil {
			p := report(request, s.deps.Log, err)
			if r.who == flow {
				p = p.forFlow()
			}
			writeProblem(w, p)
			return
		}
		next(huma.WithValue(ctx, callerKey{}, c))
	}
}

// inLowerCase writes the type so that it can be compared, but not the boundary of a form,
// in which case counts.
func inLowerCase(contentType string) string {
	if kind, parameters, found := strings.Cut(contentType, ";"); found && strings.HasPrefix(strings.ToLower(kind), "multipart/") {
		return strings.ToLower(kind) + ";" + parameters
	}
	return strings.ToLower(contentType)
}
