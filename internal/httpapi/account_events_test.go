package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/news"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func (w *world) hears(h hotel, key byte, n news.Event) {
	w.t.Helper()
	n.ID, n.Key, n.SeenAt = id.NewNews(), [32]byte{key}, n.At.Add(time.Second)
	pgtest.InTx(w.t, w.db, h.ID, func(tx *postgres.Tx) error {
		isNew, err := tx.InsertNews(w.t.Context(), n)
		if !isNew {
			w.t.Error("it was known already")
		}
		return err
	})
}

// TestAccountEvents lists news for administrators, the newest first, of their hotel alone.
func TestAccountEvents(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h, other := w.hotel(), w.hotel()
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	w.hears(h, 1, news.Event{
		Kind: news.TemplateStatus, Name: "PAUSED", Severity: news.Warning, Subject: "confirmacao", Reason: "Baixa qualidade", WABAID: "301",
		NumberID: h.Number.ID, Data: []byte(`{"event": "PAUSED"}`), At: at,
	})
	w.hears(h, 2, news.Event{Kind: news.Security, Name: "PIN_CHANGED", Severity: news.Warning, At: at.Add(time.Hour)})
	w.hears(other, 1, news.Event{Kind: news.Update, Name: "DISABLED_UPDATE", Severity: news.Critical, At: at})
	admin := as(w.token(h.Admin))
	const path = "/api/whatsapp/account-events"
	w.do(http.MethodGet, path, nil, admin).golden("account_events")
	for query, want := range map[string]int{
		"?kind=security": 1, "?severity=warning": 2, "?severity=critical": 0, "?kind=security&severity=info": 0, "?page=2&limit=1": 1, "?page=3&limit=1": 0, "?nobody=knows": 2,
	} {
		if got := len(w.do(http.MethodGet, path+query, nil, admin).want(http.StatusOK).list()); got != want {
			t.Errorf("%s lists %d, want %d", query, got, want)
		}
	}
	for _, query := range []string{"?kind=x", "?severity=x", "?page=0", "?limit=101", "?limit=x"} {
		w.do(http.MethodGet, path+query, nil, admin).want(http.StatusBadRequest, "validation_error")
	}
	w.do(http.MethodGet, path, nil, as(w.token(w.user(h.ID, user.Attendant, "")))).want(http.StatusForbidden, "role_forbidden")
}
