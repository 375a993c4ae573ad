package config

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"text/tabwriter"
)

// Setting is one variable, for people: what it is, what it says and why it says so. Secrets are masked.
type Setting struct {
	Section  string `json:"section"`
	Variable string `json:"variable"`
	Value    string `json:"value"`
	// Source is "environment", "default", "file <path>", "generated, kept in <path>", "derived" (from other settings) or
	// "not set".
	Source  string `json:"source"`
	Default string `json:"default,omitempty"`
	Doc     string `json:"doc"`
	// Secret says that the value may also come from the file that <Variable>_FILE names.
	Secret bool `json:"secret"`
}

// Settings lists every variable in the order of the documentation.
func (c Config) Settings() []Setting {
	value := reflect.ValueOf(c)
	settings := make([]Setting, len(fields))
	for i, f := range fields {
		source, known := c.origin[f.variable]
		if !known {
			source = "not set"
		}
		settings[i] = Setting{
			Section: f.section, Variable: f.variable, Value: fmt.Sprint(value.Field(f.index).Interface()),
			Source: source, Default: f.initial, Doc: f.doc, Secret: f.secret,
		}
	}
	return settings
}

// WriteSettings prints every setting with its value and source, then the warnings. Secrets are masked.
func WriteSettings(w io.Writer, c Config) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	section := ""
	for _, s := range c.Settings() {
		if s.Section != section {
			section = s.Section
			fmt.Fprintf(table, "\n%s\n", section)
		}
		value := s.Value
		if value == "" {
			value = "-"
		}
		fmt.Fprintf(table, "  %s\t%s\t%s\n", s.Variable, value, s.Source)
	}
	if len(c.warnings) > 0 {
		fmt.Fprint(table, "\nWarnings\n")
	}
	for _, warning := range c.warnings {
		fmt.Fprintf(table, "  %s\n", warning)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	return nil
}

// WriteExample prints an .env file in which every setting is explained and commented out, so that a copy of it changes
// nothing.
func WriteExample(w io.Writer) error {
	var text strings.Builder
	text.WriteString("# Settings of Bot Reserva. What is commented out has the value shown.\n" +
		"# A secret may also lie in a file: JWT_SECRET_FILE=/run/secrets/jwt instead of JWT_SECRET=...\n")
	section := ""
	for _, f := range fields {
		if f.section != section {
			section = f.section
			fmt.Fprintf(&text, "\n##### %s\n", section)
		}
		secret := ""
		if f.secret {
			secret = " (secret)"
		}
		fmt.Fprintf(&text, "\n# %s%s\n#%s=%s\n", f.doc, secret, f.variable, f.initial)
	}
	if _, err := io.WriteString(w, text.String()); err != nil {
		return fmt.Errorf("write example: %w", err)
	}
	return nil
}
