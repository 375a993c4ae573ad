package provision

import (
	"context"
	"fmt"

	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/sealed"
)

// Sealed is how the sealed values of one column stand.
type Sealed struct {
	Column     string `json:"column"`
	Values     int    `json:"values"`
	Current    int    `json:"current"`    // sealed with the first key
	Older      int    `json:"older"`      // sealed with another that is known
	Unreadable int    `json:"unreadable"` // open with no key that is known
}

// Rotation is how all sealed values stand, and how many were sealed anew.
type Rotation struct {
	CurrentKey string   `json:"currentKey"` // the id of the key, not the key
	Columns    []Sealed `json:"columns"`
	Resealed   int      `json:"resealed"`
	Unreadable int      `json:"unreadable"`
	Older      int      `json:"older"` // left: none, and the other keys are needed no more
}

// SealedValues looks at every sealed value: whether it opens, and with which key.
func (p *Provisioner) SealedValues(ctx context.Context) (Rotation, error) {
	return p.rotate(ctx, func(context.Context, postgres.SealedValue, string) (bool, error) { return false, nil })
}

// Reseal seals every value that another key sealed with the first key. It may be
// interrupted and called again at any time, while the product runs: a value that
// somebody changes meanwhile is left as they made it.
func (p *Provisioner) Reseal(ctx context.Context) (Rotation, error) {
	r, err := p.rotate(ctx, func(ctx context.Context, v postgres.SealedValue, plain string) (bool, error) {
		return p.db.SystemReseal(ctx, v, p.box.Seal(plain, v.Context))
	})
	if err != nil || r.Resealed == 0 {
		return r, err
	}
	return r, p.db.SystemAuditPlatform(ctx, postgres.Entry{
		Actor: System, Action: "ROTATE_ENCRYPTION_KEY", Entity: "platform", At: p.clock.Now(),
		After: map[string]any{"currentKey": r.CurrentKey, "resealed": r.Resealed, "unreadable": r.Unreadable, "older": r.Older},
	})
}

// atOnce is how many values are looked at in one statement.
const atOnce = 500

type reseal func(ctx context.Context, v postgres.SealedValue, plain string) (done bool, err error)

func (p *Provisioner) rotate(ctx context.Context, each reseal) (Rotation, error) {
	r := Rotation{CurrentKey: p.box.Current(), Columns: []Sealed{}}
	for _, name := range postgres.SealedColumns() {
		column, resealed, err := p.rotateColumn(ctx, name, each)
		r.Columns = append(r.Columns, column)
		r.Resealed, r.Unreadable, r.Older = r.Resealed+resealed, r.Unreadable+column.Unreadable, r.Older+column.Older
		if err != nil {
			return r, fmt.Errorf("look through %s: %w", name, err)
		}
	}
	return r, nil
}

func (p *Provisioner) rotateColumn(ctx context.Context, name string, each reseal) (Sealed, int, error) {
	column, resealed, after := Sealed{Column: name}, 0, ""
	for {
		values, err := p.db.SystemSealedValues(ctx, name, after, atOnce)
		if err != nil || len(values) == 0 {
			return column, resealed, err
		}
		after = values[len(values)-1].Key
		for _, v := range values {
			done, err := p.rotateValue(ctx, &column, v, each)
			if err != nil {
				return column, resealed, err
			}
			if done {
				resealed++
			}
		}
	}
}

// rotateValue counts one value, as it is afterwards.
func (p *Provisioner) rotateValue(ctx context.Context, column *Sealed, v postgres.SealedValue, each reseal) (bool, error) {
	column.Values++
	plain, unreadable := p.box.Open(v.Value, v.Context)
	if unreadable != nil {
		column.Unreadable++
		return false, nil //nolint:nilerr // counted: the others are to be looked at too
	}
	if keyID, _ := sealed.KeyOf(v.Value); keyID == p.box.Current() {
		column.Current++
		return false, nil
	}
	done, err := each(ctx, v, plain)
	if done {
		column.Current++
	} else {
		column.Older++
	}
	return done, err
}
