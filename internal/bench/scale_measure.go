package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/botreserva/botreserva/internal/scale"
)

const (
	visitedHotels = 15               // the five largest, and ten more
	longestLook   = 20 * time.Second // then the rest of a look's calls is left out
)

// seen is what one look came to.
type seen struct {
	Name   string  `json:"name"`
	Calls  int     `json:"calls"`
	P50    float64 `json:"p50"`
	P95    float64 `json:"p95"`
	Max    float64 `json:"max"`
	Rate   float64 `json:"perSecond"`
	CPU    float64 `json:"cpuMs"` // of product and PostgreSQL, for one call
	Target float64 `json:"target"`
	Bad    int     `json:"bad"`  // answers other than 200
	Said   string  `json:"said"` // by the first of them
	Plan   *plan   `json:"plan,omitempty"`
}

func (s seen) isMissing() bool { return s.Bad > 0 && s.Bad == s.Calls }

// look measures everything.
func (s *stage) look(ctx context.Context, filled scale.Options, out *scaleReport) error {
	visitors, err := s.visit(ctx, filled)
	if err != nil {
		return err
	}
	wanted := limitedTo(looks(), s.options.only)
	for _, l := range wanted {
		if err := s.measure(ctx, l, visitors, 2*s.options.connections); err != nil { // connections, caches, plans
			return err
		}
		result := s.result(ctx, l, visitors, s.options.calls)
		out.Seen = append(out.Seen, result)
		fmt.Fprintln(os.Stderr, result.line())
		if err := errors.Join(ctx.Err(), s.product.alive()); err != nil {
			return err
		}
	}
	if !s.options.plans {
		return nil
	}
	return s.explain(ctx, wanted, filled, out.Seen)
}

func (s *stage) measure(ctx context.Context, l look, visitors map[string][]*visitor, calls int) error {
	s.result(ctx, l, visitors, calls)
	return ctx.Err()
}

// result calls as many at once as there are connections. Every second call is one of
// the largest hotel, the others are of anybody.
func (s *stage) result(ctx context.Context, l look, visitors map[string][]*visitor, calls int) seen {
	all := visitors[l.role]
	out := seen{Name: l.name, Target: l.target}
	if len(all) == 0 {
		return out
	}
	var mu sync.Mutex
	var samples []time.Duration
	before, begin := s.usage(), time.Now()
	var working sync.WaitGroup
	for i := range s.options.connections {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		working.Go(func() {
			for range max(1, calls/s.options.connections) {
				if ctx.Err() != nil || time.Since(begin) > longestLook {
					return
				}
				v := all[0]
				if r.IntN(2) == 0 {
					v = all[r.IntN(len(all))]
				}
				took, status, said := s.call(ctx, v, l.path(r, v))
				mu.Lock()
				samples = append(samples, took)
				if status != http.StatusOK {
					if out.Bad++; out.Said == "" {
						out.Said = said
					}
				}
				mu.Unlock()
			}
		})
	}
	working.Wait()
	out.Calls = len(samples)
	used := s.usage().since(before)
	out.CPU = (used.product + used.postgres).Seconds() * 1000 / float64(max(1, out.Calls))
	out.Rate = float64(len(samples)) / time.Since(begin).Seconds()
	slices.Sort(samples)
	out.P50, out.P95, out.Max = shareOf(samples, 0.5), shareOf(samples, 0.95), shareOf(samples, 1)
	return out
}

// call makes one call and reads the whole answer.
func (s *stage) call(ctx context.Context, v *visitor, path string) (time.Duration, int, string) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.product.address+path, http.NoBody)
	if err != nil {
		return 0, 0, err.Error()
	}
	request.Header.Set("Authorization", "Bearer "+v.token)
	begin := time.Now()
	response, err := s.client.Do(request)
	if err != nil {
		return time.Since(begin), 0, err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	took := time.Since(begin)
	if err != nil {
		return took, 0, err.Error()
	}
	return took, response.StatusCode, fmt.Sprintf("%s: %d %.200s", path, response.StatusCode, body)
}

// visit logs people of several hotels in: an administrator, and one of each role.
func (s *stage) visit(ctx context.Context, filled scale.Options) (map[string][]*visitor, error) {
	hotels, err := scale.Hotels(filled)
	if err != nil {
		return nil, err
	}
	s.client.Transport = &http.Transport{MaxIdleConnsPerHost: s.options.connections * 2}
	if err := s.product.start(ctx, s.client); err != nil {
		return nil, err
	}
	visitors := map[string][]*visitor{}
	for i, h := range hotels {
		if i >= 5 && i%max(1, (len(hotels)-5)/(visitedHotels-5)) != 0 {
			continue
		}
		of, err := s.sampleOf(ctx, h)
		if err != nil {
			return nil, err
		}
		welcomed := map[string]bool{}
		for _, someone := range h.People {
			if welcomed[someone.Role] {
				continue
			}
			welcomed[someone.Role] = true
			token, err := logIn(ctx, s.client, s.product.address, hotel{email: someone.Email, password: scale.Password, slug: h.Slug})
			if err != nil {
				return nil, err
			}
			v := &visitor{slug: h.Slug, role: someone.Role, token: token, unit: someone.Unit, hotel: of}
			visitors[someone.Role] = append(visitors[someone.Role], v)
		}
	}
	visitors[""] = visitors["TENANT_ADMIN"]
	return visitors, nil
}

// sampleOf takes a handful of a hotel's rows.
func (s *stage) sampleOf(ctx context.Context, h scale.Hotel) (*sample, error) {
	out := &sample{units: h.Units}
	for _, part := range []struct {
		into *[]string
		sql  string
	}{
		{&out.conversations, "SELECT id::text FROM conversation WHERE tenant_id = $1 ORDER BY id DESC LIMIT 100"},
		{&out.old, "SELECT id::text FROM conversation WHERE tenant_id = $1 ORDER BY id LIMIT 100"},
		{&out.contacts, "SELECT id::text FROM contact WHERE tenant_id = $1 ORDER BY id LIMIT 100"},
		{&out.names, "SELECT name FROM contact WHERE tenant_id = $1 ORDER BY id DESC LIMIT 100"},
		{&out.phones, "SELECT phone FROM contact WHERE tenant_id = $1 ORDER BY id DESC LIMIT 100"},
		{&out.codes, `SELECT code FROM (SELECT substring(content FROM 'BR-[0-9]{6}') AS code FROM message
			WHERE tenant_id = $1 ORDER BY id LIMIT 3000) found WHERE code IS NOT NULL LIMIT 100`},
		{&out.users, "SELECT id::text FROM account WHERE tenant_id = $1 AND role = 'ATTENDANT'"},
		{&out.tags, "SELECT id::text FROM tag WHERE tenant_id = $1"},
	} {
		rows, err := s.database.Query(ctx, strings.Replace(part.sql, "$1", "(SELECT t.id FROM tenant t WHERE t.slug = $1)", 1), h.Slug)
		if err != nil {
			return nil, fmt.Errorf("take samples: %w", err)
		}
		if *part.into, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			return nil, fmt.Errorf("take samples: %w", err)
		}
	}
	return out, nil
}
