package app

import (
	"fmt"

	"github.com/botreserva/botreserva/internal/provision"
)

type keysCommand struct {
	Status keysStatus `cmd:"" help:"Tell which key of ENCRYPTION_KEY sealed what."`
	Rotate keysRotate `cmd:"" help:"Seal everything anew with the first key of ENCRYPTION_KEY, while the product runs."`
}

type keysStatus struct{}

// Run counts the sealed values by key.
func (*keysStatus) Run(c *console) error {
	return c.withApp(func(a *App) error {
		r, err := a.Provisioner.SealedValues(c.ctx)
		return c.printRotation(r, err)
	})
}

type keysRotate struct {
	DryRun bool `help:"Only count what would be sealed anew."`
}

// Run seals the values anew.
func (k *keysRotate) Run(c *console) error {
	if k.DryRun {
		return (&keysStatus{}).Run(c)
	}
	return c.withApp(func(a *App) error {
		r, err := a.Provisioner.Reseal(c.ctx)
		return c.printRotation(r, err)
	})
}

// printRotation shows how far it came even if it failed.
func (c *console) printRotation(r provision.Rotation, err error) error {
	if printed := c.print(r); printed != nil {
		return printed
	}
	if err == nil && r.Unreadable > 0 {
		return fmt.Errorf("%d values open with no key of ENCRYPTION_KEY: add the key with which they were sealed behind the first", r.Unreadable)
	}
	return err
}
