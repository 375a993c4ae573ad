package reports

import (
	"context"
	"fmt"
	"time"

	"github.com/botreserva/botreserva/internal/domain/figures"
	"github.com/botreserva/botreserva/internal/domain/id"
)

// longestCount is after how long a count is given up; the database gives up, too.
const longestCount = 30 * time.Second

// now is the end of the current minute: what happened just now is in, and whoever asks
// the same within the minute asks the same question.
func (s *Service) now() time.Time { return s.clock.Now().Truncate(time.Minute).Add(time.Minute) }

// together counts once for everybody who asks the same at the same time: screens of a
// whole team ask as the day begins. Nothing is remembered: who asks later gets a later
// answer.
func together[T any](ctx context.Context, s *Service, what string, tenant id.Tenant, f figures.Frame, count func(ctx context.Context) (T, error)) (T, error) {
	key := fmt.Sprint(what, tenant, f.From.UnixNano(), f.To.UnixNano(), f.Zone, f.Unit, f.Hours)
	answered := s.counting.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestCount) // the first who asked may leave
		defer cancel()
		return count(ctx)
	})
	var none T
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case r := <-answered:
		out, _ := r.Val.(T)
		return out, r.Err
	}
}
