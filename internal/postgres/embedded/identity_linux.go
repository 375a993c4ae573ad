package embedded

import (
	"syscall"
)

// overflowUID is the number that Linux shows for an unmapped user, and nobody's.
const overflowUID = 65534

// namespaceIdentities is root under the number of an ordinary user. The files
// stay root's, so folders that only root can enter are reachable. The number has
// to be in the password file, because initdb looks its own user up.
func namespaceIdentities() []identity {
	alias := overflowUID
	for _, name := range []string{"nobody", "postgres"} {
		if id, ok := lookUp(name); ok {
			alias = id.uid
		}
	}
	return []identity{{label: "root in a user namespace", alias: alias}}
}

func enterNamespace(attr *syscall.SysProcAttr, id identity) {
	attr.Cloneflags |= syscall.CLONE_NEWUSER
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: id.alias, HostID: id.uid, Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: id.alias, HostID: id.gid, Size: 1}}
}

// dieWith has the kernel send sig to the process when the thread that started it
// ends; see startTied for why that is a thread and not the program.
func dieWith(attr *syscall.SysProcAttr, sig syscall.Signal) { attr.Pdeathsig = sig }
