package httpapi

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/wire"
)

// Routes below this are for whoever sets the platform up. They are not there at all in
// production, and elsewhere they are the operator's: what they tell is no secret, but a
// staging server has hotels, too.
const debugPrefix = "/api/debug/"

func (s *server) isHidden(r route) bool {
	return s.deps.Environment == "production" && strings.HasPrefix(r.path, debugPrefix)
}

type debugTenant struct {
	ID     string        `json:"id"`
	Slug   string        `json:"slug"`
	Name   string        `json:"name"`
	Status tenant.Status `json:"status"`
}

func debugTenantOf(h *directory.Hotel) *debugTenant {
	return &debugTenant{h.ID.String(), h.Slug, h.Name, h.Status}
}

type tenantInfo struct {
	Tenant *debugTenant `json:"tenant" doc:"The hotel that the request names"`
	Slug   string       `json:"slug" doc:"As the request has it"`
	Host   string       `json:"host"`
}

// RequestHost is the host that a request names. It is exported for huma, as
// ConversationPath is.
type RequestHost struct{ host string }

// Resolve implements huma.Resolver.
func (h *RequestHost) Resolve(ctx huma.Context) []error {
	h.host = ctx.Host()
	return nil
}

type tenantInfoInput struct {
	RequestHost
	Slug string `header:"X-Tenant-Slug"`
}

func (s *server) debugTenantInfo(ctx context.Context, _ caller, in *tenantInfoInput) (*reply[tenantInfo], error) {
	out := tenantInfo{Slug: in.Slug, Host: in.host}
	hotel, err := s.deps.Directory.BySlug(ctx, in.Slug)
	if err == nil {
		out.Tenant = debugTenantOf(hotel)
	} else if !errors.Is(err, tenant.ErrUnknown) {
		return nil, err
	}
	return answer(out), nil
}

type authInfo struct {
	Authenticated bool      `json:"authenticated"`
	User          wire.User `json:"user"`
}

func (s *server) debugAuthInfo(_ context.Context, c caller, _ *struct{}) (*reply[authInfo], error) {
	return answer(authInfo{true, wire.UserOf(c.User)}), nil
}

type headersInfo struct {
	Headers map[string]string `json:"headers"`
	IP      string            `json:"ip" doc:"Of the client, as far as our proxies are believed"`
	IsHTTPS bool              `json:"isHttps"`
}

// telling are the headers whose values are worth seeing and hold no secret.
var telling = []string{
	"Accept", "Accept-Encoding", "Accept-Language", "Cache-Control", "Connection", "Content-Length", "Content-Type", "Forwarded", "Host",
	"Origin", "Range", "User-Agent", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Real-Ip",
	"X-Request-Id", "X-Tenant-Slug",
}

// RequestHeaders are the headers of a request; see RequestHost.
type RequestHeaders struct{ request *http.Request }

// Resolve implements huma.Resolver.
func (h *RequestHeaders) Resolve(ctx huma.Context) []error {
	h.request, _ = humachi.Unwrap(ctx)
	return nil
}

type headersInput struct{ RequestHeaders }

func (s *server) debugHeaders(_ context.Context, c caller, in *headersInput) (*reply[headersInfo], error) {
	out := headersInfo{Headers: map[string]string{}, IP: c.ip, IsHTTPS: s.deps.IsHTTPS != nil && s.deps.IsHTTPS(in.request)}
	for name, values := range in.request.Header {
		out.Headers[name] = "••••"
		if slices.Contains(telling, name) {
			out.Headers[name] = strings.ToValidUTF8(strings.Join(values, ", "), "?")
		}
	}
	return answer(out), nil
}

type testTenantInput struct {
	Slug string `path:"slug"`
}

type testTenant struct {
	Exists bool         `json:"exists"`
	Tenant *debugTenant `json:"tenant"`
}

func (s *server) debugTestTenant(ctx context.Context, _ caller, in *testTenantInput) (*reply[testTenant], error) {
	hotel, err := s.deps.Directory.BySlug(ctx, in.Slug)
	if errors.Is(err, tenant.ErrUnknown) {
		return answer(testTenant{}), nil
	}
	if err != nil {
		return nil, err
	}
	return answer(testTenant{true, debugTenantOf(hotel)}), nil
}
