package mirror

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/template"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/whatsapp"
)

// Read reads all templates of a hotel. It returns how each account's reading went; the error
// is why nothing could be read at all.
func (k *Keeper) Read(ctx context.Context, tenantID id.Tenant) ([]postgres.AccountState, error) {
	h, err := k.directory.Hotel(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	all := accounts(h)
	if len(all) == 0 {
		_, err := k.account(ctx, tenantID, "")
		return nil, err
	}
	var last error
	read := false
	for _, a := range all {
		if err := k.read(ctx, tenantID, a); err != nil {
			last = err
			continue
		}
		read = true
	}
	if !read {
		return nil, explained(last)
	}
	return k.db.Accounts(ctx, tenantID)
}

// read reads the templates of one account. A list that breaks off changes nothing.
func (k *Keeper) read(ctx context.Context, tenantID id.Tenant, a whatsapp.Account) error {
	began := k.clock.Now()
	all, err := k.meta.Templates(ctx, a)
	failure := ""
	if err != nil {
		failure = explained(err).Error()
		k.log.WarnContext(ctx, "templates could not be read", "tenant_id", tenantID, "waba_id", a.WABAID, "err", err)
	}
	stored := k.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error {
		if err == nil {
			if err := tx.SyncTemplates(ctx, a.WABAID, all, began.Add(-behind)); err != nil {
				return err
			}
		}
		return tx.AccountSynced(ctx, a.WABAID, failure, began)
	})
	if err != nil {
		return err
	}
	return stored
}

// Create hands a new template in. Meta reviews it: its status comes by webhook.
func (k *Keeper) Create(ctx context.Context, tenantID id.Tenant, by user.User, wabaID string, d template.Draft) (template.Template, error) {
	if err := d.Check(); err != nil {
		return template.Template{}, err
	}
	a, err := k.account(ctx, tenantID, wabaID)
	if err != nil {
		return template.Template{}, err
	}
	if d.Form, err = k.withExamples(ctx, tenantID, a, d.Form); err != nil {
		return template.Template{}, err
	}
	made, err := k.meta.CreateTemplate(ctx, a, d)
	if err != nil {
		return template.Template{}, explained(err)
	}
	return k.keep(ctx, tenantID, by, "CREATE_TEMPLATE", made)
}

// Edit hands a template in anew: its category, if that changes, and all that it is made of.
func (k *Keeper) Edit(ctx context.Context, tenantID id.Tenant, by user.User, templateID string, d template.Draft) (template.Template, error) {
	was, err := k.db.Template(ctx, tenantID, templateID)
	if err != nil {
		return was, err
	}
	d.Name, d.Language = was.Name, was.Language
	if d.Category == "" {
		d.Category = was.Category
	}
	if err := d.Check(); err != nil {
		return was, err
	}
	a, err := k.account(ctx, tenantID, was.WABAID)
	if err != nil {
		return was, err
	}
	if d.Form, err = k.withExamples(ctx, tenantID, a, d.Form); err != nil {
		return was, err
	}
	if err := k.meta.EditTemplate(ctx, a, was.ID, d, was.Category); err != nil {
		return was, explained(err)
	}
	was.Form, was.Category, was.IsNamed, was.Status, was.Reason = &d.Form, d.Category, d.Form.IsNamed(), template.Pending, ""
	return k.keep(ctx, tenantID, by, "UPDATE_TEMPLATE", was)
}

// Delete deletes a template at Meta: this language, or all of the name.
func (k *Keeper) Delete(ctx context.Context, tenantID id.Tenant, by user.User, templateID string, allLanguages bool) error {
	t, err := k.db.Template(ctx, tenantID, templateID)
	if err != nil {
		return err
	}
	a, err := k.account(ctx, tenantID, t.WABAID)
	if err != nil {
		return err
	}
	only := t.ID
	if allLanguages {
		only = ""
	}
	if err := k.meta.DeleteTemplate(ctx, a, t.Name, only); err != nil {
		return explained(err)
	}
	return k.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error {
		if err := tx.ForgetTemplate(ctx, t.WABAID, t.Name, only); err != nil {
			return err
		}
		e := entry(by, "DELETE_TEMPLATE", t, k.clock.Now())
		e.Before, e.After = e.After, nil
		return tx.Audit(ctx, e)
	})
}

func (k *Keeper) keep(ctx context.Context, tenantID id.Tenant, by user.User, action string, t template.Template) (template.Template, error) {
	now := k.clock.Now()
	err := k.db.InTx(ctx, tenantID, func(tx *postgres.Tx) error {
		if err := tx.SaveTemplates(ctx, t.WABAID, []template.Template{t}, now.Add(-behind)); err != nil {
			return err
		}
		return tx.Audit(ctx, entry(by, action, t, now))
	})
	if err != nil {
		return t, err
	}
	return k.db.Template(ctx, tenantID, t.ID)
}

func entry(by user.User, action string, t template.Template, now time.Time) postgres.Entry {
	return postgres.Entry{
		Actor: by.ID.String(), Action: action, Entity: "template", EntityID: t.ID, At: now,
		After: map[string]any{"name": t.Name, "language": t.Language, "category": t.Category},
	}
}
