package tenant

import (
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Retention is how long a hotel keeps what it need not keep for ever, in days.
type Retention struct {
	Deliveries int // raw calls of Meta's
	Media      int // files; 0: for ever
}

// MaxRetention is the longest time that is no eternity: ten years.
const MaxRetention = 3650

// DefaultRetention is that of hotels that did not say; the database gives it to new ones.
var DefaultRetention = Retention{Deliveries: 30, Media: 365}

// ErrBadRetention refuses times that are none.
var ErrBadRetention = fault.New(fault.Invalid, "retention_invalid",
	"Raw deliveries are kept for 1 to 3650 days, files for 1 to 3650 days, or 0 to keep them for ever.")

// Check refuses times that are none.
func (r Retention) Check() error {
	if r.Deliveries < 1 || r.Deliveries > MaxRetention || r.Media < 0 || r.Media > MaxRetention {
		return ErrBadRetention
	}
	return nil
}

// DeliveriesBefore is from when on raw deliveries are kept, today being the beginning of
// the day (of UTC).
func (r Retention) DeliveriesBefore(today time.Time) time.Time {
	return today.AddDate(0, 0, -r.Deliveries)
}

// MediaBefore is from when on files are kept; it reports false if all are.
func (r Retention) MediaBefore(today time.Time) (time.Time, bool) {
	return today.AddDate(0, 0, -r.Media), r.Media > 0
}
