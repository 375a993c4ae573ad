package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// File is a CSV file as it was read.
type File struct {
	Header    []string
	Rows      []Row
	Separator string // a comma, a semicolon or a tab
	Encoding  string // UTF-8 or Windows-1252
}

// Row is one line of a file. Cells that stand beyond the header are kept.
type Row struct {
	Line  int
	Cells []string
}

// What a file is not.
var (
	ErrEmpty = errors.New("the file has no header and no rows")
	ErrNoCSV = errors.New("the file is no text")
	ErrLong  = errors.New("the file has too many rows")
)

// Read reads a CSV file as programs of Brazil's write it: with commas, semicolons or
// tabs, in UTF-8 or Windows-1252, with or without a byte order mark or Excel's line
// "sep=;". Empty lines are left out, and so is the apostrophe that Text put before a cell.
func Read(data []byte, maxRows int) (File, error) {
	text, encoding, err := decode(data)
	if err != nil {
		return File{}, err
	}
	f := File{Encoding: encoding}
	first, rest, _ := strings.Cut(text, "\n")
	above := 0
	if sep, ok := strings.CutPrefix(strings.TrimRight(first, "\r"), "sep="); ok && len(sep) == 1 && strings.Contains(",;\t", sep) {
		f.Separator, text, above = sep, rest, 1
	} else {
		f.Separator = separatorOf(text)
	}
	return f, f.read(text, above, maxRows)
}

func (f *File) read(text string, above, maxRows int) error {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = rune(f.Separator[0]), -1, true
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrNoCSV, err)
		}
		if isBlank(cells) {
			continue
		}
		for i, cell := range cells {
			cells[i] = unguarded(strings.TrimSpace(cell))
		}
		if f.Header == nil {
			f.Header = cells
			continue
		}
		if len(f.Rows) == maxRows {
			return ErrLong
		}
		line, _ := r.FieldPos(0)
		f.Rows = append(f.Rows, Row{line + above, cells})
	}
	if f.Header == nil {
		return ErrEmpty
	}
	return nil
}

func isBlank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// unguarded takes the apostrophe away that Text puts before a formula.
func unguarded(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && isFormula(rest) {
		return rest
	}
	return cell
}

func decode(data []byte) (text, encoding string, err error) {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	if bytes.IndexByte(data, 0) >= 0 || bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return "", "", ErrNoCSV // UTF-16, or a workbook
	}
	if utf8.Valid(data) {
		return string(data), "UTF-8", nil
	}
	decoded, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return "", "", fmt.Errorf("%w: %w", ErrNoCSV, err)
	}
	return string(decoded), "Windows-1252", nil
}

// separatorOf returns the separator that the header has most of, outside of quotes.
func separatorOf(text string) string {
	counts := map[rune]int{}
	quoted := false
	for _, c := range strings.TrimLeft(text, " \r\n") {
		if c == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if c == '\n' || c == '\r' {
			break
		}
		counts[c]++
	}
	best := ","
	for _, candidate := range []string{";", "\t"} {
		if counts[rune(candidate[0])] > counts[rune(best[0])] {
			best = candidate
		}
	}
	return best
}
