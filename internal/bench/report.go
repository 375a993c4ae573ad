package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// report is everything that was measured. Its JSON is for comparing runs by machine.
type report struct {
	Machine    machine         `json:"machine"`
	Options    map[string]any  `json:"options"`
	Idle       *idleFigures    `json:"idle,omitempty"`
	WarmUp     faults          `json:"warmUpFaults"`
	Accept     []runFigures    `json:"accept,omitempty"`
	AfterLoad  *idleFigures    `json:"afterLoad,omitempty"`
	Latency    *latencyFigures `json:"latency,omitempty"`
	Statements []statement     `json:"statements,omitempty"`
}

func (o options) shown() map[string]any {
	return map[string]any{
		"scenario": o.scenario, "messages": o.messages, "connections": o.connections, "rate": o.rate, "guests": o.guests,
		"hotels": o.hotels, "batch": o.batch, "dashboards": o.dashboards, "runs": o.runs,
	}
}

// faults adds up what must be zero.
func (r *report) faults() faults {
	f := r.WarmUp
	for _, run := range r.Accept {
		f = f.plus(run.Faults)
	}
	if r.Latency != nil {
		f = f.plus(r.Latency.Faults)
	}
	return f
}

func (r *report) isBroken() bool { return r.faults().any() }

func (r *report) write(file string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the figures: %w", err)
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	return nil
}

// row is one line of the table.
type row struct {
	name   string
	format string
	values []float64 // of the runs; the table shows their median
	target string    // for a machine of 2 cores; empty: none
	met    func(median float64) bool
}

func atLeast(x float64) func(float64) bool { return func(v float64) bool { return v >= x } }
func atMost(x float64) func(float64) bool  { return func(v float64) bool { return v <= x } }

func (r *report) print(out io.Writer) {
	m := r.Machine
	fmt.Fprintf(out, "\n%s: %d × %s, %.1f GB, Linux %s, PostgreSQL %s, %s\nload average before %s, after %s\n",
		m.Date.Format("2006-01-02 15:04"), m.Cores, m.CPU, float64(m.Memory)/(1<<30), m.Kernel, m.PostgreSQL, m.Go, m.LoadBefore, m.LoadAfter)
	fmt.Fprintf(out, "%v messages a run, %v connections, %v guests, %v hotels, %v in a webhook, %v dashboards\n\n",
		r.Options["messages"], r.Options["connections"], r.Options["guests"], r.Options["hotels"], r.Options["batch"], r.Options["dashboards"])
	fmt.Fprintf(out, "%-46s %10s  %-14s %s\n", "", "median", "target", "runs")
	for _, row := range r.rows() {
		row.print(out)
	}
	printStatements(out, r.Statements)
	f := r.faults()
	fmt.Fprintf(out, "\nlost %d, doubled %d, out of order %d, strange %d (at the flow, on dashboards and in the database)\n", f.Lost, f.Doubled, f.Disordered, f.Strange)
}

func (r row) print(out io.Writer) {
	median := medianOf(r.values)
	mark := ""
	if r.met != nil && !r.met(median) {
		mark = "  (missed)"
	}
	var runs []string
	if len(r.values) > 1 {
		for _, v := range r.values {
			runs = append(runs, fmt.Sprintf(r.format, v))
		}
	}
	fmt.Fprintf(out, "%-46s %10s  %-14s %s%s\n", r.name, fmt.Sprintf(r.format, median), r.target, strings.Join(runs, "  "), mark)
}

func medianOf(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

func (r *report) rows() []row {
	var rows []row
	if i := r.Idle; i != nil {
		rows = append(rows, memoryRows("idle, 5 s after the start", *i, "≤ 60", atMost(60))...)
	}
	if len(r.Accept) > 0 {
		rows = append(rows, r.acceptRows()...)
	}
	if a := r.AfterLoad; a != nil {
		rows = append(rows, memoryRows("5 s after the load", *a, "", nil)...)
	}
	if l := r.Latency; l != nil {
		rows = append(rows,
			row{"at 20/s: webhook to 200, p50 ms", "%.1f", []float64{l.Ack.P50}, "", nil},
			row{"at 20/s: webhook to dashboard, p50 ms", "%.1f", []float64{l.Screen.P50}, "≤ 6", atMost(6)},
			row{"at 20/s: webhook to dashboard, p99 ms", "%.1f", []float64{l.Screen.P99}, "≤ 25", atMost(25)},
			row{"at 20/s: webhook to dashboard, max ms", "%.1f", []float64{l.Screen.Max}, "", nil},
			row{"at 20/s: webhook to flow, p50 ms", "%.1f", []float64{l.Flow.P50}, "", nil},
			row{"at 20/s: webhook to flow, p99 ms", "%.1f", []float64{l.Flow.P99}, "", nil})
	}
	return rows
}

func memoryRows(when string, i idleFigures, target string, met func(float64) bool) []row {
	const mb = 1 << 20
	return []row{
		{"memory " + when + ", RSS MB", "%.1f", []float64{float64(i.Memory.RSS) / mb}, target, met},
		{"memory " + when + ", PSS MB", "%.1f", []float64{float64(i.Memory.PSS) / mb}, "", nil},
		{"CPU " + when + ", product %", "%.1f", []float64{i.ProductCPU * 100}, "", nil},
		{"CPU " + when + ", PostgreSQL %", "%.1f", []float64{i.PostgresCPU * 100}, "", nil},
	}
}

func (r *report) acceptRows() []row {
	of := func(get func(runFigures) float64) []float64 {
		values := make([]float64, len(r.Accept))
		for i, run := range r.Accept {
			values[i] = get(run)
		}
		return values
	}
	rows := []row{
		{"webhooks accepted per second", "%.0f", of(func(f runFigures) float64 { return f.AcceptedPerSecond }), "≥ 3300", atLeast(3300)},
		{"webhook to 200, p50 ms", "%.1f", of(func(f runFigures) float64 { return f.Ack.P50 }), "≤ 25", atMost(25)},
		{"webhook to 200, p90 ms", "%.1f", of(func(f runFigures) float64 { return f.Ack.P90 }), "", nil},
		{"webhook to 200, p99 ms", "%.1f", of(func(f runFigures) float64 { return f.Ack.P99 }), "≤ 250", atMost(250)},
		{"webhook to 200, max ms", "%.1f", of(func(f runFigures) float64 { return f.Ack.Max }), "", nil},
		{"answers other than 200", "%.0f", of(func(f runFigures) float64 { return float64(f.Refused) }), "", nil},
		{"messages end to end per second", "%.0f", of(func(f runFigures) float64 { return f.ProcessedPerSecond }), "≥ 2000", atLeast(2000)},
		{"all processed after the last 200, s", "%.1f", of(func(f runFigures) float64 { return f.BehindSeconds }), "", nil},
		{"CPU-s for 1,000 messages, product", "%.3f", of(func(f runFigures) float64 { return f.ProductCPU }), "", nil},
		{"CPU-s for 1,000 messages, PostgreSQL", "%.3f", of(func(f runFigures) float64 { return f.PostgresCPU }), "", nil},
		{"CPU-s for 1,000 messages, both", "%.3f", of(runFigures.total), "≤ 0.8", atMost(0.8)},
		{"not counted: the bench itself", "%.3f", of(func(f runFigures) float64 { return f.BenchCPU }), "", nil},
		{"not counted: strangers on the machine", "%.3f", of(func(f runFigures) float64 { return f.OthersCPU }), "", nil},
	}
	if rate, _ := r.Options["rate"].(float64); rate > 0 {
		for i := range rows {
			rows[i].target, rows[i].met = "", nil // they are for as fast as possible
		}
	}
	return rows
}
