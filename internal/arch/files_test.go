package arch

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// longestFile is the size up to which a file can still hold one idea.
const longestFile = 400

func checkSizes(sources []source) []string {
	var problems []string
	for _, s := range sources {
		if !s.test && !s.generated && s.lines > longestFile {
			problems = append(problems, fmt.Sprintf("%s: %d lines, at most %d; find the second idea in it", s.path, s.lines, longestFile))
		}
	}
	return problems
}

func checkNames(sources []source) []string {
	var problems []string
	for _, s := range sources {
		for part := range strings.SplitSeq(s.room+"/"+s.name, "/") {
			if slices.Contains(emptyNames, part) {
				problems = append(problems, fmt.Sprintf("%s: a package named %q says nothing; name it after what it holds", s.path, part))
				break
			}
		}
	}
	return problems
}

var backquoted = regexp.MustCompile("`((?:internal|cmd)/[a-z0-9_/]+)`")

// checkMap compares the architecture document with the packages: it names each of them in backquotes
// (`internal/desk`), and no package or file under internal or cmd that is not there.
func checkMap(document string, tree fs.FS, packages []string) []string {
	var problems []string
	for _, name := range packages {
		if !strings.Contains(document, "`"+name+"`") && !strings.Contains(document, "`"+name+"/`") {
			problems = append(problems, fmt.Sprintf("ARCHITECTURE.md does not name `%s`", name))
		}
	}
	for _, match := range backquoted.FindAllStringSubmatch(document, -1) {
		name := strings.TrimSuffix(match[1], "/")
		if _, err := fs.Stat(tree, name); err != nil {
			problems = append(problems, fmt.Sprintf("ARCHITECTURE.md names `%s`, which is not there", name))
		}
	}
	return problems
}

// strangeText is what a committed file must not hold: it works on one machine and nowhere else.
var strangeText = []struct {
	why     string
	pattern *regexp.Regexp
}{
	{"a directory of one machine", regexp.MustCompile(`(?m)(?:^|[^\w.~$}>*-])/(?:home/[a-z]|Users/\w|work/\w|workspace/\w|farm/\w)`)},
	{"a package registry's address", regexp.MustCompile(`(?i)registry\.(?:npmjs|yarnpkg)\.\w|(?:proxy|sum)\.golang\.org|deb\.debian\.org`)},
	{"a package registry's address", regexp.MustCompile(`(?i)https?://[^\s/"]*(?:artifactory|verdaccio|nexus|jfrog)`)},
}

// checkTexts reads every file that is or could be committed.
func checkTexts(tree fs.FS) ([]string, error) {
	skip, err := readIgnored(tree)
	if err != nil {
		return nil, err
	}
	var problems []string
	err = fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case skip.match(name) && entry.IsDir():
			return fs.SkipDir
		case skip.match(name) || !entry.Type().IsRegular():
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		problems = append(problems, checkText(name, text)...)
		if path.Base(name) == "package-lock.json" {
			problems = append(problems, checkLock(tree, name, text)...)
		}
		return nil
	})
	return problems, err
}

func checkText(name string, text []byte) []string {
	if bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0 {
		return nil // binary
	}
	var problems []string
	for _, strange := range strangeText {
		if at := strange.pattern.FindIndex(text); at != nil {
			line := 1 + bytes.Count(text[:at[1]], []byte("\n"))
			problems = append(problems, fmt.Sprintf("%s:%d: %s: %q", name, line, strange.why, text[at[0]:at[1]]))
		}
	}
	return problems
}

// checkLock keeps addresses out of lock files: npm writes them unless the folder's .npmrc says otherwise, and
// then the file installs only where that address can be reached.
func checkLock(tree fs.FS, name string, text []byte) []string {
	var problems []string
	if bytes.Contains(text, []byte(`"resolved"`)) {
		problems = append(problems, name+`: holds "resolved" addresses; write it again with the folder's .npmrc`)
	}
	settings, err := fs.ReadFile(tree, path.Join(path.Dir(name), ".npmrc"))
	if err != nil || !bytes.Contains(settings, []byte("omit-lockfile-registry-resolved=true")) {
		problems = append(problems, name+": needs an .npmrc beside it with omit-lockfile-registry-resolved=true")
	}
	return problems
}
