package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/sheet"
)

func TestRead(t *testing.T) {
	t.Parallel()
	windows, err := charmap.Windows1252.NewEncoder().String("Nome;Fone\nJoão “Zé”;11\n")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		data string
		want sheet.File
	}{
		"commas, and a mark in front": {
			"\ufeffNome,Fone\r\n\"Silva, Ana\",11\r\n",
			sheet.File{Header: []string{"Nome", "Fone"}, Rows: []sheet.Row{{Line: 2, Cells: []string{"Silva, Ana", "11"}}}, Separator: ",", Encoding: "UTF-8"},
		},
		"semicolons in Windows-1252": {
			windows,
			sheet.File{Header: []string{"Nome", "Fone"}, Rows: []sheet.Row{{Line: 2, Cells: []string{"João “Zé”", "11"}}}, Separator: ";", Encoding: "Windows-1252"},
		},
		"tabs, blank lines and lines of other lengths": {
			"\n\nNome\tFone\n\n Ana \t11\t12\n\t\nBia\n",
			sheet.File{Header: []string{"Nome", "Fone"}, Rows: []sheet.Row{{Line: 5, Cells: []string{"Ana", "11", "12"}}, {Line: 7, Cells: []string{"Bia"}}}, Separator: "\t", Encoding: "UTF-8"},
		},
		"Excel's own first line": {
			"sep=;\r\nNome;Fone\r\na,b,c;11\r\n",
			sheet.File{Header: []string{"Nome", "Fone"}, Rows: []sheet.Row{{Line: 3, Cells: []string{"a,b,c", "11"}}}, Separator: ";", Encoding: "UTF-8"},
		},
		"a separator inside a quoted heading": {
			"\"a;b;c\",Fone\n1,2\n",
			sheet.File{Header: []string{"a;b;c", "Fone"}, Rows: []sheet.Row{{Line: 2, Cells: []string{"1", "2"}}}, Separator: ",", Encoding: "UTF-8"},
		},
		"a cell of two lines, and quotes where none belong": {
			"a,b\n\"x\ny\",5\" disk\nz,1\n",
			sheet.File{Header: []string{"a", "b"}, Rows: []sheet.Row{{Line: 2, Cells: []string{"x\ny", "5\" disk"}}, {Line: 4, Cells: []string{"z", "1"}}}, Separator: ",", Encoding: "UTF-8"},
		},
		"what Text made safe": {
			"a\n'=1+1\n'tis\n",
			sheet.File{Header: []string{"a"}, Rows: []sheet.Row{{Line: 2, Cells: []string{"=1+1"}}, {Line: 3, Cells: []string{"'tis"}}}, Separator: ",", Encoding: "UTF-8"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := sheet.Read([]byte(c.data), 10)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data string
		want error
	}{
		"nothing":        {"", sheet.ErrEmpty},
		"blank lines":    {"\n \n;;\n", sheet.ErrEmpty},
		"a workbook":     {"PK\x03\x04rest", sheet.ErrNoCSV},
		"UTF-16":         {"\xff\xfeN\x00o\x00", sheet.ErrNoCSV},
		"one row beyond": {"a\n1\n2\n3\n", sheet.ErrLong},
	} {
		if _, err := sheet.Read([]byte(c.data), 2); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if f, err := sheet.Read([]byte("a\n1\n2\n"), 2); err != nil || len(f.Rows) != 2 {
		t.Errorf("at the limit: %v, %v", f, err)
	}
}

// FuzzRead: whatever is sent as a file is read or refused, with no more rows than asked
// for, each from a line after the one before, and all of it text.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2", "sep=;\na;b", "\"", "a\r\rb", "\ufeff\ufeff", "\xe3;\xff\n\x80", "a\n\"b\n\n\"\"c", "=1\n'=1", ",\n,", "a\tb;c,d\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := sheet.Read(data, 5)
		if err != nil {
			return
		}
		if len(file.Header) == 0 || len(file.Rows) > 5 || len(file.Separator) != 1 {
			t.Fatalf("%q became %+v", data, file)
		}
		line := 0
		for _, row := range file.Rows {
			if row.Line <= line || len(row.Cells) == 0 {
				t.Fatalf("%q became %+v", data, file)
			}
			line = row.Line
			for _, cell := range row.Cells {
				if strings.ToValidUTF8(cell, "") != cell || strings.ContainsRune(cell, 0) {
					t.Fatalf("%q holds %q", data, cell)
				}
			}
		}
	})
}

// TestWhatIsWrittenIsReadAgain: a table that was exported can be imported.
func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	printable := rapid.StringOf(rapid.RuneFrom([]rune(`aÁ1;,"'=+-@ ＝` + "`“x"))).Filter(func(s string) bool {
		return s == strings.TrimSpace(s) && s != ""
	})
	rapid.Check(t, func(r *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(printable, 3, 3), 1, 10).Draw(r, "rows")
		var out bytes.Buffer
		w, err := sheet.NewCSV(&out, "a", "b", "c")
		if err != nil {
			r.Fatal(err)
		}
		for _, row := range rows {
			if err := w.Write(row[0], row[1], row[2]); err != nil {
				r.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			r.Fatal(err)
		}
		got, err := sheet.Read(out.Bytes(), 10)
		if err != nil {
			r.Fatal(err)
		}
		for i, row := range got.Rows {
			if !slices.Equal(row.Cells, rows[i]) {
				r.Fatalf("wrote %q, read %q from %q", rows[i], row.Cells, out.String())
			}
		}
	})
}

// TestNewXLSX reads a workbook as any XML: texts are marked as texts, so that nothing is
// calculated; times are numbers that are shown as times, by the clock of their zone.
func TestNewXLSX(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w, err := sheet.NewXLSX(&out, "Contatos & mais", "Nome", "=Total")
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("", -3*3600)
	for _, row := range [][]any{{"=1+1", 7}, {"<Zoë> \x00\x0b_x0041_", time.Date(2026, 1, 31, 12, 0, 0, 0, zone)}, {nil, 1.5}, {strings.Repeat("a", 40_000)}} {
		if err := w.Write(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	parts := unzipped(t, out.Bytes())
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := xml.Unmarshal(parts["xl/workbook.xml"], &book); err != nil || book.Sheets[0].Name != "Contatos & mais" {
		t.Errorf("%+v: %v", book, err)
	}
	type cell struct {
		Type  string `xml:"t,attr"`
		Style string `xml:"s,attr"`
		Text  string `xml:"is>t"`
		Value string `xml:"v"`
	}
	var got struct {
		Rows []struct {
			Cells []cell `xml:"c"`
		} `xml:"sheetData>row"`
	}
	if err := xml.Unmarshal(parts["xl/worksheets/sheet1.xml"], &got); err != nil {
		t.Fatal(err)
	}
	text := func(style, s string) cell { return cell{Type: "inlineStr", Style: style, Text: s} }
	want := [][]cell{
		{text("1", "Nome"), text("1", "=Total")},
		{text("0", "=1+1"), {Value: "7"}},
		{text("0", "<Zoë> \ufffd\ufffd_x005F_x0041_"), {Style: "2", Value: "46053.500000"}},
		{{}, {Value: "1.5"}},
		{text("0", strings.Repeat("a", 32_767))},
	}
	for i, row := range got.Rows {
		if diff := cmp.Diff(want[i], row.Cells); diff != "" {
			t.Errorf("row %d (-want +got):\n%s", i, diff)
		}
	}
	if len(got.Rows) != len(want) {
		t.Errorf("%d rows", len(got.Rows))
	}
}

func unzipped(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if parts[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		_ = r.Close()
		if err := xml.Unmarshal(parts[f.Name], new(struct{})); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	return parts
}

// TestNoCellIsAFormula writes what begins formulas, in every disguise, through the writer
// that exports use.
func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w, err := sheet.NewCSV(&out, "a")
	if err != nil {
		t.Fatal(err)
	}
	for _, begin := range []string{"=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\"=", "“=", "'=", "＝", "＋", "－", "＠", "\u00a0=", "\u200b=", "\ufeff="} {
		if err := w.Write(begin + "cmd|' /C calc'!A0"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(out.String(), "\r\n") {
		cell := strings.TrimLeftFunc(strings.TrimPrefix(line, "\ufeff"), func(r rune) bool { return r == '"' || unicode.IsSpace(r) })
		if cell != "" && strings.ContainsAny(cell[:1], "=+-@") || strings.HasPrefix(cell, "＝") {
			t.Errorf("%q is a formula", line)
		}
	}
}
