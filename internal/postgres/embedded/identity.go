//go:build unix

package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// identity is the user that the server runs as. PostgreSQL refuses to be root, so
// a root launcher becomes somebody else: preferably an ordinary user that can
// reach the data folder, else root under another number (a user namespace).
type identity struct {
	label    string
	uid, gid int  // owner of the cluster's files
	drop     bool // started as root: become uid and gid
	alias    int  // > 0: stay uid, but be seen as this number by the server
}

// chooseIdentity takes the first user that can really reach the data folder and
// execute the server; it tries, because modes do not tell of access lists, mounts
// and security modules.
func chooseIdentity(ctx context.Context, dataDir string, b binaries) (identity, error) {
	owner, exists := ownerOf(filepath.Join(dataDir, clusterFolder))
	if uid := os.Geteuid(); uid != 0 {
		if exists && owner.uid != uid {
			return identity{}, fmt.Errorf("the cluster in %s belongs to %s: start as that user or as root, "+
				"or choose another data folder", dataDir, owner.label)
		}
		return identity{label: labelOf(uid), uid: uid, gid: os.Getegid()}, nil
	}
	namespaceErr := errors.New("not available on this system")
	for _, id := range rootCandidates(dataDir, owner, exists) {
		err := id.probe(ctx, dataDir, b)
		if err == nil {
			return id, nil
		}
		if id.alias > 0 {
			namespaceErr = err
		}
	}
	return identity{}, fmt.Errorf("postgresql refuses to run as root and no other user can reach %s and %s "+
		"(nor does a user namespace help: %w): set DATA_DIR to a folder that other users can enter, "+
		"for example /var/lib/botreserva, or start as an ordinary user", dataDir, b.dir, namespaceErr)
}

// rootCandidates puts the owner of an existing cluster first, so that its files
// need not change hands.
func rootCandidates(dataDir string, owner identity, exists bool) []identity {
	var ids []identity
	if exists && owner.uid != 0 {
		ids = append(ids, owner)
	}
	if exists && owner.uid == 0 {
		ids = append(ids, namespaceIdentities()...)
	}
	for _, name := range []string{"postgres", "nobody"} {
		if id, ok := lookUp(name); ok {
			ids = append(ids, id)
		}
	}
	// "sudo" in somebody's closed home: its owner can reach what strangers cannot.
	for dir := dataDir; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if id, ok := ownerOf(dir); ok && id.uid != 0 {
			if _, err := user.LookupId(strconv.Itoa(id.uid)); err == nil { // initdb wants a name
				ids = append(ids, id)
			}
			break
		}
	}
	return append(ids, namespaceIdentities()...)
}

func lookUp(name string) (identity, bool) {
	u, err := user.Lookup(name)
	if err != nil {
		return identity{}, false
	}
	uid, uidErr := strconv.Atoi(u.Uid)
	gid, gidErr := strconv.Atoi(u.Gid)
	if uidErr != nil || gidErr != nil || uid == 0 {
		return identity{}, false
	}
	return identity{label: name, uid: uid, gid: gid, drop: true}, true
}

// ownerOf does not follow a link, because own does not either.
func ownerOf(path string) (identity, bool) {
	info, err := os.Lstat(path)
	if err != nil {
		return identity{}, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return identity{}, false
	}
	return identity{label: labelOf(int(stat.Uid)), uid: int(stat.Uid), gid: int(stat.Gid), drop: true}, true
}

func labelOf(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "uid " + strconv.Itoa(uid)
}

// probe runs the server's --version as this user from within the data folder.
func (id identity) probe(ctx context.Context, dataDir string, b binaries) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	cmd := id.command(ctx, b.postgres(), "--version")
	cmd.Dir = dataDir
	return cmd.Run()
}

// command is a program of the server's, to be started as this user.
func (id identity) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = serverEnvironment()
	// A group of its own: Ctrl-C in the terminal must reach only the launcher,
	// which drains before it stops the database.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	switch {
	case id.alias > 0:
		enterNamespace(cmd.SysProcAttr, id)
	case id.drop:
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(id.uid), Gid: uint32(id.gid)}
	}
	return cmd
}

// own gives one file or folder to this user; only root needs to and can.
func (id identity) own(path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	return os.Lchown(path, id.uid, id.gid)
}

// ownTree gives a whole tree, its root last: the root's owner is what the next
// start looks at, so an interruption is noticed and made good.
func (id identity) ownTree(root string) error {
	if owner, ok := ownerOf(root); ok && owner.uid == id.uid {
		return nil
	}
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		return id.own(path)
	})
	if err != nil {
		return err
	}
	return id.own(root)
}
