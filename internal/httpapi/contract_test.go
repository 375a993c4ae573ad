package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/botreserva/botreserva/internal/httpapi"
)

// promised is every call that dashboards, flows and customers of the original make
// (contract §1 and §2.3), those that it added after December 2025 included, and those that
// its dashboards made in vain. A line lists the methods of a path.
var promised = []string{
	"POST /auth/login", "POST /auth/refresh", "POST /auth/register", "POST /auth/change-password", "POST /auth/logout", "GET /auth/me",
	"GET /api", "GET /health", "GET /api/health", "GET /api/docs", "GET /api/docs/swagger.json",

	"GET /api/conversations/stats", "GET /api/conversations", "POST /api/conversations", "GET /api/conversations/{id}", "PATCH /api/conversations/{id}",
	"POST /api/conversations/{id}/assign", "POST /api/conversations/{id}/unassign", "POST /api/conversations/{id}/read", "POST /api/conversations/{id}/close",
	"POST /api/conversations/{id}/archive", "DELETE /api/conversations/{id}", "PATCH /api/conversations/{id}/ia-lock",
	"GET /api/conversations/{id}/messages", "POST /api/conversations/{id}/messages", "GET /api/conversations/{id}/messages/stats",
	"POST /api/conversations/{id}/messages/template", "POST /api/conversations/{id}/messages/buttons", "POST /api/conversations/{id}/messages/list",

	"GET /api/messages/search", "POST /api/messages/{id}/read", "GET /api/messages/conversations/{id}/messages", "GET /api/messages/conversations/{id}/stats",
	"POST /api/messages", "POST /api/messages/template", "POST /api/messages/buttons", "POST /api/messages/list",

	"GET /api/contacts", "GET /api/contacts/stats", "GET /api/contacts/export", "GET /api/contacts/phone/{phoneNumber}", "GET /api/contacts/{id}/conversations",
	"GET /api/contacts/{id}", "POST /api/contacts", "PATCH /api/contacts/{id}", "DELETE /api/contacts/{id}",

	"GET /api/users", "GET /api/users/{id}", "POST /api/users", "PATCH /api/users/{id}", "PATCH /api/users/{id}/status", "DELETE /api/users/{id}",

	"GET /api/escalations/stats", "GET /api/escalations/check-ia-lock", "GET /api/escalations", "POST /api/escalations",
	"GET /api/escalations/{id}", "PATCH /api/escalations/{id}",

	"GET /api/reports/overview", "GET /api/reports/attendants", "GET /api/reports/hourly", "GET /api/reports/outside-hours",

	"POST /api/tenants", "GET /api/tenants", "GET /api/tenants/{id}", "PATCH /api/tenants/{id}", "DELETE /api/tenants/{id}", "GET /api/tenants/{id}/stats",
	"POST /api/tenants/whatsapp-config", "GET /api/tenants/whatsapp-config",

	"GET /api/tags", "GET /api/tags/{id}", "POST /api/tags", "PATCH /api/tags/{id}", "DELETE /api/tags/{id}",
	"POST /api/tags/conversation", "DELETE /api/tags/conversation",
	"GET /api/quick-replies", "GET /api/quick-replies/{id}", "POST /api/quick-replies", "PATCH /api/quick-replies/{id}", "DELETE /api/quick-replies/{id}",

	"GET /api/usage-tracking", "GET /api/usage-tracking/current",
	"GET /api/audit-logs", "GET /api/audit-logs/{id}", "POST /api/audit-logs/client-error",
	"GET /api/webhook-events", "GET /api/webhook-events/{id}", "POST /api/webhook-events/{id}/replay", "DELETE /api/webhook-events/{id}",

	"GET /api/media/{tenantId}/{fileId}", "POST /api/media/upload",
	"GET /api/debug/tenant-info", "GET /api/debug/auth-info", "GET /api/debug/headers", "GET /api/debug/test-tenant/{slug}",

	"GET /webhooks/whatsapp", "POST /webhooks/whatsapp",
	"POST /api/n8n/set-hotel-unit", "POST /api/n8n/mark-followup-sent", "POST /api/n8n/mark-opportunity",
	"GET /api/n8n/track-click",
	"POST /api/n8n/send-carousel", "GET /api/n8n/check-availability", "GET /api/n8n/check-room-availability",
	"POST /api/n8n/send-buttons", "POST /api/n8n/send-list", "POST /api/n8n/send-media", "POST /api/n8n/send-template", "POST /api/n8n/send-quick-replies",
	"POST /api/n8n/send-text", "POST /api/n8n/escalate", "GET /api/n8n/check-ia-lock", "POST /api/n8n/mark-read",
}

// toCome are promises that are not kept yet, and what they come with.
var toCome = map[string]string{
	"GET /webhooks/messenger":  "other channels",
	"POST /webhooks/messenger": "other channels",
	"GET /webhooks/instagram":  "other channels",
	"POST /webhooks/instagram": "other channels",
}

// added is what we serve that the original did not, and why.
var added = map[string]string{
	"GET /health/live":  "orchestrators ask apart whether to start a process again",
	"GET /health/ready": "and whether to send requests to it",

	"POST /api/n8n/track-link":              "links are signed, so somebody has to make them",
	"GET /api/tenants/availability":         "the original scraped one booking engine",
	"PUT /api/tenants/availability":         "see GET /api/tenants/availability",
	"GET /api/tenants/availability/tariffs": "a hotel's own table of tariffs",
	"PUT /api/tenants/availability/tariffs": "see GET /api/tenants/availability/tariffs",

	"POST /api/n8n/send-option-list": "the original promised it in a comment; Z-API has it",
	"POST /api/n8n/send-image":       "Z-API has it",
	"POST /api/n8n/send-video":       "Z-API has it",
	"POST /api/n8n/send-audio":       "Z-API has it",
	"POST /api/n8n/send-document":    "Z-API has it",

	"POST /api/conversations/{id}/messages/media":   "files by id, by address or by link",
	"POST /api/conversations/{id}/messages/content": "everything that WhatsApp takes, in one shape",
	"POST /api/messages/media":                      "the same with the conversation in the body",
	"POST /api/messages/content":                    "the same with the conversation in the body",
	"POST /api/conversations/{id}/scheduled":        "messages that are sent later",
	"GET /api/conversations/{id}/scheduled":         "messages that are sent later",
	"DELETE /api/scheduled-messages/{id}":           "messages that are sent later",
	"POST /api/messages/{id}/resend":                "failed messages are sent again with one tap",
	"POST /api/conversations/{id}/notes":            "colleagues leave each other notes beside what the guest reads",
	"POST /api/conversations/{id}/typing":           "guests are shown that somebody types",

	"PUT /api/conversations/{id}/reservation": "what a guest wants to book, and whether it was sold",
	"GET /api/conversations/counts":           "lists say how many they have, also behind filters",
	"GET /api/users/names":                    "attendants see who wrote what, and to whom they may give a conversation",

	"PATCH /auth/me":                                         "people change their name and picture themselves",
	"PUT /auth/me/password":                                  "where the March backend for /api/v1 had it",
	"POST /auth/forgot-password":                             "whoever forgot a password had to ask an administrator for one",
	"POST /auth/reset-password":                              "see forgot-password",
	"GET /auth/sessions":                                     "a lost telephone can be logged out",
	"DELETE /auth/sessions/{id}":                             "see GET /auth/sessions",
	"GET /auth/totp":                                         "second factor",
	"POST /auth/totp":                                        "second factor",
	"POST /auth/totp/confirm":                                "second factor",
	"POST /auth/totp/recovery-codes":                         "second factor",
	"POST /auth/totp/disable":                                "second factor",
	"PUT /api/users/{id}":                                    "how the March backend for /api/v1 changed people",
	"DELETE /api/users/{id}/totp":                            "second factor: help for who lost it",
	"POST /api/conversations/{id}/unarchive":                 "what is archived by mistake comes back",
	"POST /api/contacts/import":                              "guests come as a CSV file",
	"POST /api/contacts/import/preview":                      "see POST /api/contacts/import",
	"GET /api/contacts/duplicates":                           "one person turns up as two guests",
	"GET /api/contacts/merges":                               "see POST /api/contacts/{id}/merge",
	"POST /api/contacts/{id}/merge":                          "two guests are made one",
	"POST /api/contacts/merges/{id}/undo":                    "and two again",
	"GET /api/contacts/{id}/export":                          "LGPD, article 18: a guest gets everything that is kept of them",
	"POST /api/contacts/{id}/erase":                          "LGPD, article 18: a guest is erased",
	"GET /api/privacy/erasures":                              "the proofs of it",
	"GET /api/privacy/erasures/{id}":                         "see GET /api/privacy/erasures",
	"GET /api/privacy/key":                                   "with which the proofs are verified",
	"POST /api/escalations/{id}/assign":                      "the original's page sends assignedToId, which its server dropped",
	"POST /api/escalations/{id}/resolve":                     "ends it and hands the guest back to the bot in one step",
	"GET /api/reports/units":                                 "the units compared",
	"GET /api/reports/timeline":                              "day by day",
	"GET /api/reports/bot":                                   "what the bot did",
	"GET /api/tenants/current":                               "a hotel's settings, which the original set by SQL",
	"PATCH /api/tenants/current":                             "see GET /api/tenants/current",
	"POST /api/tenants/whatsapp-config/check":                "asks Meta whether the settings work",
	"GET /api/tenants/numbers":                               "a hotel may have several WhatsApp numbers",
	"POST /api/tenants/numbers":                              "see GET /api/tenants/numbers",
	"DELETE /api/tenants/numbers/{id}":                       "see GET /api/tenants/numbers",
	"GET /api/tenants/n8n-config":                            "the original set the flow by SQL",
	"PUT /api/tenants/n8n-config":                            "see GET /api/tenants/n8n-config",
	"POST /api/tenants/n8n-config/test":                      "asks the flow whether it can be reached",
	"POST /api/tenants/n8n-config/rotate-key":                "keys of flows are secrets that can be replaced",
	"PUT /api/tenants/n8n-config/ip-allow-list":              "says from where keys of flows work",
	"GET /api/webhooks":                                      "programs outside are told what happens",
	"POST /api/webhooks":                                     "see GET /api/webhooks",
	"GET /api/webhooks/{id}":                                 "see GET /api/webhooks",
	"PATCH /api/webhooks/{id}":                               "see GET /api/webhooks",
	"DELETE /api/webhooks/{id}":                              "see GET /api/webhooks",
	"POST /api/webhooks/{id}/rotate-secret":                  "see GET /api/webhooks",
	"POST /api/webhooks/{id}/test":                           "see GET /api/webhooks",
	"GET /api/webhooks/{id}/deliveries":                      "see GET /api/webhooks",
	"POST /api/webhooks/{id}/deliveries/{deliveryId}/replay": "see GET /api/webhooks",
	"POST /api/n8n/send-location":                            "the original could not",
	"POST /api/n8n/send-content":                             "the original could not",
	"POST /api/n8n/send-reaction":                            "the original could not",
	"GET /api/n8n/conversation":                              "for the node package",
	"POST /api/n8n/lock":                                     "for the node package",
	"POST /api/n8n/unlock":                                   "for the node package",
	"POST /api/n8n/notes":                                    "for the node package",
	"POST /api/n8n/tags":                                     "for the node package",
	"GET /api/n8n/contacts/{phone}":                          "for the node package",
	"PATCH /api/n8n/contacts/{phone}":                        "for the node package",
	"GET /api/n8n/me":                                        "n8n tests a credential with it",
	"GET /api/n8n/webhooks":                                  "the trigger node subscribes by itself",
	"POST /api/n8n/webhooks":                                 "see GET /api/n8n/webhooks",
	"GET /api/n8n/webhooks/{id}":                             "see GET /api/n8n/webhooks",
	"PATCH /api/n8n/webhooks/{id}":                           "see GET /api/n8n/webhooks",
	"DELETE /api/n8n/webhooks/{id}":                          "see GET /api/n8n/webhooks",
	"GET /api/audit-logs/export":                             "who did what, as a table",
	"GET /api/whatsapp/account-events":                       "what WhatsApp says of the account, which the original threw away",
	"GET /api/whatsapp/numbers":                              "how WhatsApp sees each number, and how long the version of its API lasts",
	"POST /api/whatsapp/numbers/sync":                        "see GET /api/whatsapp/numbers",
	"POST /api/whatsapp/numbers/{id}/default":                "see GET /api/tenants/numbers",
	"GET /api/whatsapp/templates":                            "the original knew one template by heart",
	"POST /api/whatsapp/templates":                           "see GET /api/whatsapp/templates",
	"POST /api/whatsapp/templates/sync":                      "see GET /api/whatsapp/templates",
	"GET /api/whatsapp/templates/{id}":                       "see GET /api/whatsapp/templates",
	"PATCH /api/whatsapp/templates/{id}":                     "see GET /api/whatsapp/templates",
	"DELETE /api/whatsapp/templates/{id}":                    "see GET /api/whatsapp/templates",
	"POST /api/whatsapp/templates/{id}/preview":              "see GET /api/whatsapp/templates",
	"GET /api/dead-letters":                                  "what was given up is seen",
	"POST /api/dead-letters/replay-all":                      "and tried again",
	"POST /api/dead-letters/{id}/replay":                     "and tried again",
	"GET /api/docs/docs.css":                                 "the page that shows the document",
	"GET /api/docs/docs.mjs":                                 "the page that shows the document",
	"GET /api/docs/openapi.json":                             "the document; the original's name for it is swagger.json",
	"POST /instances/{slug}/token/{key}/{call}":              "Z-API's form of a flow's calls",
	"POST /instances/{slug}/token/{key}/{call}/{ending}":     "Z-API's form of sending documents",
	"GET /api/docs/openapi.yaml":                             "the document, to read",
	"GET /api/docs/openapi-3.0.json":                         "the document for tools that know no 3.1",
	"GET /api/docs/openapi-3.0.yaml":                         "the document for tools that know no 3.1",
}

// TestContract holds what is served and what is promised equal in both directions, under
// every address.
func TestContract(t *testing.T) {
	t.Parallel()
	routes, ok := setup(t).handler.(chi.Routes)
	if !ok {
		t.Fatal("the door does not list its routes")
	}
	served := map[string]bool{}
	if err := chi.Walk(routes, func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		served[method+" "+path] = true
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, name := range promised {
		if !served[name] {
			t.Errorf("%s: promised and not served", name)
		}
		if added[name] != "" || toCome[name] != "" {
			t.Errorf("%s: is kept, so it is neither added nor to come", name)
		}
	}
	for name, with := range toCome {
		if served[name] {
			t.Errorf("%s: is served, so it is promised and no longer to come with %s", name, with)
		}
	}
	for name := range added {
		if !served[name] {
			t.Errorf("%s: is listed and not served", name)
		}
	}
	for name := range served {
		method, path, _ := strings.Cut(name, " ")
		if first := firstAddress(path); first != path {
			name = method + " " + first
			if !served[name] {
				t.Errorf("%s %s: served here only, and not as %s", method, path, first)
			}
		}
		if !slices.Contains(promised, name) && added[name] == "" {
			t.Errorf("%s: neither promised nor ours for a reason: list it in promised or added", name)
		}
	}
	for _, row := range httpapi.Rows() {
		for _, path := range httpapi.Addresses(row.Path) {
			if !served[row.Method+" "+path] {
				t.Errorf("%s is not served as %s", row.Name(), path)
			}
		}
	}
}

// firstAddress is the address of which another one is a second.
func firstAddress(path string) string {
	if path == "/api/v1" {
		return "/api"
	}
	rest, ok := strings.CutPrefix(path, "/api/v1/")
	switch {
	case !ok:
		return path
	case strings.HasPrefix(rest, "auth/"):
		return "/" + rest
	default:
		return "/api/" + rest
	}
}
