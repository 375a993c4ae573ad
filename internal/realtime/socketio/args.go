package socketio

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Binary is a binary argument of an event or acknowledgement: a Buffer or
// ArrayBuffer on the other side. When sending, it is found as an argument and
// inside map[string]any and []any, at any depth.
type Binary []byte

// Args are the arguments of an event or of an acknowledgement, as the client
// sent them. The zero value has none.
type Args struct {
	raw         []json.RawMessage
	attachments [][]byte
}

// ErrNoArg is returned for an argument that was not sent.
var ErrNoArg = errors.New("no such argument")

// Len is the number of arguments.
func (a Args) Len() int { return len(a.raw) }

// Raw is the i-th argument as JSON, nil when there is none. Binary parts are
// placeholders: {"_placeholder":true,"num":0}.
func (a Args) Raw(i int) json.RawMessage {
	if i < 0 || i >= len(a.raw) {
		return nil
	}
	return a.raw[i]
}

// Decode unmarshals the i-th argument into v. It returns ErrNoArg or the error
// of encoding/json.
func (a Args) Decode(i int, v any) error {
	raw := a.Raw(i)
	if raw == nil {
		return ErrNoArg
	}
	return json.Unmarshal(raw, v)
}

// Value is the i-th argument as Go values, with every binary part in its place
// as Binary. Arguments without binary parts stay json.RawMessage. Either can be
// sent on as it is.
func (a Args) Value(i int) any {
	raw := a.Raw(i)
	if raw == nil || len(a.attachments) == 0 || !bytes.Contains(raw, []byte(`"_placeholder"`)) {
		return raw
	}
	var tree any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if dec.Decode(&tree) != nil {
		return raw
	}
	return a.fill(tree)
}

// Values are all arguments by Value.
func (a Args) Values() []any {
	values := make([]any, a.Len())
	for i := range values {
		values[i] = a.Value(i)
	}
	return values
}

func (a Args) fill(node any) any {
	switch node := node.(type) {
	case map[string]any:
		if n, ok := placeholder(node); ok {
			return Binary(a.attachments[n])
		}
		for k, v := range node {
			node[k] = a.fill(v)
		}
	case []any:
		for i, v := range node {
			node[i] = a.fill(v)
		}
	}
	return node
}

// placeholder reads {"_placeholder":true,"num":n}. The number is -1 when it is
// none that could be right.
func placeholder(node map[string]any) (n int, ok bool) {
	if marked, _ := node["_placeholder"].(bool); !marked {
		return 0, false
	}
	number, _ := node["num"].(json.Number)
	i, err := number.Int64()
	if err != nil || i < 0 || i >= maxAttachments {
		return -1, true
	}
	return int(i), true
}

// parseArgs reads the array of a packet and checks that every placeholder
// points at an attachment.
func parseArgs(data []byte, attachments [][]byte) (Args, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return Args{}, errInvalidPacket
	}
	if len(attachments) > 0 {
		var tree any
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		if err := dec.Decode(&tree); err != nil || !placeholdersFit(tree, len(attachments)) {
			return Args{}, errInvalidPacket
		}
	}
	return Args{raw: raw, attachments: attachments}, nil
}

func placeholdersFit(node any, attachments int) bool {
	switch node := node.(type) {
	case map[string]any:
		if n, ok := placeholder(node); ok {
			return n >= 0 && n < attachments
		}
		for _, v := range node {
			if !placeholdersFit(v, attachments) {
				return false
			}
		}
	case []any:
		for _, v := range node {
			if !placeholdersFit(v, attachments) {
				return false
			}
		}
	}
	return true
}

// parseEvent splits an event into its name and arguments.
func parseEvent(p *packet) (string, Args, error) {
	args, err := parseArgs(p.data, p.attachments)
	if err != nil || len(args.raw) == 0 {
		return "", Args{}, errInvalidPacket
	}
	name, err := eventName(args.raw[0])
	if err != nil {
		return "", Args{}, err
	}
	args.raw = args.raw[1:]
	return name, args, nil
}

// eventName reads the first element: a string or, as in the reference parser,
// a number.
func eventName(raw json.RawMessage) (string, error) {
	var name string
	if raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9' {
		return string(raw), nil
	}
	if raw[0] != '"' || json.Unmarshal(raw, &name) != nil || reserved(name) {
		return "", errInvalidPacket
	}
	return name, nil
}

// reserved are the names that a client's library uses for itself.
func reserved(event string) bool {
	return slices.Contains([]string{
		"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
	}, event)
}

// encodeArgs writes values as a JSON array, binary parts taken out.
func encodeArgs(values []any) (array []byte, attachments [][]byte, err error) {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = extract(v, &attachments)
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return nil, nil, fmt.Errorf("encode arguments: %w", err)
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), attachments, nil
}

type placeholderJSON struct {
	Placeholder bool `json:"_placeholder"`
	Num         int  `json:"num"`
}

// extract replaces the binary parts of v by placeholders, in a copy.
func extract(v any, attachments *[][]byte) any {
	switch v := v.(type) {
	case Binary:
		*attachments = append(*attachments, v)
		return placeholderJSON{true, len(*attachments) - 1}
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, item := range v {
			out[k] = extract(item, attachments)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = extract(item, attachments)
		}
		return out
	}
	return v
}
