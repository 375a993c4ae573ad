package httpapi_test

import (
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/template"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

const noTemplate = "template_not_found"

// waba is the business account of the hotels of these tests.
const waba = "301200000000001"

// template gives the hotel one, of its business account.
func (c chat) template() string {
	c.account()
	made := template.Template{
		ID: strings.ReplaceAll(uuid.NewString(), "-", "")[:18], Name: "estadia", Language: "pt_BR", Status: template.Approved, Category: template.Utility, Quality: "GREEN",
		Form: &template.Form{Body: "Olá {{1}}, até já.", Examples: []string{"Ana"}},
	}
	pgtest.InTx(c.w.t, c.w.db, c.hotel.ID, func(tx *postgres.Tx) error {
		return tx.SaveTemplates(c.w.t.Context(), waba, []template.Template{made}, c.w.clock.Now().Add(-time.Hour))
	})
	return made.ID
}

func (c chat) account() {
	pgtest.Exec(c.w.t, c.w.db, "UPDATE whatsapp_number SET waba_id = $2 WHERE tenant_id = $1", c.hotel.ID, waba)
	c.w.directory.ForgetAll()
}

func (c chat) draft() map[string]any {
	c.account()
	return map[string]any{"name": "estadia", "category": "UTILITY", "components": map[string]any{"body": "Boa viagem!"}}
}

func (c chat) number() string { return c.hotel.Number.ID.String() }

func init() { maps.Copy(calls, templateCalls) }

var templateCalls = map[string]call{
	"GET /api/whatsapp/numbers":                 {},
	"POST /api/whatsapp/numbers/sync":           {},
	"POST /api/whatsapp/numbers/{id}/default":   {names: byThing, id: chat.number, missing: "number_not_found"},
	"GET /api/whatsapp/templates":               {query: func(chat) string { return "?search=ol%C3%A1&status=APPROVED&page=1&limit=5" }},
	"POST /api/whatsapp/templates":              {body: chat.draft},
	"POST /api/whatsapp/templates/sync":         {own: true, at: func(c chat) string { c.account(); return "/api/whatsapp/templates/sync" }},
	"GET /api/whatsapp/templates/{id}":          {names: byThing, id: chat.template, missing: noTemplate},
	"PATCH /api/whatsapp/templates/{id}":        {names: byThing, id: chat.template, missing: noTemplate, body: only("components", map[string]any{"body": "Até já!"})},
	"DELETE /api/whatsapp/templates/{id}":       {names: byThing, id: chat.template, missing: noTemplate},
	"POST /api/whatsapp/templates/{id}/preview": {names: byThing, id: chat.template, missing: noTemplate, body: only("parameters", []string{"Ana"})},
}
