package httpapi_test

// pageCalls is what the pages outside the desk call.
var pageCalls = []string{
	"PATCH /auth/me", "PUT /auth/me/password", "GET /auth/sessions", "DELETE /auth/sessions/{id}",
	"GET /auth/totp", "POST /auth/totp", "POST /auth/totp/confirm", "POST /auth/totp/recovery-codes", "POST /auth/totp/disable",
	"GET /api/users", "POST /api/users", "PATCH /api/users/{id}", "PATCH /api/users/{id}/status", "DELETE /api/users/{id}", "DELETE /api/users/{id}/totp",
	"GET /api/contacts", "POST /api/contacts", "GET /api/contacts/stats", "GET /api/contacts/{id}", "PATCH /api/contacts/{id}", "DELETE /api/contacts/{id}",
	"GET /api/contacts/{id}/conversations", "POST /api/contacts/import/preview", "POST /api/contacts/import", "GET /api/contacts/duplicates",
	"GET /api/contacts/merges", "POST /api/contacts/merges/{id}/undo", "POST /api/contacts/{id}/merge", "POST /api/contacts/{id}/erase",
	"GET /api/escalations", "GET /api/escalations/stats", "PATCH /api/escalations/{id}", "POST /api/escalations/{id}/assign", "POST /api/escalations/{id}/resolve",
	"GET /api/tags", "POST /api/tags", "PATCH /api/tags/{id}", "GET /api/quick-replies", "POST /api/quick-replies", "PATCH /api/quick-replies/{id}",
	"GET /api/reports/overview", "GET /api/reports/attendants", "GET /api/reports/hourly", "GET /api/reports/outside-hours", "GET /api/reports/units",
	"GET /api/reports/timeline", "GET /api/reports/bot",
	"GET /api/tenants", "POST /api/tenants", "GET /api/tenants/{id}", "PATCH /api/tenants/{id}", "GET /api/tenants/{id}/stats", "PATCH /api/tenants/current",
	"GET /api/tenants/whatsapp-config", "POST /api/tenants/whatsapp-config", "POST /api/tenants/whatsapp-config/check",
	"GET /api/tenants/numbers", "POST /api/tenants/numbers", "GET /api/whatsapp/numbers", "POST /api/whatsapp/numbers/sync", "POST /api/whatsapp/numbers/{id}/default",
	"GET /api/whatsapp/account-events", "GET /api/tenants/n8n-config", "PUT /api/tenants/n8n-config", "POST /api/tenants/n8n-config/rotate-key",
	"PUT /api/tenants/n8n-config/ip-allow-list", "GET /api/tenants/availability", "PUT /api/tenants/availability",
	"GET /api/tenants/availability/tariffs", "PUT /api/tenants/availability/tariffs",
	"GET /api/dead-letters", "POST /api/dead-letters/{id}/replay", "POST /api/dead-letters/replay-all",
	"GET /api/webhooks", "POST /api/webhooks", "PATCH /api/webhooks/{id}", "POST /api/webhooks/{id}/rotate-secret", "POST /api/webhooks/{id}/test",
	"GET /api/webhooks/{id}/deliveries", "POST /api/webhooks/{id}/deliveries/{deliveryId}/replay",
	"GET /api/usage-tracking", "GET /api/usage-tracking/current", "GET /api/audit-logs", "GET /api/audit-logs/{id}", "POST /api/audit-logs/client-error",
	"GET /api/webhook-events", "GET /api/webhook-events/{id}", "POST /api/webhook-events/{id}/replay",
	"POST /api/whatsapp/templates", "POST /api/whatsapp/templates/sync", "GET /api/whatsapp/templates/{id}", "PATCH /api/whatsapp/templates/{id}",
	"DELETE /api/whatsapp/templates/{id}", "POST /api/whatsapp/templates/{id}/preview",
}
