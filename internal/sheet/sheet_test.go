package sheet_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/sheet"
)

func TestWriteCSV(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := sheet.WriteCSV(&out, sheet.Table{
		Header: []string{"Nome", "=Total"},
		Rows: [][]any{
			{"Zoë, \"a única\"", -5}, {"=HYPERLINK(\"http://x\")", 1.5}, {nil, time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)}, {"duas\nlinhas", true},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufeffNome,'=Total\r\n\"Zoë, \"\"a única\"\"\",-5\r\n\"'=HYPERLINK(\"\"http://x\"\")\",1.5\r\n,2026-01-31 08:00:00\r\nduas linhas,true\r\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                            "",
		"Ana":                         "Ana",
		"Ana-Maria":                   "Ana-Maria",
		"a=b":                         "a=b",
		"=1+1":                        "'=1+1",
		"+5512988887777":              "'+5512988887777",
		"-2":                          "'-2",
		"@SUM(A1)":                    "'@SUM(A1)",
		"\t=1":                        "' =1",
		"\r\n=1":                      "'  =1",
		"  =1":                        "'  =1",
		`"=1`:                         `'"=1`,
		"'=1":                         "''=1",
		"＝1":                          "'＝1",
		"＋1":                          "'＋1",
		"－1":                          "'－1",
		"＠x":                          "'＠x",
		"%":                           "%",
		"\u200b=1":                    "'\u200b=1",
		"\u202e=1":                    "'\u202e=1",
		"\u00a0=1":                    "'\u00a0=1",
		"\x00=1":                      "'=1",
		"\x1f\x7f=1":                  "'=1",
		"DDE (\"cmd\";\"/C calc\")=1": "DDE (\"cmd\";\"/C calc\")=1",
	} {
		if got := sheet.Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzText: whatever somebody is called, the file has one row for them, and their cell
// begins with nothing that is run.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"=1", "\"=1", "a\r\n=1", "＝", "\ufeff=1", "'", "\xff=", "\u2028=cmd|' /C calc'!A0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var out bytes.Buffer
		if err := sheet.WriteCSV(&out, sheet.Table{Header: []string{"a", "b"}, Rows: [][]any{{text, 1}}}); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(out.Bytes()[3:])).ReadAll()
		if err != nil || len(rows) != 2 || rows[1][1] != "1" {
			t.Fatalf("%q became %q: %v", text, out.String(), err)
		}
		if r := strings.TrimSpace(rows[1][0]); r != "" {
			first, _ := utf8.DecodeRuneInString(r)
			if strings.ContainsRune("=+-@＝＋－＠", first) {
				t.Fatalf("%q begins a cell with %q", text, first)
			}
		}
	})
}
