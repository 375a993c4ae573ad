package postgres

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
)

// where collects the conditions of a list and their arguments. What people typed only
// ever travels as an argument; states are written out, because an index over some of
// them is used only for a statement that names them.
type where struct {
	// sorts are the conditions that the shelf knows too (see the migration): which sort
	// of conversation it is. others are the rest.
	sorts, others []string
	args          pgx.NamedArgs
	// sources are where conversations (v) come from when a search or tag narrows the list:
	// few enough to be sorted. Empty: all of them, in the order of an index.
	sources  []string
	counting *where // another way to the same, which counts faster; nil for none
	counted  *int   // how many there are, if that is known already
	isEmpty  bool   // nothing can be found
}

func whereOf(tenant id.Tenant, f CardFilter) where {
	w := where{args: pgx.NamedArgs{"tenant": tenant}}
	w.sort("v.tenant_id = @tenant", "", nil)
	w.scope(f.Scope)
	w.sortsOf(f)
	w.othersOf(f)
	return w
}

func (w *where) text() string { return strings.Join(slices.Concat(w.sorts, w.others), " AND ") }

// places is the relation of the places of all conversations that sources give.
func (w *where) places() string {
	parts := make([]string, 0, len(w.sources))
	for _, source := range w.sources {
		parts = append(parts, fmt.Sprintf("SELECT v.id, v.last_message_at FROM %s WHERE %s", source, w.text()))
	}
	return strings.Join(parts, " UNION ")
}

func (w *where) sort(condition, name string, value any) {
	w.sorts = append(w.sorts, condition)
	w.bind(name, value)
}

func (w *where) add(condition, name string, value any) {
	w.others = append(w.others, condition)
	w.bind(name, value)
}

func (w *where) bind(name string, value any) {
	if name != "" {
		w.args[name] = value
	}
}

// scope limits the list to what its reader may see: conversation.VisibleTo in SQL.
func (w *where) scope(s user.Scope) {
	if s.All {
		return
	}
	any := []string{"false"}
	if s.Opportunities {
		any = append(any, "v.is_opportunity")
	}
	if s.Unit != "" {
		any = append(any, "v.unit = @scope_unit")
		w.args["scope_unit"] = s.Unit
	}
	if !s.AssignedTo.IsZero() {
		any = append(any, "v.assigned_to = @scope_user")
		w.args["scope_user"] = s.AssignedTo
	}
	w.sort("("+strings.Join(any, " OR ")+")", "", nil)
}

func (w *where) sortsOf(f CardFilter) {
	if len(f.States) > 0 {
		w.sort(oneOfStates(f.States), "", nil)
	}
	if f.Priority != "" {
		w.sort("v.priority = @priority", "priority", f.Priority)
	}
	if !f.AssignedTo.IsZero() {
		w.sort("v.assigned_to = @assigned_to", "assigned_to", f.AssignedTo)
	}
	if f.Unassigned {
		w.sort("coalesce(v.assigned_to, @nobody) = @nobody", "nobody", uuid.Nil)
	}
	if f.Unit != "" {
		w.sort("v.unit = @unit", "unit", f.Unit)
	}
	if f.Opportunity != nil && *f.Opportunity {
		w.sort("v.is_opportunity", "", nil)
	} else if f.Opportunity != nil {
		w.sort("NOT v.is_opportunity", "", nil)
	}
}

func (w *where) othersOf(f CardFilter) {
	if f.Unread {
		w.add("v.unread > 0", "", nil)
	}
	if !f.HeardUntil.IsZero() {
		w.add("v.last_message_at > @heard_since AND v.last_inbound_at > @heard_since", "heard_since", f.HeardSince)
		w.add("v.last_inbound_at <= @heard_until", "heard_until", f.HeardUntil)
	}
	if f.After == nil {
		return
	}
	beyond := "<"
	if f.Rising {
		beyond = ">"
	}
	w.add(fmt.Sprintf("(v.last_message_at, v.id) %s (@after_at, @after_id)", beyond), "after_at", f.After.At)
	w.bind("after_id", f.After.ID)
}

// oneOfStates names states that are known: they are no text of anybody's.
func oneOfStates(states []conversation.State) string {
	var known []string
	for _, s := range conversation.States {
		if slices.Contains(states, s) {
			known = append(known, "'"+string(s)+"'")
		}
	}
	if len(known) == 0 {
		return "false"
	}
	return "v.state IN (" + strings.Join(known, ", ") + ")"
}
