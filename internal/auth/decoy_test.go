package auth

import (
	"context"
	"errors"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// TestUnknownEMailCostsAsMuch: without a user a password is compared all the same, at
// the price of a real one, so that the time tells nothing.
func TestUnknownEMailCostsAsMuch(t *testing.T) {
	t.Parallel()
	if price, err := bcrypt.Cost([]byte(decoy)); err != nil || price != cost {
		t.Fatalf("the decoy costs %d (%v), a password %d", price, err, cost)
	}
	db := pgtest.DB(t)
	now := clock.NewFrozen(time.Now())
	s, err := New(db, directory.New(db, nil, now), now, "a", "b")
	if err != nil {
		t.Fatal(err)
	}
	s.hashing = make(chan struct{}) // now nobody compares unless we take part
	answer := make(chan error, 1)
	go func() {
		_, _, err := s.Login(context.Background(), "nobody@example.com", "whatever it is", "")
		answer <- err
	}()
	limit := time.NewTimer(time.Minute)
	defer limit.Stop()
	select {
	case <-s.hashing:
	case err := <-answer:
		t.Fatalf("refused without a comparison: %v", err)
	case <-limit.C:
		t.Fatal("gave up waiting for the comparison")
	}
	s.hashing <- struct{}{}
	if err := <-answer; !errors.Is(err, ErrCredentials) {
		t.Errorf("got %v, want %v", err, ErrCredentials)
	}
}
