package httpapi_test

import "maps"

func init() { maps.Copy(calls, reportCalls) }

var reportCalls = map[string]call{
	"GET /api/reports/overview":      {query: asked("?period=7d&format=json")},
	"GET /api/reports/attendants":    {query: asked("?period=90d")},
	"GET /api/reports/hourly":        {query: asked("?startDate=2026-01-01")},
	"GET /api/reports/outside-hours": {query: asked("?period=1y&page=1&limit=5")},
	"GET /api/reports/units":         {query: asked("?period=1y&nothing=known")},
	"GET /api/reports/timeline":      {query: asked("?endDate=2026-01-31")},
	"GET /api/reports/bot":           {},
}

func asked(query string) func(chat) string { return func(chat) string { return query } }
