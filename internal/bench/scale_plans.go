package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/botreserva/botreserva/internal/scale"
)

// plan is what PostgreSQL did for one look, as auto_explain saw it: the dearest of its
// statements.
type plan struct {
	Read      int64   `json:"rowsRead"`
	Millis    float64 `json:"ms"`
	Complaint string  `json:"complaint,omitempty"`
	Text      string  `json:"statement"`
}

// explainEverything lets new connections log the plan of every statement.
var explainEverything = map[string]string{
	"session_preload_libraries":          "'auto_explain'",
	"auto_explain.log_min_duration":      "0",
	"auto_explain.log_analyze":           "on",
	"auto_explain.log_timing":            "off",
	"auto_explain.log_nested_statements": "on",
	"auto_explain.log_format":            "json",
}

// explain looks at everything once more, one call after the other, and reads in the
// server's log how it was fetched.
func (s *stage) explain(ctx context.Context, wanted []look, filled scale.Options, results []seen) error {
	if err := s.switchExplain(ctx); err != nil {
		return err
	}
	defer func() { _, _ = s.database.Exec(context.WithoutCancel(ctx), "ALTER SYSTEM RESET ALL") }()
	if err := s.product.stop(); err != nil {
		return err
	}
	visitors, err := s.visit(ctx, filled) // with connections that know the setting
	if err != nil {
		return err
	}
	for i, l := range wanted {
		if results[i].isMissing() || len(visitors[l.role]) == 0 {
			continue
		}
		r := rand.New(rand.NewPCG(2, uint64(i)))
		from := s.logLength()
		for range 3 {
			s.call(ctx, visitors[l.role][0], l.path(r, visitors[l.role][0]))
		}
		if err := until(ctx, time.Now().Add(50*time.Millisecond)); err != nil {
			return err
		}
		if results[i].Plan, err = s.dearest(from, l.target == reportTarget); err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
	}
	return nil
}

func (s *stage) switchExplain(ctx context.Context) error {
	return s.database.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		commands := []string{"LOAD 'auto_explain'"} // else its settings are unknown
		for name, value := range explainEverything {
			commands = append(commands, "ALTER SYSTEM SET "+name+" = "+value)
		}
		for _, sql := range append(commands, "SELECT pg_reload_conf()") {
			if _, err := conn.Exec(ctx, sql); err != nil {
				return fmt.Errorf("switch auto_explain on (is PostgreSQL's contrib installed?): %w", err)
			}
		}
		return nil
	})
}

func (s *stage) logLength() int64 {
	info, err := os.Stat(s.databaseLog())
	if err != nil {
		return 0
	}
	return info.Size()
}

// dearest is the plan since a place in the log that reads the most.
func (s *stage) dearest(from int64, mayReadMuch bool) (*plan, error) {
	text, err := os.ReadFile(s.databaseLog())
	if err != nil {
		return nil, fmt.Errorf("read the server's log: %w", err)
	}
	var worst *plan
	for _, part := range strings.Split(string(text[min(from, int64(len(text))):]), "plan:\n")[1:] {
		var logged struct {
			Query string `json:"Query Text"`
			Plan  node   `json:"Plan"`
		}
		if err := json.NewDecoder(strings.NewReader(part)).Decode(&logged); err != nil {
			return nil, fmt.Errorf("read a plan: %w", err)
		}
		if strings.Contains(logged.Query, "lane") || strings.Contains(logged.Query, "parked_status") {
			continue // the workers look for work meanwhile
		}
		p := judge(logged.Plan, mayReadMuch)
		p.Text = strings.Join(strings.Fields(logged.Query), " ")
		p.Text = p.Text[:min(len(p.Text), 400)] + "\n" + logged.Plan.outline(0)
		if worst == nil || p.Complaint != "" && worst.Complaint == "" || (p.Complaint == "") == (worst.Complaint == "") && p.Read > worst.Read {
			worst = p
		}
	}
	if worst == nil {
		return nil, errors.New("auto_explain wrote no plan")
	}
	return worst, nil
}

// node is a step of a plan.
type node struct {
	Type      string  `json:"Node Type"`
	Relation  string  `json:"Relation Name"`
	Index     string  `json:"Index Name"`
	Rows      float64 `json:"Actual Rows"`
	Loops     float64 `json:"Actual Loops"`
	Filtered  float64 `json:"Rows Removed by Filter"`
	Rechecked float64 `json:"Rows Removed by Index Recheck"`
	Fetches   float64 `json:"Heap Fetches"`
	Plans     []node  `json:"Plans"`
}

// A list shows some twenty rows: one that reads more than this to find them grows with
// the hotel. A count may reach 10,000 (postgres.Cards).
const mayRead = 25_000

// judge adds up what a plan reads, and says what is wrong with it.
func judge(root node, mayReadMuch bool) *plan {
	p := &plan{}
	var wrong []string
	root.walk(func(n node) {
		switch n.Type {
		case "Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan":
		default:
			return // it reads what a step below has read
		}
		read := int64((n.Rows + n.Filtered + n.Rechecked) * max(1, n.Loops))
		p.Read += read
		if n.Type == "Seq Scan" && read > 1000 {
			wrong = append(wrong, "scans "+n.Relation)
		}
	})
	root.walk(func(n node) {
		if n.Type == "Sort" && len(n.Plans) > 0 && n.Plans[0].Rows > mayRead && !mayReadMuch {
			wrong = append(wrong, fmt.Sprintf("sorts %.0f rows", n.Plans[0].Rows))
		}
	})
	if p.Read > mayRead && !mayReadMuch {
		wrong = append(wrong, fmt.Sprintf("reads %d rows", p.Read))
	}
	p.Complaint = strings.Join(slices.Compact(wrong), ", ")
	return p
}

func (n node) walk(visit func(node)) {
	visit(n)
	for _, below := range n.Plans {
		below.walk(visit)
	}
}

// outline writes a plan down as text.
func (n node) outline(depth int) string {
	line := fmt.Sprintf("%s%s %s %s: %.0f rows × %.0f, filtered %.0f, rechecked %.0f, heap fetches %.0f\n",
		strings.Repeat("  ", depth), n.Type, n.Relation, n.Index, n.Rows, n.Loops, n.Filtered, n.Rechecked, n.Fetches)
	for _, below := range n.Plans {
		line += below.outline(depth + 1)
	}
	return line
}
