package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/domain/tenant"
	"github.com/botreserva/botreserva/internal/lane"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

// TestFlowHealth: managers see how their flow is doing, and trying again at once is one save away.
func TestFlowHealth(t *testing.T) {
	t.Parallel()
	w := setup(t)
	h := w.hotel(func(row *postgres.TenantRow) { row.Bot.URL = "https://n8n.example.com/webhook/a" })
	admin := as(w.token(h.Admin))
	const at = "/api/tenants/n8n-config"
	health := func() map[string]any {
		t.Helper()
		got, _ := w.do(http.MethodGet, at, nil, admin).want(http.StatusOK).json()["health"].(map[string]any)
		return got
	}
	want := map[string]any{
		"state": "ok", "since": nil, "lastAckAt": nil, "lastError": nil, "ackP50Ms": nil, "ackP95Ms": nil,
		"failuresLastHour": 0.0, "timeoutsLastHour": 0.0, "waiting": 0.0, "oldestWaitingSeconds": 0.0,
	}
	if diff := cmp.Diff(want, health()); diff != "" {
		t.Errorf("of a flow that got nothing yet: %s", diff)
	}
	now := w.clock.Now()
	acks := make([]int32, n8n.Spans)
	acks[n8n.SpanOf(100*time.Millisecond)] = 9
	acks[n8n.SpanOf(5*time.Second)] = 1
	pgtest.InTx(t, w.db, h.ID, func(tx *postgres.Tx) error {
		tx.Enqueue(lane.Handoff, lane.New{Key: "a", Payload: []byte("{}")}, lane.New{Key: "b", Payload: []byte("{}")})
		for _, slot := range []time.Time{now.Add(-30 * time.Minute), now, now, now.Add(-2 * time.Hour)} {
			if err := tx.CountFlow(t.Context(), postgres.FlowCount{Slot: slot, Acks: acks, Failures: 2, Unknowns: 1}); err != nil {
				return err
			}
		}
		was, err := tx.LockFlowHealth(t.Context())
		if err != nil {
			return err
		}
		return tx.SaveFlowHealth(t.Context(), was.Fell(tenant.Problem{Code: "not_published", Text: "O fluxo não está publicado.", At: now}))
	})
	pgtest.Exec(t, w.db, "UPDATE lane_item SET created_at = created_at - interval '90 seconds' WHERE key = 'a'")
	got := health()
	problem, _ := got["lastError"].(map[string]any)
	if got["state"] != "ill" || got["since"] == nil || problem["code"] != "not_published" || problem["message"] == "" {
		t.Errorf("ill: %v", got)
	}
	if got["failuresLastHour"] != 6.0 || got["timeoutsLastHour"] != 3.0 || got["waiting"] != 2.0 {
		t.Errorf("counted: %v", got)
	}
	if p50, p95 := got["ackP50Ms"].(float64), got["ackP95Ms"].(float64); p50 < 100 || p50 > 134 || p95 < 5000 || p95 > 6700 {
		t.Errorf("half of them in %v, most in %v", p50, p95)
	}
	if oldest := got["oldestWaitingSeconds"].(float64); oldest < 90 || oldest > 180 {
		t.Errorf("the oldest waits for %v s", oldest)
	}
	w.do(http.MethodPut, at, map[string]any{"n8nWebhookUrl": "https://n8n.example.com/webhook/b"}, admin).want(http.StatusOK)
	saved, err := w.db.FlowHealth(t.Context(), h.ID)
	if err != nil || !saved.IsIll() || saved.NextTry(false).After(now) {
		t.Errorf("another address is not tried at once: %+v, %v", saved, err)
	}
	w.do(http.MethodPut, at, map[string]any{"paused": true}, admin).want(http.StatusOK)
	if got := health(); got["state"] != "paused" {
		t.Errorf("paused: %v", got)
	}
	w.do(http.MethodPut, at, map[string]any{"paused": false, "n8nWebhookUrl": ""}, admin).want(http.StatusOK)
	if got := health(); got["state"] != "unset" {
		t.Errorf("without a flow: %v", got)
	}
}
