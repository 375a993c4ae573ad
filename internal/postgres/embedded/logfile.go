//go:build unix

package embedded

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	maxLogSize  = 10 << 20 // bytes
	logTailSize = 2 << 10  // bytes shown in an error
)

// openServerLog returns the file the server writes to directly, so that it keeps
// writing when we die, and the size it has now. A file over 10 MB becomes ".1".
func openServerLog(path string) (*os.File, int64, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > maxLogSize {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, 0, fmt.Errorf("turn server log over: %w", err)
		}
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, 0, fmt.Errorf("open server log: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("open server log: %w", err), file.Close())
	}
	return file, info.Size(), nil
}

// logTail is the end of what was written after offset, at most 2 KB.
func logTail(path string, offset int64) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }() // read only
	if info, err := file.Stat(); err == nil && info.Size()-logTailSize > offset {
		offset = info.Size() - logTailSize
	}
	text, err := io.ReadAll(io.NewSectionReader(file, offset, logTailSize))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}
