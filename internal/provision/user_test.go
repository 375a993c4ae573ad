package provision_test

import (
	"testing"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/provision"
)

func TestAddUser(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made, ctx := w.add(grand()), t.Context()
	bia := user.User{Email: " bia@example.com ", Name: " Bia ", Role: user.Attendant, Unit: "campos do jordao"}
	u, password, err := w.provision.AddUser(ctx, "grand", bia, "")
	if err != nil {
		t.Fatal(err)
	}
	if u.TenantID != made.Tenant.ID || u.Unit != "Campos do Jordão" || u.Email != "bia@example.com" || u.Name != "Bia" || len(password) < 16 {
		t.Errorf("made %+v", u)
	}
	if in, _, err := w.auth.Login(ctx, "bia@example.com", password, "grand"); err != nil || in.ID != u.ID || in.Unit != u.Unit {
		t.Errorf("log in: %+v, %v", in, err)
	}
	super, given, err := w.provision.AddUser(ctx, "", user.User{Email: "root@example.com", Name: "Root", Role: user.SuperAdmin}, "a password of my own")
	if err != nil || !super.TenantID.IsZero() || given != "a password of my own" {
		t.Errorf("super admin: %+v, %v", super, err)
	}
}

func TestAddUserRefusals(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.add(grand())
	good := user.User{Email: "caio@example.com", Name: "Caio", Role: user.Attendant, Unit: "Ilhabela"}
	for name, c := range map[string]struct {
		slug, password string
		edit           func(*user.User)
		want           error
	}{
		"unknown hotel":      {"nobody", "", func(*user.User) {}, tenant.ErrUnknown},
		"unknown unit":       {"grand", "", func(u *user.User) { u.Unit = "Paraty" }, provision.ErrUnit},
		"attendant nowhere":  {"grand", "", func(u *user.User) { u.Unit = " " }, user.ErrUnitRequired},
		"unknown role":       {"grand", "", func(u *user.User) { u.Role = "OWNER" }, user.ErrBadRole},
		"no role":            {"grand", "", func(u *user.User) { u.Role = "" }, user.ErrBadRole},
		"no name":            {"grand", "", func(u *user.User) { u.Name = "" }, provision.ErrName},
		"no e-mail":          {"grand", "", func(u *user.User) { u.Email = "caio" }, provision.ErrEmail},
		"e-mail is taken":    {"grand", "", func(u *user.User) { u.Email = "Ana@Example.com" }, user.ErrEmailTaken},
		"password too short": {"grand", "short", func(*user.User) {}, auth.ErrPassword},
	} {
		u := good
		c.edit(&u)
		_, _, err := w.provision.AddUser(t.Context(), c.slug, u, c.password)
		w.refused(name, err, c.want)
	}
	if n := w.count("SELECT count(*) FROM account"); n != 1 {
		t.Errorf("%d users, want the administrator alone", n)
	}
}
