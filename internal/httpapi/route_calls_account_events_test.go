package httpapi_test

import "maps"

func init() { maps.Copy(calls, accountEventCalls) }

var accountEventCalls = map[string]call{
	"GET /api/whatsapp/account-events": {query: func(chat) string { return "?kind=template_status&severity=warning&page=1&limit=5" }},
}
