package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// counted plays arrivals at a tally of a wave with two guests, of two and one messages.
func counted(t *testing.T, arrivals ...ref) *tally {
	t.Helper()
	w := &wave{number: 7, perGuest: []int{2, 1}, hotels: make([]hotel, 1)}
	c := newTally(w, func(int) bool { return true })
	for i, r := range arrivals {
		c.note(r, time.Unix(int64(i+1), 0))
	}
	return c
}

func TestTally(t *testing.T) {
	t.Parallel()
	first, second, other := ref{7, 0, 0}, ref{7, 0, 1}, ref{7, 1, 0}
	for name, c := range map[string]struct {
		arrivals []ref
		want     faults
	}{
		"all in order":                {[]ref{first, other, second}, faults{}},
		"nothing came":                {nil, faults{Lost: 3}},
		"one is missing":              {[]ref{first, second}, faults{Lost: 1}},
		"one came twice":              {[]ref{first, first, second, other}, faults{Doubled: 1}},
		"the second before the first": {[]ref{second, first, other}, faults{Disordered: 1}},
		"one of an earlier wave":      {[]ref{{6, 0, 0}, first, second, other}, faults{}},
		"one that nobody sent":        {[]ref{first, second, other, {7, 1, 1}, {7, 9, 0}}, faults{Strange: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, counted(t, c.arrivals...).faults()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestTallyIsDoneWhenAllHaveCome(t *testing.T) {
	t.Parallel()
	c := counted(t, ref{7, 0, 0}, ref{7, 0, 1}, ref{7, 0, 1})
	select {
	case <-c.done:
		t.Fatal("done although a message is missing")
	default:
	}
	c.note(ref{7, 1, 0}, time.Unix(9, 0))
	select {
	case <-c.done:
	default:
		t.Fatal("not done although all have come")
	}
	if _, last := c.progress(); last.Unix() != 9 {
		t.Errorf("the last came at %d", last.Unix())
	}
}

func TestTallyFindsReferences(t *testing.T) {
	t.Parallel()
	c := counted(t)
	key := []byte(`"id":"` + wamidPrefix)
	c.find([]byte(`{"id":"`+ref{7, 0, 1}.wamid()+`","n":5}`), key, time.Unix(1, 0))
	c.find([]byte(`{"id":"wamid.of.somebody"}`), key, time.Unix(1, 0))
	c.find([]byte(`{"id":"wamid.bench.7.x"}`), key, time.Unix(1, 0))
	if seen, _ := c.progress(); seen != 1 || c.at(ref{7, 0, 1}).IsZero() {
		t.Errorf("%d were found, want the one that is ours", seen)
	}
}
