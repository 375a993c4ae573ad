package arch

import (
	"fmt"
	"slices"
	"strings"
)

// checkTable holds the table and the tree equal in both directions.
func checkTable(sources []source, table []room) []string {
	var problems []string
	found := roomsOf(sources)
	for _, name := range found {
		if _, ok := findRoom(table, name); !ok {
			problems = append(problems, name+": not in the table of rooms; say there what it is for and where it stands")
		}
	}
	for _, r := range table {
		if !slices.Contains(found, r.path) {
			problems = append(problems, r.path+": in the table of rooms, but there is no such package")
		}
	}
	return problems
}

// checkImports names every import that the table does not allow.
func checkImports(sources []source, table []room, known []library) []string {
	var problems []string
	for _, s := range sources {
		from, ok := findRoom(table, s.room)
		if !ok {
			continue // checkTable reports it
		}
		for _, imported := range s.imports {
			if why := refuse(s, from, imported, table, known); why != "" {
				problems = append(problems, fmt.Sprintf("%s imports %s: %s", s.path, imported, why))
			}
		}
	}
	return problems
}

// refuse says why the file may not import that path, or nothing when it may.
func refuse(s source, from room, imported string, table []room, known []library) string {
	inner, ours := strings.CutPrefix(imported, module+"/")
	if !ours {
		return refuseForeign(s, from, imported, known)
	}
	to, ok := findRoom(table, inner)
	switch {
	case !ok:
		return "not in the table of rooms"
	case to.path == from.path, slices.Contains(from.also, to.path):
		return ""
	case s.test && from.layer > noun && !from.alone:
		return "" // a test above the nouns may bring in whatever its story needs
	case from.alone:
		return "this room imports nothing of ours (" + from.why + ")"
	case from.layer == testRoom:
		return ""
	default:
		return refuseRoom(from, to)
	}
}

func refuseRoom(from, to room) string {
	switch {
	case to.layer == testRoom:
		return "only tests import it"
	case to.layer > from.layer:
		return "imports only go down"
	case to.by != nil && !slices.Contains(to.by, from.path):
		return fmt.Sprintf("only %s may (%s)", strings.Join(to.by, ", "), to.why)
	case to.layer < from.layer, to.step < from.step:
		return ""
	case from.layer == noun, from.layer == activity:
		return "it does not stand lower on the ladder of this layer"
	default:
		return "rooms of this layer do not know each other"
	}
}

// refuseForeign judges an import of the standard library or of another module.
func refuseForeign(s source, from room, imported string, known []library) string {
	if from.layer == noun && slices.Contains(notInNouns, imported) {
		return "a noun is true without a computer"
	}
	lib, ok := findLibrary(known, imported)
	inTest := s.test || from.layer == testRoom
	switch {
	case !ok && strings.Contains(strings.Split(imported, "/")[0], "."):
		return "a new library: decide it in the table of libraries"
	case !ok, inTest:
		return ""
	case lib.testOnly:
		return "for tests only"
	case lib.rooms != nil && !slices.ContainsFunc(lib.rooms, func(r string) bool { return within(from.path, r) }):
		return fmt.Sprintf("only %s may (%s)", strings.Join(lib.rooms, ", "), lib.why)
	default:
		return ""
	}
}

func findRoom(table []room, name string) (room, bool) {
	i := slices.IndexFunc(table, func(r room) bool { return r.path == name })
	if i < 0 {
		return room{}, false
	}
	return table[i], true
}

// findLibrary returns the row with the longest path that holds the import.
func findLibrary(known []library, imported string) (library, bool) {
	var best library
	for _, l := range known {
		if within(imported, l.path) && len(l.path) > len(best.path) {
			best = l
		}
	}
	return best, best.path != ""
}

func within(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}
