package provision

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
)

// RotateKey makes a new key for a hotel's flow from the command line.
func (p *Provisioner) RotateKey(ctx context.Context, slug string, overlap time.Duration) (string, error) {
	row, err := p.db.SystemTenantBySlug(ctx, slug)
	if err != nil {
		return "", err
	}
	return p.NewKey(ctx, System, row.ID, overlap)
}

// NewKey makes a new key for a hotel's flow. The keys before it work for overlap.
func (p *Provisioner) NewKey(ctx context.Context, by string, tenantID id.Tenant, overlap time.Duration) (string, error) {
	secret, slug, now := n8n.NewSecret(), "", p.clock.Now()
	err := p.db.SystemChangeTenant(ctx, tenantID, func(tx *postgres.TenantTx) error {
		slug = tx.Row.Slug
		if err := tx.RotateAPIKey(ctx, n8n.Hash(secret), now.Add(overlap)); err != nil {
			return err
		}
		return tx.Audit(ctx, postgres.Entry{
			Actor: by, Action: "ROTATE_API_KEY", Entity: "tenant", EntityID: tenantID.String(), At: now,
			After: map[string]any{"apiKey": "changed", "oldKeysEndAt": now.Add(overlap).UTC()},
		})
	})
	return n8n.Key(slug, secret), err
}

// BotSecret returns the secret that signs what a hotel's flow gets.
func (p *Provisioner) BotSecret(ctx context.Context, slug string) (string, error) {
	row, err := p.db.SystemTenantBySlug(ctx, slug)
	if err != nil {
		return "", err
	}
	return p.box.Open(row.BotSecret, row.ID.String())
}
