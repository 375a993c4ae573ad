package n8n

import (
	"math"
	"time"
)

// Spans is how many spans of time there are into which answers are counted: the first ends after
// 10 ms, each of the others is a third longer than the one before, and the last has no end.
const Spans = 32

const (
	firstSpan = 10 * time.Millisecond
	nextSpan  = 4.0 / 3
)

// SpanOf returns the span into which an answer falls that took so long.
func SpanOf(took time.Duration) int {
	for i := range Spans - 1 {
		if took <= spanEnd(i) {
			return i
		}
	}
	return Spans - 1
}

func spanEnd(i int) time.Duration {
	return time.Duration(float64(firstSpan) * math.Pow(nextSpan, float64(i)))
}

// Quantile returns within what time a part of all answers came, from how many fell into each span;
// it is exact to a third. It is 0 when there were none.
func Quantile(counts []int32, part float64) time.Duration {
	var all int64
	for _, n := range counts {
		all += int64(n)
	}
	if all == 0 {
		return 0
	}
	want := int64(math.Ceil(part * float64(all)))
	for i, n := range counts {
		if want -= int64(n); want <= 0 {
			return spanEnd(i).Round(time.Millisecond)
		}
	}
	return spanEnd(Spans - 1).Round(time.Millisecond)
}
