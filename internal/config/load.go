package config

import (
	"cmp"
	"errors"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
)

// Environ returns the variables of this process, for Load. Commands that set some of their own, such as demo, change
// the map before they pass it on.
func Environ() map[string]string { return env.ToMap(os.Environ()) }

// Load reads the settings from variables. An empty variable counts as not set. A secret may also come from a file that
// NAME_FILE names, such as JWT_SECRET_FILE.
//
// The error is of type Error and holds everything that is wrong, never the value of a secret. Outside production,
// secrets that are not set come from DATA_DIR/secrets.json, which Load makes when nothing else is wrong.
func Load(variables map[string]string) (Config, error) {
	l := &loader{variables: make(map[string]string), unread: make(map[string]bool)}
	l.cfg.origin = make(map[string]string)
	l.collect(variables)
	l.parse()
	l.check()
	l.settleSecrets()
	inOrder(l.problems)
	inOrder(l.cfg.warnings)
	if len(l.problems) > 0 {
		return Config{}, l.problems
	}
	return l.cfg, nil
}

// loader is the state of one Load.
type loader struct {
	cfg       Config
	variables map[string]string // those that are set, files read
	unread    map[string]bool   // could not be read at all: further checks have nothing to look at
	problems  Error
}

// field is one setting, as its tags describe it.
type field struct {
	index    int // in Config
	goName   string
	variable string
	initial  string
	section  string
	doc      string
	want     string
	secret   bool // or an address that may hold one
}

// fields lists the settings in their order.
var fields = readFields()

func readFields() []field {
	var all []field
	section := ""
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		if !f.IsExported() || len(f.Index) > 1 {
			continue
		}
		section = cmp.Or(f.Tag.Get("section"), section)
		all = append(all, field{
			index: f.Index[0], goName: f.Name, variable: f.Tag.Get("env"), initial: f.Tag.Get("envDefault"),
			section: section, doc: f.Tag.Get("doc"), want: f.Tag.Get("want"),
			secret: f.Type == reflect.TypeFor[Secret]() || f.Type == reflect.TypeFor[SecretURL](),
		})
	}
	return all
}

func findField(match func(field) bool) field {
	i := slices.IndexFunc(fields, match)
	if i < 0 {
		panic("config: asked for a setting that does not exist")
	}
	return fields[i]
}

func fieldOf(variable string) field {
	return findField(func(f field) bool { return f.variable == variable })
}

// collect takes what is set for each setting and notes where it came from.
func (l *loader) collect(variables map[string]string) {
	for _, f := range fields {
		value := strings.TrimRight(variables[f.variable], "\r\n")
		if !f.secret {
			value = strings.TrimSpace(value)
		}
		origin := "environment"
		if path := variables[f.variable+fileSuffix]; path != "" && f.secret {
			value, origin = l.readFile(f, path, value), "file "+path
		}
		switch {
		case value != "":
			l.variables[f.variable] = value
			l.cfg.origin[f.variable] = origin
		case f.initial != "":
			l.cfg.origin[f.variable] = "default"
		}
	}
}

const (
	// fileSuffix turns the name of a secret into that of the variable which says where the secret lies.
	fileSuffix = "_FILE"
	// longestFile is far more than any secret and far less than a file that was named by mistake.
	longestFile = 64 << 10
)

// readFile returns the secret in a file, without the line end that editors add.
func (l *loader) readFile(f field, path, besides string) string {
	name := f.variable + fileSuffix
	if besides != "" {
		l.add(name, "is set together with "+f.variable, "only one of the two")
		return besides
	}
	text, err := readSmallFile(path)
	if err == nil && strings.TrimSpace(text) == "" {
		err = errors.New("the file is empty")
	}
	if err != nil {
		l.unread[f.variable] = true
		l.add(name, "cannot be used: "+err.Error(), "the path of a readable file that holds "+f.want)
		return ""
	}
	return strings.TrimRight(text, "\r\n")
}

func readSmallFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, longestFile+1))
	if err == nil && len(text) > longestFile {
		err = errors.New("the file is too long for a secret")
	}
	return string(text), err
}

// parse fills the settings, and turns what the parsers did not like into problems.
func (l *loader) parse() {
	err := env.ParseWithOptions(&l.cfg, env.Options{Environment: l.variables})
	var all env.AggregateError
	if !errors.As(err, &all) {
		return
	}
	for _, one := range all.Errors {
		var parse env.ParseError
		if !errors.As(one, &parse) {
			panic("config: the tags of Config are wrong: " + one.Error())
		}
		l.addUnread(findField(func(f field) bool { return f.goName == parse.Name }), parse.Err)
	}
}

func (l *loader) addUnread(f field, err error) {
	for _, one := range each(err) {
		var found fault
		if !errors.As(one, &found) {
			found = fault("has a wrong value: " + quote(l.variables[f.variable]))
		}
		l.add(f.variable, string(found), f.want)
	}
	l.unread[f.variable] = true
}

// wrong reports a setting, with the fix that its tag says.
func (l *loader) wrong(variable string, err error) {
	if !l.unread[variable] {
		l.add(variable, err.Error(), fieldOf(variable).want)
	}
}

// warn notes something that does not stop the start.
func (l *loader) warn(variable, what, fix string) {
	l.cfg.warnings = append(l.cfg.warnings, Problem{Variable: variable, Wrong: what, Fix: fix})
}

// strict reports what production must not have and others may.
func (l *loader) strict(variable, what, fix string) {
	if l.cfg.InProduction() {
		l.add(variable, what, fix)
		return
	}
	l.warn(variable, what, fix)
}

func (l *loader) add(variable, what, fix string) {
	l.problems = append(l.problems, Problem{Variable: variable, Wrong: what, Fix: fix})
}

// inOrder sorts by the order of the settings, so that problems can be worked through from top to bottom.
func inOrder(problems []Problem) {
	place := make(map[string]int, 2*len(fields))
	for i, f := range fields {
		place[f.variable], place[f.variable+fileSuffix] = i, i
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return cmp.Compare(place[a.Variable], place[b.Variable]) })
}

// derived notes that a value was made from other settings.
func (l *loader) derived(variable string) { l.cfg.origin[variable] = "derived" }
