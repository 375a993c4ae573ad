package simulator

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

func x(n int) string { return strings.Repeat("x", n) }

// many makes n pieces, with %d for the number of each.
func many(n int, piece string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = strings.ReplaceAll(piece, "%d", strconv.Itoa(i))
	}
	return strings.Join(parts, ",")
}

func interactive(kind, action, more string) string {
	return `{"type":"` + kind + `","body":{"text":"Oi"},"action":` + action + more + `}`
}

// sendLimits has every limit of Meta's sending pages: the content at n, and the last n that is taken.
var sendLimits = []struct {
	name, kind string
	limit      int
	content    func(n int) string
}{
	{"text body", "text", 4096, func(n int) string { return `{"body":"` + x(n) + `"}` }},
	{"image caption", "image", 1024, func(n int) string { return `{"link":"https://a.example/x","caption":"` + x(n) + `"}` }},
	{"video caption", "video", 1024, func(n int) string { return `{"link":"https://a.example/x","caption":"` + x(n) + `"}` }},
	{"document caption", "document", 1024, func(n int) string { return `{"link":"https://a.example/x","caption":"` + x(n) + `"}` }},
	{"button body", "interactive", 1024, func(n int) string {
		return `{"type":"button","body":{"text":"` + x(n) + `"},"action":{"buttons":[{"type":"reply","reply":{"id":"a","title":"A"}}]}}`
	}},
	{"button header", "interactive", 60, func(n int) string {
		return interactive("button", `{"buttons":[{"type":"reply","reply":{"id":"a","title":"A"}}]}`, `,"header":{"type":"text","text":"`+x(n)+`"}`)
	}},
	{"button footer", "interactive", 60, func(n int) string {
		return interactive("button", `{"buttons":[{"type":"reply","reply":{"id":"a","title":"A"}}]}`, `,"footer":{"text":"`+x(n)+`"}`)
	}},
	{"buttons", "interactive", 3, func(n int) string {
		return interactive("button", `{"buttons":[`+many(n, `{"type":"reply","reply":{"id":"%d","title":"%d"}}`)+`]}`, "")
	}},
	{"button id", "interactive", 256, func(n int) string {
		return interactive("button", `{"buttons":[{"type":"reply","reply":{"id":"`+x(n)+`","title":"A"}}]}`, "")
	}},
	{"button title", "interactive", 20, func(n int) string {
		return interactive("button", `{"buttons":[{"type":"reply","reply":{"id":"a","title":"`+x(n)+`"}}]}`, "")
	}},
	{"list body", "interactive", 4096, func(n int) string {
		return `{"type":"list","body":{"text":"` + x(n) + `"},"action":{"button":"Ver","sections":[{"rows":[{"id":"a","title":"A"}]}]}}`
	}},
	{"list button", "interactive", 20, func(n int) string {
		return interactive("list", `{"button":"`+x(n)+`","sections":[{"rows":[{"id":"a","title":"A"}]}]}`, "")
	}},
	{"list sections", "interactive", 10, func(n int) string {
		return interactive("list", `{"button":"Ver","sections":[`+many(n, `{"title":"%d","rows":[{"id":"%d","title":"A"}]}`)+`]}`, "")
	}},
	{"list rows", "interactive", 10, func(n int) string {
		return interactive("list", `{"button":"Ver","sections":[{"rows":[`+many(n, `{"id":"%d","title":"A"}`)+`]}]}`, "")
	}},
	{"section title", "interactive", 24, func(n int) string {
		return interactive("list", `{"button":"Ver","sections":[{"title":"`+x(n)+`","rows":[{"id":"a","title":"A"}]}]}`, "")
	}},
	{"row id", "interactive", 200, func(n int) string {
		return interactive("list", `{"button":"Ver","sections":[{"rows":[{"id":"`+x(n)+`","title":"A"}]}]}`, "")
	}},
	{"row title", "interactive", 24, func(n int) string {
		return interactive("list", `{"button":"Ver","sections":[{"rows":[{"id":"a","title":"`+x(n)+`"}]}]}`, "")
	}},
	{"row description", "interactive", 72, func(n int) string {
		return interactive("list", `{"button":"Ver","sections":[{"rows":[{"id":"a","title":"A","description":"`+x(n)+`"}]}]}`, "")
	}},
	{"link label", "interactive", 20, func(n int) string {
		return interactive("cta_url", `{"name":"cta_url","parameters":{"display_text":"`+x(n)+`","url":"https://a.example"}}`, "")
	}},
	{"flow label", "interactive", 30, func(n int) string {
		return interactive("flow", `{"name":"flow","parameters":{"flow_message_version":"3","flow_id":"1","flow_cta":"`+x(n)+`"}}`, "")
	}},
	{"carousel cards", "interactive", 10, func(n int) string {
		return interactive("carousel", `{"cards":[`+many(n, `{"card_index":%d,"type":"cta_url","header":{"type":"image","image":{"link":"https://a.example/a.jpg"}},"body":{"text":"x"},"action":{"name":"cta_url","parameters":{"display_text":"Ver","url":"https://a.example"}}}`)+`]}`, "")
	}},
	{"card body", "interactive", 160, func(n int) string {
		return interactive("carousel", `{"cards":[`+many(2, `{"card_index":%d,"type":"cta_url","header":{"type":"video","video":{"link":"https://a.example/a.mp4"}},"body":{"text":"`+x(n)+`"},"action":{"name":"cta_url","parameters":{"display_text":"Ver","url":"https://a.example"}}}`)+`]}`, "")
	}},
	{"product cards", "interactive", 10, func(n int) string {
		return interactive("carousel", `{"cards":[`+many(n, `{"card_index":%d,"type":"product","action":{"product_retailer_id":"p%d","catalog_id":"1"}}`)+`]}`, "")
	}},
	{"products", "interactive", 30, func(n int) string {
		return interactive("product_list", `{"catalog_id":"1","sections":[{"title":"A","product_items":[`+many(n, `{"product_retailer_id":"%d"}`)+`]}]}`, `,"header":{"type":"text","text":"Quartos"}`)
	}},
	{"product sections", "interactive", 10, func(n int) string {
		return interactive("product_list", `{"catalog_id":"1","sections":[`+many(n, `{"title":"%d","product_items":[{"product_retailer_id":"1"}]}`)+`]}`, `,"header":{"type":"text","text":"Quartos"}`)
	}},
	{"voice call label", "interactive", 20, func(n int) string {
		return interactive("voice_call", `{"name":"voice_call","parameters":{"display_text":"`+x(n)+`"}}`, "")
	}},
	{"voice call minutes", "interactive", 43200, func(n int) string {
		return interactive("voice_call", fmt.Sprintf(`{"name":"voice_call","parameters":{"ttl_minutes":%d}}`, n), "")
	}},
	{"order reference", "interactive", 35, func(n int) string {
		return interactive("order_details", `{"name":"review_and_pay","parameters":{"reference_id":"`+x(n)+`","type":"digital-goods","payment_type":"br","currency":"BRL","total_amount":{"value":10000,"offset":100},"payment_settings":[{"type":"pix_dynamic_code","pix_dynamic_code":{"code":"000201","merchant_name":"Hotel","key":"hotel@example.com","key_type":"EMAIL"}}],"order":{"status":"pending"}}}`, "")
	}},
	{"contacts", "contacts", 257, func(n int) string { return `[` + many(n, `{"name":{"formatted_name":"A %d"}}`) + `]` }},
	{"template name", "template", 512, func(n int) string { return `{"name":"` + x(n) + `","language":{"code":"pt_BR"}}` }},
	{"template cards", "template", 10, func(n int) string {
		return `{"name":"cartoes","language":{"code":"pt_BR"},"components":[{"type":"carousel","cards":[` +
			many(n, `{"card_index":%d,"components":[{"type":"body","parameters":[{"type":"text","text":"x"}]}]}`) + `]}]}`
	}},
	{"coupon", "template", 20, func(n int) string {
		return `{"name":"cupom","language":{"code":"pt_BR"},"components":[{"type":"button","sub_type":"copy_code","index":0,"parameters":[{"type":"coupon_code","coupon_code":"` + x(n) + `"}]}]}`
	}},
}

func TestEveryLimitHoldsAtItAndBreaksOnePast(t *testing.T) {
	t.Parallel()
	w := start(t)
	tune(t, w, func(k *Knobs) { k.Window, k.PairRate, k.Throughput = Off, Off, 0 })
	for _, c := range sendLimits {
		if a := w.sends(t, c.kind, c.content(c.limit)); a.status != 200 {
			t.Errorf("%s at %d: %s", c.name, c.limit, a.raw)
		}
		if a := w.sends(t, c.kind, c.content(c.limit+1)); a.status != 400 || a.Code != 131009 {
			t.Errorf("%s at %d: %d %s", c.name, c.limit+1, a.status, a.raw)
		}
	}
}

// What each type may not have: Meta's table of interactive messages, and the shapes below it.
func TestShapesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := start(t)
	const link = `{"name":"cta_url","parameters":{"display_text":"Ver","url":"https://a.example"}}`
	flow := func(more string) string {
		return interactive("flow", `{"name":"flow","parameters":{"flow_message_version":"3","flow_cta":"Ver"`+more+`}}`, "")
	}
	card := func(i int, header, body string) string {
		return fmt.Sprintf(`{"card_index":%d,"type":"cta_url","header":{"type":"%s","%s":{"link":"https://a.example/x"}}%s,"action":%s}`, i, header, header, body, link)
	}
	cards := func(list ...string) string {
		return interactive("carousel", `{"cards":[`+strings.Join(list, ",")+`]}`, "")
	}
	for name, c := range map[string]struct {
		kind, content string
		code          int
	}{
		"location request with header": {"interactive", interactive("location_request_message", `{"name":"send_location"}`, `,"header":{"type":"text","text":"x"}`), 131009},
		"location request with footer": {"interactive", interactive("location_request_message", `{"name":"send_location"}`, `,"footer":{"text":"x"}`), 131009},
		"location request other name":  {"interactive", interactive("location_request_message", `{"name":"x"}`, ""), 131009},
		"link elsewhere":               {"interactive", interactive("cta_url", `{"name":"cta_url","parameters":{"display_text":"Ver","url":"tel:1"}}`, ""), 131009},
		"flow without form":            {"interactive", flow(``), 131009},
		"flow with two names":          {"interactive", flow(`,"flow_id":"1","flow_name":"x"`), 131009},
		"flow of another version":      {"interactive", strings.Replace(flow(`,"flow_id":"1"`), `"3"`, `"2"`, 1), 131009},
		"flow of an unknown mode":      {"interactive", flow(`,"flow_id":"1","mode":"secret"`), 131009},
		"flow exchange with payload":   {"interactive", flow(`,"flow_id":"1","flow_action":"data_exchange","flow_action_payload":{"screen":"A"}`), 131009},
		"flow unknown key":             {"interactive", flow(`,"flow_id":"1","colour":"red"`), 100},
		"one card":                     {"interactive", cards(card(0, "image", "")), 131009},
		"cards of two kinds":           {"interactive", cards(card(0, "image", ""), card(1, "video", "")), 131009},
		"cards out of order":           {"interactive", cards(card(1, "image", ""), card(0, "image", "")), 131009},
		"card with three line breaks":  {"interactive", cards(card(0, "image", `,"body":{"text":"a\n\n\nb"}`), card(1, "image", "")), 131009},
		"carousel with header":         {"interactive", strings.Replace(cards(card(0, "image", ""), card(1, "image", "")), `"body"`, `"header":{"type":"text","text":"x"},"body"`, 1), 131009},
		"product with header":          {"interactive", interactive("product", `{"catalog_id":"1","product_retailer_id":"2"}`, `,"header":{"type":"text","text":"x"}`), 131009},
		"product without catalogue":    {"interactive", interactive("product", `{"product_retailer_id":"2"}`, ""), 131008},
		"product list without header":  {"interactive", interactive("product_list", `{"catalog_id":"1","sections":[{"product_items":[{"product_retailer_id":"1"}]}]}`, ""), 131008},
		"catalogue other name":         {"interactive", interactive("catalog_message", `{"name":"x"}`, ""), 131009},
		"address from Brazil":          {"interactive", interactive("address_message", `{"name":"address_message","parameters":{"country":"IN"}}`, ""), 131009},
		"order in cents of a cent":     {"interactive", interactive("order_details", `{"name":"review_and_pay","parameters":{"reference_id":"1","currency":"BRL","total_amount":{"value":1,"offset":1000}}}`, ""), 131009},
		"order of an unknown status":   {"interactive", interactive("order_status", `{"name":"review_order","parameters":{"reference_id":"1","order":{"status":"lost"}}}`, ""), 131009},
		"contact with unknown key":     {"contacts", `[{"name":{"formatted_name":"A"},"shoe":43}]`, 100},
		"contact born yesterday":       {"contacts", `[{"name":{"formatted_name":"A"},"birthday":"yesterday"}]`, 131009},
		"sticker with caption":         {"sticker", `{"link":"https://a.example/x","caption":"c"}`, 100},
		"document voice":               {"document", `{"link":"https://a.example/x","voice":true}`, 100},
		"group":                        {"text", `{"body":"x"},"recipient_type":"group"`, 131009},
	} {
		if a := w.sends(t, c.kind, c.content); a.status != 400 || a.Code != c.code {
			t.Errorf("%s: %d %s, want %d", name, a.status, a.raw, c.code)
		}
	}
}

func TestRemainingInteractiveTypesAreAccepted(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.says(t, "Oi")
	for _, content := range []string{
		interactive("catalog_message", `{"name":"catalog_message","parameters":{"thumbnail_product_retailer_id":"luxo"}}`, `,"footer":{"text":"f"}`),
		`{"type":"product","action":{"catalog_id":"1","product_retailer_id":"2"}}`,
		`{"type":"call_permission_request","action":{"name":"call_permission_request"}}`,
		interactive("request_contact_info", `{"name":"request_contact_info"}`, ""),
		interactive("order_status", `{"name":"review_order","parameters":{"reference_id":"1","order":{"status":"completed"}}}`, ""),
		interactive("flow", `{"name":"flow","parameters":{"flow_message_version":"3","flow_name":"checkin","flow_cta":"Começar","mode":"draft","flow_token":"t","flow_action":"navigate","flow_action_payload":{"screen":"A","data":{"a":1}}}}`, `,"header":{"type":"image","image":{"link":"https://a.example/a.jpg"}}`),
	} {
		if a := w.sends(t, "interactive", content); a.status != 200 {
			t.Errorf("%s: %s", content, a.raw)
		}
	}
}
