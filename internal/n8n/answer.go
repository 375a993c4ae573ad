package n8n

import (
	"encoding/json"
	"strings"
)

// maxAnswers is how many messages a flow may answer a post with.
const maxAnswers = 10

// Answers reads what a flow answers a post with as what it says to the guest: {"output": …} as n8n's AI Agent
// has it, {"text": …}, or {"messages": […]} of texts or such objects, also as a list of items. Everything else says
// nothing, above all the {"message":"Workflow was started"} of a webhook that answers at once.
func Answers(answer []byte) []string {
	var items []json.RawMessage
	if json.Unmarshal(answer, &items) != nil {
		items = []json.RawMessage{answer}
	}
	var out []string
	for _, item := range items {
		var object struct {
			Output   any               `json:"output"`
			Text     any               `json:"text"`
			Messages []json.RawMessage `json:"messages"`
		}
		if json.Unmarshal(item, &object) != nil {
			continue
		}
		for _, m := range object.Messages {
			out = append(out, oneOf(m))
		}
		if len(object.Messages) == 0 {
			out = append(out, either(object.Output, object.Text))
		}
	}
	said := out[:0]
	for _, text := range out {
		if text != "" && len(said) < maxAnswers {
			said = append(said, text)
		}
	}
	return said
}

// oneOf reads an element of messages: a text, or an object with one.
func oneOf(element json.RawMessage) string {
	var text any
	if json.Unmarshal(element, &text) != nil {
		return ""
	}
	if object, ok := text.(map[string]any); ok {
		return either(object["output"], object["text"], object["message"])
	}
	return either(text)
}

func either(candidates ...any) string {
	for _, c := range candidates {
		if text, ok := c.(string); ok && strings.TrimSpace(text) != "" {
			return strings.TrimSpace(text)
		}
	}
	return ""
}
