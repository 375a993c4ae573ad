package filing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/sound"
)

// Refusals of recordings.
var (
	ErrNoConverter = fault.New(fault.Unprocessable, "voice_conversion_unavailable",
		"This server cannot make a voice note of this recording: ffmpeg is not installed on it. Record with Chrome, Edge or Firefox (one channel), or ask the operator to install ffmpeg.")
	ErrNoVoice = fault.New(fault.Unprocessable, "voice_unreadable",
		"No voice note can be made of this file. Record again, or send it as a file.")
)

// maxRecording is the most of a recording: what WhatsApp takes of a voice note.
const maxRecording = 16_000_000

// UploadVoice keeps what somebody recorded as a voice note: OGG with Opus and one channel.
// Opus in WebM, as Chrome and Firefox record it, is taken out as it is; for all else ffmpeg
// must be installed. Besides the content's own errors and Upload's it returns ErrNoVoice and
// ErrNoConverter.
func (c *Cabinet) UploadVoice(ctx context.Context, tenantID id.Tenant, by user.User, filename string, content io.Reader) (media.File, error) {
	dir, err := os.MkdirTemp("", "botreserva-voice-")
	if err != nil {
		return media.File{}, fmt.Errorf("make folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	recording := filepath.Join(dir, "recording")
	mimeType, err := spool(recording, content)
	if err != nil {
		return media.File{}, err
	}
	voice, err := c.voice(ctx, recording, mimeType)
	if err != nil {
		return media.File{}, err
	}
	file, err := os.Open(voice)
	if err != nil {
		return media.File{}, fmt.Errorf("open voice note: %w", err)
	}
	defer func() { _ = file.Close() }()
	name := tidy(filename)
	return c.Upload(ctx, tenantID, by, strings.TrimSuffix(name, path.Ext(name))+".ogg", file)
}

// spool writes a recording to a file and tells its type.
func spool(name string, content io.Reader) (string, error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", fmt.Errorf("make file: %w", err)
	}
	n, err := io.Copy(file, io.LimitReader(content, maxRecording+1))
	head := make([]byte, headSize)
	read := 0
	if err == nil {
		read, err = file.ReadAt(head, 0)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	switch err = errors.Join(err, file.Close()); {
	case err != nil:
		return "", err
	case n == 0:
		return "", media.ErrEmpty
	case n > maxRecording:
		return "", tooLarge(maxRecording)
	default:
		return typeOf(head[:read], ""), nil
	}
}

// voice returns a file that is a voice note.
func (c *Cabinet) voice(ctx context.Context, recording, mimeType string) (string, error) {
	file, err := os.Open(recording)
	if err != nil {
		return "", fmt.Errorf("open recording: %w", err)
	}
	defer func() { _ = file.Close() }()
	head := make([]byte, media.HeadSize)
	n, _ := io.ReadFull(file, head)
	if mimeType == "audio/ogg" && (media.File{MimeType: mimeType}).SendableWith(head[:n], message.Audio, true) == nil {
		return recording, nil
	}
	if sound.IsWebM(head[:n]) {
		if out, err := remuxed(file); err == nil || !worthConverting(err) {
			return out, err
		}
	}
	if !sound.Convertible(mimeType) {
		return "", ErrNoVoice
	}
	out, err := c.converter.ToVoice(ctx, mimeType, recording)
	switch {
	case errors.Is(err, sound.ErrNoConverter):
		return "", ErrNoConverter
	case errors.Is(err, sound.ErrConvert):
		return "", ErrNoVoice.Because(err)
	default:
		return out, err
	}
}

// worthConverting reports whether ffmpeg may do better.
func worthConverting(err error) bool {
	return errors.Is(err, sound.ErrFormat) || errors.Is(err, sound.ErrNotOpus) || errors.Is(err, sound.ErrChannels)
}

func remuxed(recording *os.File) (string, error) {
	if _, err := recording.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("read recording: %w", err)
	}
	name := recording.Name() + ".remuxed"
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", fmt.Errorf("make file: %w", err)
	}
	return name, errors.Join(sound.Remux(out, recording), out.Close())
}
