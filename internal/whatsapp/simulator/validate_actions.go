package simulator

import (
	"slices"
	"strconv"
	"strings"
)

const parametersPath = "interactive.action.parameters"

// oneOf reads a word that may be missing.
func (c *checker) oneOf(path string, o object, key string, allowed ...string) string {
	v := c.optional(path, o, key, 60)
	if v != "" && !slices.Contains(allowed, v) {
		c.bad(join(path, key), "must be "+strings.Join(allowed, " or "))
	}
	return v
}

// flow opens one of the business's forms.
func (c *checker) flow(_ *account, action object, req *sendRequest) {
	c.only("interactive.action", action, "name", "parameters")
	c.name(action, "flow")
	p := c.object(parametersPath, action["parameters"])
	c.only(parametersPath, p, "flow_message_version", "flow_id", "flow_name", "flow_cta", "mode", "flow_token",
		"flow_action", "flow_action_payload")
	if v := c.required(parametersPath, p, "flow_message_version", 10); v != "3" {
		c.bad(parametersPath+".flow_message_version", "must be 3")
	}
	id, name := c.optional(parametersPath, p, "flow_id", 100), c.optional(parametersPath, p, "flow_name", 200)
	if (id == "") == (name == "") {
		c.bad(parametersPath, "must have flow_id or flow_name, not both")
	}
	label := c.required(parametersPath, p, "flow_cta", 30)
	c.oneOf(parametersPath, p, "mode", "published", "draft")
	if c.oneOf(parametersPath, p, "flow_action", "navigate", "data_exchange") == "data_exchange" && p["flow_action_payload"] != nil {
		c.bad(parametersPath+".flow_action_payload", "is not allowed with data_exchange")
	}
	if payload := c.maybe(parametersPath+".flow_action_payload", p["flow_action_payload"]); payload != nil {
		c.only(parametersPath+".flow_action_payload", payload, "screen", "data")
		c.optional(parametersPath+".flow_action_payload", payload, "screen", 200)
	}
	token := c.optional(parametersPath, p, "flow_token", 1000)
	if token == "" {
		token = "unused" // Meta's default
	}
	req.choices = append(req.choices, Choice{Kind: ChoiceFlow, ID: token, Title: label})
}

func (c *checker) callPermission(_ *account, action object, req *sendRequest) {
	c.only("interactive.action", action, "name")
	c.name(action, "call_permission_request")
	req.choices = append(req.choices,
		Choice{Kind: ChoicePermission, ID: "accept", Title: "Permitir"}, Choice{Kind: ChoicePermission, ID: "reject", Title: "Não permitir"})
}

func (c *checker) voiceCall(_ *account, action object, _ *sendRequest) {
	c.only("interactive.action", action, "name", "parameters")
	c.name(action, "voice_call")
	p := c.maybe(parametersPath, action["parameters"])
	c.only(parametersPath, p, "display_text", "ttl_minutes", "payload")
	c.optional(parametersPath, p, "display_text", 20)
	c.optional(parametersPath, p, "payload", 512)
	if raw, ok := p["ttl_minutes"]; ok {
		if n, err := strconv.Atoi(string(raw)); err != nil || n < 1 || n > 43200 {
			c.bad(parametersPath+".ttl_minutes", "must be 1 to 43200")
		}
	}
}

// contactInfo asks for the guest's number. Meta's stored pages do not show the keys of its action, so it is taken as
// it is.
func (c *checker) contactInfo(_ *account, _ object, req *sendRequest) {
	req.choices = append(req.choices, Choice{Kind: ChoiceContact, ID: "share", Title: "Compartilhar contato"})
}

// address is for businesses in India and Singapore.
func (c *checker) address(a *account, action object, _ *sendRequest) {
	c.name(action, "address_message")
	c.object(parametersPath, action["parameters"])
	if number := a.info.Load().DisplayNumber; !strings.HasPrefix(number, "91") && !strings.HasPrefix(number, "65") {
		c.bad("interactive.type", "address_message is for businesses in India and Singapore only")
	}
}

// orderDetails asks for a payment; WhatsApp only shows the codes.
func (c *checker) orderDetails(_ *account, action object, _ *sendRequest) {
	c.only("interactive.action", action, "name", "parameters")
	c.name(action, "review_and_pay")
	p := c.object(parametersPath, action["parameters"])
	c.required(parametersPath, p, "reference_id", 35)
	c.oneOf(parametersPath, p, "type", "digital-goods", "physical-goods")
	c.oneOf(parametersPath, p, "payment_type", "br", "upi", "payment_gateway")
	if currency := c.required(parametersPath, p, "currency", 3); len(currency) != 3 {
		c.bad(parametersPath+".currency", "must have three letters")
	}
	c.amount(parametersPath+".total_amount", p)
	if raw := p["payment_settings"]; raw != nil {
		for i, raw := range c.list(parametersPath+".payment_settings", raw, 1, 10) {
			c.paymentSetting(parametersPath+".payment_settings["+strconv.Itoa(i)+"]", c.object(parametersPath, raw))
		}
	}
}

func (c *checker) amount(path string, p object) {
	total := c.object(path, p["total_amount"])
	if n, err := strconv.ParseInt(string(total["value"]), 10, 64); err != nil || n < 0 {
		c.bad(path+".value", "must be a whole number")
	}
	if string(total["offset"]) != "100" {
		c.bad(path+".offset", "must be 100")
	}
}

func (c *checker) paymentSetting(path string, setting object) {
	kind := c.required(path, setting, "type", 40)
	switch kind {
	case "pix_dynamic_code":
		pix := c.object(path+"."+kind, setting[kind])
		for _, key := range []string{"code", "merchant_name", "key", "key_type"} {
			c.required(path+"."+kind, pix, key, 1000)
		}
		c.oneOf(path+"."+kind, pix, "key_type", "CPF", "CNPJ", "EMAIL", "PHONE", "EVP")
	case "payment_link":
		c.required(path+"."+kind, c.object(path+"."+kind, setting[kind]), "uri", 2000)
	case "boleto":
		c.object(path+"."+kind, setting[kind])
	case "payment_gateway":
	default:
		c.bad(path+".type", "is not a valid payment setting")
	}
}

func (c *checker) orderStatus(_ *account, action object, _ *sendRequest) {
	c.only("interactive.action", action, "name", "parameters")
	c.name(action, "review_order")
	p := c.object(parametersPath, action["parameters"])
	c.required(parametersPath, p, "reference_id", 35)
	order := c.object(parametersPath+".order", p["order"])
	c.required(parametersPath+".order", order, "status", 20)
	c.oneOf(parametersPath+".order", order, "status",
		"pending", "processing", "partially_shipped", "shipped", "completed", "canceled")
}
