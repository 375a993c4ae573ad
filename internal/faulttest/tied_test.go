package faulttest

import (
	"os/exec"
	"runtime"
	"syscall"
)

// startTied starts cmd so that it is killed when the tests die, however they die. The
// channel yields what cmd.Wait returned. Linux ties a child to the thread that forked
// it, hence a goroutine that keeps its thread; other systems leave it at the clean-ups.
func startTied(cmd *exec.Cmd) (<-chan error, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	dieWithUs(cmd.SysProcAttr)
	started, ended := make(chan error, 1), make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		err := cmd.Start()
		started <- err
		if err == nil {
			ended <- cmd.Wait()
		}
	}()
	return ended, <-started
}
