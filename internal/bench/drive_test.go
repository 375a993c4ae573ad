package main

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestDriveRepeatsWhatIsRefused refuses each third call: everything is accepted in
// the end, and each guest's messages in order.
func TestDriveRepeatsWhatIsRefused(t *testing.T) {
	t.Parallel()
	w := newWave(1, options{connections: 4, guests: 16, batch: 1}, 60, testHotels(), time.Now())
	got := newTally(w, func(int) bool { return true })
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		var body strings.Builder
		_, _ = bufio.NewReader(r.Body).WriteTo(&body)
		if calls.Add(1)%3 == 0 {
			rw.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		got.find([]byte(body.String()), []byte(wamidPrefix), time.Now())
		_, _ = rw.Write([]byte("EVENT_RECEIVED"))
	}))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	sent, err := drive(ctx, server.Listener.Addr().String(), w, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(sent.acks) != 60 || sent.refused < 20 || got.faults().any() {
		t.Errorf("%d accepted, %d refused, %+v", len(sent.acks), sent.refused, got.faults())
	}
}

func TestDriveKeepsThePace(t *testing.T) {
	t.Parallel()
	w := newWave(1, options{connections: 4, guests: 16, batch: 1}, 20, testHotels(), time.Now())
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("ok")) }))
	defer server.Close()
	sent, err := drive(t.Context(), server.Listener.Addr().String(), w, 100)
	if err != nil {
		t.Fatal(err)
	}
	if took := sent.last.Sub(sent.first); took < 190*time.Millisecond {
		t.Errorf("20 calls at 100 per second took %s", took)
	}
}

func TestDriveEndsWithItsContext(t *testing.T) {
	t.Parallel()
	w := newWave(1, options{connections: 1, guests: 2, batch: 1}, 2, testHotels(), time.Now())
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("ok")) }))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := drive(ctx, server.Listener.Addr().String(), w, 0.001); err == nil {
		t.Error("it waits for a webhook that is due in a quarter of an hour")
	}
}

// TestFlow posts with the standard client, as the product does.
func TestFlow(t *testing.T) {
	t.Parallel()
	f, err := startFlow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := newWave(2, options{connections: 2, guests: 8, batch: 1}, 40, testHotels(), time.Now())
	got := newTally(w, func(int) bool { return true })
	f.tally.Store(got)
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{}}
	var all sync.WaitGroup
	for _, line := range w.lines {
		all.Go(func() {
			for _, hook := range line {
				post(t, client, f.url("a"), `{"phone":"1","externalMessageId":"`+hook.refs[0].wamid()+`","body":{}}`)
			}
		})
	}
	all.Wait()
	if got.faults().any() || f.odd.Load() != 0 {
		t.Errorf("%+v, %d odd requests", got.faults(), f.odd.Load())
	}
	client.CloseIdleConnections()
	f.close()
}

func post(t *testing.T, client *http.Client, url, body string) {
	t.Helper()
	response, err := client.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("status %d", response.StatusCode)
	}
}
