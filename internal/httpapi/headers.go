package httpapi

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/go-chi/cors"
)

// apiPolicy is for answers that are data: a browser that is led to one shows it as
// nothing, runs nothing and frames nothing.
const apiPolicy = "default-src 'none'; frame-ancestors 'none'"

// everyAnswer has these headers, refusals too. What browsers are to show, pages and
// files, replaces what it must.
var everyAnswer = map[string]string{
	"Cache-Control":                     "no-store",
	"Content-Security-Policy":           apiPolicy,
	"Cross-Origin-Opener-Policy":        "same-origin",
	"Cross-Origin-Resource-Policy":      "same-origin",
	"Permissions-Policy":                "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
	"Referrer-Policy":                   "no-referrer",
	"X-Content-Type-Options":            "nosniff",
	"X-Frame-Options":                   "DENY",
	"X-Permitted-Cross-Domain-Policies": "none",
}

// secureOnly tells browsers to come by https for a year. It is sent only to those who
// did: a hotel that tries us out without a certificate must not be locked out.
const secureOnly = "max-age=31536000; includeSubDomains"

func (s *server) securityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for name, value := range everyAnswer {
			h.Set(name, value)
		}
		if s.deps.IsHTTPS != nil && s.deps.IsHTTPS(r) {
			h.Set("Strict-Transport-Security", secureOnly)
		}
		next.ServeHTTP(w, r)
	})
}

// IsHTTPS returns a function that tells whether a client came by https: to us, or to a
// trusted proxy that says so.
func IsHTTPS(trusted []netip.Prefix) func(*http.Request) bool {
	return func(r *http.Request) bool {
		if r.TLS != nil {
			return true
		}
		peer, ok := addrOf(r.RemoteAddr)
		said, _, _ := strings.Cut(r.Header.Get("X-Forwarded-Proto"), ",")
		return ok && contains(trusted, peer) && strings.EqualFold(strings.TrimSpace(said), "https")
	}
}

func contains(networks []netip.Prefix, ip netip.Addr) bool {
	for _, n := range networks {
		if n.Contains(ip) {
			return true
		}
	}
	return false
}

// pagePolicy is for the pages that we serve ourselves: scripts and styles are files of
// ours, never written into the page; pictures and sound may be made in the browser
// (recordings, previews) or be fetched from where media addresses lead; sockets go to
// where we are reached, said by name because older Safaris do not count ws: as 'self'.
func pagePolicy(publicURL, mediaURL string) string {
	files, sockets := originOf(mediaURL), ""
	if public := originOf(publicURL); public != "" {
		sockets = " ws" + strings.TrimPrefix(public, "http")
	}
	if files != "" {
		files = " " + files
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; " +
		"img-src 'self' data: blob:" + files + "; media-src 'self' blob:" + files + "; connect-src 'self'" + sockets + files +
		"; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// pageHeaders are for pages of ours: a dashboard records voices.
func (s *server) pageHeaders(h http.Header) {
	h.Set("Content-Security-Policy", s.pages)
	h.Set("Permissions-Policy", strings.Replace(everyAnswer["Permissions-Policy"], "microphone=()", "microphone=(self)", 1))
}

// corsOptions let dashboards on other origins call us, those of the list and no others.
func corsOptions(origins []string) cors.Options {
	return cors.Options{
		AllowOriginFunc: func(_ *http.Request, origin string) bool { return isOneOf(origins, origin) },
		AllowedMethods:  []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"},
		AllowedHeaders: []string{
			"Authorization", "Content-Type", "X-Tenant-Slug", "Idempotency-Key", "X-Request-Id", "X-Requested-With", "Range", "If-None-Match",
		},
		ExposedHeaders: []string{
			"X-Request-Id", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy",
			"Content-Disposition", "Content-Range", "ETag",
		},
		AllowCredentials: true,
		MaxAge:           86400,
	}
}

func isOneOf(list []string, text string) bool {
	for _, l := range list {
		if l == text {
			return true
		}
	}
	return false
}
