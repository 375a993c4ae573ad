package embedded_test

import (
	"io/fs"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestStart_as_root_drops_its_rights(t *testing.T) {
	t.Parallel()
	requireRoot(t)
	c := start(t, options(madeDir(t)))
	info, err := os.Stat(c.DataDir())
	if err != nil {
		t.Fatal(err)
	}
	if uid := info.Sys().(*syscall.Stat_t).Uid; uid == 0 {
		t.Error("the cluster belongs to root though others can reach the folder")
	}
	if got := processUser(t, postmasterPID(t, c.DataDir())); got == "0" {
		t.Error("the server runs as root")
	}
}

func TestStart_as_root_below_a_closed_folder(t *testing.T) {
	t.Parallel()
	requireRoot(t)
	dir := filepath.Join(t.TempDir(), "data") // below a folder of mode 0700
	opts := options(dir)
	c := start(t, opts)
	exec(t, c.URL("postgres"), "CREATE TABLE guest (name text); INSERT INTO guest VALUES ('Eva')")
	stop(t, c)
	requireNobodyLeft(t, c.DataDir())

	// Moved to where the server's own user reaches it, the data comes along.
	open := filepath.Join(reachableDir(t), "data")
	if err := os.Rename(dir, open); err != nil {
		t.Fatal(err)
	}
	if err := chownAll(filepath.Join(open, "postgres"), 65534); err != nil {
		t.Fatal(err)
	}
	moved := start(t, options(open))
	if got := query(t, moved.URL("postgres"), "SELECT name FROM guest"); got != "Eva" {
		t.Errorf("row after the move: %q", got)
	}
	stop(t, moved)

	// And back: what an ordinary user owned is taken over where only root goes.
	if err := os.Rename(open, dir); err != nil {
		t.Fatal(err)
	}
	back := start(t, opts)
	if got := query(t, back.URL("postgres"), "SELECT name FROM guest"); got != "Eva" {
		t.Errorf("row after the way back: %q", got)
	}
}

// concernsAllUsersAlike are the tests that rights make no difference to.
const concernsAllUsersAlike = "settings|damaged|long_path|durable|shows_why|does_not_listen|gives_up|makes_good|closed_folder|Npm|Binaries|Log"

// TestAsOrdinaryUser repeats the others without root's rights.
func TestAsOrdinaryUser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes seconds")
	}
	requireRoot(t)
	dir := reachableDir(t)
	program := filepath.Join(dir, "embedded.test")
	text, err := os.ReadFile(os.Args[0]) // the original may lie where only root goes
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, text, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := osexec.CommandContext(withLimit(t), program, "-test.v", "-test.skip="+concernsAllUsersAlike)
	cmd.Dir = dir
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "TMPDIR=") || strings.HasPrefix(entry, "HOME=")
	}), asOrdinary+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("as an ordinary user: %v\n%s", err, out)
	}
	if passed := strings.Count(string(out), "--- PASS: TestStart_"); passed < 5 {
		t.Errorf("only %d tests ran as an ordinary user:\n%s", passed, out)
	}
}

func requireRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("concerns root only")
	}
}

func chownAll(root string, id int) error {
	return filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, id, id)
	})
}
