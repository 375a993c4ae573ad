package guestbook

import (
	"context"
	"errors"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/sheet"
)

// MaxImport is how many rows one file may have.
const MaxImport = 10_000

// batch is how many rows are written in one transaction: few enough that a guest who
// writes meanwhile does not wait.
const batch = 500

// Fate is what an import does with a row.
type Fate string

// The fates.
const (
	Create Fate = "create"
	Update Fate = "update"
	Skip   Fate = "skip"  // the book says so already
	Refuse Fate = "error" // see Problems
)

// Line is one row of a file, understood.
type Line struct {
	Number   int // of the line in the file
	Fate     Fate
	Phone    contact.Phone
	About    contact.Changes
	Existing id.Contact // of Update and Skip
	Problems []Problem
}

// Problem is what is wrong with a row.
type Problem struct {
	Line    int
	Column  string // its heading
	Message string
}

// Plan is a file with what would come of it.
type Plan struct {
	Columns   []Column
	Lines     []Line
	Separator string
	Encoding  string
}

// Count returns how many lines have a fate.
func (p *Plan) Count(f Fate) int {
	n := 0
	for _, l := range p.Lines {
		if l.Fate == f {
			n++
		}
	}
	return n
}

// Problems lists what is wrong with the file's rows.
func (p *Plan) Problems() []Problem {
	var all []Problem
	for _, l := range p.Lines {
		all = append(all, l.Problems...)
	}
	return all
}

// Read understands a file, without looking into the book: every line that is not refused
// is to be created. It returns a refusal of a file that is none.
func Read(data []byte, mapping map[string]string) (*Plan, error) {
	f, err := sheet.Read(data, MaxImport)
	switch {
	case errors.Is(err, sheet.ErrLong):
		return nil, ErrTooLong
	case errors.Is(err, sheet.ErrEmpty):
		return nil, ErrEmpty
	case err != nil:
		return nil, ErrFile.Because(err)
	}
	p := &Plan{Separator: f.Separator, Encoding: f.Encoding}
	if p.Columns, err = columnsOf(f.Header, mapping); err != nil {
		return nil, err
	}
	if len(f.Rows) == 0 {
		return nil, ErrEmpty
	}
	first := map[contact.Phone]bool{}
	for _, row := range f.Rows {
		l := p.line(row)
		if l.Fate != Refuse && first[l.Phone] {
			l.refuse(p.heading(phoneField), "The file has this number in a line above.")
		}
		first[l.Phone] = true
		p.Lines = append(p.Lines, l)
	}
	return p, nil
}

func (p *Plan) line(row sheet.Row) Line {
	l := Line{Number: row.Line, Fate: Create}
	for i, c := range p.Columns {
		if i >= len(row.Cells) || row.Cells[i] == "" || c.Field == "" {
			continue // what a file leaves out is not forgotten
		}
		cell := row.Cells[i]
		switch c.Field {
		case phoneField:
			l.Phone, _ = contact.NumberOf(cell)
		case nameField:
			l.About.Name = &cell
		case firstNameField:
			l.About.FirstName = &cell
		case lastNameField:
			l.About.LastName = &cell
		case companyField:
			l.About.CompanyName = &cell
		case designationField:
			l.About.Designation = &cell
		case emailField:
			l.About.Email = &cell
		}
	}
	if l.Phone == "" {
		l.refuse(p.heading(phoneField), contact.ErrPhone.Text)
	}
	about, wrong := l.About.Tidy()
	for _, d := range wrong {
		l.refuse(p.heading(d.Path), d.Message)
	}
	l.About = about
	if len(row.Cells) > len(p.Columns) && !allEmpty(row.Cells[len(p.Columns):]) {
		l.refuse("", "The line has more cells than the header. A separator inside a cell needs quotes around the cell.")
	}
	return l
}

func (l *Line) refuse(column, message string) {
	l.Fate = Refuse
	l.Problems = append(l.Problems, Problem{l.Number, column, message})
}

func (p *Plan) heading(field string) string {
	for _, c := range p.Columns {
		if c.Field == field {
			return c.Heading
		}
	}
	return ""
}

func allEmpty(cells []string) bool {
	for _, cell := range cells {
		if cell != "" {
			return false
		}
	}
	return true
}

// Preview says what Import would do with a file.
func (b *Book) Preview(ctx context.Context, tenant id.Tenant, data []byte, mapping map[string]string) (*Plan, error) {
	p, err := Read(data, mapping)
	if err != nil {
		return nil, err
	}
	for lines := range batches(p.Lines) {
		err := b.db.InTx(ctx, tenant, func(tx *postgres.Tx) error {
			_, err := compare(ctx, tx, lines)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Import writes a file into the book, and returns the plan as it was carried out. Doing
// it again, or after it was cut off, does only what is left to do: guests are known by
// their numbers. What a file leaves out of a guest stays.
func (b *Book) Import(ctx context.Context, tenant id.Tenant, by user.User, data []byte, mapping map[string]string) (*Plan, error) {
	p, err := Read(data, mapping)
	if err != nil {
		return nil, err
	}
	for lines := range batches(p.Lines) {
		err := b.inTx(ctx, tenant, func(tx *postgres.Tx) error { return b.carryOut(ctx, tx, by, lines) })
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

// batches cuts lines into parts.
func batches(lines []Line) func(yield func([]Line) bool) {
	return func(yield func([]Line) bool) {
		for len(lines) > 0 {
			n := min(batch, len(lines))
			if !yield(lines[:n]) {
				return
			}
			lines = lines[n:]
		}
	}
}

// compare finds the guests of lines in the book, locks them, and says what is to be
// done. It returns the guests as they will be.
func compare(ctx context.Context, tx *postgres.Tx, lines []Line) (map[contact.Phone]contact.Contact, error) {
	aliases := make([]contact.Alias, 0, len(lines))
	for _, l := range lines {
		if l.Fate != Refuse {
			aliases = append(aliases, contact.Alias{Kind: contact.ByPhone, Value: string(l.Phone)})
		}
	}
	known, err := tx.ContactsByAlias(ctx, aliases)
	if err != nil {
		return nil, err
	}
	ids := make([]id.Contact, 0, len(known))
	for _, guest := range known {
		ids = append(ids, guest.ID)
	}
	locked, err := tx.LockContacts(ctx, ids...)
	if err != nil {
		return nil, err
	}
	now := make(map[id.Contact]contact.Contact, len(locked))
	for _, guest := range locked {
		now[guest.ID] = guest
	}
	guests := map[contact.Phone]contact.Contact{}
	for i := range lines {
		l := &lines[i]
		if l.Fate == Refuse {
			continue
		}
		before, isKnown := now[known[contact.Alias{Kind: contact.ByPhone, Value: string(l.Phone)}].ID]
		after := l.About.Apply(before)
		switch {
		case !isKnown:
			after.ID, after.Phone, l.Fate, l.Existing = id.NewContact(), l.Phone, Create, id.Contact{}
		case after == before:
			l.Fate, l.Existing = Skip, before.ID
		default:
			l.Fate, l.Existing = Update, before.ID
		}
		guests[l.Phone] = after
	}
	return guests, nil
}

// carryOut writes lines, notes it in the audit log, and tells screens of the last guest:
// they fetch their list anew, and once is enough.
func (b *Book) carryOut(ctx context.Context, tx *postgres.Tx, by user.User, lines []Line) error {
	guests, err := compare(ctx, tx, lines)
	if err != nil {
		return err
	}
	now := b.clock.Now()
	var added, changed []contact.Contact
	for _, l := range lines {
		guest := guests[l.Phone]
		guest.UpdatedAt = now
		switch l.Fate {
		case Create:
			guest.CreatedAt = now
			added = append(added, guest)
		case Update:
			changed = append(changed, guest)
		case Skip, Refuse:
		}
	}
	if len(added)+len(changed) == 0 {
		return nil
	}
	if err := tx.AddContacts(ctx, now, added...); err != nil {
		return err
	}
	if err := tx.EditContacts(ctx, now, changed...); err != nil {
		return err
	}
	if n := len(added); n > 0 {
		tx.Emit(event.Event{Name: event.ContactCreated, Contact: &added[n-1]})
	} else {
		tx.Emit(event.Event{Name: event.ContactUpdated, Contact: &changed[len(changed)-1]})
	}
	return tx.Audit(ctx, postgres.Entry{
		Actor: by.ID.String(), Action: "IMPORT_CONTACTS", Entity: "contact", At: now,
		Detail: map[string]any{
			"created": len(added), "updated": len(changed), "firstLine": lines[0].Number, "lastLine": lines[len(lines)-1].Number,
		},
	})
}
