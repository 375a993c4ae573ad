package socketio_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"github.com/botreserva/botreserva/internal/realtime/socketio"
)

// BenchmarkFanOut sends an event of some 400 bytes to a room of 500 and waits
// until all have read it; the readers' work is in the figure.
func BenchmarkFanOut(b *testing.B) {
	const clients = 500
	server := socketio.New(socketio.Options{
		RecoveryWindow: socketio.DefaultRecoveryWindow,
		OnConnect:      func(s *socketio.Socket) { s.Join("room") },
	})
	srv := httptest.NewServer(server)
	defer srv.Close()
	ctx, cancel := context.WithCancel(context.Background())
	var round, readers sync.WaitGroup
	dialer := &http.Client{Transport: &http.Transport{}}
	for range clients {
		conn, err := dial(ctx, srv.URL, "", dialer, nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := conn.Write(ctx, websocket.MessageText, []byte("40")); err != nil {
			b.Fatal(err)
		}
		for range 2 {
			if _, _, err := conn.Read(ctx); err != nil {
				b.Fatal(err)
			}
		}
		readers.Go(func() {
			for {
				if _, _, err := conn.Read(ctx); err != nil {
					return
				}
				round.Done()
			}
		})
	}
	event := map[string]string{"content": strings.Repeat("x", 350)}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		round.Add(clients)
		if err := server.To("room").Emit("message:new", event); err != nil {
			b.Fatal(err)
		}
		round.Wait()
	}
	b.StopTimer()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/clients, "ns/delivery")
	cancel()
	readers.Wait()
	if err := server.Shutdown(context.Background()); err != nil {
		b.Fatal(err)
	}
}
