package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"
)

// scaleReport is everything that scenario scale found out.
type scaleReport struct {
	Machine     machine `json:"machine"`
	Scale       float64 `json:"scale"`
	Connections int     `json:"connections"`
	FillSeconds float64 `json:"fillSeconds"`
	Sizes       []size  `json:"sizes"`
	Seen        []seen  `json:"seen"`
}

func (r *scaleReport) write(file string) error {
	if file == "" {
		return nil
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the figures: %w", err)
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	return nil
}

func (r *scaleReport) print(out io.Writer) {
	m := r.Machine
	fmt.Fprintf(out, "\n%s: %d × %s, %.1f GB, Linux %s, PostgreSQL %s, %s\nload average before %s, after %s\n",
		m.Date.Format("2006-01-02 15:04"), m.Cores, m.CPU, float64(m.Memory)/(1<<30), m.Kernel, m.PostgreSQL, m.Go, m.LoadBefore, m.LoadAfter)
	fmt.Fprintf(out, "scale %g, filled in %s\n\n", r.Scale, time.Duration(r.FillSeconds*float64(time.Second)).Round(time.Second))
	for _, s := range r.Sizes {
		fmt.Fprintf(out, "%-28s %11d rows %8.1f MB, indexes %8.1f MB\n", s.Table, s.Rows, float64(s.Bytes)/1e6, float64(s.Indexes)/1e6)
	}
	if len(r.Seen) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%d connections; milliseconds; CPU of product and PostgreSQL for one call\n| %-42s |    p50 |    p95 |    max |   1/s | CPU ms | rows read | |\n|---|---|---|---|---|---|---|---|\n", r.Connections, "")
	for _, s := range r.Seen {
		fmt.Fprintln(out, s.line())
	}
	for _, s := range r.Seen {
		if s.Bad > 0 {
			fmt.Fprintf(out, "\n%s: %d of %d calls: %s\n", s.Name, s.Bad, s.Calls, s.Said)
		}
		if s.Plan != nil && s.Plan.Complaint != "" {
			fmt.Fprintf(out, "\n%s: %s\n%s\n", s.Name, s.Plan.Complaint, s.Plan.Text)
		}
	}
}

// line is a row of the table, in Markdown.
func (s seen) line() string {
	if s.isMissing() || s.Calls == 0 {
		return fmt.Sprintf("| %-42s |      – |      – |      – |     – |      – |         – | not there |", s.Name)
	}
	mark, read := "", "–"
	if s.P95 > s.Target {
		mark = "missed"
	}
	if s.Plan != nil {
		read = fmt.Sprint(s.Plan.Read)
		mark += " " + s.Plan.Complaint
	}
	return fmt.Sprintf("| %-42s | %6.1f | %6.1f | %6.1f | %5.0f | %6.1f | %9s | %s |", s.Name, s.P50, s.P95, s.Max, s.Rate, s.CPU, read, mark)
}

// printBeside writes a table with the figures of another size on the left.
func (r *scaleReport) printBeside(out io.Writer, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the other figures: %w", err)
	}
	var other scaleReport
	if err := json.Unmarshal(text, &other); err != nil {
		return fmt.Errorf("read the other figures: %w", err)
	}
	left := map[string]seen{}
	for _, s := range other.Seen {
		left[s.Name] = s
	}
	fmt.Fprintf(out, "\n| | %g: p50 | p95 | CPU | rows | %g: p50 | p95 | CPU | rows |\n|---|---|---|---|---|---|---|---|---|\n", other.Scale, r.Scale)
	for _, s := range r.Seen {
		fmt.Fprintf(out, "| %s | %s | %s |\n", s.Name, left[s.Name].cells(), s.cells())
	}
	return nil
}

// cells are four columns of a table.
func (s seen) cells() string {
	if s.isMissing() || s.Calls == 0 {
		return "– | – | – | –"
	}
	read := "–"
	if s.Plan != nil {
		read = fmt.Sprint(s.Plan.Read)
	}
	return fmt.Sprintf("%.1f | %.1f | %.1f | %s", s.P50, s.P95, s.CPU, read)
}
