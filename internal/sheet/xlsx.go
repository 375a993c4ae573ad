package sheet

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ContentTypeXLSX is that of NewXLSX.
const ContentTypeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// maxCell is how many characters a cell of Excel holds.
const maxCell = 32_767

// The parts of a workbook with one sheet (ECMA-376). Texts stand in their cells, marked
// as texts: no program calculates them, whatever they begin with.
const (
	xlsxTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`
	xlsxRoot = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	xlsxBook = xml.Header + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheets><sheet name="%s" sheetId="1" r:id="rId1"/></sheets></workbook>`
	xlsxBookRels = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	// Styles: 0 plain, 1 the header, 2 a time.
	xlsxStyles = xml.Header + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd\ hh:mm"/></numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
		`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`
	xlsxBegin = xml.Header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
		`<cols><col min="1" max="%d" width="22" customWidth="1"/></cols><sheetData>`
	xlsxEnd = `</sheetData></worksheet>`
)

// NewXLSX begins a workbook with one sheet. It is written as it goes: the parts that
// depend on no row come first.
func NewXLSX(out io.Writer, name string, header ...string) (Writer, error) {
	z := zip.NewWriter(out)
	for _, part := range []struct{ path, text string }{
		{"[Content_Types].xml", xlsxTypes},
		{"_rels/.rels", xlsxRoot},
		{"xl/workbook.xml", fmt.Sprintf(xlsxBook, escaped(name))},
		{"xl/_rels/workbook.xml.rels", xlsxBookRels},
		{"xl/styles.xml", xlsxStyles},
	} {
		w, err := z.Create(part.path)
		if err == nil {
			_, err = io.WriteString(w, part.text)
		}
		if err != nil {
			return nil, fmt.Errorf("write xlsx: %w", err)
		}
	}
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err == nil {
		_, err = fmt.Fprintf(w, xlsxBegin, max(len(header), 1))
	}
	if err != nil {
		return nil, fmt.Errorf("write xlsx: %w", err)
	}
	x := &xlsxWriter{zip: z, sheet: w}
	return x, x.write(1, texts(header))
}

type xlsxWriter struct {
	zip   *zip.Writer
	sheet io.Writer
}

func (x *xlsxWriter) Write(row ...any) error { return x.write(0, row) }

func (x *xlsxWriter) write(style int, row []any) error {
	var b strings.Builder
	b.WriteString("<row>")
	for _, value := range row {
		xlsxCell(&b, style, value)
	}
	b.WriteString("</row>")
	if _, err := io.WriteString(x.sheet, b.String()); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

func (x *xlsxWriter) Close() error {
	_, err := io.WriteString(x.sheet, xlsxEnd)
	if err == nil {
		err = x.zip.Close()
	}
	if err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

func xlsxCell(b *strings.Builder, style int, value any) {
	switch v := value.(type) {
	case nil:
		b.WriteString("<c/>")
	case int:
		fmt.Fprintf(b, "<c><v>%d</v></c>", v)
	case float64:
		fmt.Fprintf(b, "<c><v>%s</v></c>", strconv.FormatFloat(v, 'f', -1, 64))
	case time.Time:
		fmt.Fprintf(b, `<c s="2"><v>%s</v></c>`, strconv.FormatFloat(serial(v), 'f', 6, 64))
	default:
		fmt.Fprintf(b, `<c s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, style, escaped(fmt.Sprint(v)))
	}
}

// serial is a time as spreadsheets count: days since 30 December 1899, by the clock on
// the wall of the time's own zone.
func serial(t time.Time) float64 {
	_, offset := t.Zone()
	begin := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	return t.Add(time.Duration(offset)*time.Second).Sub(begin).Seconds() / (24 * 60 * 60)
}

// underscored looks like an escape of Excel's for a character.
var underscored = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

func escaped(text string) string {
	if runes := []rune(text); len(runes) > maxCell {
		text = string(runes[:maxCell])
	}
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(underscored.ReplaceAllString(text, "_x005F_$1"))) // a Builder takes everything
	return b.String()
}
