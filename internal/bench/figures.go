package main

import (
	"slices"
	"time"
)

// spread is how a duration is distributed, in milliseconds.
type spread struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// spreadOf sorts the samples.
func spreadOf(samples []time.Duration) spread {
	if len(samples) == 0 {
		return spread{}
	}
	slices.Sort(samples)
	at := func(share float64) float64 { return shareOf(samples, share) }
	return spread{at(0.5), at(0.9), at(0.99), at(1)}
}

// shareOf is the smallest of sorted samples that at least this share of them does not
// exceed, in milliseconds.
func shareOf(samples []time.Duration, share float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	n := len(samples)
	i := max(0, min(n-1, int(share*float64(n)+0.999999)-1))
	return float64(samples[i]) / float64(time.Millisecond)
}

// runFigures is what one wave came to.
type runFigures struct {
	Messages int `json:"messages"`
	Webhooks int `json:"webhooks"`
	Refused  int `json:"refused"`

	AcceptedPerSecond  float64 `json:"acceptedPerSecond"`  // webhooks
	ProcessedPerSecond float64 `json:"processedPerSecond"` // messages stored, handed over and pushed, from the first post on
	BehindSeconds      float64 `json:"behindSeconds"`      // from the last 200 until all were processed
	Ack                spread  `json:"ackMs"`
	ToFlow             spread  `json:"postToFlowMs"`
	ToScreen           spread  `json:"postToScreenMs"`

	// CPU-seconds for 1,000 messages.
	ProductCPU  float64 `json:"productCpu"`
	PostgresCPU float64 `json:"postgresCpu"`
	BenchCPU    float64 `json:"benchCpu"`
	OthersCPU   float64 `json:"othersCpu"` // of strangers on the machine, meanwhile

	Faults faults `json:"faults"` // at the flow, on dashboards and in the database together
}

// total is what a message costs the operator.
func (r runFigures) total() float64 { return r.ProductCPU + r.PostgresCPU }

// figuresOf sums a wave up. The first of ends is the flow, the others are dashboards.
func figuresOf(w *wave, sent driven, ends []*tally, used usage, kept faults) runFigures {
	f := runFigures{
		Messages: w.messages, Webhooks: w.webhooks, Refused: sent.refused, Ack: spreadOf(sent.acks), Faults: kept,
		AcceptedPerSecond: float64(w.webhooks) / sent.last.Sub(sent.first).Seconds(),
	}
	end := sent.last
	for _, t := range ends {
		if _, last := t.progress(); last.After(end) {
			end = last
		}
		f.Faults = f.Faults.plus(t.faults())
	}
	f.ProcessedPerSecond = float64(w.messages) / end.Sub(sent.first).Seconds()
	f.BehindSeconds = end.Sub(sent.last).Seconds()
	f.ToFlow = spreadOf(delays(w, ends[:1]))
	f.ToScreen = spreadOf(delays(w, ends[1:]))
	per := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(w.messages) }
	f.ProductCPU, f.PostgresCPU, f.BenchCPU, f.OthersCPU = per(used.product), per(used.postgres), per(used.bench), per(used.others())
	return f
}

// delays are the times from just before each post until the arrival of each of its
// messages.
func delays(w *wave, ends []*tally) []time.Duration {
	var out []time.Duration
	for _, line := range w.lines {
		for _, hook := range line {
			for _, r := range hook.refs {
				for _, t := range ends {
					if at := t.at(r); !at.IsZero() {
						out = append(out, at.Sub(hook.sent))
					}
				}
			}
		}
	}
	return out
}

// idleFigures are those of a product with nothing to do.
type idleFigures struct {
	Memory      memory  `json:"memory"`
	ProductCPU  float64 `json:"productCpu"` // seconds per second
	PostgresCPU float64 `json:"postgresCpu"`
}

// latencyFigures are those of a product with little to do.
type latencyFigures struct {
	Faults faults `json:"faults"`
	Ack    spread `json:"ackMs"`
	Flow   spread `json:"postToFlowMs"`
	Screen spread `json:"postToScreenMs"`
}
