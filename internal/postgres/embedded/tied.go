//go:build unix

package embedded

import (
	"os/exec"
	"runtime"
	"syscall"
)

// startTied starts cmd so that it gets sig when this program dies, however it
// dies. The channel yields what cmd.Wait returned, once.
//
// Linux ties the signal to the thread that forked, and the Go runtime ends
// threads as it likes. Hence a goroutine that keeps one thread to itself from
// before the fork until the process is gone; it costs one sleeping thread.
func startTied(cmd *exec.Cmd, sig syscall.Signal) (<-chan error, error) {
	dieWith(cmd.SysProcAttr, sig)
	started := make(chan error, 1)
	ended := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		ended <- cmd.Wait()
	}()
	return ended, <-started
}
