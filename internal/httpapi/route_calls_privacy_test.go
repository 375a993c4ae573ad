package httpapi_test

import "maps"

func init() { maps.Copy(calls, privacyCalls) }

var privacyCalls = map[string]call{
	"GET /api/contacts/{id}/export": {names: byThing, missing: "contact_not_found", id: guestOf},
}
