package figures

import "github.com/botreserva/botreserva/internal/domain/tenant"

// Clockwork is when guests begin to write.
type Clockwork struct {
	Hours   [24]int
	Days    [7]int // Sunday first
	Week    [7][24]int
	AtDesk  [24]bool // somebody is at the desk as this hour begins, on one day at least
	Total   int
	Inside  int // of business hours
	Opening int // the earliest hour of any day, whole hours
	Closing int // the latest
}

// Grain is the length in minutes of the longest slots that begin and end with hours and
// with business hours.
func Grain(hours tenant.Hours) int {
	grain := 60
	for _, day := range hours {
		grain = divisor(divisor(grain, day.From), day.To)
	}
	return grain
}

// divisor is the greatest common one.
func divisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// ClockworkOf sums up how many conversations began in each slot of the week.
func ClockworkOf(hours tenant.Hours, slots map[int]int) Clockwork {
	var c Clockwork
	grain := Grain(hours)
	for slot, count := range slots {
		day, minute := slot*grain/tenant.DayLength, slot*grain%tenant.DayLength
		c.Hours[minute/60] += count
		c.Days[day] += count
		c.Week[day][minute/60] += count
		c.Total += count
		if minute >= hours[day].From && minute < hours[day].To {
			c.Inside += count
		}
	}
	c.open(hours)
	return c
}

// open notes when somebody is at the desk.
func (c *Clockwork) open(hours tenant.Hours) {
	first, last := tenant.DayLength, 0
	for _, day := range hours {
		if day.IsEmpty() {
			continue
		}
		first, last = min(first, day.From), max(last, day.To)
		for hour := range c.AtDesk {
			c.AtDesk[hour] = c.AtDesk[hour] || hour*60 >= day.From && hour*60 < day.To
		}
	}
	if last > 0 {
		c.Opening, c.Closing = first/60, (last+59)/60
	}
}

// Outside is the share of conversations that began outside of business hours.
func (c Clockwork) Outside() Share { return Share{c.Total - c.Inside, c.Total} }
