package httpapi

import (
	"context"
	"hash"
	"net/http"
	"strings"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
)

// access is who may call a route. Every route says it: one that does not, does not
// compile into the table.
type access uint8

const (
	anybody   access = iota + 1
	somebody         // logged in, whatever the hotel
	colleague        // logged in, in the hotel that the request is about
	insider          // as colleague, but a super admin who names no hotel looks at the platform
	flow             // a hotel's flow, by its key
)

// caller is who asks, and for which hotel.
type caller struct {
	auth.Principal
	tenant id.Tenant        // of a colleague or flow
	hotel  *directory.Hotel // of a flow
	ip     string           // of the client, behind trusted proxies
	answer http.Header      // of what is being answered
	said   hash.Hash        // of what a flow calls; whole once the body is read
}

type callerKey struct{}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// identify finds out who asks, as far as a route wants to know, and keeps out whom it
// does not admit.
func (s *server) identify(r *http.Request, who access, roles user.RoleSet) (caller, error) {
	switch who {
	case anybody:
		return caller{}, nil
	case flow:
		hotel, err := s.deps.Auth.Flow(r.Context(), flowKey(r), s.deps.ClientAddr(r))
		if err != nil {
			return caller{}, err
		}
		if isFacade(r.Context()) && !hotel.Bot.Facade {
			return caller{}, errFacadeOff
		}
		return caller{tenant: hotel.ID, hotel: hotel}, nil
	case somebody, colleague, insider:
	}
	token, ok := strings.CutPrefix(only(r.Header, "Authorization"), "Bearer ")
	if !ok {
		return caller{}, fault.ErrUnauthorized
	}
	p, err := s.deps.Auth.Authenticate(r.Context(), token)
	if err == nil && !roles.Has(p.User.Role) {
		err = errRole
	}
	if err != nil || who == somebody {
		return caller{Principal: p}, err
	}
	if who == insider && p.User.Role == user.SuperAdmin && r.Header.Get("X-Tenant-Slug") == "" {
		return caller{Principal: p}, nil
	}
	t, err := s.tenantOf(r, p.User)
	return caller{Principal: p, tenant: t}, err
}

var errRole = fault.New(fault.Forbidden, "role_forbidden", "Your role may not do this. Ask an administrator of the hotel.")

// flowKey reads the key of a flow. In the query, where the original took it too, it
// would end up in logs: refused.
func flowKey(r *http.Request) string { return only(r.Header, "X-API-Key") }

// only returns a header that is there exactly once: of two credentials, a proxy may
// have checked the other.
func only(h http.Header, name string) string {
	if values := h.Values(name); len(values) == 1 {
		return values[0]
	}
	return ""
}

// tenantOf returns the hotel of a request: the person's own. Naming another is
// refused; only a super admin may choose.
func (s *server) tenantOf(r *http.Request, u user.User) (id.Tenant, error) {
	slug := r.Header.Get("X-Tenant-Slug")
	if u.Role != user.SuperAdmin {
		if slug == "" {
			return u.TenantID, nil
		}
		own, err := s.deps.Directory.Hotel(r.Context(), u.TenantID)
		if err != nil {
			return u.TenantID, err
		}
		if own.Slug != slug {
			return u.TenantID, tenant.ErrForeign
		}
		return u.TenantID, nil
	}
	if slug == "" {
		return id.Tenant{}, errNoTenant
	}
	hotel, err := s.deps.Directory.BySlug(r.Context(), slug)
	if err != nil {
		return id.Tenant{}, err
	}
	return hotel.ID, nil
}
