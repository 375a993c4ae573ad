package simulator

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// The guide names every control call, knob, rule and effect, so that nobody has to read the code to use it.
func TestGuideNamesEverything(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../../docs/simulator.md")
	if err != nil {
		t.Fatal(err)
	}
	guide := string(raw)
	sim := New(Options{})
	t.Cleanup(func() { _ = sim.Close(within(t)) })
	for pattern := range sim.planeRoutes() {
		if call := strings.Replace(pattern, " /simulator", " ", 1); !strings.Contains(guide, "`"+call+"`") {
			t.Errorf("nothing about %s", call)
		}
	}
	for effect, e := range Effects {
		for _, word := range append([]string{effect}, e.modes...) {
			if !strings.Contains(guide, "`"+word+"`") && word != "" {
				t.Errorf("nothing about the effect %s", word)
			}
		}
	}
	var knobs map[string]json.RawMessage
	must(json.Unmarshal(asciiJSON(DefaultKnobs(), false), &knobs))
	var rules map[string]json.RawMessage
	must(json.Unmarshal(knobs["rules"], &rules))
	delete(knobs, "rules")
	for name := range rules {
		knobs["rules."+name] = nil
	}
	for name := range knobs {
		if !strings.Contains(guide, "`"+name+"`") {
			t.Errorf("nothing about the knob %s", name)
		}
	}
}
