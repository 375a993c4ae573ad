package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/botreserva/botreserva/internal/domain/contact"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/lane"
)

// OpenNarrow is Open with one connection for each role, so that whoever comes next
// gets the connection that the one before had.
func OpenNarrow(ctx context.Context, url string) (*DB, error) {
	app, err := openPool(ctx, url, appRole, 1)
	if err != nil {
		return nil, err
	}
	system, err := openPool(ctx, url, systemRole, 1)
	if err != nil {
		app.Close()
		return nil, err
	}
	return &DB{app: app, system: system}, nil
}

// App is the pool of the role that sees one tenant at a time.
func (db *DB) App() *pgxpool.Pool { return db.app }

// CardsStatement is what Cards asks the database.
func CardsStatement(tenant id.Tenant, f CardFilter) (string, pgx.NamedArgs) {
	w := whereOf(tenant, f)
	return w.page(f, -1), w.args
}

// SearchedCardsStatement is what Cards asks when there is a search or a tag.
func SearchedCardsStatement(ctx context.Context, db *DB, tenant id.Tenant, f CardFilter) (string, pgx.NamedArgs, error) {
	w, err := db.narrowed(ctx, tenant, f)
	return w.page(f, -1), w.args, err
}

// ContactStatements are what Contacts asks the database: a list; or, for a search, by
// the index of words and by the order's own.
func ContactStatements(tenant id.Tenant, f ContactFilter) map[string]Statement {
	if f.Search.IsEmpty() {
		return map[string]Statement{"list": exported(listStatement(tenant, f))}
	}
	return map[string]Statement{"words": exported(searchStatement(tenant, f, everyFind)), "walk": exported(walkStatement(tenant, f))}
}

// ContactCountStatement is how Contacts counts.
var ContactCountStatement = countStatement

// DeskStatements are what the lists of the desk's tools ask the database.
func DeskStatements(tenant id.Tenant, e EscalationFilter, a AuditFilter, d DeliveryFilter) map[string]Statement {
	w := where{args: pgx.NamedArgs{"tenant": tenant}}
	w.add("d.tenant_id = @tenant", "", nil)
	one := where{args: pgx.NamedArgs{"tenant": tenant}}
	one.add("d.tenant_id = @tenant", "", nil)
	withID(&one, id.NewDelivery())
	escalations, escalationCount := escalationStatements(tenant, e)
	audit, auditCount := auditStatements(tenant, a)
	platform, _ := systemAuditStatements(a)
	deliveries, deliveryCount := deliveryStatements(w, d)
	return map[string]Statement{
		"escalations": exported(escalations), "count of escalations": exported(escalationCount),
		"audit log": exported(audit), "count of the audit log": exported(auditCount), "platform's audit log": exported(platform),
		"deliveries": exported(deliveries), "count of deliveries": exported(deliveryCount),
		"one delivery": {Text: "SELECT d.id FROM webhook_delivery d WHERE " + one.text(), Args: one.args},
	}
}

// Statement is SQL with its arguments.
type Statement struct {
	Pin  string
	Text string
	Args pgx.NamedArgs
}

func exported(s statement) Statement { return Statement{s.pin, s.text, s.args} }

// ContactPage reads a page in one of the ways of ContactStatements.
func ContactPage(ctx context.Context, db *DB, tenant id.Tenant, s Statement) ([]contact.Record, error) {
	page, _, err := db.contactPage(ctx, tenant, statement{s.Pin, s.Text, s.Args})
	return page, err
}

// LoseAnswer makes the database's answer to a claim one that never came.
func LoseAnswer(db *DB, claimed *lane.Lane) {
	db.lostClaims.note(laneClaim{claimed.TenantID, claimed.Kind, claimed.Lease})
}
