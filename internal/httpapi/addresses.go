package httpapi

import "strings"

// addresses lists the paths under which a route is served, the first being the one
// that is documented: /api/x is /api/v1/x too, and /auth/x is /api/v1/auth/x too.
func addresses(path string) []string {
	if path == "/api" {
		return []string{path, "/api/v1"}
	}
	if rest, ok := strings.CutPrefix(path, "/api/"); ok {
		return []string{path, "/api/v1/" + rest}
	}
	if strings.HasPrefix(path, "/auth/") {
		return []string{path, "/api/v1" + path}
	}
	return []string{path}
}

// operationID names an operation in the OpenAPI document: get-api-conversations-id.
func operationID(r route, address int) string {
	path := addresses(r.path)[address]
	name := strings.NewReplacer("/", "-", "{", "", "}", "").Replace(path)
	return strings.ToLower(r.method) + name
}
