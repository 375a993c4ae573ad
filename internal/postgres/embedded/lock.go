//go:build unix

package embedded

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// dirLock is the launcher's claim on a data folder. The kernel drops it with the
// process, so a SIGKILL never leaves it behind. The file itself stays: removing
// it would let two processes lock two different files of the same name.
type dirLock struct{ file *os.File }

func lockDataDir(dir string) (*dirLock, error) {
	file, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open lock file: %w", err)
	}
	free, err := tryLock(file)
	if err == nil && free {
		err = writePID(file)
	} else if err == nil {
		err = &InUseError{DataDir: dir, PID: readPID(file)}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &dirLock{file}, nil
}

// release unlocks before it closes: a child that is just being forked shares the
// open file for an instant, and would keep the lock for that long.
func (l *dirLock) release() error {
	return errors.Join(unlock(l.file), l.file.Close())
}

// tryLock reports false when another open file holds the lock.
func tryLock(file *os.File) (bool, error) {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("lock %s: %w", file.Name(), err)
	}
	return true, nil
}

func unlock(file *os.File) error {
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_UN); err != nil {
		return fmt.Errorf("unlock %s: %w", file.Name(), err)
	}
	return nil
}

func writePID(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return fmt.Errorf("write lock file: %w", err)
	}
	if _, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0); err != nil {
		return fmt.Errorf("write lock file: %w", err)
	}
	return nil
}

func readPID(file *os.File) int {
	text, err := io.ReadAll(io.LimitReader(file, 32))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return pid
}
