package socketio

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/botreserva/botreserva/internal/realtime/socketio/engineio"
)

type packetType byte

// Packet types of the protocol.
const (
	typeConnect packetType = iota
	typeDisconnect
	typeEvent
	typeAck
	typeConnectError
	typeBinaryEvent
	typeBinaryAck
)

// messageDigit is the Engine.IO type that every Socket.IO packet travels in.
const messageDigit = '4'

const (
	// maxAttachments is the limit of the reference parser (4.2.6, 2026).
	maxAttachments = 10
	maxNamespace   = 256 // bytes of a namespace's name
	maxIDDigits    = 16  // of an acknowledgement's number: 2^53 has as many
)

// mainNamespace needs no name on the wire.
const mainNamespace = "/"

var errInvalidPacket = errors.New("invalid packet")

// packet is what came from a client, whole.
type packet struct {
	kind      packetType // binary kinds are folded into typeEvent and typeAck
	namespace string
	id        uint64
	hasID     bool
	data      json.RawMessage
	// attachments of a binary packet; nil when it was plain, in which case a
	// placeholder in data is just an object.
	attachments [][]byte
}

// decoder puts packets together, binary ones from several messages.
type decoder struct {
	limit   int // bytes of all attachments of a packet
	partial *packet
	missing int
	taken   int
}

// text reads a text message. The packet is whole unless attachments must follow.
func (d *decoder) text(raw []byte) (p *packet, whole bool, err error) {
	if d.partial != nil {
		return nil, false, errInvalidPacket
	}
	p, attachments, err := parseHeader(raw)
	if err != nil {
		return nil, false, err
	}
	if attachments == 0 {
		return p, true, nil
	}
	d.partial, d.missing, d.taken = p, attachments, 0
	return p, false, nil
}

// binary reads an attachment. The packet is whole with the last of them.
func (d *decoder) binary(raw []byte) (p *packet, whole bool, err error) {
	p = d.partial
	if p == nil || d.taken+len(raw) > d.limit {
		return nil, false, errInvalidPacket
	}
	d.taken += len(raw)
	p.attachments = append(p.attachments, raw)
	d.missing--
	if d.missing > 0 {
		return p, false, nil
	}
	d.partial = nil
	return p, true, nil
}

// parseHeader reads
//
//	<type>[<attachments>-][<namespace>,][<id>][JSON]
func parseHeader(raw []byte) (p *packet, attachments int, err error) {
	if len(raw) == 0 || raw[0] < '0' || raw[0] > '6' {
		return nil, 0, errInvalidPacket
	}
	p = &packet{kind: packetType(raw[0] - '0'), namespace: mainNamespace}
	rest := raw[1:]
	if p.kind == typeBinaryEvent || p.kind == typeBinaryAck {
		if attachments, rest, err = parseAttachments(rest); err != nil {
			return nil, 0, err
		}
		p.kind -= typeBinaryEvent - typeEvent
	}
	if p.namespace, rest, err = parseNamespace(rest); err != nil {
		return nil, 0, err
	}
	if p.id, p.hasID, rest, err = parseID(rest); err != nil {
		return nil, 0, err
	}
	p.data = rest
	return p, attachments, checkPayload(p)
}

func parseAttachments(raw []byte) (int, []byte, error) {
	digits, rest, found := bytes.Cut(raw, []byte("-"))
	n, err := strconv.ParseUint(string(digits[:min(len(digits), 3)]), 10, 8)
	if !found || len(digits) > 3 || err != nil || n < 1 || n > maxAttachments {
		return 0, nil, errInvalidPacket
	}
	return int(n), rest, nil
}

func parseNamespace(raw []byte) (string, []byte, error) {
	if len(raw) == 0 || raw[0] != '/' {
		return mainNamespace, raw, nil
	}
	name, rest, _ := bytes.Cut(raw, []byte(","))
	if len(name) > maxNamespace {
		return "", nil, errInvalidPacket
	}
	return string(name), rest, nil
}

func parseID(raw []byte) (id uint64, found bool, rest []byte, err error) {
	n := 0
	for n < len(raw) && raw[n] >= '0' && raw[n] <= '9' {
		n++
	}
	if n == 0 {
		return 0, false, raw, nil
	}
	if n > maxIDDigits {
		return 0, false, nil, errInvalidPacket
	}
	id, err = strconv.ParseUint(string(raw[:n]), 10, 64)
	return id, true, raw[n:], err
}

// checkPayload refuses a payload whose shape does not fit the packet's type.
// What is inside an array is read later, by parseArgs.
func checkPayload(p *packet) error {
	first := byte(0)
	if len(p.data) > 0 {
		first = p.data[0]
	}
	ok := false
	switch p.kind {
	case typeConnect:
		ok = first == 0 || first == '{' && json.Valid(p.data)
	case typeDisconnect:
		ok = first == 0
	case typeEvent:
		ok = first == '['
	case typeAck:
		ok = first == '[' && p.hasID
	default: // a client has no connection to refuse
	}
	if !ok {
		return errInvalidPacket
	}
	return nil
}

// offsetRoom is what appendArg may add to a packet without moving it.
const offsetRoom = 32

// encode writes an outgoing packet, Engine.IO digit included.
func encode(kind packetType, attachments int, namespace string, id *uint64, payload []byte) []byte {
	b := make([]byte, 0, len(payload)+len(namespace)+maxIDDigits+offsetRoom)
	b = append(b, messageDigit, '0'+byte(kind))
	if attachments > 0 {
		b = strconv.AppendInt(b, int64(attachments), 10)
		b = append(b, '-')
	}
	if namespace != mainNamespace {
		b = append(b, namespace...)
		b = append(b, ',')
	}
	if id != nil {
		b = strconv.AppendUint(b, *id, 10)
	}
	return append(b, payload...)
}

// eventFrames encodes an event.
func eventFrames(namespace string, id *uint64, array []byte, attachments [][]byte) []engineio.Frame {
	kind := typeEvent
	if len(attachments) > 0 {
		kind = typeBinaryEvent
	}
	return frames(encode(kind, len(attachments), namespace, id, array), attachments)
}

// ackFrames encodes an acknowledgement.
func ackFrames(namespace string, id uint64, array []byte, attachments [][]byte) []engineio.Frame {
	kind := typeAck
	if len(attachments) > 0 {
		kind = typeBinaryAck
	}
	return frames(encode(kind, len(attachments), namespace, &id, array), attachments)
}

func frames(encoded []byte, attachments [][]byte) []engineio.Frame {
	out := make([]engineio.Frame, 0, 1+len(attachments))
	out = append(out, engineio.Packet(encoded))
	for _, a := range attachments {
		out = append(out, engineio.Binary(a))
	}
	return out
}
