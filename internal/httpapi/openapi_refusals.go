package httpapi

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// refusedWith lists what a row may be refused with beyond what its access, path, body and
// limit say. The tests hold every answer that they get to the document.
var refusedWith = map[string][]int{
	"POST /auth/login":               {401, 403, 429},
	"POST /auth/refresh":             {401, 403},
	"POST /auth/register":            {409},
	"POST /auth/forgot-password":     {422},
	"POST /auth/totp":                {409},
	"POST /auth/totp/confirm":        {409},
	"POST /auth/totp/recovery-codes": {409},
	"POST /auth/totp/disable":        {409},

	"POST /api/users":              {409},
	"PATCH /api/users/{id}":        {409},
	"PUT /api/users/{id}":          {409},
	"PATCH /api/users/{id}/status": {409},
	"DELETE /api/users/{id}/totp":  {409},
	"DELETE /api/users/{id}":       {409},

	"POST /api/conversations":                        {409, 422},
	"PATCH /api/conversations/{id}":                  {409},
	"PUT /api/conversations/{id}/reservation":        {409},
	"POST /api/conversations/{id}/assign":            {409},
	"POST /api/conversations/{id}/unassign":          {409},
	"POST /api/conversations/{id}/unarchive":         {409},
	"PATCH /api/conversations/{id}/ia-lock":          {409},
	"POST /api/conversations/{id}/messages":          {409, 422},
	"POST /api/conversations/{id}/messages/template": {409, 422},
	"POST /api/conversations/{id}/messages/buttons":  {409, 422},
	"POST /api/conversations/{id}/messages/list":     {409, 422},
	"POST /api/conversations/{id}/messages/media":    {409, 422},
	"POST /api/conversations/{id}/messages/content":  {409, 422},
	"POST /api/messages":                             {409, 422},
	"POST /api/conversations/{id}/notes":             {422},
	"POST /api/conversations/{id}/scheduled":         {409, 422},
	"DELETE /api/scheduled-messages/{id}":            {409},
	"POST /api/messages/{id}/resend":                 {409, 422},
	"POST /api/messages/media":                       {409, 422},
	"POST /api/messages/content":                     {409, 422},
	"POST /api/messages/template":                    {409, 422},
	"POST /api/messages/buttons":                     {409, 422},
	"POST /api/messages/list":                        {409, 422},

	"POST /api/contacts":                  {409},
	"POST /api/contacts/merges/{id}/undo": {409},

	"POST /api/escalations":              {409, 422},
	"PATCH /api/escalations/{id}":        {409},
	"POST /api/escalations/{id}/assign":  {409},
	"POST /api/escalations/{id}/resolve": {409},

	"POST /api/whatsapp/templates":              {422, 503},
	"POST /api/whatsapp/templates/sync":         {422, 503},
	"PATCH /api/whatsapp/templates/{id}":        {422, 503},
	"DELETE /api/whatsapp/templates/{id}":       {422, 503},
	"POST /api/whatsapp/templates/{id}/preview": {409},

	"POST /api/tags":                {409},
	"PATCH /api/tags/{id}":          {409},
	"POST /api/quick-replies":       {409},
	"PATCH /api/quick-replies/{id}": {409},

	"POST /api/tenants":                 {409},
	"PATCH /api/tenants/{id}":           {409},
	"DELETE /api/tenants/{id}":          {409},
	"PATCH /api/tenants/current":        {409},
	"POST /api/tenants/whatsapp-config": {409},
	"POST /api/tenants/numbers":         {409},
	"DELETE /api/tenants/numbers/{id}":  {409},

	"POST /api/webhook-events/{id}/replay": {409, 422},

	"POST /api/webhooks":                                     {409},
	"POST /api/n8n/send-location":                            {404, 409, 422},
	"POST /api/n8n/send-content":                             {404, 409, 422},
	"POST /api/n8n/send-reaction":                            {404, 409, 422},
	"GET /api/n8n/conversation":                              {404, 422},
	"POST /api/n8n/lock":                                     {404, 409, 422},
	"POST /api/n8n/unlock":                                   {404, 409, 422},
	"POST /api/n8n/notes":                                    {404, 409, 422},
	"POST /api/n8n/tags":                                     {404, 409, 422},
	"POST /api/n8n/webhooks":                                 {409},
	"POST /api/webhooks/{id}/deliveries/{deliveryId}/replay": {409},

	"POST /api/n8n/send-text": {404, 409, 422},
	"POST /api/n8n/escalate":  {409, 422},

	"POST /api/n8n/set-hotel-unit":         {404, 422},
	"POST /api/n8n/mark-followup-sent":     {404, 422},
	"POST /api/n8n/mark-opportunity":       {404, 422},
	"GET /api/n8n/check-availability":      {422},
	"GET /api/n8n/track-click":             {403},
	"POST /api/n8n/track-link":             {404, 422},
	"GET /api/n8n/check-room-availability": {422},
	"POST /api/n8n/send-carousel":          {404, 409, 422},
	"POST /api/n8n/send-buttons":           {404, 409, 422},
	"POST /api/n8n/send-list":              {404, 409, 422},
	"POST /api/n8n/send-option-list":       {404, 409, 422},
	"POST /api/n8n/send-media":             {404, 409, 422},
	"POST /api/n8n/send-image":             {404, 409, 422},
	"POST /api/n8n/send-video":             {404, 409, 422},
	"POST /api/n8n/send-audio":             {404, 409, 422},
	"POST /api/n8n/send-document":          {404, 409, 422},
	"POST /api/n8n/send-template":          {404, 409, 422},
	"POST /api/n8n/send-quick-replies":     {404, 409, 422},

	"POST /api/n8n/mark-read": {404},

	"GET /api/media/{tenantId}/{fileId}": {401, 403, 412, 416},
}

// refusals lists with which statuses a row may be refused.
func refusals(r route, hasBody bool) []int {
	all := []int{http.StatusBadRequest, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if r.who != anybody {
		all = append(all, http.StatusUnauthorized, http.StatusForbidden)
	}
	if r.who == colleague || r.who == insider || strings.Contains(r.path, "{") { // a hotel, or what the path names
		all = append(all, http.StatusNotFound)
	}
	if hasBody {
		all = append(all, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	if r.limit != limitNone || r.who == flow {
		all = append(all, http.StatusTooManyRequests)
	}
	all = append(all, refusedWith[r.method+" "+r.path]...)
	slices.Sort(all)
	return slices.Compact(all)
}

var limitHeaders = []string{"RateLimit-Limit", "RateLimit-Policy", "RateLimit-Remaining", "RateLimit-Reset"}

// refusalWords says when each status is the answer.
var refusalWords = map[int]string{
	http.StatusBadRequest:            "Something about the request is wrong; details names the fields",
	http.StatusUnauthorized:          "Without a good token, key, code or password",
	http.StatusForbidden:             "The role, the hotel or its state does not allow it",
	http.StatusNotFound:              "There is no such thing, or it is not the caller's to see",
	http.StatusRequestTimeout:        "The body came too slowly",
	http.StatusConflict:              "It does not go together with how things are",
	http.StatusPreconditionFailed:    "The file is not the one that the request means",
	http.StatusRequestEntityTooLarge: "The body is too large",
	http.StatusUnsupportedMediaType:  "The body is of another type",

	http.StatusRequestedRangeNotSatisfiable: "The file has no such range",
	http.StatusUnprocessableEntity:          "It is well-formed and cannot be done",
	http.StatusTooManyRequests:              "Too many requests; Retry-After says when to come again",
	http.StatusInternalServerError:          "A failure of ours",
	http.StatusServiceUnavailable:           "A part is away for a moment; the same request may succeed later",
}

// refusalName is what the document calls a refusal: BadRequest.
func refusalName(status int) string {
	return strings.ReplaceAll(http.StatusText(status), " ", "")
}

// addComponents adds what all rows share.
func addComponents(doc *huma.OpenAPI) {
	text, number := &huma.Schema{Type: huma.TypeString}, &huma.Schema{Type: huma.TypeInteger}
	c := doc.Components
	c.SecuritySchemes = map[string]*huma.SecurityScheme{
		"person": {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "The access token of POST /auth/login"},
		"flow":   {Type: "apiKey", In: "header", Name: "X-API-Key", Description: "The key of a hotel's flow"},
	}
	c.Parameters = map[string]*huma.Param{"Hotel": {
		Name: "X-Tenant-Slug", In: "header", Schema: text,
		Description: "Which hotel. People need not send it, and may name no other hotel than their own; a SUPER_ADMIN chooses by it.",
	}}
	c.Headers = map[string]*huma.Header{
		"X-Request-Id":        {Description: "Names the request; quote it when asking for help", Schema: text},
		"Retry-After":         {Description: "Seconds to wait", Schema: number},
		"RateLimit-Limit":     {Description: "How many requests the limit allows", Schema: number},
		"RateLimit-Remaining": {Description: "How many are left", Schema: number},
		"RateLimit-Reset":     {Description: "Seconds until all are there again", Schema: number},
		"RateLimit-Policy":    {Description: "The limit and its window in seconds, as 100;w=60", Schema: text},
	}
	shape := map[string]*huma.MediaType{"application/json": {Schema: c.Schemas.Schema(reflect.TypeFor[problem](), true, "")}}
	c.Responses = map[string]*huma.Response{}
	for status, words := range refusalWords {
		headers := headersOf(route{limit: limitAPI}, nil)
		if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
			headers["Retry-After"] = &huma.Param{Ref: "#/components/headers/Retry-After"}
		}
		c.Responses[refusalName(status)] = &huma.Response{Description: words, Content: shape, Headers: headers}
	}
}
