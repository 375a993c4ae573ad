package redistest

import (
	"os/exec"
	"runtime"
	"syscall"
)

// startTied starts cmd so that it is killed when the tests die, however they die, and
// closes ended after its end. Linux ties a child to the thread that forked it, hence a
// goroutine that keeps its thread; other systems leave it at the clean-ups.
func startTied(cmd *exec.Cmd, ended chan<- struct{}) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	dieWithUs(cmd.SysProcAttr)
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // it is killed
			close(ended)
		}
	}()
	return <-started
}
