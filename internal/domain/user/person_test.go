package user_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/domain/user"
)

func TestParsePerson(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"Ana": nil, " Zoë d'Ávila ": nil, strings.Repeat("é", 100): nil,
		"": user.ErrName, "  ": user.ErrName, strings.Repeat("é", 101): user.ErrName, "Ana\r\nBcc: x@example.com": user.ErrName,
	} {
		if name, err := user.ParseName(text); !errors.Is(err, want) || err == nil && name != strings.TrimSpace(text) {
			t.Errorf("name %q: %q, %v", text, name, err)
		}
	}
	for text, want := range map[string]error{
		"ana@example.com": nil, " ana@example.com ": nil, "ana": user.ErrEmail, "": user.ErrEmail, "Ana <ana@example.com>": user.ErrEmail,
		"ana@example.com\r\nBcc: x@example.com": user.ErrEmail, strings.Repeat("a", 250) + "@b.c": nil, strings.Repeat("a", 251) + "@b.c": user.ErrEmail,
	} {
		if email, err := user.ParseEmail(text); !errors.Is(err, want) || err == nil && email != strings.TrimSpace(text) {
			t.Errorf("e-mail %q: %q, %v", text, email, err)
		}
	}
	for text, want := range map[string]error{
		"": nil, "https://example.com/a.png": nil, "http://example.com": nil, "javascript:alert(1)": user.ErrAvatar, "data:image/png;base64,AA": user.ErrAvatar,
		"//example.com/a.png": user.ErrAvatar, "a.png": user.ErrAvatar, "https://": user.ErrAvatar, "https://example.com/" + strings.Repeat("a", 2000): user.ErrAvatar,
	} {
		if _, err := user.ParseAvatar(text); !errors.Is(err, want) {
			t.Errorf("picture %.40q: %v, want %v", text, err, want)
		}
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	hotel := tenant.Tenant{Units: []string{"Ilhabela", "Campos do Jordão"}}
	for name, c := range map[string]struct {
		role       user.Role
		unit, want string
		err        error
	}{
		"an attendant of a unit":              {user.Attendant, "campos-do-jordao", "Campos do Jordão", nil},
		"an attendant of nowhere":             {user.Attendant, " ", "", user.ErrUnitRequired},
		"an attendant of another hotel's":     {user.Attendant, "Paraty", "", user.ErrUnit},
		"a head of everything":                {user.Head, "", "", nil},
		"a head of a unit in another writing": {user.Head, "ILHA BELA", "Ilhabela", nil},
		"a manager of a wrong unit":           {user.TenantAdmin, "Paraty", "", user.ErrUnit},
	} {
		if got, err := user.Place(hotel, c.role, c.unit); got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
