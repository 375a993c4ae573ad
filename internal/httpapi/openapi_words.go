package httpapi

import (
	"sort"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/domain/user"
)

const aboutTheAPI = `The API of Bot Reserva, a WhatsApp desk for hotels. Paths below /api are served below /api/v1 too, and /auth as /api/v1/auth.

People log in with POST /auth/login and send the access token as ` + "`Authorization: Bearer …`" + `; flows send their key as ` + "`X-API-Key`" + `.
Unknown keys are ignored. Times are RFC 3339 in UTC. Every refusal has the same shape, with a stable ` + "`code`" + ` and a sentence that says
what to do; quote its ` + "`requestId`" + ` when asking for help. Where a limit counts, the RateLimit headers say how much is left.`

// words tells of a row who may call it, what it reaches and which limit counts.
func words(r route) string {
	said := []string{whoWords(r)}
	if reach := reachWords[r.scope]; reach != "" {
		said = append(said, reach)
	}
	if r.path == loginPath {
		return strings.Join(append(said, "Wrong guesses are counted by RATE_LIMIT_LOGIN, for each e-mail at each address."), " ")
	}
	return strings.Join(append(said, limitWords[r.limit]), " ")
}

// loginPath is the row that counts by itself: see guesses.go.
const loginPath = "/auth/login"

func whoWords(r route) string {
	switch r.who {
	case anybody:
		if r.path == "/api/media/{tenantId}/{fileId}" {
			return "For whoever has a signed address, and for people of the hotel."
		}
		return "For everybody, without a log-in."
	case flow:
		return "For a hotel's flow, by its key."
	case somebody, colleague, insider:
	}
	var roles []string
	for _, role := range user.Roles {
		if r.roles.Has(role) {
			roles = append(roles, string(role))
		}
	}
	return "For people: " + strings.Join(roles, ", ") + "." + operatorWords[r.who]
}

// operatorWords say how a super admin chooses a hotel.
var operatorWords = map[access]string{
	colleague: " A SUPER_ADMIN names the hotel in X-Tenant-Slug.",
	insider:   " A SUPER_ADMIN who names no hotel in X-Tenant-Slug sees the whole platform.",
}

var reachWords = map[scope]string{
	ownSelf:       "Reaches only what belongs to the caller.",
	seen:          "Reaches the conversations that the caller sees (HEAD: the own unit; ATTENDANT: the own unit and those assigned; SALES: opportunities) and what belongs to them; the others are not there (404).",
	wholeHotel:    "Reaches everything of the hotel.",
	wholePlatform: "Reaches every hotel.",
}

var limitWords = map[limit]string{
	limitNone:    "No limit of requests.",
	limitAPI:     "Counted by RATE_LIMIT_API, for each person; for each address where nobody is logged in.",
	limitCreate:  "Counted by RATE_LIMIT_CREATE, for each person.",
	limitN8N:     "Counted by RATE_LIMIT_N8N, for each hotel.",
	limitMedia:   "Counted by RATE_LIMIT_MEDIA, for each address.",
	limitWebhook: "Counted by RATE_LIMIT_WEBHOOK, for each address.",
}

// tags name the resources, by the first part of their paths.
var tags = map[string][2]string{
	"auth":               {"Log-in", "Logging in and out, passwords, log-ins and second factors"},
	"users":              {"Team", "The people of a hotel"},
	"conversations":      {"Conversations", "Conversations with guests and their messages"},
	"messages":           {"Messages", "Search, and the original's older paths"},
	"scheduled-messages": {"Scheduled messages", "Messages that are sent later"},
	"contacts":           {"Contacts", "Guests"},
	"privacy":            {"Privacy", "Proofs that guests were erased"},
	"escalations":        {"Escalations", "Calls for a person"},
	"tags":               {"Tags", "Labels of conversations"},
	"quick-replies":      {"Quick replies", "Texts that are written often"},
	"reports":            {"Reports", "How much there was to do, and how fast it was done"},
	"tenants":            {"Hotels", "Hotels of the platform, and a hotel's own settings"},
	"usage-tracking":     {"Usage", "What was used and what the plan allows"},
	"audit-logs":         {"Audit log", "Who did what"},
	"webhook-events":     {"Webhook events", "What Meta told us"},
	"webhooks":           {"Webhooks", "Programs outside that are told what happens"},
	"dead-letters":       {"Dead letters", "What was given up"},
	"templates":          {"Templates", "Message templates at WhatsApp: what may be said when a guest has not written for a day"},
	"whatsapp":           {"WhatsApp", "What WhatsApp says of the account, its numbers and templates"},
	"n8n":                {"Flows", "For a hotel's flow in n8n"},
	"media":              {"Files", "Files of messages"},
	"debug":              {"Debugging", "Outside production only"},
	"health":             {"Health", "Is it alive"},
}

func tagOf(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(path, "/api"), "/"), "/")
	if known, ok := tags[first]; ok {
		return known[0]
	}
	if first == "" {
		return tags["health"][0]
	}
	return first
}

// addTags lists the tags that are used, and what the API is.
func addTags(doc *huma.OpenAPI) {
	doc.Info.Description = aboutTheAPI
	doc.Info.License = &huma.License{Name: "Apache 2.0", Identifier: "Apache-2.0"}
	if len(doc.Servers) == 0 {
		doc.Servers = []*huma.Server{{URL: "/", Description: "Where this document comes from"}}
	}
	doc.Tags = nil
	for _, tag := range tags {
		doc.Tags = append(doc.Tags, &huma.Tag{Name: tag[0], Description: tag[1]})
	}
	sort.Slice(doc.Tags, func(i, j int) bool { return doc.Tags[i].Name < doc.Tags[j].Name })
}

// parameterWords are for parameters that mean the same wherever they are.
var parameterWords = map[string]string{
	"id":              "What the path names; an id of nothing, or of another hotel's, is 404",
	"deliveryId":      "Which delivery of it; an id of nothing is 404",
	"page":            "Which page, from 1",
	"limit":           "How many on a page",
	"format":          "How the answer is written",
	"search":          "What to look for",
	"sortBy":          "What to order by",
	"sortOrder":       "Which way to order",
	"status":          "Only those with this status",
	"priority":        "Only those with this priority",
	"role":            "Only people with this role",
	"hotelUnit":       "Only those of this unit, in any spelling",
	"category":        "Only those of this category",
	"isActive":        "Only those that are offered, or only the others",
	"isOpportunity":   "Only opportunities, or only the others",
	"tagId":           "Only those with this tag",
	"windowHours":     "Only those that may be answered freely for at most so many hours more",
	"action":          "Only this action",
	"entity":          "Only what was done to this kind of thing",
	"fate":            "Only those that ended like this",
	"slug":            "Name of a hotel in addresses",
	"phone":           "A guest's number in any form",
	"phoneNumber":     "A guest's number in any form",
	"tenantId":        "Whose file it is",
	"Idempotency-Key": "The same key sent twice within 24 hours is one message",
	"X-Tenant-Slug":   "Which hotel",
}

func nameParameters(op *huma.Operation) {
	for _, p := range op.Parameters {
		if p.Description == "" {
			p.Description = parameterWords[p.Name]
		}
	}
}
