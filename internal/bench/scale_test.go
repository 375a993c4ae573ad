package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		plan      string
		mayMuch   bool
		read      int64
		complaint string
	}{
		"a page by an index":  {`{"Node Type":"Limit","Plans":[{"Node Type":"Index Scan","Actual Rows":20,"Actual Loops":1,"Rows Removed by Filter":3}]}`, false, 23, ""},
		"a loop":              {`{"Node Type":"Nested Loop","Plans":[{"Node Type":"Index Scan","Actual Rows":1,"Actual Loops":20}]}`, false, 20, ""},
		"a bitmap, once":      {`{"Node Type":"Bitmap Heap Scan","Actual Rows":70,"Actual Loops":1,"Plans":[{"Node Type":"Bitmap Index Scan","Actual Rows":70,"Actual Loops":1}]}`, false, 70, ""},
		"a small table":       {`{"Node Type":"Seq Scan","Relation Name":"tenant","Actual Rows":100,"Actual Loops":1}`, false, 100, ""},
		"a large table":       {`{"Node Type":"Seq Scan","Relation Name":"message","Actual Rows":1,"Actual Loops":1,"Rows Removed by Filter":90000}`, true, 90001, "scans message"},
		"too many for a list": {`{"Node Type":"Index Scan","Actual Rows":30000,"Actual Loops":1}`, false, 30000, "reads 30000 rows"},
		"for a report":        {`{"Node Type":"Sort","Plans":[{"Node Type":"Index Only Scan","Actual Rows":90000,"Actual Loops":1}]}`, true, 90000, ""},
		"a sort of everything": {
			`{"Node Type":"Sort","Plans":[{"Node Type":"Index Scan","Actual Rows":26000,"Actual Loops":1}]}`, false, 26000,
			"sorts 26000 rows, reads 26000 rows",
		},
	} {
		var root node
		if err := json.Unmarshal([]byte(c.plan), &root); err != nil {
			t.Fatal(err)
		}
		if p := judge(root, c.mayMuch); p.Read != c.read || p.Complaint != c.complaint {
			t.Errorf("%s: read %d, complaint %q", name, p.Read, p.Complaint)
		}
	}
}

func TestScaleOptions(t *testing.T) {
	t.Parallel()
	o, err := parseOptions([]string{"-scenario", "scale", "-scale", "0.1"})
	if err != nil || o.connections != 8 {
		t.Errorf("%d connections, %v", o.connections, err)
	}
	for _, bad := range []string{"-scenario scale -scale 0", "-scenario scale -calls 0", "-scenario scales"} {
		if _, err := parseOptions(strings.Fields(bad)); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

func TestLooks(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, l := range looks() {
		if names[l.name] || l.target == 0 {
			t.Errorf("%s: twice, or without a target", l.name)
		}
		names[l.name] = true
	}
	if got := len(limitedTo(looks(), "audit, usage")); got != 4 {
		t.Errorf("%d looks at the audit log and usage", got)
	}
}
