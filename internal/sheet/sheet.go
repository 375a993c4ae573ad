// Package sheet writes tables for spreadsheet programs, as CSV and as XLSX, and reads CSV.
// Guests choose their names, and a program that opens a file runs what looks like a
// formula: no cell of ours does. What a table holds is its caller's business. Here are
// whole tables, stream.go writes long ones row by row, xlsx.go workbooks, read.go reads.
package sheet

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Table is a header and rows. Cells are texts, numbers, times or nil.
type Table struct {
	Header []string
	Rows   [][]any
}

// ContentType is that of WriteCSV.
const ContentType = "text/csv; charset=utf-8"

// byteOrderMark tells Excel that what follows is UTF-8.
const byteOrderMark = "\ufeff"

// WriteCSV writes a table as RFC 4180 says, in UTF-8 with a byte order mark.
func WriteCSV(out io.Writer, t Table) error {
	w, err := NewCSV(out, t.Header...)
	if err != nil {
		return err
	}
	for _, row := range t.Rows {
		if err := w.Write(row...); err != nil {
			return err
		}
	}
	return w.Close()
}

// cell writes a value. Numbers of ours may begin with a minus sign, texts may not.
func cell(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return Text(v)
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.Format("2006-01-02 15:04:05")
	default:
		return Text(fmt.Sprint(v))
	}
}

// Text returns a text that no spreadsheet program takes for a formula: an apostrophe
// goes before what would begin one, also behind blanks, quotes or marks that are not
// seen, and in the wide forms of East Asian keyboards. Characters that would break a
// line or a cell become blanks.
func Text(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\r' || r == '\n' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, text)
	if isFormula(text) {
		return "'" + text
	}
	return text
}

func isFormula(text string) bool {
	first := strings.TrimLeftFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("\"'`\u2018\u2019\u201c\u201d", r)
	})
	return first != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(first)[0])
}
