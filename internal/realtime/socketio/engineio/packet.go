package engineio

import (
	"bytes"
	"encoding/base64"
	"errors"
	"unicode/utf8"
)

// Packet types, the first character of every text packet.
const (
	typeOpen    = '0'
	typeClose   = '1'
	typePing    = '2'
	typePong    = '3'
	typeMessage = '4'
	typeUpgrade = '5'
	typeNoop    = '6'
)

const (
	// separator stands between the packets of one polling body.
	separator = 0x1e
	// binaryPrefix marks a base64 packet in a polling body.
	binaryPrefix = 'b'
)

var errInvalidPacket = errors.New("invalid packet")

// Frame is one packet ready to be sent. Frames share their bytes: the same
// Frame may be queued on thousands of sessions, so nobody may change them.
type Frame struct {
	data   []byte // text: the type digit and the payload; binary: the payload alone
	binary bool
}

// Packet makes a text frame of bytes that already begin with the Engine.IO
// type digit, which is '4' for every message.
func Packet(encoded []byte) Frame { return Frame{data: encoded} }

// Binary makes a binary message.
func Binary(payload []byte) Frame { return Frame{data: payload, binary: true} }

// Text makes a text message.
func Text(payload []byte) Frame {
	return Frame{data: append([]byte{typeMessage}, payload...)}
}

// Encoded is what Packet or Binary was given.
func (f Frame) Encoded() []byte { return f.data }

// Size is the number of bytes of the frame, as far as they depend on its content.
func (f Frame) Size() int { return len(f.data) }

// Message is what a client sent, without its type digit.
type Message struct {
	Data   []byte
	Binary bool
}

func control(digit byte) Frame { return Frame{data: []byte{digit}} }

var (
	closeFrame = control(typeClose)
	pingFrame  = control(typePing)
	noopFrame  = control(typeNoop)
)

// incoming is a decoded packet of either transport.
type incoming struct {
	kind byte
	Message
}

// decodeText reads a packet that came as text. It refuses text that is not
// UTF-8, because such bytes handed on to a browser would end its connection.
func decodeText(raw []byte) (incoming, error) {
	if len(raw) == 0 || raw[0] < typeOpen || raw[0] > typeNoop || !utf8.Valid(raw) {
		return incoming{}, errInvalidPacket
	}
	return incoming{kind: raw[0], Message: Message{Data: raw[1:]}}, nil
}

func decodeBinary(raw []byte) incoming {
	return incoming{kind: typeMessage, Message: Message{Data: raw, Binary: true}}
}

// decodePayload calls each with every packet of a polling body, in order, and
// stops at the first error.
func decodePayload(body []byte, each func(incoming) error) error {
	for raw := range bytes.SplitSeq(body, []byte{separator}) {
		packet, err := decodePolled(raw)
		if err != nil {
			return err
		}
		if err := each(packet); err != nil {
			return err
		}
	}
	return nil
}

func decodePolled(raw []byte) (incoming, error) {
	if len(raw) == 0 || raw[0] != binaryPrefix {
		return decodeText(raw)
	}
	data := make([]byte, base64.StdEncoding.DecodedLen(len(raw)-1))
	n, err := base64.StdEncoding.Decode(data, raw[1:])
	if err != nil {
		return incoming{}, errInvalidPacket
	}
	return decodeBinary(data[:n]), nil
}

// encodePayload writes frames as one polling body.
func encodePayload(frames []Frame) []byte {
	var body []byte
	for i, f := range frames {
		if i > 0 {
			body = append(body, separator)
		}
		if f.binary {
			body = append(body, binaryPrefix)
			body = base64.StdEncoding.AppendEncode(body, f.data)
		} else {
			body = append(body, f.data...)
		}
	}
	return body
}

func size(frames []Frame) int {
	n := 0
	for _, f := range frames {
		n += len(f.data)
	}
	return n
}
