package httpapi_test

import "maps"

func init() { maps.Copy(calls, platformCalls) }

var platformCalls = map[string]call{
	"GET /api":                   {},
	"GET /api/debug/tenant-info": {},
	"GET /api/debug/auth-info":   {},
	"GET /api/debug/headers":     {},
	"GET /api/debug/test-tenant/{slug}": {at: func(c chat) string {
		return "/api/debug/test-tenant/" + c.hotel.Slug
	}},
}
