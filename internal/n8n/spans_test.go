package n8n

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestQuantile(t *testing.T) {
	t.Parallel()
	if got := Quantile(make([]int32, Spans), 0.5); got != 0 {
		t.Errorf("of nothing %s", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		took := rapid.SliceOfN(rapid.Int64Range(int64(firstSpan), int64(30*time.Second)), 1, 200).Draw(t, "took")
		part := rapid.SampledFrom([]float64{0.5, 0.95, 1}).Draw(t, "part")
		counts := make([]int32, Spans)
		for _, d := range took {
			counts[SpanOf(time.Duration(d))]++
		}
		slices.Sort(took)
		at := int(part*float64(len(took)) + 0.999999)
		exact := time.Duration(took[max(at, 1)-1])
		if got := Quantile(counts, part); got < exact-time.Millisecond || got > exact*4/3+time.Millisecond {
			t.Errorf("%v of %v is %s, said %s", part, took, exact, got)
		}
	})
}
