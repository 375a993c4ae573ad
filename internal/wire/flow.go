package wire

import "github.com/botreserva/botreserva/internal/domain/tenant"

// FlowState is how a hotel's flow is doing.
type FlowState struct {
	State     string       `json:"state" enum:"ok,ill,paused,unset" doc:"ill: it failed again and again, and one message at a time tries whether it is well; what guests say waits"`
	Since     *Time        `json:"since" doc:"Since when it is ill"`
	LastAckAt *Time        `json:"lastAckAt" doc:"When it took something last"`
	LastError *FlowProblem `json:"lastError" doc:"The last one, however long ago"`
}

// FlowProblem is why a flow did not take something.
type FlowProblem struct {
	Code    string `json:"code" doc:"not_published, test_url, unauthorized, unreachable, dns, tls, timeout, flow_error, rate_limited, wrong_method, too_large, redirected, refused_host, invalid_url, connection_failed or refused"`
	Message string `json:"message" doc:"What to do, in Portuguese"`
	At      Time   `json:"at"`
}

// FlowStateOf writes how a flow is doing that is set up and not paused.
func FlowStateOf(h tenant.Health) FlowState {
	out := FlowState{State: "ok", Since: atOrNull(h.IllSince), LastAckAt: atOrNull(h.LastAck)}
	if h.IsIll() {
		out.State = "ill"
	}
	if p := h.Problem; p.Code != "" {
		out.LastError = &FlowProblem{Code: p.Code, Message: p.Text, At: At(p.At)}
	}
	return out
}
