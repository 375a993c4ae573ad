//go:build unix

package embedded_test

import (
	"bufio"
	"errors"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/botreserva/botreserva/internal/postgres/embedded"
)

// owner is a launcher in a process of its own.
type owner struct {
	cmd *osexec.Cmd
	url string
}

func startOwner(t *testing.T, dir string) owner {
	t.Helper()
	o, out := spawnOwner(t, dir)
	line, err := out.ReadString('\n')
	url, ready := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if !ready {
		t.Fatalf("owner says %q (%v)", line, err)
	}
	o.url = url
	return o
}

// spawnOwner does not wait until the cluster is ready.
func spawnOwner(t *testing.T, dir string) (owner, *bufio.Reader) {
	t.Helper()
	cmd := osexec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), ownerFolder+"="+dir)
	cmd.Stderr = os.Stderr
	if _, err := cmd.StdinPipe(); err != nil { // its end tells the owner to stop
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return owner{cmd: cmd}, bufio.NewReader(out)
}

func (o owner) kill(t *testing.T) {
	t.Helper()
	if err := o.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = o.cmd.Wait() // "signal: killed"
}

func TestStart_folder_in_use_is_refused(t *testing.T) {
	t.Parallel()
	dir := madeDir(t)
	o := startOwner(t, dir)
	defer o.kill(t)

	_, err := embedded.Start(withLimit(t), options(dir))
	var inUse *embedded.InUseError
	if !errors.Is(err, embedded.ErrInUse) || !errors.As(err, &inUse) {
		t.Fatalf("second start: %v, want ErrInUse", err)
	}
	if inUse.PID != o.cmd.Process.Pid || !strings.Contains(err.Error(), strconv.Itoa(inUse.PID)) {
		t.Errorf("error %q names process %d, the holder is %d", err, inUse.PID, o.cmd.Process.Pid)
	}
	if got := query(t, o.url, "SELECT 'unharmed'"); got != "unharmed" {
		t.Errorf("first server after the refusal: %q", got)
	}
}

func TestStart_after_the_launcher_was_killed(t *testing.T) {
	t.Parallel()
	dir := madeDir(t)
	o := startOwner(t, dir)
	exec(t, o.url, "CREATE TABLE guest (name text); INSERT INTO guest VALUES ('Bia')")
	orphan := postmasterPID(t, filepath.Join(dir, "postgres"))
	o.kill(t)

	c := start(t, options(dir))
	if got := query(t, c.URL("postgres"), "SELECT name FROM guest"); got != "Bia" {
		t.Errorf("row after the kill: %q", got)
	}
	if postmasterPID(t, c.DataDir()) == orphan {
		t.Error("the orphan still is the server")
	}
	stop(t, c)
	requireNobodyLeft(t, c.DataDir())
}

func TestStart_after_the_launcher_was_killed_during_initdb(t *testing.T) {
	t.Parallel()
	dir := reachableDir(t)
	o, _ := spawnOwner(t, dir)
	await(t, "initdb to write", func() bool {
		begun, _ := filepath.Glob(filepath.Join(dir, "postgres.new-*", "PG_VERSION"))
		return len(begun) > 0
	})
	o.kill(t)
	if _, err := os.Stat(filepath.Join(dir, "postgres")); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("a cluster is in its place before it is whole: %v", err)
	}
	c := start(t, options(dir))
	if got := query(t, c.URL("postgres"), "SELECT 'whole'"); got != "whole" {
		t.Errorf("query: %q", got)
	}
}

func TestStart_after_launcher_and_server_were_killed(t *testing.T) {
	t.Parallel()
	dir := madeDir(t)
	o := startOwner(t, dir)
	exec(t, o.url, "CREATE TABLE guest (name text); INSERT INTO guest VALUES ('Caio')")
	killProcess(t, postmasterPID(t, filepath.Join(dir, "postgres")))
	o.kill(t)

	reusePID(t, filepath.Join(dir, "postgres"))

	c := start(t, options(dir))
	if got := query(t, c.URL("postgres"), "SELECT name FROM guest"); got != "Caio" {
		t.Errorf("row after the kills: %q", got)
	}
}

// reusePID gives the number in the pid file to a living program of the same user.
// Neither root's nor this process would do: PostgreSQL sees through both.
func reusePID(t *testing.T, clusterDir string) {
	t.Helper()
	path := filepath.Join(clusterDir, "postmaster.pid")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bystander := osexec.CommandContext(t.Context(), "sleep", "60")
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
		bystander.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
	}
	if err := bystander.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = bystander.Process.Kill()
		_ = bystander.Wait() // "signal: killed"
	})
	_, rest, _ := strings.Cut(string(text), "\n")
	if err := os.WriteFile(path, []byte(strconv.Itoa(bystander.Process.Pid)+"\n"+rest), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestCluster_tells_when_the_server_dies(t *testing.T) {
	t.Parallel()
	opts := options(madeDir(t))
	c := start(t, opts)
	exec(t, c.URL("postgres"), "CREATE TABLE guest (name text); INSERT INTO guest VALUES ('Duda')")
	if err := c.Err(); err != nil {
		t.Errorf("Err of a running server: %v", err)
	}
	killProcess(t, postmasterPID(t, c.DataDir()))
	select {
	case <-c.Done():
	case <-withLimit(t).Done():
		t.Fatal("Done was not closed")
	}
	if err := c.Err(); !errors.Is(err, embedded.ErrExited) {
		t.Errorf("Err = %v, want ErrExited", err)
	}
	if _, err := embedded.Start(withLimit(t), opts); !errors.Is(err, embedded.ErrInUse) {
		t.Errorf("start before Stop: %v, want ErrInUse", err)
	}
	stop(t, c)
	requireNobodyLeft(t, c.DataDir())

	again := start(t, opts)
	if got := query(t, again.URL("postgres"), "SELECT name FROM guest"); got != "Duda" {
		t.Errorf("row after the crash: %q", got)
	}
}

func killProcess(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}
