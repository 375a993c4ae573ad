package content

import (
	"encoding/json"

	"github.com/botreserva/botreserva/internal/domain/message"
)

// Flow is a text with a button that opens a form of WhatsApp's ("Flow").
type Flow struct {
	Header   *Header         `json:"header,omitempty"`
	Body     string          `json:"body"`
	Footer   string          `json:"footer,omitempty"`
	FlowID   string          `json:"flowId,omitempty"` // this or the name
	FlowName string          `json:"flowName,omitempty"`
	Label    string          `json:"label"`
	Token    string          `json:"token,omitempty"`  // comes back with the answers
	Action   string          `json:"action,omitempty"` // navigate (when empty) or data_exchange
	Screen   string          `json:"screen,omitempty"` // the first one, for navigate
	Data     json.RawMessage `json:"data,omitempty"`   // an object for the first screen
	Draft    bool            `json:"draft,omitempty"`  // a flow that is not published yet
}

// What a flow does first.
const (
	FlowNavigate     = "navigate"
	FlowDataExchange = "data_exchange"
)

// Kind implements Content.
func (Flow) Kind() message.Kind { return message.Interactive }

// Shown implements Content.
func (f Flow) Shown() string { return f.Body }

func (Flow) name() string { return "flow" }

func (f Flow) check(c *checker) {
	f.Header.check(c, "header")
	c.required("body", f.Body, maxBody)
	c.text("footer", f.Footer, maxFooter)
	c.one("flowId", "flowId and flowName", f.FlowID != "", f.FlowName != "")
	c.text("flowId", f.FlowID, maxIdentifier)
	c.text("flowName", f.FlowName, maxIdentifier)
	c.required("label", f.Label, maxFlowButton)
	c.text("token", f.Token, maxToken)
	c.text("screen", f.Screen, maxIdentifier)
	c.object("data", f.Data)
	switch f.Action {
	case "", FlowNavigate:
		c.absent("data", f.Data != nil && f.Screen == "", "Say for which screen the data is.")
	case FlowDataExchange:
		c.absent("screen", f.Screen != "", "A flow that asks its server first is told the first screen by it.")
		c.absent("data", f.Data != nil, "A flow that asks its server first gets its data from it.")
	default:
		c.add("action", "not_one_of", "A flow begins with %s or %s.", FlowNavigate, FlowDataExchange)
	}
}
