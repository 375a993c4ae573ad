package sound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// Errors of conversion.
var (
	// ErrNoConverter is returned where ffmpeg is not installed.
	ErrNoConverter = errors.New("ffmpeg is not installed")
	// ErrConvert is returned for what ffmpeg could not convert, or not within bounds.
	ErrConvert = errors.New("the recording could not be converted")
)

// What a conversion may take.
const (
	convertTime = 60 * time.Second
	maxVoice    = 16_000_000 // bytes: what WhatsApp takes
	maxMemory   = 1 << 30    // address space, most of which ffmpeg never touches
)

// demuxers are the formats that ffmpeg is told to read, by type. It is never left to
// guess: a playlist would have it open other files.
var demuxers = map[string]string{
	"audio/webm": "matroska", "video/webm": "matroska", "video/x-matroska": "matroska", "audio/ogg": "ogg", "audio/mp4": "mov", "video/mp4": "mov",
	"audio/aac": "aac", "audio/mpeg": "mp3", "audio/amr": "amr", "audio/wav": "wav", "video/3gpp": "mov", "video/quicktime": "mov",
}

// Convertible reports whether a file of a type may be made a voice note by ffmpeg.
func Convertible(mimeType string) bool { return demuxers[mimeType] != "" }

// Converter is ffmpeg, kept short: it gets one file in a folder of its own, an empty
// environment, no network, and limits of time, memory and size.
type Converter struct{ ffmpeg, prlimit string }

// FindConverter looks for ffmpeg on this machine.
func FindConverter() Converter {
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		return Converter{}
	}
	prlimit, err := exec.LookPath("prlimit") // of util-linux
	if err != nil {
		prlimit = ""
	}
	return Converter{ffmpeg, prlimit}
}

// IsThere reports whether ffmpeg was found.
func (c Converter) IsThere() bool { return c.ffmpeg != "" }

// ToVoice makes an OGG file with Opus and one channel of a recording in a file. The result
// is a file beside it, which the caller removes.
func (c Converter) ToVoice(ctx context.Context, mimeType, file string) (string, error) {
	demuxer := demuxers[mimeType]
	switch {
	case !c.IsThere():
		return "", ErrNoConverter
	case demuxer == "":
		return "", ErrConvert
	}
	ctx, cancel := context.WithTimeout(ctx, convertTime)
	defer cancel()
	dir, out := filepath.Dir(file), file+".ogg"
	args := []string{
		c.ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-threads", "1", "-protocol_whitelist", "file",
		"-f", demuxer, "-i", filepath.Base(file), "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-ac", "1", "-ar", "48000",
		"-c:a", "libopus", "-b:a", "32k", "-application", "voip", "-fs", strconv.Itoa(maxVoice), "-f", "ogg", filepath.Base(out),
	}
	if c.prlimit != "" {
		seconds := strconv.Itoa(int(convertTime / time.Second))
		args = append([]string{c.prlimit, "--as=" + strconv.Itoa(maxMemory), "--cpu=" + seconds, "--fsize=" + strconv.Itoa(2*maxVoice), "--nofile=32", "--core=0", "--"}, args...)
	}
	command := exec.CommandContext(ctx, args[0], args[1:]...) //nolint:gosec // nothing of it comes from outside
	var said bytes.Buffer
	command.Dir, command.Env, command.Stderr = dir, []string{}, &limited{to: &said, left: 2000}
	command.WaitDelay = 5 * time.Second
	if err := command.Run(); err != nil {
		_ = os.Remove(out) // it may never have been made
		return "", fmt.Errorf("%w: %w: %s", ErrConvert, err, said.String())
	}
	if info, err := os.Stat(out); err != nil || info.Size() == 0 {
		_ = os.Remove(out)
		return "", ErrConvert
	}
	return out, nil
}

// limited keeps the beginning of what is written.
type limited struct {
	to   *bytes.Buffer
	left int
}

// Write implements io.Writer.
func (l *limited) Write(p []byte) (int, error) {
	n := min(len(p), l.left)
	l.left -= n
	l.to.Write(p[:n])
	return len(p), nil
}
