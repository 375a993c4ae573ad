package contact_test

import (
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/contact"
)

func TestWishOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]contact.Wish{
		"SAIR": contact.StopOffers, " sair. ": contact.StopOffers, "Parar  promoções!": contact.StopOffers, "*PARE*": contact.StopOffers, "Stop": contact.StopOffers,
		"NÃO QUERO OFERTAS": contact.StopOffers, "receber ofertas": contact.ResumeOffers,
		"": contact.NoWish, "...": contact.NoWish, "Quero sair às 10h": contact.NoWish, "cancelar": contact.NoWish, "sair" + strings.Repeat(" ", 60): contact.NoWish,
		"saír": contact.NoWish,
	} {
		if got := contact.WishOf(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
