package httpapi

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
)

// route is one line of the table below.
type route struct {
	method, path string
	who          access
	limit        limit
	summary      string
	status       int // of success
	add          func(s *server, api huma.API, op huma.Operation)
}

// routes is the whole JSON surface of the product: method, path, who may call, which
// limit counts, and who answers. Paths below /api are served below /api/v1 too, and
// /auth is served as /api/v1/auth too.
var routes = []route{
	{http.MethodPost, "/auth/login", anybody, limitNone, "Log in", 200, to((*server).login)},
	{http.MethodPost, "/auth/refresh", anybody, limitAPI, "Get new tokens", 200, to((*server).refresh)},
	{http.MethodGet, "/auth/me", somebody, limitAPI, "Who am I", 200, to((*server).me)},
	{http.MethodPost, "/auth/logout", somebody, limitAPI, "Log out", 200, to((*server).logout)},

	{http.MethodGet, "/api/conversations", colleague, limitAPI, "List conversations", 200, to((*server).listConversations)},
	{http.MethodGet, "/api/conversations/{id}", colleague, limitAPI, "Get a conversation", 200, to((*server).getConversation)},
	{http.MethodPatch, "/api/conversations/{id}", colleague, limitAPI, "Change a conversation", 200, to((*server).changeConversation)},
	{http.MethodPost, "/api/conversations/{id}/assign", colleague, limitAPI, "Give a conversation to somebody", 200, to((*server).assign)},
	{http.MethodPost, "/api/conversations/{id}/unassign", colleague, limitAPI, "Give a conversation back to everybody", 200, to((*server).unassign)},
	{http.MethodPost, "/api/conversations/{id}/close", colleague, limitAPI, "Close a conversation", 200, to((*server).closeConversation)},
	{http.MethodPost, "/api/conversations/{id}/read", colleague, limitAPI, "Mark a conversation read", 200, to((*server).markRead)},
	{http.MethodPatch, "/api/conversations/{id}/ia-lock", colleague, limitAPI, "Take a conversation from the bot, or hand it back", 200, to((*server).setLock)},
	{http.MethodGet, "/api/conversations/{id}/messages", colleague, limitAPI, "List a conversation's messages", 200, to((*server).listMessages)},
	{http.MethodPost, "/api/conversations/{id}/messages", colleague, limitCreate, "Send a message", 201, to((*server).sendMessage)},
	{http.MethodGet, "/api/messages/conversations/{id}/messages", colleague, limitAPI, "List a conversation's messages (old path)", 200, to((*server).listMessages)},
	{http.MethodPost, "/api/messages", colleague, limitCreate, "Send a message (conversationId in the body)", 201, to((*server).sendMessageTo)},

	{http.MethodPost, "/api/n8n/send-text", flow, limitN8N, "Send a text as the bot", 200, to((*server).botSendText)},
	{http.MethodPost, "/api/n8n/escalate", flow, limitN8N, "Call for a person", 201, to((*server).botEscalate)},
	{http.MethodGet, "/api/n8n/check-ia-lock", flow, limitN8N, "Does a person hold the conversation", 200, to((*server).botCheckLock)},
	{http.MethodPost, "/api/n8n/mark-read", flow, limitN8N, "Show the guest that a message was read", 200, to((*server).botMarkRead)},

	{http.MethodGet, "/health", anybody, limitNone, "Is the process alive", 200, to((*server).alive)},
	{http.MethodGet, "/api/health", anybody, limitNone, "Are the parts it needs alive", 200, to((*server).healthy)},
}

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

// mount adds every route under all its addresses.
func (s *server) mount(api huma.API) {
	for _, r := range routes {
		for i, path := range addresses(r.path) {
			op := huma.Operation{
				OperationID: operationID(r, i), Method: r.method, Path: path, Summary: r.summary, DefaultStatus: r.status,
				Middlewares: huma.Middlewares{s.guard(r)}, Hidden: i > 0,
			}
			r.add(s, api, op)
		}
	}
	complete(api.OpenAPI())
}

// guard lets only those through whom the route admits, and no more often than its
// limit allows.
func (s *server) guard(r route) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		request, w := humachi.Unwrap(ctx)
		request.Header.Set("Content-Type", strings.ToLower(request.Header.Get("Content-Type"))) // huma compares it as it is
		c, err := s.identify(request, r.who)
		c.ip = s.deps.ClientIP(request)
		if err == nil {
			err = checkText(request)
		}
		if err == nil {
			err = s.count(w, request, r.limit, c)
		}
		if err != nil {
			writeProblem(w, report(request, s.deps.Log, err))
			return
		}
		next(huma.WithValue(ctx, callerKey{}, c))
	}
}
