package httpapi

import (
	"context"
	"time"

	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/n8n"
	"github.com/botreserva/botreserva/internal/wire"
)

// FlowHealth is how the hotel's flow is doing. Exported for huma: see ConversationPath.
type FlowHealth struct {
	wire.FlowState

	AckP50Ms             *int64 `json:"ackP50Ms" doc:"Within how long half of the posts of the last hour were answered, to a third; null when there were none"`
	AckP95Ms             *int64 `json:"ackP95Ms"`
	FailuresLastHour     int    `json:"failuresLastHour"`
	TimeoutsLastHour     int    `json:"timeoutsLastHour" doc:"Posts without an answer in time; slow is not failed"`
	Waiting              int    `json:"waiting" doc:"Messages that wait to be handed over"`
	OldestWaitingSeconds int    `json:"oldestWaitingSeconds"`
}

// flowHealthOf looks at what all instances have written down of a hotel's flow.
func (s *server) flowHealthOf(ctx context.Context, h *directory.Hotel) (FlowHealth, error) {
	var out FlowHealth
	health, err := s.deps.DB.FlowHealth(ctx, h.ID)
	if err != nil {
		return out, err
	}
	hour, err := s.deps.DB.FlowCounts(ctx, h.ID, s.deps.Clock.Now().Add(-time.Hour))
	if err != nil {
		return out, err
	}
	waiting, oldest, err := s.deps.DB.FlowWaiting(ctx, h.ID)
	if err != nil {
		return out, err
	}
	out = FlowHealth{
		FlowState: wire.FlowStateOf(health), FailuresLastHour: hour.Failures, TimeoutsLastHour: hour.Unknowns,
		AckP50Ms: quantileOf(hour.Acks, 0.5), AckP95Ms: quantileOf(hour.Acks, 0.95),
		Waiting: waiting, OldestWaitingSeconds: int(oldest / time.Second),
	}
	switch {
	case !h.HasFlow():
		out.State = "unset"
	case h.Bot.Paused:
		out.State = "paused"
	}
	return out, nil
}

func quantileOf(counts []int32, part float64) *int64 {
	d := n8n.Quantile(counts, part)
	if d == 0 {
		return nil
	}
	ms := d.Milliseconds()
	return &ms
}

type flowCheck struct {
	OK      bool    `json:"ok"`
	Status  *int    `json:"status" doc:"Of the flow's answer; null when none came"`
	Ms      int64   `json:"ms"`
	Code    *string `json:"code" doc:"What to mend: unset, or one of the codes of health.lastError. Set with ok for /webhook-test/, which answers for two minutes only"`
	Message *string `json:"message" doc:"The same for people, in Portuguese"`
}

// checkFlow posts a signed event "test" to the hotel's flow.
func (s *server) checkFlow(ctx context.Context, c caller, _ *struct{}) (*reply[flowCheck], error) {
	got, err := s.deps.FlowChecker.Check(ctx, c.tenant)
	if err != nil {
		return nil, err
	}
	out := flowCheck{OK: got.IsOK, Ms: got.Took.Milliseconds(), Code: textOrNull(got.Code), Message: textOrNull(got.Text)}
	if got.Status != 0 {
		out.Status = &got.Status
	}
	return answer(out), nil
}
