package simulator

import (
	"bytes"
	"crypto/hmac"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// serveLookaside is the download host: bearer token and User-Agent needed, 404 once the link is old.
func (s *Simulator) serveLookaside(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	id, until := q.Get("mid"), q.Get("ext")
	seconds, _ := strconv.ParseInt(until, 10, 64)
	switch item, gerr := s.ownMedia(r, id); {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case gerr != nil && gerr.status == http.StatusUnauthorized:
		w.WriteHeader(http.StatusUnauthorized)
	case r.UserAgent() == "" && !s.knobs.Load().Rules.AnyUserAgent:
		w.WriteHeader(http.StatusForbidden)
	case gerr != nil, s.clock.time().Unix() > seconds, !hmac.Equal([]byte(q.Get("hash")), []byte(s.downloadHash(id, until))):
		w.WriteHeader(http.StatusNotFound)
	default:
		s.download(w, r, item)
	}
}

// download sends a file, or does what a fault does instead.
func (s *Simulator) download(w http.ResponseWriter, r *http.Request, item *mediaItem) {
	f := s.faults.take(attempt{plane: PlaneDownload, account: item.account})
	h := w.Header()
	h.Set("Content-Type", item.mime)
	data := item.data
	if f != nil && f.Effect != EffectSlow && !s.pause(r.Context(), f.latency(s.ids.seed)) {
		return
	}
	switch {
	case f.is(EffectGone):
		w.WriteHeader(http.StatusNotFound)
		return
	case f.is(EffectRedirect):
		h.Set("Location", f.Details)
		w.WriteHeader(http.StatusFound)
		return
	case f.is(EffectSlow):
		s.drip(w, r, item, f)
		return
	case f.is(EffectTruncated):
		writeHalf(w, data)
		return
	case f.is(EffectHuge):
		h.Set("Content-Length", "10000000000")
		_, _ = w.Write(data) //nolint:gosec // a file as its own type
		_ = http.NewResponseController(w).Flush()
		resetConnection(w)
		return
	case f.is(EffectWrongHash):
		data = append([]byte{}, data...)
		data[len(data)-1] ^= 1
	case f.is(EffectWrongType):
		h.Set("Content-Type", "text/html")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// drip sends a kilobyte, pauses, and so on.
func (s *Simulator) drip(w http.ResponseWriter, r *http.Request, item *mediaItem, f *Fault) {
	w.Header().Set("Content-Length", strconv.Itoa(len(item.data)))
	for rest := item.data; len(rest) > 0; {
		n := min(len(rest), 1024)
		if _, err := w.Write(rest[:n]); err != nil { //nolint:gosec // a file as its own type
			return
		}
		_ = http.NewResponseController(w).Flush()
		if rest = rest[n:]; !s.pause(r.Context(), f.latency(s.ids.seed)) {
			return
		}
	}
}

// linksLive is how long Meta keeps what it fetched from an address (Meta's media page).
const linksLive = 10 * time.Minute

// linkCache remembers what became of links.
type linkCache struct {
	mu   sync.Mutex
	seen map[string]fetchedLink
}

type fetchedLink struct {
	at   time.Time
	mime string
	size int64
	err  error
}

// fetchLinks gets the files that a send names by address, and says why the message will fail.
func (s *Simulator) fetchLinks(req *sendRequest, k *Knobs) *StatusError {
	if k.Rules.Links != LinksFetched {
		return nil
	}
	for _, link := range req.links {
		got := s.fetchLink(link.address)
		if got.err == nil {
			if why := misfit(link.kind, &mediaItem{mime: got.mime}, false); why != "" {
				got.err = errors.New(why)
			}
		}
		if got.err != nil {
			return newStatusError(131053, "Downloading media from weblink failed: "+got.err.Error())
		}
	}
	return nil
}

func (s *Simulator) fetchLink(address string) fetchedLink {
	now := s.clock.time()
	s.links.mu.Lock()
	cached, ok := s.links.seen[address]
	s.links.mu.Unlock()
	if ok && now.Sub(cached.at) < linksLive {
		return cached
	}
	got := s.getLink(address)
	got.at = now
	s.links.mu.Lock()
	defer s.links.mu.Unlock()
	if s.links.seen == nil || len(s.links.seen) > 1000 {
		s.links.seen = map[string]fetchedLink{}
	}
	s.links.seen[address] = got
	return got
}

// getLink fetches from this machine only: the simulator is not there to call strangers.
func (s *Simulator) getLink(address string) (got fetchedLink) {
	u, err := url.Parse(address)
	if err != nil || !isLoopback(u.Hostname()) {
		return fetchedLink{err: errors.New("the simulator fetches from this machine only")}
	}
	req, err := http.NewRequestWithContext(s.ctx, http.MethodGet, address, nil)
	if err != nil {
		return fetchedLink{err: err}
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return fetchedLink{err: errors.New("no answer")}
	}
	defer func() { _ = resp.Body.Close() }()
	got.mime, _, _ = strings.Cut(resp.Header.Get("Content-Type"), ";")
	got.size, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 100e6+1))
	switch limit, known := outboundMedia[got.mime]; {
	case err != nil:
		got.err = errors.New("the answer broke off")
	case resp.StatusCode != http.StatusOK:
		got.err = fmt.Errorf("HTTP code %d", resp.StatusCode)
	case !known:
		got.err = errors.New("unsupported type " + strconv.Quote(got.mime))
	case got.size > limit:
		got.err = errors.New("the file is too large")
	}
	return got
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
