package media

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// Refusals of files that WhatsApp would not take as what somebody wants to send them.
var (
	ErrWrongType = fault.New(fault.Unprocessable, "media_type_not_allowed", "WhatsApp does not take this type of file as such a message.")
	ErrWrongSize = fault.New(fault.Unprocessable, "media_too_large_to_send", "The file is too large for WhatsApp.")
	ErrNotVoice  = fault.New(fault.Unprocessable, "voice_not_opus", "A voice note must be OGG with Opus and one channel. Upload the recording with voice=true, and it becomes one.")
)

// HeadSize is how much of a file SendableWith wants to see.
const HeadSize = 64

// maxStillSticker is the most of a sticker that does not move. One that does may have
// what LimitOf says.
const maxStillSticker = 100_000

// takes says in words what WhatsApp takes as a kind of message.
var takes = map[message.Kind]string{
	message.Image:    "As a picture WhatsApp takes JPEG and PNG. Send other pictures in one of these forms.",
	message.Video:    "As a film WhatsApp takes MP4 and 3GP. Convert the film first.",
	message.Audio:    "As sound WhatsApp takes AAC, AMR, MP3, M4A and OGG with Opus. Convert the sound first.",
	message.Sticker:  "As a sticker WhatsApp takes WebP of 512 × 512. Convert the picture first.",
	message.Document: "As a document WhatsApp takes PDF, text, and files of Word, Excel and PowerPoint. Make a PDF of it.",
}

// SendableAs refuses a file whose type or size WhatsApp does not take as a kind of message.
func (f File) SendableAs(kind message.Kind, voice bool) error {
	form, known := sendable[f.MimeType]
	switch {
	case voice && f.MimeType != "audio/ogg":
		return ErrNotVoice
	case !known || form.kind != kind:
		return ErrWrongType.Saying(takes[kind])
	case f.Size > form.maxSize:
		return wrongSize(form.maxSize)
	default:
		return nil
	}
}

// SendableWith refuses a file for what its first bytes (HeadSize, or all) tell.
func (f File) SendableWith(head []byte, kind message.Kind, voice bool) error {
	switch {
	case f.MimeType == "audio/ogg" && !isMonoOpus(head):
		if voice {
			return ErrNotVoice
		}
		return ErrWrongType.Saying("Of OGG files WhatsApp takes those with Opus and one channel. Convert the sound first.")
	case kind == message.Sticker && f.Size > maxStillSticker && !isAnimatedWebP(head):
		return wrongSize(maxStillSticker)
	default:
		return nil
	}
}

func wrongSize(limit int64) error {
	if limit < megabyte {
		return ErrWrongSize.Saying(fmt.Sprintf("WhatsApp takes at most %d KB of this kind. Make the file smaller.", limit/1000))
	}
	return ErrWrongSize.Saying(fmt.Sprintf("WhatsApp takes at most %d MB of this kind. Make the file smaller.", limit/megabyte))
}

// isMonoOpus reads the first page of an OGG file (RFC 3533, RFC 7845): its one packet is
// the head of an Opus stream, which tells the number of channels.
func isMonoOpus(head []byte) bool {
	const before = 28 // a page's head with one segment
	return len(head) >= before+10 && bytes.HasPrefix(head, []byte("OggS")) && head[26] == 1 &&
		bytes.Equal(head[before:before+8], []byte("OpusHead")) && head[before+9] == 1
}

// isAnimatedWebP reads the flags of WebP's extended form.
func isAnimatedWebP(head []byte) bool {
	const animation = 0x02
	return len(head) >= 21 && bytes.HasPrefix(head, []byte("RIFF")) && bytes.Equal(head[8:16], []byte("WEBPVP8X")) &&
		binary.LittleEndian.Uint32(head[16:20]) >= 10 && head[20]&animation != 0
}
