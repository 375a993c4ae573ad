package provision

import (
	"context"
	"slices"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/postgres"
)

// applyNumber adds or changes the number that a change names, and returns it if it is
// new to the platform.
func (p *Provisioner) applyNumber(ctx context.Context, tx *postgres.TenantTx, c Change) ([]tenant.Number, error) {
	if c.PhoneNumberID == nil && c.AccessToken == nil && c.WABAID == nil && c.Display == nil {
		return nil, nil
	}
	if c.PhoneNumberID == nil {
		if len(tx.Numbers) != 1 {
			return nil, ErrWhichLine
		}
		c.PhoneNumberID = &tx.Numbers[0].PhoneNumberID
	}
	for i := range tx.Numbers {
		if tx.Numbers[i].PhoneNumberID == *c.PhoneNumberID {
			p.fill(&tx.Numbers[i], c)
			return nil, tx.SaveNumber(ctx, tx.Numbers[i])
		}
	}
	if !isNumberID(*c.PhoneNumberID) || c.AccessToken == nil || *c.AccessToken == "" {
		return nil, ErrLine
	}
	if c.ReplaceNumber && len(tx.Numbers) > 0 {
		return p.replaceNumber(ctx, tx, c)
	}
	n := postgres.NumberRow{TenantID: tx.Row.ID, Number: tenant.Number{ID: id.NewNumber()}}
	p.fill(&n, c)
	tx.Numbers = append(tx.Numbers, n)
	return []tenant.Number{n.Number}, tx.InsertNumber(ctx, n)
}

// replaceNumber gives a hotel's only number another id of Meta's: it was mistyped, or
// the hotel moved. Its conversations go on through the new one.
func (p *Provisioner) replaceNumber(ctx context.Context, tx *postgres.TenantTx, c Change) ([]tenant.Number, error) {
	if len(tx.Numbers) != 1 {
		return nil, ErrWhichLine
	}
	n := &tx.Numbers[0]
	n.WABAID, n.Display = "", "" // the old number's
	p.fill(n, c)
	return []tenant.Number{n.Number}, tx.SaveNumber(ctx, *n)
}

func (p *Provisioner) fill(n *postgres.NumberRow, c Change) {
	set(&n.PhoneNumberID, c.PhoneNumberID)
	set(&n.WABAID, c.WABAID)
	set(&n.Display, c.Display)
	p.seal(&n.AccessToken, c.AccessToken, n.TenantID)
}

// AddNumber gives a hotel another number, or changes the one with the same id.
func (p *Provisioner) AddNumber(ctx context.Context, by string, tenantID id.Tenant, c Change) (tenant.Number, error) {
	if c.PhoneNumberID == nil {
		return tenant.Number{}, ErrLine
	}
	if _, err := p.Change(ctx, by, tenantID, c); err != nil {
		return tenant.Number{}, err
	}
	rows, err := p.db.Numbers(ctx, tenantID)
	if err != nil {
		return tenant.Number{}, err
	}
	i := slices.IndexFunc(rows, func(n postgres.NumberRow) bool { return n.PhoneNumberID == *c.PhoneNumberID })
	if i < 0 {
		return tenant.Number{}, ErrNoNumber // taken away at the same moment
	}
	return rows[i].Number, nil
}

// SetDefaultNumber makes a number the one through which the hotel writes first.
func (p *Provisioner) SetDefaultNumber(ctx context.Context, by string, tenantID id.Tenant, number id.Number) (tenant.Number, error) {
	var now tenant.Number
	err := p.db.SystemChangeTenant(ctx, tenantID, func(tx *postgres.TenantTx) error {
		i := slices.IndexFunc(tx.Numbers, func(n postgres.NumberRow) bool { return n.ID == number })
		if i < 0 {
			return ErrNoNumber
		}
		now = tx.Numbers[i].Number
		if now.IsDefault {
			return nil
		}
		now.IsDefault = true
		if err := tx.SetDefaultNumber(ctx, number); err != nil {
			return err
		}
		return tx.Audit(ctx, postgres.Entry{
			Actor: by, Action: "UPDATE_TENANT", Entity: "tenant", EntityID: tx.Row.ID.String(), At: p.clock.Now(),
			After: map[string]any{"defaultNumber": now.PhoneNumberID},
		})
	})
	return now, err
}

// RemoveNumber takes a number from a hotel. What guests write to it from now on waits
// for whoever connects it next.
func (p *Provisioner) RemoveNumber(ctx context.Context, by string, tenantID id.Tenant, number id.Number) error {
	return p.db.SystemChangeTenant(ctx, tenantID, func(tx *postgres.TenantTx) error {
		i := slices.IndexFunc(tx.Numbers, func(n postgres.NumberRow) bool { return n.ID == number })
		if i < 0 {
			return ErrNoNumber
		}
		was, secrets := facts(tx.Row, tx.Numbers), secretsOf(tx)
		if err := tx.RemoveNumber(ctx, number); err != nil {
			return err
		}
		tx.Numbers = slices.Delete(tx.Numbers, i, i+1)
		return p.auditChange(ctx, tx, by, was, secrets)
	})
}
