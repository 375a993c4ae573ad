package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
)

// Writer writes a table row by row, so that a long one is never whole in memory. Cells
// are as in Table.
type Writer interface {
	Write(row ...any) error
	// Close ends the table; it does not close what is written to.
	Close() error
}

// NewCSV begins a table in the form of WriteCSV.
func NewCSV(out io.Writer, header ...string) (Writer, error) {
	if _, err := io.WriteString(out, byteOrderMark); err != nil {
		return nil, fmt.Errorf("write csv: %w", err)
	}
	w := &csvWriter{w: csv.NewWriter(out)}
	w.w.UseCRLF = true
	return w, w.Write(texts(header)...)
}

type csvWriter struct {
	w     *csv.Writer
	cells []string
}

func (c *csvWriter) Write(row ...any) error {
	c.cells = c.cells[:0]
	for _, value := range row {
		c.cells = append(c.cells, cell(value))
	}
	if err := c.w.Write(c.cells); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

func (c *csvWriter) Close() error {
	c.w.Flush()
	if err := c.w.Error(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

func texts(header []string) []any {
	out := make([]any, len(header))
	for i, name := range header {
		out[i] = name
	}
	return out
}
