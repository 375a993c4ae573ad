package contact_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/botreserva/botreserva/internal/domain/contact"
)

func TestSearchFor(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]contact.Search{
		"":                      {},
		"  Maria  José ":        {Words: "Maria José"},
		"maria 8765-4321":       {Words: "maria", Number: "8765-4321", Phones: []string{"87654321", "879654321"}},
		"+55 (81) 8765-4321":    {Number: "+55 (81) 8765-4321", Phones: []string{"558187654321", "5581987654321"}},
		"081 8765":              {Number: "081 8765", Phones: []string{"0818765", "818765", "8198765"}},
		"81 98765-4321":         {Number: "81 98765-4321", Phones: []string{"81987654321"}},
		"302":                   {Number: "302", Phones: []string{"302"}},
		"quarto 302b":           {Words: "quarto 302b"},
		"000":                   {Number: "000", Phones: []string{"000"}},
		"- . ()":                {Words: "- . ()"},
		"８１９":                   {Number: "８１９", Phones: []string{"819", "8199"}},
		strings.Repeat("9", 31): {Number: strings.Repeat("9", 31)},
	} {
		if diff := cmp.Diff(want, contact.SearchFor(typed)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", typed, diff)
		}
	}
}

// TestAnyPartOfANumberIsMeant: whatever somebody types of a guest's number, with or
// without its ninth digit, is among what is looked for in it.
func TestAnyPartOfANumberIsMeant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ddd := rapid.SampledFrom([]string{"11", "55", "81", "99"}).Draw(t, "area code")
		rest := rapid.StringMatching(`[6-9][0-9]{7}`).Draw(t, "number")
		stored := string(contact.Canonical("55" + ddd + "9" + rest))
		n := rapid.IntRange(0, 8).Draw(t, "typed")
		for _, typed := range []string{ddd + "9" + rest[:n], ddd + rest[:n], "55" + ddd + rest[:n], "0" + ddd + "9" + rest[:n], rest[:n]} {
			found := false
			for _, digits := range contact.SearchFor(typed).Phones {
				found = found || strings.Contains(stored, digits)
			}
			if !found && typed != "" {
				t.Fatalf("%q is not looked for in %s: %v", typed, stored, contact.SearchFor(typed).Phones)
			}
		}
	})
}

func TestNumberOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]contact.Phone{
		"5511987654321": "5511987654321", "(11) 98765-4321": "5511987654321", "558187654321": "5581987654321",
		"+1 (631) 555-1234": "16315551234", "119876": "", "55119876543": "", "": "", "1234567890123456": "",
	} {
		got, err := contact.NumberOf(text)
		if got != want || (err != nil) != (want == "") || err != nil && !errors.Is(err, contact.ErrPhone) {
			t.Errorf("NumberOf(%q) = %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestReadable(t *testing.T) {
	t.Parallel()
	for phone, want := range map[contact.Phone]string{
		"5511987654321": "55 11 98765-4321", "551133334444": "55 11 3333-4444", "16315551234": "1 6315551234",
		"351912345678": "351 912345678", "4915112345678": "49 15112345678", "1234": "1234", "": "",
	} {
		if got := phone.Readable(); got != want {
			t.Errorf("%q is written %q, want %q", phone, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		phone := contact.Canonical(rapid.StringMatching(`[1-9][0-9]{9,14}`).Draw(t, "phone"))
		if again := contact.Canonical(phone.Readable()); again != phone {
			t.Fatalf("%q is written %q and read %q", phone, phone.Readable(), again)
		}
	})
}

func TestChanges(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	c, wrong := contact.Changes{Name: text(" Ana\u202e\n "), Email: text("x"), AvatarURL: text("ftp://x"), FirstName: text(strings.Repeat("a", 101))}.Tidy()
	var paths []string
	for _, d := range wrong {
		paths = append(paths, d.Path)
	}
	if diff := cmp.Diff([]string{"firstName", "email", "profilePictureUrl"}, paths); diff != "" || *c.Name != "Ana" {
		t.Errorf("name %q (-want +got):\n%s", *c.Name, diff)
	}
	guest := contact.Changes{Name: text("Ana")}.Apply(contact.Contact{Email: "a@example.com"})
	if guest.Name != "Ana" || !guest.NameKept || guest.Email != "a@example.com" {
		t.Errorf("%+v", guest)
	}
	if learned := guest.Learn(contact.Identity{Name: "✨"}, time.Now()); learned.Name != "Ana" {
		t.Errorf("a message put the name to %q", learned.Name)
	}
	cleared := contact.Changes{Name: text("")}.Apply(guest)
	if learned := cleared.Learn(contact.Identity{Name: "✨"}, time.Now()); learned.Name != "✨" {
		t.Errorf("a name that was cleared stays %q", learned.Name)
	}
	if !(contact.Changes{Name: text("x"), Metadata: text("{}")}).AreEveryday() || (contact.Changes{Name: text("x"), Designation: text("x")}).AreEveryday() {
		t.Error("everyday changes are others")
	}
}
