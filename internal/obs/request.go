package obs

import (
	"context"
	"log/slog"
	"slices"
)

type requestIDKey struct{}

// WithRequestID returns a context whose log lines carry the id. The caller vouches for its form: an id that came from
// outside is checked first.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID returns the id that the context carries, or "".
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

type clientIPKey struct{}

// WithClientIP returns a context that knows from where a request came, for the audit log. Log lines do not carry it.
func WithClientIP(ctx context.Context, ip string) context.Context {
	return context.WithValue(ctx, clientIPKey{}, ip)
}

// ClientIP returns the address that the context carries, or "".
func ClientIP(ctx context.Context) string {
	ip, _ := ctx.Value(clientIPKey{}).(string)
	return ip
}

// requestIDHandler adds the request id at the top of each line. What the logger was given since its first group is kept
// aside, because a handler puts new attributes into the group that is open.
type requestIDHandler struct {
	next    slog.Handler                      // with everything applied
	outside slog.Handler                      // as it was before the first group; nil without groups
	inside  []func(slog.Handler) slog.Handler // what was applied since
}

func withRequestID(next slog.Handler) slog.Handler { return requestIDHandler{next: next} }

func (h requestIDHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

func (h requestIDHandler) Handle(ctx context.Context, record slog.Record) error {
	id := RequestID(ctx)
	if id == "" {
		return h.next.Handle(ctx, record)
	}
	attr := slog.String("request_id", id)
	if h.outside == nil {
		record = record.Clone()
		record.AddAttrs(attr)
		return h.next.Handle(ctx, record)
	}
	next := h.outside.WithAttrs([]slog.Attr{attr})
	for _, apply := range h.inside {
		next = apply(next)
	}
	return next.Handle(ctx, record)
}

func (h requestIDHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if h.outside == nil {
		return requestIDHandler{next: h.next.WithAttrs(attrs)}
	}
	return h.within(func(next slog.Handler) slog.Handler { return next.WithAttrs(attrs) })
}

func (h requestIDHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	if h.outside == nil {
		h.outside = h.next
	}
	return h.within(func(next slog.Handler) slog.Handler { return next.WithGroup(name) })
}

func (h requestIDHandler) within(apply func(slog.Handler) slog.Handler) slog.Handler {
	return requestIDHandler{next: apply(h.next), outside: h.outside, inside: append(slices.Clip(h.inside), apply)}
}
